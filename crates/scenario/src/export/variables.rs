//! What steps are made of, and what they do with variables.

use std::collections::BTreeSet;

use crate::lang;
use crate::lang::ast::Target;
use crate::pattern::identifiers;
use crate::source::Scalar;
use crate::spec::{Handler, Program, Step, StepKind};

/// The parts of a step: its expressions and texts, what it assigns by `as`, and the steps within.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) scalars: Vec<&'a Scalar>,
    pub(super) targets: Vec<&'a Scalar>,
    /// Handlers' steps among them.
    pub(super) bodies: Vec<&'a [Step]>,
    pub(super) handlers: &'a [Handler],
}

impl StepKind {
    /// Takes a step apart.
    pub(super) fn parts(&self) -> Parts<'_> {
        let mut parts = Parts::default();
        match self {
            StepKind::Print { text: scalar }
            | StepKind::Mark { text: scalar }
            | StepKind::Let { assignment: scalar }
            | StepKind::Sleep { duration: scalar }
            | StepKind::Block { duration: scalar } => parts.scalars.push(scalar),
            StepKind::Await { value, targets }
            | StepKind::Call { value, targets }
            | StepKind::Spawn { arguments: value, targets }
            | StepKind::Gather { arguments: value, targets, .. } => {
                parts.scalars.push(value);
                parts.targets.extend(targets);
            }
            StepKind::Raise { value } | StepKind::Return { value } | StepKind::Yield { value } => {
                parts.scalars.extend(value);
            }
            StepKind::For { binding: scalar, steps }
            | StepKind::AsyncFor { binding: scalar, steps }
            | StepKind::While { condition: scalar, steps }
            | StepKind::Repeat { count: scalar, steps } => {
                parts.scalars.push(scalar);
                parts.bodies.push(steps);
            }
            StepKind::AsCompleted { arguments, targets, timeout, steps } => {
                parts.scalars.push(arguments);
                parts.scalars.extend(timeout);
                parts.targets.push(targets);
                parts.bodies.push(steps);
            }
            StepKind::With { context: scalar, targets, steps }
            | StepKind::Timeout { duration: scalar, targets, steps }
            | StepKind::TimeoutAt { when: scalar, targets, steps } => {
                parts.scalars.push(scalar);
                parts.targets.extend(targets);
                parts.bodies.push(steps);
            }
            StepKind::Group { arguments, targets, steps } => {
                parts.scalars.extend(arguments);
                parts.targets.extend(targets);
                parts.bodies.push(steps);
            }
            StepKind::If { condition, steps, otherwise } => {
                parts.scalars.push(condition);
                parts.bodies.extend([&**steps, otherwise]);
            }
            StepKind::Try { steps, handlers, otherwise, finally } => {
                parts.bodies.push(steps);
                parts.bodies.extend(handlers.iter().map(|handler| &*handler.steps));
                parts.bodies.extend([&**otherwise, finally]);
                parts.targets.extend(handlers.iter().filter_map(|handler| handler.name.as_ref()));
                parts.handlers = handlers;
            }
            StepKind::Break | StepKind::Continue | StepKind::Pass => {}
        }
        parts
    }
}

/// Whether some step, however deep, is such a one.
pub(super) fn any(steps: &[Step], found: &dyn Fn(&StepKind) -> bool) -> bool {
    steps.iter().any(|step| found(&step.kind) || step.kind.parts().bodies.into_iter().any(|steps| any(steps, found)))
}

/// The words of the steps' expressions; of texts only those in braces.
pub(super) fn words(steps: &[Step], found: &mut BTreeSet<String>) {
    for step in steps {
        let parts = step.kind.parts();
        for scalar in parts.scalars.into_iter().chain(parts.targets) {
            let holes =
                matches!(step.kind, StepKind::Print { .. } | StepKind::Mark { .. }).then(|| holes(&scalar.value));
            let text = holes.as_deref().unwrap_or(&scalar.value);
            found.extend(identifiers(text).map(|(_, name)| name.to_owned()));
        }
        parts.bodies.into_iter().for_each(|steps| words(steps, found));
    }
}

/// What stands within braces; a brace that stands for itself only lets more stand within.
fn holes(text: &str) -> String {
    let mut depth = 0_usize;
    let is_within = |character: &char| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0
    };
    text.chars().filter(is_within).collect()
}

fn mentions(scalar: &Scalar, name: &str) -> bool {
    identifiers(&scalar.value).any(|(_, found)| found == name)
}

/// Whether the variable of an `except` clause can be Python's own, which is gone at the end of the clause: whether
/// every use of it stands in the steps of a clause that binds it, and nothing there binds it again.
pub(super) fn ends_with_clause(steps: &[Step], name: &str) -> bool {
    steps.iter().all(|step| {
        let parts = step.kind.parts();
        let handler_names = parts.handlers.iter().filter_map(|handler| handler.name.as_ref()).map(|name| &name.value);
        let plain = parts.handlers.is_empty() || handler_names.clone().all(|found| found == name);
        let targets = if plain && !parts.handlers.is_empty() { Vec::new() } else { parts.targets };
        let own = parts.scalars.iter().chain(&targets).any(|scalar| mentions(scalar, name));
        let is_binding = |body: &&[Step]| {
            parts.handlers.iter().any(|handler| {
                std::ptr::eq(&*handler.steps, *body) && handler.name.as_ref().is_some_and(|found| found.value == name)
            })
        };
        let (binding, others): (Vec<&[Step]>, Vec<&[Step]>) = parts.bodies.iter().copied().partition(is_binding);
        let is_bound_again = binding.iter().any(|steps| {
            let mut assigned = Vec::new();
            crate::check::assigned(steps, &mut assigned);
            assigned.iter().any(|found| found == name)
        });
        !own && !is_bound_again && others.into_iter().all(|steps| ends_with_clause(steps, name))
    })
}

/// Methods and functions that change a list or a dict.
const CHANGING: &[&str] =
    &["append", "clear", "extend", "insert", "pop", "remove", "reverse", "setdefault", "shuffle", "sort", "update"];

/// Whether some step of the program changes a list or a dict in place.
pub(super) fn changes_in_place(program: &Program) -> bool {
    let is_changing = |kind: &StepKind| {
        let parts = kind.parts();
        let mut words = parts.scalars.iter().flat_map(|scalar| identifiers(&scalar.value));
        let assigns = |scalar: &Scalar| lang::parse_targets(&scalar.value).is_ok_and(|target| has_index(&target));
        let by_let = match kind {
            StepKind::Let { assignment } => {
                lang::parse_assignment(&assignment.value).is_ok_and(|(targets, _)| targets.iter().any(has_index))
            }
            _ => false,
        };
        by_let || words.any(|(_, word)| CHANGING.contains(&word)) || parts.targets.into_iter().any(assigns)
    };
    program.tasks.iter().map(|(_, steps)| steps).chain([&program.main]).any(|steps| any(steps, &is_changing))
}

fn has_index(target: &Target) -> bool {
    match target {
        Target::Name(_) => false,
        Target::Index(..) => true,
        Target::Tuple(targets, _) => targets.iter().any(has_index),
    }
}
