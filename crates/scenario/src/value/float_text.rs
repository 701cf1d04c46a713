//! Decimal digits of floats, exactly.

/// The most significant digits that a float's exact value has, and more than its places behind the point (1074).
const MOST_DIGITS: usize = 1100;

/// The digits of a positive finite float or zero: `0.d1d2d3... * 10**point`.
pub(crate) struct Digits {
    /// At least one digit.
    pub(crate) digits: String,
    /// Where the decimal point stands, counted from before the first digit.
    pub(crate) point: i32,
}

/// The fewest digits that name this float and no other.
pub(crate) fn shortest(number: f64) -> Digits {
    let shortest = from_scientific(&format!("{number:e}"));
    // Of two such names equally far from the exact value Rust takes the upper one and CPython the even one. Only names of
    // so many digits stand close enough to each other.
    if shortest.digits.len() >= 15 {
        let text = format!("{number:.precision$e}", precision = shortest.digits.len() - 1);
        if text.parse() == Ok(number) {
            return from_scientific(&text);
        }
    }
    shortest
}

/// So many significant digits, at least one, rounded half to even from the exact value.
pub(crate) fn significant(number: f64, count: usize) -> Digits {
    // Rust's formatting is exact, and rounds an exact half to even.
    let precision = count.clamp(1, MOST_DIGITS) - 1;
    from_scientific(&format!("{number:.precision$e}"))
}

/// So many places behind the point, rounded half to even from the exact value: `12.50`.
pub(crate) fn fixed(number: f64, places: usize) -> String {
    let exact = places.min(MOST_DIGITS);
    let mut text = format!("{number:.exact$}");
    text.extend(std::iter::repeat_n('0', places - exact));
    text
}

fn from_scientific(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().expect("Rust writes a decimal exponent");
    Digits { digits, point: exponent + 1 }
}

/// `repr` of a float: the fewest digits, as `0.1`, `1e+16`, `1e-05`, `inf`, `nan`.
pub(crate) fn repr_float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}inf");
    }
    let Digits { digits, point } = shortest(number.abs());
    if digits == "0" {
        return format!("{sign}0.0");
    }
    if !(-3..=16).contains(&point) {
        return format!("{sign}{}", scientific(&digits, point - 1, "e"));
    }
    let count = digits.len() as i32;
    let body = if point <= 0 {
        format!("0.{}{digits}", "0".repeat(-point as usize))
    } else if point >= count {
        format!("{digits}{}.0", "0".repeat((point - count) as usize))
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        format!("{whole}.{fraction}")
    };
    format!("{sign}{body}")
}

/// `1.5e+16`: digits, and an exponent of at least two figures.
pub(crate) fn scientific(digits: &str, exponent: i32, letter: &str) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.unsigned_abs())
}
