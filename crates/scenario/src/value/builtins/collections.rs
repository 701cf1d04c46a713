//! Functions of iterables.

use std::rc::Rc;

use super::super::arguments::{Arguments, integer};
use super::super::compare::compare;
use super::super::error::{beyond_64_bits, type_error, unsupported, value_error};
use super::super::number::Number;
use super::super::operators::binary;
use super::super::sort::{Direction, sort};
use super::super::{Iter, Range, Result, Value, collect, iterate, limits, sequence};
use crate::lang::ast::{BinaryOp, CompareOp};

/// What a tuple takes besides its elements, counted in elements: many small tuples are no small result.
const TUPLE: usize = 4;

/// The elements of an iterable one by one, and no more than an operation may visit: ranges are long and cost nothing.
struct Elements {
    iterator: Iter,
    visited: usize,
}

impl Elements {
    fn of(value: &Value) -> Result<Elements> {
        Ok(Elements { iterator: iterate(value)?, visited: 0 })
    }

    /// Those of an iterable that will be visited to its end: one too long is refused at once.
    fn all_of(value: &Value) -> Result<Elements> {
        if let Value::Range(range) = value {
            limits::check_elements(usize::try_from(range.length()).ok())?;
        }
        Elements::of(value)
    }

    fn next(&mut self) -> Result<Option<Value>> {
        self.visited += 1;
        limits::check_elements(Some(self.visited - 1))?;
        self.iterator.next()
    }
}

pub(super) fn all(arguments: &Arguments<'_>) -> Result<Value> {
    let mut elements = Elements::of(arguments.required(0)?)?;
    while let Some(item) = elements.next()? {
        if !item.is_true() {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

pub(super) fn any(arguments: &Arguments<'_>) -> Result<Value> {
    let mut elements = Elements::of(arguments.required(0)?)?;
    while let Some(item) = elements.next()? {
        if item.is_true() {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(super) fn len(arguments: &Arguments<'_>) -> Result<Value> {
    Ok(Value::Int(sequence::length(arguments.required(0)?)? as i64))
}

pub(super) fn list(arguments: &Arguments<'_>) -> Result<Value> {
    arguments.get(0).map_or(Ok(Vec::new()), collect).map(Value::list)
}

pub(super) fn tuple(arguments: &Arguments<'_>) -> Result<Value> {
    match arguments.get(0) {
        Some(Value::Tuple(tuple)) => Ok(Value::Tuple(tuple.clone())),
        source => source.map_or(Ok(Vec::new()), collect).map(Value::tuple),
    }
}

pub(super) fn enumerate(arguments: &Arguments<'_>) -> Result<Value> {
    let start = arguments.either(1, "start")?.map_or(Ok(0), integer)?;
    let items = collect(arguments.required(0)?)?;
    limits::check_elements(items.len().checked_mul(2 + TUPLE))?;
    let mut pairs = Vec::with_capacity(items.len());
    for (offset, item) in items.into_iter().enumerate() {
        let number = start.checked_add(offset as i64).ok_or_else(beyond_64_bits)?;
        pairs.push(Value::tuple(vec![Value::Int(number), item]));
    }
    Ok(Value::list(pairs))
}

pub(super) fn zip(arguments: &Arguments<'_>) -> Result<Value> {
    let strict = arguments.by_name("strict").is_some_and(Value::is_true);
    let mut columns = arguments.positional.iter().map(iterate).collect::<Result<Vec<Iter>>>()?;
    let mut rows = Vec::new();
    if columns.is_empty() {
        return Ok(Value::list(rows));
    }
    loop {
        let mut row = Vec::with_capacity(columns.len());
        for (number, column) in columns.iter_mut().enumerate() {
            match column.next()? {
                Some(item) => row.push(item),
                None if !strict => return Ok(Value::list(rows)),
                None if number > 0 => return Err(uneven(number, "shorter")),
                None => return check_others_ended(&mut columns).map(|()| Value::list(rows)),
            }
        }
        rows.push(Value::tuple(row));
        limits::check_elements(rows.len().checked_mul(columns.len() + TUPLE))?;
    }
}

fn check_others_ended(columns: &mut [Iter]) -> Result<()> {
    for (number, column) in columns.iter_mut().enumerate().skip(1) {
        if column.next()?.is_some() {
            return Err(uneven(number, "longer"));
        }
    }
    Ok(())
}

#[cold]
fn uneven(number: usize, how: &str) -> Rc<super::super::Exception> {
    let others = if number == 1 { "argument 1".to_owned() } else { format!("arguments 1-{number}") };
    value_error(format!("zip() argument {} is {how} than {others}", number + 1))
}

pub(super) fn reversed(arguments: &Arguments<'_>) -> Result<Value> {
    let source = arguments.required(0)?;
    if matches!(source, Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_))
        || matches!(source, Value::Exception(_) | Value::Object(_))
    {
        return Err(type_error(format!("'{}' object is not reversible", source.type_name())));
    }
    let mut items = collect(source)?;
    items.reverse();
    Ok(Value::list(items))
}

pub(super) fn sorted(arguments: &Arguments<'_>) -> Result<Value> {
    let mut items = collect(arguments.required(0)?)?;
    sort(&mut items, direction(arguments))?;
    Ok(Value::list(items))
}

/// What `reverse=` asks for.
pub(in crate::value) fn direction(arguments: &Arguments<'_>) -> Direction {
    match arguments.by_name("reverse") {
        Some(reverse) if reverse.is_true() => Direction::Descending,
        _ => Direction::Ascending,
    }
}

pub(super) fn range(arguments: &Arguments<'_>) -> Result<Value> {
    let first = integer(arguments.required(0)?)?;
    let (start, stop) = match arguments.get(1) {
        None => (0, first),
        Some(stop) => (first, integer(stop)?),
    };
    let step = arguments.get(2).map_or(Ok(1), integer)?;
    Ok(Value::Range(Rc::new(Range::new(start, stop, step)?)))
}

pub(super) fn max(arguments: &Arguments<'_>) -> Result<Value> {
    extreme(arguments, CompareOp::Greater)
}

pub(super) fn min(arguments: &Arguments<'_>) -> Result<Value> {
    extreme(arguments, CompareOp::Less)
}

fn extreme(arguments: &Arguments<'_>, better: CompareOp) -> Result<Value> {
    let name = arguments.function;
    let default = arguments.by_name("default");
    let several;
    let source = if arguments.positional.len() > 1 {
        if default.is_some() {
            return Err(type_error(format!(
                "Cannot specify a default for {name}() with multiple positional arguments"
            )));
        }
        several = Value::tuple(arguments.positional.to_vec());
        &several
    } else {
        arguments.required(0)?
    };
    let mut elements = Elements::all_of(source)?;
    let Some(mut best) = elements.next()? else {
        return default.cloned().ok_or_else(|| value_error(format!("{name}() iterable argument is empty")));
    };
    while let Some(item) = elements.next()? {
        if compare(better, &item, &best)? {
            best = item;
        }
    }
    Ok(best)
}

pub(super) fn sum(arguments: &Arguments<'_>) -> Result<Value> {
    let start = arguments.either(1, "start")?.cloned().unwrap_or(Value::Int(0));
    if matches!(start, Value::Str(_)) {
        return Err(type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    let mut elements = Elements::all_of(arguments.required(0)?)?;
    if matches!(start, Value::List(_) | Value::Tuple(_)) {
        return sum_sequences(&start, elements);
    }
    let mut total = start;
    while let Some(item) = elements.next()? {
        total = match (&total, Number::of(&item)) {
            (Value::Float(float), Some(number)) => return sum_floats(*float, number, elements),
            // The first float is added to the ints before it as it is; from the next number on the sum is compensated.
            _ => binary(BinaryOp::Add, &total, &item)?,
        };
    }
    Ok(total)
}

/// The rest of a sum once it is a float: compensated after Neumaier (1974), as CPython's is since 3.12.
fn sum_floats(start: f64, first: Number, mut elements: Elements) -> Result<Value> {
    let (mut total, mut compensation) = (start, 0.0_f64);
    let mut next = Some(first);
    while let Some(number) = next {
        let term = number.to_float();
        let sum = total + term;
        match number {
            // An int is added as it is: only floats are compensated.
            Number::Int(_) => {}
            Number::Float(_) if total.abs() >= term.abs() => compensation += (total - sum) + term,
            Number::Float(_) => compensation += (term - sum) + total,
        }
        total = sum;
        next = match elements.next()? {
            None => None,
            Some(item) => match Number::of(&item) {
                Some(number) => Some(number),
                None => return Err(unsupported("+", &Value::Float(total), &item)),
            },
        };
    }
    let compensated = total + compensation;
    // An infinite sum has no meaningful compensation.
    Ok(Value::Float(if compensation != 0.0 && compensation.is_finite() { compensated } else { total }))
}

/// `sum(lists, [])`, in one list: adding them one by one would copy the first ones over and over.
fn sum_sequences(start: &Value, mut elements: Elements) -> Result<Value> {
    let mut items = collect(start)?;
    while let Some(item) = elements.next()? {
        match (start, &item) {
            (Value::List(_), Value::List(list)) => items.extend_from_slice(&list.items()),
            (Value::Tuple(_), Value::Tuple(tuple)) => items.extend_from_slice(tuple.items()),
            _ => return binary(BinaryOp::Add, start, &item),
        }
        limits::check_elements(Some(items.len()))?;
    }
    Ok(if matches!(start, Value::List(_)) { Value::list(items) } else { Value::tuple(items) })
}
