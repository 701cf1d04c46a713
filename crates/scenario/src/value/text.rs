//! `str` and `repr`.

use std::fmt::Write;

use super::error::{memory_error, recursion_error};
use super::float_text::repr_float;
use super::identity::address;
use super::{Result, Value, limits};

/// `str(value)`.
pub(crate) fn str(value: &Value) -> Result<String> {
    let mut text = String::new();
    write_str(value, &mut text)?;
    Ok(text)
}

/// `repr(value)`.
pub(crate) fn repr(value: &Value) -> Result<String> {
    let mut text = String::new();
    write_repr(value, &mut text)?;
    Ok(text)
}

/// Appends `str(value)`.
#[inline]
pub(crate) fn write_str(value: &Value, text: &mut String) -> Result<()> {
    match value {
        Value::Str(own) => Writer::new(text).push(own),
        _ => Writer::new(text).write_str(value),
    }
}

/// Appends `repr(value)`.
pub(crate) fn write_repr(value: &Value, text: &mut String) -> Result<()> {
    Writer::new(text).write_repr(value)
}

/// A text in the making, which knows the containers that it is inside of.
pub(crate) struct Writer<'a> {
    text: &'a mut String,
    /// The containers that are being shown, outermost first: one that comes up again is shown as `[...]`.
    open: Vec<usize>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(text: &'a mut String) -> Writer<'a> {
        Writer { text, open: Vec::new() }
    }

    /// Appends a text as it stands.
    pub(crate) fn push(&mut self, text: &str) -> Result<()> {
        limits::check_text(self.text.len().checked_add(text.len()))?;
        self.text.push_str(text);
        Ok(())
    }

    /// Appends `str(value)`.
    pub(crate) fn write_str(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Str(text) => self.push(text),
            Value::Exception(exception) => {
                self.within(address(exception), "...", |writer| exception.write_message(writer))
            }
            _ => self.write_repr(value),
        }
    }

    /// Appends `repr(value)`.
    pub(crate) fn write_repr(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::None => self.push("None"),
            Value::Bool(true) => self.push("True"),
            Value::Bool(false) => self.push("False"),
            Value::Int(number) => {
                write!(self.text, "{number}").map_err(|_| memory_error("a text could not be written"))
            }
            Value::Float(number) => self.push(&repr_float(*number)),
            Value::Str(text) => self.push(&quote(text)),
            Value::List(list) => {
                self.within(address(list), "[...]", |writer| writer.write_sequence("[", &list.items(), "]"))
            }
            Value::Tuple(tuple) => self.within(address(tuple), "(...)", |writer| {
                let close = if tuple.items().len() == 1 { ",)" } else { ")" };
                writer.write_sequence("(", tuple.items(), close)
            }),
            Value::Dict(dict) => self.within(address(dict), "{...}", |writer| writer.write_pairs(&dict.to_pairs())),
            Value::Range(range) => self.push(&match range.step {
                1 => format!("range({}, {})", range.start, range.stop),
                step => format!("range({}, {}, {step})", range.start, range.stop),
            }),
            Value::Exception(exception) => {
                let shorthand = format!("{}(...)", exception.kind.name());
                self.within(address(exception), &shorthand, |writer| exception.write_call(writer))
            }
            Value::Object(object) => self.push(&object.repr()),
        }
    }

    /// Appends `open`, the `repr` of each element with commas between, and `close`.
    pub(crate) fn write_sequence(&mut self, open: &str, items: &[Value], close: &str) -> Result<()> {
        self.push(open)?;
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.push(", ")?;
            }
            self.write_repr(item)?;
        }
        self.push(close)
    }

    fn write_pairs(&mut self, pairs: &[(Value, Value)]) -> Result<()> {
        self.push("{")?;
        for (number, (key, value)) in pairs.iter().enumerate() {
            if number > 0 {
                self.push(", ")?;
            }
            self.write_repr(key)?;
            self.push(": ")?;
            self.write_repr(value)?;
        }
        self.push("}")
    }

    /// Shows what is inside of a container, or the shorthand where it is inside of itself.
    fn within(&mut self, address: usize, shorthand: &str, inside: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.open.contains(&address) {
            return self.push(shorthand);
        }
        if self.open.len() >= limits::DEPTH {
            return Err(recursion_error("maximum recursion depth exceeded while getting the repr of an object"));
        }
        self.open.push(address);
        let result = inside(self);
        self.open.pop();
        result
    }
}

/// A text as a literal: in single quotes, or in double ones where that saves an escape.
pub(crate) fn quote(text: &str) -> String {
    let mark = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(mark);
    for character in text.chars() {
        match character {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if character == mark => {
                quoted.push('\\');
                quoted.push(mark);
            }
            _ if is_printable(character) => quoted.push(character),
            _ => quoted.push_str(&escape(character)),
        }
    }
    quoted.push(mark);
    quoted
}

/// `repr` with everything beyond ASCII escaped: `ascii(value)`, the conversion `!a`.
pub(crate) fn ascii(value: &Value) -> Result<String> {
    let shown = repr(value)?;
    if shown.is_ascii() {
        return Ok(shown);
    }
    let mut text = String::new();
    for character in shown.chars() {
        if character.is_ascii() { text.push(character) } else { text.push_str(&escape(character)) }
    }
    limits::check_text(Some(text.len()))?;
    Ok(text)
}

fn escape(character: char) -> String {
    match u32::from(character) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// Whether `repr` shows a character as it is.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // The standard library's table of printable characters shows itself in this escaping, and there a combining mark is
    // left alone only behind another character.
    let mut buffer = [b'a'; 5];
    let length = 1 + character.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..length]).is_ok_and(|pair| pair.escape_debug().nth(1) == Some(character))
}

/// Whether Python's `strip` and `split` take a character for white space.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\x1c'..='\x1f').contains(&character)
}
