//! What an observer of a run is told: a closed set of events, each with its time, its task and its cause.

use crate::task::TaskId;
use crate::time::SimTime;

/// The number of an event in a run, given by the [`Observer`] that recorded it; events refer to one another by it.
///
/// ```
/// use timeskip_executor::EventId;
/// assert!(EventId(1) < EventId(2), "in the order in which they happened");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(pub u32);

/// What made something happen.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use timeskip_executor::{Cause, Event, EventId, Simulation};
/// let log = Log::default(); // an Observer that keeps what it is told
/// Simulation::new().observer(log.clone()).run(|sim| async move {
///     sim.spawn(async {}).await
/// });
/// // Main spawns (0) and waits (1); the end of the task (2) makes main ready.
/// assert_eq!(log.events()[3], (Event::Resumed, Cause::Event(EventId(2))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The event before it in the same task, or the start of the run.
    Order,
    /// This event made the task ready.
    Event(EventId),
}

/// Something that a task did, or that happened to it.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use timeskip_executor::{Event, Simulation, Status};
/// let log = Log::default(); // an Observer that keeps what it is told
/// Simulation::new().observer(log.clone()).run(|sim| async move {
///     sim.yield_now().await;
/// });
/// let events: Vec<Event> = log.events().iter().map(|(event, _)| event.clone()).collect();
/// assert_eq!(events, [Event::Yields, Event::Ended { status: Status::Finished }]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The task spawned another one.
    Spawned {
        /// The new task.
        child: TaskId,
    },
    /// The task began to wait.
    Waits {
        /// What for.
        on: Waiting,
    },
    /// The task gave up its turn.
    Yields,
    /// The task goes on after waiting.
    Resumed,
    /// The clock was moved by the task itself; nobody else ran meanwhile.
    Blocked {
        /// The time at which it ended.
        until: SimTime,
    },
    /// The task put an item into a queue.
    Put {
        /// The queue.
        queue: ResourceId,
        /// The number of the item: the first one put into the queue is 0.
        item: u64,
    },
    /// The task got an item from a queue.
    Got {
        /// The queue.
        queue: ResourceId,
        /// The number the item got when it was put.
        item: u64,
        /// The put.
        put: Option<EventId>,
    },
    /// The task said that an item it got is done with.
    TaskDone {
        /// The queue.
        queue: ResourceId,
    },
    /// The task shut a queue down.
    ShutDown {
        /// The queue.
        queue: ResourceId,
    },
    /// The task did something to a lock, an event or another primitive.
    Did {
        /// The primitive.
        resource: ResourceId,
        /// What.
        action: Action,
    },
    /// The task asked the loop to call a callback.
    Schedules {
        /// The callback, which is told among the tasks.
        callback: TaskId,
        /// When; as soon as possible where there is no time.
        at: Option<SimTime>,
    },
    /// The task asked for a callback at the end of a task or future.
    AddsDoneCallback {
        /// Whose end.
        target: TaskId,
        /// The callback, which is told among the tasks.
        callback: TaskId,
    },
    /// The task set a future's result.
    Sets {
        /// The future, which is told among the tasks.
        future: TaskId,
        /// Whether the result stands for a failure.
        status: Status,
    },
    /// The task entered a block with a time limit, or changed the limit.
    Limits {
        /// The deadline; none where there is no limit.
        until: Option<SimTime>,
    },
    /// The time of a block that the task is in was over: the task is cancelled.
    TimesOut,
    /// The task asked for another one (or itself) to be cancelled.
    Cancels {
        /// The task to be cancelled.
        target: TaskId,
    },
    /// A cancel reached the task at the await where it stood.
    Cancelled,
    /// The task ended.
    Ended {
        /// How.
        status: Status,
    },
    /// A note of an upper layer, by the number that layer gave it.
    Note(u32),
}

/// What a task did to a primitive.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use timeskip_executor::{Action, Event, Simulation, sync::Lock};
/// let log = Log::default(); // an Observer that keeps what it is told
/// Simulation::new().observer(log.clone()).run(|sim| async move {
///     Lock::new(&sim, "lock").acquire().await;
/// });
/// let (lock, _) = log.resources.borrow()[0].clone();
/// assert_eq!(log.events()[0].0, Event::Did { resource: lock, action: Action::Acquired });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It took a lock or a permit.
    Acquired,
    /// It gave it back.
    Released,
    /// It set an event.
    Set,
    /// It made an event unset.
    Cleared,
    /// It notified waiters of a condition.
    Notified,
    /// It aborted a barrier.
    Aborted,
    /// It reset a barrier.
    Reset,
}

impl Action {
    /// The verb of traces: asyncio's name of the operation, and `acquired` for what may have taken a wait.
    ///
    /// ```
    /// assert_eq!(timeskip_executor::Action::Released.verb(), "release");
    /// ```
    pub const fn verb(self) -> &'static str {
        match self {
            Action::Acquired => "acquired",
            Action::Released => "release",
            Action::Set => "set",
            Action::Cleared => "clear",
            Action::Notified => "notify",
            Action::Aborted => "abort",
            Action::Reset => "reset",
        }
    }
}

/// How a task ended.
///
/// ```
/// use timeskip_executor::{Simulation, Status};
/// let run = Simulation::new().run(|sim| async move {
///     let tasks = [sim.spawn(async {}), sim.spawn(async {})];
///     tasks[1].cancel();
///     sim.yield_now().await;
///     tasks.map(|task| task.status())
/// });
/// assert_eq!(run.output, Some([Some(Status::Finished), Some(Status::Cancelled)]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It returned.
    Finished,
    /// It failed.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// A queue, lock or other thing that tasks wait for, by its number in the run.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use timeskip_executor::{Event, Queue, Simulation};
/// let log = Log::default(); // an Observer that keeps what it is told
/// Simulation::new().observer(log.clone()).run(|sim| async move {
///     Queue::unbounded(&sim, "orders").put("tea").await;
/// });
/// let (orders, name) = log.resources.borrow()[0].clone();
/// assert_eq!(name, "orders");
/// assert_eq!(log.events()[0].0, Event::Put { queue: orders, item: 0 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceId(pub(crate) u32);

/// What a task waits for.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use std::time::Duration;
/// use timeskip_executor::{Event, SimTime, Simulation, Waiting};
/// let log = Log::default(); // an Observer that keeps what it is told
/// let nap = Duration::from_secs(7);
/// Simulation::new().observer(log.clone()).run(|sim| sim.sleep(nap));
/// let until = SimTime::after_start(nap);
/// assert_eq!(log.events()[0].0, Event::Waits { on: Waiting::Sleep { until } });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A time.
    Sleep {
        /// When it ends.
        until: SimTime,
    },
    /// The end of a task.
    Task(TaskId),
    /// A shield: a future that stands before a task, which a cancel of the waiter does not reach.
    Shield(TaskId),
    /// The end of a task that it has cancelled.
    CancelledTask(TaskId),
    /// The end of all tasks of a gather.
    Gather(GatherId),
    /// The end of all tasks of a task group.
    Group(GroupId),
    /// The end of some of several tasks, as `asyncio.wait` waits for it.
    Tasks(WaitId),
    /// An operation on a primitive.
    Resource(ResourceId, Operation),
    /// Something that timeskip does not know: a foreign future.
    Foreign,
}

/// A gather, by its number in the run.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use timeskip_executor::{Event, Simulation, Waiting};
/// let log = Log::default(); // an Observer that keeps what it is told
/// Simulation::new().observer(log.clone()).run(|sim| async move {
///     sim.gather([sim.spawn(async {})]).await
/// });
/// let waits = log.events()[1].0.clone();
/// assert!(matches!(waits, Event::Waits { on: Waiting::Gather(_) }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatherId(pub(crate) u32);

/// A task group, by its number in the run.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use timeskip_executor::{BodyEnd, Event, Simulation, TaskGroup, Waiting};
/// let log = Log::default(); // an Observer that keeps what it is told
/// Simulation::new().observer(log.clone()).run(|sim| async move {
///     let group = TaskGroup::<&str>::enter(&sim);
///     let _member = group.spawn(async { Ok(()) });
///     group.exit(BodyEnd::Finished).await
/// });
/// let waits = log.events()[1].0.clone();
/// assert!(matches!(waits, Event::Waits { on: Waiting::Group(_) }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupId(pub(crate) u32);

/// A wait for several tasks, by its number in the run.
///
/// ```
/// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
/// # use log::Log;
/// use timeskip_executor::{Event, ReturnWhen, Simulation, Waiting};
/// let log = Log::default(); // an Observer that keeps what it is told
/// Simulation::new().observer(log.clone()).run(|sim| async move {
///     sim.wait([sim.spawn(async {})], ReturnWhen::AllCompleted).await.is_ok()
/// });
/// let waits = log.events()[1].0.clone();
/// assert!(matches!(waits, Event::Waits { on: Waiting::Tasks(_) }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitId(pub(crate) u32);

/// An operation that a task waits to complete.
///
/// ```
/// use timeskip_executor::{Ending, Operation, Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::bounded(&sim, "orders", 1);
///     orders.put("tea").await;
///     orders.put("coffee").await;
/// });
/// let Ending::Deadlock { blocked, .. } = run.ending else { panic!("nobody gets") };
/// assert_eq!(blocked[0].on, format!("orders.{}()", Operation::Put.name()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `queue.get()`
    Get,
    /// `queue.put(item)`
    Put,
    /// `queue.join()`
    Join,
    /// `lock.acquire()`, of a lock or a semaphore
    Acquire,
    /// `event.wait()`, of an event, a condition or a barrier
    Wait,
    /// The next of `as_completed`.
    NextCompleted,
}

impl Operation {
    /// The operation as asyncio names it.
    ///
    /// ```
    /// assert_eq!(timeskip_executor::Operation::Get.name(), "get");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Operation::Get => "get",
            Operation::Put => "put",
            Operation::Join => "join",
            Operation::Acquire => "acquire",
            Operation::Wait => "wait",
            Operation::NextCompleted => "next",
        }
    }
}

/// Watches a run. Watching never changes what happens.
///
/// Every method is called while the run stands still; an observer cannot reach back into it.
///
/// ```
/// use std::{cell::Cell, rc::Rc};
/// use timeskip_executor::{Cause, Event, EventId, Observer, ResourceId, SimTime, Simulation, TaskId};
///
/// /// Counts the tasks of a run.
/// struct TaskCount(Rc<Cell<u32>>, u32);
///
/// impl Observer for TaskCount {
///     fn event(&mut self, _: SimTime, _: TaskId, _: Event, _: u32, _: Cause) -> EventId {
///         self.1 += 1;
///         EventId(self.1 - 1)
///     }
///
///     fn task(&mut self, _: TaskId, _: &str) {
///         self.0.set(self.0.get() + 1);
///     }
///
///     fn resource(&mut self, _: ResourceId, _: &str) {}
/// }
///
/// let tasks = Rc::new(Cell::new(0));
/// Simulation::new().observer(TaskCount(tasks.clone(), 0)).run(|sim| async move {
///     sim.spawn(async {}).await
/// });
/// assert_eq!(tasks.get(), 2, "main and the one it spawned");
/// ```
pub trait Observer {
    /// Records an event and gives it its number: one more than that of the event before it.
    fn event(&mut self, time: SimTime, task: TaskId, event: Event, line: u32, cause: Cause) -> EventId;
    /// A task exists from now on.
    fn task(&mut self, task: TaskId, name: &str);
    /// A primitive exists from now on.
    fn resource(&mut self, resource: ResourceId, name: &str);
}
