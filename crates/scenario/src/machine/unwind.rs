//! Raising, returning and leaving: the ways through handlers and `finally`.

use std::rc::Rc;

use crate::code::{Address, Depth, HandlerKind};
use crate::machine::Machine;
use crate::machine::execute::Flow;
use crate::machine::frame::{Extras, Frame, FrameKind, Interrupted};
use crate::machine::objects::{self, Generator, GeneratorState};
use crate::machine::outcome::{Failure, Outcome, Step};
use crate::value::error::error;
use crate::value::{Exception, ExceptionKind, Result, Value};

impl Machine {
    /// Raises an exception in the top frame: it goes to the nearest handler, through the frames. With none, the task
    /// ends with it, which is the error of this function.
    pub(super) fn raise(
        &mut self,
        exception: Rc<Exception>,
        from: Option<Rc<Failure>>,
    ) -> std::result::Result<(), Outcome> {
        let mut exception = exception;
        let mut way = from.map_or_else(Vec::new, |failure| failure.way.clone());
        if self.context.sim.is_halted() {
            self.context.keep_way(|| self.standing());
            return Err(self.ended_unseen(exception, way));
        }
        let task = self.context.task_path().into();
        while let Some(frame) = self.frames.last() {
            let place = self.place();
            if exception.place.get().is_none() && place.line > 0 {
                exception.place.set(Some(place.line));
            }
            let function = &self.context.code.functions[frame.function as usize].name;
            if place.line > 0 {
                Step::join(&mut way, &task, function, place);
            }
            if self.go_to_handler(&exception) {
                return Ok(());
            }
            match self.leave_generator() {
                FrameKind::Close => {
                    let ended = [ExceptionKind::GeneratorExit, ExceptionKind::StopAsyncIteration];
                    if ended.contains(&exception.kind) {
                        way.clear();
                        // Closing is done; the await of `aclose()` goes on.
                        match self.complete(Value::None) {
                            Ok(_) => return Ok(()),
                            Err(raised) => exception = raised,
                        }
                    }
                }
                FrameKind::Task | FrameKind::Coroutine | FrameKind::Call(_) | FrameKind::Next => {}
            }
        }
        Err(self.failure(exception, way))
    }

    /// The outcome of a task of a halted run: nobody will look at it, and nobody misses that.
    fn ended_unseen(&self, exception: Rc<Exception>, way: Vec<Step>) -> Outcome {
        let outcome = self.failure(exception, way);
        if let Outcome::Raised(failure) = &outcome {
            failure.retrieve();
        }
        outcome
    }

    /// Goes to the top frame's nearest handler, if it has one.
    fn go_to_handler(&mut self, exception: &Rc<Exception>) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        let Some(guards) = frame.extras.as_mut().map(|extras| &mut extras.guards) else { return false };
        let Some(handler) = guards.pop_handler() else { return false };
        frame.at = handler.address;
        match handler.kind {
            HandlerKind::Except => guards.handling.push(Rc::clone(exception)),
            HandlerKind::Finally => {
                let above = guards.handling.len();
                guards.interrupted.push(Interrupted::Raise { exception: Rc::clone(exception), above });
            }
        }
        true
    }

    /// Returns from any frame.
    #[inline(never)]
    pub(super) fn return_through(&mut self, value: Value) -> Result<Flow> {
        if let Some(frame) = self.frames.last_mut()
            && let Some(Extras { guards, .. }) = frame.extras.as_deref_mut()
        {
            while let Some(handler) = guards.pop_handler() {
                if handler.kind == HandlerKind::Finally {
                    frame.at = handler.address;
                    guards.interrupted.push(Interrupted::Return(value));
                    return Ok(Flow::On);
                }
            }
        }
        match self.leave_generator() {
            FrameKind::Task => Ok(self.end_with(value)),
            FrameKind::Coroutine | FrameKind::Call(_) => self.complete(value),
            FrameKind::Next => {
                self.exhausted();
                Ok(Flow::On)
            }
            FrameKind::Close => self.complete(Value::None),
        }
    }

    /// Takes the top frame off; a generator whose frame it was is closed.
    fn leave_generator(&mut self) -> FrameKind {
        let Some(mut frame) = self.leave() else { return FrameKind::Task };
        if let Some(generator) = frame.take_generator() {
            close(&generator);
        }
        frame.kind
    }

    /// Goes to `address`, past what was put in place above `depth`, through its `finally` steps.
    pub(super) fn leave_to(&mut self, address: Address, depth: Depth) {
        let Some(frame) = self.frames.last_mut() else { return };
        if let Some(Extras { guards, .. }) = frame.extras.as_deref_mut() {
            while guards.handlers.len() > depth.handlers as usize {
                let Some(handler) = guards.pop_handler() else { break };
                if handler.kind == HandlerKind::Finally {
                    frame.at = handler.address;
                    guards.interrupted.push(Interrupted::Leave { address, depth });
                    return;
                }
            }
            guards.handling.truncate(depth.handling as usize);
            guards.interrupted.truncate(depth.interrupted as usize);
        }
        frame.at = address;
    }

    /// The steps of a `finally` are over: what they interrupted goes on.
    pub(super) fn end_finally(&mut self) -> Result<Flow> {
        let guards = self.frames.last_mut().and_then(Frame::guards_mut);
        let interrupted = guards.and_then(|guards| guards.interrupted.pop());
        match interrupted {
            None | Some(Interrupted::Nothing) => {
                self.next();
                Ok(Flow::On)
            }
            Some(Interrupted::Raise { exception, .. }) => Err(exception),
            Some(Interrupted::Return(value)) => self.return_value(value),
            Some(Interrupted::Leave { address, depth }) => {
                self.leave_to(address, depth);
                Ok(Flow::On)
            }
        }
    }

    /// The exception that is being handled.
    pub(super) fn handled(&self) -> Option<Rc<Exception>> {
        self.frames.downwards().find_map(|frame| frame.guards()?.handled())
    }

    /// The exception that a bare `raise` raises again.
    pub(super) fn raise_again(&self) -> Rc<Exception> {
        let nothing = || error(ExceptionKind::RuntimeError, "No active exception to reraise");
        self.handled().unwrap_or_else(nothing)
    }
}

fn close(generator: &Value) {
    if let Some(generator) = objects::downcast::<Generator>(generator) {
        generator.put(GeneratorState::Closed);
    }
}
