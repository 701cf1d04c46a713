//! Laying a formatted value out in its field: sign, prefix, padding, groups of digits.

use super::super::{Result, limits};
use super::spec::{Sign, Spec};

/// What is to be laid out.
pub(super) struct Field<'a> {
    /// `-`, `+`, a space or nothing.
    pub(super) sign: &'a str,
    /// `0x` and its like.
    pub(super) prefix: &'a str,
    /// The rest.
    pub(super) body: &'a str,
}

/// The sign that is shown.
pub(super) fn sign(negative: Sense, spec: &Spec) -> &'static str {
    match (negative, spec.sign) {
        (Sense::Negative, _) => "-",
        (Sense::Positive, Some(Sign::Always)) => "+",
        (Sense::Positive, Some(Sign::Space)) => " ",
        (Sense::Positive, _) => "",
    }
}

/// Which side of zero a number is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Positive,
    Negative,
}

/// The field, filled up to its width.
pub(super) fn pad(field: &Field<'_>, spec: &Spec) -> Result<String> {
    let length = field.sign.len() + field.prefix.len() + field.body.chars().count();
    let padding = spec.width.saturating_sub(length);
    let bytes = field.body.len().checked_add(padding * spec.fill.len_utf8());
    limits::check_text(bytes)?;
    let (left, inner, right) = match spec.align {
        '<' => (0, 0, padding),
        '^' => (padding / 2, 0, padding - padding / 2),
        '=' => (0, padding, 0),
        _ => (padding, 0, 0),
    };
    let fill = |count: usize| std::iter::repeat_n(spec.fill, count);
    let mut text = String::with_capacity(bytes.unwrap_or(0) + field.sign.len() + field.prefix.len());
    text.extend(fill(left));
    text.push_str(field.sign);
    text.push_str(field.prefix);
    text.extend(fill(inner));
    text.push_str(field.body);
    text.extend(fill(right));
    Ok(text)
}

/// Digits in groups from the right, with zeros before them until they are so wide, separators included.
pub(super) fn group(digits: &str, separator: char, size: usize, width: usize) -> String {
    let mut reversed = Vec::with_capacity(digits.len().max(width) * 4 / 3 + 1);
    let mut remaining = digits.chars().rev();
    let mut next = remaining.next();
    let mut in_group = 0;
    // A separator never comes first: where it would, one zero more stands before it.
    while next.is_some() || reversed.len() < width || reversed.is_empty() {
        if in_group == size {
            reversed.push(separator);
            in_group = 0;
        }
        reversed.push(next.unwrap_or('0'));
        in_group += 1;
        next = remaining.next();
    }
    reversed.into_iter().rev().collect()
}

/// How wide the digits must be made with zeros, where the padding is part of the number: `{x:010,}`.
pub(super) fn digits_width(spec: &Spec, others: usize) -> usize {
    if spec.fill == '0' && spec.align == '=' { spec.width.saturating_sub(others) } else { 0 }
}
