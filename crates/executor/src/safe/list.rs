//! A list of plain values that nobody can look into: they go in and come out as copies.

use std::cell::RefCell;

/// A list of values that run no code when they are copied or forgotten.
pub(crate) struct List<T: Copy>(RefCell<Vec<T>>);

impl<T: Copy> Default for List<T> {
    fn default() -> List<T> {
        List(RefCell::default())
    }
}

impl<T: Copy> List<T> {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a value where there is room for it, and tells whether there was.
    #[inline]
    pub(crate) fn push_if_room(&self, value: T) -> bool {
        let mut list = self.0.borrow_mut();
        let has_room = list.len() < list.capacity();
        if has_room {
            list.push(value);
        }
        has_room
    }

    /// The value that was pushed last.
    #[inline]
    pub(crate) fn last(&self) -> Option<T> {
        self.0.borrow().last().copied()
    }

    /// Puts a value in the place of the one that was pushed last, if there is one.
    #[inline]
    pub(crate) fn replace_last(&self, value: T) {
        if let Some(last) = self.0.borrow_mut().last_mut() {
            *last = value;
        }
    }

    /// Takes the only value, as what `look` sees in it; none where there are more or none, or it sees nothing.
    #[inline]
    pub(crate) fn take_only<R>(&self, look: impl FnOnce(T) -> Option<R>) -> Option<R> {
        let mut list = self.0.borrow_mut();
        let [only] = list[..] else { return None };
        let seen = look(only)?;
        list.clear();
        Some(seen)
    }

    /// The values, in exchange for these.
    #[inline]
    pub(crate) fn replace(&self, values: Vec<T>) -> Vec<T> {
        self.0.replace(values)
    }

    /// All values.
    pub(crate) fn to_vec(&self) -> Vec<T> {
        self.0.borrow().clone()
    }
}
