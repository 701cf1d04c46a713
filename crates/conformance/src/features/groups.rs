//! Task groups, exception groups, `wait`, `as_completed` with a timeout, and queues that shut down.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::features::gathering::spawn_all;
use crate::lowering::Lowering;
use crate::program::{Pick, Seconds};
use crate::statement::Statement;
use crate::strategy::{Weighted, pick, picks, seconds, steps};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Group { children: Vec<Pick>, steps: Vec<AnyStep>, caught: Caught },
    Wait(Vec<Pick>, Option<Seconds>, &'static str),
    AsCompletedTimeout(Vec<Pick>, Seconds),
    Shutdown(Pick),
    ShutdownNow(Pick),
}

/// Whether the exception group of a group is caught.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Caught {
    Here,
    Elsewhere,
}

pub(crate) fn leaves() -> Weighted {
    let with = |make: fn(Pick) -> Step| pick().prop_map(move |pick| AnyStep::Groups(make(pick))).boxed();
    let until = prop::sample::select(&["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"][..]);
    let wait = (picks(), proptest::option::of(seconds()), until);
    let timed = (picks(), seconds());
    vec![
        (4, wait.prop_map(|(picks, seconds, until)| AnyStep::Groups(Step::Wait(picks, seconds, until))).boxed()),
        (2, timed.prop_map(|(picks, seconds)| AnyStep::Groups(Step::AsCompletedTimeout(picks, seconds))).boxed()),
        (1, with(Step::Shutdown)),
        (1, with(Step::ShutdownNow)),
    ]
}

pub(crate) fn nested(inner: &BoxedStrategy<AnyStep>) -> Weighted {
    let caught = prop::sample::select(&[Caught::Here, Caught::Elsewhere][..]);
    let group = (picks(), steps(inner), caught);
    let group = group.prop_map(|(children, steps, caught)| Step::Group { children, steps, caught });
    vec![(4, group.prop_map(AnyStep::Groups).boxed())]
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Group { .. } => "group",
            Step::Wait(..) => "wait",
            Step::AsCompletedTimeout(..) => "as_completed with a timeout",
            Step::Shutdown(_) => "shutdown",
            Step::ShutdownNow(_) => "shutdown, immediate",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        match self {
            Step::Group { children, steps, caught } => group(lowering, children, steps, *caught),
            Step::Wait(callees, seconds, until) => {
                let mut statements = spawn_all(lowering, callees);
                let timeout = seconds.map_or_else(String::new, |seconds| format!(", timeout={}", seconds.0));
                let wait = format!("wait(spawned{timeout}, return_when={until})");
                statements.push(Statement::of("await", wait).with("as", "done, pending"));
                statements.push(lowering.print("waited for {len(done)} {len(pending)}"));
                let look = lowering.print("sees {other.cancelled() or repr(other.exception())}");
                statements.push(Statement::of("for", "other in done").doing(vec![look]));
                statements
            }
            Step::AsCompletedTimeout(callees, seconds) => {
                let calls = lowering.calls(callees).join(", ");
                let body = vec![Statement::of("await", "next_one").with("as", "got"), lowering.print("got {got!r}")];
                let each = Statement::of("as_completed", format!("[{calls}], timeout={}", seconds.0));
                vec![each.with("as", "next_one").doing(body)]
            }
            Step::Shutdown(queue) => vec![Statement::of("call", format!("{}.shutdown()", lowering.queue(*queue)))],
            Step::ShutdownNow(queue) => {
                vec![Statement::of("call", format!("{}.shutdown(True)", lowering.queue(*queue)))]
            }
        }
    }
}

fn group(lowering: &mut Lowering<'_>, children: &[Pick], steps: &[AnyStep], caught: Caught) -> Vec<Statement> {
    let name = format!("group{}", lowering.fresh());
    let mut body = Vec::new();
    for child in children {
        if let Some(call) = lowering.spawned(*child) {
            body.push(Statement::of("call", format!("{name}.create_task({call})")).with("as", "handle"));
            body.push(Statement::of("call", "handles.append(handle)"));
        }
    }
    body.extend(lowering.steps(steps));
    let group = vec![Statement::word("group").with("as", name).doing(body), lowering.print("left the group")];
    match caught {
        Caught::Here => {
            let caught = vec![lowering.print("caught {error!r}")];
            vec![Statement::attempt(group).except(Some("ExceptionGroup"), caught)]
        }
        Caught::Elsewhere => group,
    }
}
