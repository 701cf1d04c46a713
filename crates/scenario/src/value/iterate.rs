//! Iteration.

use std::rc::Rc;

use super::error::{runtime_error, type_error, value_error};
use super::{Dict, List, Range, Result, Tuple, Value, limits};

/// An iteration under way. A list is followed as it changes, as Python's list iterator does.
#[derive(Clone)]
pub(crate) struct Iter {
    source: Source,
    /// How far it has come: elements, bytes of a text, places of a dict.
    position: usize,
}

#[derive(Clone)]
enum Source {
    List(Rc<List>),
    Tuple(Rc<Tuple>),
    Str(Rc<str>),
    /// A dict, and how many entries it had at the beginning.
    Dict(Rc<Dict>, usize),
    Range(Rc<Range>),
    /// An iteration that came to its end stays there, whatever is appended then.
    Finished,
}

/// Begins an iteration; a TypeError where the value has nothing to iterate.
pub(crate) fn iterate(value: &Value) -> Result<Iter> {
    let source = match value {
        Value::List(list) => Source::List(list.clone()),
        Value::Tuple(tuple) => Source::Tuple(tuple.clone()),
        Value::Str(text) => Source::Str(text.clone()),
        Value::Dict(dict) => Source::Dict(dict.clone(), dict.len()),
        Value::Range(range) => Source::Range(range.clone()),
        _ => return Err(type_error(format!("'{}' object is not iterable", value.type_name()))),
    };
    Ok(Iter { source, position: 0 })
}

impl Iter {
    /// The next element; none at the end. A RuntimeError where a dict has grown or shrunk meanwhile.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Value>> {
        let found = match &self.source {
            Source::List(list) => list.get(self.position),
            Source::Tuple(tuple) => tuple.items().get(self.position).cloned(),
            Source::Range(range) => range.get(self.position as u64).map(Value::Int),
            Source::Str(text) => match text[self.position..].chars().next() {
                None => None,
                Some(character) => {
                    // One less than its bytes: every source moves on by one below.
                    self.position += character.len_utf8() - 1;
                    Some(Value::text(character.encode_utf8(&mut [0; 4]) as &str))
                }
            },
            Source::Dict(dict, size) => {
                if dict.len() != *size {
                    self.source = Source::Finished;
                    return Err(runtime_error("dictionary changed size during iteration"));
                }
                dict.entry_from(self.position).map(|(key, _, behind)| {
                    self.position = behind - 1;
                    key
                })
            }
            Source::Finished => None,
        };
        self.position += 1;
        if found.is_none() {
            self.source = Source::Finished;
        }
        Ok(found)
    }
}

/// Every element of an iterable; a MemoryError where there are too many.
pub(crate) fn collect(value: &Value) -> Result<Vec<Value>> {
    match value {
        Value::List(list) => return Ok(list.to_vec()),
        Value::Tuple(tuple) => return Ok(tuple.items().to_vec()),
        Value::Range(range) => limits::check_elements(usize::try_from(range.length()).ok())?,
        Value::Str(text) if text.len() > limits::ELEMENTS => limits::check_elements(Some(text.chars().count()))?,
        _ => {}
    }
    let mut iterator = iterate(value)?;
    let mut items = Vec::new();
    while let Some(item) = iterator.next()? {
        items.push(item);
    }
    Ok(items)
}

/// Appends the elements of an iterable that is to have exactly `expected` of them: `a, b = value`.
#[inline]
pub(crate) fn unpack(value: &Value, expected: usize, into: &mut Vec<Value>) -> Result<()> {
    if let Value::Tuple(tuple) = value
        && tuple.items().len() == expected
    {
        into.extend_from_slice(tuple.items());
        return Ok(());
    }
    unpack_any(value, expected, into)
}

#[inline(never)]
fn unpack_any(value: &Value, expected: usize, into: &mut Vec<Value>) -> Result<()> {
    let mut iterator =
        iterate(value).map_err(|_| type_error(format!("cannot unpack non-iterable {} object", value.type_name())))?;
    for got in 0..expected {
        match iterator.next()? {
            Some(item) => into.push(item),
            None => {
                return Err(value_error(format!("not enough values to unpack (expected {expected}, got {got})")));
            }
        }
    }
    match iterator.next()? {
        None => Ok(()),
        Some(_) => Err(value_error(format!("too many values to unpack (expected {expected})"))),
    }
}
