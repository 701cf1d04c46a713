//! Wakers for foreign futures: channels, combinators and whatever else asks its context for one.
//!
//! Our own primitives know their tasks by number and never come here. A waker is two words that own nothing: cloning
//! copies and dropping does nothing, so that it may outlive the task, the run and the thread.
//!
//! This module has unsafe code: a waker without an allocation cannot be had otherwise.

use std::mem::ManuallyDrop;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::task::TaskId;
pub(crate) use crate::woken::{Packed, any_woken, pack, set_aside, take_woken};
use crate::woken::{SetAside, wake};

#[cfg(not(target_pointer_width = "64"))]
compile_error!("timeskip packs a task's number into one pointer and needs 64 bits; its feature `safe` does not");

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

/// Forgets the wake-ups of the run that has ended, and takes those up of the run around it.
pub(crate) fn put_back(ended: SetAside) {
    drop(ended);
}
