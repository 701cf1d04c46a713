//! Numbers: what counts as one, and exact passages between int and float.

use std::cmp::Ordering;

use super::Value;

/// 2**63, the first float beyond every int.
const BEYOND_INT: f64 = 9_223_372_036_854_775_808.0;

/// A value as the operators see it: a bool is an int.
#[derive(Clone, Copy)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// The number that a value is, if it is one.
    #[inline]
    pub(crate) fn of(value: &Value) -> Option<Number> {
        match value {
            Value::Int(number) => Some(Number::Int(*number)),
            Value::Float(number) => Some(Number::Float(*number)),
            Value::Bool(flag) => Some(Number::Int(i64::from(*flag))),
            _ => None,
        }
    }

    /// The nearest float.
    #[inline]
    pub(crate) fn to_float(self) -> f64 {
        match self {
            Number::Int(number) => number as f64,
            Number::Float(number) => number,
        }
    }
}

/// The int that a value is where an int is asked for: ints and bools.
#[inline]
pub(crate) fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(flag) => Some(i64::from(*flag)),
        _ => None,
    }
}

/// The int that a float is equal to, if there is one of 64 bits.
pub(crate) fn exact_int(number: f64) -> Option<i64> {
    (number.trunc() == number && (-BEYOND_INT..BEYOND_INT).contains(&number)).then_some(number as i64)
}

/// An int against a float, by their exact values: `2**53 + 1 > 2.0**53`, though both are one float. None for NaN.
pub(crate) fn compare_int_float(int: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float >= BEYOND_INT {
        return Some(Ordering::Less);
    }
    if float < -BEYOND_INT {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    // Equal whole parts leave the fraction to decide, which is 0 for the int.
    Some(int.cmp(&(whole as i64)).then_with(|| 0.0_f64.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal)))
}

/// Two numbers by their exact values; None where one is NaN.
#[inline]
pub(crate) fn compare_numbers(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right),
        (Number::Int(left), Number::Float(right)) => compare_int_float(left, right),
        (Number::Float(left), Number::Int(right)) => compare_int_float(right, left).map(Ordering::reverse),
    }
}
