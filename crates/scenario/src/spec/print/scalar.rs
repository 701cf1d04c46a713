//! Scalars as YAML reads them back unchanged.

use crate::source::{Scalar, Style};
use crate::spec::Literal;

/// An expression or a name: plain where YAML lets it stand.
pub(in crate::spec) fn plain_or_quoted(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { quoted(value) }
}

/// A text behind a key: a block at this indentation where it has several lines, else in double quotes.
pub(super) fn text(value: &str, indent: usize) -> String {
    let Some((header, lines)) = block(value) else {
        return double_quoted(value);
    };
    let mut out = header.to_owned();
    for line in lines.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    out
}

/// A value of `params` or `set`, of which the quotes are a part of the meaning: `5` is a number and `"5"` a text.
pub(super) fn literal(scalar: &Scalar) -> String {
    match scalar.style {
        Style::Quoted | Style::Block => double_quoted(&scalar.value),
        // YAML's own spellings of nothing; quoted they would be texts.
        Style::Plain if is_null(&scalar.value) => scalar.value.clone(),
        Style::Plain | Style::Unknown => plain_or_quoted(&scalar.value),
    }
}

/// The longest list or mapping that is written in one line, in characters.
const FLOW_WIDTH: usize = 80;

/// A value in one line, where all scalars in it are simple enough for that and it is not too long.
pub(super) fn flow_literal(value: &Literal) -> Option<String> {
    match value {
        Literal::Scalar(scalar) => flow_scalar(literal(scalar)),
        Literal::List(items, _) => flow(items, ["[", "]"], flow_literal),
        Literal::Map(entries, _) => flow(entries, ["{", "}"], |(key, value)| {
            let key = flow_scalar(plain_or_quoted(&key.value))?;
            Some(format!("{key}: {}", flow_literal(value)?))
        }),
    }
}

/// The items between brackets. It gives up early: at each level of a large value that is nested deeply, this is asked anew.
fn flow<T>(items: &[T], [open, close]: [&str; 2], written: impl Fn(&T) -> Option<String>) -> Option<String> {
    if items.len() > FLOW_WIDTH {
        return None;
    }
    let items: Option<Vec<_>> = items.iter().map(written).collect();
    let flow = format!("{open}{}{close}", items?.join(", "));
    (flow.chars().count() <= FLOW_WIDTH).then_some(flow)
}

/// `{python: 444}`, where all scalars in it are simple enough for that.
pub(super) fn flow_entries(entries: &[(&str, &Scalar)]) -> Option<String> {
    flow(entries, ["{", "}"], |(key, scalar)| Some(format!("{key}: {}", flow_scalar(plain_or_quoted(&scalar.value))?)))
}

/// A scalar that stands among commas: in quotes, or of nothing but letters, digits and `_ . + -`.
fn flow_scalar(written: String) -> Option<String> {
    let is_simple = |character: char| character.is_alphanumeric() || "_.+-".contains(character);
    (written.starts_with('"') || written.chars().all(is_simple)).then_some(written)
}

/// Whether YAML reads this, without quotes behind a key or a dash, as one scalar with this very text.
fn is_plain(value: &str) -> bool {
    let mut characters = value.chars();
    let (first, second) = (characters.next(), characters.next());
    let starts_plainly = match first {
        None => false,
        // A sign is fine, a dash of a list is not, nor is the start of a document.
        Some('-') => second.is_some_and(|second| !second.is_whitespace()) && !value.starts_with("--"),
        Some(first) => !",[]{}#&*!|>'\"%@`?:=<~".contains(first),
    };
    let is_cut = value.contains(": ") || value.ends_with(':') || value.contains(" #");
    let is_cut = is_cut || value.contains("..") || value.trim() != value;
    starts_plainly && !is_cut && !is_null(value) && value.chars().all(is_printable)
}

/// YAML's spellings of nothing, which as expressions could be taken for an expression left out.
fn is_null(value: &str) -> bool {
    matches!(value, "~" | "null" | "Null" | "NULL")
}

fn quoted(value: &str) -> String {
    let needs_escapes = value.contains(['"', '\\']);
    if needs_escapes && !value.contains('\'') && value.chars().all(is_printable) {
        return format!("'{value}'");
    }
    double_quoted(value)
}

fn double_quoted(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if is_printable(character) => out.push(character),
            _ => match u32::from(character) {
                code @ 0..=0xff => out.push_str(&format!("\\x{code:02x}")),
                code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    out.push('"');
    out
}

/// Whether a character may stand for itself: YAML's line breaks and controls may not, nor what would turn the direction
/// of the line, in which a reader would see another file than the machine.
fn is_printable(character: char) -> bool {
    let is_separator = matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !character.is_control() && !is_separator && !turns
}

/// The header of a block and its lines, where a text has several and each looks as it is.
fn block(value: &str) -> Option<(&'static str, &str)> {
    let (header, lines) = match value.strip_suffix('\n') {
        Some(lines) => ("|", lines),
        None => ("|-", value),
    };
    let looks_as_it_is = |line: &str| line.trim_end() == line && line.chars().all(is_printable);
    let starts_plainly = !lines.starts_with(char::is_whitespace) && !lines.ends_with('\n');
    let is_block = lines.contains('\n') && starts_plainly && lines.split('\n').all(looks_as_it_is);
    is_block.then_some((header, lines))
}
