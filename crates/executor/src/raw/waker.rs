//! Wakers for foreign futures: channels, combinators and whatever else asks its context for one.
//!
//! Our own primitives know their tasks by number and never come here. A waker is two words that own nothing: cloning
//! copies and dropping does nothing, so that it may outlive the task, the run and the thread. What the steps of a run are
//! polled with is one waker for all of them: only who clones it finds out whose it is. `will_wake` does not see that it and a
//! clone of it are the same, which costs whoever asks a copy more.
//!
//! This module has unsafe code: a waker without an allocation cannot be had otherwise.

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::task::TaskId;
#[cfg(test)]
use crate::woken::Packed;
use crate::woken::{SetAside, polled, tag, wake};
pub(crate) use crate::woken::{pack, set_aside, take_woken};

#[cfg(not(target_pointer_width = "64"))]
compile_error!("timeskip packs a task's number into one pointer and needs 64 bits; its feature `safe` does not");

/// What the steps of a run are polled with.
pub(crate) struct Lender(ManuallyDrop<Waker>);

impl Lender {
    /// That of the innermost run, which begins.
    pub(crate) fn new() -> Lender {
        Lender(waker(tag(), &LENT))
    }

    /// A waker for the step of a task that begins now.
    #[inline(always)]
    pub(crate) fn lend(&self, _: TaskId) -> Lent<'_> {
        Lent(&self.0)
    }

    /// Whether a waker is the very one that was lent for the step that is running, and no copy of it.
    #[inline(always)]
    pub(crate) fn has_lent(&self, waker: &Waker) -> bool {
        std::ptr::eq(waker, &raw const *self.0)
    }
}

/// The waker of a task, while it steps.
pub(crate) struct Lent<'run>(&'run Waker);

impl Deref for Lent<'_> {
    type Target = Waker;

    #[inline(always)]
    fn deref(&self) -> &Waker {
        self.0
    }
}

/// The waker of the task of a data word. It owns nothing: dropping it does nothing, and need not be done.
#[cfg(test)]
pub(crate) fn unpack(packed: Packed) -> ManuallyDrop<Waker> {
    waker(packed.0, &PACKED)
}

/// A waker of a word that says all there is to say.
fn waker(word: u64, table: &'static RawWakerVTable) -> ManuallyDrop<Waker> {
    let data = std::ptr::without_provenance(word as usize);
    // SAFETY: the functions of both tables read the data word as a number; they never dereference it, hold nothing to free,
    // and touch nothing but thread-local state of the thread that calls them, so that the waker may be sent, shared and
    // dropped anywhere. Where one of them refuses, it panics.
    ManuallyDrop::new(unsafe { Waker::new(data, table) })
}

/// Whether a waker is a clone of the one of this task of the innermost run.
#[inline]
pub(crate) fn is_for(waker: &Waker, id: TaskId) -> bool {
    std::ptr::eq(waker.vtable(), &PACKED) && waker.data().addr() as u64 == pack(id).0
}

/// Of a task's waker, whose word names the task.
static PACKED: RawWakerVTable = RawWakerVTable::new(
    |data| RawWaker::new(data, &PACKED),
    |data| wake(data.addr() as u64),
    |data| wake(data.addr() as u64),
    |_| {},
);

/// Of the waker that is lent for each step, whose word names the run.
static LENT: RawWakerVTable = RawWakerVTable::new(
    |data| RawWaker::new(std::ptr::without_provenance(polled(data.addr() as u64).0 as usize), &PACKED),
    |data| wake(polled(data.addr() as u64).0),
    |data| wake(polled(data.addr() as u64).0),
    |_| {},
);

/// Forgets the wake-ups of the run that has ended, and takes those up of the run around it.
pub(crate) fn put_back(ended: SetAside) {
    drop(ended);
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;
    use crate::Simulation;

    #[test]
    fn what_is_lent_becomes_the_waker_of_whoever_is_polled_and_of_nobody_elsewhere() {
        let run = Simulation::new().run(|sim| async move {
            let nobody = sim.spawn(async {});
            poll_fn(move |context| {
                let lent = context.waker();
                assert!(is_for(&lent.clone(), sim.current_task()) && !is_for(&lent.clone(), nobody.id()));
                // The run of a task that runs another simulation is still its own.
                let inside = Simulation::new().run(|_| std::future::ready(()));
                assert!(inside.output.is_some() && is_for(&lent.clone(), sim.current_task()));
                let elsewhere = std::thread::scope(|scope| scope.spawn(|| lent.clone()).join());
                Poll::Ready(elsewhere.is_err())
            })
            .await
        });
        assert_eq!(run.output, Some(true), "{}", run.ending);
    }
}
