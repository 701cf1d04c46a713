//! Locks, semaphores, events, conditions and barriers.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::Lowering;
use crate::program::Pick;
use crate::statement::Statement;
use crate::strategy::{Weighted, pick, steps};

/// What `with` takes, and what is acquired and released by hand.
const HELD: [&str; 4] = ["lock", "semaphore", "bounded", "condition"];

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    With(Pick, Vec<AnyStep>),
    Acquire(Pick),
    Release(Pick),
    Locked(Pick),
    EventWait,
    EventSet,
    EventClear,
    /// Waits for a condition, with its lock held.
    ConditionWait,
    /// Waits until so many things have been seen.
    ConditionWaitFor(Pick),
    /// Sees one thing more and notifies so many.
    Notify(Pick),
    NotifyAll,
    BarrierWait,
    BarrierAbort,
    BarrierReset,
}

pub(crate) fn leaves() -> Weighted {
    let with = |make: fn(Pick) -> Step| pick().prop_map(move |pick| AnyStep::Locks(make(pick))).boxed();
    let step = |step| Just(AnyStep::Locks(step)).boxed();
    vec![
        (2, with(Step::Acquire)),
        (2, with(Step::Release)),
        (1, with(Step::Locked)),
        (2, step(Step::EventWait)),
        (2, step(Step::EventSet)),
        (1, step(Step::EventClear)),
        (2, step(Step::ConditionWait)),
        (2, with(Step::ConditionWaitFor)),
        (3, with(Step::Notify)),
        (1, step(Step::NotifyAll)),
        (2, step(Step::BarrierWait)),
        (1, step(Step::BarrierAbort)),
        (1, step(Step::BarrierReset)),
    ]
}

pub(crate) fn nested(inner: &BoxedStrategy<AnyStep>) -> Weighted {
    vec![(4, (pick(), steps(inner)).prop_map(|(pick, steps)| AnyStep::Locks(Step::With(pick, steps))).boxed())]
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::With(..) => "with",
            Step::Acquire(_) => "acquire",
            Step::Release(_) => "release",
            Step::Locked(_) => "locked",
            Step::EventWait => "event.wait",
            Step::EventSet => "event.set",
            Step::EventClear => "event.clear",
            Step::ConditionWait => "condition.wait",
            Step::ConditionWaitFor(_) => "condition.wait_for",
            Step::Notify(_) => "notify",
            Step::NotifyAll => "notify_all",
            Step::BarrierWait => "barrier.wait",
            Step::BarrierAbort => "barrier.abort",
            Step::BarrierReset => "barrier.reset",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        match self {
            Step::With(held, steps) => {
                let mut body = vec![lowering.print("holds")];
                body.extend(lowering.steps(steps));
                vec![Statement::of("with", HELD[held.of(HELD.len())]).doing(body), lowering.print("let go")]
            }
            Step::Acquire(held) => waited(&format!("{}.acquire()", HELD[held.of(HELD.len())]), lowering),
            Step::Release(held) => vec![Statement::of("call", format!("{}.release()", HELD[held.of(HELD.len())]))],
            Step::Locked(held) => vec![lowering.print(&format!("sees {{{}.locked()}}", HELD[held.of(HELD.len())]))],
            Step::EventWait => waited("event.wait()", lowering),
            Step::EventSet => vec![Statement::of("call", "event.set()"), lowering.print("set {event.is_set()}")],
            Step::EventClear => vec![Statement::of("call", "event.clear()")],
            Step::ConditionWait => vec![holding(waited("condition.wait()", lowering))],
            Step::ConditionWaitFor(many) => {
                vec![holding(waited(&format!("condition.wait_for(len(seen) > {})", many.0), lowering))]
            }
            Step::Notify(many) => vec![holding(vec![
                Statement::of("call", "seen.append(name)"),
                Statement::of("call", format!("condition.notify({})", many.0)),
                lowering.print("notified"),
            ])],
            Step::NotifyAll => vec![holding(vec![Statement::of("call", "condition.notify_all()")])],
            Step::BarrierWait => waited("barrier.wait()", lowering),
            Step::BarrierAbort => waited("barrier.abort()", lowering),
            Step::BarrierReset => waited("barrier.reset()", lowering),
        }
    }
}

fn waited(call: &str, lowering: &Lowering<'_>) -> Vec<Statement> {
    vec![Statement::of("await", call).with("as", "got"), lowering.print("got {got!r}")]
}

fn holding(steps: Vec<Statement>) -> Statement {
    Statement::of("with", "condition").doing(steps)
}
