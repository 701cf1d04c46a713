//! Handles on tasks.

use timeskip_executor::JoinHandle;

use crate::machine::outcome::Outcome;
use crate::value::Object;

/// A handle on a task, as a program holds it. Two handles on one task are the same thing to a program.
pub(crate) struct TaskObject(pub(crate) JoinHandle<Outcome>);

impl Object for TaskObject {
    fn type_name(&self) -> &'static str {
        "_asyncio.Task"
    }

    fn repr(&self) -> String {
        format!("<Task {}>", self.0.path())
    }

    fn is_same(&self, other: &dyn Object) -> bool {
        other.downcast::<TaskObject>().is_some_and(|other| other.0.id() == self.0.id())
    }
}
