//! Spawning, awaiting, cancelling and looking at tasks.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::{Lowering, spawn, with_any, with_later};
use crate::program::Pick;
use crate::statement::Statement;
use crate::strategy::{Weighted, pick};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Awaits a task's steps within this task.
    Call(Pick),
    Spawn(Pick),
    Await(Pick),
    Cancel(Pick),
    /// Cancels a task twice in a row.
    CancelTwice(Pick),
    /// Cancels a task before its first step.
    SpawnAndCancel(Pick),
    LookAt(Pick),
    Result(Pick),
    Exception(Pick),
    CountTasks,
    CancelOthers,
}

pub(crate) fn leaves() -> Weighted {
    let with = |make: fn(Pick) -> Step| pick().prop_map(move |pick| AnyStep::Tasks(make(pick))).boxed();
    vec![
        (4, with(Step::Call)),
        (10, with(Step::Spawn)),
        (6, with(Step::Await)),
        (4, with(Step::Cancel)),
        (1, with(Step::CancelTwice)),
        (1, with(Step::SpawnAndCancel)),
        (2, with(Step::LookAt)),
        (1, with(Step::Result)),
        (1, with(Step::Exception)),
        (1, Just(AnyStep::Tasks(Step::CountTasks)).boxed()),
        (1, Just(AnyStep::Tasks(Step::CancelOthers)).boxed()),
    ]
}

pub(crate) fn nested(_: &BoxedStrategy<AnyStep>) -> Weighted {
    Vec::new()
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Call(_) => "await a coroutine",
            Step::Spawn(_) => "spawn",
            Step::Await(_) => "await a task",
            Step::Cancel(_) => "cancel",
            Step::CancelTwice(_) => "cancel twice",
            Step::SpawnAndCancel(_) => "cancel before the first step",
            Step::LookAt(_) => "done, cancelled",
            Step::Result(_) => "result",
            Step::Exception(_) => "exception",
            Step::CountTasks => "all_tasks",
            Step::CancelOthers => "cancel all_tasks",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        let cancel = || Statement::of("call", "handle.cancel()").with("as", "got");
        match self {
            Step::Call(callee) => match lowering.call(*callee) {
                Some(call) => vec![Statement::of("await", call).with("as", "got"), lowering.print("got {got!r}")],
                None => Vec::new(),
            },
            Step::Spawn(callee) => lowering.spawned(*callee).map(spawn).map_or_else(Vec::new, Vec::from),
            Step::Await(handle) => {
                let steps = vec![Statement::of("await", "handle").with("as", "got"), lowering.print("got {got!r}")];
                vec![with_later(*handle, steps)]
            }
            Step::Cancel(handle) => vec![with_any(*handle, vec![cancel(), lowering.print("cancels {got}")])],
            Step::CancelTwice(handle) => {
                vec![with_any(*handle, vec![cancel(), cancel(), lowering.print("cancels {got}")])]
            }
            Step::SpawnAndCancel(callee) => match lowering.spawned(*callee) {
                Some(call) => [Vec::from(spawn(call)), vec![cancel(), lowering.print("cancels {got}")]].concat(),
                None => Vec::new(),
            },
            Step::LookAt(handle) => {
                vec![with_any(*handle, vec![lowering.print("sees {handle.done()} {handle.cancelled()}")])]
            }
            Step::Result(handle) => vec![with_any(*handle, asked("handle.result()", lowering))],
            Step::Exception(handle) => vec![with_any(*handle, asked("handle.exception()", lowering))],
            Step::CountTasks => vec![lowering.print("counts {len(all_tasks())}")],
            Step::CancelOthers => {
                let cancel = vec![Statement::of("call", "other.cancel()")];
                let choose = vec![Statement::of("if", "other is not current_task()").doing(cancel)];
                vec![Statement::of("for", "other in all_tasks()").doing(choose), lowering.print("cancels all")]
            }
        }
    }
}

/// A question whose answer may be an exception.
fn asked(question: &str, lowering: &mut Lowering<'_>) -> Vec<Statement> {
    let ask = vec![Statement::of("call", question).with("as", "got"), lowering.print("asks {got!r}")];
    let caught = vec![lowering.print("asks in vain {error!r}")];
    vec![Statement::attempt(ask).except(Some("InvalidStateError, ValueError, CancelledError"), caught)]
}
