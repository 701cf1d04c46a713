//! What can be awaited and is neither a coroutine of the file nor a task: `q.get()`, `sleep(1)`.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::sync::{Acquire, AcquirePermit, EventWait};
use timeskip_executor::{GetUntilShutdown, NextInTime, PutUntilShutdown, QueueJoin, Sleep};

use crate::machine::context::Context;
use crate::machine::objects::queue::Store;
use crate::machine::outcome::Outcome;
use crate::machine::primitives::Composite;
use crate::machine::waiting::Waiting;
use crate::value::{Exception, Object, Value};

/// An awaitable operation: the future that it stands for, until it is awaited.
pub(crate) struct Operation {
    context: Rc<Context>,
    name: &'static str,
    pending: RefCell<Option<Pending>>,
}

/// The futures of operations.
pub(crate) enum Pending {
    /// Gives the value at the end.
    Sleep(Sleep, Value),
    Get(GetUntilShutdown<Value, Store>),
    Put(PutUntilShutdown<Value, Store>),
    Join(QueueJoin<Value, Store>),
    Acquire(Acquire),
    AcquirePermit(AcquirePermit),
    EventWait(EventWait),
    Composite(Composite),
    /// Gives the result of the next task to end.
    Completed(NextInTime<Outcome>),
    /// Gives the tasks that have ended, and those that have not.
    Wait(Box<Waiting>),
    /// Raises what was wrong with its arguments.
    Raises(Rc<Exception>),
    /// Closes the async generator that the value is.
    Close(Value),
}

impl Operation {
    pub(crate) fn new(context: &Rc<Context>, name: &'static str, pending: Pending) -> Operation {
        Operation { context: Rc::clone(context), name, pending: RefCell::new(Some(pending)) }
    }

    pub(crate) fn take(&self) -> Option<Pending> {
        self.pending.take()
    }

    /// The generator, where it is one that this closes and nobody has awaited it.
    pub(crate) fn take_closing(&self) -> Option<Value> {
        let mut pending = self.pending.borrow_mut();
        match pending.take() {
            Some(Pending::Close(generator)) => Some(generator),
            other => {
                *pending = other;
                None
            }
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        let silent = matches!(self.pending.get_mut(), None | Some(Pending::Completed(_)));
        if !silent && !self.context.sim.is_halted() {
            self.context.warnings.add(|| format!("coroutine '{}' was never awaited", self.name));
        }
    }
}

impl Object for Operation {
    fn type_name(&self) -> &'static str {
        "coroutine"
    }

    fn repr(&self) -> String {
        format!("<coroutine object {}>", self.name)
    }
}
