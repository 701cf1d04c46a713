//! A condition whose lock is held.

use std::cell::Cell;

use super::condition::Condition;

/// Holds a condition's lock until it is dropped; made by [`Condition::hold`].
///
/// ```
/// use timeskip_executor::{Simulation, sync::Condition};
/// let run = Simulation::new().run(|sim| async move {
///     let change = Condition::new(&sim, "change");
///     drop(change.hold().await);
///     change.locked()
/// });
/// assert_eq!(run.output, Some(false));
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct ConditionGuard {
    condition: Condition,
    /// Not while it waits.
    holds: Cell<bool>,
}

impl ConditionGuard {
    pub(super) fn new(condition: Condition) -> ConditionGuard {
        ConditionGuard { condition, holds: Cell::new(true) }
    }

    /// Gives the lock back, waits for a notification and takes the lock again.
    ///
    /// Dropping the future before it completes leaves the guard without the lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let same = change.clone();
    ///     let waiter = sim.spawn(async move {
    ///         same.hold().await.wait().await;
    ///         "told"
    ///     });
    ///     sim.yield_now().await;
    ///     change.hold().await.notify(1);
    ///     waiter.await
    /// });
    /// assert_eq!(run.output, Some(Ok("told")));
    /// ```
    pub async fn wait(&mut self) {
        if !self.condition.locked() {
            // It was released over the guard's head.
            self.condition.acquire().await;
        }
        self.holds.set(false);
        let _ = self.condition.release();
        self.condition.wait_released(&self.holds).await;
    }

    /// Waits until `predicate` holds, which is asked before the first wait and after each one, with the lock held.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let mut asked = 0;
    ///     let mut guard = change.hold().await;
    ///     guard.wait_for(|| { asked += 1; true }).await;
    ///     asked
    /// });
    /// assert_eq!(run.output, Some(1), "it held already: no wait");
    /// ```
    pub async fn wait_for(&mut self, mut predicate: impl FnMut() -> bool) {
        while !predicate() {
            self.wait().await;
        }
    }

    /// Notifies so many of the waiters, first come first served. They go on when they have the lock.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Condition};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let change = Condition::new(&sim, "change");
    ///     let same = change.clone();
    ///     let waiter = sim.spawn(async move { same.hold().await.wait().await });
    ///     sim.yield_now().await;
    ///     change.hold().await.notify(1);
    ///     waiter.await
    /// });
    /// assert_eq!(run.output, Some(Ok(())));
    /// ```
    pub fn notify(&self, count: usize) {
        self.condition.notify_now(count);
    }

    /// Notifies all waiters.
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
    ///     change.hold().await.notify_all();
    ///     sim.gather(waiters).await.is_ok()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn notify_all(&self) {
        self.condition.notify_now(self.condition.waiters());
    }
}

impl Drop for ConditionGuard {
    fn drop(&mut self) {
        if self.holds.get() {
            let _ = self.condition.release();
        }
    }
}
