//! A list that only grows, and whose items stay where they are: one can be looked at while the list grows.

use std::cell::{Cell, UnsafeCell};
use std::ptr::{self, NonNull};

use super::memory::{LARGE, Piece};

/// Items of one chunk.
const CHUNK: usize = 1024;

/// A list of items in chunks that are never moved.
pub(crate) struct Table<T> {
    /// The first chunk, where there is one, and how many items lie in it: most lists are no longer, and finding an item there
    /// takes half as long.
    first: Cell<NonNull<T>>,
    in_first: Cell<usize>,
    /// The first places of chunks, in pieces of memory. The last ones may not be used yet.
    chunks: UnsafeCell<Vec<NonNull<T>>>,
    /// The pieces, each from `add_piece` and freed by `drop`.
    pieces: UnsafeCell<Vec<Piece>>,
    /// So many items there are, those of the first chunks.
    len: Cell<usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table {
            first: Cell::new(NonNull::dangling()),
            in_first: Cell::new(0),
            chunks: UnsafeCell::default(),
            pieces: UnsafeCell::default(),
            len: Cell::new(0),
        }
    }
}

impl<T> Table<T> {
    /// The item at a place.
    #[inline]
    pub(crate) fn get(&self, place: u32) -> Option<&T> {
        let place = place as usize;
        if place < self.in_first.get() {
            // SAFETY: so many items lie in the first chunk; the rest is as below.
            return Some(unsafe { self.first.get().add(place).as_ref() });
        }
        self.get_further(place)
    }

    /// The same, wherever it lies.
    #[inline]
    fn get_further(&self, place: usize) -> Option<&T> {
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
        // SAFETY: the list of chunks is changed by `add_piece` alone, which calls nobody, and borrowed nowhere else.
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
            self.begin_chunk(place / CHUNK);
        }
        // SAFETY: the chunk is there: it was begun with its first item. The place is within it, and nobody borrows it,
        // since it is only now counted.
        unsafe { self.chunk(place).add(place % CHUNK).write(item) };
        self.len.set(place + 1);
        if place < CHUNK {
            self.in_first.set(place + 1);
        }
    }

    /// The first item comes to a chunk.
    #[cold]
    fn begin_chunk(&self, number: usize) {
        // SAFETY: as in `chunk`.
        let known = unsafe { &*self.chunks.get() }.len();
        if number == known {
            // A large piece, as soon as the small ones make up a good part of one.
            let large = LARGE.div_ceil(Table::<T>::CHUNK_BYTES);
            self.add_piece(if known >= large / 4 { large } else { 1 });
        }
    }

    const CHUNK_BYTES: usize = {
        assert!(size_of::<T>() > 0, "an item has a size");
        CHUNK * size_of::<T>()
    };

    /// Memory for so many chunks.
    fn add_piece(&self, chunks: usize) {
        let piece = Piece::new(chunks * Table::<T>::CHUNK_BYTES, align_of::<T>());
        // SAFETY: nobody else borrows the lists (see `chunk`), and no call from here leads back to them; each chunk lies
        // within the piece.
        unsafe {
            let first: NonNull<T> = piece.place.cast();
            if (*self.chunks.get()).is_empty() {
                self.first.set(first);
            }
            (*self.chunks.get()).extend((0..chunks).map(|number| first.add(number * CHUNK)));
            (*self.pieces.get()).push(piece);
        }
    }
}

impl<T> Drop for Table<T> {
    fn drop(&mut self) {
        self.in_first.set(0);
        let mut left = self.len.replace(0);
        for &chunk in &*self.chunks.get_mut() {
            // SAFETY: the first `len` items are values, and are counted no more.
            unsafe { ptr::slice_from_raw_parts_mut(chunk.as_ptr(), left.min(CHUNK)).drop_in_place() };
            left = left.saturating_sub(CHUNK);
        }
        for piece in self.pieces.get_mut().drain(..) {
            // SAFETY: nobody borrows from it, since `self` is borrowed here alone, and what lay there has been dropped.
            unsafe { piece.free() };
        }
    }
}
