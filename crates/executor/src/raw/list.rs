//! A list of plain values that nobody can look into: they go in and come out as copies.
//!
//! What a `RefCell` guards against cannot happen to it, so that the queue of ready entries, which is written at each wake-up,
//! needs no look at a flag.

use std::cell::UnsafeCell;

/// A list of values that run no code when they are copied or forgotten.
pub(crate) struct List<T: Copy>(UnsafeCell<Vec<T>>);

impl<T: Copy> Default for List<T> {
    fn default() -> List<T> {
        List(UnsafeCell::new(Vec::new()))
    }
}

impl<T: Copy> List<T> {
    /// Looks at the list.
    ///
    /// # Safety
    /// Nothing is done meanwhile that leads back to it.
    #[inline(always)]
    unsafe fn with<R>(&self, look: impl FnOnce(&mut Vec<T>) -> R) -> R {
        // SAFETY: the list belongs to one thread, and no method gives out a reference to it; this one is the only one as
        // long as `look` does not lead back here, as the caller promises.
        look(unsafe { &mut *self.0.get() })
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        // SAFETY: the length of a vector is read.
        unsafe { self.with(|list| list.len()) }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a value where there is room for it, and tells whether there was.
    #[inline(always)]
    pub(crate) fn push_if_room(&self, value: T) -> bool {
        // SAFETY: no allocator is called.
        unsafe {
            self.with(|list| {
                let has_room = list.len() < list.capacity();
                if has_room {
                    list.push(value);
                }
                has_room
            })
        }
    }

    /// The value that was pushed last.
    #[inline]
    pub(crate) fn last(&self) -> Option<T> {
        // SAFETY: a value is read out of a vector.
        unsafe { self.with(|list| list.last().copied()) }
    }

    /// Puts a value in the place of the one that was pushed last, if there is one.
    #[inline]
    pub(crate) fn replace_last(&self, value: T) {
        // SAFETY: a value is written into a vector.
        unsafe { self.with(|list| list.last_mut().map(|last| *last = value)) };
    }

    /// Takes the only value, as what `look` sees in it; none where there are more or none, or it sees nothing.
    #[inline(always)]
    pub(crate) fn take_only<R>(&self, look: impl FnOnce(T) -> Option<R>) -> Option<R> {
        // SAFETY: a value is read out of a vector.
        let only = unsafe { self.with(|list| if let [only] = list[..] { Some(only) } else { None }) };
        let seen = only.and_then(look)?;
        // SAFETY: values of a vector are forgotten.
        unsafe { self.with(Vec::clear) };
        Some(seen)
    }

    /// The values, in exchange for these.
    #[inline]
    pub(crate) fn replace(&self, values: Vec<T>) -> Vec<T> {
        // SAFETY: two vectors change places.
        unsafe { self.with(|list| std::mem::replace(list, values)) }
    }

    /// All values.
    pub(crate) fn to_vec(&self) -> Vec<T> {
        let values = self.replace(Vec::new());
        self.replace(values.clone());
        values
    }
}
