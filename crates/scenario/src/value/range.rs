//! Ranges.

use super::Result;
use super::error::value_error;

/// What `range(start, stop, step)` gives: integers that are never stored.
#[derive(Debug)]
pub(crate) struct Range {
    /// The first integer, where there is one.
    pub start: i64,
    /// Where it stops, itself excluded.
    pub stop: i64,
    /// From one integer to the next; never 0.
    pub step: i64,
    length: u64,
}

impl Range {
    /// A range; a `step` of 0 is a ValueError.
    pub(crate) fn new(start: i64, stop: i64, step: i64) -> Result<Range> {
        if step == 0 {
            return Err(value_error("range() arg 3 must not be zero"));
        }
        let span = if step > 0 { i128::from(stop) - i128::from(start) } else { i128::from(start) - i128::from(stop) };
        let stride = u128::from(step.unsigned_abs());
        let length = u128::try_from(span).map_or(0, |span| span.div_ceil(stride));
        let length = u64::try_from(length).expect("two 64-bit integers are less than 2**64 apart");
        Ok(Range { start, stop, step, length })
    }

    /// How many integers it has.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The integer at a position counted from 0.
    #[inline]
    pub(crate) fn get(&self, position: u64) -> Option<i64> {
        // Wrapping arithmetic ends at the right place: every element of the range lies between two i64.
        (position < self.length).then(|| self.start.wrapping_add((position as i64).wrapping_mul(self.step)))
    }

    /// Where an integer stands, if it is in the range.
    pub(crate) fn position(&self, number: i64) -> Option<u64> {
        let distance = i128::from(number) - i128::from(self.start);
        let position = distance / i128::from(self.step);
        let exact = distance % i128::from(self.step) == 0 && (0..i128::from(self.length)).contains(&position);
        exact.then_some(position as u64)
    }

    /// What ranges of the same integers have in common: how many, the first, the step between two.
    pub(crate) fn canonical(&self) -> (u64, i64, i64) {
        match self.length {
            0 => (0, 0, 0),
            1 => (1, self.start, 0),
            length => (length, self.start, self.step),
        }
    }
}
