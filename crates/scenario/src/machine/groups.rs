//! The step `group`.

use std::rc::Rc;
use std::task::Context as PollContext;

use timeskip_executor::{BodyEnd, Cancelled, GroupEnd, TaskGroup};

use crate::code::{Arguments, Slot, Target};
use crate::machine::Machine;
use crate::machine::awaiting::{Awaiting, Raised};
use crate::machine::execute::Flow;
use crate::machine::frame::{Frame, Interrupted};
use crate::machine::methods::cancelled;
use crate::machine::objects::{self, GroupObject};
use crate::machine::outcome::Failure;
use crate::machine::start::listed;
use crate::value::error::type_error;
use crate::value::{Exception, ExceptionKind, Result, Value};

impl Machine {
    pub(super) fn enter_group(&mut self, slot: Slot, target: Option<&Target>) -> Result<()> {
        let group = objects::value(GroupObject(TaskGroup::enter(&self.context.sim)));
        self.set(slot, group.clone());
        match target {
            Some(target) => self.evaluator().bind(target, group),
            None => Ok(()),
        }
    }

    pub(super) fn start_in_group(&mut self, slot: Slot, arguments: &Arguments) -> Result<()> {
        let values = self.evaluator().arguments(arguments)?.positional;
        let group = self.group_in(slot)?;
        for coroutine in listed(values)? {
            self.context.spend()?;
            if let Some(group) = objects::downcast::<GroupObject>(&group) {
                group.create_task(&self.context, &coroutine)?;
            }
        }
        Ok(())
    }

    /// The block is over, as the innermost `finally` knows: its members are waited for.
    pub(super) fn exit_group(&mut self, slot: Slot, context: &mut PollContext<'_>) -> Result<Flow> {
        let group = self.group_in(slot)?;
        self.evaluator().slots[slot as usize] = None;
        let guards = self.frames.last().and_then(Frame::guards);
        let body = match guards.and_then(|guards| guards.interrupted.last()) {
            Some(Interrupted::Raise { exception, .. }) => Some(Rc::clone(exception)),
            _ => None,
        };
        let end = match &body {
            None => BodyEnd::Finished,
            Some(exception) if exception.kind.is_a(ExceptionKind::CancelledError) => BodyEnd::Cancelled,
            Some(_) => BodyEnd::Failed,
        };
        let Some(GroupObject(group)) = objects::downcast::<GroupObject>(&group) else {
            return Err(type_error("a group lost its place"));
        };
        let exit = Box::new(group.exit(end));
        self.wait(Awaiting::Group(exit, body), context)
    }

    fn group_in(&mut self, slot: Slot) -> Result<Value> {
        let group = self.evaluator().slots[slot as usize].clone();
        group.ok_or_else(|| type_error("a group lost its place"))
    }
}

/// What comes out of a group whose block was ended by `body`, if by an exception.
pub(super) fn group_ended(
    end: GroupEnd<Rc<Failure>>,
    body: Option<Rc<Exception>>,
) -> std::result::Result<Value, Raised> {
    let exceptions: Vec<Rc<Exception>> = match end {
        GroupEnd::Finished => return body.map_or(Ok(Value::None), |body| Err((body, None))),
        // The cancel that came while the members ended has taken the place of the one that ended the block.
        GroupEnd::Cancelled(Some(by)) => return Err((cancelled(&by), None)),
        GroupEnd::Cancelled(None) => return Err((body.unwrap_or_else(|| cancelled(&Cancelled::default())), None)),
        GroupEnd::Failed(failures) => failures.iter().map(|failure| Rc::clone(&failure.exception)).collect(),
    };
    let own = body.filter(|body| !body.kind.is_a(ExceptionKind::CancelledError));
    let members = exceptions.into_iter().chain(own).map(Value::Exception).collect();
    let arguments = [Value::text("unhandled errors in a TaskGroup"), Value::list(members)];
    let group = Exception::construct(ExceptionKind::BaseExceptionGroup, &arguments);
    Err((group.unwrap_or_else(|exception| exception), None))
}
