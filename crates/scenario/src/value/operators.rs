//! The operators of arithmetic.

use super::divide::{floor_divide, modulo, true_divide};
use super::error::{beyond_64_bits, type_error, unsupported, value_error};
use super::number::{Number, as_int};
use super::power::power;
use super::repeat::{concatenate, repeat};
use super::{Dict, Result, Value};
use crate::lang::ast::{BinaryOp, UnaryOp};

/// `left operator right`.
#[inline]
pub(crate) fn binary(operator: BinaryOp, left: &Value, right: &Value) -> Result<Value> {
    if let (Value::Int(a), Value::Int(b)) = (left, right) {
        if let Some(result) = integers(operator, *a, *b) {
            return Ok(Value::Int(result));
        }
    } else if let (Value::Float(a), Value::Float(b)) = (left, right) {
        match operator {
            BinaryOp::Add => return Ok(Value::Float(a + b)),
            BinaryOp::Sub => return Ok(Value::Float(a - b)),
            BinaryOp::Mul => return Ok(Value::Float(a * b)),
            _ => {}
        }
    }
    binary_any(operator, left, right)
}

/// The sum, difference or product of two ints, if that is asked for and has 64 bits.
#[inline]
pub(crate) fn integers(operator: BinaryOp, left: i64, right: i64) -> Option<i64> {
    match operator {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Sub => left.checked_sub(right),
        BinaryOp::Mul => left.checked_mul(right),
        _ => None,
    }
}

#[inline(never)]
fn binary_any(operator: BinaryOp, left: &Value, right: &Value) -> Result<Value> {
    match operator {
        BinaryOp::Pow => power(left, right),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => bitwise(operator, left, right),
        BinaryOp::ShiftLeft | BinaryOp::ShiftRight => shift(operator, left, right),
        _ => match (Number::of(left), Number::of(right)) {
            (Some(left), Some(right)) => arithmetic(operator, left, right),
            _ => other(operator, left, right),
        },
    }
}

/// `+ - * / // %` of numbers.
fn arithmetic(operator: BinaryOp, left: Number, right: Number) -> Result<Value> {
    match operator {
        BinaryOp::Div => true_divide(left, right).map(Value::Float),
        BinaryOp::FloorDiv => floor_divide(left, right),
        BinaryOp::Mod => modulo(left, right),
        _ => match (left, right) {
            (Number::Int(left), Number::Int(right)) => {
                let result = match operator {
                    BinaryOp::Add => left.checked_add(right),
                    BinaryOp::Sub => left.checked_sub(right),
                    _ => left.checked_mul(right),
                };
                result.map(Value::Int).ok_or_else(beyond_64_bits)
            }
            _ => {
                let (left, right) = (left.to_float(), right.to_float());
                Ok(Value::Float(match operator {
                    BinaryOp::Add => left + right,
                    BinaryOp::Sub => left - right,
                    _ => left * right,
                }))
            }
        },
    }
}

/// `+ - * / // %` where one side is no number.
fn other(operator: BinaryOp, left: &Value, right: &Value) -> Result<Value> {
    match operator {
        BinaryOp::Add => concatenate(left, right),
        BinaryOp::Mul => repeat(left, right),
        BinaryOp::Mod if matches!(left, Value::Str(_)) => {
            Err(type_error("% on a str is not supported: write a text with {..} in it"))
        }
        _ => Err(unsupported(symbol(operator), left, right)),
    }
}

fn symbol(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "** or pow()",
        BinaryOp::And => "&",
        BinaryOp::Or => "|",
        BinaryOp::Xor => "^",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
    }
}

fn bitwise(operator: BinaryOp, left: &Value, right: &Value) -> Result<Value> {
    if let (Value::Bool(left), Value::Bool(right)) = (left, right) {
        return Ok(Value::Bool(match operator {
            BinaryOp::And => left & right,
            BinaryOp::Or => left | right,
            _ => left ^ right,
        }));
    }
    if let (Some(left), Some(right)) = (as_int(left), as_int(right)) {
        return Ok(Value::Int(match operator {
            BinaryOp::And => left & right,
            BinaryOp::Or => left | right,
            _ => left ^ right,
        }));
    }
    match (operator, left, right) {
        (BinaryOp::Or, Value::Dict(left), Value::Dict(right)) => {
            let pairs = left.to_pairs().into_iter().chain(right.to_pairs());
            Ok(Value::Dict(std::rc::Rc::new(Dict::from_pairs(pairs)?)))
        }
        _ => Err(unsupported(symbol(operator), left, right)),
    }
}

fn shift(operator: BinaryOp, left: &Value, right: &Value) -> Result<Value> {
    let (Some(number), Some(count)) = (as_int(left), as_int(right)) else {
        return Err(unsupported(symbol(operator), left, right));
    };
    if count < 0 {
        return Err(value_error("negative shift count"));
    }
    if operator == BinaryOp::ShiftRight {
        // What is shifted out entirely leaves the sign.
        return Ok(Value::Int(number >> count.min(63)));
    }
    if number == 0 {
        return Ok(Value::Int(0));
    }
    // Beyond 62 no number but -1 stays within 64 bits; shifting back shows whether anything was lost.
    let shifted = if count < 64 { number << count } else { 0 };
    if count < 64 && shifted >> count == number { Ok(Value::Int(shifted)) } else { Err(beyond_64_bits()) }
}

/// `operator value`.
#[inline]
pub(crate) fn unary(operator: UnaryOp, value: &Value) -> Result<Value> {
    if operator == UnaryOp::Not {
        return Ok(Value::Bool(!value.is_true()));
    }
    match (operator, Number::of(value)) {
        (UnaryOp::Negative, Some(Number::Int(number))) => {
            number.checked_neg().map(Value::Int).ok_or_else(beyond_64_bits)
        }
        (UnaryOp::Negative, Some(Number::Float(number))) => Ok(Value::Float(-number)),
        (UnaryOp::Positive, Some(Number::Int(number))) => Ok(Value::Int(number)),
        (UnaryOp::Positive, Some(Number::Float(number))) => Ok(Value::Float(number)),
        (UnaryOp::Invert, Some(Number::Int(number))) => Ok(Value::Int(!number)),
        _ => Err(bad_operand(operator, value)),
    }
}

#[cold]
fn bad_operand(operator: UnaryOp, value: &Value) -> std::rc::Rc<super::Exception> {
    let symbol = match operator {
        UnaryOp::Negative => "-",
        UnaryOp::Positive => "+",
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not",
    };
    type_error(format!("bad operand type for unary {symbol}: '{}'", value.type_name()))
}
