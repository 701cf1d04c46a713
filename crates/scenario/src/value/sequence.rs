//! `len`, and elements by index.

use super::error::{index_error, key_error, overflow_error, type_error};
use super::number::as_int;
use super::{Result, Value};

/// `len(value)`.
pub(crate) fn length(value: &Value) -> Result<usize> {
    let length = match value {
        Value::Str(text) => Some(count_characters(text)),
        Value::List(list) => Some(list.len()),
        Value::Tuple(tuple) => Some(tuple.items().len()),
        Value::Dict(dict) => Some(dict.len()),
        Value::Range(range) => match i64::try_from(range.length()) {
            Ok(length) => usize::try_from(length).ok(),
            Err(_) => return Err(overflow_error("Python int too large to convert to C ssize_t")),
        },
        Value::Object(object) => object.len(),
        _ => None,
    };
    length.ok_or_else(|| type_error(format!("object of type '{}' has no len()", value.type_name())))
}

/// How many code points a text has.
pub(crate) fn count_characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// `value[index]`.
pub(crate) fn index(value: &Value, index: &Value) -> Result<Value> {
    match value {
        Value::List(list) => {
            let items = list.items();
            let position = position(index, items.len() as u64, "list", "list index out of range")?;
            Ok(items[position as usize].clone())
        }
        Value::Tuple(tuple) => {
            let items = tuple.items();
            let position = position(index, items.len() as u64, "tuple", "tuple index out of range")?;
            Ok(items[position as usize].clone())
        }
        Value::Dict(dict) => dict.get(index)?.ok_or_else(|| key_error(index)),
        Value::Str(text) => {
            if as_int(index).is_none() {
                return Err(type_error(format!("string indices must be integers, not '{}'", index.type_name())));
            }
            let position = position(index, count_characters(text) as u64, "string", "string index out of range")?;
            character_at(text, position as usize)
        }
        Value::Range(range) => {
            let position = position(index, range.length(), "range", "range object index out of range")?;
            range.get(position).map(Value::Int).ok_or_else(|| index_error("range object index out of range"))
        }
        _ => Err(type_error(format!("'{}' object is not subscriptable", value.type_name()))),
    }
}

fn character_at(text: &str, position: usize) -> Result<Value> {
    let found = if text.is_ascii() { text.get(position..=position) } else { None };
    match found {
        Some(character) => Ok(Value::text(character)),
        None => {
            let character = text.chars().nth(position).ok_or_else(|| index_error("string index out of range"))?;
            Ok(Value::text(character.to_string()))
        }
    }
}

/// An index as a position from 0; a negative one counts from the end.
fn position(index: &Value, length: u64, kind: &str, out_of_range: &'static str) -> Result<u64> {
    let Some(index) = as_int(index) else {
        let found = index.type_name();
        return Err(type_error(format!("{kind} indices must be integers or slices, not {found}")));
    };
    let position = if index < 0 { i128::from(index) + i128::from(length) } else { i128::from(index) };
    match u64::try_from(position) {
        Ok(position) if position < length => Ok(position),
        _ => Err(index_error(out_of_range)),
    }
}

/// `value[index] = item`.
pub(crate) fn set_index(value: &Value, index: &Value, item: Value) -> Result<()> {
    match value {
        Value::List(list) => {
            let position = position(index, list.len() as u64, "list", "list assignment index out of range")?;
            list.set(position as usize, item).map(drop).map_err(|_| index_error("list assignment index out of range"))
        }
        Value::Dict(dict) => dict.set(index.clone(), item),
        _ => Err(type_error(format!("'{}' object does not support item assignment", value.type_name()))),
    }
}
