//! What runs in a task: its body, the coroutines that it awaits, and the generators that it asks.

use std::rc::Rc;

use crate::code::{Address, Depth, HandlerKind, Slot};
use crate::value::{Exception, Value};

/// One activation of a function.
pub(crate) struct Frame {
    pub(crate) function: u32,
    /// The instruction that runs, or that waits.
    pub(crate) at: Address,
    /// Where its variables begin in the task's.
    pub(crate) base: u32,
    pub(crate) kind: FrameKind,
    /// Boxed, since most frames never come to a `try` and are no generator's, and there may be a million.
    pub(crate) extras: Option<Box<Extras>>,
}

/// What few frames have.
#[derive(Default)]
pub(crate) struct Extras {
    pub(crate) guards: Guards,
    /// The generator that this is a frame of, while it is asked or closed.
    pub(crate) generator: Option<Value>,
}

/// What the `try` steps around an instruction have put in place.
#[derive(Default)]
pub(crate) struct Guards {
    /// Where exceptions go, innermost last.
    pub(crate) handlers: Vec<Handler>,
    /// The exceptions that are being handled, innermost last.
    pub(crate) handling: Vec<Rc<Exception>>,
    /// What the `finally` steps that are running have interrupted, innermost last.
    pub(crate) interrupted: Vec<Interrupted>,
}

impl Guards {
    /// The innermost exception that is being handled, or that a `finally` has held up.
    pub(crate) fn handled(&self) -> Option<Rc<Exception>> {
        let innermost = |interrupted: &Interrupted| match interrupted {
            Interrupted::Raise { exception, above } if *above == self.handling.len() => Some(Rc::clone(exception)),
            _ => None,
        };
        self.interrupted.iter().rev().find_map(innermost).or_else(|| self.handling.last().cloned())
    }

    /// Takes the innermost handler, and forgets what came after it was put in place.
    pub(crate) fn pop_handler(&mut self) -> Option<Handler> {
        let handler = self.handlers.pop()?;
        self.handling.truncate(handler.handling);
        self.interrupted.truncate(handler.interrupted);
        Some(handler)
    }
}

/// Who gets what a frame returns. It takes four bytes, so that a frame is moved in whole words.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// The task's own function: the task ends with it.
    Task,
    /// A coroutine: the await below it goes on.
    Coroutine,
    /// A coroutine whose value goes to this variable of the frame below it, or to none.
    Call(Option<Slot>),
    /// A generator: `async for` below it asks for the next value.
    Next,
    /// A generator that is being closed: the await below it goes on.
    Close,
}

/// Where exceptions go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler {
    pub(crate) address: Address,
    pub(crate) kind: HandlerKind,
    /// How many exceptions were being handled when it was put in place.
    pub(crate) handling: usize,
    /// How many `finally` steps were running then.
    pub(crate) interrupted: usize,
}

/// What goes on when the steps of a `finally` are over.
#[derive(Clone)]
pub(crate) enum Interrupted {
    /// The step behind.
    Nothing,
    Raise {
        exception: Rc<Exception>,
        /// How many exceptions were being handled around the `finally`.
        above: usize,
    },
    Return(Value),
    Leave {
        address: Address,
        depth: Depth,
    },
}

/// A generator's frame while it stands at a yield.
pub(crate) struct Saved {
    pub(crate) frame: Frame,
    pub(crate) slots: Vec<Option<Value>>,
}

impl Frame {
    pub(crate) fn new(function: u32, base: u32, kind: FrameKind) -> Frame {
        Frame { function, at: 0, base, kind, extras: None }
    }

    pub(crate) fn guards(&self) -> Option<&Guards> {
        self.extras.as_ref().map(|extras| &extras.guards)
    }

    pub(crate) fn guards_mut(&mut self) -> Option<&mut Guards> {
        self.extras.as_mut().map(|extras| &mut extras.guards)
    }

    /// Takes the generator out that this is a frame of.
    pub(crate) fn take_generator(&mut self) -> Option<Value> {
        self.extras.as_mut()?.generator.take()
    }
}
