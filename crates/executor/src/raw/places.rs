//! Memory for tasks: places of a few sizes, cut from chunks and used again.
//!
//! A task is made and freed as often as an event happens, with a size that hardly varies. A general allocator takes some
//! three hundred instructions for that, and a header for each. Here a place that was freed is the next one to be used, and a
//! chunk is asked for when none is left. A thread has places of its own, which live as long as something lies in one of
//! them or a run is going on.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

/// Sizes are multiples of this, and places are aligned to it.
const GRAIN: usize = 8;
/// Up to half a kilobyte.
const SIZES: usize = 64;
/// The first chunk of a size is small: many runs have few tasks.
const FIRST_CHUNK: usize = 1 << 10;
const CHUNK: usize = 1 << 16;

/// The places of one size.
struct Places {
    /// The place that was freed last; in each free place lies where the one is that was freed before.
    free: Cell<Option<NonNull<Link>>>,
    /// Where the rest of the last chunk begins that was never used, and how many places it has.
    rest: Cell<NonNull<Link>>,
    left: Cell<usize>,
    /// How many places are used.
    used: Cell<usize>,
    /// The last chunk, which begins with where the one before is.
    chunks: Cell<Option<NonNull<Chunk>>>,
}

/// What lies in a free place.
struct Link(Option<NonNull<Link>>);

/// What a chunk begins with.
#[repr(C)]
struct Chunk {
    before: Option<NonNull<Chunk>>,
    bytes: usize,
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
            chunks: Cell::new(None),
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
        let before = self.chunks.get();
        let room = if before.is_none() { FIRST_CHUNK.max(4 * bytes) } else { CHUNK };
        let layout = chunk_layout(room);
        // SAFETY: the layout has a size.
        let Some(chunk) = NonNull::new(unsafe { alloc(layout) }) else { handle_alloc_error(layout) };
        let chunk: NonNull<Chunk> = chunk.cast();
        // SAFETY: the chunk has room for its beginning and `room` bytes behind it, and is aligned for both.
        unsafe {
            chunk.write(Chunk { before, bytes: room });
            self.rest.set(chunk.add(1).cast());
        }
        self.left.set(room / bytes);
        self.chunks.set(Some(chunk));
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
        let mut next = self.chunks.take();
        self.free.set(None);
        self.left.set(0);
        while let Some(chunk) = next {
            // SAFETY: `add_chunk` has made it with this layout and written its beginning; no place of it is used, nor
            // known to be free any more.
            unsafe {
                let Chunk { before, bytes } = chunk.read();
                dealloc(chunk.as_ptr().cast(), chunk_layout(bytes));
                next = before;
            }
        }
    }
}

/// The layout of a chunk with room for so many bytes.
fn chunk_layout(room: usize) -> Layout {
    let (layout, _) = Layout::new::<Chunk>()
        .extend(Layout::from_size_align(room, GRAIN).expect("a chunk is small"))
        .expect("a chunk is small");
    layout
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
