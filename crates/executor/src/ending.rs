//! How a run ends: always with one of these, never by hanging.

use std::fmt;

use crate::limits::Limit;
use crate::time::SimTime;

/// The typed ending of a run.
///
/// After every ending but [`Finished`](Ending::Finished) and a main task that failed of its own, nothing of the program
/// runs any more.
///
/// ```
/// use timeskip_executor::{Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::<u32>::unbounded(&sim, "orders");
///     orders.get().await;
/// });
/// assert_eq!(
///     run.ending.to_string(),
///     "deadlock at 0.000 s: nothing can ever happen again\n  \
///      main waits for orders.get() since 0.000 s\n  nobody is left who could wake it",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Main returned, and what was left was cancelled and ran to its end.
    Finished {
        /// When.
        at: SimTime,
    },
    /// Main failed, or a task panicked.
    Failed {
        /// When.
        at: SimTime,
        /// The task's path.
        task: String,
        /// With what.
        reason: String,
        /// At which line of the scenario, where there is one.
        line: Option<u32>,
    },
    /// Nothing is ready, no timer is left, and main has not ended: asyncio would hang here.
    Deadlock {
        /// When.
        at: SimTime,
        /// Every task that still waits, in order of creation.
        blocked: Vec<Blocked>,
        /// Tasks that wait for one another in a circle, where there is one.
        cycle: Vec<String>,
    },
    /// Time stands still although tasks run.
    Livelock {
        /// When.
        at: SimTime,
        /// How many turns without time moving.
        turns: u64,
        /// The tasks that kept running.
        tasks: Vec<String>,
    },
    /// One step of a task goes on and on: a livelock as well, which is noticed by who interprets steps and counts what they
    /// do ([`Sim::halt`](crate::Sim::halt)).
    EndlessStep {
        /// When.
        at: SimTime,
        /// The task's path.
        task: String,
    },
    /// A limit was reached.
    LimitReached {
        /// When.
        at: SimTime,
        /// Which.
        limit: Limit,
    },
}

/// A task that waits when nothing can happen any more.
///
/// ```
/// use timeskip_executor::{Ending, Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     Queue::<u32>::unbounded(&sim, "orders").get().await
/// });
/// let Ending::Deadlock { blocked, .. } = run.ending else { panic!("nobody puts") };
/// assert_eq!((blocked[0].task.as_str(), blocked[0].on.as_str()), ("main", "orders.get()"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Its path.
    pub task: String,
    /// What it waits for: `orders.get()`, `task main/first-0`.
    pub on: String,
    /// Since when.
    pub since: SimTime,
    /// Who holds that, where it is a lock or the like.
    pub holders: Vec<Holder>,
}

/// A task that holds a lock, or permits of a semaphore, when nothing can happen any more.
///
/// ```
/// use timeskip_executor::{Ending, Simulation, sync::Lock};
/// let run = Simulation::new().run(|sim| async move {
///     let lock = Lock::new(&sim, "lock");
///     lock.acquire().await;
///     lock.acquire().await;
/// });
/// let Ending::Deadlock { blocked, .. } = run.ending else { panic!("it is not reentrant") };
/// let holder = &blocked[0].holders[0];
/// assert_eq!((holder.task.as_str(), holder.has_ended), ("main", false));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its path.
    pub task: String,
    /// Since when.
    pub since: SimTime,
    /// Whether it has ended and never gave it back.
    pub has_ended: bool,
}

impl Ending {
    /// When the run ended.
    ///
    /// ```
    /// use timeskip_executor::{SimTime, Simulation};
    /// let nap = std::time::Duration::from_secs(13);
    /// let run = Simulation::new().run(|sim| sim.sleep(nap));
    /// assert_eq!(run.ending.at(), SimTime::after_start(nap));
    /// ```
    pub fn at(&self) -> SimTime {
        match self {
            Ending::Finished { at }
            | Ending::Failed { at, .. }
            | Ending::Deadlock { at, .. }
            | Ending::Livelock { at, .. }
            | Ending::EndlessStep { at, .. }
            | Ending::LimitReached { at, .. } => *at,
        }
    }

    /// One word for the kind: `finished`, `failed`, `deadlock`, `livelock` or `limit`.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// assert_eq!(Simulation::new().run(|_| async {}).ending.kind(), "finished");
    /// ```
    pub fn kind(&self) -> &'static str {
        match self {
            Ending::Finished { .. } => "finished",
            Ending::Failed { .. } => "failed",
            Ending::Deadlock { .. } => "deadlock",
            Ending::Livelock { .. } | Ending::EndlessStep { .. } => "livelock",
            Ending::LimitReached { .. } => "limit",
        }
    }

    /// The first line of the ending's text: `finished at 13.000 s`.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|_| std::future::pending::<()>());
    /// assert_eq!(run.ending.headline(), "deadlock at 0.000 s: nothing can ever happen again");
    /// assert!(run.ending.to_string().lines().count() > 1, "who waits for what comes below");
    /// ```
    pub fn headline(&self) -> String {
        let text = self.to_string();
        text.lines().next().unwrap_or_default().to_owned()
    }
}

/// How many blocked tasks and names are listed before the rest is only counted.
const LISTED: usize = 20;

/// How many holders of one primitive are listed before the rest is only counted.
const HOLDERS_LISTED: usize = 5;

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Finished { at } => write!(formatter, "finished at {at} s"),
            Ending::Failed { at, task, reason, .. } => write!(formatter, "failed at {at} s: {task}: {reason}"),
            Ending::Deadlock { at, blocked, cycle } => {
                write!(formatter, "deadlock at {at} s: nothing can ever happen again")?;
                write_blocked(formatter, blocked)?;
                match cycle.as_slice() {
                    [] => formatter.write_str("\n  nobody is left who could wake ")?,
                    [alone] => return write!(formatter, "\n  {alone} waits for itself"),
                    [first, ..] => return write!(formatter, "\n  in a circle: {} -> {first}", cycle.join(" -> ")),
                }
                formatter.write_str(if blocked.len() == 1 { "it" } else { "them" })
            }
            Ending::EndlessStep { at, task } => {
                write!(formatter, "livelock at {at} s: {task} runs for ever without awaiting")
            }
            Ending::Livelock { at, turns, tasks } => {
                write!(formatter, "livelock at {at} s: {turns} turns without time moving; running: {}", listed(tasks))
            }
            Ending::LimitReached { at, limit } => write!(formatter, "limit reached at {at} s: {limit}"),
        }
    }
}

fn write_blocked(formatter: &mut fmt::Formatter<'_>, blocked: &[Blocked]) -> fmt::Result {
    for Blocked { task, on, since, holders } in blocked.iter().take(LISTED) {
        write!(formatter, "\n  {task} waits for {on} since {since} s")?;
        write_holders(formatter, holders)?;
    }
    if blocked.len() > LISTED {
        write!(formatter, "\n  and {} more tasks", blocked.len() - LISTED)?;
    }
    Ok(())
}

fn write_holders(formatter: &mut fmt::Formatter<'_>, holders: &[Holder]) -> fmt::Result {
    for (number, Holder { task, since, has_ended }) in holders.iter().take(HOLDERS_LISTED).enumerate() {
        let start = if number == 0 { ", held by" } else { " and" };
        let ended = if *has_ended { ", which has ended," } else { "" };
        write!(formatter, "{start} {task}{ended} since {since} s")?;
    }
    match holders.len().saturating_sub(HOLDERS_LISTED) {
        0 => Ok(()),
        more => write!(formatter, " and {more} more"),
    }
}

fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED {
        text.push_str(&format!(" and {} more", names.len() - LISTED));
    }
    text
}
