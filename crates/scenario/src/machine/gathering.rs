//! `gather`: as a step, which waits at once, and as a value, a future that is awaited later.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::Context as PollContext;

use timeskip_executor::{Cancelled, GatherError, JoinHandle, Status};

use crate::code::{Arguments, Collect};
use crate::machine::Machine;
use crate::machine::awaiting::{Awaiting, Raised, raised};
use crate::machine::calls::Given;
use crate::machine::context::Context;
use crate::machine::execute::Flow;
use crate::machine::methods::{self, cancelled};
use crate::machine::objects::{self, FutureClass, FutureObject};
use crate::machine::outcome::{Failure, Outcome};
use crate::machine::start::{ensure_task, listed};
use crate::value::error::{error, type_error};
use crate::value::{ExceptionKind, Result, Value, meter};

type Handles = Vec<JoinHandle<Outcome>>;

impl Machine {
    /// `gather:`, without a future in between.
    pub(super) fn gather(
        &mut self,
        arguments: &Arguments,
        collect: Collect,
        context: &mut PollContext<'_>,
    ) -> Result<Flow> {
        let values = self.evaluator().arguments(arguments)?.positional;
        let tasks = match values.as_slice() {
            // A list of a hundred thousand is not copied first.
            [Value::List(list)] => tasks_of(&self.context, &list.items())?,
            _ => tasks_of(&self.context, &listed(values)?)?,
        };
        let sim = &self.context.sim;
        let awaiting = match collect {
            Collect::Results => Awaiting::Gather(sim.gather(tasks)),
            Collect::ResultsAndExceptions => Awaiting::GatherAll(sim.gather_all(tasks)),
        };
        self.wait(awaiting, context)
    }
}

/// `gather(a, b, return_exceptions=False)` in an expression.
pub(super) fn call(context: &Rc<Context>, values: Given<'_>) -> Result<Value> {
    context.current_task()?;
    let tasks = tasks_of(context, values.positional)?;
    // asyncio makes a plain future for nothing.
    let class = if tasks.is_empty() { FutureClass::Future } else { FutureClass::Gathering };
    let future = Future::new(context, tasks.len());
    let name = Rc::clone(&future.name);
    let collects_exceptions = values.named.iter().any(|(name, flag)| &**name == "return_exceptions" && flag.is_true());
    let handle = if collects_exceptions {
        context.sim.gather_all(tasks).into_handle_as(&name, move |result| future.outcome(gathered_all(result)))
    } else {
        context.sim.gather(tasks).into_handle_as(&name, move |result| future.outcome(gathered(result)))
    };
    Ok(objects::value(FutureObject(handle, class)))
}

/// The tasks of what is gathered. A coroutine that is given more than once becomes one of them, as in asyncio.
fn tasks_of(context: &Rc<Context>, values: &[Value]) -> Result<Handles> {
    let mut tasks = Handles::with_capacity(values.len());
    let mut places = Places::default();
    for value in values {
        let task = match ensure_task(context, value) {
            Ok((task, _)) => task,
            Err(_) if let Value::List(_) | Value::Dict(_) = value => {
                return Err(type_error(format!("unhashable type: '{}'", value.type_name())));
            }
            Err(exception) => match places.earlier(&values[..tasks.len()], value) {
                Some(place) => tasks[place].clone(),
                None => return Err(exception),
            },
        };
        tasks.push(task);
        context.spend()?;
    }
    Ok(tasks)
}

/// The places of objects in a list, as far as it has been looked at.
#[derive(Default)]
struct Places {
    /// By address, which is compared and decides nothing else.
    by_address: BTreeMap<*const (), usize>,
    looked_at: usize,
}

impl Places {
    /// The place of the same object among these.
    #[cold]
    fn earlier(&mut self, values: &[Value], value: &Value) -> Option<usize> {
        let address = |value: &Value| match value {
            Value::Object(object) => Some(Rc::as_ptr(object).cast::<()>()),
            _ => None,
        };
        for (place, value) in values.iter().enumerate().skip(self.looked_at) {
            if let Some(address) = address(value) {
                self.by_address.entry(address).or_insert(place);
            }
        }
        self.looked_at = values.len();
        self.by_address.get(&address(value)?).copied()
    }
}

/// What a gather's future has while it waits.
struct Future {
    name: Rc<str>,
    context: Rc<Context>,
    _held: meter::Held,
}

impl Future {
    fn new(context: &Rc<Context>, children: usize) -> Future {
        let children = meter::weight(&Value::None).saturating_mul(children as u64).saturating_mul(4);
        let held = meter::Held::new(meter::WAITING_FUTURE.saturating_add(children));
        Future { name: context.name_primitive("gather"), context: Rc::clone(context), _held: held }
    }

    /// The future is one of its own: somebody has to look at its exception, too.
    fn outcome(&self, result: std::result::Result<Value, Raised>) -> Outcome {
        let warnings = &self.context.warnings;
        let name = Rc::clone(&self.name);
        match result {
            Ok(value) => Outcome::Returned(value),
            Err((_, Some(failure))) => Outcome::Raised(Rc::new(failure.handed_on(name, warnings))),
            Err((exception, None)) => Outcome::Raised(Rc::new(Failure::of_future(exception, name, warnings))),
        }
    }
}

pub(super) fn gathered(
    result: std::result::Result<Vec<Outcome>, GatherError<Outcome>>,
) -> std::result::Result<Value, Raised> {
    match result {
        Ok(outcomes) => {
            let values = outcomes.into_iter().filter_map(|outcome| match outcome {
                Outcome::Returned(value) => Some(value),
                Outcome::Raised(_) => None,
            });
            Ok(Value::list(values.collect()))
        }
        Err(GatherError::Failed(Outcome::Raised(failure))) => Err(raised(&failure)),
        Err(GatherError::Cancelled(by)) => Err((cancelled(&by), None)),
        Err(GatherError::Failed(Outcome::Returned(_))) => Err((cancelled(&Cancelled::default()), None)),
    }
}

pub(super) fn gathered_all(result: std::result::Result<Handles, Cancelled>) -> std::result::Result<Value, Raised> {
    let handles = result.map_err(|by| (cancelled(&by), None))?;
    let values = handles.iter().map(|handle| {
        if handle.status() == Some(Status::Cancelled) {
            // asyncio makes this one anew, with an empty text where no message is left.
            let message = handle.cancel_message().unwrap_or_default();
            return Value::Exception(error(ExceptionKind::CancelledError, message));
        }
        methods::outcome(handle.result(), "").unwrap_or_else(Value::Exception)
    });
    Ok(Value::list(values.collect()))
}
