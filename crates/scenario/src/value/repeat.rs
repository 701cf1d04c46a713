//! `+` and `*` of sequences.

use super::error::{type_error, unsupported};
use super::number::as_int;
use super::{Result, Value, limits};

/// `left + right` where they are no numbers.
pub(crate) fn concatenate(left: &Value, right: &Value) -> Result<Value> {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => {
            limits::check_text(left.len().checked_add(right.len()))?;
            let mut text = String::with_capacity(left.len() + right.len());
            text.push_str(left);
            text.push_str(right);
            Ok(Value::text(text))
        }
        (Value::List(left), Value::List(right)) => joined(&left.items(), &right.items()).map(Value::list),
        (Value::Tuple(left), Value::Tuple(right)) => joined(left.items(), right.items()).map(Value::tuple),
        (Value::Str(_) | Value::List(_) | Value::Tuple(_), _) => {
            let (kind, other) = (left.type_name(), right.type_name());
            Err(type_error(format!("can only concatenate {kind} (not \"{other}\") to {kind}")))
        }
        _ => Err(unsupported("+", left, right)),
    }
}

fn joined(left: &[Value], right: &[Value]) -> Result<Vec<Value>> {
    limits::check_elements(left.len().checked_add(right.len()))?;
    Ok([left, right].concat())
}

/// `left * right` where they are not both numbers.
pub(crate) fn repeat(left: &Value, right: &Value) -> Result<Value> {
    match (is_sequence(left), is_sequence(right)) {
        (true, _) => repeat_sequence(left, right),
        (false, true) => repeat_sequence(right, left),
        (false, false) => Err(unsupported("*", left, right)),
    }
}

fn is_sequence(value: &Value) -> bool {
    matches!(value, Value::Str(_) | Value::List(_) | Value::Tuple(_))
}

fn repeat_sequence(sequence: &Value, times: &Value) -> Result<Value> {
    let Some(times) = as_int(times) else {
        return Err(type_error(format!("can't multiply sequence by non-int of type '{}'", times.type_name())));
    };
    // A negative number of times is none.
    let times = usize::try_from(times).unwrap_or(0);
    match sequence {
        Value::Str(text) => {
            limits::check_text(text.len().checked_mul(times))?;
            Ok(Value::text(text.repeat(times)))
        }
        Value::List(list) => repeated(&list.items(), times).map(Value::list),
        Value::Tuple(tuple) => repeated(tuple.items(), times).map(Value::tuple),
        _ => Err(unsupported("*", sequence, &Value::None)),
    }
}

fn repeated(items: &[Value], times: usize) -> Result<Vec<Value>> {
    let count = items.len().checked_mul(times);
    limits::check_elements(count)?;
    Ok(items.iter().cycle().take(count.unwrap_or(0)).cloned().collect())
}
