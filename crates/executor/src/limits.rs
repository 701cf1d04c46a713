//! Bounds on a run, so that no program runs for ever or eats the machine.

use std::fmt;
use std::time::Duration;

use crate::time::SimTime;

/// How much a run may do before it ends with [`Ending::LimitReached`](crate::Ending::LimitReached) or
/// [`Ending::Livelock`](crate::Ending::Livelock).
///
/// ```
/// use timeskip_executor::{Ending, Limits, Simulation};
/// let limits = Limits { turns_at_one_instant: 100, ..Limits::default() };
/// let run = Simulation::new().limits(limits).run(|sim| async move {
///     loop {
///         sim.yield_now().await;
///     }
/// });
/// assert!(matches!(run.ending, Ending::Livelock { .. }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What the loop runs: steps of tasks, callbacks, and timers that fire. 100 million unless changed.
    pub events: u64,
    /// Turns in a row without time moving, before it counts as a livelock. A million unless changed.
    pub turns_at_one_instant: u64,
    /// Virtual time since the start. Ten years unless changed; no run goes on for more than 2^62 - 3 nanoseconds, some 146
    /// years.
    pub time: Duration,
    /// Tasks alive at once. Ten million unless changed.
    pub tasks: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            events: 100_000_000,
            turns_at_one_instant: 1_000_000,
            time: Duration::from_secs(10 * 365 * 24 * 60 * 60),
            tasks: 10_000_000,
        }
    }
}

/// The limit that a run reached.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Ending, Limit, Limits, SimTime, Simulation};
/// let limits = Limits { time: Duration::from_secs(1), ..Limits::default() };
/// let run = Simulation::new().limits(limits).run(|sim| sim.sleep(Duration::from_secs(2)));
/// let limit = Limit::Time(limits.time);
/// assert_eq!(limit.to_string(), "1.000 s of virtual time");
/// assert_eq!(run.ending, Ending::LimitReached { at: SimTime::ZERO, limit });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::events`].
    Events(u64),
    /// [`Limits::time`].
    Time(Duration),
    /// [`Limits::tasks`].
    Tasks(usize),
    /// Bytes of the program's own values, counted by an upper layer.
    Memory(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Events(events) => write!(formatter, "{events} events"),
            Limit::Time(time) => {
                write!(formatter, "{} s of virtual time", SimTime::from_nanos(saturating(time.as_nanos())))
            }
            Limit::Tasks(tasks) => write!(formatter, "{tasks} tasks at once"),
            Limit::Memory(bytes) => write!(formatter, "{bytes} bytes of the program's own values"),
        }
    }
}

fn saturating(nanos: u128) -> u64 {
    u64::try_from(nanos).unwrap_or(u64::MAX)
}
