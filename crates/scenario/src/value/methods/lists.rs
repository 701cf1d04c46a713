//! Methods of lists and tuples.

use std::rc::Rc;

use super::super::arguments::{Arguments, Arity, integer};
use super::super::builtins::direction;
use super::super::compare::is_found;
use super::super::error::{index_error, value_error};
use super::super::sort::sort;
use super::super::{List, Result, Tuple, Value, collect, limits, text};
use super::positions::bounds;
use super::{Body, Method};

/// The method of a list.
pub(super) fn find(method: Method) -> Option<(Arity, Body<Rc<List>>)> {
    Some(match method {
        Method::Append => (Arity::exactly(1), append),
        Method::Clear => (Arity::exactly(0), clear),
        Method::Copy => (Arity::exactly(0), copy),
        Method::Count => (Arity::exactly(1), |list, arguments| count(&list.items(), arguments)),
        Method::Extend => (Arity::exactly(1), extend),
        Method::Index => (Arity::between(1, 3), index),
        Method::Insert => (Arity::exactly(2), insert),
        Method::Pop => (Arity::between(0, 1), pop),
        Method::Remove => (Arity::exactly(1), remove),
        Method::Reverse => (Arity::exactly(0), reverse),
        Method::Sort => (Arity::exactly(0).with_names(&["reverse"]), sort_list),
        _ => return None,
    })
}

/// The method of a tuple.
pub(super) fn find_of_tuple(method: Method) -> Option<(Arity, Body<Rc<Tuple>>)> {
    Some(match method {
        Method::Count => (Arity::exactly(1), |tuple, arguments| count(tuple.items(), arguments)),
        Method::Index => (Arity::between(1, 3), |tuple, arguments| {
            position(tuple.items(), arguments)?
                .map(|position| Value::Int(position as i64))
                .ok_or_else(|| value_error("tuple.index(x): x not in tuple"))
        }),
        _ => return None,
    })
}

fn append(list: &Rc<List>, arguments: &Arguments<'_>) -> Result<Value> {
    list.push(arguments.required(0)?.clone());
    Ok(Value::None)
}

fn clear(list: &Rc<List>, _: &Arguments<'_>) -> Result<Value> {
    list.replace(Vec::new());
    Ok(Value::None)
}

fn copy(list: &Rc<List>, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::list(list.to_vec()))
}

fn count(items: &[Value], arguments: &Arguments<'_>) -> Result<Value> {
    let wanted = arguments.required(0)?;
    let mut count = 0;
    for item in items {
        count += i64::from(is_found(item, wanted)?);
    }
    Ok(Value::Int(count))
}

fn extend(list: &Rc<List>, arguments: &Arguments<'_>) -> Result<Value> {
    let items = collect(arguments.required(0)?)?;
    limits::check_elements(list.len().checked_add(items.len()))?;
    list.extend(items);
    Ok(Value::None)
}

fn position(items: &[Value], arguments: &Arguments<'_>) -> Result<Option<usize>> {
    let wanted = arguments.required(0)?;
    let (start, end) = bounds(arguments.get(1), arguments.get(2), items.len())?;
    for (position, item) in items.iter().enumerate().take(end).skip(start) {
        if is_found(item, wanted)? {
            return Ok(Some(position));
        }
    }
    Ok(None)
}

fn index(list: &Rc<List>, arguments: &Arguments<'_>) -> Result<Value> {
    match position(&list.items(), arguments)? {
        Some(position) => Ok(Value::Int(position as i64)),
        None => Err(value_error(format!("{} is not in list", text::repr(arguments.required(0)?)?))),
    }
}

fn insert(list: &Rc<List>, arguments: &Arguments<'_>) -> Result<Value> {
    let position = integer(arguments.required(0)?)?;
    // A negative position counts from the end, and stops at the beginning.
    let length = list.len() as i64;
    let position = if position < 0 { (position.saturating_add(length)).max(0) } else { position.min(length) };
    list.insert(position as usize, arguments.required(1)?.clone());
    Ok(Value::None)
}

fn pop(list: &Rc<List>, arguments: &Arguments<'_>) -> Result<Value> {
    let position = arguments.get(0).map_or(Ok(-1), integer)?;
    if list.is_empty() {
        return Err(index_error("pop from empty list"));
    }
    let length = list.len() as i64;
    let position = if position < 0 { position.saturating_add(length) } else { position };
    let popped = usize::try_from(position).ok().and_then(|position| list.remove(position));
    popped.ok_or_else(|| index_error("pop index out of range"))
}

fn remove(list: &Rc<List>, arguments: &Arguments<'_>) -> Result<Value> {
    let found = position(&list.items(), &Arguments { positional: &arguments.positional[..1], ..*arguments })?;
    let removed = found.and_then(|position| list.remove(position));
    removed.map(|_| Value::None).ok_or_else(|| value_error("list.remove(x): x not in list"))
}

fn reverse(list: &Rc<List>, _: &Arguments<'_>) -> Result<Value> {
    list.reverse();
    Ok(Value::None)
}

fn sort_list(list: &Rc<List>, arguments: &Arguments<'_>) -> Result<Value> {
    let mut items = list.to_vec();
    sort(&mut items, direction(arguments))?;
    list.replace(items);
    Ok(Value::None)
}
