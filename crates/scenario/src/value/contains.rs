//! `in`.

use super::compare::is_found;
use super::error::type_error;
use super::number::exact_int;
use super::{Result, Value};

/// Whether a container holds a value: an element, a key of a dict, a part of a text.
pub(crate) fn contains(container: &Value, wanted: &Value) -> Result<bool> {
    match container {
        Value::List(list) => any_found(&list.items(), wanted),
        Value::Tuple(tuple) => any_found(tuple.items(), wanted),
        Value::Dict(dict) => dict.get(wanted).map(|value| value.is_some()),
        Value::Str(text) => match wanted {
            Value::Str(part) => Ok(text.contains(&**part)),
            _ => Err(type_error(format!("'in <string>' requires string as left operand, not {}", wanted.type_name()))),
        },
        Value::Range(range) => {
            let integer = match wanted {
                Value::Int(number) => Some(*number),
                Value::Bool(flag) => Some(i64::from(*flag)),
                Value::Float(number) => exact_int(*number),
                _ => None,
            };
            Ok(integer.is_some_and(|integer| range.position(integer).is_some()))
        }
        _ => Err(type_error(format!("argument of type '{}' is not iterable", container.type_name()))),
    }
}

fn any_found(items: &[Value], wanted: &Value) -> Result<bool> {
    for item in items {
        if is_found(item, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}
