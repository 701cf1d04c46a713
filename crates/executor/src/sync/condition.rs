//! `asyncio.Condition`: waiting, with a lock, for something that another task says has come.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::Visibility;
use super::condition_guard::ConditionGuard;
use super::line::{Line, Place, Standing};
use super::lock::{Acquire, Lock, LockNotAcquired};
use crate::core::Core;
use crate::event::{Action, Event, Operation};
use crate::resource::Resource;
use crate::sim::Sim;

/// A condition of a lock, as `asyncio.Condition`. Cloning it gives another handle on the same condition.
///
/// A wait gives the lock back, waits for a notification, and takes the lock again before it returns, also when it is
/// cancelled: the cancel goes on when the lock is held. The waiter that was cancelled then notifies the next one, for
/// whom its own notification may have been.
///
/// ```
/// use std::{cell::Cell, rc::Rc};
/// use timeskip_executor::{Simulation, sync::Condition};
/// let run = Simulation::new().run(|sim| async move {
///     let (stock, arrival) = (Rc::new(Cell::new(0)), Condition::new(&sim, "arrival"));
///     let buyer = sim.spawn({
///         let (stock, arrival) = (stock.clone(), arrival.clone());
///         async move {
///             let mut guard = arrival.hold().await;
///             guard.wait_for(|| stock.get() > 0).await;
///             stock.get()
///         }
///     });
///     sim.yield_now().await;
///     stock.set(3);
///     arrival.hold().await.notify(1);
///     buyer.await
/// });
/// assert_eq!(run.output, Some(Ok(3)));
/// ```
#[derive(Clone)]
pub struct Condition {
    shared: Rc<Shared>,
}

struct Shared {
    resource: Resource,
    lock: Lock,
    line: Line,
}

/// A condition was used by calls while nobody held its lock.
///
/// ```
/// use timeskip_executor::{Simulation, sync::{Condition, LockNotHeld}};
/// let run = Simulation::new().run(|sim| async move {
///     let change = Condition::new(&sim, "change");
///     (change.wait().await, change.notify(1))
/// });
/// assert_eq!(run.output, Some((Err(LockNotHeld::Wait), Err(LockNotHeld::Notify))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockNotHeld {
    /// Waiting.
    Wait,
    /// Notifying.
    Notify,
}

impl fmt::Display for LockNotHeld {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            LockNotHeld::Wait => "cannot wait on un-acquired lock",
            LockNotHeld::Notify => "cannot notify on un-acquired lock",
        })
    }
}

impl std::error::Error for LockNotHeld {}

impl Condition {
    /// A condition with a lock of its own, and the name of both.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     (change.locked(), change.waiters())
    /// });
    /// assert_eq!(run.output, Some((false, 0)));
    /// ```
    pub fn new(sim: &Sim, name: &str) -> Condition {
        Condition::with_lock(sim, name, &Lock::new(sim, name))
    }

    /// A condition of a lock that others use, too: several conditions may share one.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::{Condition, Lock}};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let lock = Lock::new(&sim, "lock");
    ///     let full = Condition::with_lock(&sim, "full", &lock);
    ///     let _held = lock.hold().await;
    ///     full.locked()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn with_lock(sim: &Sim, name: &str, lock: &Lock) -> Condition {
        let (resource, lock) = (Resource::new(sim.core(), name), lock.clone());
        Condition { shared: Rc::new(Shared { resource, lock, line: Line::default() }) }
    }

    /// The condition within a barrier.
    pub(super) fn inner(sim: &Sim, name: &str) -> Condition {
        Condition::with_lock(sim, name, &Lock::inner(sim, name, Operation::Wait))
    }

    fn core(&self) -> &Rc<Core> {
        &self.shared.resource.core
    }

    /// Its lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let _guard = change.lock().hold().await;
    ///     change.locked()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn lock(&self) -> &Lock {
        &self.shared.lock
    }

    /// Whether somebody holds its lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let guard = change.hold().await;
    ///     let held = change.locked();
    ///     drop(guard);
    ///     (held, change.locked())
    /// });
    /// assert_eq!(run.output, Some((true, false)));
    /// ```
    pub fn locked(&self) -> bool {
        self.lock().locked()
    }

    /// How many tasks stand in line for a notification, notified ones that had no step yet among them.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let same = change.clone();
    ///     sim.spawn(async move { same.hold().await.wait().await });
    ///     sim.yield_now().await;
    ///     change.waiters()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn waiters(&self) -> usize {
        self.shared.line.len()
    }

    /// Takes its lock, waiting until that is free.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     change.acquire().await;
    ///     (change.locked(), change.release())
    /// });
    /// assert_eq!(run.output, Some((true, Ok(()))));
    /// ```
    pub fn acquire(&self) -> Acquire {
        self.lock().acquire()
    }

    /// Gives its lock back.
    ///
    /// # Errors
    /// [`LockNotAcquired`] when nobody holds it.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::{Condition, LockNotAcquired}};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     change.acquire().await;
    ///     (change.release(), change.release())
    /// });
    /// assert_eq!(run.output, Some((Ok(()), Err(LockNotAcquired))));
    /// ```
    pub fn release(&self) -> Result<(), LockNotAcquired> {
        self.lock().release()
    }

    /// Takes its lock, waiting until that is free; the guard waits and notifies, and gives the lock back when it is
    /// dropped.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let guard = change.hold().await;
    ///     guard.notify(1); // nobody waits: without effect
    ///     change.locked()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub async fn hold(&self) -> ConditionGuard {
        self.acquire().await;
        ConditionGuard::new(self.clone())
    }

    /// Gives the lock back, waits for a notification and takes the lock again.
    ///
    /// # Errors
    /// [`LockNotHeld`] when nobody holds the lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let same = change.clone();
    ///     let waiter = sim.spawn(async move {
    ///         same.acquire().await;
    ///         same.wait().await?;
    ///         let held = same.locked();
    ///         same.release().map(|()| held).map_err(|_| timeskip_executor::sync::LockNotHeld::Wait)
    ///     });
    ///     sim.yield_now().await;
    ///     change.hold().await.notify(1);
    ///     waiter.await
    /// });
    /// assert_eq!(run.output, Some(Ok(Ok(true))));
    /// ```
    pub async fn wait(&self) -> Result<(), LockNotHeld> {
        self.release().map_err(|LockNotAcquired| LockNotHeld::Wait)?;
        self.wait_released(&Cell::new(false)).await;
        Ok(())
    }

    /// The wait after the release; tells when the lock is held again, which a cancel may keep from being returned.
    pub(super) async fn wait_released(&self, holds: &Cell<bool>) {
        let passing_on = PassingOn { condition: Some(self) };
        let sim = Sim::new(Rc::clone(self.core()));
        let mut cancelled = sim.catch_cancel(self.notified()).await.err();
        while let Err(again) = sim.catch_cancel(self.acquire()).await {
            // As in Python, where the later exception takes the place of the earlier one.
            cancelled = Some(again);
        }
        holds.set(true);
        let Some(cancelled) = cancelled else { return passing_on.disarm() };
        drop(passing_on);
        sim.reraise_cancel(cancelled).await;
    }

    /// Waits until `predicate` holds, which is asked before the first wait and after each one, with the lock held.
    ///
    /// # Errors
    /// [`LockNotHeld`] when it does not hold yet, and nobody holds the lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::{Condition, LockNotHeld}};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     (change.wait_for(|| true).await, change.wait_for(|| false).await)
    /// });
    /// assert_eq!(run.output, Some((Ok(()), Err(LockNotHeld::Wait))), "nobody held the lock");
    /// ```
    pub async fn wait_for(&self, mut predicate: impl FnMut() -> bool) -> Result<(), LockNotHeld> {
        while !predicate() {
            self.wait().await?;
        }
        Ok(())
    }

    /// Notifies so many of the waiters, first come first served. They go on when they have the lock.
    ///
    /// # Errors
    /// [`LockNotHeld`] when nobody holds the lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let waiters = [0, 1].map(|_| {
    ///         let same = change.clone();
    ///         sim.spawn(async move { same.hold().await.wait().await })
    ///     });
    ///     sim.yield_now().await;
    ///     change.acquire().await;
    ///     (change.notify(1), change.release()).0.expect("main held the lock");
    ///     sim.yield_now().await;
    ///     sim.yield_now().await;
    ///     waiters.map(|waiter| waiter.done())
    /// });
    /// assert_eq!(run.output, Some([true, false]));
    /// ```
    pub fn notify(&self, count: usize) -> Result<(), LockNotHeld> {
        if !self.locked() {
            return Err(LockNotHeld::Notify);
        }
        self.notify_now(count);
        Ok(())
    }

    /// Notifies all waiters.
    ///
    /// # Errors
    /// [`LockNotHeld`] when nobody holds the lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let waiters = [0, 1].map(|_| {
    ///         let same = change.clone();
    ///         sim.spawn(async move { same.hold().await.wait().await })
    ///     });
    ///     sim.yield_now().await;
    ///     change.acquire().await;
    ///     let told = change.notify_all().and(Ok(change.release().is_ok()));
    ///     (sim.gather(waiters).await.is_ok(), told)
    /// });
    /// assert_eq!(run.output, Some((true, Ok(true))));
    /// ```
    pub fn notify_all(&self) -> Result<(), LockNotHeld> {
        self.notify(self.waiters())
    }

    pub(super) fn notify_now(&self, count: usize) {
        if self.lock().visibility() == Visibility::Shown {
            self.core().emit(|| Event::Did { resource: self.shared.resource.id, action: Action::Notified });
        }
        self.wake(count);
    }

    fn wake(&self, count: usize) {
        for _ in 0..count {
            if !self.shared.line.wake_next(self.core()) {
                return;
            }
        }
    }

    pub(super) fn wake_all(&self) {
        self.wake(self.waiters());
    }

    fn notified(&self) -> Notified<'_> {
        Notified { shared: &self.shared, place: Place::default() }
    }
}

/// A waiter that does not return from its wait notifies the next one: its own notification may be lost with it.
struct PassingOn<'condition> {
    condition: Option<&'condition Condition>,
}

impl PassingOn<'_> {
    fn disarm(mut self) {
        self.condition = None;
    }
}

impl Drop for PassingOn<'_> {
    fn drop(&mut self) {
        if let Some(condition) = self.condition {
            condition.wake(1);
        }
    }
}

/// Waits for a notification.
struct Notified<'condition> {
    shared: &'condition Shared,
    place: Place,
}

impl Notified<'_> {
    fn give_up(&mut self) {
        self.place.leave(&self.shared.line, &self.shared.resource.core);
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let (shared, core) = (this.shared, &this.shared.resource.core);
        match this.place.standing(&shared.line, core, context) {
            Standing::Waits => return Poll::Pending,
            Standing::Woken => {
                core.emit(|| Event::Resumed);
                return Poll::Ready(());
            }
            Standing::Lost => this.give_up(),
            Standing::Outside => {}
        }
        this.place.enter(&shared.line, core, (shared.resource.id, Operation::Wait), context);
        Poll::Pending
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        self.give_up();
    }
}
