//! Expressions that YAML has cut or taken apart, recognised and shown whole.
//!
//! In YAML `f(a, b)` within brackets ends at the comma, `x[0] #1` at the hash, and `{i: f(0)}` is a mapping. None of
//! that is an error of YAML's, so it has to be noticed here.

use super::Decoder;
use crate::problem::Problem;
use crate::quote;
use crate::source::{Scalar, Span, Style};
use crate::spec::keys::{Key, ValueKind};
use crate::yaml::{Entry, Kind, Node, Resolved};

/// Passes over what is left of an expression that YAML has cut at its commas: `{if: f(a, b)}` has a key `b)`.
#[derive(Default)]
pub(super) struct Remnant {
    open: bool,
}

impl Remnant {
    /// Whether an entry is what is left of the value before it.
    pub(super) fn covers(&mut self, entry: &Entry) -> bool {
        if self.open && entry.value.is_nothing() {
            self.open = !closes(&entry.key.value);
            return true;
        }
        self.open = is_open(&entry.value);
        false
    }

    /// The same in a list.
    pub(super) fn covers_item(&mut self, item: &Node) -> bool {
        let Kind::Scalar(scalar, _) = &item.kind else {
            self.open = false;
            return false;
        };
        if self.open {
            self.open = !closes(&scalar.value);
            return true;
        }
        self.open = is_open(item);
        false
    }
}

fn is_open(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar(scalar, _) if scalar.style == Style::Plain && depth(&scalar.value) > 0)
}

fn closes(text: &str) -> bool {
    depth(text) < 0
}

/// How many more brackets (or quotes) are opened than closed.
fn depth(text: &str) -> i64 {
    let mut depth = 0;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(_), '\\') => {
                letters.next();
            }
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, _) => {}
        }
    }
    depth + i64::from(quote.is_some())
}

impl Decoder<'_> {
    pub(super) fn slice(&self, span: Span) -> &str {
        let range = span.start as usize..span.end as usize;
        self.source.get(range).unwrap_or("")
    }

    /// A plain expression that ends in the middle because YAML cut it.
    pub(super) fn cut_short(&self, scalar: &Scalar) -> Option<Problem> {
        if scalar.style != Style::Plain || depth(&scalar.value) <= 0 {
            return None;
        }
        let end = scalar.span.end as usize;
        let rest = self.source.get(end..)?;
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let what = match rest.as_bytes().get(blanks) {
            Some(b',') => "the comma",
            Some(b'#') if blanks > 0 => "the ` #`",
            Some(b':') => "the colon",
            _ => return None,
        };
        let cut = Span { start: scalar.span.start, end: scalar.span.end };
        let patch = self.meant(scalar.span.start as usize);
        Some(
            Problem::new(cut, format!("YAML cut this expression at {what}"), "this is all that is left of it")
                .help("put it in quotes")
                .patch(patch),
        )
    }

    /// The whole expression that begins at a byte: up to where its brackets are closed and it, or its line, ends.
    fn meant(&self, start: usize) -> Option<(Span, String)> {
        let line = quote::line_from(self.source, start)?;
        let stops = line.char_indices().filter(|(_, c)| matches!(c, ',' | '}' | ']')).map(|(at, _)| at);
        let ends = stops.chain(std::iter::once(line.len()));
        // A closing bracket belongs to what it closes: only behind a balanced text does it end it.
        let end = ends.take(100).find(|&end| depth(&line[..end]) == 0 && end > 0)?;
        let text = line[..end].trim_end();
        let span = Span { start: u32::try_from(start).ok()?, end: u32::try_from(start + text.len()).ok()? };
        Some((span, quote::quoted(text)))
    }

    /// A list or mapping where a text or an expression belongs.
    pub(super) fn collection(&self, key: &'static Key, node: &Node) -> Problem {
        let expected = key.value.expected();
        let title = format!("expected {expected}, found {}", node.describe());
        let written = self.slice(node.span);
        let flow = written.starts_with(['[', '{']) && written.ends_with([']', '}']);
        if !flow || written.contains('\n') {
            let problem = Problem::new(node.span, title, format!("`{}` takes {expected}", key.name));
            return problem.help(format!("for example `{}`", key.example));
        }
        let kind = if written.starts_with('[') { "list" } else { "mapping" };
        let label = format!("YAML takes the bracket for the beginning of a {kind}");
        let inner = written.get(1..written.len() - 1).unwrap_or("").trim();
        let plain = !inner.is_empty()
            && !inner.contains([':', '#'])
            && !inner.starts_with(['[', '{', '"', '\'', '*', '&', '!', '%', '@']);
        let problem = Problem::new(node.span, title, label);
        match (key.value, single(node)) {
            (ValueKind::Duration | ValueKind::DurationLiteral | ValueKind::Count | ValueKind::Binding, _) => {
                // In quotes it would be a list or a dict, which is none of these.
                match plain && !inner.contains(',') {
                    true => problem
                        .help(format!("{expected} needs no brackets around it"))
                        .patch(Some((node.span, inner.to_owned()))),
                    false => problem.help(format!("for example `{}`", key.example)),
                }
            }
            (ValueKind::Exceptions, _) if plain => {
                problem.help("several names stand in quotes").patch(Some((node.span, quote::quoted(inner))))
            }
            (ValueKind::Arguments, _) if plain => {
                problem.help("arguments need no brackets around them").patch(Some((node.span, inner.to_owned())))
            }
            (ValueKind::Assignment, Some(name)) if inner.starts_with(name) => {
                let value = inner[name.len()..].trim_start().strip_prefix(':').unwrap_or("").trim();
                problem
                    .help("an assignment is written as in Python")
                    .patch(Some((node.span, format!("{name} = {value}"))))
            }
            (ValueKind::Assignment, _) => problem.help(format!("for example `{}`", key.example)),
            _ => problem.help("put it in quotes").patch(Some((node.span, quote::quoted(written)))),
        }
    }

    /// What stands behind a key with no value, where YAML takes it for a comment that hardly was meant as one.
    pub(super) fn comment_behind(&self, entry: &Entry) -> Option<(Span, String)> {
        let from = entry.key.span.end as usize;
        let line = quote::line_from(self.source, from)?;
        let hash = line.find(" #")? + 1;
        let comment = line.get(hash..)?;
        if line[..hash].trim() != ":" || comment.starts_with("# ") || comment.len() < 2 {
            return None;
        }
        quote::rest_of_line(self.source, from + hash)
    }
}

/// The first key of a mapping whose other entries, if any, are what a comma cut off.
fn single(node: &Node) -> Option<&str> {
    let Kind::Mapping(entries) = &node.kind else {
        return None;
    };
    let (first, others) = entries.split_first()?;
    let cut = others.iter().all(|entry| matches!(entry.value.kind, Kind::Scalar(_, Resolved::Null)));
    cut.then_some(first.key.value.as_str())
}
