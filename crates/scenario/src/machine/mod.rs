//! The machine: it runs one task of a scenario as one future.
//!
//! A task is a stack of frames: its own function, the coroutines that it awaits, the generators that it asks. The
//! machine runs instructions until one has to wait; then it keeps what it waits for and returns. No frame of ours is a
//! frame of Rust's, so that a program cannot overflow the stack, and no future is boxed for a nested step.

mod activation;
mod awaiting;
mod callbacks;
pub(crate) mod calls;
pub(crate) mod context;
pub(crate) mod evaluate;
mod execute;
mod frame;
mod frames;
pub(crate) mod functions;
mod gathering;
pub(crate) mod generators;
mod groups;
pub(crate) mod halt;
mod handles;
mod methods;
pub(crate) mod naming;
pub(crate) mod objects;
pub(crate) mod outcome;
pub(crate) mod primitives;
mod queueing;
mod start;
#[cfg(test)]
mod tests;
mod texts;
mod timeouts;
mod unwind;
mod waiting;
pub(crate) mod warnings;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context as PollContext, Poll};

use timeskip_executor::JoinHandle;

use crate::code::Place;
use crate::value::{Exception, Value, release};
use awaiting::Awaiting;
use context::Context;
use execute::Flow;
use frame::FrameKind;
use frames::Frames;
use outcome::{Failure, Outcome, Step};

/// How many frames a task may have: as many as Python's recursion limit allows.
const FRAMES: usize = 1000;

/// One task of a scenario.
pub(crate) struct Machine {
    context: Rc<Context>,
    /// Tasks are numbered as they are made.
    number: u32,
    frames: Frames,
    /// The variables of all frames.
    slots: Vec<Option<Value>>,
    awaiting: Option<Awaiting>,
    /// The failed task that an exception came from which is about to be raised.
    pending_way: Option<Rc<Failure>>,
}

impl Machine {
    /// A task that will run a function.
    #[inline]
    pub(crate) fn new(context: &Rc<Context>, function: u32, arguments: Vec<Option<Value>>) -> Machine {
        let mut machine = Machine::empty(context);
        machine.enter(function, arguments, FrameKind::Task);
        machine
    }

    /// A task that only awaits one thing: what asyncio makes of `gather(q.get())`.
    fn awaiting(context: &Rc<Context>, awaiting: Awaiting) -> Machine {
        let mut machine = Machine::empty(context);
        machine.awaiting = Some(awaiting);
        machine
    }

    #[inline]
    fn empty(context: &Rc<Context>) -> Machine {
        let number = context.number_task();
        let context = Rc::clone(context);
        Machine { context, number, frames: Frames::default(), slots: Vec::new(), awaiting: None, pending_way: None }
    }

    /// Starts a machine as a task of its own, which runs from the next turn on.
    #[inline]
    fn spawn(self, name: &str) -> JoinHandle<Outcome> {
        let sim = self.context.sim.clone();
        sim.spawn_as(name, self, outcome::classify)
    }

    /// The step that the top frame is at.
    fn place(&self) -> Place {
        let Some(frame) = self.frames.last() else { return Place::default() };
        let function = &self.context.code.functions[frame.function as usize];
        function.places.get(frame.at as usize).copied().unwrap_or_default()
    }

    /// The step that the program stands at: the nearest one below functions that no step wrote.
    fn standing_place(&self) -> Place {
        let places = self.frames.downwards().map(|frame| {
            let function = &self.context.code.functions[frame.function as usize];
            function.places.get(frame.at as usize).copied().unwrap_or_default()
        });
        places.into_iter().find(|place| place.line > 0).unwrap_or_default()
    }

    /// Goes on from what it waited for, until it waits again or ends.
    #[inline(always)]
    fn run(&mut self, context: &mut PollContext<'_>) -> Poll<Outcome> {
        if self.context.sim.is_watched() {
            self.context.sim.set_line(self.standing_place().line);
        }
        if !self.has_napped(context)
            && let Some(outcome) = std::task::ready!(self.go_on(context))
        {
            return self.done(outcome);
        }
        let code = Rc::clone(&self.context.code);
        loop {
            match self.instructions(&code, context) {
                // A flow that goes on has gone on.
                Ok(Flow::On) => {}
                Ok(Flow::Waits) => return self.waits(),
                Ok(Flow::Ends) => {
                    let outcome = self.returned();
                    return self.done(outcome);
                }
                Err(exception) => {
                    let from = self.pending_way.take();
                    if let Err(outcome) = self.raise(exception, from) {
                        return self.done(outcome);
                    }
                }
            }
        }
    }

    /// Whether it awaited a `sleep:` step that is over, or not even needs a wait.
    ///
    /// The sleep is dropped where it lies: its place is then known to hold nothing. To drop or to move what is awaited,
    /// whatever it is, takes longer, and waits for what the poll has just written.
    #[inline(always)]
    fn has_napped(&mut self, context: &mut PollContext<'_>) -> bool {
        let Some(Awaiting::Nap(nap)) = &mut self.awaiting else { return false };
        if nap.as_mut().is_some_and(|sleep| Pin::new(sleep).poll(context).is_pending()) {
            return false;
        }
        *nap = None;
        std::mem::forget(self.awaiting.take());
        self.next();
        true
    }

    /// Goes on from what it awaited, or from a cancel there. A future that has to clean up first takes the cancel itself
    /// when it is polled; any other one leaves it as it is.
    #[inline(never)]
    fn go_on(&mut self, context: &mut PollContext<'_>) -> Poll<Option<Outcome>> {
        let polled = self.awaiting.as_mut().map(|awaiting| awaiting.poll(context));
        Poll::Ready(match polled {
            Some(Poll::Ready(result)) => {
                self.awaiting = None;
                self.settle(result)
            }
            pending => match (self.context.sim.take_cancel(), pending) {
                (Some(cancelled), _) => {
                    let exception = self.cancelled_at(methods::cancelled(&cancelled));
                    self.awaiting = None;
                    self.raise(exception, None).err()
                }
                (None, Some(_)) => return Poll::Pending,
                (None, None) => None,
            },
        })
    }

    /// What was awaited has come.
    fn settle(&mut self, result: Result<Value, awaiting::Raised>) -> Option<Outcome> {
        let (exception, failure) = match result {
            Ok(value) => match self.complete(value) {
                Ok(Flow::Ends) => return Some(self.returned()),
                Ok(_) => return None,
                Err(exception) => (exception, None),
            },
            Err(raised) => raised,
        };
        self.raise(exception, failure).err()
    }

    /// What a task comes to that ends with the value that is left in its variables.
    fn returned(&mut self) -> Outcome {
        Outcome::Returned(self.slots.pop().flatten().unwrap_or(Value::None))
    }

    fn waits(&self) -> Poll<Outcome> {
        if let Some(frame) = self.frames.last() {
            self.context.last_wait.set((frame.function, frame.at));
        }
        Poll::Pending
    }

    fn done(&mut self, outcome: Outcome) -> Poll<Outcome> {
        self.hand_on_cancel(&outcome);
        // After a halt nothing of the program runs any more, and nobody is to see what it came to.
        if self.context.sim.is_halted() { Poll::Pending } else { Poll::Ready(outcome) }
    }

    fn failure(&self, exception: Rc<Exception>, way: Vec<Step>) -> Outcome {
        Outcome::Raised(Rc::new(Failure::new(exception, way, &self.context.warnings)))
    }
}

impl Future for Machine {
    type Output = Outcome;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, context: &mut PollContext<'_>) -> Poll<Outcome> {
        self.context.refill();
        let outcome = self.run(context);
        self.context.pass(self.context.costs.step);
        outcome
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.awaiting = None;
        release(self.slots.drain(..).flatten());
    }
}

/// Runs `after`, when the run is over: no task, no turn, and the clock stands. What it failed with; where a limit stopped
/// it, the context knows.
pub(crate) fn after(context: &Rc<Context>, result: Value) -> Option<Rc<Failure>> {
    context.refill();
    context.is_over.set(true);
    let mut machine = Machine::empty(context);
    // What it prints belongs to main, whose result it shows.
    machine.number = 0;
    machine.enter(context.code.after, vec![Some(result)], FrameKind::Task);
    // The checker has seen to it that nothing here waits, so that the first poll is the last.
    let mut poll_context = PollContext::from_waker(std::task::Waker::noop());
    match machine.run(&mut poll_context) {
        Poll::Ready(Outcome::Raised(failure)) => Some(failure),
        Poll::Ready(Outcome::Returned(_)) | Poll::Pending => None,
    }
}
