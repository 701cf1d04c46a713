//! `asyncio.Semaphore` and `asyncio.BoundedSemaphore`: a number of tasks at a time.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::line::{Left, Line, Place, Standing};
use crate::core::Core;
use crate::event::{Action, Event, Operation};
use crate::resource::{Reported, Resource};
use crate::sim::Sim;
use crate::task::TaskId;
use crate::time::SimTime;

/// A counter of permits, as `asyncio.Semaphore`. Cloning it gives another handle on the same semaphore.
///
/// Who came first gets a permit first, and nobody overtakes. A release hands its permit to the one whom it wakes, who
/// gives it back when a cancel comes before its step. Any task may release, also one that never acquired.
///
/// ```
/// use timeskip_executor::{Simulation, sync::Semaphore};
/// let run = Simulation::new().run(|sim| async move {
///     let pool = Semaphore::new(&sim, "pool", 2);
///     pool.acquire().await;
///     let _second = pool.hold().await;
///     let locked = pool.locked();
///     pool.release();
///     (locked, pool.value())
/// });
/// assert_eq!(run.output, Some((true, 1)));
/// ```
#[derive(Clone)]
pub struct Semaphore {
    shared: Rc<Shared>,
}

struct Shared {
    resource: Resource,
    value: Cell<u64>,
    /// The tasks that took permits and did not give them back: how many, and since when.
    holders: RefCell<BTreeMap<TaskId, (u64, SimTime)>>,
    line: Line,
}

impl Semaphore {
    /// A semaphore with so many permits, and its name.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Semaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Semaphore::new(&sim, "pool", 3).value()
    /// });
    /// assert_eq!(run.output, Some(3));
    /// ```
    pub fn new(sim: &Sim, name: &str, permits: u64) -> Semaphore {
        let shared = Rc::new(Shared {
            resource: Resource::new(sim.core(), name),
            value: Cell::new(permits),
            holders: RefCell::default(),
            line: Line::default(),
        });
        shared.resource.reported_by(Rc::downgrade(&shared) as _);
        Semaphore { shared }
    }

    /// How many permits are left. Those on their way to woken tasks do not count.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Semaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = Semaphore::new(&sim, "pool", 3);
    ///     pool.acquire().await;
    ///     pool.value()
    /// });
    /// assert_eq!(run.output, Some(2));
    /// ```
    pub fn value(&self) -> u64 {
        self.shared.value.get()
    }

    /// Whether `acquire` would wait.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Semaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = Semaphore::new(&sim, "pool", 1);
    ///     let before = pool.locked();
    ///     pool.acquire().await;
    ///     (before, pool.locked())
    /// });
    /// assert_eq!(run.output, Some((false, true)));
    /// ```
    pub fn locked(&self) -> bool {
        self.shared.locked()
    }

    /// How many tasks stand in line for it, woken ones that had no step yet among them.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Semaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = Semaphore::new(&sim, "pool", 0);
    ///     sim.spawn(pool.acquire());
    ///     sim.yield_now().await;
    ///     pool.waiters()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn waiters(&self) -> usize {
        self.shared.line.len()
    }

    /// Takes a permit, waiting until there is one. What is taken so is given back by [`release`](Semaphore::release).
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Semaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = Semaphore::new(&sim, "pool", 1);
    ///     pool.acquire().await;
    ///     let second = sim.spawn(pool.acquire());
    ///     sim.yield_now().await;
    ///     let waited = !second.done();
    ///     pool.release();
    ///     (waited, second.await)
    /// });
    /// assert_eq!(run.output, Some((true, Ok(()))));
    /// ```
    pub fn acquire(&self) -> AcquirePermit {
        AcquirePermit { shared: Rc::clone(&self.shared), place: Place::default() }
    }

    /// Takes a permit, waiting until there is one, and gives it back when it is dropped.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Semaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = Semaphore::new(&sim, "pool", 1);
    ///     let permit = pool.hold().await;
    ///     let left = pool.value();
    ///     drop(permit);
    ///     (left, pool.value())
    /// });
    /// assert_eq!(run.output, Some((0, 1)));
    /// ```
    pub async fn hold(&self) -> Permit {
        self.acquire().await;
        Permit { semaphore: self.clone() }
    }

    /// Adds a permit and hands it to the first in line.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Semaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = Semaphore::new(&sim, "pool", 1);
    ///     pool.release(); // nobody had acquired: it grows
    ///     pool.value()
    /// });
    /// assert_eq!(run.output, Some(2));
    /// ```
    pub fn release(&self) {
        let shared = &self.shared;
        shared.value.set(shared.value.get().saturating_add(1));
        shared.forget_holder();
        shared.did(Action::Released);
        shared.wake_next();
    }
}

impl Shared {
    fn core(&self) -> &Rc<Core> {
        &self.resource.core
    }

    fn did(&self, action: Action) {
        self.core().emit(|| Event::Did { resource: self.resource.id, action });
    }

    fn locked(&self) -> bool {
        self.value.get() == 0 || self.line.has_live(self.core())
    }

    /// Hands a permit to the first in line; false where nobody waits.
    fn wake_next(&self) -> bool {
        let woken = self.line.wake_next(self.core());
        if woken {
            self.value.set(self.value.get().saturating_sub(1));
        }
        woken
    }

    /// Permits that came while nobody could be woken for them go to those who came since.
    fn hand_out(&self) {
        while self.value.get() > 0 && self.wake_next() {}
    }

    fn remember_holder(&self) {
        let core = self.core();
        if let Some(task) = core.current() {
            self.holders.borrow_mut().entry(task).or_insert((0, core.now.get())).0 += 1;
        }
    }

    /// One permit less is held: by the running task, else by any.
    fn forget_holder(&self) {
        let mut holders = self.holders.borrow_mut();
        let current = self.core().current().filter(|task| holders.contains_key(task));
        let Some(task) = current.or_else(|| holders.keys().next().copied()) else { return };
        if let Some(held) = holders.get_mut(&task) {
            held.0 -= 1;
            if held.0 == 0 {
                holders.remove(&task);
            }
        }
    }
}

impl Reported for Shared {
    fn holders(&self) -> Vec<(TaskId, SimTime)> {
        self.holders.borrow().iter().map(|(&task, &(_, since))| (task, since)).collect()
    }
}

/// Takes a permit; made by [`Semaphore::acquire`] and [`BoundedSemaphore::acquire`](super::BoundedSemaphore::acquire).
///
/// Dropped before it is done, it takes no permit.
///
/// ```
/// use timeskip_executor::{Simulation, sync::Semaphore};
/// let run = Simulation::new().run(|sim| async move {
///     let pool = Semaphore::new(&sim, "pool", 0);
///     let waiting = sim.spawn(pool.acquire());
///     sim.yield_now().await;
///     waiting.cancel();
///     pool.release();
///     (waiting.await.is_err(), pool.value())
/// });
/// assert_eq!(run.output, Some((true, 1)));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct AcquirePermit {
    shared: Rc<Shared>,
    place: Place,
}

impl AcquirePermit {
    fn give_up(&mut self) {
        let shared = &self.shared;
        match self.place.leave(&shared.line, shared.core()) {
            Some(Left::Woken) => shared.value.set(shared.value.get().saturating_add(1)),
            Some(Left::Waiting) => {}
            None => return,
        }
        shared.hand_out();
    }
}

impl Future for AcquirePermit {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let standing = this.place.standing(&this.shared.line, this.shared.core(), context);
        match standing {
            Standing::Waits => return Poll::Pending,
            Standing::Lost => this.give_up(),
            Standing::Woken | Standing::Outside => {}
        }
        let shared = &*this.shared;
        if standing == Standing::Woken {
            // Its permit was taken off the value when it was woken.
            shared.hand_out();
        } else if shared.locked() {
            this.place.enter(&shared.line, shared.core(), (shared.resource.id, Operation::Acquire), context);
            return Poll::Pending;
        } else {
            shared.value.set(shared.value.get() - 1);
        }
        shared.remember_holder();
        shared.did(Action::Acquired);
        Poll::Ready(())
    }
}

impl Drop for AcquirePermit {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// A permit of a [`Semaphore`], given back when it is dropped; made by [`Semaphore::hold`].
///
/// ```
/// use timeskip_executor::{Simulation, sync::Semaphore};
/// let run = Simulation::new().run(|sim| async move {
///     let pool = Semaphore::new(&sim, "pool", 1);
///     drop(pool.hold().await);
///     pool.value()
/// });
/// assert_eq!(run.output, Some(1));
/// ```
#[must_use = "the permit is given back when it is dropped"]
pub struct Permit {
    semaphore: Semaphore,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.semaphore.release();
    }
}
