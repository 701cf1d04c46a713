//! Tuples.

use super::{Value, meter, release};

/// A tuple, counted by the memory meter.
pub(crate) struct Tuple {
    items: Vec<Value>,
}

impl Tuple {
    /// A tuple of these elements.
    pub(crate) fn new(items: Vec<Value>) -> Tuple {
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
        let items = std::mem::take(&mut self.items);
        meter::subtract(meter::CONTAINER + meter::weight_of_all(&items));
        release(items);
    }
}
