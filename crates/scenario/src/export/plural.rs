//! Whether an expression is one awaitable or a list of them.
//!
//! `spawn`, `gather` and `as_completed` take either as their lone argument, and only a run knows which. Python's take one
//! way each, so the printer looks at what it can see: calls, displays, and what the task itself puts into its variables.

use std::collections::BTreeMap;

use super::names::Names;
use crate::lang;
use crate::lang::ast::{Arg, Args, Expr, ExprKind, Target};
use crate::source::Scalar;
use crate::spec::{Step, StepKind};

/// How many awaitables a value stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plural {
    /// It is one.
    One,
    /// It is a list, or something else to go through.
    Many,
    /// That is seen only when it runs.
    Unknown,
}

impl Plural {
    fn or(self, other: Plural) -> Plural {
        if self == other { self } else { Plural::Unknown }
    }
}

/// What is known of the variables of a file or a task.
pub(super) type Plurals = BTreeMap<String, Plural>;

/// What an expression is.
pub(super) fn of(expr: &Expr, known: &Plurals, names: &Names) -> Plural {
    match &expr.kind {
        ExprKind::List(_) | ExprKind::Tuple(_) | ExprKind::Dict(_) => Plural::Many,
        ExprKind::ListComprehension(..) | ExprKind::Generator(..) | ExprKind::Slice(..) => Plural::Many,
        ExprKind::Name(name) => known.get(name).copied().unwrap_or(Plural::Unknown),
        ExprKind::Call(name, _) if names.is_task(&name.text) => Plural::One,
        ExprKind::Call(name, _) => match &*name.text {
            "list" | "sorted" | "range" | "tuple" | "reversed" | "zip" | "enumerate" | "all_tasks" => Plural::Many,
            "sleep" | "wait" | "wait_for" | "gather" | "shield" | "Future" | "current_task" => Plural::One,
            _ => Plural::Unknown,
        },
        ExprKind::Method(_, name, _) if is_awaitable_method(&name.text) => Plural::One,
        ExprKind::IfElse { then, otherwise, .. } => of(then, known, names).or(of(otherwise, known, names)),
        _ => Plural::Unknown,
    }
}

/// Methods of objects that give something to await, and that no plain value has.
pub(super) fn is_awaitable_method(name: &str) -> bool {
    matches!(name, "put" | "aclose" | "acquire" | "wait" | "reset" | "abort")
}

/// What `spawn` gives for these arguments.
fn of_spawn(args: &Args, known: &Plurals, names: &Names) -> Plural {
    match args.positional.as_slice() {
        [Arg::One(one)] => of(one, known, names),
        [Arg::Spread(_)] => Plural::Unknown,
        _ => Plural::Many,
    }
}

/// Adds what the steps put into variables.
pub(super) fn learn(steps: &[Step], known: &mut Plurals, names: &Names) {
    for step in steps {
        match &step.kind {
            StepKind::Let { assignment } => {
                let Ok((targets, value)) = lang::parse_assignment(&assignment.value) else { continue };
                let plural = of(&value, &Plurals::new(), names);
                targets.iter().for_each(|target| bind(target, plural, known));
            }
            StepKind::Spawn { arguments, targets: Some(targets) } => {
                let plural = lang::parse_arguments(&arguments.value)
                    .map_or(Plural::Unknown, |args| of_spawn(&args, &Plurals::new(), names));
                bind_scalar(targets, plural, known);
            }
            StepKind::Gather { targets: Some(targets), .. } => bind_scalar(targets, Plural::Many, known),
            StepKind::For { binding, .. } | StepKind::AsyncFor { binding, .. } => {
                if let Ok((target, _)) = lang::parse_binding(&binding.value) {
                    bind(&target, Plural::Unknown, known);
                }
            }
            _ => {}
        }
        let parts = step.kind.parts();
        if !matches!(step.kind, StepKind::Spawn { .. } | StepKind::Gather { .. }) {
            parts.targets.into_iter().for_each(|targets| bind_scalar(targets, Plural::Unknown, known));
        }
        parts.bodies.into_iter().for_each(|steps| learn(steps, known, names));
    }
}

fn bind_scalar(targets: &Scalar, plural: Plural, known: &mut Plurals) {
    if let Ok(target) = lang::parse_targets(&targets.value) {
        bind(&target, plural, known);
    }
}

fn bind(target: &Target, plural: Plural, known: &mut Plurals) {
    match target {
        Target::Name(name) => {
            known.entry(name.text.clone()).and_modify(|before| *before = before.or(plural)).or_insert(plural);
        }
        Target::Index(..) => {}
        Target::Tuple(targets, _) => targets.iter().for_each(|target| bind(target, Plural::Unknown, known)),
    }
}
