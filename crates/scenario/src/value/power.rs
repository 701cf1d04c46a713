//! `**` and `pow`.

use std::rc::Rc;

use super::error::{beyond_64_bits, type_error, unsupported, value_error, zero_division_error};
use super::number::{Number, as_int};
use super::precise::{broken_power, whole_power};
use super::{Exception, ExceptionKind, Result, Value};

/// `base ** exponent`.
pub(crate) fn power(base: &Value, exponent: &Value) -> Result<Value> {
    match (Number::of(base), Number::of(exponent)) {
        (Some(Number::Int(base)), Some(Number::Int(exponent))) if exponent >= 0 => {
            int_power(base, exponent.unsigned_abs()).map(Value::Int)
        }
        (Some(base), Some(exponent)) => float_power(base.to_float(), exponent.to_float()).map(Value::Float),
        _ => Err(unsupported("** or pow()", base, exponent)),
    }
}

fn int_power(base: i64, exponent: u64) -> Result<i64> {
    match base {
        0 | 1 => Ok(if exponent == 0 { 1 } else { base }),
        -1 => Ok(if exponent.is_multiple_of(2) { 1 } else { -1 }),
        _ => u32::try_from(exponent).ok().and_then(|exponent| base.checked_pow(exponent)).ok_or_else(beyond_64_bits),
    }
}

/// Python would answer a negative base and a broken exponent with a complex number, which this language does not have.
fn float_power(base: f64, exponent: f64) -> Result<f64> {
    if base == 0.0 && exponent < 0.0 {
        return Err(zero_division_error("0.0 cannot be raised to a negative power"));
    }
    let is_finite = base.is_finite() && exponent.is_finite();
    if is_finite && base < 0.0 && exponent.trunc() != exponent {
        return Err(value_error(
            "a negative number to a fractional power is complex, and there are no complex numbers here",
        ));
    }
    let result = if base == 1.0 || exponent == 0.0 {
        1.0
    } else if !is_finite || base == 0.0 {
        // Zeros, infinities and NaN, on which every platform agrees.
        base.powf(exponent)
    } else {
        let is_whole = exponent.trunc() == exponent;
        let magnitude = match exponent {
            0.5 => base.sqrt(),
            _ if is_whole && exponent.abs() <= 1024.0 => whole_power(base.abs(), exponent as i32),
            _ => broken_power(base.abs(), exponent),
        };
        if base < 0.0 && exponent % 2.0 != 0.0 { -magnitude } else { magnitude }
    };
    if is_finite && result.is_infinite() {
        return Err(out_of_range());
    }
    Ok(result)
}

#[cold]
fn out_of_range() -> Rc<Exception> {
    let arguments = vec![Value::Int(34), Value::text("Numerical result out of range")];
    Rc::new(Exception::new(ExceptionKind::OverflowError, arguments))
}

/// `pow(base, exponent, modulus)`, of ints alone.
pub(crate) fn power_modulo(base: &Value, exponent: &Value, modulus: &Value) -> Result<Value> {
    let (Some(base), Some(exponent), Some(modulus)) = (as_int(base), as_int(exponent), as_int(modulus)) else {
        return Err(type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    };
    if modulus == 0 {
        return Err(value_error("pow() 3rd argument cannot be 0"));
    }
    let size = i128::from(modulus).abs();
    let mut square = i128::from(base).rem_euclid(size);
    if exponent < 0 {
        square =
            inverse_modulo(square, size).ok_or_else(|| value_error("base is not invertible for the given modulus"))?;
    }
    let mut result = 1 % size;
    let mut remaining = exponent.unsigned_abs();
    while remaining > 0 {
        if remaining % 2 == 1 {
            result = result * square % size;
        }
        square = square * square % size;
        remaining /= 2;
    }
    // The result takes the sign of the modulus.
    let signed = if modulus < 0 && result != 0 { result - size } else { result };
    i64::try_from(signed).map(Value::Int).map_err(|_| beyond_64_bits())
}

/// The number that multiplied by `number` leaves 1, by Euclid's extended algorithm.
fn inverse_modulo(number: i128, modulus: i128) -> Option<i128> {
    let (mut remainder, mut next_remainder) = (modulus, number);
    let (mut factor, mut next_factor) = (0, 1);
    while next_remainder != 0 {
        let quotient = remainder / next_remainder;
        (remainder, next_remainder) = (next_remainder, remainder - quotient * next_remainder);
        (factor, next_factor) = (next_factor, factor - quotient * next_factor);
    }
    (remainder == 1).then(|| factor.rem_euclid(modulus))
}
