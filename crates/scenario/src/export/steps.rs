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
            StepKind::Mark { text } => {
                self.helpers.insert(Helper::Mark);
                let text = self.text_of(text);
                self.line(&format!("mark({text})"));
            }
            StepKind::Let { assignment } => self.assignment(assignment),
            StepKind::Sleep { duration } => {
                self.modules.insert("asyncio");
                let seconds = self.seconds(duration);
                self.line(&format!("await asyncio.sleep({seconds})"));
            }
            StepKind::Block { duration } => {
                self.modules.insert("time");
                let seconds = self.seconds(duration);
                self.line(&format!("time.sleep({seconds})"));
            }
            StepKind::Await { value, targets } => self.await_step(value, targets),
            StepKind::Call { value, targets } => {
                let value = self.expression(value);
                self.assigned(targets, &value);
            }
            StepKind::Spawn { arguments, targets } => {
                let tasks = self.spawned(arguments);
                self.assigned(targets, &tasks);
            }
            StepKind::Gather { arguments, targets, return_exceptions } => {
                self.modules.insert("asyncio");
                let mut arguments = self.gathered(arguments);
                if return_exceptions.as_ref().is_some_and(|flag| flag.value.eq_ignore_ascii_case("true")) {
                    arguments.push_str(if arguments.is_empty() { "" } else { ", " });
                    arguments.push_str("return_exceptions=True");
                }
                self.assigned(targets, &format!("await asyncio.gather({arguments})"));
            }
            StepKind::Raise { value } => self.word("raise", value),
            StepKind::Return { value } => self.return_step(value),
            StepKind::Yield { value } => self.word("yield", value),
            StepKind::Break => self.line("break"),
            StepKind::Continue => self.line("continue"),
            StepKind::Pass => {}
            _ => self.block(kind),
        }
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
