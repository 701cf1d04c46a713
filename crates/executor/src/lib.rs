//! A deterministic executor of Rust futures with asyncio's order and a virtual clock.
//!
//! Where a task would sleep, time skips: a run takes no real time, does the same on every machine, and ends in one of
//! a few typed endings instead of hanging.
//!
//! # The law of order
//!
//! 1. A *turn* runs, in order, the entries that were ready when it began; what they make ready runs in the next turn.
//!    An entry is one step of a task or one callback (a program's own, of a timer, a gather, the run's end); each takes
//!    its own place.
//! 2. Before each turn: if nothing is ready, time moves exactly to the earliest deadline. Then every timer that is due
//!    is appended behind what is ready, by deadline, and equal deadlines by the [`TieRule`].
//! 3. A timer's callback completes what waits for it; the task that this wakes steps in the following turn.
//! 4. A step may consume virtual time ([`Sim::block`]). Nobody runs meanwhile. Tasks ready in the same turn run first,
//!    at the later time; timers that became due join at the start of the next turn.
//! 5. Nothing else decides: no hash order, no address, no wall clock, no thread, no environment. Watching a run
//!    ([`Observer`]) never changes it.
//! 6. Where asyncio goes through a set of tasks, whose order there is by memory address, the order is the one given,
//!    else the order of creation.
//! 7. Cancelling a task that awaits a task or a gather cancels what it awaits, innermost first; each level wakes a
//!    turn after the one below it ended. A deadline in the past keeps its value for order under
//!    [`TieRule::Heapq`], else counts as now.
//! 8. A run ends when main ends. What is left is then cancelled in order of creation and runs to its end, as
//!    `asyncio.run` does.
//!
//! The reference for everything else is CPython 3.13's asyncio.
//!
//! # Example
//!
//! ```
//! use std::time::Duration;
//! use timeskip_executor::{Queue, Simulation};
//!
//! let run = Simulation::new().run(|sim| async move {
//!     let letters = Queue::unbounded(&sim, "letters");
//!     let (writer, outbox) = (sim.clone(), letters.clone());
//!     sim.spawn_named("writer", async move {
//!         writer.sleep(Duration::from_secs(86_400)).await;
//!         outbox.put("a day later").await;
//!     });
//!     letters.get().await
//! });
//! assert_eq!(run.output, Some("a day later"));
//! assert_eq!(run.ending.to_string(), "finished at 86400.000 s");
//! ```

mod callback;
mod cancel;
mod cancel_count;
mod cancel_message;
mod chunks;
mod completed;
mod core;
mod deadlock;
mod delay;
mod done_callback;
mod elapsed;
mod ending;
mod entry;
mod event;
mod future;
mod gather;
mod group;
mod hooks;
mod join;
mod limits;
mod names;
mod queue;
#[cfg_attr(feature = "safe", path = "safe/mod.rs")]
mod raw;
mod ready;
mod removed;
mod reraise;
mod resource;
mod rng;
mod running;
mod shield;
mod sim;
mod simulation;
mod slab;
mod sleep;
mod sleep_stage;
mod slot;
mod step;
pub mod sync;
mod task;
mod tasks;
mod time;
mod timeout;
mod timers;
mod turns;
mod wait;
mod wait_for;
mod wait_tasks;
mod wait_word;
mod waiters;
mod watchers;
mod woken;

pub use callback::{CallHandle, Callback};
pub use cancel::{Cancelled, CatchCancel};
pub use completed::{AsCompleted, AsCompletedInTime, NextCompleted, NextInTime};
pub use delay::{Delay, InvalidDelay};
pub use done_callback::DoneCallback;
pub use elapsed::Elapsed;
pub use ending::{Blocked, Ending, Holder};
pub use event::{
    Action, Cause, Event, EventId, GatherId, GroupId, Observer, Operation, ResourceId, Status, WaitId, Waiting,
};
pub use future::{FutureHandle, InvalidState};
pub use gather::{Gather, GatherAll, GatherError};
pub use group::{BodyEnd, ExceptionGroup, GroupClosed, GroupEnd, GroupExit, TaskGroup, Verdict};
pub use join::{Join, JoinHandle};
pub use limits::{Limit, Limits};
pub use queue::{
    Fifo, Get, GetError, GetUntilShutdown, Heap, Item, Lifo, Priority, Put, PutError, PutUntilShutdown, Queue,
    QueueJoin, QueueShutDown, Shutdown, Store, TaskDoneTooOften,
};
pub use reraise::ReraiseCancel;
pub use rng::{EmptyRange, Rng};
pub use shield::Shield;
pub use sim::Sim;
pub use simulation::{Run, Simulation};
pub use sleep::{Sleep, YieldNow};
pub use task::TaskId;
pub use time::SimTime;
pub use timeout::{Timeout, TimeoutEnd, TimeoutMisuse, TimeoutState, WithTimeout};
pub use timers::TieRule;
pub use wait_for::{CancelAndWait, WaitForError};
pub use wait_tasks::{NothingToWaitFor, ReturnWhen, WaitTasks, Waited};
