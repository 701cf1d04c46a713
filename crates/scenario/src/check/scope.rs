//! Names and what they stand for: variables of a task, shared variables, params.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::code::Slot;
use crate::lang;
use crate::lang::ast::{Name, Target};
use crate::pattern::identifiers;
use crate::source::{Scalar, Span};
use crate::spec::{Handler, Step, StepKind};

/// A variable of the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlobalKind {
    /// A constant of `params`.
    Param,
    /// Of `shared`: every task may assign it.
    Shared,
}

/// The params and shared variables.
#[derive(Default)]
pub(crate) struct Globals {
    pub(crate) names: Vec<Rc<str>>,
    by_name: BTreeMap<Rc<str>, (u32, GlobalKind, Span)>,
}

impl Globals {
    /// Declares one; the place of the earlier declaration where there is one.
    pub(crate) fn declare(&mut self, name: &str, kind: GlobalKind, at: Span) -> Result<u32, Span> {
        if let Some((_, _, earlier)) = self.by_name.get(name) {
            return Err(*earlier);
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let name: Rc<str> = name.into();
        self.names.push(name.clone());
        self.by_name.insert(name, (number, kind, at));
        Ok(number)
    }

    pub(crate) fn find(&self, name: &str) -> Option<(u32, GlobalKind)> {
        self.by_name.get(name).map(|&(number, kind, _)| (number, kind))
    }
}

/// The variables of one task.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) slots: Vec<Rc<str>>,
    locals: BTreeMap<String, Slot>,
    /// Variables of the comprehensions around an expression, innermost last.
    inner: Vec<(String, Slot)>,
}

impl Scope {
    /// A variable of the task; the same slot for the same name.
    pub(crate) fn declare(&mut self, name: &str) -> Slot {
        if let Some(&slot) = self.locals.get(name) {
            return slot;
        }
        let slot = self.hidden(name);
        self.locals.insert(name.to_owned(), slot);
        slot
    }

    /// A slot that no name reaches.
    pub(crate) fn hidden(&mut self, name: &str) -> Slot {
        self.slots.push(name.into());
        Slot::try_from(self.slots.len() - 1).unwrap_or(Slot::MAX)
    }

    pub(crate) fn find(&self, name: &str) -> Option<Slot> {
        let inner = self.inner.iter().rev().find(|(known, _)| known == name).map(|(_, slot)| *slot);
        inner.or_else(|| self.locals.get(name).copied())
    }

    /// Begins a comprehension's variable, which hides others of its name until [`Scope::leave`].
    pub(crate) fn enter(&mut self, name: &str) -> Slot {
        let slot = self.hidden(name);
        self.inner.push((name.to_owned(), slot));
        slot
    }

    pub(crate) fn depth(&self) -> usize {
        self.inner.len()
    }

    pub(crate) fn leave(&mut self, depth: usize) {
        self.inner.truncate(depth);
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.inner.iter().map(|(name, _)| name.as_str()).chain(self.locals.keys().map(String::as_str))
    }
}

/// Every name that the steps assign, as Python's compiler collects them before it compiles a function. A scalar that
/// cannot be read is reported when it is read again: here, each word that may be a name in it counts as one, so that
/// using it is no further mistake.
pub(crate) fn assigned(steps: &[Step], found: &mut Vec<String>) {
    for step in steps {
        match &step.kind {
            StepKind::Let { assignment } => match lang::parse_assignment(&assignment.value) {
                Ok((targets, _)) => targets.iter().for_each(|target| names_of(target, found)),
                Err(_) => words_of(assignment.value.split('=').next().unwrap_or_default(), found),
            },
            StepKind::For { binding, steps } | StepKind::AsyncFor { binding, steps } => {
                match lang::parse_binding(&binding.value) {
                    Ok((target, _)) => names_of(&target, found),
                    Err(_) => words_of(&binding.value, found),
                }
                assigned(steps, found);
            }
            StepKind::AsCompleted { targets, steps, .. } => {
                targets_of(targets, found);
                assigned(steps, found);
            }
            StepKind::Await { targets, .. }
            | StepKind::Call { targets, .. }
            | StepKind::Spawn { targets, .. }
            | StepKind::Gather { targets, .. } => targets.iter().for_each(|targets| targets_of(targets, found)),
            StepKind::With { targets, steps, .. }
            | StepKind::Timeout { targets, steps, .. }
            | StepKind::TimeoutAt { targets, steps, .. }
            | StepKind::Group { targets, steps, .. } => {
                targets.iter().for_each(|targets| targets_of(targets, found));
                assigned(steps, found);
            }
            StepKind::While { steps, .. } | StepKind::Repeat { steps, .. } => assigned(steps, found),
            StepKind::If { steps, otherwise, .. } => {
                assigned(steps, found);
                assigned(otherwise, found);
            }
            StepKind::Try { steps, handlers, otherwise, finally } => {
                for Handler { name, steps, .. } in handlers {
                    name.iter().for_each(|name| targets_of(name, found));
                    assigned(steps, found);
                }
                [steps, otherwise, finally].into_iter().for_each(|steps| assigned(steps, found));
            }
            _ => {}
        }
    }
}

fn targets_of(scalar: &Scalar, found: &mut Vec<String>) {
    match lang::parse_targets(&scalar.value) {
        Ok(target) => names_of(&target, found),
        Err(_) => words_of(&scalar.value, found),
    }
}

fn words_of(text: &str, found: &mut Vec<String>) {
    found.extend(identifiers(text).map(|(_, word)| word.to_owned()));
}

fn names_of(target: &Target, found: &mut Vec<String>) {
    match target {
        Target::Name(Name { text, .. }) => found.push(text.clone()),
        Target::Index(..) => {}
        Target::Tuple(targets, _) => targets.iter().for_each(|target| names_of(target, found)),
    }
}

/// Whether the steps yield, so that their task is an async generator.
pub(crate) fn yields(steps: &[Step]) -> bool {
    steps.iter().any(|step| match &step.kind {
        StepKind::Yield { .. } => true,
        StepKind::For { steps, .. }
        | StepKind::AsyncFor { steps, .. }
        | StepKind::AsCompleted { steps, .. }
        | StepKind::While { steps, .. }
        | StepKind::Repeat { steps, .. }
        | StepKind::With { steps, .. }
        | StepKind::Timeout { steps, .. }
        | StepKind::TimeoutAt { steps, .. }
        | StepKind::Group { steps, .. } => yields(steps),
        StepKind::If { steps, otherwise, .. } => yields(steps) || yields(otherwise),
        StepKind::Try { steps, handlers, otherwise, finally } => {
            [steps, otherwise, finally].into_iter().any(|steps| yields(steps))
                || handlers.iter().any(|handler| yields(&handler.steps))
        }
        _ => false,
    })
}
