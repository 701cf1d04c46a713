//! The queue of what runs next, and why each entry is in it.

use std::cell::RefCell;

use crate::callback::CallbackId;
use crate::event::{Cause, GatherId, GroupId, Status};
use crate::slab::Key;
use crate::task::TaskId;
use crate::wait::WaitToken;

/// An iteration of `as_completed`, by its number in the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CompletionId(pub(crate) u32);

/// One entry of a turn: one step of a task, or one callback.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    /// A step of a task.
    Step(TaskId),
    /// A timer is due: its callback completes what waits for it.
    Fire(WaitToken),
    /// A callback is called.
    Call(CallbackId),
    /// What a shield stands before ended.
    Shielded(TaskId),
    /// A shield ended.
    ShieldEnded(TaskId),
    /// A child of a gather ended.
    Gathered { gather: GatherId, child: u32, status: Status },
    /// A task that an `as_completed` iterates over ended.
    Completed { iterator: CompletionId, child: u32 },
    /// A task of a group ended.
    Grouped { group: GroupId, member: u32, status: Status },
    /// A task that a `wait` waits for ended.
    Waited { wait: Key, status: Status },
    /// The run ends after `turns` more turns.
    RunEnd { turns: u8 },
}

/// What is ready, first in, first out.
///
/// A turn runs what was ready when it began: so nothing is ever taken from the front while something is pushed, and
/// two lists that change places are a queue. Very many entries lie in several lists, which are used again as soon as they
/// have been run. While a run is watched, another list keeps the cause of each entry.
#[derive(Default)]
pub(crate) struct ReadyQueue {
    /// The last entries.
    entries: RefCell<Vec<Entry>>,
    /// Those before them, `CHUNK` in a list.
    before: RefCell<Vec<Vec<Entry>>>,
    /// Emptied lists.
    spare: RefCell<Vec<Vec<Entry>>>,
    causes: RefCell<Vec<Cause>>,
}

/// So many entries lie in one list.
const CHUNK: usize = 4096;

impl ReadyQueue {
    #[inline]
    pub(crate) fn push(&self, entry: Entry) {
        let mut entries = self.entries.borrow_mut();
        if entries.len() == entries.capacity() {
            drop(entries);
            return self.grow_and_push(entry);
        }
        entries.push(entry);
    }

    /// Apart, so that the common case needs no call.
    #[cold]
    #[inline(never)]
    fn grow_and_push(&self, entry: Entry) {
        let mut entries = self.entries.borrow_mut();
        if entries.len() >= CHUNK {
            let empty = self.spare.borrow_mut().pop().unwrap_or_else(|| Vec::with_capacity(CHUNK));
            self.before.borrow_mut().push(std::mem::replace(&mut entries, empty));
        }
        entries.push(entry);
    }

    #[cold]
    pub(crate) fn push_cause(&self, cause: Cause) {
        self.causes.borrow_mut().push(cause);
    }

    /// Takes everything: the last entries in exchange for an emptied list, and the lists before them, to be
    /// [given back](ReadyQueue::give_back).
    #[inline]
    pub(crate) fn take(&self, emptied: &mut Vec<Entry>) -> Vec<Vec<Entry>> {
        std::mem::swap(&mut *self.entries.borrow_mut(), emptied);
        if self.before.borrow().is_empty() { Vec::new() } else { self.before.take() }
    }

    /// The entries of a list have run.
    pub(crate) fn give_back(&self, mut list: Vec<Entry>) {
        list.clear();
        self.spare.borrow_mut().push(list);
    }

    /// Nothing is left of what was many.
    pub(crate) fn forget_spare(&self) {
        self.spare.take();
    }

    /// Takes the causes of what [`take`](ReadyQueue::take) took; none where the run is not watched.
    #[cold]
    pub(crate) fn take_causes(&self) -> Vec<Cause> {
        self.causes.take()
    }

    /// All entries, for a report.
    pub(crate) fn to_vec(&self) -> Vec<Entry> {
        self.before.borrow().iter().flatten().chain(&*self.entries.borrow()).copied().collect()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.borrow().is_empty()
    }
}
