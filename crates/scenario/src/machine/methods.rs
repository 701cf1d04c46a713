//! The methods of handles, queues and generators. Those that suspend give something to await.

use std::rc::Rc;

use timeskip_executor::{GetError, PutError, Shutdown};

use crate::code::{Attribute, MethodName, ObjectMethod};
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::handles;
use crate::machine::objects::{
    self, FutureObject, Generator, GroupObject, HandleObject, Operation, Pending, PrimitiveObject, QueueObject,
    TaskObject, TimeoutObject,
};
use crate::machine::outcome::Outcome;
use crate::machine::primitives;
use crate::value::error::{attribute_error, error, type_error, value_error};
use crate::value::methods::{call_method, no_attribute};
use crate::value::{Exception, ExceptionKind, Result, Value};

/// Calls a method on a value.
pub(crate) fn call(context: &Rc<Context>, object: &Value, name: MethodName, values: Given<'_>) -> Result<Value> {
    if let Some(method) = name.object {
        if let Some(queue) = objects::downcast::<QueueObject>(object) {
            return of_queue(context, object, queue, method, values);
        }
        if let Some(PrimitiveObject(primitive)) = objects::downcast(object) {
            let called = primitives::call(context, primitive, method, values);
            return called.unwrap_or_else(|| Err(no_attribute(object, name.name())));
        }
        if let Some(task) = objects::downcast::<TaskObject>(object) {
            let called = handles::of_task(context, object, task, method, values);
            return called.ok_or_else(|| no_attribute(object, name.name()))?;
        }
        if let Some(future) = objects::downcast::<FutureObject>(object) {
            let called = handles::of_future(context, object, future, method, values);
            return called.ok_or_else(|| no_attribute(object, name.name()))?;
        }
        if let Some(call) = objects::downcast::<HandleObject>(object) {
            return handles::of_call(call, method).ok_or_else(|| no_attribute(object, name.name()))?;
        }
        if let Some(timeout) = objects::downcast::<TimeoutObject>(object) {
            return timeout.call(context, method, values).ok_or_else(|| no_attribute(object, name.name()))?;
        }
        if let Some(group) = objects::downcast::<GroupObject>(object)
            && method == ObjectMethod::CreateTask
        {
            let [coroutine] = values.positional else {
                let given = values.positional.len() + 1;
                return Err(type_error(format!(
                    "TaskGroup.create_task() takes 2 positional arguments but {given} were given"
                )));
            };
            let task = group.create_task(context, coroutine)?;
            if let (Some((_, name)), Some(TaskObject(handle))) = (values.named.first(), objects::downcast(&task)) {
                handles::name_task(context, handle, name)?;
            }
            return Ok(task);
        }
        if objects::downcast::<Generator>(object).is_some() && method == ObjectMethod::Aclose {
            let close = Pending::Close(object.clone());
            return Ok(objects::value(Operation::new(context, "aclose", close)));
        }
    }
    match name.plain {
        Some(method) => call_method(object, method, values.positional, values.named),
        None => Err(no_attribute(object, name.name())),
    }
}

/// Reads an attribute.
pub(crate) fn attribute(object: &Value, attribute: Attribute) -> Result<Value> {
    let found = match (attribute, object) {
        (_, Value::Exception(exception)) => exception.attribute(attribute.name()),
        (Attribute::Maxsize, _) => objects::downcast::<QueueObject>(object)
            .map(|queue| Value::Int(i64::try_from(queue.maxsize).unwrap_or(i64::MAX))),
        _ => objects::downcast::<PrimitiveObject>(object).and_then(|object| object.attribute(attribute)),
    };
    found.ok_or_else(|| {
        attribute_error(format!("'{}' object has no attribute '{}'", object.type_name(), attribute.name()))
    })
}

fn of_queue(
    context: &Rc<Context>,
    object: &Value,
    queue: &QueueObject,
    method: ObjectMethod,
    values: Given<'_>,
) -> Result<Value> {
    use ObjectMethod as M;
    let item = || values.positional.first().cloned().ok_or_else(|| type_error("missing required argument: 'item'"));
    let operation = |name, pending| Ok(objects::value(Operation::new(context, name, pending)));
    match method {
        M::Get => operation("Queue.get", queue.get()),
        M::Put => operation("Queue.put", queue.put(item()?)),
        M::Join => operation("Queue.join", Pending::Join(queue.queue.join())),
        M::GetNowait => {
            let got = queue.queue.get_nowait();
            queue.check_order()?;
            got.map_err(|failed| {
                error_without_text(match failed {
                    GetError::Empty => ExceptionKind::QueueEmpty,
                    GetError::ShutDown => ExceptionKind::QueueShutDown,
                })
            })
        }
        M::PutNowait => {
            let put = queue.queue.put_nowait(item()?);
            queue.check_put()?;
            put.map(|()| Value::None).map_err(|failed| {
                error_without_text(match failed {
                    PutError::Full(_) => ExceptionKind::QueueFull,
                    PutError::ShutDown(_) => ExceptionKind::QueueShutDown,
                })
            })
        }
        M::Shutdown => {
            let immediate = values.positional.first().or_else(|| values.named.first().map(|(_, value)| value));
            let immediate = immediate.is_some_and(Value::is_true);
            queue.queue.shutdown(if immediate { Shutdown::Immediately } else { Shutdown::WhenEmpty });
            queue.check_order()?;
            Ok(Value::None)
        }
        M::TaskDone => queue.queue.task_done().map_err(|failed| value_error(failed.to_string())).map(|()| Value::None),
        M::Qsize => Ok(Value::Int(i64::try_from(queue.queue.len()).unwrap_or(i64::MAX))),
        M::Empty => Ok(Value::Bool(queue.queue.is_empty())),
        M::Full => Ok(Value::Bool(queue.queue.is_full())),
        _ => Err(no_attribute(object, method.name())),
    }
}

pub(crate) fn error_without_text(kind: ExceptionKind) -> Rc<Exception> {
    Rc::new(Exception::new(kind, Vec::new()))
}

/// What awaiting a task that has ended gives, or raises.
pub(crate) fn outcome(
    result: Option<std::result::Result<Outcome, timeskip_executor::Cancelled>>,
    unset: &'static str,
) -> Result<Value> {
    match result {
        Some(Ok(Outcome::Returned(value))) => Ok(value),
        Some(Ok(Outcome::Raised(failure))) => {
            failure.retrieve();
            Err(failure.exception.clone())
        }
        Some(Err(by)) => Err(cancelled(&by)),
        None => Err(error(ExceptionKind::InvalidStateError, unset)),
    }
}

/// The message that `cancel` is called with: a text, whatever it was given.
pub(super) fn message(values: Given<'_>) -> Result<Option<String>> {
    let named = || values.named.iter().find(|(name, _)| &**name == "msg").map(|(_, value)| value);
    match values.positional.first().or_else(named) {
        None | Some(Value::None) => Ok(None),
        Some(value) => crate::value::str(value).map(Some),
    }
}

/// The exception of a cancel.
pub(crate) fn cancelled(by: &timeskip_executor::Cancelled) -> Rc<Exception> {
    match by.message() {
        None => error_without_text(ExceptionKind::CancelledError),
        Some(message) => error(ExceptionKind::CancelledError, message),
    }
}
