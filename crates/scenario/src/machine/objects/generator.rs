//! An async generator: a task with `yield`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::machine::context::Context;
use crate::machine::frame::Saved;
use crate::value::{Object, Value, release};

/// What a call of a task with `yield` makes.
pub(crate) struct Generator {
    context: Rc<Context>,
    pub(crate) function: u32,
    state: RefCell<State>,
}

/// Where an async generator stands.
pub(crate) enum State {
    /// It has not begun.
    New(Vec<Option<Value>>),
    /// It stands at a yield.
    Suspended(Saved),
    /// It runs in some task.
    Running,
    /// It is over.
    Closed,
}

impl Generator {
    pub(crate) fn new(context: &Rc<Context>, function: u32, arguments: Vec<Option<Value>>) -> Generator {
        Generator { context: Rc::clone(context), function, state: RefCell::new(State::New(arguments)) }
    }

    /// Takes the state; the generator counts as running until another one is put.
    pub(crate) fn take(&self) -> State {
        self.state.replace(State::Running)
    }

    pub(crate) fn put(&self, state: State) {
        self.state.replace(state);
    }

    fn name(&self) -> &str {
        &self.context.code.functions[self.function as usize].name
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        match self.state.replace(State::Closed) {
            State::New(arguments) => release(arguments.into_iter().flatten()),
            State::Suspended(saved) => release(saved.slots.into_iter().flatten()),
            State::Running | State::Closed => {}
        }
    }
}

impl Object for Generator {
    fn type_name(&self) -> &'static str {
        "async_generator"
    }

    fn repr(&self) -> String {
        format!("<async_generator object {}>", self.name())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
