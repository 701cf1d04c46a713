//! Lists in chunks: what many things are put into that leave it together.
//!
//! Such a list may hold a million things or three, and be emptied at once. In one piece it would be copied each time it
//! grows and leave up to half of its memory unused. Chunks stay where they are, and when one has been emptied, another list
//! can have it.

use std::iter::once;

/// So many things lie in a chunk.
pub(crate) const CHUNK: usize = 256;

/// So many emptied chunks are kept.
const KEPT: usize = 64;

/// A list, in the order in which things came.
pub(crate) struct Chunks<T> {
    /// Most lists are no longer than a chunk: they need four words for all.
    full: Option<Box<Full<T>>>,
    /// What comes after the full chunks; it grows up to one. It is empty only where the list is.
    open: Vec<T>,
}

struct Full<T>(Vec<Vec<T>>);

/// Emptied chunks.
pub(crate) struct Spare<T>(Vec<Vec<T>>);

impl<T> Chunks<T> {
    pub(crate) const fn new() -> Chunks<T> {
        Chunks { full: None, open: Vec::new() }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.full().len() * CHUNK + self.open.len()
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, item: T, spare: &mut Spare<T>) {
        if self.has_to_grow() {
            self.grow(spare);
        }
        self.open.push(item);
    }

    /// Whether the next item needs more memory.
    #[inline(always)]
    pub(crate) fn has_to_grow(&self) -> bool {
        self.open.len() == self.open.capacity()
    }

    /// Adds an item to a list that has not to grow for it.
    #[inline(always)]
    pub(crate) fn push_within(&mut self, item: T) {
        self.open.push(item);
    }

    #[inline(never)]
    fn grow(&mut self, spare: &mut Spare<T>) {
        if self.open.len() >= CHUNK {
            let chunk = std::mem::replace(&mut self.open, spare.take());
            self.full.get_or_insert_with(|| Box::new(Full(Vec::new()))).0.push(chunk);
        } else {
            self.open.reserve(1);
        }
    }

    #[inline]
    fn full(&self) -> &[Vec<T>] {
        self.full.as_ref().map_or(&[], |full| &full.0)
    }

    /// The items, part by part.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &[T]> {
        self.full().iter().chain(once(&self.open)).map(Vec::as_slice)
    }

    /// The last part: all of the list, where that is no more than a chunk.
    #[inline]
    pub(crate) fn last_part(&mut self) -> &mut Vec<T> {
        &mut self.open
    }

    /// Takes all items: the full chunks, to be given to a [`Spare`], and the last part, to be [given
    /// back](Chunks::give_back).
    #[inline]
    pub(crate) fn take(&mut self) -> (Vec<Vec<T>>, Vec<T>) {
        (self.full.take().map_or_else(Vec::new, |full| full.0), std::mem::take(&mut self.open))
    }

    /// Gives a list that is empty the memory of the last part that was taken.
    #[inline]
    pub(crate) fn give_back(&mut self, mut part: Vec<T>) {
        debug_assert!(self.is_empty());
        part.clear();
        self.open = part;
    }

    /// Keeps some of the items.
    pub(crate) fn retain(&mut self, mut keeps: impl FnMut(&T) -> bool, spare: &mut Spare<T>) {
        let (full, last) = self.take();
        for mut part in full.into_iter().chain(once(last)) {
            part.drain(..).filter(&mut keeps).for_each(|item| self.push(item, spare));
            spare.give_back(part);
        }
    }
}

impl<T> Spare<T> {
    pub(crate) const fn new() -> Spare<T> {
        Spare(Vec::new())
    }

    #[cold]
    fn take(&mut self) -> Vec<T> {
        self.0.pop().unwrap_or_else(|| Vec::with_capacity(CHUNK))
    }

    /// A chunk is used no more.
    pub(crate) fn give_back(&mut self, mut chunk: Vec<T>) {
        if chunk.capacity() >= CHUNK && self.0.len() < KEPT {
            chunk.clear();
            self.0.push(chunk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize, spare: &mut Spare<usize>) -> Chunks<usize> {
        let mut list = Chunks::new();
        (0..count).for_each(|number| list.push(number, spare));
        list
    }

    #[test]
    fn items_stay_in_order_whatever_their_number() {
        let mut spare = Spare::new();
        for count in [0, 1, 5, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 10 * CHUNK + 7] {
            let mut list = filled(count, &mut spare);
            assert_eq!((list.len(), list.is_empty()), (count, count == 0));
            assert!(list.parts().flatten().copied().eq(0..count));
            list.retain(|number| number % 3 == 1, &mut spare);
            assert!(list.parts().flatten().copied().eq((0..count).filter(|number| number % 3 == 1)));
            assert_eq!(list.len(), (count + 1) / 3);
        }
    }

    #[test]
    fn an_emptied_chunk_is_the_next_to_be_filled() {
        let mut spare = Spare::new();
        let (full, _) = filled(100 * CHUNK, &mut spare).take();
        let places: Vec<_> = full.iter().map(|chunk| chunk.as_ptr()).collect();
        full.into_iter().for_each(|chunk| spare.give_back(chunk));
        assert_eq!(spare.0.len(), KEPT);
        let again = filled(3 * CHUNK, &mut spare);
        assert!(again.parts().skip(1).all(|part| places.contains(&part.as_ptr())));
    }
}
