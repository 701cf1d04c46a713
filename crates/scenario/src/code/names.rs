//! The functions, primitives and methods that the machine itself defines, by name.

use crate::value::methods::Method;

/// Declares names of the language: an enum, its names, and the way back.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $type { $($variant),* }

        impl $type {
            pub(crate) const NAMES: &[&str] = &[$($name),*];

            pub(crate) fn from_name(name: &str) -> Option<$type> {
                match name { $($name => Some($type::$variant),)* _ => None }
            }
        }
    };
}

names! {
    /// The functions that ask or change the run: its clock, its tasks, its random numbers.
    RunFunction {
        Now = "now", Sleep = "sleep", Gather = "gather", Wait = "wait", WaitFor = "wait_for",
        Shield = "shield",
        AllTasks = "all_tasks", CurrentTask = "current_task",
        CallSoon = "call_soon", CallLater = "call_later", CallAt = "call_at",
        Randint = "randint", Randrange = "randrange", Random = "random", Uniform = "uniform", Choice = "choice",
        Choices = "choices", Shuffle = "shuffle", Sample = "sample", Gauss = "gauss",
        Normalvariate = "normalvariate", Expovariate = "expovariate", TokenHex = "token_hex",
    }
}

names! {
    /// The primitives.
    Constructor {
        Queue = "Queue", PriorityQueue = "PriorityQueue", LifoQueue = "LifoQueue", Lock = "Lock",
        Semaphore = "Semaphore", BoundedSemaphore = "BoundedSemaphore", Event = "Event", Condition = "Condition",
        Barrier = "Barrier", Future = "Future",
    }
}

names! {
    /// The methods of handles, queues and generators.
    ObjectMethod {
        Done = "done", Result = "result", Exception = "exception", Cancel = "cancel", Cancelled = "cancelled",
        SetResult = "set_result", SetException = "set_exception", AddDoneCallback = "add_done_callback",
        RemoveDoneCallback = "remove_done_callback", When = "when", Reschedule = "reschedule", Expired = "expired",
        Cancelling = "cancelling", Uncancel = "uncancel",
        GetName = "get_name", SetName = "set_name", Get = "get", Put = "put", Join = "join", Shutdown = "shutdown",
        GetNowait = "get_nowait",
        PutNowait = "put_nowait", TaskDone = "task_done", Qsize = "qsize", Empty = "empty", Full = "full",
        Acquire = "acquire", Release = "release", Locked = "locked", Set = "set", Clear = "clear", IsSet = "is_set",
        Wait = "wait", WaitFor = "wait_for", Notify = "notify", NotifyAll = "notify_all", Reset = "reset",
        Abort = "abort", CreateTask = "create_task", Aclose = "aclose",
    }
}

names! {
    /// The attributes that can be read.
    Attribute {
        Args = "args", Exceptions = "exceptions", Message = "message", Value = "value", Maxsize = "maxsize",
        Parties = "parties", NWaiting = "n_waiting", Broken = "broken",
    }
}

impl Constructor {
    pub(crate) fn name(self) -> &'static str {
        Constructor::NAMES[self as usize]
    }
}

impl ObjectMethod {
    pub(crate) fn name(self) -> &'static str {
        ObjectMethod::NAMES[self as usize]
    }
}

impl Attribute {
    pub(crate) fn name(self) -> &'static str {
        Attribute::NAMES[self as usize]
    }
}

/// A method by its name: of plain values, of the machine's objects, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MethodName {
    pub(crate) plain: Option<Method>,
    pub(crate) object: Option<ObjectMethod>,
}

impl MethodName {
    pub(crate) fn from_name(name: &str) -> Option<MethodName> {
        let found = MethodName { plain: Method::from_name(name), object: ObjectMethod::from_name(name) };
        (found.plain.is_some() || found.object.is_some()).then_some(found)
    }

    /// A method of the machine's objects, and of plain values where theirs is called the same.
    pub(crate) fn of_object(method: ObjectMethod) -> MethodName {
        MethodName { plain: Method::from_name(method.name()), object: Some(method) }
    }

    pub(crate) fn name(self) -> &'static str {
        self.object.map(ObjectMethod::name).or_else(|| self.plain.map(Method::name)).unwrap_or("")
    }
}
