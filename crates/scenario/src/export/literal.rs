//! Constants as Python writes them.

use std::fmt::Write as _;

use crate::value::{Value, repr};

/// A text in the quotes that need the fewest escapes, double ones where it does not matter.
pub(super) fn text(content: &str) -> String {
    let quote = if content.contains('"') && !content.contains('\'') { '\'' } else { '"' };
    format!("{quote}{}{quote}", escaped(content, quote))
}

/// The content of a literal between these quotes.
pub(super) fn escaped(content: &str, quote: char) -> String {
    let mut written = String::with_capacity(content.len());
    for character in content.chars() {
        match character {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            _ if character == quote => {
                written.push('\\');
                written.push(character);
            }
            _ if is_plain(character) => written.push(character),
            _ => push_number(&mut written, u32::from(character)),
        }
    }
    written
}

/// Whether a literal may hold the character as it is.
pub(super) fn is_plain(character: char) -> bool {
    // The marks of direction change how a line looks, though not what it says.
    !character.is_control() && !matches!(character, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}')
}

fn push_number(written: &mut String, number: u32) {
    let done = match number {
        0..=0xff => write!(written, "\\x{number:02x}"),
        0x100..=0xffff => write!(written, "\\u{number:04x}"),
        _ => write!(written, "\\U{number:08x}"),
    };
    done.expect("a String takes every text");
}

/// A float: the shortest digits that are this very number, as Rust and Python both read them.
pub(super) fn float(number: f64) -> String {
    if number.is_finite() { format!("{number:?}") } else { format!("float(\"{number:?}\")").to_lowercase() }
}

/// A number of seconds where nobody sees whether it is an int.
pub(super) fn seconds(number: f64) -> String {
    let written = float(number);
    written.strip_suffix(".0").map_or(written.clone(), str::to_owned)
}

/// The value of a param.
pub(super) fn value(value: &Value) -> String {
    let list = |items: &[Value]| items.iter().map(self::value).collect::<Vec<String>>().join(", ");
    match value {
        Value::Str(content) => text(content),
        Value::Float(number) => float(*number),
        Value::List(items) => format!("[{}]", list(&items.to_vec())),
        Value::Dict(dict) => {
            let pairs = dict.to_pairs();
            let pairs = pairs.iter().map(|(key, item)| format!("{}: {}", self::value(key), self::value(item)));
            format!("{{{}}}", pairs.collect::<Vec<String>>().join(", "))
        }
        // None, truths and ints: a param is nothing else.
        other => repr(other).unwrap_or_default(),
    }
}
