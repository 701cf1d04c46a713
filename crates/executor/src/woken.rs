//! Who was woken by foreign futures, run by run.
//!
//! A waker says what it is for in one word: the task's index, some bits of its generation, and the numbers of its run and
//! of the thread that this lives on. A waker that is stale wakes nobody, or, where the bits happen to meet, polls a task once
//! more than needed, which futures allow.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::core::Core;
use crate::task::{PLACES, TaskId};

// From the top of the data word: the generation; the run and the thread, which are the tag of a run; the index, of which
// a token of a wait has no more bits either.
const RUN_BITS: u32 = 7;
const THREAD_BITS: u32 = 11;
const TAG_BITS: u32 = RUN_BITS + THREAD_BITS;
const INDEX_BITS: u32 = 30;
const GENERATION: u32 = INDEX_BITS + TAG_BITS;
const INDICES: u64 = 1 << INDEX_BITS;
const _: () = assert!(INDICES == PLACES as u64 && GENERATION == 48, "sixteen bits of the generation are left");

thread_local! {
    /// The number of this thread; zero until it runs a simulation.
    static THREAD: Cell<u16> = const { Cell::new(0) };
    /// The number of the run that began last on this thread.
    static RUN: Cell<u32> = const { Cell::new(0) };
    /// The tag of the innermost run, where it is in a data word; zero where there is none.
    static TAG: Cell<u64> = const { Cell::new(0) };
    /// Its tasks that foreign futures have woken since the last step.
    static WOKEN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    /// The innermost run itself.
    static CORE: RefCell<Option<Rc<Core>>> = const { RefCell::new(None) };
    /// The runs around it, each in a step of one of its tasks, and what is woken of them.
    static AROUND: RefCell<Vec<Around>> = const { RefCell::new(Vec::new()) };
}

struct Around {
    tag: u64,
    woken: Vec<u64>,
    core: Option<Rc<Core>>,
}

static THREADS: AtomicU16 = AtomicU16::new(0);

#[inline]
fn this_thread() -> u16 {
    let number = THREAD.get();
    if number == 0 { number_thread() } else { number }
}

/// After two thousand threads their numbers come again, except zero.
#[cold]
fn number_thread() -> u16 {
    let number = THREADS.fetch_add(1, Ordering::Relaxed) % ((1 << THREAD_BITS) - 1) + 1;
    THREAD.set(number);
    number
}

/// The tag of a run that begins on this thread, inside of these.
fn next_tag(around: &[Around]) -> u64 {
    let thread = u64::from(this_thread());
    let mut tag = 0;
    for _ in 0..1 << RUN_BITS {
        RUN.set((RUN.get() + 1) % (1 << RUN_BITS));
        tag = (u64::from(RUN.get()) << THREAD_BITS | thread) << INDEX_BITS;
        if around.iter().all(|run| run.tag != tag) {
            break;
        }
    }
    tag
}

fn tag_of(packed: u64) -> u64 {
    const TAGS: u64 = ((1 << TAG_BITS) - 1) << INDEX_BITS;
    packed & TAGS
}

fn thread_of(tag: u64) -> u16 {
    (tag >> INDEX_BITS) as u16 & ((1 << THREAD_BITS) - 1)
}

/// What a task's waker says: the task, and some bits of its generation, the run and the thread.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Packed(pub(crate) u64);

impl Packed {
    /// The index of the task.
    #[cfg(feature = "safe")]
    #[inline]
    pub(crate) fn index(self) -> usize {
        (self.0 % INDICES) as usize
    }

    /// The tag of the run.
    #[cfg(feature = "safe")]
    #[inline]
    pub(crate) fn tag(self) -> u64 {
        tag_of(self.0)
    }
}

/// The tag of the innermost run of this thread.
#[inline]
pub(crate) fn tag() -> u64 {
    TAG.get()
}

/// The data word for a task of the run of this tag.
#[inline]
pub(crate) fn pack_for(tag: u64, id: TaskId) -> Packed {
    Packed(u64::from(id.generation) << GENERATION | tag | u64::from(id.index))
}

/// The data word for a task of the innermost run of this thread.
#[inline]
pub(crate) fn pack(id: TaskId) -> Packed {
    pack_for(tag(), id)
}

/// Somebody calls the waker of this data word.
pub(crate) fn wake(packed: u64) {
    if tag_of(packed) != TAG.get() {
        return wake_in_another_run(packed);
    }
    WOKEN.with_borrow_mut(|woken| woken.push(packed));
    alert();
}

/// The innermost run has to see to who was woken.
fn alert() {
    CORE.with_borrow(|core| core.iter().for_each(|core| core.alert()));
}

/// The data word for the task that is being polled in the run of this tag.
///
/// # Panics
/// On another thread than that of the run.
#[cfg(not(feature = "safe"))]
pub(crate) fn polled(tag: u64) -> Packed {
    check_thread(tag);
    let polled = |core: &Option<Rc<Core>>| core.as_ref().and_then(|core| core.polled());
    let task = if tag == TAG.get() {
        CORE.with_borrow(polled)
    } else {
        AROUND.with_borrow(|around| around.iter().rfind(|run| run.tag == tag).and_then(|run| polled(&run.core)))
    };
    let task = task.expect("what a step of a run is polled with is lent for that poll");
    pack_for(tag, task)
}

/// A task of a run around the innermost one, or of one that is over, or of another thread's.
#[cold]
fn wake_in_another_run(packed: u64) {
    let tag = tag_of(packed);
    check_thread(tag);
    // A thread that ends has no runs any more.
    let _ = AROUND.try_with(|around| {
        if let Some(run) = around.borrow_mut().iter_mut().rfind(|run| run.tag == tag) {
            run.woken.push(packed);
        }
    });
}

/// # Panics
/// On another thread than that of the run.
fn check_thread(tag: u64) {
    assert!(
        thread_of(tag) == THREAD.get(),
        "a waker of a timeskip simulation was called on another thread: a simulation lives on one thread, and a wake-up \
         from outside would make its order depend on real time",
    );
}

/// That a run goes on; its end gives way to the run around it, also where that comes by a panic.
#[must_use = "to be dropped at the end of the run"]
pub(crate) struct SetAside(());

/// A run begins on this thread. Wake-ups of the run around it, one of whose tasks runs this one, are for later.
pub(crate) fn set_aside() -> SetAside {
    AROUND.with_borrow_mut(|around| {
        around.push(Around { tag: TAG.get(), woken: WOKEN.take(), core: CORE.take() });
        TAG.set(next_tag(around));
    });
    SetAside(())
}

impl SetAside {
    /// The run that has begun is this one.
    pub(crate) fn is_for(&self, core: &Rc<Core>) {
        CORE.set(Some(Rc::clone(core)));
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        let around = AROUND.with_borrow_mut(Vec::pop);
        let Around { tag, woken, core } = around.unwrap_or(Around { tag: 0, woken: Vec::new(), core: None });
        TAG.set(tag);
        WOKEN.set(woken);
        let ended = CORE.replace(core);
        alert();
        // With nothing borrowed: a destructor of the program may run here.
        drop(ended);
    }
}

/// The tasks that foreign futures woke, in order; their generations are only as good as the bits that were kept.
pub(crate) fn take_woken() -> Vec<(u32, u16)> {
    let woken = WOKEN.take();
    woken.into_iter().map(|packed| ((packed % INDICES) as u32, (packed >> GENERATION) as u16)).collect()
}
