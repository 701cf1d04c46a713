//! Futures, and callbacks that the loop calls.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::{Lowering, with_any};
use crate::program::{Pick, Seconds};
use crate::statement::Statement;
use crate::strategy::{Weighted, pick, seconds};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    AwaitFuture,
    SetResult,
    SetException,
    CancelFuture,
    CallSoon,
    CallLater(Seconds),
    CallAt(Seconds),
    /// A call that is taken back.
    CallAndCancel(Seconds),
    WhenDone(Pick),
}

pub(crate) fn leaves() -> Weighted {
    let step = |step| Just(AnyStep::Callbacks(step)).boxed();
    let timed = |make: fn(Seconds) -> Step| seconds().prop_map(move |at| AnyStep::Callbacks(make(at))).boxed();
    vec![
        (2, step(Step::AwaitFuture)),
        (1, step(Step::SetResult)),
        (1, step(Step::SetException)),
        (1, step(Step::CancelFuture)),
        (2, step(Step::CallSoon)),
        (2, timed(Step::CallLater)),
        (1, timed(Step::CallAt)),
        (1, timed(Step::CallAndCancel)),
        (2, pick().prop_map(|pick| AnyStep::Callbacks(Step::WhenDone(pick))).boxed()),
    ]
}

pub(crate) fn nested(_: &BoxedStrategy<AnyStep>) -> Weighted {
    Vec::new()
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::AwaitFuture => "await a future",
            Step::SetResult => "set_result",
            Step::SetException => "set_exception",
            Step::CancelFuture => "cancel a future",
            Step::CallSoon => "call_soon",
            Step::CallLater(_) => "call_later",
            Step::CallAt(_) => "call_at",
            Step::CallAndCancel(_) => "cancel a call_later",
            Step::WhenDone(_) => "add_done_callback",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        let note = format!("note, f'{{name}}.{}'", lowering.fresh());
        let call = |expression: String| vec![Statement::of("call", expression)];
        match self {
            Step::AwaitFuture => {
                vec![Statement::of("await", "future").with("as", "got"), lowering.print("got {got!r}")]
            }
            Step::SetResult => open_future("future.set_result(name)"),
            Step::SetException => open_future("future.set_exception(ValueError(name))"),
            Step::CancelFuture => {
                vec![Statement::of("call", "future.cancel()").with("as", "got"), lowering.print("cancels {got}")]
            }
            Step::CallSoon => call(format!("call_soon({note})")),
            Step::CallLater(seconds) => call(format!("call_later({}, {note})", seconds.0)),
            Step::CallAt(seconds) => call(format!("call_at(now() + {}, {note})", seconds.0)),
            Step::CallAndCancel(seconds) => {
                let later = Statement::of("call", format!("call_later({}, {note})", seconds.0)).with("as", "timer");
                vec![later, Statement::of("call", "timer.cancel()")]
            }
            Step::WhenDone(handle) => vec![with_any(*handle, call("handle.add_done_callback(ended)".to_owned()))],
        }
    }
}

fn open_future(expression: &str) -> Vec<Statement> {
    vec![Statement::of("if", "not future.done()").doing(vec![Statement::of("call", expression)])]
}
