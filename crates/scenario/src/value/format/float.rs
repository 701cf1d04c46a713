//! Floats.

use super::super::Result;
use super::super::float_text::{Digits, fixed, scientific, shortest, significant};
use super::field::{Field, Sense, digits_width, group, pad, sign};
use super::spec::Spec;
use super::unknown_code;

/// Formats a float; `kind` is the type's name, for messages.
pub(super) fn format_float(number: f64, kind: &str, spec: &Spec) -> Result<String> {
    let code = match spec.code {
        None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => spec.code,
        code => return Err(unknown_code(code, kind)),
    };
    let scaled = if code == Some('%') { number * 100.0 } else { number };
    let mut body = if scaled.is_finite() { finite(scaled.abs(), code, spec) } else { not_finite(scaled).to_owned() };
    let is_zero =
        !body.chars().take_while(|character| *character != 'e').any(|character| matches!(character, '1'..='9'));
    let is_negative =
        scaled.is_sign_negative() && !scaled.is_nan() && !(spec.no_negative_zero && is_zero && scaled.is_finite());
    let sign = sign(if is_negative { Sense::Negative } else { Sense::Positive }, spec);
    if code == Some('%') {
        body.push('%');
    }
    if let Some(separator) = spec.grouping {
        let (whole, rest) =
            body.split_at(body.find(|character: char| !character.is_ascii_digit()).unwrap_or(body.len()));
        let width = digits_width(spec, sign.len() + rest.len());
        if !whole.is_empty() {
            body = group(whole, separator, 3, width) + rest;
        }
    }
    if matches!(code, Some('E' | 'F' | 'G')) {
        body.make_ascii_uppercase();
    }
    pad(&Field { sign, prefix: "", body: &body }, spec)
}

fn not_finite(number: f64) -> &'static str {
    if number.is_nan() { "nan" } else { "inf" }
}

/// The digits of a finite number without its sign.
fn finite(number: f64, code: Option<char>, spec: &Spec) -> String {
    match (code, spec.precision) {
        (Some('e' | 'E'), precision) => with_exponent(number, precision.unwrap_or(6), spec),
        (Some('f' | 'F' | '%'), precision) => {
            let mut text = fixed(number, precision.unwrap_or(6));
            if spec.alternate && !text.contains('.') {
                text.push('.');
            }
            text
        }
        // Without a type, a number without a precision is shown as `repr` does.
        (None, None) => general(&shortest(number), 17, Form { least_places: 1, exponent_above: 16 }, spec),
        (code, precision) => {
            let precision = precision.unwrap_or(6).max(1);
            let form = match code {
                // Without a type there is always a digit behind the point.
                None => Form { least_places: 1, exponent_above: precision as i32 - 1 },
                Some(_) => Form { least_places: 0, exponent_above: precision as i32 },
            };
            general(&significant(number, precision), precision, form, spec)
        }
    }
}

fn with_exponent(number: f64, precision: usize, spec: &Spec) -> String {
    let Digits { mut digits, point } = significant(number, precision + 1);
    digits.extend(std::iter::repeat_n('0', (precision + 1).saturating_sub(digits.len())));
    let text = scientific(&digits, if number == 0.0 { 0 } else { point - 1 }, "e");
    if spec.alternate && precision == 0 { text.replacen('e', ".e", 1) } else { text }
}

/// How the general form is laid out.
struct Form {
    /// Digits that always stand behind the point, where there is no exponent.
    least_places: usize,
    /// The exponent is shown where the point stands further right than this.
    exponent_above: i32,
}

/// The form of `g` and of `repr`: an exponent only where the number is very large or small, no zeros at the end.
fn general(number: &Digits, precision: usize, form: Form, spec: &Spec) -> String {
    let trimmed = number.digits.trim_end_matches('0');
    let is_zero = trimmed.is_empty();
    let mut digits = if is_zero { "0".to_owned() } else { trimmed.to_owned() };
    let point = if is_zero { 1 } else { number.point };
    let keeps_zeros = spec.alternate && (spec.code.is_some() || spec.precision.is_some());
    if keeps_zeros {
        digits.extend(std::iter::repeat_n('0', precision.saturating_sub(digits.len())));
    }
    if point <= -4 || point > form.exponent_above {
        let text = scientific(&digits, point - 1, "e");
        return if spec.alternate && digits.len() == 1 { text.replacen('e', ".e", 1) } else { text };
    }
    let (mut whole, mut places) = if point <= 0 {
        let zeros = "0".repeat(point.unsigned_abs() as usize);
        // The zeros before the first digit do not count as digits of the precision.
        ("0".to_owned(), zeros + &digits)
    } else {
        let point = point as usize;
        digits.extend(std::iter::repeat_n('0', point.saturating_sub(digits.len())));
        let places = digits.split_off(point);
        (digits, places)
    };
    places.extend(std::iter::repeat_n('0', form.least_places.saturating_sub(places.len())));
    if !places.is_empty() || spec.alternate {
        whole.push('.');
    }
    whole + &places
}
