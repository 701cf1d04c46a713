//! A list that only grows, and whose items stay where they are: one can be looked at while the list grows.

use std::cell::{Cell, OnceCell};

/// Items of the first chunk; each other one has twice as many as the one before.
const CHUNK: usize = 1024;
/// Enough for all places that a number can name.
const CHUNKS: usize = 23;

/// A list of items in chunks that are never moved.
pub(crate) struct Table<T> {
    chunks: [OnceCell<Chunk<T>>; CHUNKS],
    len: Cell<usize>,
}

type Chunk<T> = Box<[OnceCell<T>]>;

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { chunks: [const { OnceCell::new() }; CHUNKS], len: Cell::new(0) }
    }
}

/// The chunk of a place, and the place in it.
#[inline]
fn in_chunk(place: usize) -> (usize, usize) {
    let chunk = (place / CHUNK + 1).ilog2() as usize;
    (chunk, place - ((1 << chunk) - 1) * CHUNK)
}

impl<T> Table<T> {
    /// The item at a place.
    #[inline]
    pub(crate) fn get(&self, place: u32) -> Option<&T> {
        let (chunk, place) = in_chunk(place as usize);
        self.chunks[chunk].get()?.get(place)?.get()
    }

    /// The item at a place, to be changed.
    #[inline]
    pub(crate) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        let (chunk, place) = in_chunk(place as usize);
        self.chunks[chunk].get_mut()?.get_mut(place)?.get_mut()
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
        let (chunk, place) = in_chunk(self.len.get());
        let places =
            self.chunks[chunk].get_or_init(|| std::iter::repeat_with(OnceCell::new).take(CHUNK << chunk).collect());
        places[place].get_or_init(|| item);
        self.len.set(self.len.get() + 1);
    }
}
