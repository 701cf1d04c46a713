//! What a task waits for, and what comes of it.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context as PollContext, Poll};

use timeskip_executor::sync::{Acquire, AcquirePermit, EventWait};
use timeskip_executor::{
    CancelAndWait, Cancelled, Elapsed, Gather, GatherAll, GetUntilShutdown, GroupExit, Join, JoinHandle, NextInTime,
    PutUntilShutdown, QueueJoin, QueueShutDown, Sleep,
};

use crate::machine::gathering;
use crate::machine::groups::group_ended;
use crate::machine::methods::{cancelled, error_without_text};
use crate::machine::objects::{Pending, Store, TaskObject};
use crate::machine::outcome::{Failure, Outcome};
use crate::machine::primitives::Composite;
use crate::machine::timeouts;
use crate::machine::waiting::Waiting;
use crate::value::{Exception, ExceptionKind, Value};

/// The one thing that a task awaits.
pub(crate) enum Awaiting {
    /// A `sleep:` step, of which nothing comes; none once it is over.
    Nap(Option<Sleep>),
    /// An awaitable sleep, and its result.
    Sleep(Box<(Sleep, Value)>),
    Task(Join<Outcome>),
    /// The end of a task that had no time.
    Expired(CancelAndWait<Outcome>, JoinHandle<Outcome>),
    Gather(Gather<Outcome>),
    GatherAll(GatherAll<Outcome>),
    Get(GetUntilShutdown<Value, Store>),
    Put(PutUntilShutdown<Value, Store>),
    Join(QueueJoin<Value, Store>),
    Completed(NextInTime<Outcome>),
    Wait(Box<Waiting>),
    /// What the call of a coroutine of asyncio's has found wrong; it is raised where that is awaited.
    Raises(Rc<Exception>),
    /// The end of a task group's block; the exception that ended the block.
    Group(Box<GroupExit<Rc<Failure>>>, Option<Rc<Exception>>),
    Acquire(Acquire),
    AcquirePermit(AcquirePermit),
    EventWait(EventWait),
    Composite(Composite),
}

/// An exception that came out of an await, with the failed task where it came from one.
pub(crate) type Raised = (Rc<Exception>, Option<Rc<Failure>>);

impl Awaiting {
    pub(crate) fn task(task: &TaskObject) -> Awaiting {
        Awaiting::Task((&task.0).into_future())
    }

    pub(crate) fn task_of(task: &JoinHandle<Outcome>) -> Awaiting {
        Awaiting::Task(task.into_future())
    }

    /// The future of an operation; closing a generator is none, since its steps run in this task.
    pub(crate) fn operation(pending: Pending) -> Result<Awaiting, Value> {
        Ok(match pending {
            Pending::Sleep(sleep, result) => Awaiting::Sleep(Box::new((sleep, result))),
            Pending::Get(get) => Awaiting::Get(get),
            Pending::Put(put) => Awaiting::Put(put),
            Pending::Join(join) => Awaiting::Join(join),
            Pending::Acquire(acquire) => Awaiting::Acquire(acquire),
            Pending::AcquirePermit(acquire) => Awaiting::AcquirePermit(acquire),
            Pending::EventWait(wait) => Awaiting::EventWait(wait),
            Pending::Composite(composite) => Awaiting::Composite(composite),
            Pending::Completed(next) => Awaiting::Completed(next),
            Pending::Wait(waiting) => Awaiting::Wait(waiting),
            Pending::Raises(exception) => Awaiting::Raises(exception),
            Pending::Close(generator) => return Err(generator),
        })
    }

    pub(crate) fn poll(&mut self, context: &mut PollContext<'_>) -> Poll<Result<Value, Raised>> {
        match self {
            Awaiting::Nap(None) => Poll::Ready(Ok(Value::None)),
            Awaiting::Nap(Some(sleep)) => Pin::new(sleep).poll(context).map(|()| Ok(Value::None)),
            Awaiting::Sleep(sleep) => {
                let (sleep, result) = &mut **sleep;
                Pin::new(sleep).poll(context).map(|()| Ok(std::mem::replace(result, Value::None)))
            }
            Awaiting::Get(get) => Pin::new(get).poll(context).map(|got| got.map_err(|closed| shut_down(&closed))),
            Awaiting::Put(put) => {
                Pin::new(put).poll(context).map(|put| put.map(|()| Value::None).map_err(|closed| shut_down(&closed)))
            }
            Awaiting::Join(join) => Pin::new(join).poll(context).map(|()| Ok(Value::None)),
            Awaiting::Acquire(acquire) => Pin::new(acquire).poll(context).map(|()| Ok(Value::Bool(true))),
            Awaiting::AcquirePermit(acquire) => Pin::new(acquire).poll(context).map(|()| Ok(Value::Bool(true))),
            Awaiting::EventWait(wait) => Pin::new(wait).poll(context).map(|()| Ok(Value::Bool(true))),
            Awaiting::Composite(composite) => composite.as_mut().poll(context).map_err(|exception| (exception, None)),
            Awaiting::Task(join) => Pin::new(join).poll(context).map(joined),
            Awaiting::Completed(next) => Pin::new(next).poll(context).map(|next| match next {
                Ok(handle) => ended(&handle),
                Err(Elapsed) => Err((error_without_text(ExceptionKind::TimeoutError), None)),
            }),
            Awaiting::Wait(waiting) => waiting.poll(context).map(|result| result.map_err(|raised| (raised, None))),
            Awaiting::Raises(exception) => Poll::Ready(Err((Rc::clone(exception), None))),
            Awaiting::Group(exit, body) => Pin::new(exit).poll(context).map(|end| group_ended(end, body.take())),
            Awaiting::Expired(end, task) => Pin::new(end).poll(context).map(|()| timeouts::expired(task)),
            Awaiting::Gather(gather) => Pin::new(gather).poll(context).map(gathering::gathered),
            Awaiting::GatherAll(gather) => Pin::new(gather).poll(context).map(gathering::gathered_all),
        }
    }
}

fn shut_down<T>(_: &QueueShutDown<T>) -> Raised {
    (error_without_text(ExceptionKind::QueueShutDown), None)
}

fn joined(result: Result<Outcome, Cancelled>) -> Result<Value, Raised> {
    match result {
        Ok(Outcome::Returned(value)) => Ok(value),
        Ok(Outcome::Raised(failure)) => Err(raised(&failure)),
        Err(by) => Err((cancelled(&by), None)),
    }
}

pub(super) fn ended(handle: &JoinHandle<Outcome>) -> Result<Value, Raised> {
    handle.result().map_or_else(|| Err((cancelled(&Cancelled::default()), None)), joined)
}

pub(super) fn raised(failure: &Rc<Failure>) -> Raised {
    failure.retrieve();
    (Rc::clone(&failure.exception), Some(Rc::clone(failure)))
}
