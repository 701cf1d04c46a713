//! Callbacks, and handles on calls that are to come.

use std::rc::Rc;

use timeskip_executor::CallHandle;

use crate::value::Object;

/// A task of the file that is named without a call: the loop calls it.
pub(crate) struct CallbackObject {
    pub(crate) function: u32,
    pub(crate) name: Rc<str>,
}

/// What `call_soon`, `call_later` and `call_at` give.
pub(crate) struct HandleObject(pub(crate) CallHandle);

impl Object for CallbackObject {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn repr(&self) -> String {
        format!("<function {}>", self.name)
    }

    fn is_same(&self, other: &dyn Object) -> bool {
        other.downcast::<CallbackObject>().is_some_and(|other| other.function == self.function)
    }
}

impl Object for HandleObject {
    fn type_name(&self) -> &'static str {
        if self.0.when().is_some() { "TimerHandle" } else { "Handle" }
    }

    fn repr(&self) -> String {
        let cancelled = if self.0.cancelled() { " cancelled" } else { "" };
        let when = self.0.when().map_or_else(String::new, |when| format!(" when={:?}", when.as_secs_f64()));
        format!("<{}{cancelled}{when}>", self.type_name())
    }
}
