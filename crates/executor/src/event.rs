//! What an observer of a run is told: a closed set of events, each with its time, its task and its cause.

use crate::task::TaskId;
use crate::time::SimTime;

/// The number of an event in a run, given by the [`Observer`] that recorded it; events refer to one another by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(pub u32);

/// What made something happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The event before it in the same task, or the start of the run.
    Order,
    /// This event made the task ready.
    Event(EventId),
}

/// Something that a task did, or that happened to it.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceId(pub(crate) u32);

/// What a task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A time.
    Sleep {
        /// When it ends.
        until: SimTime,
    },
    /// The end of a task.
    Task(TaskId),
    /// The end of a task which a cancel of the waiter does not reach.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatherId(pub(crate) u32);

/// A task group, by its number in the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupId(pub(crate) u32);

/// A wait for several tasks, by its number in the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitId(pub(crate) u32);

/// An operation that a task waits to complete.
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
pub trait Observer {
    /// Records an event and gives it its number: one more than that of the event before it.
    fn event(&mut self, time: SimTime, task: TaskId, event: Event, line: u32, cause: Cause) -> EventId;
    /// A task exists from now on.
    fn task(&mut self, task: TaskId, name: &str);
    /// A primitive exists from now on.
    fn resource(&mut self, resource: ResourceId, name: &str);
}
