//! Printing, sleeping, blocking, drawing numbers.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::Lowering;
use crate::program::{Pick, Seconds};
use crate::statement::Statement;
use crate::strategy::{Weighted, pick, seconds};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Say,
    Sleep(Seconds),
    Block(Seconds),
    Draw,
    /// Ten sleeps of a tenth, which are not one of a second.
    TenTenths,
    /// More than a hundred timers, most of which are cancelled: CPython rebuilds its heap.
    ManyTimers(Pick),
}

pub(crate) fn leaves() -> Weighted {
    let step = |step| Just(AnyStep::Basics(step)).boxed();
    vec![
        (6, step(Step::Say)),
        (12, seconds().prop_map(|seconds| AnyStep::Basics(Step::Sleep(seconds))).boxed()),
        (1, seconds().prop_map(|seconds| AnyStep::Basics(Step::Block(seconds))).boxed()),
        (1, step(Step::Draw)),
        (1, step(Step::TenTenths)),
        (1, pick().prop_map(|pick| AnyStep::Basics(Step::ManyTimers(pick))).boxed()),
    ]
}

pub(crate) fn nested(_: &BoxedStrategy<AnyStep>) -> Weighted {
    Vec::new()
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Say => "print",
            Step::Sleep(_) => "sleep",
            Step::Block(_) => "block",
            Step::Draw => "randint",
            Step::TenTenths => "ten sleeps of 0.1",
            Step::ManyTimers(_) => "many timers cancelled",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        match self {
            Step::Say => vec![lowering.print("says")],
            Step::Sleep(seconds) => vec![Statement::of("sleep", seconds.duration()), lowering.print("slept")],
            Step::Block(seconds) => vec![Statement::of("block", seconds.duration()), lowering.print("blocked")],
            Step::Draw => draws(lowering),
            Step::TenTenths if lowering.spend(10) => {
                let sleep = Statement::of("sleep", "seconds(0.1)");
                vec![Statement::of("repeat", "10").doing(vec![sleep]), lowering.print("slept ten times")]
            }
            Step::ManyTimers(pick) if lowering.spend(100) => many_timers(*pick, lowering),
            Step::TenTenths | Step::ManyTimers(_) => vec![lowering.print("is tired")],
        }
    }
}

/// Where a drawn number goes is what the interpreter has short ways for: a variable, a part of a list, a sleep.
fn draws(lowering: &Lowering<'_>) -> Vec<Statement> {
    vec![
        Statement::of("let", "got = [randint(0, 99), 0]"),
        Statement::of("let", "got[1] = randint(0, 99)"),
        Statement::of("let", "last = randint(0, 99)"),
        Statement::of("sleep", "ms(randint(0, 2))"),
        lowering.print("drew {got} {last}"),
    ]
}

fn many_timers(pick: Pick, lowering: &mut Lowering<'_>) -> Vec<Statement> {
    let kept = pick.0 + 2;
    let cancel = vec![Statement::of("call", "sleeper.cancel()")];
    let choose = vec![Statement::of("if", format!("i % {kept} != 0")).doing(cancel)];
    vec![
        Statement::of("spawn", "nap(n % 7 * 0.1) for n in range(130)").with("as", "sleepers"),
        Statement::of("sleep", "0"),
        Statement::of("for", "i, sleeper in enumerate(sleepers)").doing(choose),
        lowering.print("cancelled many"),
    ]
}
