//! Loops, choices, exceptions and cleaning up.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::Lowering;
use crate::program::Seconds;
use crate::statement::Statement;
use crate::strategy::{Weighted, few_steps, steps};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Raise(&'static str),
    Return,
    Break,
    Continue,
    Repeat(usize, Vec<AnyStep>),
    While(usize, Vec<AnyStep>),
    IfEven(Vec<AnyStep>, Vec<AnyStep>),
    Try {
        steps: Vec<AnyStep>,
        handling: Option<Handling>,
        otherwise: Vec<AnyStep>,
        finally: Vec<AnyStep>,
    },
    /// A loop that only a cancel ends.
    Forever(Seconds),
}

/// What is caught, what is done about it, and whether it goes on.
#[derive(Clone, Debug)]
pub(crate) struct Handling {
    on: Option<&'static str>,
    steps: Vec<AnyStep>,
    then: Then,
}

#[derive(Clone, Copy, Debug)]
enum Then {
    Swallow,
    RaiseAgain,
    RaiseAnother,
}

pub(crate) fn leaves() -> Weighted {
    let raised = prop::sample::select(&["ValueError", "ValueError", "KeyError", "TimeoutError", "CancelledError"][..]);
    let step = |step| Just(AnyStep::Flow(step)).boxed();
    // No time so short that the limits would be far away.
    let endless = prop::sample::select(&["0", "0.1", "0.3", "0.5", "1.0"][..]);
    vec![
        (2, raised.prop_map(|name| AnyStep::Flow(Step::Raise(name))).boxed()),
        (1, step(Step::Return)),
        (1, step(Step::Break)),
        (1, step(Step::Continue)),
        (2, endless.prop_map(|seconds| AnyStep::Flow(Step::Forever(Seconds(seconds)))).boxed()),
    ]
}

pub(crate) fn nested(inner: &BoxedStrategy<AnyStep>) -> Weighted {
    let some = || steps(inner);
    let step = |strategy: BoxedStrategy<Step>| strategy.prop_map(AnyStep::Flow).boxed();
    let on = prop::sample::select(
        &[
            Some("CancelledError"),
            Some("CancelledError"),
            Some("ValueError, KeyError, QueueEmpty, QueueFull"),
            Some("TimeoutError"),
            Some("BaseException"),
            None,
        ][..],
    );
    let then = prop::sample::select(&[Then::Swallow, Then::Swallow, Then::RaiseAgain, Then::RaiseAnother][..]);
    let handling = (on, few_steps(inner), then).prop_map(|(on, steps, then)| Handling { on, steps, then });
    let few = || few_steps(inner);
    let attempt = (some(), proptest::option::weighted(0.8, handling), few(), few());
    let attempt =
        attempt.prop_map(|(steps, handling, otherwise, finally)| Step::Try { steps, handling, otherwise, finally });
    vec![
        (1, step((0..4_usize, some()).prop_map(|(times, steps)| Step::Repeat(times, steps)).boxed())),
        (1, step((0..4_usize, some()).prop_map(|(times, steps)| Step::While(times, steps)).boxed())),
        (1, step((some(), few_steps(inner)).prop_map(|(even, odd)| Step::IfEven(even, odd)).boxed())),
        (4, step(attempt.boxed())),
    ]
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Raise(_) => "raise",
            Step::Return => "return",
            Step::Break => "break",
            Step::Continue => "continue",
            Step::Repeat(..) => "repeat",
            Step::While(..) => "while",
            Step::IfEven(..) => "if",
            Step::Try { .. } => "try",
            Step::Forever(_) => "endless loop",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        match self {
            // Messages of cancels belong to the feature that also sends them.
            Step::Raise("CancelledError") => vec![Statement::of("raise", "CancelledError()")],
            Step::Raise(name) => vec![Statement::of("raise", format!("{name}(f'{{name}} failed')"))],
            Step::Return if lowering.is_generator() => vec![Statement::word("return")],
            Step::Return => vec![Statement::of("return", "f'{name} returned'")],
            Step::Break if lowering.is_in_loop() => vec![Statement::word("break")],
            Step::Continue if lowering.is_in_loop() => vec![Statement::word("continue")],
            Step::Break | Step::Continue => Vec::new(),
            Step::Repeat(times, steps) => {
                vec![Statement::of("repeat", times.to_string()).doing(lowering.repeated(*times, steps))]
            }
            Step::While(times, steps) => {
                let counter = format!("n{}", lowering.fresh());
                let mut body = vec![Statement::of("let", format!("{counter} += 1"))];
                body.extend(lowering.repeated(*times, steps));
                let start = Statement::of("let", format!("{counter} = 0"));
                vec![start, Statement::of("while", format!("{counter} < {times}")).doing(body)]
            }
            Step::IfEven(even, odd) => {
                let even = lowering.steps(even);
                let odd = lowering.steps(odd);
                vec![Statement::of("if", "randint(0, 9) % 2 == 0").doing(even).and("else", odd)]
            }
            Step::Try { steps, handling, otherwise, finally } => {
                vec![attempt(lowering, steps, handling.as_ref(), otherwise, finally)]
            }
            Step::Forever(seconds) => {
                let body = vec![Statement::of("sleep", seconds.duration()), lowering.print("goes on")];
                vec![Statement::of("while", "True").doing(body)]
            }
        }
    }
}

fn attempt(
    lowering: &mut Lowering<'_>,
    steps: &[AnyStep],
    handling: Option<&Handling>,
    otherwise: &[AnyStep],
    finally: &[AnyStep],
) -> Statement {
    let mut statement = Statement::attempt(lowering.steps(steps));
    if let Some(Handling { on, steps, then }) = handling {
        let mut caught = vec![lowering.print("caught {error!r}")];
        caught.extend(lowering.steps(steps));
        match then {
            Then::Swallow => {}
            Then::RaiseAgain => caught.push(Statement::word("raise")),
            Then::RaiseAnother => caught.push(Statement::of("raise", "ValueError(f'{name} failed again')")),
        }
        statement = statement.except(*on, caught);
        statement = statement.and("else", lowering.steps(otherwise));
    }
    let mut cleanup = vec![lowering.print("cleans up")];
    cleanup.extend(lowering.steps(finally));
    statement.and("finally", cleanup)
}
