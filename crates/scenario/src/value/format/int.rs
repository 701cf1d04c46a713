//! Ints and bools.

use super::super::Result;
use super::super::error::{overflow_error, value_error};
use super::field::{Field, Sense, digits_width, group, pad, sign};
use super::float::format_float;
use super::spec::Spec;
use super::unknown_code;

/// Formats an int; `kind` is the type's name, for messages.
pub(super) fn format_int(number: i64, kind: &str, spec: &Spec) -> Result<String> {
    match spec.code {
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => format_float(number as f64, kind, spec),
        None | Some('b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') => {
            if spec.precision.is_some() {
                return Err(value_error("Precision not allowed in integer format specifier"));
            }
            if spec.no_negative_zero {
                return Err(value_error("Negative zero coercion (z) not allowed in integer format specifier"));
            }
            if spec.code == Some('c') { format_character(number, spec) } else { format_digits(number, spec) }
        }
        code => Err(unknown_code(code, kind)),
    }
}

fn format_character(number: i64, spec: &Spec) -> Result<String> {
    if spec.sign.is_some() {
        return Err(value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let code = u32::try_from(number).ok().filter(|code| *code < 0x11_0000);
    let code = code.ok_or_else(|| overflow_error("%c arg not in range(0x110000)"))?;
    let character = char::from_u32(code).ok_or_else(|| value_error("a surrogate is no character of a text here"))?;
    pad(&Field { sign: "", prefix: "", body: character.encode_utf8(&mut [0; 4]) }, spec)
}

fn format_digits(number: i64, spec: &Spec) -> Result<String> {
    let magnitude = number.unsigned_abs();
    let (digits, prefix, size) = match spec.code {
        Some('b') => (format!("{magnitude:b}"), "0b", 4),
        Some('o') => (format!("{magnitude:o}"), "0o", 4),
        Some('x') => (format!("{magnitude:x}"), "0x", 4),
        Some('X') => (format!("{magnitude:X}"), "0X", 4),
        _ => (magnitude.to_string(), "", 3),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let sign = sign(if number < 0 { Sense::Negative } else { Sense::Positive }, spec);
    let digits = match spec.grouping {
        Some(separator) => group(&digits, separator, size, digits_width(spec, sign.len() + prefix.len())),
        None => digits,
    };
    pad(&Field { sign, prefix, body: &digits }, spec)
}
