//! Timeouts: what `as:` of the step `timeout` binds.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::{SimTime, Timeout, TimeoutState};

use crate::code::{Deadline, ObjectMethod};
use crate::lang::ast::{BinaryOp, CompareOp};
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::functions::{delay, seconds};
use crate::value::error::{runtime_error, type_error};
use crate::value::{Object, Result, Value, binary, compare};

/// A time limit of a block, as a program holds it.
pub(crate) struct TimeoutObject {
    pub(crate) timeout: Timeout,
    /// The deadline as the program knows it, which need not be a time of the run's clock.
    when: RefCell<Value>,
}

impl TimeoutObject {
    /// What `asyncio.timeout(limit)` or `asyncio.timeout_at(limit)` makes.
    pub(crate) fn new(context: &Context, deadline: Deadline, limit: Value) -> Result<TimeoutObject> {
        let sim = &context.sim;
        let (timeout, when) = match (deadline, limit) {
            (_, Value::None) => (Timeout::unlimited(sim), Value::None),
            (Deadline::At, when) => (Timeout::at(sim, time(context, &when)?), when),
            (Deadline::After, limit) => {
                let when = binary(BinaryOp::Add, &now(context), &limit)?;
                (Timeout::after(sim, delay(&limit)?), when)
            }
        };
        Ok(TimeoutObject { timeout, when: RefCell::new(when) })
    }

    /// Calls a method; `None` where it has none of this name.
    pub(crate) fn call(&self, context: &Rc<Context>, method: ObjectMethod, values: Given<'_>) -> Option<Result<Value>> {
        use ObjectMethod as M;
        Some(match method {
            M::When => Ok(self.when.borrow().clone()),
            M::Expired => Ok(Value::Bool(self.timeout.expired())),
            M::Reschedule => self.reschedule(context, values),
            _ => return None,
        })
    }

    fn reschedule(&self, context: &Context, values: Given<'_>) -> Result<Value> {
        let Some(when) = values.positional.first() else {
            return Err(type_error("Timeout.reschedule() missing 1 required positional argument: 'when'"));
        };
        // As in asyncio, the state is looked at first.
        let deadline = match (self.timeout.state(), when) {
            (TimeoutState::Active, Value::None) => None,
            (TimeoutState::Active, when) => Some(time(context, when)?),
            _ => None,
        };
        self.timeout.reschedule(deadline).map_err(|misuse| runtime_error(misuse.to_string()))?;
        self.when.replace(when.clone());
        Ok(Value::None)
    }
}

fn now(context: &Context) -> Value {
    Value::Float(context.sim.now().as_secs_f64())
}

/// A time of the clock, which asyncio compares with the present one.
fn time(context: &Context, when: &Value) -> Result<SimTime> {
    compare(CompareOp::LessEqual, when, &now(context))?;
    let seconds = seconds(when)?;
    delay(&Value::Float(seconds))?;
    Ok(SimTime::from_secs_f64(seconds))
}

impl Object for TimeoutObject {
    fn type_name(&self) -> &'static str {
        "Timeout"
    }

    fn repr(&self) -> String {
        format!("<Timeout [{}]>", self.timeout.state().name())
    }
}
