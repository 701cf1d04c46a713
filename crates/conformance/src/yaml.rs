//! Statements as the text of a scenario file.

use crate::statement::{Statement, Value};

/// A file's text as it grows.
#[derive(Default)]
pub(crate) struct Text(String);

impl Text {
    /// A line, indented by a number of levels.
    pub(crate) fn line(&mut self, depth: usize, line: &str) {
        self.0.push_str(&"  ".repeat(depth));
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// The items of a list of steps.
    pub(crate) fn steps(&mut self, depth: usize, steps: &[Statement]) {
        for step in steps {
            self.step(depth, step);
        }
    }

    fn step(&mut self, depth: usize, step: &Statement) {
        let value = match &step.value {
            None => String::new(),
            Some(Value::Text(text)) => format!(" {}", quoted(text)),
            Some(Value::Expression(expression)) => format!(" {}", plain(expression)),
        };
        self.line(depth, &format!("- {}:{value}", step.key));
        self.steps(depth + 2, &step.steps);
        for (field, value) in &step.fields {
            self.line(depth + 1, &format!("{field}: {}", plain(value)));
        }
        if !step.handlers.is_empty() {
            self.line(depth + 1, "except:");
        }
        for handler in &step.handlers {
            match handler.on {
                Some(on) => {
                    self.line(depth + 2, &format!("- on: {on}"));
                    self.line(depth + 3, "as: error");
                }
                None => self.line(depth + 2, "- as: error"),
            }
            self.line(depth + 3, "do:");
            self.steps(depth + 4, &handler.steps);
        }
        for (body, steps) in &step.bodies {
            self.line(depth + 1, &format!("{body}:"));
            self.steps(depth + 2, steps);
        }
    }

    /// The text so far.
    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// A text in double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// An expression, in quotes where YAML would take it apart.
pub(crate) fn plain(expression: &str) -> String {
    let begins_badly = expression.starts_with(['[', '{', '"', '\'', '*', '&', '!', '|', '>', '%', '@', '-']);
    if begins_badly || expression.contains(": ") || expression.contains(" #") {
        quoted(expression)
    } else {
        expression.to_owned()
    }
}
