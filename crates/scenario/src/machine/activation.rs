//! Entering functions and returning from them: the frames of a task, and where the value of an await goes.

use std::rc::Rc;

use crate::code::{Expr, Instruction, Target};
use crate::machine::evaluate::{Evaluator, Names};
use crate::machine::execute::Flow;
use crate::machine::frame::{Frame, FrameKind};
use crate::machine::{FRAMES, Machine, primitives};
use crate::value::error::recursion_error;
use crate::value::{Result, Value, is_nested, let_go, put, release};

impl Machine {
    /// Puts a frame on top.
    pub(super) fn enter(&mut self, function: u32, arguments: Vec<Option<Value>>, kind: FrameKind) {
        let base = self.slots.len();
        if base == 0 {
            // The first frame takes the arguments as they are, with room for all its variables.
            self.slots = arguments;
        } else {
            self.slots.extend(arguments);
        }
        self.push_frame(function, base, kind);
    }

    /// Enters the function of an awaited call, without an object for the coroutine: its arguments are evaluated where
    /// its variables will be.
    #[inline]
    pub(super) fn enter_call(&mut self, function: u32, arguments: &[Expr], target: Option<&Target>) -> Result<Flow> {
        let base = self.slots.len();
        for argument in arguments {
            match self.evaluator().int(argument) {
                Some(number) => self.slots.push(Some(Value::Int(number))),
                None => self.push_argument(argument, base)?,
            }
        }
        if let Err(exception) = self.check_depth() {
            self.truncate_slots(base);
            return Err(exception);
        }
        let kind = match target {
            None => FrameKind::Call(None),
            Some(Target::Local(slot)) => FrameKind::Call(Some(*slot)),
            Some(_) => FrameKind::Coroutine,
        };
        self.push_frame(function, base, kind);
        Ok(Flow::On)
    }

    /// Evaluates an argument that is no int at hand; the earlier ones go if it raises.
    #[inline(never)]
    fn push_argument(&mut self, argument: &Expr, base: usize) -> Result<()> {
        match self.evaluator().value(argument) {
            Ok(value) => {
                self.slots.push(Some(value));
                Ok(())
            }
            Err(exception) => {
                self.truncate_slots(base);
                Err(exception)
            }
        }
    }

    /// A frame whose arguments stand at the end of the variables, from `base` on.
    #[inline(always)]
    fn push_frame(&mut self, function: u32, base: usize, kind: FrameKind) {
        let end = base + self.context.code.functions[function as usize].slots.len();
        while self.slots.len() < end {
            self.slots.push(None);
        }
        self.frames.push(Frame::new(function, base as u32, kind));
    }

    pub(super) fn check_depth(&self) -> Result<()> {
        if self.frames.len() < FRAMES {
            return Ok(());
        }
        Err(recursion_error("maximum recursion depth exceeded"))
    }

    /// Takes the top frame off.
    #[inline]
    pub(super) fn leave(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        self.truncate_slots(frame.base as usize);
        Some(frame)
    }

    /// Lets go of the variables from `base` on.
    #[inline(always)]
    fn truncate_slots(&mut self, base: usize) {
        while self.slots.len() > base {
            match self.slots.pop().flatten() {
                Some(value) if is_nested(&value) => {
                    self.slots.push(Some(value));
                    return self.release_slots(base);
                }
                value => let_go(value),
            }
        }
    }

    #[cold]
    fn release_slots(&mut self, base: usize) {
        // Python lets go of the first variable first; what is released last goes first.
        release(self.slots.drain(base..).rev().flatten());
    }

    /// The expressions of the top frame.
    #[inline]
    pub(super) fn evaluator(&mut self) -> Evaluator<'_> {
        let (base, function) = self.frames.last().map_or((0, 0), |frame| (frame.base as usize, frame.function));
        let names = Names::Function(function);
        Evaluator { context: &self.context, task: self.number, slots: &mut self.slots[base..], names }
    }

    /// Returns from the top frame, through the `finally` steps around.
    #[inline(always)]
    pub(super) fn return_value(&mut self, value: impl Into<Value>) -> Result<Flow> {
        let (base, target) = match self.frames.pop() {
            Some(Frame { kind: FrameKind::Call(target), extras: None, base, .. }) => (base, target),
            other => {
                other.into_iter().for_each(|frame| self.frames.push(frame));
                return self.return_through(value.into());
            }
        };
        self.truncate_slots(base as usize);
        let Some(frame) = self.frames.last_mut() else { return Ok(self.end_with(value.into())) };
        if let Some(slot) = target {
            put(&mut self.slots[(frame.base + slot) as usize], value.into());
        }
        frame.at += 1;
        Ok(Flow::On)
    }

    /// The task ends with this value, which is left as its only variable.
    pub(super) fn end_with(&mut self, value: Value) -> Flow {
        self.slots.push(Some(value));
        Flow::Ends
    }

    /// What the top frame waited for has come: it goes where the instruction says.
    #[inline]
    pub(super) fn complete(&mut self, value: Value) -> Result<Flow> {
        let Some(frame) = self.frames.last_mut() else { return Ok(self.end_with(value)) };
        let function = &self.context.code.functions[frame.function as usize];
        match &function.body[frame.at as usize] {
            Instruction::Sleep(_) | Instruction::Await(_, None) | Instruction::AwaitCall { target: None, .. } => {}
            Instruction::Await(_, Some(Target::Local(slot))) => {
                put(&mut self.slots[(frame.base + slot) as usize], value);
            }
            _ => return self.bind_awaited(value),
        }
        frame.at += 1;
        Ok(Flow::On)
    }

    #[inline(never)]
    fn bind_awaited(&mut self, value: Value) -> Result<Flow> {
        let code = Rc::clone(&self.context.code);
        let Some(frame) = self.frames.last() else { return Ok(self.end_with(value)) };
        let function = &code.functions[frame.function as usize];
        match &function.body[frame.at as usize] {
            Instruction::Await(_, Some(target))
            | Instruction::AwaitCall { target: Some(target), .. }
            | Instruction::AwaitPut { target: Some(target), .. }
            | Instruction::AwaitGet { target: Some(target), .. }
            | Instruction::Expire(_, Some(target))
            | Instruction::Gather { target: Some(target), .. } => {
                self.evaluator().bind(target, value)?;
            }
            Instruction::Enter { held, entered } => {
                let entered_value = primitives::entered(&self.kept_value(*held), value);
                self.set(*entered, entered_value);
            }
            _ => {}
        }
        self.next();
        Ok(Flow::On)
    }
}
