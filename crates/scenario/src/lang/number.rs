//! Numbers as Python writes them, and numbers that carry a unit of time.

use super::ast::Range;
use super::duration;
use super::error::{Parsed, SyntaxError, range};
use super::lexer::word_length;
use super::token::TokenKind;

/// A decimal number without sign, in its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal<'s> {
    /// The digits before the point, with their underscores.
    pub(super) whole: &'s str,
    /// The digits behind the point, where there is one.
    pub(super) fraction: Option<&'s str>,
    /// All of it, exponent included.
    pub(super) text: &'s str,
    /// The exponent with its `e`, where there is one.
    pub(super) exponent: Option<&'s str>,
}

impl Decimal<'_> {
    /// Reads the number that begins at this byte, without a unit.
    pub(super) fn read(source: &str, start: usize) -> Parsed<(Decimal<'_>, Range)> {
        let decimal = Decimal::split(&source[start..]);
        let at = range(start, start + decimal.text.len());
        if decimal.misplaced_underscore() {
            let title = "an underscore at the wrong place in a number";
            return Err(SyntaxError::new(at, title, "each must stand between two digits"));
        }
        Ok((decimal, at))
    }

    fn split(text: &str) -> Decimal<'_> {
        let whole = digits(text);
        let mut length = whole.len();
        let fraction = text[length..].strip_prefix('.').map(digits);
        length += fraction.map_or(0, |fraction| fraction.len() + 1);
        let exponent = exponent(&text[length..]);
        length += exponent.map_or(0, str::len);
        Decimal { whole, fraction, text: &text[..length], exponent }
    }

    /// Whether some underscore does not stand between two digits.
    fn misplaced_underscore(&self) -> bool {
        let digits_of_exponent = self.exponent.map(|text| text.trim_start_matches(['e', 'E', '+', '-']));
        [Some(self.whole), self.fraction, digits_of_exponent]
            .into_iter()
            .flatten()
            .any(|group| group.starts_with('_') || group.ends_with('_') || group.contains("__"))
    }
}

fn digits(text: &str) -> &str {
    &text[..text.find(|digit: char| digit != '_' && !digit.is_ascii_digit()).unwrap_or(text.len())]
}

/// `e5`, `E-5`: only where a digit follows, since `5em` is no number.
fn exponent(text: &str) -> Option<&str> {
    let behind = text.strip_prefix(['e', 'E'])?;
    let unsigned = behind.strip_prefix(['+', '-']).unwrap_or(behind);
    unsigned.starts_with(|digit: char| digit.is_ascii_digit()).then(|| {
        let length = text.len() - unsigned.len() + digits(unsigned).len();
        &text[..length]
    })
}

/// Reads the number, or the duration, that begins at this byte: the token, and its length.
pub(super) fn read(source: &str, start: usize) -> Parsed<(TokenKind, usize)> {
    let text = &source[start..];
    for (prefix, radix, name) in [("0x", 16, "hexadecimal"), ("0o", 8, "octal"), ("0b", 2, "binary")] {
        if text.get(..2).is_some_and(|begin| begin.eq_ignore_ascii_case(prefix)) {
            return prefixed(text, start, radix, name);
        }
    }
    let (decimal, at) = Decimal::read(source, start)?;
    let length = decimal.text.len();
    let behind = text[length..].chars().next();
    if behind.is_some_and(char::is_alphabetic) {
        let (duration, length) = duration::read(source, start)?;
        return Ok((TokenKind::Duration(duration), length));
    }
    if decimal.fraction.is_none() && decimal.exponent.is_none() {
        return Ok((TokenKind::Int(integer(decimal.whole, at)?), length));
    }
    let value = decimal.text.replace('_', "").parse();
    let value = value.map_err(|_| SyntaxError::new(at, "this is no number", "expected a number such as `0.5`"))?;
    Ok((TokenKind::Float(value), length))
}

fn integer(whole: &str, at: Range) -> Parsed<u64> {
    let significant = whole.trim_start_matches(['0', '_']);
    if whole.starts_with('0') && !significant.is_empty() {
        return Err(SyntaxError::new(at, "an integer with leading zeros", "Python does not allow them")
            .help("octal numbers begin with `0o`")
            .patch(at, significant));
    }
    from_digits(whole, 10, at)
}

fn prefixed(text: &str, start: usize, radix: u32, name: &str) -> Parsed<(TokenKind, usize)> {
    let length = 2 + word_length(&text[2..]);
    let at = range(start, start + length);
    let written = &text[2..length];
    let wrong = written.char_indices().find(|(_, digit)| *digit != '_' && !digit.is_digit(radix));
    if let Some((offset, digit)) = wrong {
        let begin = start + 2 + offset;
        let at = range(begin, begin + digit.len_utf8());
        return Err(SyntaxError::new(at, format!("`{digit}` is no {name} digit"), format!("in a {name} number")));
    }
    if written.is_empty() || written.ends_with('_') || written.contains("__") {
        return Err(SyntaxError::new(at, format!("an unfinished {name} number"), "digits are missing"));
    }
    Ok((TokenKind::Int(from_digits(written, radix, at)?), length))
}

/// The value of these digits, up to 2**63: whether that one is in range depends on the sign before it.
fn from_digits(written: &str, radix: u32, at: Range) -> Parsed<u64> {
    let mut digits = written.chars().filter_map(|digit| digit.to_digit(radix));
    let value =
        digits.try_fold(0_u64, |value, digit| value.checked_mul(u64::from(radix))?.checked_add(u64::from(digit)));
    value.filter(|value| *value <= i64::MIN.unsigned_abs()).ok_or_else(|| beyond_64_bits(at))
}

/// The error for an integer that does not fit.
pub(super) fn beyond_64_bits(at: Range) -> Box<SyntaxError> {
    SyntaxError::new(at, "an integer beyond 64 bits", "integers go from -2**63 to 2**63 - 1")
        .help("write it as a float, such as `1e20`, if it need not be exact")
}
