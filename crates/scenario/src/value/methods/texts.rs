//! Methods of texts. Positions count code points.

use std::rc::Rc;

use super::super::arguments::{Arguments, Arity, integer};
use super::super::error::{type_error, value_error};
use super::super::sequence::count_characters;
use super::super::text::is_space;
use super::super::{Result, Value, iterate, limits};
use super::search::{self, Affix, Side};
use super::{Body, Method};

/// The method of a text.
pub(super) fn find(method: Method) -> Option<(Arity, Body<Rc<str>>)> {
    Some(match method {
        Method::Capitalize => (Arity::exactly(0), |text, _| Ok(Value::text(capitalize(text)))),
        Method::Center => (Arity::between(1, 2), |text, arguments| justify(text, Place::Center, arguments)),
        Method::Count => (Arity::between(1, 3), search::count),
        Method::EndsWith => (Arity::between(1, 3), |text, arguments| search::affix(text, Affix::End, arguments)),
        Method::Find => (Arity::between(1, 3), |text, arguments| search::find(text, Side::Left, arguments)),
        Method::Index => (Arity::between(1, 3), search::index),
        Method::IsDigit => (Arity::exactly(0), |text, _| {
            Ok(Value::Bool(!text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit())))
        }),
        Method::Join => (Arity::exactly(1), join),
        Method::LeftJustify => (Arity::between(1, 2), |text, arguments| justify(text, Place::Left, arguments)),
        Method::LeftStrip => (Arity::between(0, 1), |text, arguments| strip(text, &[Side::Left], arguments)),
        Method::Lower => (Arity::exactly(0), |text, _| bounded(text.to_lowercase())),
        Method::Replace => (Arity::between(2, 3).with_names(&["count"]), search::replace),
        Method::RightFind => (Arity::between(1, 3), |text, arguments| search::find(text, Side::Right, arguments)),
        Method::RightJustify => (Arity::between(1, 2), |text, arguments| justify(text, Place::Right, arguments)),
        Method::RightSplit => (Arity::between(0, 2).with_names(&["sep", "maxsplit"]), |text, arguments| {
            split(text, Side::Right, arguments)
        }),
        Method::RightStrip => (Arity::between(0, 1), |text, arguments| strip(text, &[Side::Right], arguments)),
        Method::Split => (Arity::between(0, 2).with_names(&["sep", "maxsplit"]), |text, arguments| {
            split(text, Side::Left, arguments)
        }),
        Method::StartsWith => (Arity::between(1, 3), |text, arguments| search::affix(text, Affix::Start, arguments)),
        Method::Strip => (Arity::between(0, 1), |text, arguments| strip(text, &[Side::Left, Side::Right], arguments)),
        Method::Title => (Arity::exactly(0), |text, _| bounded(title(text))),
        Method::Upper => (Arity::exactly(0), |text, _| bounded(text.to_uppercase())),
        Method::ZeroFill => (Arity::exactly(1), zero_fill),
        _ => return None,
    })
}

/// Where a text stands in its field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Left,
    Center,
    Right,
}

fn bounded(text: String) -> Result<Value> {
    limits::check_text(Some(text.len()))?;
    Ok(Value::text(text))
}

/// The first character in title case and the rest in lower case.
fn capitalize(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    if let Some(first) = source.chars().next() {
        push_title(first, &mut text);
        // A sigma at the end of a word has a form of its own, so the whole is lowered with the first character in place.
        text.extend(source.to_lowercase().chars().skip(first.to_lowercase().count()));
    }
    text
}

/// Appends a character's title case: the first of its upper case and the rest lowered. (Four ligatures of Croatian have a
/// title case of their own in Python, which the standard library does not know.)
fn push_title(character: char, text: &mut String) {
    let mut upper = character.to_uppercase();
    text.extend(upper.next());
    text.extend(upper.flat_map(char::to_lowercase));
}

fn title(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let lower = source.to_lowercase();
    let mut lowered = lower.chars();
    let mut in_word = false;
    for character in source.chars() {
        let own = lowered.by_ref().take(character.to_lowercase().count());
        if in_word {
            text.extend(own);
        } else {
            own.for_each(drop);
            push_title(character, &mut text);
        }
        in_word = character.is_uppercase() || character.is_lowercase();
    }
    text
}

fn justify(text: &str, place: Place, arguments: &Arguments<'_>) -> Result<Value> {
    let width = usize::try_from(integer(arguments.required(0)?)?).unwrap_or(0);
    let fill = match arguments.get(1) {
        None => ' ',
        Some(Value::Str(fill)) => {
            let mut characters = fill.chars();
            match (characters.next(), characters.next()) {
                (Some(fill), None) => fill,
                _ => return Err(type_error("The fill character must be exactly one character long")),
            }
        }
        Some(other) => {
            let kind = other.type_name();
            return Err(type_error(format!("The fill character must be a unicode character, not {kind}")));
        }
    };
    let padding = width.saturating_sub(count_characters(text));
    limits::check_text(padding.checked_mul(fill.len_utf8()).and_then(|bytes| bytes.checked_add(text.len())))?;
    let left = match place {
        Place::Left => 0,
        Place::Right => padding,
        // Of an odd padding the one more stands left where the width is odd: as CPython's `center` has it.
        Place::Center => padding / 2 + (padding & width & 1),
    };
    let mut result: String = std::iter::repeat_n(fill, left).collect();
    result.push_str(text);
    result.extend(std::iter::repeat_n(fill, padding - left));
    Ok(Value::text(result))
}

fn zero_fill(text: &Rc<str>, arguments: &Arguments<'_>) -> Result<Value> {
    let width = usize::try_from(integer(arguments.required(0)?)?).unwrap_or(0);
    let padding = width.saturating_sub(count_characters(text));
    limits::check_text(padding.checked_add(text.len()))?;
    // A sign stays in front.
    let (sign, digits) = text.split_at(usize::from(text.starts_with(['+', '-'])));
    Ok(Value::text(format!("{sign}{}{digits}", "0".repeat(padding))))
}

fn strip(text: &Rc<str>, sides: &[Side], arguments: &Arguments<'_>) -> Result<Value> {
    let set: Option<&str> = match arguments.get(0) {
        None | Some(Value::None) => None,
        Some(Value::Str(set)) => Some(set),
        Some(_) => return Err(type_error(format!("{} arg must be None or str", arguments.function))),
    };
    let is_stripped = |character: char| set.map_or_else(|| is_space(character), |set| set.contains(character));
    let mut rest: &str = text;
    for side in sides {
        rest = match side {
            Side::Left => rest.trim_start_matches(is_stripped),
            Side::Right => rest.trim_end_matches(is_stripped),
        };
    }
    Ok(if rest.len() == text.len() { Value::Str(text.clone()) } else { Value::text(rest) })
}

fn split(text: &Rc<str>, from: Side, arguments: &Arguments<'_>) -> Result<Value> {
    let most = arguments.either(1, "maxsplit")?.map_or(Ok(-1), integer)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let separator = match arguments.either(0, "sep")? {
        None | Some(Value::None) => None,
        Some(Value::Str(separator)) if separator.is_empty() => return Err(value_error("empty separator")),
        Some(Value::Str(separator)) => Some(separator),
        Some(other) => return Err(type_error(format!("must be str or None, not {}", other.type_name()))),
    };
    // One part more than an operation may make shows that there are too many.
    let most = most.min(limits::ELEMENTS);
    let parts: Vec<&str> = match (separator, from) {
        (Some(separator), Side::Left) => text.splitn(most + 1, &**separator).collect(),
        (Some(separator), Side::Right) => text.rsplitn(most + 1, &**separator).collect(),
        (None, _) => split_spaces(text, from, most),
    };
    limits::check_elements(Some(parts.len()))?;
    let mut parts: Vec<Value> = parts.into_iter().map(Value::text).collect();
    if from == Side::Right {
        parts.reverse();
    }
    Ok(Value::list(parts))
}

/// The words between white space, in the order in which they are found; what is left after the last cut is one of them.
fn split_spaces(text: &str, from: Side, most: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = match from {
            Side::Left => rest.trim_start_matches(is_space),
            Side::Right => rest.trim_end_matches(is_space),
        };
        if rest.is_empty() {
            return words;
        }
        let cut = match from {
            _ if words.len() >= most => None,
            Side::Left => rest.find(is_space).map(|end| rest.split_at(end)),
            Side::Right => rest.char_indices().rfind(|(_, character)| is_space(*character)).map(|(at, space)| {
                let (before, word) = rest.split_at(at + space.len_utf8());
                (word, before)
            }),
        };
        let Some((word, others)) = cut else {
            words.push(rest);
            return words;
        };
        words.push(word);
        rest = others;
    }
}

fn join(separator: &Rc<str>, arguments: &Arguments<'_>) -> Result<Value> {
    let mut items = iterate(arguments.required(0)?).map_err(|_| type_error("can only join an iterable"))?;
    let mut text = String::new();
    let mut number = 0;
    while let Some(item) = items.next()? {
        let Value::Str(part) = &item else {
            let kind = item.type_name();
            return Err(type_error(format!("sequence item {number}: expected str instance, {kind} found")));
        };
        limits::check_text(Some(text.len() + separator.len() + part.len()))?;
        if number > 0 {
            text.push_str(separator);
        }
        text.push_str(part);
        number += 1;
    }
    Ok(Value::text(text))
}
