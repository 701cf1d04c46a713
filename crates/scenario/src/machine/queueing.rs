//! Awaiting `put` and `get` of a queue: without an object for the awaitable, and where they need not wait, without a
//! future.

use std::task::Context as PollContext;

use timeskip_executor::{GetError, PutError};

use crate::code::{MethodName, ObjectMethod, Target};
use crate::machine::Machine;
use crate::machine::awaiting::Awaiting;
use crate::machine::calls::Given;
use crate::machine::execute::Flow;
use crate::machine::methods;
use crate::machine::objects::{self, QueueObject};
use crate::value::{Result, Value};

impl Machine {
    /// `await: object.put(item)`
    pub(super) fn await_put(
        &mut self,
        object: &Value,
        item: Value,
        target: Option<&Target>,
        context: &mut PollContext<'_>,
    ) -> Result<Flow> {
        let Some(queue) = objects::downcast::<QueueObject>(object) else {
            return self.await_method(object, ObjectMethod::Put, &[item], context);
        };
        let flow = match queue.queue.put_nowait(item) {
            Ok(()) => self.arrive(target, Value::None),
            Err(PutError::Full(item) | PutError::ShutDown(item)) => {
                self.wait(Awaiting::Put(queue.queue.put(item).until_shutdown()), context)
            }
        };
        queue.check_order()?;
        flow
    }

    /// `await: object.get()`
    pub(super) fn await_get(
        &mut self,
        object: &Value,
        target: Option<&Target>,
        context: &mut PollContext<'_>,
    ) -> Result<Flow> {
        let Some(queue) = objects::downcast::<QueueObject>(object) else {
            return self.await_method(object, ObjectMethod::Get, &[], context);
        };
        let flow = match queue.queue.get_nowait() {
            Ok(item) => self.arrive(target, item),
            Err(GetError::Empty | GetError::ShutDown) => {
                self.wait(Awaiting::Get(queue.queue.get().until_shutdown()), context)
            }
        };
        queue.check_order()?;
        flow
    }

    /// The same of something else that has such a method.
    #[cold]
    fn await_method(
        &mut self,
        object: &Value,
        method: ObjectMethod,
        positional: &[Value],
        context: &mut PollContext<'_>,
    ) -> Result<Flow> {
        let given = Given { positional, named: &[] };
        let value = methods::call(&self.context, object, MethodName::of_object(method), given)?;
        self.await_value(&value, context)
    }
}
