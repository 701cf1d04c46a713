//! A semaphore that refuses to be released more often than it was acquired.

use std::fmt;

use super::semaphore::{AcquirePermit, Semaphore};
use crate::sim::Sim;

/// A semaphore whose value never grows beyond what it began with, as `asyncio.BoundedSemaphore`.
///
/// ```
/// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
/// let run = Simulation::new().run(|sim| async move {
///     let pool = BoundedSemaphore::new(&sim, "pool", 1);
///     pool.acquire().await;
///     (pool.release(), pool.release().map_err(|error| error.to_string()))
/// });
/// assert_eq!(run.output, Some((Ok(()), Err("BoundedSemaphore released too many times".to_owned()))));
/// ```
#[derive(Clone)]
pub struct BoundedSemaphore {
    semaphore: Semaphore,
    bound: u64,
}

/// A bounded semaphore was released more often than it was acquired.
///
/// ```
/// use timeskip_executor::{Simulation, sync::{BoundedSemaphore, ReleasedTooOften}};
/// let run = Simulation::new().run(|sim| async move {
///     BoundedSemaphore::new(&sim, "pool", 1).release()
/// });
/// assert_eq!(run.output, Some(Err(ReleasedTooOften)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleasedTooOften;

impl fmt::Display for ReleasedTooOften {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BoundedSemaphore released too many times")
    }
}

impl std::error::Error for ReleasedTooOften {}

impl BoundedSemaphore {
    /// A semaphore with so many permits, and its name.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     BoundedSemaphore::new(&sim, "pool", 3).value()
    /// });
    /// assert_eq!(run.output, Some(3));
    /// ```
    pub fn new(sim: &Sim, name: &str, permits: u64) -> BoundedSemaphore {
        BoundedSemaphore { semaphore: Semaphore::new(sim, name, permits), bound: permits }
    }

    /// How many permits are left. Those on their way to woken tasks do not count.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = BoundedSemaphore::new(&sim, "pool", 3);
    ///     pool.acquire().await;
    ///     pool.value()
    /// });
    /// assert_eq!(run.output, Some(2));
    /// ```
    pub fn value(&self) -> u64 {
        self.semaphore.value()
    }

    /// Whether `acquire` would wait.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = BoundedSemaphore::new(&sim, "pool", 1);
    ///     pool.acquire().await;
    ///     pool.locked()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn locked(&self) -> bool {
        self.semaphore.locked()
    }

    /// How many tasks stand in line for it, woken ones that had no step yet among them.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = BoundedSemaphore::new(&sim, "pool", 0);
    ///     sim.spawn(pool.acquire());
    ///     sim.yield_now().await;
    ///     pool.waiters()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn waiters(&self) -> usize {
        self.semaphore.waiters()
    }

    /// Takes a permit, waiting until there is one.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = BoundedSemaphore::new(&sim, "pool", 1);
    ///     pool.acquire().await;
    ///     pool.release()
    /// });
    /// assert_eq!(run.output, Some(Ok(())));
    /// ```
    pub fn acquire(&self) -> AcquirePermit {
        self.semaphore.acquire()
    }

    /// Takes a permit, waiting until there is one, and gives it back when it is dropped.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = BoundedSemaphore::new(&sim, "pool", 1);
    ///     let permit = pool.hold().await;
    ///     let left = pool.value();
    ///     drop(permit);
    ///     (left, pool.value())
    /// });
    /// assert_eq!(run.output, Some((0, 1)));
    /// ```
    pub async fn hold(&self) -> BoundedPermit {
        self.acquire().await;
        BoundedPermit { semaphore: self.clone() }
    }

    /// Adds a permit and hands it to the first in line.
    ///
    /// # Errors
    /// [`ReleasedTooOften`] when the value would grow beyond what it began with.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::{BoundedSemaphore, ReleasedTooOften}};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let pool = BoundedSemaphore::new(&sim, "pool", 1);
    ///     pool.acquire().await;
    ///     (pool.release(), pool.release())
    /// });
    /// assert_eq!(run.output, Some((Ok(()), Err(ReleasedTooOften))));
    /// ```
    pub fn release(&self) -> Result<(), ReleasedTooOften> {
        if self.value() >= self.bound {
            return Err(ReleasedTooOften);
        }
        self.semaphore.release();
        Ok(())
    }
}

/// A permit of a [`BoundedSemaphore`], given back when it is dropped; made by [`BoundedSemaphore::hold`].
///
/// ```
/// use timeskip_executor::{Simulation, sync::BoundedSemaphore};
/// let run = Simulation::new().run(|sim| async move {
///     let pool = BoundedSemaphore::new(&sim, "pool", 1);
///     drop(pool.hold().await);
///     pool.value()
/// });
/// assert_eq!(run.output, Some(1));
/// ```
#[must_use = "the permit is given back when it is dropped"]
pub struct BoundedPermit {
    semaphore: BoundedSemaphore,
}

impl Drop for BoundedPermit {
    fn drop(&mut self) {
        // Whoever released it over the permit's head has done what the permit is for.
        let _ = self.semaphore.release();
    }
}
