//! A list that only grows, and whose items stay where they are: one can be looked at while the list grows.

use std::cell::UnsafeCell;

/// Items of one chunk.
const CHUNK: usize = 1024;

/// A list of items in chunks that are never moved.
pub(crate) struct Table<T> {
    /// All but the last chunk are full, and none ever grows beyond what was reserved for it.
    chunks: UnsafeCell<Vec<Vec<T>>>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { chunks: UnsafeCell::new(Vec::new()) }
    }
}

impl<T> Table<T> {
    #[inline]
    fn chunks(&self) -> &[Vec<T>] {
        // SAFETY: the list of chunks is only changed by `push`, which calls nobody, while such a borrow lasts only
        // within one function of this file, none of which calls `push` meanwhile.
        unsafe { &*self.chunks.get() }
    }

    /// The item at a place.
    #[inline]
    pub(crate) fn get(&self, place: u32) -> Option<&T> {
        self.chunks().get(place as usize / CHUNK)?.get(place as usize % CHUNK)
    }

    pub(crate) fn len(&self) -> usize {
        match self.chunks() {
            [] => 0,
            [full @ .., last] => full.len() * CHUNK + last.len(),
        }
    }

    /// All items, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..).map_while(|place| self.get(place))
    }

    /// Adds an item behind the last.
    pub(crate) fn push(&self, item: T) {
        // SAFETY: nobody else borrows the list of chunks (see `chunks`), and no call from here leads back to it. Items
        // that are borrowed lie in the memory of chunks, which is not moved: a chunk is not pushed to when it is full,
        // and moving the list of chunks moves only where their memory is noted.
        let chunks = unsafe { &mut *self.chunks.get() };
        match chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(item),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(item);
                chunks.push(chunk);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_where_they_are_while_it_grows() {
        let table = Table::default();
        table.push("first".to_owned());
        let first = table.get(0).expect("it was added");
        for number in 1..3 * CHUNK {
            table.push(number.to_string());
        }
        assert_eq!((first.as_str(), table.len()), ("first", 3 * CHUNK));
        assert!(std::ptr::eq(first, table.get(0).expect("it is still there")));
        assert_eq!(table.get(CHUNK as u32).map(String::as_str), Some("1024"));
        assert_eq!(table.get(3 * CHUNK as u32), None);
        assert_eq!(table.iter().count(), 3 * CHUNK);
    }
}
