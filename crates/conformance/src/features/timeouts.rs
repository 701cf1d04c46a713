//! Time limits, shields, and requests to cancel that are counted, explained and taken back.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::{Lowering, with_any, with_later};
use crate::program::{Pick, Seconds};
use crate::statement::Statement;
use crate::strategy::{Weighted, few_steps, pick, seconds, steps};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Timeout(Seconds, Vec<AnyStep>),
    /// A limit that is moved when half of the steps are done.
    Rescheduled(Seconds, Seconds, Vec<AnyStep>, Vec<AnyStep>),
    WaitForCoroutine(Pick, Seconds),
    WaitForTask(Pick, Seconds),
    WaitForGet(Pick, Seconds),
    Shield(Pick),
    ShieldTask(Pick),
    CancelWith(Pick),
    RaiseCancelled,
    Uncancel,
}

pub(crate) fn leaves() -> Weighted {
    let with = |make: fn(Pick) -> Step| pick().prop_map(move |pick| AnyStep::Timeouts(make(pick))).boxed();
    let timed = |make: fn(Pick, Seconds) -> Step| {
        (pick(), seconds()).prop_map(move |(pick, seconds)| AnyStep::Timeouts(make(pick, seconds))).boxed()
    };
    vec![
        (2, timed(Step::WaitForCoroutine)),
        (2, timed(Step::WaitForTask)),
        (2, timed(Step::WaitForGet)),
        (2, with(Step::Shield)),
        (2, with(Step::ShieldTask)),
        (2, with(Step::CancelWith)),
        (1, Just(AnyStep::Timeouts(Step::RaiseCancelled)).boxed()),
        (1, Just(AnyStep::Timeouts(Step::Uncancel)).boxed()),
    ]
}

pub(crate) fn nested(inner: &BoxedStrategy<AnyStep>) -> Weighted {
    let timeout = (seconds(), steps(inner)).prop_map(|(seconds, steps)| Step::Timeout(seconds, steps));
    let moved = (seconds(), seconds(), few_steps(inner), steps(inner));
    let moved = moved.prop_map(|(first, then, before, behind)| Step::Rescheduled(first, then, before, behind));
    vec![(4, timeout.prop_map(AnyStep::Timeouts).boxed()), (1, moved.prop_map(AnyStep::Timeouts).boxed())]
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Timeout(..) => "timeout",
            Step::Rescheduled(..) => "timeout, rescheduled",
            Step::WaitForCoroutine(..) => "wait_for a coroutine",
            Step::WaitForTask(..) => "wait_for a task",
            Step::WaitForGet(..) => "wait_for get",
            Step::Shield(_) => "shield a coroutine",
            Step::ShieldTask(_) => "shield a task",
            Step::CancelWith(_) => "cancel with a message",
            Step::RaiseCancelled => "raise CancelledError with a message",
            Step::Uncancel => "uncancel",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        match self {
            Step::Timeout(seconds, steps) => {
                let number = lowering.fresh();
                let mut body = vec![lowering.print(&format!("has until {{limit{number}.when()!r}}"))];
                body.extend(lowering.steps(steps));
                let timeout = Statement::of("timeout", seconds.duration()).with("as", format!("limit{number}"));
                vec![timeout.doing(body), lowering.print(&format!("in time {{limit{number}.expired()}}"))]
            }
            Step::Rescheduled(first, then, before, behind) => {
                let limit = format!("limit{}", lowering.fresh());
                let mut body = lowering.steps(before);
                body.push(Statement::of("call", format!("{limit}.reschedule(now() + {})", then.0)));
                body.extend(lowering.steps(behind));
                let timeout = Statement::of("timeout", first.duration()).with("as", limit.clone());
                vec![timeout.doing(body), lowering.print(&format!("in time {{{limit}.expired()}}"))]
            }
            Step::WaitForCoroutine(callee, seconds) => match lowering.call(*callee) {
                Some(call) => waited(&format!("wait_for({call}, {})", seconds.0), lowering),
                None => Vec::new(),
            },
            Step::WaitForTask(handle, seconds) => {
                vec![with_later(*handle, waited(&format!("wait_for(handle, {})", seconds.0), lowering))]
            }
            Step::WaitForGet(queue, seconds) => {
                let call = format!("wait_for({}.get(), {})", lowering.queue(*queue), seconds.0);
                waited(&call, lowering)
            }
            Step::Shield(callee) => match lowering.call(*callee) {
                Some(call) => waited(&format!("shield({call})"), lowering),
                None => Vec::new(),
            },
            Step::ShieldTask(handle) => vec![with_later(*handle, waited("shield(handle)", lowering))],
            Step::CancelWith(handle) => {
                let cancel = Statement::of("call", "handle.cancel(f'by {name}')").with("as", "got");
                vec![with_any(*handle, vec![cancel, lowering.print("cancels {got} {handle.cancelling()}")])]
            }
            Step::RaiseCancelled => vec![Statement::of("raise", "CancelledError(f'{name} gave up')")],
            Step::Uncancel => {
                let uncancel = Statement::of("call", "current_task().uncancel()").with("as", "got");
                let uncancel = vec![uncancel, lowering.print("takes back {got}")];
                vec![Statement::of("if", "current_task().cancelling() > 0").doing(uncancel)]
            }
        }
    }
}

fn waited(what: &str, lowering: &Lowering<'_>) -> Vec<Statement> {
    vec![Statement::of("await", what).with("as", "got"), lowering.print("got {got!r}")]
}
