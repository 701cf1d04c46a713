//! Wakers for foreign futures: channels, combinators and whatever else asks its context for one.
//!
//! Our own primitives know their tasks by number and never come here. A waker is two words that own nothing: cloning
//! copies and dropping does nothing, so that it may outlive the task, the run and the thread. The data word holds the
//! task's index, some bits of its generation, and the number of the thread that the run lives on. A waker that is
//! stale wakes nobody, or, where the bits happen to meet, polls a task once more than needed, which futures allow.
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

const GENERATION_BITS: u32 = 16;
const THREAD_BITS: u32 = 16;

thread_local! {
    /// The number of this thread; zero until it runs a simulation.
    static THREAD: Cell<u16> = const { Cell::new(0) };
    /// Tasks woken by foreign futures since the last step.
    static WOKEN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    static ANY: Cell<bool> = const { Cell::new(false) };
}

static THREADS: AtomicU16 = AtomicU16::new(0);

#[inline]
fn this_thread() -> u16 {
    let number = THREAD.get();
    if number == 0 { number_thread() } else { number }
}

#[cold]
fn number_thread() -> u16 {
    let number = THREADS.fetch_add(1, Ordering::Relaxed).wrapping_add(1).max(1);
    THREAD.set(number);
    number
}

/// The data word of a task's waker.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Packed(u64);

/// The data word for a task of a run on this thread.
#[inline]
pub(crate) fn pack(id: TaskId) -> Packed {
    let generation = u64::from(id.generation) & ((1 << GENERATION_BITS) - 1);
    let task = u64::from(id.index) << (GENERATION_BITS + THREAD_BITS) | generation << THREAD_BITS;
    Packed(task | u64::from(this_thread()))
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

/// Whether a waker is the one of this task.
#[inline]
pub(crate) fn is_for(waker: &Waker, id: TaskId) -> bool {
    let generation = u64::from(id.generation) & ((1 << GENERATION_BITS) - 1);
    let task = u64::from(id.index) << GENERATION_BITS | generation;
    std::ptr::eq(waker.vtable(), &VTABLE) && waker.data().addr() as u64 >> THREAD_BITS == task
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| RawWaker::new(data, &VTABLE),
    |data| wake(data.addr() as u64),
    |data| wake(data.addr() as u64),
    |_| {},
);

fn wake(packed: u64) {
    let thread = packed as u16;
    assert!(
        thread == THREAD.get(),
        "a waker of a timeskip simulation was called on another thread: a simulation lives on one thread, and a wake-up \
         from outside would make its order depend on real time",
    );
    WOKEN.with_borrow_mut(|woken| woken.push(packed));
    ANY.set(true);
}

/// Wake-ups that are not for the run that begins: of an outer run, one of whose tasks runs this one, or of one that is
/// over. To be given to [`put_back`] when the run has ended.
pub(crate) fn set_aside() -> Vec<u64> {
    ANY.set(false);
    WOKEN.take()
}

/// Forgets the wake-ups of the run that has ended, and takes those up that were set aside.
pub(crate) fn put_back(woken: Vec<u64>) {
    ANY.set(!woken.is_empty());
    WOKEN.set(woken);
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
        .map(|packed| ((packed >> (GENERATION_BITS + THREAD_BITS)) as u32, (packed >> THREAD_BITS) as u16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_its_task_and_survives_cloning() {
        let waker = unpack(pack(TaskId { index: u32::MAX, generation: 0x1_0007 }));
        let clone = Waker::clone(&waker);
        waker.wake_by_ref();
        clone.wake();
        assert_eq!(take_woken(), [(u32::MAX, 7), (u32::MAX, 7)]);
        assert_eq!(take_woken(), []);
    }

    #[test]
    fn refuses_a_wake_up_from_another_thread() {
        let waker = unpack(pack(TaskId { index: 1, generation: 0 }));
        let refused = std::thread::scope(|scope| scope.spawn(move || waker.wake_by_ref()).join());
        let panic = refused.expect_err("the other thread must be told");
        assert!(panic.downcast_ref::<&str>().is_some_and(|text| text.contains("on another thread")));
    }
}
