//! Gathers that are kept: awaited later or within something else, asked, and cancelled by themselves or by other tasks.
//!
//! A gather goes into a list that all tasks share. Others cancel it or ask it and never await it: so no tasks await each
//! other in a circle.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::{Lowering, with_later};
use crate::program::{Pick, Seconds};
use crate::statement::Statement;
use crate::strategy::{Weighted, pick, picks, seconds, steps};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A gather that is awaited when some steps have run.
    Later(Way, Failures, Vec<Pick>, Vec<AnyStep>),
    /// The same, cancelled before it is awaited.
    Cancelled(Way, Failures, Vec<Pick>, Vec<AnyStep>),
    /// A gather of tasks that others may await.
    Shared(Way, Failures, Vec<Pick>),
    /// A gather that nobody awaits.
    Dropped(Failures, Vec<Pick>),
    CancelAny(Pick),
    AskAny(Pick),
}

/// How a gather is awaited.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    Plainly,
    Twice,
    InAnother(Failures),
    InAShield,
    WaitFor(Seconds),
    Wait(Seconds),
}

/// What it does with exceptions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failures {
    Raised,
    Collected,
}

impl Failures {
    /// The end of the arguments.
    fn argument(self) -> &'static str {
        match self {
            Failures::Raised => "",
            Failures::Collected => "return_exceptions=True",
        }
    }
}

fn failures() -> BoxedStrategy<Failures> {
    prop_oneof![Just(Failures::Raised), Just(Failures::Collected)].boxed()
}

fn way() -> BoxedStrategy<Way> {
    prop_oneof![
        3 => Just(Way::Plainly),
        1 => Just(Way::Twice),
        2 => failures().prop_map(Way::InAnother),
        1 => Just(Way::InAShield),
        1 => seconds().prop_map(Way::WaitFor),
        1 => seconds().prop_map(Way::Wait),
    ]
    .boxed()
}

pub(crate) fn leaves() -> Weighted {
    let shared = (way(), failures(), picks()).prop_map(|(way, failures, picks)| Step::Shared(way, failures, picks));
    let dropped = (failures(), picks()).prop_map(|(failures, picks)| Step::Dropped(failures, picks));
    vec![
        (1, shared.prop_map(AnyStep::Kept).boxed()),
        (1, dropped.prop_map(AnyStep::Kept).boxed()),
        (2, pick().prop_map(|pick| AnyStep::Kept(Step::CancelAny(pick))).boxed()),
        (1, pick().prop_map(|pick| AnyStep::Kept(Step::AskAny(pick))).boxed()),
    ]
}

pub(crate) fn nested(inner: &BoxedStrategy<AnyStep>) -> Weighted {
    let parts = || (way(), failures(), picks(), steps(inner));
    let later = parts().prop_map(|(way, failures, picks, steps)| Step::Later(way, failures, picks, steps));
    let cancelled = parts().prop_map(|(way, failures, picks, steps)| Step::Cancelled(way, failures, picks, steps));
    vec![(2, later.prop_map(AnyStep::Kept).boxed()), (1, cancelled.prop_map(AnyStep::Kept).boxed())]
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Later(..) => "gather kept, awaited later",
            Step::Cancelled(..) => "gather kept, cancelled by itself",
            Step::Shared(..) => "gather kept, of shared tasks",
            Step::Dropped(..) => "gather that nobody awaits",
            Step::CancelAny(_) => "cancel any gather",
            Step::AskAny(_) => "ask any gather",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        match self {
            Step::Later(way, failures, callees, steps) => {
                let (name, mut statements) = kept(lowering, callees, *failures);
                statements.extend(lowering.steps(steps));
                statements.extend(awaited(&name, way, lowering));
                statements
            }
            Step::Cancelled(way, failures, callees, steps) => {
                let (name, mut statements) = kept(lowering, callees, *failures);
                statements.extend(lowering.steps(steps));
                statements.extend(cancelled(&name, lowering));
                statements.extend(awaited(&name, way, lowering));
                statements
            }
            Step::Shared(way, failures, handles) => {
                let mut statements = vec![Statement::of("let", "spawned = []")];
                for handle in handles {
                    statements.push(with_later(*handle, vec![Statement::of("call", "spawned.append(handle)")]));
                }
                let (name, gather) = keep(lowering, vec!["*spawned".to_owned()], *failures);
                statements.extend(gather);
                statements.extend(awaited(&name, way, lowering));
                statements
            }
            Step::Dropped(failures, callees) => {
                let (name, mut statements) = kept(lowering, callees, *failures);
                statements.push(Statement::of("let", format!("{name} = None")));
                statements
            }
            Step::CancelAny(gather) => vec![with_any_gather(*gather, cancelled("gathered", lowering))],
            Step::AskAny(gather) => {
                let asked = "{gathered.done() and repr(gathered.exception())} {gathered.cancelled()}";
                vec![with_any_gather(*gather, vec![lowering.print(asked)])]
            }
        }
    }
}

/// A gather of calls.
fn kept(lowering: &mut Lowering<'_>, callees: &[Pick], failures: Failures) -> (String, Vec<Statement>) {
    let calls = lowering.calls(callees);
    keep(lowering, calls, failures)
}

/// A gather in a variable of its own, and in the list.
fn keep(lowering: &mut Lowering<'_>, mut arguments: Vec<String>, failures: Failures) -> (String, Vec<Statement>) {
    let name = format!("kept{}", lowering.fresh());
    arguments.extend(Some(failures.argument().to_owned()).filter(|argument| !argument.is_empty()));
    let statements = vec![
        Statement::of("let", format!("{name} = gather({})", arguments.join(", "))),
        Statement::of("call", format!("gathers.append({name})")),
        Statement::of("call", format!("{name}.add_done_callback(ended)")),
    ];
    (name, statements)
}

fn cancelled(name: &str, lowering: &Lowering<'_>) -> Vec<Statement> {
    let cancel = Statement::of("call", format!("{name}.cancel(f'{{name}} stops it')")).with("as", "got");
    vec![cancel, lowering.print("cancels a gather {got}")]
}

fn awaited(name: &str, way: &Way, lowering: &mut Lowering<'_>) -> Vec<Statement> {
    let awaited = |what: String| Statement::of("await", what).with("as", "got");
    let shown = lowering.print("gathered {got!r}");
    match way {
        Way::Plainly => vec![awaited(name.to_owned()), shown],
        Way::Twice => vec![awaited(format!("gather({name}, {name}, sleep(0))")), shown],
        Way::InAnother(failures) => {
            let number = lowering.fresh();
            let outer = format!("outer{number} = gather({name}, sleep(0.1), {})", failures.argument());
            let outer = outer.replace(", )", ")");
            let keep = Statement::of("call", format!("gathers.append(outer{number})"));
            vec![Statement::of("let", outer), keep, awaited(format!("outer{number}")), shown]
        }
        Way::InAShield => vec![awaited(format!("shield({name})")), shown],
        Way::WaitFor(seconds) => vec![awaited(format!("wait_for({name}, {})", seconds.0)), shown],
        Way::Wait(seconds) => {
            let wait = format!("wait([{name}], timeout={}, return_when=FIRST_EXCEPTION)", seconds.0);
            let wait = Statement::of("await", wait).with("as", "done, pending");
            vec![wait, lowering.print("waited for {len(done)} {len(pending)}")]
        }
    }
}

/// Steps with `gathered`, any of the gathers, if there are any.
fn with_any_gather(pick: Pick, steps: Vec<Statement>) -> Statement {
    let choice = format!("gathered = gathers[{} % len(gathers)]", pick.0);
    Statement::of("if", "gathers").doing([vec![Statement::of("let", choice)], steps].concat())
}
