//! Shields: what stands before a task.

use std::any::Any;

use timeskip_executor::{Shield, Status};

use crate::code::ObjectMethod;
use crate::machine::evaluate::Given;
use crate::machine::methods::{message, outcome};
use crate::machine::outcome::Outcome;
use crate::value::{Object, Result, Value};

/// What `shield(awaitable)` gives where the task has not ended.
pub(crate) struct ShieldObject(pub(crate) Shield<Outcome>);

impl ShieldObject {
    /// Calls a method; `None` where it has none of this name.
    pub(crate) fn call(&self, method: ObjectMethod, values: Given<'_>) -> Option<Result<Value>> {
        use ObjectMethod as M;
        let shield = &self.0;
        Some(match method {
            M::Done => Ok(Value::Bool(shield.status().is_some())),
            M::Cancelled => Ok(Value::Bool(shield.status() == Some(Status::Cancelled))),
            M::Cancel => message(values).map(|message| Value::Bool(shield.cancel(message.as_deref()))),
            M::Result => outcome(shield.result(), "Result is not set."),
            M::Exception => match shield.result() {
                Some(Ok(Outcome::Raised(failure))) => {
                    failure.retrieve();
                    Ok(Value::Exception(failure.exception.clone()))
                }
                Some(Ok(Outcome::Returned(_))) => Ok(Value::None),
                other => outcome(other, "Exception is not set."),
            },
            _ => return None,
        })
    }
}

impl Object for ShieldObject {
    fn type_name(&self) -> &'static str {
        "_asyncio.Future"
    }

    fn repr(&self) -> String {
        let state = match self.0.status() {
            None => "pending",
            Some(Status::Cancelled) => "cancelled",
            Some(_) => "finished",
        };
        format!("<Future {state}>")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
