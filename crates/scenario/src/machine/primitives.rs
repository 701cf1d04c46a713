//! The methods of locks, semaphores, events, conditions and barriers, and what `with:` does with them.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use timeskip_executor::sync::{Barrier, Condition};

use crate::code::ObjectMethod;
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::objects::{self, Operation, Pending, Primitive, PrimitiveObject};
use crate::value::arguments::integer;
use crate::value::error::{error, runtime_error, type_error, value_error};
use crate::value::{ExceptionKind, Result, Value};

/// A future that goes on after a cancel to clean up, and lets it go on its way when it has.
pub(crate) type Composite = Pin<Box<dyn Future<Output = Result<Value>>>>;

/// Calls a method; `None` where the primitive has none of this name.
pub(crate) fn call(
    context: &Rc<Context>,
    primitive: &Primitive,
    method: ObjectMethod,
    values: Given<'_>,
) -> Option<Result<Value>> {
    use ObjectMethod as M;
    use Primitive as P;
    let operation = |name, pending| Ok(objects::value(Operation::new(context, name, pending)));
    Some(match (primitive, method) {
        (P::Lock(lock), M::Locked) => Ok(Value::Bool(lock.locked())),
        (P::Lock(lock), M::Acquire) => operation("Lock.acquire", Pending::Acquire(lock.acquire())),
        (P::Condition(condition), M::Acquire) => operation("Lock.acquire", Pending::Acquire(condition.acquire())),
        (P::Condition(condition), M::Locked) => Ok(Value::Bool(condition.locked())),
        (P::Condition(condition), M::Wait | M::WaitFor) => {
            operation("Condition.wait", Pending::Composite(wait_notified(condition.clone())))
        }
        (P::Condition(condition), M::Notify) => notify(condition, values),
        (P::Condition(condition), M::NotifyAll) => notified(condition.notify_all()),
        (P::Semaphore(pool), M::Acquire) => operation("Semaphore.acquire", Pending::AcquirePermit(pool.acquire())),
        (P::Semaphore(pool), M::Locked) => Ok(Value::Bool(pool.locked())),
        (P::BoundedSemaphore(pool), M::Acquire) => {
            operation("Semaphore.acquire", Pending::AcquirePermit(pool.acquire()))
        }
        (P::BoundedSemaphore(pool), M::Locked) => Ok(Value::Bool(pool.locked())),
        (P::Lock(_) | P::Condition(_) | P::Semaphore(_) | P::BoundedSemaphore(_), M::Release) => release(primitive),
        (P::Event(event), M::Wait) => operation("Event.wait", Pending::EventWait(event.wait())),
        (P::Event(event), M::IsSet) => Ok(Value::Bool(event.is_set())),
        (P::Event(event), M::Set) => {
            event.set();
            Ok(Value::None)
        }
        (P::Event(event), M::Clear) => {
            event.clear();
            Ok(Value::None)
        }
        (P::Barrier(barrier), M::Wait) => operation("Barrier.wait", Pending::Composite(wait_all(barrier.clone()))),
        (P::Barrier(barrier), M::Reset) => operation("Barrier.reset", Pending::Composite(reset(barrier.clone()))),
        (P::Barrier(barrier), M::Abort) => operation("Barrier.abort", Pending::Composite(abort(barrier.clone()))),
        _ => return None,
    })
}

/// What `with:` awaits at its beginning.
///
/// # Errors
/// `TypeError` where `async with` does not take the value.
pub(crate) fn enter(value: &Value) -> Result<Pending> {
    use Primitive as P;
    match objects::downcast::<PrimitiveObject>(value).map(|object| &object.0) {
        Some(P::Lock(lock)) => Ok(Pending::Acquire(lock.acquire())),
        Some(P::Condition(condition)) => Ok(Pending::Acquire(condition.acquire())),
        Some(P::Semaphore(pool)) => Ok(Pending::AcquirePermit(pool.acquire())),
        Some(P::BoundedSemaphore(pool)) => Ok(Pending::AcquirePermit(pool.acquire())),
        Some(P::Barrier(barrier)) => Ok(Pending::Composite(wait_all(barrier.clone()))),
        Some(P::Event(_)) | None => {
            let kind = value.type_name();
            Err(type_error(format!("'{kind}' object does not support the asynchronous context manager protocol")))
        }
    }
}

/// What `with:` binds: a barrier's number, and None for all that only acquires.
pub(crate) fn entered(value: &Value, given: Value) -> Value {
    match objects::downcast::<PrimitiveObject>(value).map(|object| &object.0) {
        Some(Primitive::Barrier(_)) => given,
        _ => Value::None,
    }
}

/// What `with:` does at its end. No primitive waits for that.
pub(crate) fn exit(value: &Value) -> Result<()> {
    match objects::downcast::<PrimitiveObject>(value).map(|object| &object.0) {
        None | Some(Primitive::Barrier(_)) => Ok(()),
        Some(primitive) => release(primitive).map(drop),
    }
}

fn release(primitive: &Primitive) -> Result<Value> {
    use Primitive as P;
    match primitive {
        P::Lock(lock) => lock.release().map_err(|failed| runtime_error(failed.to_string()))?,
        P::Condition(condition) => condition.release().map_err(|failed| runtime_error(failed.to_string()))?,
        P::Semaphore(pool) => pool.release(),
        P::BoundedSemaphore(pool) => pool.release().map_err(|failed| value_error(failed.to_string()))?,
        P::Event(_) | P::Barrier(_) => {}
    }
    Ok(Value::None)
}

fn notify(condition: &Condition, values: Given<'_>) -> Result<Value> {
    let given = values.positional.first().or_else(|| values.named.first().map(|(_, value)| value));
    let count = given.map_or(Ok(1), integer)?;
    // As in asyncio, a number below zero is none.
    notified(condition.notify(usize::try_from(count).unwrap_or(0)))
}

fn notified(result: std::result::Result<(), timeskip_executor::sync::LockNotHeld>) -> Result<Value> {
    result.map(|()| Value::None).map_err(|failed| runtime_error(failed.to_string()))
}

fn wait_notified(condition: Condition) -> Composite {
    Box::pin(async move {
        let waited = condition.wait().await;
        waited.map(|()| Value::Bool(true)).map_err(|failed| runtime_error(failed.to_string()))
    })
}

fn wait_all(barrier: Barrier) -> Composite {
    Box::pin(async move {
        let number =
            barrier.wait().await.map_err(|broken| error(ExceptionKind::BrokenBarrierError, broken.to_string()))?;
        Ok(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))
    })
}

fn reset(barrier: Barrier) -> Composite {
    Box::pin(async move {
        barrier.reset().await;
        Ok(Value::None)
    })
}

fn abort(barrier: Barrier) -> Composite {
    Box::pin(async move {
        barrier.abort().await;
        Ok(Value::None)
    })
}
