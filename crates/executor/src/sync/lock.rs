//! `asyncio.Lock`: one task at a time.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::Visibility;
use super::line::{Line, Place, Standing};
use crate::core::Core;
use crate::event::{Action, Event, Operation};
use crate::resource::{Reported, Resource};
use crate::sim::Sim;
use crate::task::TaskId;
use crate::time::SimTime;

/// A lock between tasks, as `asyncio.Lock`. Cloning it gives another handle on the same lock.
///
/// Who came first gets it first, and nobody overtakes: between a release and the step of the task that it woke, the lock
/// is free but not to be had. A woken task that is cancelled before its step wakes the next one.
///
/// ```
/// use timeskip_executor::{Simulation, sync::Lock};
/// let run = Simulation::new().run(|sim| async move {
///     let lock = Lock::new(&sim, "lock");
///     lock.acquire().await;
///     let held = lock.locked();
///     (held, lock.release(), lock.release().map_err(|error| error.to_string()))
/// });
/// assert_eq!(run.output, Some((true, Ok(()), Err("Lock is not acquired.".to_owned()))));
/// ```
#[derive(Clone)]
pub struct Lock {
    shared: Rc<Shared>,
}

struct Shared {
    resource: Resource,
    visibility: Visibility,
    /// What the report of a deadlock calls waiting for it.
    operation: Operation,
    is_locked: Cell<bool>,
    /// The task that took it, and when.
    holder: Cell<Option<(TaskId, SimTime)>>,
    line: Line,
}

/// The lock was to be released, and nobody had acquired it.
///
/// ```
/// use timeskip_executor::{Simulation, sync::{Lock, LockNotAcquired}};
/// let run = Simulation::new().run(|sim| async move {
///     Lock::new(&sim, "lock").release()
/// });
/// assert_eq!(run.output, Some(Err(LockNotAcquired)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockNotAcquired;

impl fmt::Display for LockNotAcquired {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Lock is not acquired.")
    }
}

impl std::error::Error for LockNotAcquired {}

impl Lock {
    /// A lock that nobody holds, and its name.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Lock};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Lock::new(&sim, "lock").locked()
    /// });
    /// assert_eq!(run.output, Some(false));
    /// ```
    pub fn new(sim: &Sim, name: &str) -> Lock {
        Lock::with(sim, name, Operation::Acquire, Visibility::Shown)
    }

    /// The lock within a barrier, where one waits in the barrier's name.
    pub(super) fn inner(sim: &Sim, name: &str, operation: Operation) -> Lock {
        Lock::with(sim, name, operation, Visibility::Inner)
    }

    fn with(sim: &Sim, name: &str, operation: Operation, visibility: Visibility) -> Lock {
        let shared = Rc::new(Shared {
            resource: Resource::new(sim.core(), name),
            visibility,
            operation,
            is_locked: Cell::new(false),
            holder: Cell::new(None),
            line: Line::default(),
        });
        if visibility == Visibility::Shown {
            shared.resource.reported_by(Rc::downgrade(&shared) as _);
        }
        Lock { shared }
    }

    pub(super) fn core(&self) -> &Rc<Core> {
        &self.shared.resource.core
    }

    pub(super) fn visibility(&self) -> Visibility {
        self.shared.visibility
    }

    /// Whether somebody holds it.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Lock};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let lock = Lock::new(&sim, "lock");
    ///     lock.acquire().await;
    ///     lock.locked()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn locked(&self) -> bool {
        self.shared.is_locked.get()
    }

    /// How many tasks stand in line for it, one that was woken and not had its step among them.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Lock};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let lock = Lock::new(&sim, "lock");
    ///     lock.acquire().await;
    ///     sim.spawn(lock.acquire());
    ///     sim.yield_now().await;
    ///     lock.waiters()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn waiters(&self) -> usize {
        self.shared.line.len()
    }

    /// Takes the lock, waiting until it is free. What is taken so is given back by [`release`](Lock::release).
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, sync::Lock};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let lock = Lock::new(&sim, "lock");
    ///     let (clock, same) = (sim.clone(), lock.clone());
    ///     sim.spawn(async move {
    ///         let _guard = same.hold().await;
    ///         clock.sleep(Duration::from_secs(5)).await;
    ///     });
    ///     sim.yield_now().await;
    ///     lock.acquire().await;
    ///     sim.now().as_secs_f64()
    /// });
    /// assert_eq!(run.output, Some(5.0));
    /// ```
    pub fn acquire(&self) -> Acquire {
        Acquire { shared: Rc::clone(&self.shared), place: Place::default() }
    }

    /// Takes the lock, waiting until it is free, and gives it back when the guard is dropped.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Lock};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let lock = Lock::new(&sim, "lock");
    ///     let guard = lock.hold().await;
    ///     let held = lock.locked();
    ///     drop(guard);
    ///     (held, lock.locked())
    /// });
    /// assert_eq!(run.output, Some((true, false)));
    /// ```
    pub async fn hold(&self) -> LockGuard {
        self.acquire().await;
        LockGuard { lock: self.clone() }
    }

    /// Gives the lock back; whoever stands first in line is woken. Any task may do so, as in asyncio.
    ///
    /// # Errors
    /// [`LockNotAcquired`] when nobody holds it.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::{Lock, LockNotAcquired}};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let lock = Lock::new(&sim, "lock");
    ///     lock.acquire().await;
    ///     (lock.release(), lock.release())
    /// });
    /// assert_eq!(run.output, Some((Ok(()), Err(LockNotAcquired))));
    /// ```
    pub fn release(&self) -> Result<(), LockNotAcquired> {
        let shared = &self.shared;
        if !shared.is_locked.replace(false) {
            return Err(LockNotAcquired);
        }
        shared.holder.set(None);
        if shared.visibility == Visibility::Shown {
            shared.did(Action::Released);
        }
        shared.line.wake_first(self.core());
        Ok(())
    }
}

impl Reported for Shared {
    fn holders(&self) -> Vec<(TaskId, SimTime)> {
        self.holder.get().into_iter().collect()
    }
}

impl Shared {
    /// Whether one who comes now gets it at once.
    fn is_free(&self) -> bool {
        !self.is_locked.get() && !self.line.has_live(&self.resource.core)
    }

    fn did(&self, action: Action) {
        self.resource.core.emit(|| Event::Did { resource: self.resource.id, action });
    }

    fn take(&self) {
        let core = &self.resource.core;
        self.is_locked.set(true);
        self.holder.set(core.current().map(|task| (task, core.now.get())));
    }
}

/// Takes a lock; made by [`Lock::acquire`].
///
/// Dropped before it is done, it leaves the line.
///
/// ```
/// use timeskip_executor::{Simulation, sync::Lock};
/// let run = Simulation::new().run(|sim| async move {
///     let lock = Lock::new(&sim, "lock");
///     lock.acquire().await;
///     let second = sim.spawn(lock.acquire());
///     sim.yield_now().await;
///     second.cancel();
///     (second.await.is_err(), lock.waiters())
/// });
/// assert_eq!(run.output, Some((true, 0)));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Acquire {
    shared: Rc<Shared>,
    place: Place,
}

impl Acquire {
    fn give_up(&mut self) {
        let shared = &self.shared;
        let core = &shared.resource.core;
        // Also who was not woken makes sure that the first in line is: it may have stood there itself, cancelled, when
        // the lock was released.
        if self.place.leave(&shared.line, core).is_some() && !shared.is_locked.get() {
            shared.line.wake_first(core);
        }
    }
}

impl Future for Acquire {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let standing = this.place.standing(&this.shared.line, &this.shared.resource.core, context);
        match standing {
            Standing::Waits => return Poll::Pending,
            Standing::Lost => this.give_up(),
            Standing::Woken | Standing::Outside => {}
        }
        let shared = &*this.shared;
        if standing != Standing::Woken && !shared.is_free() {
            let on = (shared.resource.id, shared.operation);
            this.place.enter(&shared.line, &shared.resource.core, on, context);
            return Poll::Pending;
        }
        shared.take();
        match (shared.visibility, standing) {
            (Visibility::Shown, _) => shared.did(Action::Acquired),
            (Visibility::Inner, Standing::Woken) => drop(shared.resource.core.emit(|| Event::Resumed)),
            (Visibility::Inner, _) => {}
        }
        Poll::Ready(())
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Holds a lock until it is dropped; made by [`Lock::hold`].
///
/// ```
/// use timeskip_executor::{Simulation, sync::Lock};
/// let run = Simulation::new().run(|sim| async move {
///     let lock = Lock::new(&sim, "lock");
///     drop(lock.hold().await);
///     lock.locked()
/// });
/// assert_eq!(run.output, Some(false));
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct LockGuard {
    lock: Lock,
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        // Whoever released it over the guard's head has done what the guard is for.
        let _ = self.lock.release();
    }
}
