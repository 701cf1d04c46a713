//! The error of what took too long.

use std::fmt;

/// The time was over before it had happened: asyncio's `TimeoutError`.
///
/// ```
/// use std::{future::pending, time::Duration};
/// use timeskip_executor::{Delay, Elapsed, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(pending::<()>());
///     let mut completed = sim.as_completed([task]).timeout(Delay::from(Duration::from_secs(1)));
///     completed.next().expect("one task").await.err()
/// });
/// assert_eq!(run.output, Some(Some(Elapsed)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the time is over")
    }
}

impl std::error::Error for Elapsed {}
