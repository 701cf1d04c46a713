//! `start` and `end` of searching methods.

use super::super::error::type_error;
use super::super::number::as_int;
use super::super::{Result, Value};

/// Bounds as slices take them, brought to `0..=length`; a start behind the end of the sequence stays behind it, so that
/// even an empty text is not found there.
pub(super) fn bounds(start: Option<&Value>, end: Option<&Value>, length: usize) -> Result<(usize, usize)> {
    let start = bound(start)?.unwrap_or(0);
    let end = bound(end)?.unwrap_or(i64::MAX);
    let from_end = |position: i64| {
        let position = i128::from(position);
        if position < 0 { (position + length as i128).max(0) } else { position }
    };
    let end = from_end(end).min(length as i128);
    let start = from_end(start).min(length as i128 + 1);
    Ok((start as usize, end as usize))
}

fn bound(value: Option<&Value>) -> Result<Option<i64>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => as_int(value)
            .map(Some)
            .ok_or_else(|| type_error("slice indices must be integers or None or have an __index__ method")),
    }
}
