//! How a task of a scenario ends, and the way an exception took.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use timeskip_executor::Status;

use crate::code::Place;
use crate::machine::warnings::Warnings;
use crate::value::{Exception, ExceptionKind, Value};

/// What a task returned or raised.
#[derive(Clone)]
pub(crate) enum Outcome {
    Returned(Value),
    Raised(Rc<Failure>),
}

impl Outcome {
    /// Somebody has taken notice of what a task came to.
    pub(crate) fn note_retrieved(output: &dyn Any) {
        if let Some(Outcome::Raised(failure)) = output.downcast_ref() {
            failure.retrieve();
        }
    }
}

/// An exception that ended a task.
pub(crate) struct Failure {
    pub(crate) exception: Rc<Exception>,
    /// The steps it came through, from where it was raised to the outermost await.
    pub(crate) way: Vec<Step>,
    /// The future that it was set on, where it is no task's.
    future: Option<Rc<str>>,
    /// Whether somebody has seen it; if nobody ever does, that is worth a warning.
    retrieved: Cell<bool>,
    warnings: Rc<Warnings>,
}

/// A step on the way of an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The task's path.
    pub(crate) task: Rc<str>,
    /// The name of what ran: a task's function.
    pub(crate) function: Rc<str>,
    pub(crate) place: Place,
    /// How many frames in a row stood there: a recursion is one step of the way.
    pub(crate) times: u32,
}

/// How many steps of a way are kept at its beginning.
const WAY: usize = 50;

impl Step {
    /// Adds a step to the end of a way.
    pub(crate) fn join(way: &mut Vec<Step>, task: &Rc<str>, function: &Rc<str>, place: Place) {
        if let Some(last) = way.last_mut()
            && last.place == place
            && last.task == *task
            && last.function == *function
        {
            last.times += 1;
        } else if way.len() < WAY {
            way.push(Step { task: Rc::clone(task), function: Rc::clone(function), place, times: 1 });
        }
    }
}

impl Failure {
    pub(crate) fn new(exception: Rc<Exception>, way: Vec<Step>, warnings: &Rc<Warnings>) -> Failure {
        Failure { exception, way, future: None, retrieved: Cell::new(false), warnings: Rc::clone(warnings) }
    }

    /// An exception that was set on a future.
    pub(crate) fn of_future(exception: Rc<Exception>, future: Rc<str>, warnings: &Rc<Warnings>) -> Failure {
        let retrieved = Cell::new(false);
        Failure { exception, way: Vec::new(), future: Some(future), retrieved, warnings: Rc::clone(warnings) }
    }

    /// The same exception, handed on to a future of this name.
    pub(crate) fn handed_on(&self, future: Rc<str>, warnings: &Rc<Warnings>) -> Failure {
        let exception = Rc::clone(&self.exception);
        let mut failure = Failure::of_future(exception, future, warnings);
        failure.way.clone_from(&self.way);
        failure
    }

    /// Somebody has seen it.
    pub(crate) fn retrieve(&self) {
        self.retrieved.set(true);
    }
}

/// How many awaits are told.
const TOLD: usize = 5;

impl Failure {
    /// Where it was raised, and the awaits that led there: ` (line 7, awaited at line 5 in work, by line 12 in main)`.
    pub(crate) fn lines(&self) -> String {
        let Some((first, awaits)) = self.way.split_first() else { return String::new() };
        let mut text = format!(" (line {}", first.place.line);
        for (number, step) in awaits.iter().take(TOLD).enumerate() {
            let joint = if number == 0 { ", awaited at line " } else { ", by line " };
            text.push_str(&format!("{joint}{} in {}", step.place.line, step.function));
        }
        if awaits.len() > TOLD {
            text.push_str(&format!(", and {} more", awaits.len() - TOLD));
        }
        text.push(')');
        text
    }
}

impl Drop for Failure {
    fn drop(&mut self) {
        // A future may hold a CancelledError as any other exception; a task that ends by one is cancelled.
        let cancelled = self.future.is_none() && self.exception.kind.is_a(ExceptionKind::CancelledError);
        if self.retrieved.get() || cancelled {
            return;
        }
        self.warnings.add(|| {
            let task = || self.way.last().map_or_else(String::new, |step| format!(" of {}", step.task));
            let whose = self.future.as_ref().map_or_else(task, |future| format!(" of future {future}"));
            format!("the exception{whose} was never retrieved: {}{}", describe(&self.exception), self.lines())
        });
    }
}

/// How the executor counts an outcome.
pub(crate) fn classify(outcome: &Outcome) -> Status {
    match outcome {
        Outcome::Returned(_) => Status::Finished,
        Outcome::Raised(failure) if failure.exception.kind.is_a(ExceptionKind::CancelledError) => Status::Cancelled,
        Outcome::Raised(_) => Status::Failed,
    }
}

/// An exception in one line, as at the end of Python's traceback: `ValueError: why`.
pub(crate) fn describe(exception: &Exception) -> String {
    let message = exception.message();
    let name = exception.kind.name();
    if message.is_empty() { name.to_owned() } else { format!("{name}: {message}") }
}
