//! Steps.

use super::Decoder;
use super::fields::{Fields, unknown_key};
use super::python;
use crate::lang;
use crate::lang::ast::ExprKind;
use crate::problem::Problem;
use crate::source::Scalar;
use crate::spec::keys::Key;
use crate::spec::keys::steps::{HANDLER, STEPS, StepName, StepShape};
use crate::spec::{Handler, Place, Step, StepKind};
use crate::suggest;
use crate::yaml::{Entry, Kind, Node, Resolved};

impl Decoder<'_> {
    /// The steps behind a key; `None` where it is absent.
    pub(super) fn steps_of(&mut self, fields: &Fields<'_>, name: &str) -> Option<Vec<Step>> {
        let (key, entry) = fields.get(name)?;
        Some(self.steps(key, entry))
    }

    /// The steps of an entry, at least one.
    pub(super) fn steps(&mut self, key: &'static Key, entry: &Entry) -> Vec<Step> {
        match &entry.value.kind {
            Kind::Sequence(items) if !items.is_empty() => items.iter().filter_map(|item| self.step(item)).collect(),
            Kind::Mapping(entries) if !entries.is_empty() => {
                self.undashed(&entry.value, entries);
                self.unread.add(&entry.value);
                Vec::new()
            }
            Kind::Sequence(_) => {
                let title = format!("`{}` has no steps", entry.key.value);
                let problem = Problem::new(entry.value.span, title, "expected at least one step");
                self.report(problem.help("the step that does nothing is `- pass:`"));
                Vec::new()
            }
            _ => {
                self.mismatch(key, entry);
                self.unread.add(&entry.value);
                Vec::new()
            }
        }
    }

    /// Steps without their dashes.
    fn undashed(&mut self, node: &Node, entries: &[Entry]) {
        let span = node.span;
        let block = !self.slice(span).starts_with('{');
        let start = crate::source::Span { start: span.start, end: span.start };
        let patch = (block && entries.len() == 1).then(|| (start, "- ".to_owned()));
        self.report(
            Problem::new(span, "expected a list of steps, found a mapping", "expected `- ` before each step")
                .help("each step begins with `- `")
                .patch(patch),
        );
    }

    /// A step; what is none, or cannot be read, is passed over.
    fn step(&mut self, node: &Node) -> Option<Step> {
        if self.is_full() {
            return None;
        }
        let step = self.readable_step(node);
        if step.is_none() {
            self.unread.add(node);
        }
        step
    }

    fn readable_step(&mut self, node: &Node) -> Option<Step> {
        let Kind::Mapping(entries) = &node.kind else {
            self.no_step(node);
            return None;
        };
        let mut told = entries.iter().filter_map(|entry| Some((shape(&entry.key.value)?, entry)));
        let Some((step, first)) = told.next() else {
            self.unknown_step(node, entries);
            return None;
        };
        if let Some((_, second)) = told.find(|(_, entry)| step.shape.key(&entry.key.value).is_none()) {
            let title = format!("`{}` and `{}` in one step", first.key.value, second.key.value);
            self.report(
                Problem::new(second.key.span, title, "this is a step of its own")
                    .related(first.key.span, "the step does this already")
                    .help("each step begins with `- `"),
            );
            return None;
        }
        let fields = self.fields(node, &step.shape)?;
        let place = Place(first.key.span);
        let kind = match step.name {
            StepName::Try => self.try_step(&fields, first),
            name if step.shape.key("do").is_some() => self.block(name, &fields),
            name => self.simple(name, &fields),
        };
        Some(Step { place, kind: kind? })
    }

    /// The steps without steps within.
    fn simple(&mut self, name: StepName, fields: &Fields<'_>) -> Option<StepKind> {
        Some(match name {
            StepName::Print => StepKind::Print { text: self.scalar(fields, "print")? },
            StepName::Let => StepKind::Let { assignment: self.scalar(fields, "let")? },
            StepName::Sleep => StepKind::Sleep { duration: self.scalar(fields, "sleep")? },
            StepName::Block => StepKind::Block { duration: self.scalar(fields, "block")? },
            StepName::Await => {
                let (value, targets) = (self.scalar(fields, "await"), self.targets(fields));
                StepKind::Await { value: value?, targets }
            }
            StepName::Call => {
                let (value, targets) = (self.scalar(fields, "call"), self.targets(fields));
                StepKind::Call { value: value?, targets }
            }
            StepName::Spawn => {
                let (arguments, targets) = (self.scalar(fields, "spawn"), self.targets(fields));
                StepKind::Spawn { arguments: arguments?, targets }
            }
            StepName::Gather => {
                let (arguments, targets) = (self.scalar(fields, "gather"), self.targets(fields));
                let return_exceptions = self.scalar(fields, "return_exceptions");
                StepKind::Gather { arguments: arguments?, targets, return_exceptions }
            }
            StepName::Raise => {
                let value = self.scalar(fields, "raise");
                let is_alone = fields.get("raise").is_some_and(|(_, entry)| entry.value.is_nothing());
                if value.is_none() && !is_alone {
                    return None;
                }
                StepKind::Raise { value }
            }
            StepName::Return => StepKind::Return { value: self.scalar(fields, "return") },
            StepName::Yield => StepKind::Yield { value: self.scalar(fields, "yield") },
            StepName::Break => self.bare(fields, "break", StepKind::Break),
            StepName::Continue => self.bare(fields, "continue", StepKind::Continue),
            StepName::Pass => self.bare(fields, "pass", StepKind::Pass),
            StepName::Mark => StepKind::Mark { text: self.scalar(fields, "mark")? },
            _ => return None,
        })
    }

    /// The steps with steps within.
    fn block(&mut self, name: StepName, fields: &Fields<'_>) -> Option<StepKind> {
        // Everything is read before anything is missed, so that all problems are found.
        let steps = self.steps_of(fields, "do").unwrap_or_default();
        Some(match name {
            StepName::AsCompleted => {
                let (arguments, targets) = (self.scalar(fields, "as_completed"), self.targets(fields));
                let timeout = self.scalar(fields, "timeout");
                StepKind::AsCompleted { arguments: arguments?, targets: targets?, timeout, steps }
            }
            StepName::For => StepKind::For { binding: self.scalar(fields, "for")?, steps },
            StepName::AsyncFor => StepKind::AsyncFor { binding: self.scalar(fields, "async for")?, steps },
            StepName::While => StepKind::While { condition: self.scalar(fields, "while")?, steps },
            StepName::Repeat => StepKind::Repeat { count: self.scalar(fields, "repeat")?, steps },
            StepName::If => {
                let otherwise = self.steps_of(fields, "else").unwrap_or_default();
                StepKind::If { condition: self.scalar(fields, "if")?, steps, otherwise }
            }
            StepName::With => {
                let (context, targets) = (self.scalar(fields, "with"), self.targets(fields));
                StepKind::With { context: context?, targets, steps }
            }
            StepName::Timeout => {
                let (duration, targets) = (self.scalar(fields, "timeout"), self.targets(fields));
                StepKind::Timeout { duration: duration?, targets, steps }
            }
            StepName::TimeoutAt => {
                let (when, targets) = (self.scalar(fields, "timeout_at"), self.targets(fields));
                StepKind::TimeoutAt { when: when?, targets, steps }
            }
            StepName::Group => {
                let (arguments, targets) = (self.scalar(fields, "group"), self.targets(fields));
                let is_empty = fields.get("group").is_some_and(|(_, entry)| entry.value.is_nothing());
                if is_empty
                    && !fields.means("do")
                    && let Some(span) = fields.key_span("group")
                {
                    self.report(
                        Problem::new(span, "a group without tasks or steps", "this has no effect")
                            .help("for example `group: work(n) for n in range(3)`, or steps under `do:`"),
                    );
                }
                StepKind::Group { arguments, targets, steps }
            }
            _ => return None,
        })
    }

    fn try_step(&mut self, fields: &Fields<'_>, place: &Entry) -> Option<StepKind> {
        let steps = self.steps_of(fields, "try").unwrap_or_default();
        let items = self.list(fields, "except").unwrap_or_default();
        let mut handlers: Vec<Handler> = items.iter().filter_map(|item| self.handler(item)).collect();
        let otherwise = self.steps_of(fields, "else").unwrap_or_default();
        let finally = self.steps_of(fields, "finally").unwrap_or_default();
        let given = |name: &str| fields.means(name);
        if !given("except") && !given("finally") {
            self.report(
                Problem::new(place.key.span, "`try` without `except` or `finally`", "this has no effect")
                    .help("for example `except: [{on: TimeoutError, do: [{print: \"late\"}]}]`"),
            );
        } else if let (false, Some(span)) = (given("except"), fields.key_span("else")) {
            self.report(
                Problem::new(span, "`else` without `except`", "this has no effect")
                    .help("put its steps at the end of `try`"),
            );
        }
        if handlers.is_empty() && finally.is_empty() {
            // What was wrong with them is said above: the guarded steps are checked all the same.
            handlers.push(Handler { on: None, name: None, steps: Vec::new(), place: Place(place.key.span) });
        }
        Some(StepKind::Try { steps, handlers, otherwise, finally })
    }

    fn handler(&mut self, node: &Node) -> Option<Handler> {
        let fields = self.fields(node, &HANDLER)?;
        Some(Handler {
            on: self.scalar(&fields, "on"),
            name: self.scalar(&fields, "as"),
            steps: self.steps_of(&fields, "do").unwrap_or_default(),
            place: Place(node.span),
        })
    }

    fn targets(&mut self, fields: &Fields<'_>) -> Option<Scalar> {
        self.scalar(fields, "as")
    }

    /// A step that is its key alone.
    fn bare(&mut self, fields: &Fields<'_>, name: &str, kind: StepKind) -> StepKind {
        // Reports a value, which it does not take.
        self.scalar(fields, name);
        kind
    }

    /// An item that is no mapping.
    fn no_step(&mut self, node: &Node) {
        let title = format!("expected a step, found {}", node.describe());
        let problem = Problem::new(node.span, title, "a step is `key: value`");
        let problem = match &node.kind {
            Kind::Scalar(scalar, Resolved::Text) => match python::rewritten(&scalar.value) {
                Some(step) => step.advise(problem, Some(node.span)),
                None => no_key(problem, scalar),
            },
            _ => problem.help("each step begins with `- ` and its key"),
        };
        self.report(problem);
    }

    /// A mapping without a key that tells the step.
    fn unknown_step(&mut self, node: &Node, entries: &[Entry]) {
        let names = || STEPS.iter().map(|step| step.shape.name);
        let Some(first) = entries.first() else {
            let problem = Problem::new(node.span, "a step without a key", "expected `key: value` here");
            return self.report(problem.help("the step that does nothing is `- pass:`"));
        };
        if let Some(step) = python::rewritten(&first.key.value) {
            let title = format!("unknown key `{}`", first.key.value.chars().take(60).collect::<String>());
            let problem = Problem::new(first.key.span, title, "a step is `key: value`");
            return self.report(step.advise(problem, python::whole_line(&first.key, self.source)));
        }
        let near = entries.iter().find_map(|entry| Some((entry, suggest::nearest(&entry.key.value, names())?)));
        let companion = STEPS.iter().find(|step| step.shape.key(&first.key.value).is_some());
        match (near, companion) {
            (Some((entry, near)), _) => {
                self.report(unknown_key(entry.key.span, &entry.key.value, "a step", Some(near), ""));
            }
            (None, Some(_)) => {
                let title = format!("`{}` without a step", first.key.value);
                let problem = Problem::new(first.key.span, title, "expected the step's own key beside this");
                self.report(problem.help("keys of one step stand in one column, and only the first has a `- `"));
            }
            (None, None) => {
                let list: Vec<&str> = names().collect();
                let help = format!("the steps are {}", super::fields::listed(&list));
                self.report(unknown_key(first.key.span, &first.key.value, "a step", None, &help));
            }
        }
    }
}

/// Advice about a text where a step should be.
fn no_key(problem: Problem, scalar: &Scalar) -> Problem {
    let word = scalar.value.split([' ', '=', '(']).next().unwrap_or("");
    match (word == scalar.value, shape(word)) {
        (true, Some(_)) => {
            let colon = crate::source::Span { start: scalar.span.end, end: scalar.span.end };
            problem.help("a key ends in `:`").patch(Some((colon, ":".to_owned())))
        }
        (false, Some(step)) => problem.help(format!("for example `{}`", step.shape.keys[0].example)),
        _ if is_call(&scalar.value) => problem
            .help("`await:` waits for a call, `spawn:` starts it as a task, `call:` makes one that does not wait"),
        _ => problem.help("to print a text write `- print: \"text\"`, for an assignment `- let: x = 1`"),
    }
}

fn is_call(text: &str) -> bool {
    let parsed = lang::parse_expression(text).map(|expr| expr.kind);
    matches!(parsed, Ok(ExprKind::Call(..) | ExprKind::Method(..)))
}

/// The step that a key tells.
fn shape(key: &str) -> Option<&'static StepShape> {
    STEPS.iter().find(|step| step.shape.name == key)
}
