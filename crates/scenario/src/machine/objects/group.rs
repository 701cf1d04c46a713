//! Task groups, as a program holds them.

use std::rc::Rc;

use timeskip_executor::{GroupClosed, TaskGroup, Verdict};

use crate::machine::context::Context;
use crate::machine::objects::{self, Coroutine, Operation, TaskObject};
use crate::machine::outcome::{Failure, Outcome};
use crate::machine::start::{check_task_limit, machine_of};
use crate::value::error::{runtime_error, type_error};
use crate::value::{ExceptionKind, Object, Result, Value};

/// A task group; its members fail with what ended them.
pub(crate) struct GroupObject(pub(crate) TaskGroup<Rc<Failure>>);

impl GroupObject {
    /// Starts a coroutine as a member.
    pub(crate) fn create_task(&self, context: &Rc<Context>, coroutine: &Value) -> Result<Value> {
        if let Err(closed) = self.0.check_open() {
            close(coroutine);
            let why = match closed {
                GroupClosed::Finished => "is finished",
                GroupClosed::ShuttingDown => "is shutting down",
            };
            return Err(runtime_error(format!("TaskGroup {} {why}", self.repr())));
        }
        let Some((machine, name)) = machine_of(context, coroutine)? else {
            return Err(type_error(format!("a coroutine was expected, got {}", crate::value::repr(coroutine)?)));
        };
        let spawned = self.0.spawn_as(&name, machine, judge);
        check_task_limit(context)?;
        let handle = spawned.map_err(|closed| runtime_error(closed.to_string()))?;
        Ok(objects::value(TaskObject(handle)))
    }
}

/// Takes what the coroutine would have begun with, so that nobody misses that it was never awaited.
fn close(coroutine: &Value) {
    if let Some(coroutine) = objects::downcast::<Coroutine>(coroutine) {
        drop(coroutine.take());
    } else if let Some(operation) = objects::downcast::<Operation>(coroutine) {
        drop(operation.take());
    }
}

fn judge(outcome: &Outcome) -> Verdict<Rc<Failure>> {
    match outcome {
        Outcome::Returned(_) => Verdict::Finished,
        Outcome::Raised(failure) if failure.exception.kind.is_a(ExceptionKind::CancelledError) => Verdict::Cancelled,
        Outcome::Raised(failure) => {
            // It will come out of the group.
            failure.retrieve();
            Verdict::Failed(Rc::clone(failure))
        }
    }
}

impl Object for GroupObject {
    fn type_name(&self) -> &'static str {
        "TaskGroup"
    }

    fn repr(&self) -> String {
        let mut text = String::from("<TaskGroup");
        if !self.0.is_empty() {
            text.push_str(&format!(" tasks={}", self.0.len()));
        }
        if self.0.error_count() > 0 {
            text.push_str(&format!(" errors={}", self.0.error_count()));
        }
        text.push_str(if self.0.is_aborting() { " cancelling>" } else { " entered>" });
        text
    }
}
