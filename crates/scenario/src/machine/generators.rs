//! The generators of a run: closing what a program leaves open, as asyncio's loop does.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use timeskip_executor::{Callback, JoinHandle};

use crate::machine::Machine;
use crate::machine::context::Context;
use crate::machine::objects::{self, Generator};
use crate::machine::outcome::{Outcome, describe};
use crate::value::{Exception, Object, Value};

/// The generators that have been asked and are still there, in the order in which they were first asked.
#[derive(Default)]
pub(crate) struct Generators {
    asked: RefCell<BTreeMap<u64, Weak<dyn Object>>>,
    count: Cell<u64>,
}

impl Generators {
    /// Adds one; its number.
    pub(crate) fn add(&self, generator: &Rc<dyn Object>) -> u64 {
        let number = self.count.get();
        self.count.set(number + 1);
        self.asked.borrow_mut().insert(number, Rc::downgrade(generator));
        number
    }

    pub(crate) fn remove(&self, number: u64) {
        self.asked.borrow_mut().remove(&number);
    }

    fn take(&self) -> Vec<Value> {
        let asked = self.asked.take();
        asked.into_values().filter_map(|generator| generator.upgrade()).map(Value::Object).collect()
    }
}

/// A generator was dropped while it stands at a yield: a callback makes a task that closes it.
pub(super) fn close_soon(generator: Generator) {
    let context = Rc::clone(generator.context());
    let sim = context.sim.clone();
    sim.call_soon(Callback::named("create_task", move || drop(closer(&context, objects::value(generator)))));
}

/// A task that closes a generator.
pub(super) fn closer(context: &Rc<Context>, generator: Value) -> JoinHandle<Outcome> {
    let closer = Machine::new(context, context.code.closer, vec![Some(generator)]).spawn("aclose");
    closer.begin();
    closer
}

impl Machine {
    /// The exception that a cancel raises in this task, and where: it goes to the await at which the task stands, and in
    /// a task that was about to close a generator to the yield at which that one stands.
    pub(super) fn cancelled_at(&mut self, exception: Rc<Exception>) -> Rc<Exception> {
        let closing = match self.frames.last() {
            // Its function calls none, so that no other frame is there.
            Some(frame) if frame.function == self.context.code.closer && self.awaiting.is_none() => {
                self.slots[frame.base as usize].clone()
            }
            _ => None,
        };
        match closing {
            Some(generator) => self.close_generator(&generator, exception.clone()).err().unwrap_or(exception),
            None => exception,
        }
    }
}

/// The last task of a run: all generators that are left are closed, side by side.
pub(crate) fn shutdown(context: &Rc<Context>) -> Option<Pin<Box<dyn Future<Output = ()>>>> {
    let left = context.generators.take();
    if left.is_empty() {
        return None;
    }
    let context = Rc::clone(context);
    Some(Box::pin(async move {
        let closing: Vec<JoinHandle<Outcome>> = left.into_iter().map(|generator| closer(&context, generator)).collect();
        let Ok(closed) = context.sim.gather_all(closing).await else { return };
        for handle in closed {
            if let Some(Ok(Outcome::Raised(failure))) = handle.result() {
                failure.retrieve();
                let (what, lines) = (describe(&failure.exception), failure.lines());
                context.warnings.add(|| format!("an async generator failed while it was closed: {what}{lines}"));
            }
        }
    }))
}
