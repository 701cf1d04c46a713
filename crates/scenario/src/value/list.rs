//! Lists.

use std::cell::{Ref, RefCell};

use super::{Value, meter, release};

/// A list: shared by whoever refers to it, and counted by the memory meter.
pub(crate) struct List {
    items: RefCell<Vec<Value>>,
}

impl List {
    /// A list of these elements.
    pub(crate) fn new(items: Vec<Value>) -> List {
        meter::add(meter::CONTAINER + meter::weight_of_all(&items));
        List { items: RefCell::new(items) }
    }

    /// The number of elements.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at a position counted from 0.
    #[inline]
    pub(crate) fn get(&self, position: usize) -> Option<Value> {
        self.items.borrow().get(position).cloned()
    }

    /// The elements, to be read: nothing may change the list meanwhile.
    pub(crate) fn items(&self) -> Ref<'_, [Value]> {
        Ref::map(self.items.borrow(), Vec::as_slice)
    }

    /// A copy of the elements.
    pub(crate) fn to_vec(&self) -> Vec<Value> {
        self.items.borrow().clone()
    }

    /// Appends an element.
    pub(crate) fn push(&self, value: Value) {
        meter::add(meter::weight(&value));
        self.items.borrow_mut().push(value);
    }

    /// Appends elements.
    pub(crate) fn extend(&self, values: Vec<Value>) {
        meter::add(meter::weight_of_all(&values));
        self.items.borrow_mut().extend(values);
    }

    /// Puts an element before a position, or at the end where the list is shorter.
    pub(crate) fn insert(&self, position: usize, value: Value) {
        meter::add(meter::weight(&value));
        let mut items = self.items.borrow_mut();
        let position = position.min(items.len());
        items.insert(position, value);
    }

    /// Replaces the element at a position and gives the old one; gives back the new one where there is no such position.
    pub(crate) fn set(&self, position: usize, value: Value) -> Result<Value, Value> {
        let mut items = self.items.borrow_mut();
        match items.get_mut(position) {
            None => Err(value),
            Some(place) => {
                meter::add(meter::weight(&value));
                let old = std::mem::replace(place, value);
                meter::subtract(meter::weight(&old));
                Ok(old)
            }
        }
    }

    /// Takes the element at a position out.
    pub(crate) fn remove(&self, position: usize) -> Option<Value> {
        let mut items = self.items.borrow_mut();
        let removed = if position < items.len() { items.remove(position) } else { return None };
        meter::subtract(meter::weight(&removed));
        Some(removed)
    }

    /// Puts other elements in the place of all.
    pub(crate) fn replace(&self, values: Vec<Value>) {
        meter::add(meter::weight_of_all(&values));
        let old = std::mem::replace(&mut *self.items.borrow_mut(), values);
        meter::subtract(meter::weight_of_all(&old));
        release(old);
    }

    /// Turns the order round.
    pub(crate) fn reverse(&self) {
        self.items.borrow_mut().reverse();
    }
}

impl Drop for List {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut());
        meter::subtract(meter::CONTAINER + meter::weight_of_all(&items));
        release(items);
    }
}
