//! asyncio's primitives for synchronization: [`Lock`], [`Semaphore`], [`BoundedSemaphore`], [`Event`], [`Condition`] and
//! [`Barrier`], with the order of CPython 3.13 (Lib/asyncio/locks.py).
//!
//! Each has a name, for traces and for the report of a deadlock, which also says who holds it. Cloning one gives another
//! handle on the same primitive. Each can be used in two ways: by guards, which release when they are dropped, and by the
//! calls that asyncio has, which misuse makes fail with a typed error.
//!
//! ```
//! use std::time::Duration;
//! use timeskip_executor::{Simulation, sync::Lock};
//! let run = Simulation::new().run(|sim| async move {
//!     let printer = Lock::new(&sim, "printer");
//!     let jobs = [2, 1].map(|seconds| {
//!         let (sim, printer) = (sim.clone(), printer.clone());
//!         sim.clone().spawn(async move {
//!             let _held = printer.hold().await;
//!             sim.sleep(Duration::from_secs(seconds)).await;
//!             sim.now().as_secs_f64()
//!         })
//!     });
//!     sim.gather(jobs).await.ok()
//! });
//! assert_eq!(run.output, Some(Some(vec![2.0, 3.0])));
//! ```

mod barrier;
mod bounded_semaphore;
mod condition;
mod condition_guard;
mod event;
mod line;
mod lock;
mod semaphore;

pub use barrier::{Barrier, BrokenBarrier};
pub use bounded_semaphore::{BoundedPermit, BoundedSemaphore, ReleasedTooOften};
pub use condition::{Condition, LockNotHeld};
pub use condition_guard::ConditionGuard;
pub use event::{Event, EventWait};
pub use lock::{Acquire, Lock, LockGuard, LockNotAcquired};
pub use semaphore::{AcquirePermit, Permit, Semaphore};

/// Whether what happens to a primitive is shown in traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visibility {
    /// It is.
    Shown,
    /// It is a part of another primitive, whose waits and wake-ups are enough.
    Inner,
}
