//! Division with Python's signs: the remainder takes the sign of the divisor.

use super::error::{beyond_64_bits, zero_division_error};
use super::number::Number;
use super::{Result, Value};

/// `a / b`, always a float.
pub(crate) fn true_divide(left: Number, right: Number) -> Result<f64> {
    match (left, right) {
        (Number::Int(_), Number::Int(0)) => Err(zero_division_error("division by zero")),
        (Number::Int(left), Number::Int(right)) => Ok(divide_ints(left, right)),
        _ if right.to_float() == 0.0 => Err(zero_division_error("float division by zero")),
        _ => Ok(left.to_float() / right.to_float()),
    }
}

/// The float nearest to the quotient of two ints, also where they are no floats themselves.
fn divide_ints(left: i64, right: i64) -> f64 {
    const EXACT: u64 = 1 << 53;
    let (numerator, denominator) = (left.unsigned_abs(), right.unsigned_abs());
    if numerator == 0 || (numerator <= EXACT && denominator <= EXACT) {
        return left as f64 / right as f64;
    }
    // Shifted to the top of 128 bits the quotient has at least 64 bits; a remainder sets the lowest one, so that the one
    // rounding, of the conversion, is to the right side. The scale is a power of two, and exact.
    let shift = 64 + numerator.leading_zeros();
    let shifted = u128::from(numerator) << shift;
    let quotient = shifted / u128::from(denominator);
    let sticky = u128::from(shifted % u128::from(denominator) != 0);
    let magnitude = (quotient | sticky) as f64 / (1_u128 << (shift - 1)) as f64 / 2.0;
    if (left < 0) == (right < 0) { magnitude } else { -magnitude }
}

/// `a // b`.
pub(crate) fn floor_divide(left: Number, right: Number) -> Result<Value> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => {
            int_floor_divide(left, right, "integer division or modulo by zero").map(Value::Int)
        }
        _ => float_divmod(left.to_float(), right.to_float(), "float floor division by zero")
            .map(|(quotient, _)| Value::Float(quotient)),
    }
}

/// `a % b` of numbers.
pub(crate) fn modulo(left: Number, right: Number) -> Result<Value> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => int_modulo(left, right, "integer modulo by zero").map(Value::Int),
        _ => float_divmod(left.to_float(), right.to_float(), "float modulo by zero")
            .map(|(_, remainder)| Value::Float(remainder)),
    }
}

/// `divmod(a, b)`.
pub(crate) fn divmod(left: Number, right: Number) -> Result<(Value, Value)> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => {
            let quotient = int_floor_divide(left, right, "integer division or modulo by zero")?;
            let remainder = int_modulo(left, right, "integer division or modulo by zero")?;
            Ok((Value::Int(quotient), Value::Int(remainder)))
        }
        _ => float_divmod(left.to_float(), right.to_float(), "float divmod()")
            .map(|(quotient, remainder)| (Value::Float(quotient), Value::Float(remainder))),
    }
}

#[inline]
fn int_floor_divide(left: i64, right: i64, by_zero: &'static str) -> Result<i64> {
    if right == 0 {
        return Err(zero_division_error(by_zero));
    }
    let quotient = left.checked_div(right).ok_or_else(beyond_64_bits)?;
    Ok(if left % right != 0 && (left < 0) != (right < 0) { quotient - 1 } else { quotient })
}

#[inline]
fn int_modulo(left: i64, right: i64, by_zero: &'static str) -> Result<i64> {
    if right == 0 {
        return Err(zero_division_error(by_zero));
    }
    // The smallest int modulo -1 is 0, though its quotient would not fit.
    let remainder = left.wrapping_rem(right);
    Ok(if remainder != 0 && (remainder < 0) != (right < 0) { remainder + right } else { remainder })
}

/// Quotient and remainder of floats, as CPython finds them (Objects/floatobject.c, `_float_div_mod`): from the exact
/// remainder, which `%` of Rust gives as C's `fmod` does, so that the two always fit each other.
fn float_divmod(left: f64, right: f64, by_zero: &'static str) -> Result<(f64, f64)> {
    if right == 0.0 {
        return Err(zero_division_error(by_zero));
    }
    let mut remainder = left % right;
    let mut quotient = (left - remainder) / right;
    if remainder == 0.0 {
        remainder = 0.0_f64.copysign(right);
    } else if (remainder < 0.0) != (right < 0.0) {
        remainder += right;
        quotient -= 1.0;
    }
    let floored = if quotient == 0.0 {
        0.0_f64.copysign(left / right)
    } else {
        // The division may have been inexact by less than a half: the nearest integer is meant.
        let below = quotient.floor();
        if quotient - below > 0.5 { below + 1.0 } else { below }
    };
    Ok((floored, remainder))
}
