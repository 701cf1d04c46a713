//! Futures whose result a program sets.

use timeskip_executor::{FutureHandle, Status};

use crate::machine::outcome::Outcome;
use crate::value::{Object, Value, repr};

/// A future, as a program holds it.
pub(crate) struct FutureObject(pub(crate) FutureHandle<Outcome>, pub(crate) FutureClass);

/// The class of a future in asyncio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FutureClass {
    Future,
    Gathering,
}

impl FutureClass {
    pub(crate) fn name(self) -> &'static str {
        match self {
            FutureClass::Future => "Future",
            FutureClass::Gathering => "_GatheringFuture",
        }
    }
}

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
        match self.1 {
            FutureClass::Future => "_asyncio.Future",
            FutureClass::Gathering => self.1.name(),
        }
    }

    fn repr(&self) -> String {
        format!("<{} {}>", self.1.name(), self.state())
    }
}
