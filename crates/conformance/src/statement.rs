//! One step of a scenario file, with everything below it: what generated steps are written out as.

/// A step of a scenario file.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) key: &'static str,
    /// What stands behind the key; nothing where steps do.
    pub(crate) value: Option<Value>,
    /// The steps under the key itself: those of `try`.
    pub(crate) steps: Vec<Statement>,
    /// Fields beside the key, in order.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// `except`.
    pub(crate) handlers: Vec<Handler>,
    /// Steps beside the key, in order: `do`, `else`, `finally`.
    pub(crate) bodies: Vec<(&'static str, Vec<Statement>)>,
}

/// What stands behind a key.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// The body of an f-string, which YAML wants quoted.
    Text(String),
    /// An expression.
    Expression(String),
}

/// One clause of `except`.
#[derive(Clone, Debug)]
pub(crate) struct Handler {
    /// The exceptions; none for every `Exception`.
    pub(crate) on: Option<&'static str>,
    pub(crate) steps: Vec<Statement>,
}

impl Statement {
    fn bare(key: &'static str, value: Option<Value>) -> Statement {
        Statement { key, value, steps: Vec::new(), fields: Vec::new(), handlers: Vec::new(), bodies: Vec::new() }
    }

    /// `key: expression`
    pub(crate) fn of(key: &'static str, expression: impl Into<String>) -> Statement {
        Statement::bare(key, Some(Value::Expression(expression.into())))
    }

    /// `key:` with nothing behind it.
    pub(crate) fn word(key: &'static str) -> Statement {
        Statement::bare(key, None)
    }

    /// `print: "text"`
    pub(crate) fn print(text: impl Into<String>) -> Statement {
        Statement::bare("print", Some(Value::Text(text.into())))
    }

    /// `try:` and its steps.
    pub(crate) fn attempt(steps: Vec<Statement>) -> Statement {
        Statement { steps: some(steps), ..Statement::word("try") }
    }

    /// Whether nothing runs that stands behind it.
    pub(crate) fn leaves(&self) -> bool {
        let body = |name: &str| self.bodies.iter().find(|(key, _)| *key == name).map(|(_, steps)| ends(steps));
        match self.key {
            "return" | "raise" | "break" | "continue" => true,
            "while" => matches!(&self.value, Some(Value::Expression(condition)) if condition == "True"),
            "group" | "timeout" | "with" => body("do") == Some(true),
            "if" => body("do") == Some(true) && body("else") == Some(true),
            "try" => {
                let handled = self.handlers.iter().all(|handler| ends(&handler.steps));
                body("finally") == Some(true) || (handled && (ends(&self.steps) || body("else") == Some(true)))
            }
            _ => false,
        }
    }

    /// A field beside the key.
    pub(crate) fn with(mut self, field: &'static str, value: impl Into<String>) -> Statement {
        self.fields.push((field, value.into()));
        self
    }

    /// `do:`
    pub(crate) fn doing(mut self, steps: Vec<Statement>) -> Statement {
        self.bodies.push(("do", some(steps)));
        self
    }

    /// `else:` or `finally:`, left out where there are no steps.
    pub(crate) fn and(mut self, body: &'static str, steps: Vec<Statement>) -> Statement {
        if !steps.is_empty() {
            self.bodies.push((body, steps));
        }
        self
    }

    /// A clause of `except`.
    pub(crate) fn except(mut self, on: Option<&'static str>, steps: Vec<Statement>) -> Statement {
        self.handlers.push(Handler { on, steps: some(steps) });
        self
    }
}

/// Whether the last of some steps leaves them.
fn ends(steps: &[Statement]) -> bool {
    steps.last().is_some_and(Statement::leaves)
}

/// Steps where at least one has to stand.
fn some(steps: Vec<Statement>) -> Vec<Statement> {
    if steps.is_empty() { vec![Statement::word("pass")] } else { steps }
}
