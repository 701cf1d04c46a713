//! Locks, semaphores, events, conditions and barriers, as a program holds them.

use std::num::NonZeroUsize;

use timeskip_executor::sync::{Barrier, BoundedSemaphore, Condition, Event, Lock, Semaphore};

use crate::code::{Attribute, Constructor};
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::objects::downcast;
use crate::value::arguments::integer;
use crate::value::error::{attribute_error, type_error, value_error};
use crate::value::{Object, Result, Value, meter};

/// A primitive.
pub(crate) struct PrimitiveObject(pub(crate) Primitive);

/// Which one it is.
pub(crate) enum Primitive {
    Lock(Lock),
    Semaphore(Semaphore),
    BoundedSemaphore(BoundedSemaphore),
    Event(Event),
    Condition(Condition),
    Barrier(Barrier),
}

impl PrimitiveObject {
    /// What a call of the constructor makes; `None` where it makes a queue.
    pub(crate) fn construct(
        context: &Context,
        constructor: Constructor,
        values: Given<'_>,
    ) -> Result<Option<PrimitiveObject>> {
        use Constructor as C;
        let given = argument(constructor, values)?;
        let sim = &context.sim;
        let name = |default: &str| context.name_primitive(default);
        let primitive = match constructor {
            C::Lock => Primitive::Lock(Lock::new(sim, &name("lock"))),
            C::Event => Primitive::Event(Event::new(sim, &name("event"))),
            C::Semaphore => Primitive::Semaphore(Semaphore::new(sim, &name("semaphore"), permits(given)?)),
            C::BoundedSemaphore => {
                Primitive::BoundedSemaphore(BoundedSemaphore::new(sim, &name("semaphore"), permits(given)?))
            }
            C::Barrier => Primitive::Barrier(Barrier::new(sim, &name("barrier"), parties(given)?)),
            C::Condition => Primitive::Condition(match given {
                None | Some(Value::None) => Condition::new(sim, &name("condition")),
                Some(lock) => Condition::with_lock(sim, &name("condition"), shared_lock(lock)?),
            }),
            C::Queue | C::PriorityQueue | C::LifoQueue | C::Future => return Ok(None),
        };
        meter::add(meter::CONTAINER);
        Ok(Some(PrimitiveObject(primitive)))
    }

    /// Reads an attribute; `None` where it has none of this name.
    pub(crate) fn attribute(&self, attribute: Attribute) -> Option<Value> {
        let Primitive::Barrier(barrier) = &self.0 else { return None };
        let count = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        match attribute {
            Attribute::Parties => Some(count(barrier.parties())),
            Attribute::NWaiting => Some(count(barrier.n_waiting())),
            Attribute::Broken => Some(Value::Bool(barrier.broken())),
            _ => None,
        }
    }

    /// Its state as asyncio's `repr` shows it, and how many wait.
    fn state(&self) -> (String, usize) {
        let locked = |locked: bool| if locked { "locked".to_owned() } else { "unlocked".to_owned() };
        let permits = |locked, value| if locked { "locked".to_owned() } else { format!("unlocked, value:{value}") };
        match &self.0 {
            Primitive::Lock(lock) => (locked(lock.locked()), lock.waiters()),
            Primitive::Condition(condition) => (locked(condition.locked()), condition.waiters()),
            Primitive::Semaphore(pool) => (permits(pool.locked(), pool.value()), pool.waiters()),
            Primitive::BoundedSemaphore(pool) => (permits(pool.locked(), pool.value()), pool.waiters()),
            Primitive::Event(event) => (if event.is_set() { "set" } else { "unset" }.to_owned(), event.waiters()),
            Primitive::Barrier(barrier) if barrier.broken() => (barrier.state().to_owned(), 0),
            Primitive::Barrier(barrier) => {
                (format!("{}, waiters:{}/{}", barrier.state(), barrier.n_waiting(), barrier.parties()), 0)
            }
        }
    }
}

impl Drop for PrimitiveObject {
    fn drop(&mut self) {
        meter::subtract(meter::CONTAINER);
    }
}

/// The only argument. The checker has counted, except where one was spread.
fn argument(constructor: Constructor, values: Given<'_>) -> Result<Option<&Value>> {
    let count = values.positional.len() + values.named.len();
    if count > 1 {
        let name = constructor.name();
        return Err(type_error(format!("{name}() takes at most 1 argument ({count} given)")));
    }
    Ok(values.positional.first().or_else(|| values.named.first().map(|(_, value)| value)))
}

fn permits(given: Option<&Value>) -> Result<u64> {
    let permits = given.map_or(Ok(1), integer)?;
    u64::try_from(permits).map_err(|_| value_error("Semaphore initial value must be >= 0"))
}

fn parties(given: Option<&Value>) -> Result<NonZeroUsize> {
    let Some(given) = given else {
        return Err(type_error("Barrier.__init__() missing 1 required positional argument: 'parties'"));
    };
    let parties = usize::try_from(integer(given)?).ok().and_then(NonZeroUsize::new);
    parties.ok_or_else(|| value_error("parties must be > 0"))
}

fn shared_lock(value: &Value) -> Result<&Lock> {
    match downcast::<PrimitiveObject>(value) {
        Some(PrimitiveObject(Primitive::Lock(lock))) => Ok(lock),
        Some(_) => Err(type_error(format!("the lock of a Condition is a Lock here, not {}", value.type_name()))),
        None => Err(attribute_error(format!("'{}' object has no attribute 'locked'", value.type_name()))),
    }
}

impl Object for PrimitiveObject {
    fn type_name(&self) -> &'static str {
        match self.0 {
            Primitive::Lock(_) => "Lock",
            Primitive::Semaphore(_) => "Semaphore",
            Primitive::BoundedSemaphore(_) => "BoundedSemaphore",
            Primitive::Event(_) => "Event",
            Primitive::Condition(_) => "Condition",
            Primitive::Barrier(_) => "Barrier",
        }
    }

    fn repr(&self) -> String {
        let (mut state, waiters) = self.state();
        if waiters > 0 {
            state.push_str(&format!(", waiters:{waiters}"));
        }
        format!("<asyncio.locks.{} object [{state}]>", self.type_name())
    }
}

/// The condition that a value is, for its `wait_for`.
///
/// # Errors
/// `AttributeError` where it is something else.
pub(crate) fn condition(value: &Value) -> Result<&Condition> {
    match downcast::<PrimitiveObject>(value) {
        Some(PrimitiveObject(Primitive::Condition(condition))) => Ok(condition),
        _ => Err(attribute_error(format!("'{}' object has no attribute 'wait_for'", value.type_name()))),
    }
}
