//! Memory in pieces, the first large ones on large pages.
//!
//! The system clears memory when it is first touched, page by page, and looks up each page when it is used. Linux has pages
//! of two megabytes besides those of four kilobytes, for memory that asks for them. For a hundred thousand tasks they save
//! up to a quarter of the time. For a million they took up to twice the time where the system had to get such pages first, as a
//! virtual machine has to from its host: so only so much memory asks.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

/// The size of a large page, and of a large piece.
pub(super) const LARGE: usize = 1 << 21;

/// So many bytes of a thread's memory lie on large pages, at most.
const MOST: usize = 32 << 20;

thread_local! {
    /// How many do now.
    static ON_LARGE_PAGES: Cell<usize> = const { Cell::new(0) };
}

/// A piece of memory.
pub(super) struct Piece {
    pub(super) place: NonNull<u8>,
    layout: Layout,
    /// How many bytes of it lie on large pages.
    on_large_pages: usize,
}

impl Piece {
    /// Memory for so many bytes, at least one, of which nothing is known. A large piece begins with a page.
    pub(super) fn new(bytes: usize, align: usize) -> Piece {
        let align = if bytes >= LARGE { LARGE } else { align };
        let layout = Layout::from_size_align(bytes.max(1), align).expect("a piece is no larger than memory");
        // SAFETY: the layout has a size.
        let place = NonNull::new(unsafe { alloc(layout) }).unwrap_or_else(|| handle_alloc_error(layout));
        let mut piece = Piece { place, layout, on_large_pages: 0 };
        if layout.align() == LARGE {
            piece.ask_for_large_pages();
        }
        piece
    }

    /// Frees the memory.
    ///
    /// # Safety
    /// Nobody uses it any more.
    pub(super) unsafe fn free(self) {
        ON_LARGE_PAGES.set(ON_LARGE_PAGES.get().saturating_sub(self.on_large_pages));
        // SAFETY: `new` has allocated it with this layout, and nobody uses it.
        unsafe { dealloc(self.place.as_ptr(), self.layout) };
    }

    /// Where the system does not know them or does not want to, the memory stays as it is.
    fn ask_for_large_pages(&mut self) {
        let bytes = self.layout.size() / LARGE * LARGE;
        let all = ON_LARGE_PAGES.get() + bytes;
        if all > MOST {
            return;
        }
        ON_LARGE_PAGES.set(all);
        self.on_large_pages = bytes;
        #[cfg(all(target_os = "linux", not(miri)))]
        // SAFETY: a hint on memory that is ours, which changes nothing that a program could see.
        unsafe {
            libc::madvise(self.place.as_ptr().cast(), bytes, libc::MADV_HUGEPAGE)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_much_memory_lies_on_large_pages_and_what_is_freed_makes_room() {
        let piece = || Piece::new(LARGE, 8);
        let before = ON_LARGE_PAGES.get();
        let mut large: Vec<Piece> = (0..(MOST - before) / LARGE).map(|_| piece()).collect();
        let small = piece();
        assert!(large.iter().all(|piece| piece.on_large_pages == LARGE) && small.on_large_pages == 0);
        // SAFETY: nothing lies in them.
        large.drain(..1).for_each(|piece| unsafe { piece.free() });
        large.push(piece());
        assert!(large.iter().all(|piece| piece.on_large_pages == LARGE));
        // SAFETY: nothing lies in them.
        large.into_iter().chain([small]).for_each(|piece| unsafe { piece.free() });
        assert_eq!(ON_LARGE_PAGES.get(), before);
    }
}
