//! The objects of the machine: what a program holds on to besides plain values.

mod call;
mod coroutine;
mod future;
mod generator;
mod group;
mod iteration;
mod operation;
mod primitive;
mod queue;
mod task;
mod timeout;

use std::num::NonZeroUsize;
use std::rc::Rc;

pub(crate) use call::{CallbackObject, HandleObject};
pub(crate) use coroutine::Coroutine;
pub(crate) use future::{FutureClass, FutureObject};
pub(crate) use generator::{Generator, State as GeneratorState};
pub(crate) use group::GroupObject;
pub(crate) use iteration::{Completions, Iteration};
pub(crate) use operation::{Operation, Pending};
pub(crate) use primitive::{Primitive, PrimitiveObject, condition};
pub(crate) use queue::{QueueKind, QueueObject, Store};
pub(crate) use task::TaskObject;
pub(crate) use timeout::TimeoutObject;

use timeskip_executor::JoinHandle;

use crate::code::Constructor;
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::evaluate::{Evaluator, Names};
use crate::machine::outcome::Outcome;
use crate::value::error::type_error;
use crate::value::{Object, Result, Value};

/// The object that a value is, if it is of this type.
#[inline]
pub(crate) fn downcast<T: Object>(value: &Value) -> Option<&T> {
    match value {
        Value::Object(object) => object.downcast(),
        _ => None,
    }
}

/// The task or future that a value is.
pub(crate) fn future(value: &Value) -> Option<&JoinHandle<Outcome>> {
    let task = downcast::<TaskObject>(value).map(|task| &task.0);
    task.or_else(|| downcast::<FutureObject>(value).map(|future| &*future.0))
}

/// The value that an object is.
pub(crate) fn value(object: impl Object) -> Value {
    Value::Object(Rc::new(object))
}

/// A call of a task: a coroutine, or an async generator where the task yields.
pub(crate) fn make_coroutine(context: &Rc<Context>, function: u32, values: Given<'_>) -> Result<Value> {
    let arguments = bind_arguments(context, function, values)?;
    let is_generator = context.code.functions[function as usize].is_generator;
    Ok(if is_generator {
        value(Generator::new(context, function, arguments))
    } else {
        value(Coroutine::new(context, function, arguments))
    })
}

/// The parameters' values. The checker has counted the arguments, except where one was spread.
pub(crate) fn bind_arguments(context: &Rc<Context>, function: u32, values: Given<'_>) -> Result<Vec<Option<Value>>> {
    let callee = &context.code.functions[function as usize];
    let (name, parameters) = (&callee.name, &callee.parameters);
    let count = values.positional.len();
    if count > parameters.len() {
        let expected = parameters.len();
        let plural = if expected == 1 { "" } else { "s" };
        let were = if count == 1 { "was" } else { "were" };
        return Err(type_error(format!(
            "{name}() takes {expected} positional argument{plural} but {count} {were} given"
        )));
    }
    let mut arguments: Vec<Option<Value>> = Vec::with_capacity(callee.slots.len());
    arguments.extend(values.positional.iter().cloned().map(Some));
    arguments.resize(parameters.len(), None);
    for (given, value) in values.named {
        let Some(place) = parameters.iter().position(|(parameter, _)| parameter == given) else {
            return Err(type_error(format!("{name}() got an unexpected keyword argument '{given}'")));
        };
        if arguments[place].replace(value.clone()).is_some() {
            return Err(type_error(format!("{name}() got multiple values for argument '{given}'")));
        }
    }
    for (argument, (parameter, default)) in arguments.iter_mut().zip(parameters) {
        if argument.is_some() {
            continue;
        }
        let Some(default) = default else {
            return Err(type_error(format!("{name}() missing required argument: '{parameter}'")));
        };
        let mut evaluator = Evaluator { context, task: 0, slots: &mut [], names: Names::Outside };
        *argument = Some(evaluator.value(default)?);
    }
    Ok(arguments)
}

/// A primitive: `Queue(maxsize=16)`.
pub(crate) fn construct(context: &Rc<Context>, constructor: Constructor, values: Given<'_>) -> Result<Value> {
    if let Some(primitive) = PrimitiveObject::construct(context, constructor, values)? {
        return Ok(value(primitive));
    }
    let given = values.positional.first().or_else(|| values.named.first().map(|(_, value)| value));
    let limit = match given {
        None => 0,
        Some(value) => crate::value::arguments::integer(value)?,
    };
    let kind = match constructor {
        Constructor::PriorityQueue => QueueKind::Priority,
        Constructor::LifoQueue => QueueKind::Lifo,
        Constructor::Future => {
            let name = context.name_primitive("future");
            return Ok(value(FutureObject(context.sim.create_future(&name), FutureClass::Future)));
        }
        _ => QueueKind::Fifo,
    };
    // As in asyncio, a size of zero or less is none.
    let limit = usize::try_from(limit).ok().and_then(NonZeroUsize::new);
    Ok(value(QueueObject::new(context, kind, limit)))
}
