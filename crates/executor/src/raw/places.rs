//! Memory for tasks: places of a few sizes, cut from chunks and used again.
//!
//! A task is made and freed as often as an event happens, with a size that hardly varies. A general allocator takes some
//! three hundred instructions for that, and a header for each. Here a place that was freed is the next one to be used, and a
//! chunk is asked for when none is left. A thread has places of its own, which live as long as something lies in one of
//! them or a run is going on.

use std::alloc::Layout;
use std::cell::Cell;
use std::ptr::NonNull;

use super::memory::{LARGE, Piece};

/// Sizes are multiples of this, and places are aligned to it.
const GRAIN: usize = 8;
/// Up to half a kilobyte.
const SIZES: usize = 64;
/// The first chunk of a size is small: many runs have few tasks.
const FIRST_CHUNK: usize = 1 << 10;
const CHUNK: usize = 1 << 16;
/// Where the chunks of a size have so many bytes, the next ones are large.
const MANY: usize = LARGE / 4;

/// The places of one size.
struct Places {
    /// The place that was freed last; in each free place lies where the one is that was freed before.
    free: Cell<Option<NonNull<Link>>>,
    /// Where the rest of the last chunk begins that was never used, and how many places it has.
    rest: Cell<NonNull<Link>>,
    left: Cell<usize>,
    /// How many places are used.
    used: Cell<usize>,
    /// The last chunk.
    last: Cell<Option<NonNull<Chunk>>>,
    /// How many bytes all chunks have.
    bytes: Cell<usize>,
}

/// What lies in a free place.
struct Link(Option<NonNull<Link>>);

/// What a chunk begins with.
struct Chunk {
    /// All of it.
    piece: Piece,
    before: Option<NonNull<Chunk>>,
}

thread_local! {
    // Without a destructor, so that it is there as long as the thread is.
    static PLACES: [Places; SIZES] = const { [const { Places::new() }; SIZES] };
    /// How many runs are going on.
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

/// Which places a value of this layout lies in; none where it is too large, or has no size.
#[inline]
const fn size_of_place(layout: Layout) -> Option<usize> {
    let size = layout.size().div_ceil(GRAIN);
    if size >= 1 && size <= SIZES && layout.align() <= GRAIN { Some(size - 1) } else { None }
}

/// Memory for a value of this layout.
#[inline]
pub(super) fn take(layout: Layout) -> Option<NonNull<u8>> {
    let size = size_of_place(layout)?;
    Some(PLACES.with(|places| places[size].take((size + 1) * GRAIN)))
}

/// Takes back what [`take`] gave; false where it gives nothing for this layout.
///
/// # Safety
/// Where `take` gives memory for this layout, the pointer is from there, on this thread, and nobody uses it any more.
#[inline]
pub(super) unsafe fn give_back(place: NonNull<u8>, layout: Layout) -> bool {
    let Some(size) = size_of_place(layout) else { return false };
    // SAFETY: the layout says which places it is from; the rest is what the caller promises.
    PLACES.with(|places| unsafe { places[size].give_back(place) });
    true
}

impl Places {
    const fn new() -> Places {
        Places {
            free: Cell::new(None),
            rest: Cell::new(NonNull::dangling()),
            left: Cell::new(0),
            used: Cell::new(0),
            last: Cell::new(None),
            bytes: Cell::new(0),
        }
    }

    #[inline]
    fn take(&self, bytes: usize) -> NonNull<u8> {
        self.used.set(self.used.get() + 1);
        if let Some(place) = self.free.get() {
            // SAFETY: `give_back` has written a link there, and nobody else has the place.
            self.free.set(unsafe { place.read() }.0);
            return place.cast();
        }
        if self.left.get() == 0 {
            self.add_chunk(bytes);
        }
        let place = self.rest.get();
        self.left.set(self.left.get() - 1);
        // SAFETY: so many places are left from here to the end of the chunk, and this was one of them.
        self.rest.set(unsafe { place.byte_add(bytes) });
        place.cast()
    }

    #[cold]
    fn add_chunk(&self, bytes: usize) {
        let before = self.last.get();
        let size = match self.bytes.get() {
            0 => FIRST_CHUNK.max(size_of::<Chunk>() + bytes),
            few if few < MANY => CHUNK,
            _ => LARGE,
        };
        let piece = Piece::new(size, align_of::<Chunk>());
        let chunk: NonNull<Chunk> = piece.place.cast();
        // SAFETY: the piece has room for a chunk's beginning and at least one place behind it, and is aligned for both.
        unsafe {
            chunk.write(Chunk { piece, before });
            self.rest.set(chunk.add(1).cast());
        }
        self.left.set((size - size_of::<Chunk>()) / bytes);
        self.last.set(Some(chunk));
        self.bytes.set(self.bytes.get() + size);
    }

    /// # Safety
    /// As for the function of this name.
    #[inline]
    unsafe fn give_back(&self, place: NonNull<u8>) {
        let place: NonNull<Link> = place.cast();
        // SAFETY: the place is large enough and aligned for a link, and nobody else has it.
        unsafe { place.write(Link(self.free.get())) };
        self.free.set(Some(place));
        self.used.set(self.used.get() - 1);
        if self.used.get() == 0 && RUNS.get() == 0 {
            self.free_chunks();
        }
    }

    /// Nothing lies in a place of this size any more, and no run is going on.
    #[cold]
    fn free_chunks(&self) {
        self.free.set(None);
        self.left.set(0);
        self.bytes.set(0);
        let mut next = self.last.take();
        while let Some(chunk) = next {
            // SAFETY: `add_chunk` has written its beginning; no place of it is used, nor known to be free any more.
            unsafe {
                let Chunk { piece, before } = chunk.read();
                piece.free();
                next = before;
            }
        }
    }
}

/// As long as it lives, places stay for the next tasks though nothing lies in them.
pub(crate) struct Kept(());

/// A run begins.
pub(crate) fn keep() -> Kept {
    RUNS.set(RUNS.get() + 1);
    Kept(())
}

impl Drop for Kept {
    fn drop(&mut self) {
        RUNS.set(RUNS.get() - 1);
        if RUNS.get() == 0 {
            PLACES.with(|places| places.iter().filter(|places| places.used.get() == 0).for_each(Places::free_chunks));
        }
    }
}
