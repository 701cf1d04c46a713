//! The functions of Python's `random` module that draw from sequences, as `Lib/random.py` of CPython 3.13 has them. A
//! sequence is its length here, and what is drawn are indexes.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use super::distributions::{Bits, below};
use super::error::DrawError;

/// The most results that one call may ask for.
pub(crate) const MAXIMUM_RESULTS: usize = 1 << 20;

/// An index below `length`, if there is one.
fn index(bits: &mut (impl Bits + ?Sized), length: usize) -> Option<usize> {
    let bound = NonZeroU64::new(length as u64)?;
    Some(below(bits, bound) as usize)
}

/// `choice` of a sequence of `length` items: the index of one.
///
/// # Errors
///
/// `IndexError` when there is none.
pub(crate) fn choice(bits: &mut (impl Bits + ?Sized), length: usize) -> Result<usize, DrawError> {
    index(bits, length).ok_or(DrawError::EmptySequence)
}

/// `choices(sequence, weights, k=count)` of `length` items: indexes, with replacement. A negative `count` counts as
/// none. Weights count as floats, which is exact for ints up to 2^53.
///
/// # Errors
///
/// `ValueError` for weights of another number or without a positive finite total, `IndexError` when there is nothing to
/// choose from, `MemoryError` for more than 2^20 results.
pub(crate) fn choices(
    bits: &mut (impl Bits + ?Sized),
    length: usize,
    weights: Option<&[f64]>,
    count: i64,
) -> Result<Vec<usize>, DrawError> {
    let cumulative = weights.map(|weights| accumulate(weights, length)).transpose()?;
    let count = results(count.max(0))?;
    if length == 0 && count > 0 {
        return Err(DrawError::IndexOutOfRange);
    }
    let draw = |_| match &cumulative {
        Some((sums, total)) => {
            let point = bits.random() * total;
            bisect_right(&sums[..length - 1], point)
        }
        None => (bits.random() * length as f64) as usize,
    };
    Ok((0..count).map(draw).collect())
}

/// The running sums of the weights, and their total.
fn accumulate(weights: &[f64], length: usize) -> Result<(Vec<f64>, f64), DrawError> {
    if weights.len() != length {
        return Err(DrawError::WeightsMismatch);
    }
    let add = |sum: &mut f64, weight: &f64| {
        *sum += weight;
        Some(*sum)
    };
    let sums: Vec<f64> = weights.iter().scan(0.0, add).collect();
    let total = *sums.last().ok_or(DrawError::IndexOutOfRange)?;
    if total <= 0.0 {
        return Err(DrawError::WeightsNotPositive);
    }
    if !total.is_finite() {
        return Err(DrawError::WeightsNotFinite);
    }
    Ok((sums, total))
}

/// `bisect.bisect`, step by step: negative weights leave the sums unsorted, and then the way matters.
fn bisect_right(sums: &[f64], point: f64) -> usize {
    let (mut low, mut high) = (0, sums.len());
    while low < high {
        let middle = low.midpoint(high);
        if point < sums[middle] {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// `shuffle`: puts the items into a random order, in place.
pub(crate) fn shuffle<T>(bits: &mut (impl Bits + ?Sized), items: &mut [T]) {
    for last in (1..items.len()).rev() {
        if let Some(other) = index(bits, last + 1) {
            items.swap(last, other);
        }
    }
}

/// `sample(sequence, count)` of `length` items: indexes, none of them twice, in the order drawn.
///
/// # Errors
///
/// `ValueError` when `count` is negative or greater than `length`, `MemoryError` for more than 2^20 results.
pub(crate) fn sample(bits: &mut (impl Bits + ?Sized), length: usize, count: i64) -> Result<Vec<usize>, DrawError> {
    if !usize::try_from(count).is_ok_and(|count| count <= length) {
        return Err(DrawError::SampleTooLarge);
    }
    let count = results(count)?;
    // CPython takes a list where it is smaller than a set of the results would be. Three times the count is never a
    // power of four, so whole numbers give what its floating-point logarithm gives.
    let set_size = if count > 5 { 21 + four_to_the_digits(count * 3) } else { 21 };
    if length <= set_size {
        Ok(sample_from_pool(bits, length, count))
    } else {
        Ok(sample_by_retrying(bits, length, count))
    }
}

/// The lowest power of four that is not below `number`.
fn four_to_the_digits(number: usize) -> usize {
    let mut power = 1;
    while power < number {
        power *= 4;
    }
    power
}

/// Each index drawn leaves a pool, and the last one left takes its place.
fn sample_from_pool(bits: &mut (impl Bits + ?Sized), length: usize, count: usize) -> Vec<usize> {
    let mut pool: Vec<usize> = (0..length).collect();
    let mut drawn = Vec::with_capacity(count);
    while drawn.len() < count
        && let Some(place) = index(bits, pool.len())
    {
        drawn.push(pool.swap_remove(place));
    }
    drawn
}

/// An index drawn before is drawn again.
fn sample_by_retrying(bits: &mut (impl Bits + ?Sized), length: usize, count: usize) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let mut drawn = Vec::with_capacity(count);
    while drawn.len() < count
        && let Some(place) = index(bits, length)
    {
        if seen.insert(place) {
            drawn.push(place);
        }
    }
    drawn
}

fn results(count: i64) -> Result<usize, DrawError> {
    match usize::try_from(count) {
        Ok(count) if count <= MAXIMUM_RESULTS => Ok(count),
        _ => Err(DrawError::TooManyResults { count }),
    }
}
