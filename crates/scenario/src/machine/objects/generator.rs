//! An async generator: a task with `yield`.
//!
//! As asyncio's loop does, the run knows the generators that have been asked and are still there: one that is dropped
//! while it stands at a yield is closed by a task of its own, and those that are left at the end are closed then.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::machine::context::Context;
use crate::machine::frame::Saved;
use crate::machine::generators;
use crate::value::{Object, Value, release};

/// What a call of a task with `yield` makes.
pub(crate) struct Generator {
    context: Rc<Context>,
    pub(crate) function: u32,
    state: RefCell<State>,
    known: Cell<Known>,
}

/// What the run knows of a generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Nobody has asked it.
    Nothing,
    /// It has been asked; its number among those that have.
    Asked(u64),
    /// It was dropped, and lives on only to be closed.
    Dropped,
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
        let (state, known) = (RefCell::new(State::New(arguments)), Cell::new(Known::Nothing));
        Generator { context: Rc::clone(context), function, state, known }
    }

    /// It is asked or closed: from the first time on the run knows it.
    pub(crate) fn introduce(&self, value: &Value) {
        if self.known.get() == Known::Nothing
            && let Value::Object(object) = value
        {
            self.known.set(Known::Asked(self.context.generators.add(object)));
        }
    }

    /// Takes the state; the generator counts as running until another one is put.
    pub(crate) fn take(&self) -> State {
        self.state.replace(State::Running)
    }

    pub(crate) fn put(&self, state: State) {
        self.state.replace(state);
    }

    pub(crate) fn context(&self) -> &Rc<Context> {
        &self.context
    }

    fn name(&self) -> &str {
        &self.context.code.functions[self.function as usize].name
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        if let Known::Asked(number) = self.known.get() {
            self.context.generators.remove(number);
        }
        match self.state.replace(State::Closed) {
            State::Suspended(saved) if self.known.get() != Known::Dropped && !self.context.is_closed() => {
                let (state, known) = (RefCell::new(State::Suspended(saved)), Cell::new(Known::Dropped));
                let context = Rc::clone(&self.context);
                generators::close_soon(Generator { context, function: self.function, state, known });
            }
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
}
