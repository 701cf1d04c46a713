//! The methods of tasks, futures and scheduled calls.

use std::collections::BTreeMap;
use std::rc::Rc;

use timeskip_executor::{InvalidState, JoinHandle, Status, TaskId};

use crate::code::ObjectMethod;
use crate::machine::callbacks;
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::methods::{self, outcome};
use crate::machine::objects::{FutureObject, HandleObject, TaskObject};
use crate::machine::outcome::{Failure, Outcome};
use crate::value::error::{error, runtime_error, type_error};
use crate::value::{Exception, ExceptionKind, Result, Value, str};

/// Calls a method of a task; `None` where a task has none of this name.
pub(super) fn of_task(
    context: &Rc<Context>,
    object: &Value,
    task: &TaskObject,
    method: ObjectMethod,
    values: Given<'_>,
) -> Option<Result<Value>> {
    use ObjectMethod as M;
    let handle = &task.0;
    Some(match method {
        M::Cancelling => Ok(Value::Int(handle.cancelling().into())),
        M::Uncancel => Ok(Value::Int(handle.uncancel().into())),
        M::GetName => Ok(Value::Str(context.task_names.get(handle))),
        M::SetName => argument(values, "value").and_then(|name| {
            set_name(context, handle, name)?;
            Ok(Value::None)
        }),
        M::SetResult | M::SetException => {
            Err(runtime_error(format!("Task does not support {} operation", method.name())))
        }
        _ => return of_either(context, object, handle, method, values),
    })
}

fn set_name(context: &Rc<Context>, task: &JoinHandle<Outcome>, name: &Value) -> Result<()> {
    let name = if let Value::Str(text) = name { Rc::clone(text) } else { Rc::from(str(name)?) };
    context.task_names.set(task.id(), name, |task| context.sim.handle::<Outcome>(task).is_some());
    Ok(())
}

/// The name that a task is started with; None leaves it the one that it has.
pub(super) fn name_task(context: &Rc<Context>, task: &JoinHandle<Outcome>, name: &Value) -> Result<()> {
    if matches!(name, Value::None) { Ok(()) } else { set_name(context, task, name) }
}

/// Calls a method of a future; `None` where a future has none of this name.
pub(super) fn of_future(
    context: &Rc<Context>,
    object: &Value,
    future: &FutureObject,
    method: ObjectMethod,
    values: Given<'_>,
) -> Option<Result<Value>> {
    use ObjectMethod as M;
    let handle = &future.0;
    Some(match method {
        M::SetResult => argument(values, "result").and_then(|result| {
            handle.set_result(Outcome::Returned(result.clone())).map_err(invalid_state)?;
            Ok(Value::None)
        }),
        M::SetException => argument(values, "exception").and_then(|exception| {
            if handle.done() {
                return Err(invalid_state(InvalidState));
            }
            let exception = exception_to_set(exception)?;
            let failure = Failure::of_future(exception, handle.path().into(), &context.warnings);
            handle.set_exception(Outcome::Raised(Rc::new(failure))).map_err(invalid_state)?;
            Ok(Value::None)
        }),
        _ => return of_either(context, object, handle, method, values),
    })
}

/// What tasks and futures have in common.
fn of_either(
    context: &Rc<Context>,
    object: &Value,
    handle: &JoinHandle<Outcome>,
    method: ObjectMethod,
    values: Given<'_>,
) -> Option<Result<Value>> {
    use ObjectMethod as M;
    Some(match method {
        M::Done => Ok(Value::Bool(handle.done())),
        M::Cancel => methods::message(values).map(|message| match message {
            None => Value::Bool(handle.cancel()),
            Some(message) => Value::Bool(handle.cancel_with(&message)),
        }),
        M::Cancelled => Ok(Value::Bool(handle.status() == Some(Status::Cancelled))),
        M::Result => outcome(handle.result(), "Result is not set."),
        M::Exception => match handle.result() {
            Some(Ok(Outcome::Raised(failure))) => {
                failure.retrieve();
                Ok(Value::Exception(failure.exception.clone()))
            }
            Some(Ok(Outcome::Returned(_))) => Ok(Value::None),
            other => outcome(other, "Exception is not set."),
        },
        M::AddDoneCallback => callbacks::add_done_callback(context, object, handle, values),
        M::RemoveDoneCallback => callbacks::remove_done_callback(context, handle, values),
        _ => return None,
    })
}

/// Calls a method of a scheduled call; `None` where it has none of this name.
pub(super) fn of_call(call: &HandleObject, method: ObjectMethod) -> Option<Result<Value>> {
    use ObjectMethod as M;
    Some(Ok(match method {
        M::Cancel => {
            call.0.cancel();
            Value::None
        }
        M::Cancelled => Value::Bool(call.0.cancelled()),
        M::When => Value::Float(call.0.when()?.as_secs_f64()),
        _ => return None,
    }))
}

fn argument<'a>(values: Given<'a>, name: &str) -> Result<&'a Value> {
    values.positional.first().ok_or_else(|| type_error(format!("missing required argument: '{name}'")))
}

fn invalid_state(InvalidState: InvalidState) -> Rc<Exception> {
    error(ExceptionKind::InvalidStateError, InvalidState.to_string())
}

/// What `set_exception` sets: anything but an exception is refused, and StopIteration becomes another one.
fn exception_to_set(value: &Value) -> Result<Rc<Exception>> {
    match value {
        Value::Exception(exception) if exception.kind == ExceptionKind::StopIteration => {
            Ok(runtime_error("StopIteration interacts badly with generators and cannot be raised into a Future"))
        }
        Value::Exception(exception) => Ok(Rc::clone(exception)),
        _ => Err(type_error("invalid exception object")),
    }
}

/// The names that a program gave to its tasks; the others are called after their paths.
#[derive(Default)]
pub(crate) struct TaskNames(std::cell::RefCell<BTreeMap<TaskId, Rc<str>>>);

/// So many names are worth looking for tasks that are gone.
const MANY: usize = 64;

impl TaskNames {
    fn get(&self, handle: &JoinHandle<Outcome>) -> Rc<str> {
        let given = self.0.borrow().get(&handle.id()).map(Rc::clone);
        given.unwrap_or_else(|| handle.path().into())
    }

    /// Keeps a name as long as its task is remembered, about.
    fn set(&self, task: TaskId, name: Rc<str>, is_remembered: impl Fn(TaskId) -> bool) {
        let is_due = {
            let mut names = self.0.borrow_mut();
            names.insert(task, name);
            names.len() >= MANY && names.len().is_power_of_two()
        };
        if is_due {
            let gone: Vec<TaskId> = self.0.borrow().keys().copied().filter(|&task| !is_remembered(task)).collect();
            gone.iter().for_each(|task| drop(self.0.borrow_mut().remove(task)));
        }
    }
}
