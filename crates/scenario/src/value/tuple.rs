//! Tuples.

use smallvec::SmallVec;

use super::release::is_nested;
use super::{Value, meter, release};

/// A tuple, counted by the memory meter.
pub(crate) struct Tuple {
    /// Pairs are common; they take no allocation of their own.
    items: SmallVec<[Value; 2]>,
}

impl Tuple {
    /// A tuple of these elements.
    pub(crate) fn new(items: impl Into<SmallVec<[Value; 2]>>) -> Tuple {
        let items = items.into();
        meter::add(meter::CONTAINER + meter::weight_of_all(&items));
        Tuple { items }
    }

    /// The elements.
    #[inline]
    pub(crate) fn items(&self) -> &[Value] {
        &self.items
    }
}

impl Drop for Tuple {
    fn drop(&mut self) {
        // Most tuples are pairs, and hold plain values, which need no care.
        let (weight, holds_nested) = match self.items() {
            [first, second] => (meter::weight(first) + meter::weight(second), is_nested(first) | is_nested(second)),
            items => (meter::weight_of_all(items), items.iter().any(is_nested)),
        };
        meter::subtract(meter::CONTAINER + weight);
        if holds_nested {
            release(std::mem::take(&mut self.items));
        }
    }
}
