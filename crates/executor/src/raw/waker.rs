//! Wakers for foreign futures: channels, combinators and whatever else asks its context for one.
//!
//! Our own primitives know their tasks by number and never come here. A waker is two words that own nothing: cloning
//! copies and dropping does nothing, so that it may outlive the task, the run and the thread. The data word holds the
//! task's index, some bits of its generation, and the numbers of its run and of the thread that this lives on. A waker
//! that is stale wakes nobody, or, where the bits happen to meet, polls a task once more than needed, which futures
//! allow.
//!
//! This module has unsafe code: a waker without an allocation cannot be had otherwise (`std::task::Wake`
//! wants an `Arc` per task and four times the instructions per poll).

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU16, Ordering};
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::task::TaskId;

#[cfg(not(target_pointer_width = "64"))]
compile_error!("timeskip packs a task's number into one pointer and needs 64 bits");

// From the top of the data word: the index, of which a token of a wait has no more bits either; the generation; the
// run and the thread, which are the tag of a run.
const GENERATION_BITS: u32 = 16;
const RUN_BITS: u32 = 7;
const THREAD_BITS: u32 = 11;
const TAG_BITS: u32 = RUN_BITS + THREAD_BITS;

thread_local! {
    /// The number of this thread; zero until it runs a simulation.
    static THREAD: Cell<u16> = const { Cell::new(0) };
    /// The number of the run that began last on this thread.
    static RUN: Cell<u32> = const { Cell::new(0) };
    /// The tag of the innermost run; zero where there is none.
    static TAG: Cell<u32> = const { Cell::new(0) };
    /// Its tasks that foreign futures have woken since the last step.
    static WOKEN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    static ANY: Cell<bool> = const { Cell::new(false) };
    /// The runs around it, each in a step of one of its tasks, and what is woken of them.
    static AROUND: RefCell<Vec<Around>> = const { RefCell::new(Vec::new()) };
}

struct Around {
    tag: u32,
    woken: Vec<u64>,
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
fn next_tag(around: &[Around]) -> u32 {
    let thread = u32::from(this_thread());
    let mut tag = 0;
    for _ in 0..1 << RUN_BITS {
        RUN.set((RUN.get() + 1) % (1 << RUN_BITS));
        tag = RUN.get() << THREAD_BITS | thread;
        if around.iter().all(|run| run.tag != tag) {
            break;
        }
    }
    tag
}

fn tag_of(packed: u64) -> u32 {
    packed as u32 & ((1 << TAG_BITS) - 1)
}

/// The data word of a task's waker.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Packed(u64);

/// The data word for a task of the innermost run of this thread.
#[inline]
pub(crate) fn pack(id: TaskId) -> Packed {
    let generation = u64::from(id.generation as u16);
    Packed((u64::from(id.index) << GENERATION_BITS | generation) << TAG_BITS | u64::from(TAG.get()))
}

/// The waker of the task of a data word. It owns nothing: dropping it does nothing, and need not be done.
#[inline]
pub(crate) fn unpack(packed: Packed) -> ManuallyDrop<Waker> {
    let data = std::ptr::without_provenance(packed.0 as usize);
    // SAFETY: the functions of VTABLE only copy and compare the data word; they never dereference it, hold nothing to
    // free, and touch nothing but thread-local state of the thread that calls them, so that the waker may be sent,
    // shared, cloned and dropped anywhere.
    ManuallyDrop::new(unsafe { Waker::new(data, &VTABLE) })
}

/// Whether a waker is the one of this data word.
#[inline]
pub(crate) fn is_packed(waker: &Waker, packed: Packed) -> bool {
    std::ptr::eq(waker.vtable(), &VTABLE) && waker.data().addr() as u64 == packed.0
}

/// Whether a waker is the one of this task of the innermost run.
#[inline]
pub(crate) fn is_for(waker: &Waker, id: TaskId) -> bool {
    is_packed(waker, pack(id))
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| RawWaker::new(data, &VTABLE),
    |data| wake(data.addr() as u64),
    |data| wake(data.addr() as u64),
    |_| {},
);

fn wake(packed: u64) {
    if tag_of(packed) != TAG.get() {
        return wake_in_another_run(packed);
    }
    WOKEN.with_borrow_mut(|woken| woken.push(packed));
    ANY.set(true);
}

/// A task of a run around the innermost one, or of one that is over, or of another thread's.
#[cold]
fn wake_in_another_run(packed: u64) {
    let tag = tag_of(packed);
    assert!(
        tag as u16 & ((1 << THREAD_BITS) - 1) == THREAD.get(),
        "a waker of a timeskip simulation was called on another thread: a simulation lives on one thread, and a wake-up \
         from outside would make its order depend on real time",
    );
    // A thread that ends has no runs any more.
    let _ = AROUND.try_with(|around| {
        if let Some(run) = around.borrow_mut().iter_mut().rfind(|run| run.tag == tag) {
            run.woken.push(packed);
        }
    });
}

/// That a run goes on; its end gives way to the run around it, also where that comes by a panic.
#[must_use = "to be given to `put_back` at the end of the run"]
pub(crate) struct SetAside(());

/// A run begins on this thread. Wake-ups of the run around it, one of whose tasks runs this one, are for later.
pub(crate) fn set_aside() -> SetAside {
    AROUND.with_borrow_mut(|around| {
        ANY.set(false);
        around.push(Around { tag: TAG.get(), woken: WOKEN.take() });
        TAG.set(next_tag(around));
    });
    SetAside(())
}

/// Forgets the wake-ups of the run that has ended, and takes those up of the run around it.
pub(crate) fn put_back(ended: SetAside) {
    drop(ended);
}

impl Drop for SetAside {
    fn drop(&mut self) {
        let around = AROUND.with_borrow_mut(Vec::pop);
        let Around { tag, woken } = around.unwrap_or(Around { tag: 0, woken: Vec::new() });
        TAG.set(tag);
        ANY.set(!woken.is_empty());
        WOKEN.set(woken);
    }
}

/// Whether foreign futures have woken tasks since the last [`take_woken`].
#[inline]
pub(crate) fn any_woken() -> bool {
    ANY.get()
}

/// The tasks that foreign futures woke, in order; their generations are only as good as the bits that were kept.
pub(crate) fn take_woken() -> Vec<(u32, u16)> {
    if !ANY.replace(false) {
        return Vec::new();
    }
    let woken = WOKEN.take();
    woken
        .into_iter()
        .map(|packed| ((packed >> (GENERATION_BITS + TAG_BITS)) as u32, (packed >> TAG_BITS) as u16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_its_task_and_survives_cloning() {
        let run = set_aside();
        let index = (1 << 30) - 1;
        let waker = unpack(pack(TaskId { index, generation: 0x1_0007 }));
        let clone = Waker::clone(&waker);
        waker.wake_by_ref();
        clone.wake();
        assert_eq!(take_woken(), [(index, 7), (index, 7)]);
        assert_eq!(take_woken(), []);
        put_back(run);
    }

    #[test]
    fn wakes_a_task_of_its_own_run_from_inside_of_another_one_and_nobody_after_it() {
        let outer = set_aside();
        let waker = unpack(pack(TaskId { index: 1, generation: 0 }));
        // More than there are numbers for runs.
        for _ in 0..1000 {
            let inner = set_aside();
            waker.wake_by_ref();
            assert!(!any_woken());
            put_back(inner);
            assert_eq!(take_woken(), [(1, 0)]);
        }
        put_back(outer);
        waker.wake_by_ref();
        assert!(!any_woken(), "its run is over");
    }

    #[test]
    fn gives_way_to_the_run_around_it_when_it_panics() {
        let outer = set_aside();
        let waker = unpack(pack(TaskId { index: 1, generation: 0 }));
        let panic = std::panic::catch_unwind(|| {
            let _inner = set_aside();
            waker.wake_by_ref();
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(panic.is_err());
        assert_eq!(take_woken(), [(1, 0)]);
        put_back(outer);
    }

    #[test]
    fn refuses_a_wake_up_from_another_thread() {
        let run = set_aside();
        let waker = unpack(pack(TaskId { index: 1, generation: 0 }));
        put_back(run);
        let refused = std::thread::scope(|scope| scope.spawn(move || waker.wake_by_ref()).join());
        let panic = refused.expect_err("the other thread must be told");
        assert!(panic.downcast_ref::<&str>().is_some_and(|text| text.contains("on another thread")));
    }
}
