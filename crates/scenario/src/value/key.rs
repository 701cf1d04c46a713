//! The keys of dicts: values that are equal have keys that are equal, so that `d[1]`, `d[1.0]` and `d[True]` are one entry.

use std::rc::Rc;

use super::error::{memory_error, recursion_error, type_error};
use super::identity::address;
use super::number::exact_int;
use super::{Result, Value, limits};

/// A value as a key: ordered by its own order, never shown. An order by address finds an entry and decides nothing else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    None,
    Int(i64),
    /// The bits of a float that is no integer.
    Float(u64),
    Str(Rc<str>),
    Tuple(Vec<Key>),
    Range(u64, i64, i64),
    /// What is equal only to itself.
    Identity(usize),
}

impl Key {
    /// The key of a value; a TypeError where it holds what may change.
    #[inline]
    pub(crate) fn new(value: &Value) -> Result<Key> {
        match value {
            Value::Int(number) => Ok(Key::Int(*number)),
            Value::Str(text) => Ok(Key::Str(text.clone())),
            _ => Key::nested(value, 0, &mut 0),
        }
    }

    /// A tuple that holds one tuple many times is small in memory and large as a key: hence the count.
    fn nested(value: &Value, depth: usize, visited: &mut usize) -> Result<Key> {
        *visited += 1;
        if depth > limits::DEPTH {
            return Err(recursion_error("maximum recursion depth exceeded"));
        }
        if *visited > limits::ELEMENTS {
            return Err(memory_error("a key of a dict has too many elements"));
        }
        match value {
            Value::None => Ok(Key::None),
            Value::Bool(flag) => Ok(Key::Int(i64::from(*flag))),
            Value::Int(number) => Ok(Key::Int(*number)),
            Value::Float(number) => Ok(exact_int(*number).map_or(Key::Float(number.to_bits()), Key::Int)),
            Value::Str(text) => Ok(Key::Str(text.clone())),
            Value::Tuple(tuple) => {
                let keys = tuple.items().iter().map(|item| Key::nested(item, depth + 1, visited));
                keys.collect::<Result<Vec<Key>>>().map(Key::Tuple)
            }
            Value::Range(range) => {
                let (length, start, step) = range.canonical();
                Ok(Key::Range(length, start, step))
            }
            Value::Exception(exception) => Ok(Key::Identity(address(exception))),
            Value::Object(object) => Ok(Key::Identity(address(object))),
            Value::List(_) | Value::Dict(_) => Err(type_error(format!("unhashable type: '{}'", value.type_name()))),
        }
    }
}
