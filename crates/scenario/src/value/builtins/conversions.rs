//! Functions that turn one type into another.

use std::rc::Rc;

use super::super::arguments::{Arguments, integer};
use super::super::error::{beyond_64_bits, type_error, value_error};
use super::super::methods::pairs_of;
use super::super::number::Number;
use super::super::sequence::count_characters;
use super::super::{Dict, Result, Value, text};
use super::numbers::float_to_int;

pub(super) fn bool(arguments: &Arguments<'_>) -> Result<Value> {
    Ok(Value::Bool(arguments.get(0).is_some_and(Value::is_true)))
}

pub(super) fn str(arguments: &Arguments<'_>) -> Result<Value> {
    match arguments.get(0) {
        None => Ok(Value::text("")),
        Some(Value::Str(own)) => Ok(Value::Str(own.clone())),
        Some(value) => text::str(value).map(Value::text),
    }
}

pub(super) fn repr(arguments: &Arguments<'_>) -> Result<Value> {
    text::repr(arguments.required(0)?).map(Value::text)
}

pub(super) fn ascii(arguments: &Arguments<'_>) -> Result<Value> {
    text::ascii(arguments.required(0)?).map(Value::text)
}

pub(super) fn format(arguments: &Arguments<'_>) -> Result<Value> {
    let spec = match arguments.get(1) {
        None => "",
        Some(Value::Str(spec)) => spec,
        Some(other) => {
            return Err(type_error(format!("format() argument 2 must be str, not {}", other.type_name())));
        }
    };
    let mut formatted = String::new();
    super::super::format(arguments.required(0)?, spec, &mut formatted)?;
    Ok(Value::text(formatted))
}

pub(super) fn int(arguments: &Arguments<'_>) -> Result<Value> {
    match (arguments.get(0), arguments.either(1, "base")?) {
        (None, None) => Ok(Value::Int(0)),
        (None, Some(_)) => Err(type_error("int() missing string argument")),
        (Some(Value::Str(text)), base) => parse_int(text, base.map_or(Ok(10), integer)?).map(Value::Int),
        (Some(_), Some(_)) => Err(type_error("int() can't convert non-string with explicit base")),
        (Some(value), None) => match Number::of(value) {
            Some(Number::Int(number)) => Ok(Value::Int(number)),
            Some(Number::Float(number)) => float_to_int(number.trunc()).map(Value::Int),
            None => Err(type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                value.type_name()
            ))),
        },
    }
}

fn parse_int(source: &str, base: i64) -> Result<i64> {
    let invalid = || value_error(format!("invalid literal for int() with base {base}: {}", text::quote(source)));
    if base != 0 && !(2..=36).contains(&base) {
        return Err(value_error("int() base must be >= 2 and <= 36, or 0"));
    }
    let trimmed = source.trim_matches(text::is_space);
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let (radix, digits) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") if base == 0 || base == 16 => (16, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        Some("0o") if base == 0 || base == 8 => (8, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        Some("0b") if base == 0 || base == 2 => (2, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        // In base 0 a number that begins with 0 must be 0: 010 could mean two things.
        _ if base == 0 && digits.starts_with('0') && digits.contains(|digit| matches!(digit, '1'..='9')) => {
            return Err(invalid());
        }
        _ if base == 0 => (10, digits),
        _ => (base as u32, digits),
    };
    let plain = without_underscores(digits, |digit| digit.is_digit(radix)).ok_or_else(invalid)?;
    if plain.is_empty() || !plain.chars().all(|digit| digit.is_digit(radix)) {
        return Err(invalid());
    }
    let signed = if negative { format!("-{plain}") } else { plain };
    i64::from_str_radix(&signed, radix).map_err(|_| beyond_64_bits())
}

/// Digits without the underscores between them; none where an underscore stands elsewhere.
fn without_underscores(digits: &str, is_digit: impl Fn(char) -> bool) -> Option<String> {
    let mut plain = String::with_capacity(digits.len());
    let mut previous = None;
    let mut characters = digits.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '_' {
            plain.push(character);
        } else if !previous.is_some_and(&is_digit) || !characters.peek().copied().is_some_and(&is_digit) {
            return None;
        }
        previous = Some(character);
    }
    Some(plain)
}

pub(super) fn float(arguments: &Arguments<'_>) -> Result<Value> {
    match arguments.get(0) {
        None => Ok(Value::Float(0.0)),
        Some(Value::Str(text)) => parse_float(text).map(Value::Float),
        Some(value) => match Number::of(value) {
            Some(number) => Ok(Value::Float(number.to_float())),
            None => Err(type_error(format!(
                "float() argument must be a string or a real number, not '{}'",
                value.type_name()
            ))),
        },
    }
}

/// Rust reads what Python reads, the words `inf` and `nan` included, but for spaces around and underscores inside.
fn parse_float(source: &str) -> Result<f64> {
    let trimmed = source.trim_matches(text::is_space);
    without_underscores(trimmed, |digit| digit.is_ascii_digit())
        .and_then(|plain| plain.parse().ok())
        .ok_or_else(|| value_error(format!("could not convert string to float: {}", text::quote(source))))
}

pub(super) fn chr(arguments: &Arguments<'_>) -> Result<Value> {
    let code = integer(arguments.required(0)?)?;
    let code = u32::try_from(code).ok().filter(|code| *code < 0x11_0000);
    let code = code.ok_or_else(|| value_error("chr() arg not in range(0x110000)"))?;
    let character = char::from_u32(code).ok_or_else(|| value_error("a surrogate is no character of a text here"))?;
    Ok(Value::text(character.to_string()))
}

pub(super) fn ord(arguments: &Arguments<'_>) -> Result<Value> {
    let value = arguments.required(0)?;
    let Value::Str(text) = value else {
        let kind = value.type_name();
        return Err(type_error(format!("ord() expected string of length 1, but {kind} found")));
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(Value::Int(i64::from(u32::from(character)))),
        _ => Err(type_error(format!(
            "ord() expected a character, but string of length {} found",
            count_characters(text)
        ))),
    }
}

pub(super) fn dict(arguments: &Arguments<'_>) -> Result<Value> {
    let dict = match arguments.get(0) {
        None => Dict::new(),
        Some(source) => Dict::from_pairs(pairs_of(source)?)?,
    };
    for (name, value) in arguments.named {
        dict.set(Value::Str(name.clone()), value.clone())?;
    }
    Ok(Value::Dict(Rc::new(dict)))
}
