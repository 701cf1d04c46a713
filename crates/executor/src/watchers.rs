//! Who is told when a task ends.

use crate::callback::CallbackId;
use crate::entry::{CompletionId, Entry};
use crate::event::{GatherId, GroupId, Status};
use crate::slab::Key;
use crate::slot::Slot;
use crate::task::TaskId;
use crate::tasks::Tasks;
use crate::wait::WaitToken;

/// Who is told when a task ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Watcher {
    Task(WaitToken),
    Gather {
        gather: GatherId,
        child: u32,
    },
    Completion {
        iterator: CompletionId,
        child: u32,
    },
    Group {
        group: GroupId,
        member: u32,
    },
    Shield(TaskId),
    /// A shield: whether it was cancelled before its task ended.
    ShieldEnd(TaskId),
    /// A wait that the end of the task completes by a callback.
    Callback(WaitToken),
    Wait(Key),
    Call(CallbackId),
    Run,
}

impl Watcher {
    /// The entry that tells it, for watchers that are told by an entry of their own.
    pub(crate) fn entry(self, status: Status) -> Option<Entry> {
        match self {
            Watcher::Task(_) => None,
            Watcher::Gather { gather, child } => Some(Entry::Gathered { gather, child, status }),
            Watcher::Completion { iterator, child } => Some(Entry::Completed { iterator, child }),
            Watcher::Group { group, member } => Some(Entry::Grouped { group, member, status }),
            Watcher::Shield(shield) => Some(Entry::Shielded(shield)),
            Watcher::ShieldEnd(shield) => Some(Entry::ShieldEnded(shield)),
            Watcher::Callback(token) => Some(Entry::Fire(token)),
            Watcher::Wait(wait) => Some(Entry::Waited { wait, status }),
            Watcher::Call(id) => Some(Entry::Call(id)),
            Watcher::Run => Some(Entry::RunEnd { turns: 0 }),
        }
    }
}

/// Those who watch one task, in the order in which they began to. Most tasks have at most one.
#[derive(Default)]
pub(crate) struct Watchers {
    pub(crate) first: Option<Watcher>,
    pub(crate) more: Vec<Watcher>,
}

/// So many watchers are worth being gone through.
const MANY: usize = 64;

impl Tasks {
    /// Tells `watcher` when the task ends.
    pub(crate) fn watch(&self, id: TaskId, watcher: Watcher) {
        self.watch_slot(self.slot(id), watcher);
    }

    #[inline]
    pub(crate) fn watch_slot(&self, slot: &Slot, watcher: Watcher) {
        if slot.watcher.get().is_none() {
            slot.watcher.set(Some(watcher));
        } else {
            self.detail(slot).watchers.borrow_mut().push(watcher);
        }
    }

    /// All who watch a task, which has none from now on.
    #[inline]
    pub(crate) fn take_watchers(&self, slot: &Slot) -> Watchers {
        let more = self.known_detail(slot).map(|detail| detail.watchers.take());
        Watchers { first: slot.watcher.take(), more: more.unwrap_or_default() }
    }

    /// The waiter gave up.
    pub(crate) fn unwatch(&self, id: TaskId, token: WaitToken) {
        let is_it =
            |watcher: &Watcher| matches!(watcher, Watcher::Task(wait) | Watcher::Callback(wait) if *wait == token);
        self.unwatch_where(self.slot(id), is_it);
    }

    pub(crate) fn unwatch_where(&self, slot: &Slot, is_it: impl Fn(&Watcher) -> bool) {
        let mut more = self.known_detail(slot).map(|detail| detail.watchers.borrow_mut());
        if slot.watcher.get().as_ref().is_some_and(&is_it) {
            // The others keep their order: the first of them moves up.
            slot.watcher.set(more.and_then(|mut more| (!more.is_empty()).then(|| more.remove(0))));
        } else if let Some(more) = &mut more {
            more.retain(|watcher| !is_it(watcher));
        }
    }

    /// Forgets the callbacks that were taken back, now and then: taking one back costs the same however many there are.
    pub(crate) fn forget_calls(&self, id: TaskId, is_registered: impl Fn(CallbackId) -> bool) {
        let Some(detail) = self.known_detail(self.slot(id)) else { return };
        let mut more = detail.watchers.borrow_mut();
        if more.len() >= MANY && more.len().is_power_of_two() {
            more.retain(|watcher| !matches!(watcher, Watcher::Call(id) if !is_registered(*id)));
        }
    }
}
