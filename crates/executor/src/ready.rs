//! The queue of what runs next, and why each entry is in it.

use std::collections::VecDeque;

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
    Gathered { gather: GatherId, child: u32 },
    /// A task that an `as_completed` iterates over ended.
    Completed { iterator: CompletionId, child: u32 },
    /// A task of a group ended.
    Grouped { group: GroupId, member: u32, status: Status },
    /// A task that a `wait` waits for ended.
    Waited { wait: Key, status: Status },
    /// The run ends after `turns` more turns.
    RunEnd { turns: u8 },
}

/// First in, first out. While a run is watched, each entry keeps its cause beside it.
#[derive(Default)]
pub(crate) struct ReadyQueue {
    entries: VecDeque<Entry>,
    causes: Option<VecDeque<Cause>>,
}

impl ReadyQueue {
    pub(crate) fn watch(&mut self) {
        self.causes = Some(VecDeque::new());
    }

    #[inline]
    pub(crate) fn push(&mut self, entry: Entry, cause: impl FnOnce() -> Cause) {
        self.entries.push_back(entry);
        if let Some(causes) = &mut self.causes {
            causes.push_back(cause());
        }
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(Entry, Cause)> {
        let entry = self.entries.pop_front()?;
        let cause = self.causes.as_mut().and_then(VecDeque::pop_front).unwrap_or(Cause::Order);
        Some((entry, cause))
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
