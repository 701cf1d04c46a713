//! Steps that hold steps.

use super::expression::{Level, Quotes};
use super::variables;
use super::writer::Writer;
use crate::lang;
use crate::lang::ast::Target;
use crate::source::Scalar;
use crate::spec::{Handler, Step, StepKind};
use crate::value::ExceptionKind;

impl<'a> Writer<'a> {
    pub(super) fn repeat_while(&mut self, condition: &'a Scalar, steps: &'a [Step]) {
        let condition = self.expression(condition);
        self.headed(&format!("while {condition}:"), steps);
    }

    pub(super) fn repeat(&mut self, count: &'a Scalar, steps: &'a [Step]) {
        let count = self.argument(count);
        let unused = self.names.fresh("_");
        self.headed(&format!("for {unused} in range({count}):"), steps);
    }

    pub(super) fn as_completed(
        &mut self,
        arguments: &'a Scalar,
        targets: &'a Scalar,
        timeout: &'a Option<Scalar>,
        steps: &'a [Step],
    ) {
        self.modules.insert("asyncio");
        let all = self.completed(arguments);
        let timeout = timeout.as_ref().map(|timeout| format!(", timeout={}", self.seconds(timeout)));
        let timeout = timeout.unwrap_or_default();
        let target = self.target_of(targets);
        self.headed(&format!("for {target} in asyncio.as_completed({all}{timeout}):"), steps);
    }

    pub(super) fn with(&mut self, context: &'a Scalar, targets: &'a Option<Scalar>, steps: &'a [Step]) {
        let context = self.argument(context);
        self.managed(&context, targets, steps);
    }

    pub(super) fn timeout(&mut self, duration: &'a Scalar, targets: &'a Option<Scalar>, steps: &'a [Step]) {
        self.modules.insert("asyncio");
        let seconds = self.seconds(duration);
        self.managed(&format!("asyncio.timeout({seconds})"), targets, steps);
    }

    pub(super) fn timeout_at(&mut self, when: &'a Scalar, targets: &'a Option<Scalar>, steps: &'a [Step]) {
        self.modules.insert("asyncio");
        let when = self.parse(when, lang::parse_expression);
        let when = when.and_then(|when| self.loop_time(&when, Quotes::Any).ok()).unwrap_or_default();
        self.managed(&format!("asyncio.timeout_at({when})"), targets, steps);
    }

    /// A group, which may begin by starting tasks.
    pub(super) fn group(&mut self, arguments: &'a Option<Scalar>, targets: &'a Option<Scalar>, steps: &'a [Step]) {
        self.modules.insert("asyncio");
        let Some(arguments) = arguments else { return self.managed("asyncio.TaskGroup()", targets, steps) };
        let group = match targets {
            Some(targets) => self.target_of(targets),
            None => self.names.fresh("group"),
        };
        self.line(&format!("async with asyncio.TaskGroup() as {group}:"));
        self.inside(|writer| {
            writer.start_in_group(arguments, &group);
            if !steps.is_empty() {
                writer.steps(steps);
            }
        });
    }

    /// An expression that stands alone within brackets or in front of a colon.
    fn argument(&mut self, scalar: &'a Scalar) -> String {
        let expr = self.parse(scalar, lang::parse_expression);
        expr.map_or_else(String::new, |expr| self.top(&expr, Level::Conditional))
    }

    fn headed(&mut self, head: &str, steps: &'a [Step]) {
        self.line(head);
        self.inside(|writer| writer.steps(steps));
    }

    fn managed(&mut self, context: &str, targets: &'a Option<Scalar>, steps: &'a [Step]) {
        let target = targets.as_ref().map_or_else(String::new, |targets| match self.target_of(targets) {
            several if several.contains(',') => format!(" as ({several})"),
            one => format!(" as {one}"),
        });
        self.headed(&format!("async with {context}{target}:"), steps);
    }

    fn target_of(&mut self, targets: &'a Scalar) -> String {
        let target = self.parse(targets, lang::parse_targets);
        target.map_or_else(|| "_".to_owned(), |target| self.target(&target))
    }

    pub(super) fn conditional(&mut self, word: &str, condition: &'a Scalar, steps: &'a [Step], otherwise: &'a [Step]) {
        let condition = self.expression(condition);
        self.headed(&format!("{word} {condition}:"), steps);
        match otherwise {
            [] => {}
            [Step { kind: StepKind::If { condition, steps, otherwise }, .. }] => {
                self.conditional("elif", condition, steps, otherwise);
            }
            _ => self.headed("else:", otherwise),
        }
    }

    pub(super) fn loop_over(&mut self, word: &str, binding: &'a Scalar, steps: &'a [Step]) {
        let Some((target, iterable)) = self.parse(binding, lang::parse_binding) else { return };
        let target = self.target(&target);
        // A view or an iterator would show what changes while the loop goes on; a list of ours is made before it.
        let iterable = match self.changes_in_place {
            true => self.top(&iterable, Level::Tuple),
            false => self.iterated(&iterable, Level::Tuple, Quotes::Any).unwrap_or_default(),
        };
        self.headed(&format!("{word} {target} in {iterable}:"), steps);
    }

    pub(super) fn guarded(
        &mut self,
        steps: &'a [Step],
        handlers: &'a [Handler],
        otherwise: &'a [Step],
        finally: &'a [Step],
    ) {
        self.headed("try:", steps);
        if handlers.is_empty() && !otherwise.is_empty() {
            // Python has no `else` without `except`.
            self.inside(|writer| writer.steps(otherwise));
        }
        for handler in handlers {
            self.handler(handler);
        }
        if !handlers.is_empty() && !otherwise.is_empty() {
            self.headed("else:", otherwise);
        }
        if !finally.is_empty() {
            self.headed("finally:", finally);
        }
    }

    fn handler(&mut self, handler: &'a Handler) {
        let caught = match &handler.on {
            None => "Exception".to_owned(),
            Some(on) => self.caught(&on.value),
        };
        let Some(name) = &handler.name else { return self.headed(&format!("except {caught}:"), &handler.steps) };
        let Some(target) = self.parse(name, lang::parse_targets) else { return };
        let is_brief = match &target {
            Target::Name(name) => {
                !self.shared.contains(&*name.text) && variables::ends_with_clause(self.body, &name.text)
            }
            _ => false,
        };
        let target = self.target(&target);
        if is_brief {
            return self.headed(&format!("except {caught} as {target}:"), &handler.steps);
        }
        // Python forgets the name at the end of the clause, a scenario does not.
        let held = self.names.fresh("caught");
        self.line(&format!("except {caught} as {held}:"));
        self.inside(|writer| {
            writer.line(&format!("{target} = {held}"));
            if handler.steps.iter().any(|step| !matches!(step.kind, StepKind::Pass)) {
                writer.steps(&handler.steps);
            }
        });
    }

    /// The classes of an `on`.
    fn caught(&mut self, on: &str) -> String {
        let names = on.split(',').map(|part| part.trim().trim_matches(['(', ')']).trim());
        let kinds: Vec<ExceptionKind> = names.filter_map(ExceptionKind::from_name).collect();
        match kinds.as_slice() {
            [one] => self.exception(*one),
            several => {
                let written: Vec<String> = several.iter().map(|kind| self.exception(*kind)).collect();
                format!("({})", written.join(", "))
            }
        }
    }
}
