//! Python's own statements in place of steps: `for i in range(3):`, `x = await q.get()`. What to write instead.
//!
//! One mechanism for all of them: the words that begin a statement are a step's key, and what follows is its value.

use crate::lang;
use crate::problem::Problem;
use crate::quote;
use crate::source::{Scalar, Span, Style};
use crate::spec::keys::steps::STEPS;
use crate::spec::keys::{Key, ValueKind};
use crate::spec::print::plain_or_quoted;

/// A statement as a step.
pub(super) struct Rewritten {
    /// The line that says it: `for: i in range(3)`.
    line: String,
    /// What it binds: `as: item`.
    binds: Option<String>,
    /// Whether steps follow, under `do:`.
    holds_steps: bool,
}

impl Rewritten {
    fn new(key: &'static Key, value: &str) -> Rewritten {
        let line = format!("{}: {value}", key.name).trim_end().to_owned();
        Rewritten { line, binds: None, holds_steps: false }
    }

    fn binding(self, targets: &str) -> Rewritten {
        Rewritten { binds: Some(format!("as: {}", plain_or_quoted(targets))), ..self }
    }

    /// Adds what to write in place of `span`; what stands on one line is shown there.
    pub(super) fn advise(self, problem: Problem, span: Option<Span>) -> Problem {
        let binds = self.binds.map(|binds| format!(" and, in the line below it, `{binds}`"));
        let steps = if self.holds_steps { ", with its steps under `do:`" } else { "" };
        let help = format!("write `{}`{}{steps}", self.line, binds.unwrap_or_default());
        problem.help(help).patch(span.map(|span| (span, self.line)))
    }
}

/// Rewrites a statement; `None` for what is none.
pub(super) fn rewritten(text: &str) -> Option<Rewritten> {
    let text = text.trim().trim_end_matches(':').trim_end();
    if text.len() > LONGEST || text.contains('\n') {
        return None;
    }
    if let Some((targets, value)) = text.split_once(" = ") {
        return assignment(text, targets.trim(), value.trim());
    }
    if let Some(argument) = call_of("print", text) {
        return Some(Rewritten::new(step("print")?, &quote::quoted(string(argument)?)));
    }
    if let Some(coroutine) = call_of("create_task", bare(text)) {
        return Some(Rewritten::new(step("spawn")?, &plain_or_quoted(coroutine)));
    }
    if let Some(rest) = after(text, "async with").or_else(|| after(text, "with")) {
        return context(rest);
    }
    // The longest name first: `async for` before `for`.
    let known = STEPS.iter().filter_map(|step| Some((step, after(text, step.shape.name)?)));
    let (step, rest) = known.max_by_key(|(step, _)| step.shape.name.len())?;
    let key = &step.shape.keys[0];
    let holds_steps = step.shape.key("do").is_some();
    Some(Rewritten { holds_steps, ..Rewritten::new(key, &value(key, rest)?) })
}

/// What to write for a clause of a statement.
pub(super) fn clause(key: &str) -> Option<&'static str> {
    after(key, "except").map(|_| "write `except:`, a list with `on:`, `as:` and `do:`")
}

/// Longer statements are not looked at.
const LONGEST: usize = 1000;

fn step(name: &str) -> Option<&'static Key> {
    STEPS.iter().find(|step| step.shape.name == name).map(|step| &step.shape.keys[0])
}

/// What follows a word and a blank.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    rest.starts_with(' ').then(|| rest.trim()).filter(|rest| !rest.is_empty())
}

/// The arguments of a call that is the whole text.
fn call_of<'t>(name: &str, text: &'t str) -> Option<&'t str> {
    let arguments = text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')?;
    lang::parse_arguments(arguments).is_ok().then(|| arguments.trim())
}

/// A name of asyncio's without its module.
fn bare(text: &str) -> &str {
    text.strip_prefix("asyncio.").unwrap_or(text)
}

/// What a string literal holds, with or without its `f`, where nothing is escaped in it.
fn string(literal: &str) -> Option<&str> {
    let text = literal.strip_prefix('f').unwrap_or(literal);
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let inner = text.get(1..)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then_some(inner)
}

fn assignment(text: &str, targets: &str, value: &str) -> Option<Rewritten> {
    if lang::parse_targets(targets).is_err() {
        return None;
    }
    if let Some(coroutine) = call_of("create_task", bare(value)) {
        return Some(Rewritten::new(step("spawn")?, &plain_or_quoted(coroutine)).binding(targets));
    }
    if let Some(awaited) = after(value, "await") {
        return Some(Rewritten::new(step("await")?, &plain_or_quoted(bare(awaited))).binding(targets));
    }
    lang::parse_assignment(text).ok()?;
    Some(Rewritten::new(step("let")?, &plain_or_quoted(text)))
}

/// What `with` stands before.
fn context(rest: &str) -> Option<Rewritten> {
    let (object, targets) = match rest.rsplit_once(" as ") {
        Some((object, targets)) => (object.trim(), Some(targets.trim())),
        None => (rest, None),
    };
    let step = if let Some(limit) = call_of("timeout", bare(object)) {
        Rewritten::new(step("timeout")?, &duration(limit))
    } else if bare(object) == "TaskGroup()" {
        Rewritten::new(step("group")?, "")
    } else {
        Rewritten::new(step("with")?, &plain_or_quoted(object))
    };
    let step = Rewritten { holds_steps: true, ..step };
    Some(match targets {
        Some(targets) => step.binding(targets),
        None => step,
    })
}

/// The value of a key, as YAML wants it.
fn value(key: &'static Key, rest: &str) -> Option<String> {
    match key.value {
        ValueKind::Nothing | ValueKind::Steps => None,
        ValueKind::Text => Some(quote::quoted(string(rest).unwrap_or(rest))),
        ValueKind::Duration => Some(duration(rest)),
        _ => Some(plain_or_quoted(bare(rest))),
    }
}

/// A number of seconds, with its unit.
fn duration(text: &str) -> String {
    let with_unit = format!("{text}s");
    match lang::parse_seconds(text).is_err() && lang::parse_seconds(&with_unit).is_ok() {
        true => with_unit,
        false => plain_or_quoted(text),
    }
}

/// The key and its colon, where nothing else stands on their line: what the rewritten line replaces.
pub(super) fn whole_line(key: &Scalar, source: &str) -> Option<Span> {
    let line = quote::line_from(source, key.span.end as usize).filter(|_| key.style == Style::Plain)?;
    (line.trim() == ":")
        .then(|| Span { start: key.span.start, end: key.span.end + u32::try_from(line.len()).unwrap_or(0) })
}
