//! A list that only grows, and whose items stay where they are: one can be looked at while the list grows.

use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

/// Items of one chunk.
const CHUNK: usize = 1024;

/// A list of items in chunks that are never moved.
pub(crate) struct Table<T> {
    /// The first places of chunks, each from `add_chunk` and freed by `drop`.
    chunks: UnsafeCell<Vec<NonNull<T>>>,
    /// So many items there are, those of the first chunks.
    len: Cell<usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { chunks: UnsafeCell::new(Vec::new()), len: Cell::new(0) }
    }
}

impl<T> Table<T> {
    /// The item at a place.
    #[inline]
    pub(crate) fn get(&self, place: u32) -> Option<&T> {
        let place = place as usize;
        if place >= self.len.get() {
            return None;
        }
        // SAFETY: `push` has written `len` items, so that the chunk is there and the item is a value. Nobody changes it
        // while `self` is borrowed, and it lies in the memory of its chunk, which stays where it is as long as `self`.
        unsafe { Some(self.chunk(place).add(place % CHUNK).as_ref()) }
    }

    /// The item at a place, to be changed.
    #[inline]
    pub(crate) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        let place = place as usize;
        if place >= self.len.get() {
            return None;
        }
        // SAFETY: as in `get`; and as long as `self` is borrowed so, nobody else borrows an item.
        unsafe { Some(self.chunk(place).add(place % CHUNK).as_mut()) }
    }

    /// The chunk of a place.
    ///
    /// # Safety
    /// There is one.
    #[inline]
    unsafe fn chunk(&self, place: usize) -> NonNull<T> {
        // SAFETY: the list of chunks is changed by `add_chunk` alone, which calls nobody, and borrowed nowhere else.
        unsafe { *(&*self.chunks.get()).get_unchecked(place / CHUNK) }
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len.get()
    }

    /// All items, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..).map_while(|place| self.get(place))
    }

    /// Adds an item behind the last.
    #[inline]
    pub(crate) fn push(&self, item: T) {
        let place = self.len.get();
        if place.is_multiple_of(CHUNK) {
            self.add_chunk();
        }
        // SAFETY: the chunk is there: it was added with its first item. The place is within it, and nobody borrows it,
        // since it is only now counted.
        unsafe { self.chunk(place).add(place % CHUNK).write(item) };
        self.len.set(place + 1);
    }

    #[cold]
    fn add_chunk(&self) {
        let chunk: &mut [MaybeUninit<T>] = Box::leak(Box::new_uninit_slice(CHUNK));
        // SAFETY: nobody else borrows the list of chunks (see `chunk`), and no call from here leads back to it.
        unsafe { &mut *self.chunks.get() }.push(NonNull::from(chunk).cast());
    }
}

impl<T> Drop for Table<T> {
    fn drop(&mut self) {
        let mut left = self.len.replace(0);
        for &chunk in &*self.chunks.get_mut() {
            // SAFETY: the first `len` items are values, and are counted no more; the chunk is from `add_chunk`, and nobody
            // borrows from it, since `self` is borrowed here alone.
            unsafe {
                ptr::slice_from_raw_parts_mut(chunk.as_ptr(), left.min(CHUNK)).drop_in_place();
                drop(Box::from_raw(ptr::slice_from_raw_parts_mut(chunk.cast::<MaybeUninit<T>>().as_ptr(), CHUNK)));
            }
            left = left.saturating_sub(CHUNK);
        }
    }
}
