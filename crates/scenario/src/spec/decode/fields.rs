//! The keys of a mapping, matched with a table.

use super::{Decoder, python};
use crate::problem::Problem;
use crate::source::Span;
use crate::spec::keys::{HABITS, Key, Need, Shape, ValueKind};
use crate::suggest;
use crate::yaml::{Entry, Kind, Node};

/// A mapping's entries with the keys of its table.
#[derive(Default)]
pub(super) struct Fields<'n> {
    found: Vec<(&'static Key, &'n Entry)>,
    /// Keys that misspelt ones were probably meant to be.
    meant: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The entry of a key, and how the table describes it.
    pub(super) fn get(&self, name: &str) -> Option<(&'static Key, &'n Entry)> {
        self.found.iter().find(|(key, _)| key.name == name).copied()
    }

    /// Whether a key is there, be it misspelt.
    pub(super) fn means(&self, name: &str) -> bool {
        self.get(name).is_some() || self.meant.contains(&name)
    }

    /// Where a key stands.
    pub(super) fn key_span(&self, name: &str) -> Option<Span> {
        self.get(name).map(|(_, entry)| entry.key.span)
    }
}

impl Decoder<'_> {
    /// A mapping's entries by its table; reports what is no mapping, and every unknown or missing key.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, shape: &'static Shape) -> Option<Fields<'n>> {
        if self.is_full() {
            return None;
        }
        let Kind::Mapping(entries) = &node.kind else {
            let title = format!("expected {} as a mapping, found {}", shape.what, node.describe());
            let label = "expected `key: value` here".to_owned();
            self.report(Problem::new(node.span, title, label).help(allowed(shape)));
            self.unread.add(node);
            return None;
        };
        if entries.is_empty() {
            let title = format!("{} is empty", shape.what);
            self.report(Problem::new(node.span, title, "expected `key: value` here").help(allowed(shape)));
            return None;
        }
        let mut found = Vec::new();
        let mut meant = Vec::new();
        let mut remnant = super::cut::Remnant::default();
        for entry in entries {
            if remnant.covers(entry) {
                continue;
            }
            match shape.key(&entry.key.value) {
                Some(key) => found.push((key, entry)),
                None => {
                    meant.extend(self.unknown(entry, shape));
                    self.unread.add_entry(entry);
                }
            }
        }
        let place = found.first().map_or(node.span, |(_, entry)| entry.key.span);
        for key in shape.keys.iter().filter(|key| key.need == Need::Required) {
            let given = found.iter().any(|(one, _)| one.name == key.name);
            // A misspelt key is reported as such, and not as missing too.
            if !given && !meant.contains(&key.name) {
                self.report(missing(key, shape, place));
            }
        }
        Some(Fields { found, meant })
    }

    /// The mapping behind a key.
    pub(super) fn mapping<'n>(&mut self, fields: &Fields<'n>, name: &str) -> Option<Fields<'n>> {
        let (key, entry) = fields.get(name)?;
        let ValueKind::Mapping(shape) = key.value else {
            return None;
        };
        match &entry.value.kind {
            Kind::Mapping(entries) if entries.is_empty() && key.may_be_bare() => Some(Fields::default()),
            Kind::Mapping(_) => self.fields(&entry.value, shape),
            _ => {
                self.mismatch(key, entry);
                None
            }
        }
    }

    /// The items of the list behind a key.
    pub(super) fn list<'n>(&mut self, fields: &Fields<'n>, name: &str) -> Option<&'n [Node]> {
        let (key, entry) = fields.get(name)?;
        match &entry.value.kind {
            Kind::Sequence(items) if !items.is_empty() => Some(items),
            _ => {
                self.mismatch(key, entry);
                None
            }
        }
    }

    /// Which of several shapes a mapping with one key has.
    pub(super) fn variant(&mut self, node: &Node, shapes: &'static [Shape]) -> Option<(&'static Shape, Span)> {
        let what = shapes.first().map_or("", |shape| shape.what);
        let names: Vec<&str> = shapes.iter().map(|shape| shape.name).collect();
        let Kind::Mapping(entries) = &node.kind else {
            let title = format!("expected {what}, found {}", node.describe());
            let help = format!("it is one of {}", listed(&names));
            self.report(Problem::new(node.span, title, "expected `key: value` here").help(help));
            return None;
        };
        let known =
            entries.iter().find_map(|entry| Some((shapes.iter().find(|shape| shape.name == entry.key.value)?, entry)));
        let Some((shape, told)) = known else {
            let span = entries.first().map_or(node.span, |entry| entry.key.span);
            let word = entries.first().map_or("", |entry| entry.key.value.as_str());
            let near = suggest::nearest(word, names.iter().copied());
            self.report(unknown_key(span, word, what, near, &format!("it is one of {}", listed(&names))));
            return None;
        };
        let second =
            entries.iter().find(|other| names.contains(&other.key.value.as_str()) && other.key.span != told.key.span);
        if let Some(other) = second {
            let title = format!("`{}` and `{}` in one entry", told.key.value, other.key.value);
            self.report(
                Problem::new(other.key.span, title, "this needs an entry of its own")
                    .related(told.key.span, "the entry says this already")
                    .help("begin each entry with `- `"),
            );
            return None;
        }
        Some((shape, told.key.span))
    }

    /// Reports a key that the table does not have; returns the one that was probably meant.
    fn unknown(&mut self, entry: &Entry, shape: &'static Shape) -> Option<&'static str> {
        if self.is_full() {
            return None;
        }
        let word = entry.key.value.as_str();
        let near = suggest::nearest(word, shape.names());
        let owner = article(shape);
        self.report(unknown_key(entry.key.span, word, &owner, near, &allowed(shape)));
        near.or_else(|| python::clause(word).and_then(|_| shape.key("except")).map(|key| key.name))
    }

    /// Reports a value of the wrong kind, or none at all.
    pub(super) fn mismatch(&mut self, key: &'static Key, entry: &Entry) {
        let (name, value) = (key.name, &entry.value);
        let empty = match &value.kind {
            Kind::Sequence(items) => items.is_empty(),
            Kind::Mapping(entries) => entries.is_empty(),
            Kind::Scalar(..) => value.is_nothing(),
        };
        let expected = key.value.expected();
        let problem = if empty {
            let title = format!("`{name}` is empty");
            Problem::new(entry.key.span, title, format!("expected {expected} below"))
        } else {
            let title = format!("expected {expected}, found {}", value.describe());
            Problem::new(value.span, title, format!("`{name}` takes {expected}"))
        };
        self.report(match empty && key.may_be_bare() {
            true => problem.help(format!("write `{name}: {{}}` where the defaults will do")),
            false => problem.help(format!("for example `{}`", key.example)),
        });
    }
}

/// An unknown key, with what was probably meant.
pub(super) fn unknown_key(span: Span, word: &str, what: &str, near: Option<&str>, allowed: &str) -> Problem {
    let shown: String = word.chars().take(60).collect();
    let problem = Problem::new(span, format!("unknown key `{shown}`"), format!("{what} has no such key"));
    let folded = word.to_lowercase();
    let begins = |habit: &str| folded.strip_prefix(habit).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let habit = HABITS.iter().find(|(habit, _)| begins(habit));
    let habit = habit.map(|(_, advice)| *advice).or_else(|| python::clause(&folded));
    match (near, habit) {
        // What differs by its case alone is a slip; else a known habit explains more.
        (Some(near), None) => problem.help(format!("did you mean `{near}`?")).patch(Some((span, near.to_owned()))),
        (_, Some(advice)) => problem.help(advice.to_owned()),
        (None, None) => problem.help(allowed.to_owned()),
    }
}

fn missing(key: &'static Key, shape: &'static Shape, place: Span) -> Problem {
    let title = format!("{} needs `{}`", article(shape), key.name);
    Problem::new(place, title, format!("expected `{}:` beside this", key.name))
        .help(format!("for example `{}`", key.example))
}

/// A shape as the subject of a sentence.
fn article(shape: &'static Shape) -> String {
    match shape.what {
        "a step" => format!("`{}`", shape.name),
        what => what.to_owned(),
    }
}

/// What may stand in a mapping.
pub(super) fn allowed(shape: &'static Shape) -> String {
    let names: Vec<&str> = shape.names().collect();
    match names[..] {
        [only] if only == shape.name => format!("{} takes no other key", article(shape)),
        _ => format!("{} takes {}", article(shape), listed(&names)),
    }
}

/// `a`, `b` and `c`.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
