//! The functions that ask or change the run: clock, tasks, random numbers.

use std::num::NonZeroU64;
use std::rc::Rc;

use timeskip_executor::Delay;

use crate::code::RunFunction;
use crate::machine::callbacks;
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::gathering;
use crate::machine::objects::{self, Operation, Pending, TaskObject};
use crate::machine::timeouts;
use crate::machine::waiting;
use crate::random::distributions as draw;
use crate::random::{DrawError, sequences};
use crate::value::arguments::integer;
use crate::value::error::{error, type_error, value_error};
use crate::value::{Exception, ExceptionKind, Result, Value, collect};

/// A number of seconds, as `sleep` takes it.
pub(crate) fn seconds(value: &Value) -> Result<f64> {
    match value {
        Value::Float(seconds) => Ok(*seconds),
        Value::Int(seconds) => Ok(*seconds as f64),
        Value::Bool(flag) => Ok(f64::from(u8::from(*flag))),
        _ => Err(type_error(format!("seconds must be a number, not {}", value.type_name()))),
    }
}

/// A delay of a sleep.
pub(crate) fn delay(value: &Value) -> Result<Delay> {
    delay_of(seconds(value)?)
}

/// A delay of so many seconds; NaN is refused as CPython 3.13 does.
#[inline]
pub(super) fn delay_of(seconds: f64) -> Result<Delay> {
    Delay::from_secs_f64(seconds).map_err(|error| value_error(error.to_string()))
}

/// A time limit as `wait` takes it: `None` is none.
pub(crate) fn timeout(value: &Value) -> Result<Option<Delay>> {
    match value {
        Value::None => Ok(None),
        value => delay(value).map(Some),
    }
}

/// A delay of a block, which unlike a sleep cannot be below zero: what `time.sleep` says.
pub(crate) fn blocking_delay(value: &Value) -> Result<Delay> {
    let seconds = seconds(value)?;
    if seconds.is_nan() {
        return Err(value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(value_error("sleep length must be non-negative"));
    }
    delay(value)
}

/// Calls one.
pub(crate) fn call(context: &Rc<Context>, task: u32, function: RunFunction, values: Given<'_>) -> Result<Value> {
    use RunFunction as F;
    match function {
        F::Now => Ok(now(context)),
        F::Sleep => sleep(context, values),
        F::Wait => Ok(waiting::call(context, values)),
        F::WaitFor => objects::make_coroutine(context, context.code.wait_for, values),
        F::Gather => gathering::call(context, values),
        F::Shield => timeouts::shield(context, argument(values, 0, "arg")?),
        F::AllTasks => Ok(Value::list(context.sim.all_tasks().into_iter().map(|id| handle(context, id)).collect())),
        F::CurrentTask => Ok(context.current_task()?.map_or(Value::None, |task| handle(context, task))),
        F::CallSoon | F::CallLater | F::CallAt => callbacks::schedule(context, function, values),
        F::Randint => {
            let (low, high) = (integer(argument(values, 0, "a")?)?, integer(argument(values, 1, "b")?)?);
            randint(context, task, low, high)
        }
        _ => random(context, task, function, values),
    }
}

/// `now()`
pub(super) fn now(context: &Context) -> Value {
    Value::Float(context.sim.now().as_secs_f64())
}

/// `randint(low, high)`
#[inline]
pub(super) fn randint(context: &Context, task: u32, low: i64, high: i64) -> Result<Value> {
    match context.random.borrow_mut().randint(task, || context.task_path(), low, high) {
        Ok(drawn) => Ok(Value::Int(drawn)),
        Err(failed) => Err(raise(failed)),
    }
}

/// `randint` of a number and `bound - 1` more.
#[inline(never)]
pub(super) fn randint_from(context: &Context, task: u32, low: i64, bound: NonZeroU64) -> i64 {
    let drawn = context.random.borrow_mut().below(task, || context.task_path(), bound);
    // What it wraps to is right, because the number itself lies in the range.
    low.wrapping_add(drawn as i64)
}

fn handle(context: &Context, id: timeskip_executor::TaskId) -> Value {
    context.sim.handle(id).map_or(Value::None, |handle| objects::value(TaskObject(handle)))
}

fn sleep(context: &Rc<Context>, values: Given<'_>) -> Result<Value> {
    let delay = delay(argument(values, 0, "delay")?)?;
    let result = optional(values, 1, "result").cloned().unwrap_or(Value::None);
    Ok(objects::value(Operation::new(context, "sleep", Pending::Sleep(context.sim.sleep(delay), result))))
}

pub(super) fn optional<'a>(values: Given<'a>, place: usize, name: &str) -> Option<&'a Value> {
    let named = || values.named.iter().find(|(given, _)| &**given == name).map(|(_, value)| value);
    values.positional.get(place).or_else(named)
}

/// An argument that the checker has found to be there, except where one was spread.
pub(super) fn argument<'a>(values: Given<'a>, place: usize, name: &str) -> Result<&'a Value> {
    optional(values, place, name).ok_or_else(|| type_error(format!("missing required argument: '{name}'")))
}

fn float(value: &Value) -> Result<f64> {
    match value {
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => seconds(value),
        _ => Err(type_error(format!("must be real number, not {}", value.type_name()))),
    }
}

fn random(context: &Rc<Context>, task: u32, function: RunFunction, values: Given<'_>) -> Result<Value> {
    use RunFunction as F;
    let mut random = context.random.borrow_mut();
    if function == F::TokenHex {
        let length = integer(argument(values, 0, "nbytes")?)?;
        return random.token_hex(task, || context.task_path(), length).map(Value::text).map_err(raise);
    }
    let bits = random.bits(task, || context.task_path());
    let optional_float = |place, name, default| optional(values, place, name).map_or(Ok(default), float);
    match function {
        F::Random => Ok(Value::Float(bits.random())),
        F::Randrange => {
            let start = integer(argument(values, 0, "start")?)?;
            let stop = optional(values, 1, "stop").map(integer).transpose()?;
            let step = optional(values, 2, "step").map(integer).transpose()?;
            draw::randrange(bits, start, stop, step).map(Value::Int).map_err(raise)
        }
        F::Uniform => {
            let (low, high) = (float(argument(values, 0, "a")?)?, float(argument(values, 1, "b")?)?);
            Ok(Value::Float(draw::uniform(bits, low, high)))
        }
        F::Gauss | F::Normalvariate => {
            let (mu, sigma) = (optional_float(0, "mu", 0.0)?, optional_float(1, "sigma", 1.0)?);
            let draw =
                if function == F::Gauss { draw::gauss(bits, mu, sigma) } else { draw::normalvariate(bits, mu, sigma) };
            Ok(Value::Float(draw))
        }
        F::Expovariate => draw::expovariate(bits, optional_float(0, "lambd", 1.0)?).map(Value::Float).map_err(raise),
        _ => of_sequence(bits, function, values),
    }
}

/// Draws from a sequence.
fn of_sequence(bits: &mut dyn draw::Bits, function: RunFunction, values: Given<'_>) -> Result<Value> {
    use RunFunction as F;
    let sequence = argument(values, 0, "seq")?;
    if function == F::Shuffle {
        let Value::List(list) = sequence else {
            return Err(type_error(format!("'{}' object does not support item assignment", sequence.type_name())));
        };
        let mut items = list.to_vec();
        sequences::shuffle(bits, &mut items);
        list.replace(items);
        return Ok(Value::None);
    }
    let items = collect(sequence)?;
    match function {
        F::Choice => Ok(items[sequences::choice(bits, items.len()).map_err(raise)?].clone()),
        F::Sample => {
            let count = integer(argument(values, 1, "k")?)?;
            let places = sequences::sample(bits, items.len(), count).map_err(raise)?;
            Ok(Value::list(places.into_iter().map(|place| items[place].clone()).collect()))
        }
        _ => {
            let weights = match optional(values, 1, "weights") {
                None | Some(Value::None) => None,
                Some(weights) => Some(collect(weights)?.iter().map(float).collect::<Result<Vec<f64>>>()?),
            };
            let count = values.named.iter().find(|(name, _)| &**name == "k").map_or(Ok(1), |(_, k)| integer(k))?;
            let places = sequences::choices(bits, items.len(), weights.as_deref(), count).map_err(raise)?;
            Ok(Value::list(places.into_iter().map(|place| items[place].clone()).collect()))
        }
    }
}

#[cold]
fn raise(failed: DrawError) -> Rc<Exception> {
    let kind = ExceptionKind::from_name(failed.exception()).unwrap_or(ExceptionKind::ValueError);
    error(kind, failed.to_string())
}
