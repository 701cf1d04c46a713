//! Methods of dicts. `keys`, `values` and `items` give lists: what a program does with Python's views, short of seeing
//! later changes through them, it can do with these.

use std::rc::Rc;

use super::super::arguments::{Arguments, Arity};
use super::super::error::{key_error, type_error, value_error};
use super::super::{Dict, Result, Value, collect, iterate};
use super::{Body, Method};

/// The method of a dict.
pub(super) fn find(method: Method) -> Option<(Arity, Body<Rc<Dict>>)> {
    Some(match method {
        Method::Clear => (Arity::exactly(0), clear),
        Method::Copy => (Arity::exactly(0), copy),
        Method::Get => (Arity::between(1, 2), get),
        Method::Items => (Arity::exactly(0), items),
        Method::Keys => (Arity::exactly(0), keys),
        Method::Pop => (Arity::between(1, 2), pop),
        Method::SetDefault => (Arity::between(1, 2), set_default),
        Method::Update => (Arity::between(0, 1).with_any_name(), update),
        Method::Values => (Arity::exactly(0), values),
        _ => return None,
    })
}

fn clear(dict: &Rc<Dict>, _: &Arguments<'_>) -> Result<Value> {
    dict.clear();
    Ok(Value::None)
}

fn copy(dict: &Rc<Dict>, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::Dict(Rc::new(Dict::from_pairs(dict.to_pairs())?)))
}

fn get(dict: &Rc<Dict>, arguments: &Arguments<'_>) -> Result<Value> {
    let found = dict.get(arguments.required(0)?)?;
    Ok(found.or_else(|| arguments.get(1).cloned()).unwrap_or(Value::None))
}

fn items(dict: &Rc<Dict>, _: &Arguments<'_>) -> Result<Value> {
    let pairs = dict.to_pairs().into_iter().map(|(key, value)| Value::tuple(vec![key, value]));
    Ok(Value::list(pairs.collect()))
}

fn keys(dict: &Rc<Dict>, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::list(dict.to_pairs().into_iter().map(|(key, _)| key).collect()))
}

fn values(dict: &Rc<Dict>, _: &Arguments<'_>) -> Result<Value> {
    Ok(Value::list(dict.to_pairs().into_iter().map(|(_, value)| value).collect()))
}

fn pop(dict: &Rc<Dict>, arguments: &Arguments<'_>) -> Result<Value> {
    let key = arguments.required(0)?;
    let removed = dict.remove(key)?;
    removed.or_else(|| arguments.get(1).cloned()).ok_or_else(|| key_error(key))
}

fn set_default(dict: &Rc<Dict>, arguments: &Arguments<'_>) -> Result<Value> {
    let key = arguments.required(0)?;
    if let Some(present) = dict.get(key)? {
        return Ok(present);
    }
    let value = arguments.get(1).cloned().unwrap_or(Value::None);
    dict.set(key.clone(), value.clone())?;
    Ok(value)
}

fn update(dict: &Rc<Dict>, arguments: &Arguments<'_>) -> Result<Value> {
    if let Some(source) = arguments.get(0) {
        for (key, value) in pairs_of(source)? {
            dict.set(key, value)?;
        }
    }
    for (name, value) in arguments.named {
        dict.set(Value::Str(name.clone()), value.clone())?;
    }
    Ok(Value::None)
}

/// The pairs that `dict(source)` and `update(source)` take: a dict's, or those of an iterable of pairs.
pub(in crate::value) fn pairs_of(source: &Value) -> Result<Vec<(Value, Value)>> {
    if let Value::Dict(dict) = source {
        return Ok(dict.to_pairs());
    }
    let mut pairs = Vec::new();
    for (number, item) in collect(source)?.into_iter().enumerate() {
        if iterate(&item).is_err() {
            return Err(type_error(format!(
                "cannot convert dictionary update sequence element #{number} to a sequence"
            )));
        }
        match <[Value; 2]>::try_from(collect(&item)?) {
            Ok([key, value]) => pairs.push((key, value)),
            Err(items) => {
                let length = items.len();
                return Err(value_error(format!(
                    "dictionary update sequence element #{number} has length {length}; 2 is required"
                )));
            }
        }
    }
    Ok(pairs)
}
