//! Steps become lines.

use super::expression::Level;
use super::expression::Quotes;
use super::prelude::Helper;
use super::writer::{Function, Writer};
use crate::lang;
use crate::lang::ast::Piece;
use crate::source::Scalar;
use crate::spec::{Step, StepKind};

impl<'a> Writer<'a> {
    /// The steps, or `pass` where there are none.
    pub(super) fn steps(&mut self, steps: &'a [Step]) {
        let mut said = steps.iter().filter(|step| !matches!(step.kind, StepKind::Pass)).peekable();
        if said.peek().is_none() {
            self.line("pass");
        }
        for step in said {
            self.step(&step.kind);
        }
    }

    fn step(&mut self, kind: &'a StepKind) {
        match kind {
            StepKind::Print { text } => self.print(text),
            StepKind::Mark { text } => self.mark(text),
            StepKind::Let { assignment } => self.assignment(assignment),
            StepKind::Sleep { duration } => self.sleep("asyncio", "await asyncio.sleep", duration),
            StepKind::Block { duration } => self.sleep("time", "time.sleep", duration),
            StepKind::Await { value, targets } => self.await_step(value, targets),
            StepKind::Call { value, targets } => {
                let value = self.expression(value);
                self.assigned(targets, &value);
            }
            StepKind::Spawn { arguments, targets } => self.spawn(arguments, targets),
            StepKind::Gather { arguments, targets, return_exceptions } => {
                self.gather(arguments, targets, return_exceptions);
            }
            StepKind::AsCompleted { arguments, targets, timeout, steps } => {
                self.as_completed(arguments, targets, timeout, steps);
            }
            StepKind::For { binding, steps } => self.loop_over("for", binding, steps),
            StepKind::AsyncFor { binding, steps } => self.loop_over("async for", binding, steps),
            StepKind::While { condition, steps } => self.repeat_while(condition, steps),
            StepKind::Repeat { count, steps } => self.repeat(count, steps),
            StepKind::If { condition, steps, otherwise } => self.conditional("if", condition, steps, otherwise),
            StepKind::Try { steps, handlers, otherwise, finally } => self.guarded(steps, handlers, otherwise, finally),
            StepKind::Raise { value } => self.word("raise", value),
            StepKind::Return { value } => self.return_step(value),
            StepKind::Yield { value } => self.word("yield", value),
            StepKind::Break => self.line("break"),
            StepKind::Continue => self.line("continue"),
            StepKind::Pass => {}
            StepKind::With { context, targets, steps } => self.with(context, targets, steps),
            StepKind::Timeout { duration, targets, steps } => self.timeout(duration, targets, steps),
            StepKind::TimeoutAt { when, targets, steps } => self.timeout_at(when, targets, steps),
            StepKind::Group { arguments, targets, steps } => self.group(arguments, targets, steps),
        }
    }

    fn mark(&mut self, text: &'a Scalar) {
        self.helpers.insert(Helper::Mark);
        let text = self.text_of(text);
        self.line(&format!("mark({text})"));
    }

    fn sleep(&mut self, module: &'static str, function: &str, duration: &'a Scalar) {
        self.modules.insert(module);
        let seconds = self.seconds(duration);
        self.line(&format!("{function}({seconds})"));
    }

    /// A text as an expression.
    fn text_of(&mut self, text: &'a Scalar) -> String {
        let text = self.parse(text, lang::parse_text);
        text.and_then(|text| self.text(&text, Quotes::Any).ok()).unwrap_or_default()
    }

    fn print(&mut self, scalar: &'a Scalar) {
        let Some(text) = self.parse(scalar, lang::parse_text) else { return };
        let shown = match text.pieces.as_slice() {
            [] => String::new(),
            [Piece::Hole { value, conversion: None, spec, .. }] if spec.pieces.is_empty() => {
                self.top(value, Level::Conditional)
            }
            _ => self.text(&text, Quotes::Any).unwrap_or_default(),
        };
        self.line(&format!("print({shown})"));
    }

    fn assignment(&mut self, assignment: &'a Scalar) {
        let Some((targets, value)) = self.parse(assignment, lang::parse_assignment) else { return };
        let mut line = String::new();
        for target in &targets {
            line.push_str(&format!("{} = ", self.target(target)));
        }
        line.push_str(&self.top(&value, Level::Tuple));
        self.line(&line);
    }

    /// A line that may assign what it gives.
    pub(super) fn assigned(&mut self, targets: &'a Option<Scalar>, value: &str) {
        match targets.as_ref().and_then(|targets| self.parse(targets, lang::parse_targets)) {
            Some(target) => {
                let target = self.target(&target);
                self.line(&format!("{target} = {value}"));
            }
            None => self.line(value),
        }
    }

    fn word(&mut self, word: &str, value: &'a Option<Scalar>) {
        match value {
            Some(value) => {
                let value = self.expression(value);
                self.line(&format!("{word} {value}"));
            }
            None => self.line(word),
        }
    }

    fn return_step(&mut self, value: &'a Option<Scalar>) {
        match (self.function, value) {
            (Function::Generator, Some(value)) => {
                // An async generator of Python's returns nothing.
                let value = self.expression(value);
                self.line(&value);
                self.line("return");
            }
            _ => self.word("return", value),
        }
    }
}
