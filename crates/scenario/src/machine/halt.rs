//! Where a run stood when a limit stopped it.

use std::rc::Rc;

use timeskip_executor::Ending;

use crate::machine::Machine;
use crate::machine::context::Context;
use crate::machine::outcome::Step;
use crate::value::Exception;
use crate::value::error::memory_error;

/// The end of a run by one of its limits.
pub(crate) struct Halt {
    pub(crate) ending: Ending,
    /// The steps that ran: the innermost first, then those that await it.
    pub(crate) way: Vec<Step>,
}

impl Context {
    /// Ends the run here and now.
    ///
    /// The exception is the way out of what is being evaluated; nobody gets to see it.
    pub(super) fn halt(&self, ending: Ending) -> Rc<Exception> {
        self.sim.halt(ending.clone());
        self.halt.borrow_mut().get_or_insert(Halt { ending, way: Vec::new() });
        Context::halted()
    }

    /// Stands for the end of the run on the way out of an evaluation.
    pub(super) fn halted() -> Rc<Exception> {
        memory_error("the run has been halted")
    }

    /// Keeps the way that led to the halt; the first one counts.
    pub(crate) fn keep_way(&self, way: impl FnOnce() -> Vec<Step>) {
        if let Some(halt) = self.halt.borrow_mut().as_mut()
            && halt.way.is_empty()
        {
            halt.way = way();
        }
    }

    /// What stopped the run, once.
    pub(crate) fn take_halt(&self) -> Option<Halt> {
        self.halt.take()
    }

    /// Whether a limit has stopped the run: its program had no chance to await what it made.
    pub(crate) fn is_stopped(&self) -> bool {
        self.sim.is_halted() || self.halt.borrow().is_some()
    }
}

impl Machine {
    /// The steps that this task is at, the innermost first.
    pub(super) fn standing(&self) -> Vec<Step> {
        let mut way = Vec::new();
        let task: Rc<str> = self.context.task_path().into();
        for frame in self.frames.downwards() {
            let function = &self.context.code.functions[frame.function as usize];
            let place = function.places.get(frame.at as usize).copied().unwrap_or_default();
            Step::join(&mut way, &task, &function.name, place);
        }
        way
    }
}
