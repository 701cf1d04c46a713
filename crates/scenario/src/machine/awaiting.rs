//! What a task waits for, and what comes of it.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context as PollContext, Poll};

use timeskip_executor::sync::{Acquire, AcquirePermit, EventWait};
use timeskip_executor::{
    Cancelled, Gather, GatherAll, GatherError, Get, Join, JoinHandle, NextCompleted, Put, QueueJoin, Sleep, Status,
};

use crate::machine::methods::{self, cancelled};
use crate::machine::objects::{Pending, Store, TaskObject};
use crate::machine::outcome::{Failure, Outcome};
use crate::machine::primitives::Composite;
use crate::value::error::error;
use crate::value::{Exception, ExceptionKind, Value};

/// The one thing that a task awaits.
pub(crate) enum Awaiting {
    Sleep(Sleep, Value),
    Task(Join<Outcome>),
    Gather(Gather<Outcome>),
    GatherAll(GatherAll<Outcome>),
    Get(Get<Value, Store>),
    Put(Put<Value, Store>),
    Join(QueueJoin<Value, Store>),
    Acquire(Acquire),
    AcquirePermit(AcquirePermit),
    EventWait(EventWait),
    Composite(Composite),
    Completed(NextCompleted<Outcome>),
}

/// An exception that came out of an await, with the failed task where it came from one.
pub(crate) type Raised = (Rc<Exception>, Option<Rc<Failure>>);

impl Awaiting {
    pub(crate) fn task(task: &TaskObject) -> Awaiting {
        Awaiting::Task((&task.0).into_future())
    }

    /// The future of an operation; closing a generator is none, since its steps run in this task.
    pub(crate) fn operation(pending: Pending) -> Result<Awaiting, Value> {
        Ok(match pending {
            Pending::Sleep(sleep, result) => Awaiting::Sleep(sleep, result),
            Pending::Get(get) => Awaiting::Get(get),
            Pending::Put(put) => Awaiting::Put(put),
            Pending::Join(join) => Awaiting::Join(join),
            Pending::Acquire(acquire) => Awaiting::Acquire(acquire),
            Pending::AcquirePermit(acquire) => Awaiting::AcquirePermit(acquire),
            Pending::EventWait(wait) => Awaiting::EventWait(wait),
            Pending::Composite(composite) => Awaiting::Composite(composite),
            Pending::Completed(next) => Awaiting::Completed(next),
            Pending::Close(generator) => return Err(generator),
        })
    }

    pub(crate) fn poll(&mut self, context: &mut PollContext<'_>) -> Poll<Result<Value, Raised>> {
        match self {
            Awaiting::Sleep(sleep, result) => {
                Pin::new(sleep).poll(context).map(|()| Ok(std::mem::replace(result, Value::None)))
            }
            Awaiting::Get(get) => Pin::new(get).poll(context).map(Ok),
            Awaiting::Put(put) => Pin::new(put).poll(context).map(|()| Ok(Value::None)),
            Awaiting::Join(join) => Pin::new(join).poll(context).map(|()| Ok(Value::None)),
            Awaiting::Acquire(acquire) => Pin::new(acquire).poll(context).map(|()| Ok(Value::Bool(true))),
            Awaiting::AcquirePermit(acquire) => Pin::new(acquire).poll(context).map(|()| Ok(Value::Bool(true))),
            Awaiting::EventWait(wait) => Pin::new(wait).poll(context).map(|()| Ok(Value::Bool(true))),
            Awaiting::Composite(composite) => composite.as_mut().poll(context).map_err(|exception| (exception, None)),
            Awaiting::Task(join) => Pin::new(join).poll(context).map(joined),
            Awaiting::Completed(next) => Pin::new(next).poll(context).map(|handle| ended(&handle)),
            Awaiting::Gather(gather) => Pin::new(gather).poll(context).map(gathered),
            Awaiting::GatherAll(gather) => Pin::new(gather).poll(context).map(gathered_all),
        }
    }
}

fn joined(result: Result<Outcome, Cancelled>) -> Result<Value, Raised> {
    match result {
        Ok(Outcome::Returned(value)) => Ok(value),
        Ok(Outcome::Raised(failure)) => Err(raised(&failure)),
        Err(Cancelled) => Err((cancelled(), None)),
    }
}

fn ended(handle: &JoinHandle<Outcome>) -> Result<Value, Raised> {
    handle.result().map_or_else(|| Err((cancelled(), None)), joined)
}

fn raised(failure: &Rc<Failure>) -> Raised {
    failure.retrieve();
    (Rc::clone(&failure.exception), Some(Rc::clone(failure)))
}

fn gathered(result: Result<Vec<Outcome>, GatherError<Outcome>>) -> Result<Value, Raised> {
    match result {
        Ok(outcomes) => {
            let values = outcomes.into_iter().filter_map(|outcome| match outcome {
                Outcome::Returned(value) => Some(value),
                Outcome::Raised(_) => None,
            });
            Ok(Value::list(values.collect()))
        }
        Err(GatherError::Failed(Outcome::Raised(failure))) => Err(raised(&failure)),
        Err(GatherError::Failed(Outcome::Returned(_)) | GatherError::Cancelled) => Err((cancelled(), None)),
    }
}

fn gathered_all(result: Result<Vec<JoinHandle<Outcome>>, Cancelled>) -> Result<Value, Raised> {
    let handles = result.map_err(|Cancelled| (cancelled(), None))?;
    let values = handles.iter().map(|handle| match methods::outcome(handle.result(), "") {
        Ok(value) => value,
        Err(_) if handle.status() == Some(Status::Cancelled) => {
            // asyncio makes this one anew, with the message of the cancel, and an empty text where there is none.
            Value::Exception(error(ExceptionKind::CancelledError, ""))
        }
        Err(exception) => Value::Exception(exception),
    });
    Ok(Value::list(values.collect()))
}
