//! Functions of numbers.

use super::super::arguments::{Arguments, integer};
use super::super::error::{beyond_64_bits, overflow_error, type_error, unsupported, value_error};
use super::super::float_text::{fixed, significant};
use super::super::number::{Number, exact_int};
use super::super::power::{power, power_modulo};
use super::super::{Result, Value, divide};

pub(super) fn abs(arguments: &Arguments<'_>) -> Result<Value> {
    let value = arguments.required(0)?;
    match Number::of(value) {
        Some(Number::Int(number)) => number.checked_abs().map(Value::Int).ok_or_else(beyond_64_bits),
        Some(Number::Float(number)) => Ok(Value::Float(number.abs())),
        None => Err(type_error(format!("bad operand type for abs(): '{}'", value.type_name()))),
    }
}

pub(super) fn bin(arguments: &Arguments<'_>) -> Result<Value> {
    let number = integer(arguments.required(0)?)?;
    Ok(Value::text(format!("{}0b{:b}", if number < 0 { "-" } else { "" }, number.unsigned_abs())))
}

pub(super) fn hex(arguments: &Arguments<'_>) -> Result<Value> {
    let number = integer(arguments.required(0)?)?;
    Ok(Value::text(format!("{}0x{:x}", if number < 0 { "-" } else { "" }, number.unsigned_abs())))
}

pub(super) fn divmod(arguments: &Arguments<'_>) -> Result<Value> {
    let (left, right) = (arguments.required(0)?, arguments.required(1)?);
    match (Number::of(left), Number::of(right)) {
        (Some(left), Some(right)) => {
            let (quotient, remainder) = divide::divmod(left, right)?;
            Ok(Value::tuple(vec![quotient, remainder]))
        }
        _ => Err(unsupported("divmod()", left, right)),
    }
}

pub(super) fn pow(arguments: &Arguments<'_>) -> Result<Value> {
    let (base, exponent) = (arguments.required(0)?, arguments.required(1)?);
    match arguments.get(2) {
        None | Some(Value::None) => power(base, exponent),
        Some(modulus) => power_modulo(base, exponent, modulus),
    }
}

pub(super) fn seconds(arguments: &Arguments<'_>) -> Result<Value> {
    duration(arguments).map(Value::Float)
}

pub(super) fn milliseconds(arguments: &Arguments<'_>) -> Result<Value> {
    duration(arguments).map(|milliseconds| Value::Float(milliseconds / 1000.0))
}

fn duration(arguments: &Arguments<'_>) -> Result<f64> {
    let value = arguments.required(0)?;
    Number::of(value).map(Number::to_float).ok_or_else(|| {
        type_error(format!("{}() argument must be a number, not '{}'", arguments.function, value.type_name()))
    })
}

pub(super) fn round(arguments: &Arguments<'_>) -> Result<Value> {
    let value = arguments.required(0)?;
    let digits = match arguments.either(1, "ndigits")? {
        None | Some(Value::None) => None,
        Some(digits) => Some(integer(digits)?),
    };
    match (Number::of(value), digits) {
        (Some(Number::Int(number)), digits) => round_int(number, digits.unwrap_or(0)).map(Value::Int),
        (Some(Number::Float(number)), None) => float_to_int(number.round_ties_even()).map(Value::Int),
        (Some(Number::Float(number)), Some(digits)) => round_float(number, digits).map(Value::Float),
        (None, _) => Err(type_error(format!("type {} doesn't define __round__ method", value.type_name()))),
    }
}

/// An int to a power of ten, half to even.
fn round_int(number: i64, digits: i64) -> Result<i64> {
    if digits >= 0 {
        return Ok(number);
    }
    if digits < -19 {
        return Ok(0);
    }
    let unit = 10_i128.pow(digits.unsigned_abs() as u32);
    let number = i128::from(number);
    let (quotient, remainder) = (number.div_euclid(unit), number.rem_euclid(unit));
    let up = remainder * 2 > unit || (remainder * 2 == unit && quotient % 2 != 0);
    i64::try_from((quotient + i128::from(up)) * unit).map_err(|_| beyond_64_bits())
}

/// A float to so many places, from its exact value, half to even: as CPython does, by way of the decimal digits.
fn round_float(number: f64, digits: i64) -> Result<f64> {
    if !number.is_finite() || number == 0.0 || digits > 330 {
        return Ok(number);
    }
    if digits < -330 {
        return Ok(0.0_f64.copysign(number));
    }
    let magnitude = number.abs();
    let rounded: f64 = if digits >= 0 {
        parse(&fixed(magnitude, digits as usize))
    } else {
        // The digits before the place that is rounded to: one digit at the place before the first is 0 or 1.
        let point = i64::from(significant(magnitude, 1100).point);
        match point + digits {
            count @ 1.. => {
                let kept = significant(magnitude, count as usize);
                parse(&format!("0.{}e{}", kept.digits, kept.point))
            }
            0 if magnitude > parse(&format!("5e{}", point - 1)) => parse(&format!("1e{point}")),
            _ => 0.0,
        }
    };
    if rounded.is_infinite() {
        return Err(overflow_error("rounded value too large to represent"));
    }
    Ok(rounded.copysign(number))
}

fn parse(digits: &str) -> f64 {
    digits.parse().expect("made of digits, a point and an exponent")
}

/// The int that a whole float is.
pub(super) fn float_to_int(number: f64) -> Result<i64> {
    if number.is_nan() {
        return Err(value_error("cannot convert float NaN to integer"));
    }
    if number.is_infinite() {
        return Err(overflow_error("cannot convert float infinity to integer"));
    }
    exact_int(number).ok_or_else(beyond_64_bits)
}
