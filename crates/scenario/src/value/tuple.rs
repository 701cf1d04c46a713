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
        let (mut weight, mut holds_nested) = (meter::CONTAINER, false);
        for item in &self.items {
            weight += meter::weight(item);
            holds_nested |= is_nested(item);
        }
        meter::subtract(weight);
        // Most tuples hold plain values, which need no care.
        if holds_nested {
            release(std::mem::take(&mut self.items));
        }
    }
}
