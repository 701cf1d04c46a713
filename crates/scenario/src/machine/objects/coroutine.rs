//! A coroutine: a call of a task that has not run yet.

use std::cell::RefCell;
use std::rc::Rc;

use crate::machine::context::Context;
use crate::value::{Object, Value, release};

/// What a call of a task makes. Awaiting or spawning it takes what it holds; that can be done once.
pub(crate) struct Coroutine {
    context: Rc<Context>,
    pub(crate) function: u32,
    arguments: RefCell<Option<Vec<Option<Value>>>>,
}

impl Coroutine {
    pub(crate) fn new(context: &Rc<Context>, function: u32, arguments: Vec<Option<Value>>) -> Coroutine {
        Coroutine { context: Rc::clone(context), function, arguments: RefCell::new(Some(arguments)) }
    }

    /// The arguments, to begin with; `None` when it has begun before.
    pub(crate) fn take(&self) -> Option<Vec<Option<Value>>> {
        self.arguments.take()
    }

    pub(crate) fn name(&self) -> Rc<str> {
        self.context.code.functions[self.function as usize].name.clone()
    }
}

impl Drop for Coroutine {
    fn drop(&mut self) {
        if let Some(arguments) = self.arguments.take() {
            // When a run is halted, its program had no chance to await what it made.
            if !self.context.is_stopped() {
                self.context.warnings.add(|| format!("coroutine '{}' was never awaited", self.name()));
            }
            release(arguments.into_iter().flatten());
        }
    }
}

impl Object for Coroutine {
    fn type_name(&self) -> &'static str {
        "coroutine"
    }

    fn repr(&self) -> String {
        format!("<coroutine object {}>", self.name())
    }
}
