//! Awaiting, spawning and asking: where a task begins to wait, and where what it waited for arrives.

use std::future::IntoFuture;
use std::rc::Rc;
use std::task::{Context as PollContext, Poll};

use smallvec::SmallVec;
use timeskip_executor::{Delay, Ending, JoinHandle, Limit, NextInTime};

use crate::code::{Argument, Arguments, Comprehension, Expr, Instruction, Slot, Target};
use crate::machine::awaiting::Awaiting;
use crate::machine::context::Context;
use crate::machine::evaluate::Evaluator;
use crate::machine::execute::Flow;
use crate::machine::frame::{FrameKind, Saved};
use crate::machine::objects::{
    self, Completions, Coroutine, FutureObject, Generator, GeneratorState, Operation, Pending, TaskObject,
};
use crate::machine::outcome::Outcome;
use crate::machine::{Machine, functions, generators, primitives};
use crate::value::error::{runtime_error, type_error};
use crate::value::{Exception, ExceptionKind, Result, Value, collect};

impl Machine {
    /// `sleep:`, without an awaitable in between.
    pub(super) fn sleep(&mut self, delay: Delay, context: &mut PollContext<'_>) -> Flow {
        self.awaiting = Some(Awaiting::Nap(Some(self.context.sim.sleep(delay))));
        if self.has_napped(context) { Flow::On } else { Flow::Waits }
    }

    /// Begins to await a value.
    pub(super) fn await_value(&mut self, value: &Value, context: &mut PollContext<'_>) -> Result<Flow> {
        if let Some(coroutine) = objects::downcast::<Coroutine>(value) {
            let arguments = coroutine.take().ok_or_else(reused)?;
            self.check_depth()?;
            self.enter(coroutine.function, arguments, FrameKind::Coroutine);
            return Ok(Flow::On);
        }
        if let Some(task) = objects::downcast::<TaskObject>(value) {
            if self.context.sim.current_task() == task.0.id() {
                return Err(runtime_error(format!("Task cannot await on itself: {}", task.0.path())));
            }
            return self.wait(Awaiting::task(task), context);
        }
        if let Some(future) = objects::downcast::<FutureObject>(value) {
            return self.wait(Awaiting::Task((&future.0).into_future()), context);
        }
        if let Some(operation) = objects::downcast::<Operation>(value) {
            let pending = operation.take().ok_or_else(reused)?;
            return match Awaiting::operation(pending) {
                Ok(awaiting) => self.wait(awaiting, context),
                Err(generator) => {
                    self.close_generator(&generator, super::methods::error_without_text(ExceptionKind::GeneratorExit))
                }
            };
        }
        Err(not_awaitable(value))
    }

    /// `with:` begins: what enters is awaited.
    pub(super) fn enter_context(&mut self, held: Slot, context: &mut PollContext<'_>) -> Result<Flow> {
        let pending = primitives::enter(&self.kept_value(held))?;
        match Awaiting::operation(pending) {
            Ok(awaiting) => self.wait(awaiting, context),
            Err(_) => self.complete(Value::None),
        }
    }

    /// Waits, unless it is over at once.
    pub(super) fn wait(&mut self, awaiting: Awaiting, context: &mut PollContext<'_>) -> Result<Flow> {
        self.awaiting = Some(awaiting);
        self.wait_now(context)
    }

    /// Waits for what it awaits, unless that is over at once.
    #[inline(never)]
    pub(super) fn wait_now(&mut self, context: &mut PollContext<'_>) -> Result<Flow> {
        let polled = self.awaiting.as_mut().map(|awaiting| awaiting.poll(context));
        let Some(Poll::Ready(result)) = polled else { return Ok(Flow::Waits) };
        self.awaiting = None;
        match result {
            Ok(value) => self.complete(value),
            Err((exception, failure)) => {
                // The way that a failed task's exception took is a part of this one's.
                self.pending_way = failure;
                Err(exception)
            }
        }
    }

    // --- tasks ---

    /// `spawn:`: one handle for one call, a list of handles for several or for an iterable.
    pub(super) fn spawn_all(&mut self, arguments: &Arguments, target: Option<&Target>) -> Result<()> {
        let spawned = match arguments.positional.as_slice() {
            [Argument::One(Expr::Comprehension(comprehension))] if comprehension.makes_calls_quietly() => {
                self.spawn_each(comprehension)?
            }
            _ => {
                let values = self.evaluator().arguments(arguments)?.positional;
                match values.as_slice() {
                    [one] if !is_iterable(one) => ensure_task(&self.context, one)?.1,
                    _ => {
                        let tasks = self.tasks_of(values)?;
                        Value::list(tasks.into_iter().map(|(_, value)| value).collect())
                    }
                }
            }
        };
        match target {
            Some(target) => self.evaluator().bind(target, spawned),
            None => Ok(()),
        }
    }

    /// Calls that raise nothing, so that nobody can tell that each is a task before the next one is made: there never
    /// are a hundred thousand coroutines beside as many tasks.
    fn spawn_each(&mut self, comprehension: &Comprehension) -> Result<Value> {
        let mut evaluator = self.evaluator();
        Ok(Value::list(evaluator.collect(comprehension, |context, value| Ok(ensure_task(context, &value)?.1))?))
    }

    /// The tasks of an argument list: one iterable stands for its elements.
    fn tasks_of(&mut self, values: SmallVec<[Value; 3]>) -> Result<Vec<(JoinHandle<Outcome>, Value)>> {
        let values = listed(values)?;
        let mut tasks = Vec::with_capacity(values.len());
        for value in values {
            tasks.push(ensure_task(&self.context, &value)?);
            self.context.spend()?;
        }
        Ok(tasks)
    }

    /// `as_completed:`
    pub(super) fn completions(&mut self, arguments: &Arguments, timeout: Option<&Expr>) -> Result<Completions> {
        let values = self.evaluator().arguments(arguments)?.positional;
        let timeout = timeout.map(|timeout| self.evaluator().value(timeout)).transpose()?;
        let timeout = timeout.as_ref().map_or(Ok(None), functions::timeout)?;
        let tasks = self.tasks_of(values)?.into_iter().map(|(handle, _)| handle);
        let completed = self.context.sim.as_completed(tasks).timeout(timeout);
        Ok(Completions(std::cell::RefCell::new(completed)))
    }

    /// What `as_completed` binds: awaiting it gives the result of the next task to end.
    pub(super) fn completed_awaitable(&self, next: NextInTime<Outcome>) -> Value {
        objects::value(Operation::new(&self.context, "as_completed", Pending::Completed(next)))
    }

    // --- async generators ---

    pub(super) fn check_generator(&self, value: &Value) -> Result<()> {
        if objects::downcast::<Generator>(value).is_some() {
            return Ok(());
        }
        let kind = value.type_name();
        Err(type_error(format!("'async for' requires an object with __aiter__ method, got {kind}")))
    }

    /// Asks the generator in the slot for its next value.
    pub(super) fn ask_generator(&mut self, slot: Slot) -> Result<Flow> {
        let value = self.evaluator().slots[slot as usize].clone().unwrap_or(Value::None);
        let Some(generator) = objects::downcast::<Generator>(&value) else {
            return Err(type_error("a loop lost its place"));
        };
        generator.introduce(&value);
        match generator.take() {
            GeneratorState::New(arguments) => {
                self.check_depth()?;
                self.enter(generator.function, arguments, FrameKind::Next);
                self.set_generator(value.clone());
            }
            GeneratorState::Suspended(saved) => self.resume(saved, FrameKind::Next, value.clone()),
            GeneratorState::Running => {
                return Err(runtime_error("anext(): asynchronous generator is already running"));
            }
            GeneratorState::Closed => {
                generator.put(GeneratorState::Closed);
                self.exhausted();
            }
        }
        Ok(Flow::On)
    }

    fn resume(&mut self, saved: Saved, kind: FrameKind, generator: Value) {
        let Saved { mut frame, slots } = saved;
        frame.base = self.slots.len() as u32;
        frame.kind = kind;
        self.slots.extend(slots);
        self.frames.push(frame);
        self.set_generator(generator);
    }

    /// The top frame is this generator's.
    fn set_generator(&mut self, generator: Value) {
        if let Some(frame) = self.frames.last_mut() {
            frame.extras.get_or_insert_default().generator = Some(generator);
        }
    }

    /// `yield:`: the generator's frame goes back into the generator, and its value to who asked.
    pub(super) fn yield_value(&mut self, value: Value) -> Result<Flow> {
        self.next();
        let Some(mut frame) = self.frames.pop() else { return Ok(self.end_with(value)) };
        let slots = self.slots.drain(frame.base as usize..).collect();
        // A generator must not hold itself: it could never be dropped.
        let kind = frame.kind;
        let Some(asked) = frame.take_generator() else {
            return Err(runtime_error("a generator runs outside of a loop"));
        };
        if let Some(generator) = objects::downcast::<Generator>(&asked) {
            generator.put(GeneratorState::Suspended(Saved { frame, slots }));
        }
        if kind == FrameKind::Close {
            return Err(runtime_error("async generator ignored GeneratorExit"));
        }
        let code = Rc::clone(&self.context.code);
        if let Some(frame) = self.frames.last()
            && let Instruction::AsyncNext { target, .. } =
                &code.functions[frame.function as usize].body[frame.at as usize]
        {
            self.evaluator().bind(target, value)?;
        }
        self.next();
        Ok(Flow::On)
    }

    /// The generator that the top frame asks is at its end: its loop is left.
    pub(super) fn exhausted(&mut self) {
        let code = Rc::clone(&self.context.code);
        if let Some(frame) = self.frames.last()
            && let Instruction::AsyncNext { slot, exit, .. } =
                &code.functions[frame.function as usize].body[frame.at as usize]
        {
            let Evaluator { slots, .. } = self.evaluator();
            slots[*slot as usize] = None;
            self.jump(*exit);
        }
    }

    /// `aclose()`: the generator goes on with a GeneratorExit where it stands; or with the cancel that came before.
    pub(super) fn close_generator(&mut self, value: &Value, exception: Rc<Exception>) -> Result<Flow> {
        let Some(generator) = objects::downcast::<Generator>(value) else { return self.complete(Value::None) };
        generator.introduce(value);
        match generator.take() {
            GeneratorState::New(_) | GeneratorState::Closed => {
                generator.put(GeneratorState::Closed);
                if exception.kind == ExceptionKind::GeneratorExit { self.complete(Value::None) } else { Err(exception) }
            }
            GeneratorState::Running => Err(runtime_error("aclose(): asynchronous generator is already running")),
            GeneratorState::Suspended(mut saved) => {
                // The exception is raised at the yield, behind which the frame stands.
                saved.frame.at = saved.frame.at.saturating_sub(1);
                self.resume(saved, FrameKind::Close, value.clone());
                Err(exception)
            }
        }
    }
}

/// The task that a value is, or a new one that runs it: asyncio's `ensure_future`.
pub(super) fn ensure_task(context: &Rc<Context>, value: &Value) -> Result<(JoinHandle<Outcome>, Value)> {
    if let Some(task) = objects::downcast::<TaskObject>(value) {
        return Ok((task.0.clone(), value.clone()));
    }
    if let Some(future) = objects::downcast::<FutureObject>(value) {
        return Ok((future.0.clone().into(), value.clone()));
    }
    if let Some(generator) = objects::downcast::<Operation>(value).and_then(Operation::take_closing) {
        let handle = generators::closer(context, generator);
        return Ok((handle.clone(), objects::value(TaskObject(handle))));
    }
    let handle = if let Some(coroutine) = objects::downcast::<Coroutine>(value) {
        // The commonest way, in which the machine is made where it stays.
        let arguments = coroutine.take().ok_or_else(reused)?;
        Machine::new(context, coroutine.function, arguments).spawn(&coroutine.name())
    } else {
        let Some((machine, name)) = machine_of(context, value)? else {
            return Err(type_error("An asyncio.Future, a coroutine or an awaitable is required"));
        };
        machine.spawn(&name)
    };
    check_task_limit(context)?;
    Ok((handle.clone(), objects::value(TaskObject(handle))))
}

/// What runs a coroutine as a task, and its name; `None` where the value is no coroutine.
pub(super) fn machine_of(context: &Rc<Context>, value: &Value) -> Result<Option<(Machine, Rc<str>)>> {
    if let Some(coroutine) = objects::downcast::<Coroutine>(value) {
        let arguments = coroutine.take().ok_or_else(reused)?;
        return Ok(Some((Machine::new(context, coroutine.function, arguments), coroutine.name())));
    }
    let Some(operation) = objects::downcast::<Operation>(value) else { return Ok(None) };
    match Awaiting::operation(operation.take().ok_or_else(reused)?) {
        Ok(awaiting) => Ok(Some((Machine::awaiting(context, awaiting), Rc::from(operation.name())))),
        Err(_) => Err(runtime_error("closing a generator cannot be a task of its own: await it")),
    }
}

/// Whether the task that was just started is one too many.
pub(super) fn check_task_limit(context: &Context) -> Result<()> {
    if !context.sim.is_halted() {
        return Ok(());
    }
    let (at, limit) = (context.sim.now(), Limit::Tasks(context.limits.tasks));
    Err(context.halt(Ending::LimitReached { at, limit }))
}

fn is_iterable(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Tuple(_) | Value::Range(_) | Value::Dict(_))
}

/// The values of an argument list: one iterable stands for its elements.
pub(super) fn listed(values: SmallVec<[Value; 3]>) -> Result<SmallVec<[Value; 3]>> {
    match values.as_slice() {
        [one] if is_iterable(one) => Ok(collect(one)?.into()),
        _ => Ok(values),
    }
}

#[cold]
fn reused() -> Rc<Exception> {
    runtime_error("cannot reuse already awaited coroutine")
}

/// What is raised where something is awaited that cannot be.
#[cold]
pub(super) fn not_awaitable(value: &Value) -> Rc<Exception> {
    let kind = value.type_name();
    type_error(format!("object {kind} can't be used in 'await' expression"))
}
