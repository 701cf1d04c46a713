//! Memory in pieces, the large ones on large pages.
//!
//! The system clears memory when it is first touched, page by page. With pages of four kilobytes that took half of the
//! time in which a million tasks are made; Linux has pages of two megabytes, for memory that asks for them.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

/// The size of a large page, and of a large piece.
pub(super) const LARGE: usize = 1 << 21;

/// A piece of memory.
pub(super) struct Piece {
    pub(super) place: NonNull<u8>,
    layout: Layout,
}

impl Piece {
    /// Memory for so many bytes, at least one, of which nothing is known. A large piece begins with a page.
    pub(super) fn new(bytes: usize, align: usize) -> Piece {
        let align = if bytes >= LARGE { LARGE } else { align };
        let layout = Layout::from_size_align(bytes.max(1), align).expect("a piece is no larger than memory");
        // SAFETY: the layout has a size.
        let place = NonNull::new(unsafe { alloc(layout) }).unwrap_or_else(|| handle_alloc_error(layout));
        let piece = Piece { place, layout };
        piece.ask_for_large_pages();
        piece
    }

    /// Frees the memory.
    ///
    /// # Safety
    /// Nobody uses it any more.
    pub(super) unsafe fn free(self) {
        // SAFETY: `new` has allocated it with this layout, and nobody uses it.
        unsafe { dealloc(self.place.as_ptr(), self.layout) };
    }

    /// Where the system does not know them or does not want to, the memory stays as it is.
    fn ask_for_large_pages(&self) {
        #[cfg(all(target_os = "linux", not(miri)))]
        if self.layout.align() == LARGE {
            let bytes = self.layout.size() / LARGE * LARGE;
            // SAFETY: a hint on memory that is ours, which changes nothing that a program could see.
            unsafe { libc::madvise(self.place.as_ptr().cast(), bytes, libc::MADV_HUGEPAGE) };
        }
    }
}
