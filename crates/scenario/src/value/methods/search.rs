//! Searching in texts, and what follows from it.

use std::rc::Rc;

use super::super::arguments::{Arguments, integer};
use super::super::error::{type_error, value_error};
use super::super::sequence::count_characters;
use super::super::{Result, Value, limits};
use super::positions::bounds;

/// From which end something is searched or cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Which end of a text is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Affix {
    Start,
    End,
}

/// An argument that must be a text.
fn text_argument<'a>(arguments: &Arguments<'a>, position: usize) -> Result<&'a Rc<str>> {
    match arguments.required(position)? {
        Value::Str(text) => Ok(text),
        other => {
            let (function, number, kind) = (arguments.function, position + 1, other.type_name());
            Err(type_error(format!("{function}() argument {number} must be str, not {kind}")))
        }
    }
}

/// `replace`.
pub(super) fn replace(text: &Rc<str>, arguments: &Arguments<'_>) -> Result<Value> {
    let (old, new) = (text_argument(arguments, 0)?, text_argument(arguments, 1)?);
    let most = arguments.either(2, "count")?.map_or(Ok(-1), integer)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let found = text.matches(&**old).take(most).count();
    let grown = found.checked_mul(new.len()).and_then(|bytes| bytes.checked_add(text.len()));
    limits::check_text(grown)?;
    Ok(Value::text(text.replacen(&**old, new, most)))
}

/// The part of a text between `start` and `end`, and how many code points stand before it; none where it starts behind
/// the end.
fn part<'a>(text: &'a str, arguments: &Arguments<'_>) -> Result<Option<(&'a str, usize)>> {
    if arguments.positional.len() < 2 {
        return Ok(Some((text, 0)));
    }
    let length = count_characters(text);
    let (start, end) = bounds(arguments.get(1), arguments.get(2), length)?;
    if start > end {
        return Ok(None);
    }
    let byte = |position: usize| text.char_indices().nth(position).map_or(text.len(), |(byte, _)| byte);
    Ok(Some((&text[byte(start)..byte(end)], start)))
}

fn position(text: &str, from: Side, arguments: &Arguments<'_>) -> Result<Option<usize>> {
    let wanted = text_argument(arguments, 0)?;
    let Some((part, before)) = part(text, arguments)? else { return Ok(None) };
    let byte = match from {
        Side::Left => part.find(&**wanted),
        Side::Right => part.rfind(&**wanted),
    };
    Ok(byte.map(|byte| before + count_characters(&part[..byte])))
}

/// `find` and `rfind`: -1 where there is nothing.
pub(super) fn find(text: &str, from: Side, arguments: &Arguments<'_>) -> Result<Value> {
    Ok(Value::Int(position(text, from, arguments)?.map_or(-1, |position| position as i64)))
}

/// `index`: a ValueError where there is nothing.
pub(super) fn index(text: &Rc<str>, arguments: &Arguments<'_>) -> Result<Value> {
    match position(text, Side::Left, arguments)? {
        Some(position) => Ok(Value::Int(position as i64)),
        None => Err(value_error("substring not found")),
    }
}

/// `count`: of parts that do not overlap.
pub(super) fn count(text: &Rc<str>, arguments: &Arguments<'_>) -> Result<Value> {
    let wanted = text_argument(arguments, 0)?;
    let count = part(text, arguments)?.map_or(0, |(part, _)| part.matches(&**wanted).count());
    Ok(Value::Int(count as i64))
}

/// `startswith` and `endswith`, of one text or any of a tuple of them.
pub(super) fn affix(text: &Rc<str>, affix: Affix, arguments: &Arguments<'_>) -> Result<Value> {
    let function = arguments.function;
    let one;
    let candidates = match arguments.required(0)? {
        Value::Tuple(tuple) => tuple.items(),
        value => {
            one = [value.clone()];
            &one
        }
    };
    let part = part(text, arguments)?;
    for candidate in candidates {
        let Value::Str(candidate) = candidate else {
            let kind = candidate.type_name();
            return Err(type_error(match arguments.required(0)? {
                Value::Tuple(_) => format!("tuple for {function} must only contain str, not {kind}"),
                _ => format!("{function} first arg must be str or a tuple of str, not {kind}"),
            }));
        };
        let found = part.is_some_and(|(part, _)| match affix {
            Affix::Start => part.starts_with(&**candidate),
            Affix::End => part.ends_with(&**candidate),
        });
        if found {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}
