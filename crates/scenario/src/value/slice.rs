//! `value[start:stop:step]`.

use std::rc::Rc;

use super::error::{beyond_64_bits, type_error, value_error};
use super::number::as_int;
use super::sequence::count_characters;
use super::{Range, Result, Value};

/// A slice; None stands for a bound that was left out.
pub(crate) fn slice(value: &Value, start: &Value, stop: &Value, step: &Value) -> Result<Value> {
    let picked = |length: u64| Positions::new(start, stop, step, length);
    match value {
        Value::List(list) => {
            let items = list.items();
            let positions = picked(items.len() as u64)?;
            Ok(Value::list(positions.iter().map(|position| items[position].clone()).collect::<Vec<_>>()))
        }
        Value::Tuple(tuple) => {
            let items = tuple.items();
            let positions = picked(items.len() as u64)?;
            Ok(Value::tuple(positions.iter().map(|position| items[position].clone()).collect::<Vec<_>>()))
        }
        Value::Str(text) => {
            let positions = picked(count_characters(text) as u64)?;
            if text.is_ascii() && positions.step == 1 {
                let start = positions.start as usize;
                return Ok(Value::text(&text[start..start + positions.count]));
            }
            let characters: Vec<char> = text.chars().collect();
            Ok(Value::text(positions.iter().map(|position| characters[position]).collect::<String>()))
        }
        Value::Range(range) => slice_range(range, &picked(range.length())?),
        _ => Err(type_error(format!("'{}' object is not subscriptable", value.type_name()))),
    }
}

fn slice_range(range: &Range, positions: &Positions) -> Result<Value> {
    let bound = |position: i128| i128::from(range.start) + position * i128::from(range.step);
    let fit = |number: i128| i64::try_from(number).map_err(|_| beyond_64_bits());
    let start = fit(bound(positions.start))?;
    let stop = fit(bound(positions.stop))?;
    let step = fit(i128::from(range.step) * i128::from(positions.step))?;
    Ok(Value::Range(Rc::new(Range::new(start, stop, step)?)))
}

/// The positions that a slice picks.
struct Positions {
    start: i128,
    stop: i128,
    step: i64,
    count: usize,
}

impl Positions {
    /// Brings the bounds into the sequence, as `slice.indices` does.
    fn new(start: &Value, stop: &Value, step: &Value, length: u64) -> Result<Positions> {
        let step = bound(step)?.unwrap_or(1);
        if step == 0 {
            return Err(value_error("slice step cannot be zero"));
        }
        let length = i128::from(length);
        let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let clamp = |number: i64| {
            let number = i128::from(number);
            (if number < 0 { number + length } else { number }).clamp(lowest, highest)
        };
        let (first, last) = if step > 0 { (lowest, highest) } else { (highest, lowest) };
        let start = bound(start)?.map_or(first, clamp);
        let stop = bound(stop)?.map_or(last, clamp);
        let span = if step > 0 { stop - start } else { start - stop };
        let count = if span > 0 { (span as u128).div_ceil(u128::from(step.unsigned_abs())) } else { 0 };
        let count = usize::try_from(count).map_err(|_| beyond_64_bits())?;
        Ok(Positions { start, stop, step, count })
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        let (start, step) = (self.start, i128::from(self.step));
        (0..self.count).map(move |number| (start + number as i128 * step) as usize)
    }
}

fn bound(value: &Value) -> Result<Option<i64>> {
    match (value, as_int(value)) {
        (Value::None, _) => Ok(None),
        (_, Some(number)) => Ok(Some(number)),
        _ => Err(type_error("slice indices must be integers or None or have an __index__ method")),
    }
}
