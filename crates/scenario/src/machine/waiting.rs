//! `wait(tasks, timeout=1, return_when=FIRST_COMPLETED)`.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context as PollContext, Poll};

use timeskip_executor::{JoinHandle, ReturnWhen, TaskId, WaitTasks};

use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::functions::{argument, optional, timeout};
use crate::machine::objects::{self, Coroutine, FutureObject, Operation, Pending, TaskObject};
use crate::machine::outcome::Outcome;
use crate::value::error::{attribute_error, type_error, value_error};
use crate::value::{Exception, Result, Value, collect, str};

/// A wait for some of several tasks.
pub(crate) struct Waiting {
    future: WaitTasks<Outcome>,
    /// What the program gave, to be handed back.
    given: BTreeMap<TaskId, Value>,
}

/// The coroutine that a call of `wait` makes. What is wrong with its arguments is found when it runs, as in Python.
pub(super) fn call(context: &Rc<Context>, values: Given<'_>) -> Value {
    let pending = match begin(context, values) {
        Ok(waiting) => Pending::Wait(Box::new(waiting)),
        Err(exception) => Pending::Raises(exception),
    };
    objects::value(Operation::new(context, "wait", pending))
}

fn begin(context: &Rc<Context>, values: Given<'_>) -> Result<Waiting> {
    let tasks = argument(values, 0, "fs")?;
    if let Some(kind) = awaitable(tasks) {
        return Err(type_error(format!("expect a list of futures, not {kind}")));
    }
    let tasks = if tasks.is_true() { collect(tasks)? } else { Vec::new() };
    if tasks.is_empty() {
        return Err(value_error("Set of Tasks/Futures is empty."));
    }
    let return_when = optional(values, 2, "return_when").map_or(Ok(ReturnWhen::AllCompleted), return_when)?;
    if tasks.iter().any(|task| awaitable(task) == Some("coroutine")) {
        return Err(type_error("Passing coroutines is forbidden, use tasks explicitly."));
    }
    let limit = optional(values, 1, "timeout").map_or(Ok(None), timeout)?;
    let mut given = BTreeMap::new();
    let mut handles = Vec::with_capacity(tasks.len());
    for task in tasks {
        let Some(handle) = objects::future(&task) else {
            let kind = task.type_name();
            return Err(attribute_error(format!("'{kind}' object has no attribute 'add_done_callback'")));
        };
        handles.push(handle.clone());
        given.insert(handle.id(), task);
    }
    let mut future = context.sim.wait(handles, return_when);
    if let Some(delay) = limit {
        future = future.timeout(delay);
    }
    Ok(Waiting { future, given })
}

/// The name of the type of a task, future or coroutine.
fn awaitable(value: &Value) -> Option<&'static str> {
    if objects::downcast::<TaskObject>(value).is_some() {
        return Some("Task");
    }
    if let Some(FutureObject(_, class)) = objects::downcast(value) {
        return Some(class.name());
    }
    let is_coroutine =
        objects::downcast::<Coroutine>(value).is_some() || objects::downcast::<Operation>(value).is_some();
    is_coroutine.then_some("coroutine")
}

fn return_when(value: &Value) -> Result<ReturnWhen> {
    match value {
        Value::Str(text) if **text == *"FIRST_COMPLETED" => Ok(ReturnWhen::FirstCompleted),
        Value::Str(text) if **text == *"FIRST_EXCEPTION" => Ok(ReturnWhen::FirstException),
        Value::Str(text) if **text == *"ALL_COMPLETED" => Ok(ReturnWhen::AllCompleted),
        other => Err(value_error(format!("Invalid return_when value: {}", str(other)?))),
    }
}

impl Waiting {
    /// Two lists: the tasks that have ended, and those that have not.
    pub(super) fn poll(&mut self, context: &mut PollContext<'_>) -> Poll<std::result::Result<Value, Rc<Exception>>> {
        Pin::new(&mut self.future).poll(context).map(|waited| {
            let waited = waited.map_err(|empty| value_error(empty.to_string()))?;
            let mut list = |tasks: &[JoinHandle<Outcome>]| {
                Value::list(tasks.iter().filter_map(|task| self.given.remove(&task.id())).collect())
            };
            Ok(Value::tuple([list(&waited.done), list(&waited.pending)]))
        })
    }
}
