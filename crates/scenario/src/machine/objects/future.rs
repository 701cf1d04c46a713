//! Futures whose result a program sets.

use std::any::Any;

use timeskip_executor::{FutureHandle, Status};

use crate::machine::outcome::Outcome;
use crate::value::{Object, Value, repr};

/// A future, as a program holds it.
pub(crate) struct FutureObject(pub(crate) FutureHandle<Outcome>);

impl FutureObject {
    /// `<Future finished result=1>`
    fn state(&self) -> String {
        let shown = |value: &Value| repr(value).unwrap_or_else(|_| "...".to_owned());
        match (self.0.status(), self.0.result()) {
            (Some(Status::Cancelled), _) => "cancelled".to_owned(),
            (_, Some(Ok(Outcome::Returned(value)))) => format!("finished result={}", shown(&value)),
            (_, Some(Ok(Outcome::Raised(failure)))) => {
                format!("finished exception={}", shown(&Value::Exception(failure.exception.clone())))
            }
            _ => "pending".to_owned(),
        }
    }
}

impl Object for FutureObject {
    fn type_name(&self) -> &'static str {
        "_asyncio.Future"
    }

    fn repr(&self) -> String {
        format!("<Future {}>", self.state())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
