//! Time limits, what has no time at all, and shields.

use std::rc::Rc;
use std::task::Context as PollContext;

use timeskip_executor::{BodyEnd, JoinHandle, TimeoutEnd};

use crate::code::{Deadline, Expr, Slot, Target};
use crate::machine::Machine;
use crate::machine::awaiting::{self, Awaiting, Raised};
use crate::machine::context::Context;
use crate::machine::execute::Flow;
use crate::machine::frame::{Frame, Interrupted};
use crate::machine::methods::error_without_text;
use crate::machine::objects::{self, FutureClass, FutureObject, TimeoutObject};
use crate::machine::outcome::Outcome;
use crate::machine::start::ensure_task;
use crate::value::error::runtime_error;
use crate::value::{ExceptionKind, Result, Value, meter};

impl Machine {
    /// The steps of a `timeout:` begin.
    pub(super) fn enter_timeout(
        &mut self,
        deadline: Deadline,
        limit: &Expr,
        slot: Slot,
        target: Option<&Target>,
    ) -> Result<()> {
        let limit = self.evaluator().value(limit)?;
        let timeout = TimeoutObject::new(&self.context, deadline, limit)?;
        timeout.timeout.enter().map_err(|misuse| runtime_error(misuse.to_string()))?;
        let value = objects::value(timeout);
        self.set(slot, value.clone());
        match target {
            Some(target) => self.evaluator().bind(target, value),
            None => Ok(()),
        }
    }

    /// They are over, in whatever way: a cancel that comes from the timeout becomes its error.
    pub(super) fn exit_timeout(&mut self, slot: Slot) -> Result<()> {
        let timeout = self.kept::<TimeoutObject>(slot)?.timeout.clone();
        let guards = self.frames.last_mut().and_then(Frame::guards_mut);
        let interrupted = guards.and_then(|guards| guards.interrupted.last_mut());
        let body = match &interrupted {
            Some(Interrupted::Raise { exception, .. }) if exception.kind.is_a(ExceptionKind::CancelledError) => {
                BodyEnd::Cancelled
            }
            Some(Interrupted::Raise { .. }) => BodyEnd::Failed,
            _ => BodyEnd::Finished,
        };
        if timeout.exit(body) == TimeoutEnd::Elapsed
            && let Some(Interrupted::Raise { exception, .. }) = interrupted
        {
            *exception = error_without_text(ExceptionKind::TimeoutError);
        }
        self.set(slot, Value::None);
        Ok(())
    }

    /// `wait_for` without any time.
    pub(super) fn expire(&mut self, value: &Value, context: &mut PollContext<'_>) -> Result<Flow> {
        let (task, _) = ensure_task(&self.context, value)?;
        let awaiting =
            if task.done() { Awaiting::task_of(&task) } else { Awaiting::Expired(task.cancel_and_wait(), task) };
        self.wait(awaiting, context)
    }

    /// The task ends: who awaits it gets the message of the cancel that it ends by.
    pub(super) fn hand_on_cancel(&self, outcome: &Outcome) {
        if let Outcome::Raised(failure) = outcome
            && failure.exception.kind.is_a(ExceptionKind::CancelledError)
            && self.context.current_task().is_ok()
        {
            let message = failure.exception.has_arguments().then(|| failure.exception.message());
            self.context.sim.end_cancelled_with(message.as_deref());
        }
    }
}

/// What comes of a task that had no time.
pub(super) fn expired(task: &JoinHandle<Outcome>) -> std::result::Result<Value, Raised> {
    awaiting::ended(task).map_err(|(exception, failure)| {
        if exception.kind.is_a(ExceptionKind::CancelledError) {
            (error_without_text(ExceptionKind::TimeoutError), None)
        } else {
            (exception, failure)
        }
    })
}

/// `shield(awaitable)`: what stands before the task, or the task itself where it has ended.
pub(super) fn shield(context: &Rc<Context>, value: &Value) -> Result<Value> {
    context.current_task()?;
    let (task, value) = ensure_task(context, value)?;
    let (path, warnings) = (task.path().into(), Rc::clone(&context.warnings));
    let held = meter::Held::new(meter::WAITING_FUTURE);
    let shield = context.sim.shield_as(&task, move |outcome| {
        drop(held);
        match outcome {
            Outcome::Returned(value) => Outcome::Returned(value.clone()),
            // The shield is a future of its own: somebody has to look at it, too.
            Outcome::Raised(failure) => Outcome::Raised(Rc::new(failure.handed_on(path, &warnings))),
        }
    });
    Ok(shield.future().map_or(value, |future| objects::value(FutureObject(future.clone(), FutureClass::Future))))
}
