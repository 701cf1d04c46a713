//! What the loop calls: `call_soon`, `call_later`, `call_at`, and the callbacks of tasks and futures.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Context as PollContext, Poll};

use timeskip_executor::{Callback, Delay, DoneCallback, JoinHandle, TaskId};

use crate::code::RunFunction;
use crate::lang::ast::BinaryOp;
use crate::machine::Machine;
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::frame::FrameKind;
use crate::machine::objects::{self, CallbackObject, HandleObject};
use crate::machine::outcome::{Failure, Outcome, describe};
use crate::value::error::{type_error, value_error};
use crate::value::{Exception, Result, Value, binary};

/// The callbacks that wait for the end of a task or future, by whose end it is and what is called: to be removed by
/// name, as a program does.
#[derive(Default)]
pub(crate) struct DoneCallbacks(RefCell<BTreeMap<(TaskId, u32), Vec<DoneCallback>>>);

/// Calls one of the functions that schedule calls.
pub(super) fn schedule(context: &Rc<Context>, function: RunFunction, values: Given<'_>) -> Result<Value> {
    let place = usize::from(function != RunFunction::CallSoon);
    let arguments = values.positional.get(place + 1..).unwrap_or_default().to_vec();
    let callback = callback_at(values, place)?;
    let call = {
        let (context, number) = (Rc::clone(context), callback.function);
        Callback::named(&callback.name, move || call(&context, number, &arguments))
    };
    let sim = &context.sim;
    let handle = match (function, values.positional.first()) {
        (RunFunction::CallLater, Some(delay)) => match seconds_later(context, delay)? {
            Deadline::After(delay) => sim.call_later(delay, call),
            Deadline::At(time) => sim.call_at(sim.time_at(time), call),
        },
        (RunFunction::CallAt, Some(when)) => sim.call_at(sim.time_at(point(when)?), call),
        _ => sim.call_soon(call),
    };
    Ok(objects::value(HandleObject(handle)))
}

fn callback_at(values: Given<'_>, place: usize) -> Result<&CallbackObject> {
    let given = values.positional.get(place).and_then(objects::downcast::<CallbackObject>);
    given.ok_or_else(|| type_error("a callback is a task of the file, named without a call"))
}

/// When a call is due.
enum Deadline {
    After(Delay),
    /// So long after the start of the run.
    At(Delay),
}

/// The deadline of `call_later`. One that is past keeps its place in the order, as in asyncio, which adds floats.
fn seconds_later(context: &Context, delay: &Value) -> Result<Deadline> {
    if matches!(delay, Value::None) {
        return Err(type_error("delay must not be None"));
    }
    let now = context.sim.now().as_secs_f64();
    let deadline = binary(BinaryOp::Add, &Value::Float(now), delay)?;
    let seconds = super::functions::seconds(delay)?;
    if seconds < 0.0 { Ok(Deadline::At(point(&deadline)?)) } else { Ok(Deadline::After(checked(seconds)?)) }
}

/// The point of time of `call_at`.
fn point(when: &Value) -> Result<Delay> {
    if matches!(when, Value::None) {
        return Err(type_error("when cannot be None"));
    }
    checked(super::functions::seconds(when)?)
}

fn checked(seconds: f64) -> Result<Delay> {
    Delay::from_secs_f64(seconds).map_err(|error| value_error(error.to_string()))
}

/// The loop makes a call. What it raises is reported and changes nothing, as in asyncio.
fn call(context: &Rc<Context>, function: u32, arguments: &[Value]) {
    context.refill();
    let given = Given { positional: arguments, named: &[] };
    let bound = match objects::bind_arguments(context, function, given) {
        Ok(bound) => bound,
        Err(exception) => return report(context, function, &exception, None),
    };
    let mut machine = Machine::empty(context);
    machine.enter(function, bound, FrameKind::Task);
    // The checker has seen to it that nothing here waits, so that the first poll is the last.
    let mut poll_context = PollContext::from_waker(std::task::Waker::noop());
    if let Poll::Ready(Outcome::Raised(failure)) = machine.run(&mut poll_context) {
        failure.retrieve();
        report(context, function, &failure.exception, Some(&failure));
    }
}

fn report(context: &Context, function: u32, exception: &Exception, failure: Option<&Failure>) {
    let name = &context.code.functions[function as usize].name;
    let line = failure.map(Failure::lines).unwrap_or_default();
    context.warnings.add(|| format!("exception in callback {name}: {}{line}", describe(exception)));
}

/// `t.add_done_callback(note)`: `note(t)` is called when `t` has ended.
pub(super) fn add_done_callback(
    context: &Rc<Context>,
    object: &Value,
    handle: &JoinHandle<Outcome>,
    values: Given<'_>,
) -> Result<Value> {
    let callback = callback_at(values, 0)?;
    let (task, function) = (handle.id(), callback.function);
    let (loop_side, argument) = (Rc::clone(context), object.clone());
    let id = handle.add_named_done_callback(&callback.name, move |_| {
        // It can no longer be removed, nor can any other of this task's.
        loop_side.done_callbacks.0.borrow_mut().remove(&(task, function));
        call(&loop_side, function, &[argument]);
    });
    if !handle.done() {
        context.done_callbacks.0.borrow_mut().entry((task, function)).or_default().push(id);
    }
    Ok(Value::None)
}

/// `t.remove_done_callback(note)`: how many there were.
pub(super) fn remove_done_callback(
    context: &Context,
    handle: &JoinHandle<Outcome>,
    values: Given<'_>,
) -> Result<Value> {
    let key = (handle.id(), callback_at(values, 0)?.function);
    let callbacks = context.done_callbacks.0.borrow_mut().remove(&key).unwrap_or_default();
    let removed = callbacks.into_iter().filter(|&callback| handle.remove_done_callback(callback)).count();
    Ok(Value::Int(i64::try_from(removed).unwrap_or(i64::MAX)))
}
