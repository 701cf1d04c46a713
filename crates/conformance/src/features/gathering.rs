//! `gather` and `as_completed`.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::{Lowering, spawn};
use crate::program::{Pick, Seconds};
use crate::statement::Statement;
use crate::strategy::{Weighted, picks, seconds, steps};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Gather(Vec<Pick>),
    GatherExceptions(Vec<Pick>),
    /// A gather of tasks that run already.
    GatherSpawned(Vec<Pick>),
    /// A gather of a bare sleep, twice the same task, and a coroutine.
    GatherMixed(Seconds, Pick),
    AsCompleted(Vec<Pick>, Vec<AnyStep>),
    AsCompletedSpawned(Vec<Pick>),
}

pub(crate) fn leaves() -> Weighted {
    let with = |make: fn(Vec<Pick>) -> Step| picks().prop_map(move |picks| AnyStep::Gathering(make(picks))).boxed();
    let mixed = (seconds(), (0..6_usize).prop_map(Pick));
    vec![
        (3, with(Step::Gather)),
        (2, with(Step::GatherExceptions)),
        (2, with(Step::GatherSpawned)),
        (1, mixed.prop_map(|(seconds, pick)| AnyStep::Gathering(Step::GatherMixed(seconds, pick))).boxed()),
        (2, with(Step::AsCompletedSpawned)),
    ]
}

pub(crate) fn nested(inner: &BoxedStrategy<AnyStep>) -> Weighted {
    let completed = (picks(), steps(inner));
    vec![(1, completed.prop_map(|(picks, steps)| AnyStep::Gathering(Step::AsCompleted(picks, steps))).boxed())]
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Gather(_) => "gather coroutines",
            Step::GatherExceptions(_) => "gather return_exceptions",
            Step::GatherSpawned(_) => "gather tasks",
            Step::GatherMixed(..) => "gather a sleep and a task twice",
            Step::AsCompleted(..) => "as_completed coroutines",
            Step::AsCompletedSpawned(_) => "as_completed tasks",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        let next = |lowering: &Lowering<'_>| {
            vec![Statement::of("await", "next_one").with("as", "got"), lowering.print("got {got!r}")]
        };
        match self {
            Step::Gather(callees) => gather(&list(lowering, callees), lowering),
            Step::GatherExceptions(callees) => {
                let calls = list(lowering, callees);
                let gather = Statement::of("gather", calls).with("as", "got").with("return_exceptions", "true");
                vec![gather, lowering.print("gathered {got!r}")]
            }
            Step::GatherSpawned(callees) => [spawn_all(lowering, callees), gather("spawned", lowering)].concat(),
            Step::GatherMixed(seconds, callee) => match (lowering.spawned(*callee), lowering.call(*callee)) {
                (Some(spawned), Some(call)) => {
                    let what = format!("handle, sleep({}), {call}, handle", seconds.0);
                    [Vec::from(spawn(spawned)), gather(&what, lowering)].concat()
                }
                _ => Vec::new(),
            },
            Step::AsCompleted(callees, steps) => {
                let calls = list(lowering, callees);
                let mut body = next(lowering);
                body.extend(lowering.repeated(callees.len(), steps));
                vec![Statement::of("as_completed", calls).with("as", "next_one").doing(body)]
            }
            Step::AsCompletedSpawned(callees) => {
                let mut statements = spawn_all(lowering, callees);
                let body = next(lowering);
                statements.push(Statement::of("as_completed", "spawned").with("as", "next_one").doing(body));
                statements
            }
        }
    }
}

fn list(lowering: &mut Lowering<'_>, callees: &[Pick]) -> String {
    format!("[{}]", lowering.calls(callees).join(", "))
}

/// Gathers and prints what came of it.
pub(crate) fn gather(what: &str, lowering: &Lowering<'_>) -> Vec<Statement> {
    vec![Statement::of("gather", what).with("as", "got"), lowering.print("gathered {got}")]
}

/// Starts tasks whose handles become a list, `spawned`.
pub(crate) fn spawn_all(lowering: &mut Lowering<'_>, callees: &[Pick]) -> Vec<Statement> {
    let mut statements = vec![Statement::of("let", "spawned = []")];
    for callee in callees {
        if let Some(call) = lowering.spawned(*callee) {
            statements.extend(spawn(call));
            statements.push(Statement::of("call", "spawned.append(handle)"));
        }
    }
    statements
}
