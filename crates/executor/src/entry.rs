//! What runs in a turn, and how it lies in the queue.

use crate::callback::CallbackId;
use crate::event::{GatherId, GroupId, Status};
use crate::slab::{Key, Slab};
use crate::task::{PLACES, TaskId};
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

/// An entry as it lies in the queue, in eight bytes. With a million tasks the first turn has a million of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// Below `PLACES` the place of a task that steps; else what kind of entry it is, and more in the lower bits.
    place: u32,
    number: u32,
}

/// The child of a gather has ended; above the number of the gather is its status.
const GATHERED: u32 = 1 << 30;
/// The entry lies among the others.
const OTHER: u32 = 3 << 30;
const KIND: u32 = 3 << 30;
const STATUS: u32 = 28;
const GATHERS: u32 = 1 << STATUS;

/// Entries that need more room, each as long as its word is in the queue.
pub(crate) type Others = Slab<Entry>;

impl Word {
    #[inline]
    pub(crate) fn of_step(TaskId { index, generation }: TaskId) -> Word {
        Word { place: index, number: generation }
    }

    /// The word of the end of a gather's child, unless there are very many gathers.
    #[inline]
    pub(crate) fn of_gathered(GatherId(gather): GatherId, child: u32, status: Status) -> Option<Word> {
        (gather < GATHERS).then_some(Word { place: GATHERED | (status as u32) << STATUS | gather, number: child })
    }

    /// The word of any other entry.
    #[cold]
    pub(crate) fn of_other(entry: Entry, others: &mut Others) -> Word {
        let Key { index, generation } = others.insert(entry);
        assert!(index < PLACES, "fewer entries than 2^30");
        Word { place: OTHER | index, number: generation }
    }

    /// The task, where it is a step.
    #[inline(always)]
    pub(crate) fn step(self) -> Option<TaskId> {
        (self.place < PLACES).then_some(self.as_step())
    }

    /// The task whose step it is, or one that cannot be: no task has such a place.
    #[inline(always)]
    pub(crate) fn as_step(self) -> TaskId {
        TaskId { index: self.place, generation: self.number }
    }

    /// The gather and its child, where it is the end of one that returned.
    #[inline(always)]
    pub(crate) fn returned(self) -> Option<(GatherId, u32)> {
        const RETURNED: u32 = GATHERED >> STATUS | Status::Finished as u32;
        (self.place >> STATUS == RETURNED).then_some((GatherId(self.place % GATHERS), self.number))
    }

    /// Where among the others it lies.
    fn other(self) -> Option<Key> {
        (self.place & KIND == OTHER).then_some(Key { index: self.place & !KIND, generation: self.number })
    }

    /// The entry, which is taken out where it lies among the others; nothing where it has run.
    pub(crate) fn take(self, others: &mut Others) -> Option<Entry> {
        self.other().map_or_else(|| self.whole(), |key| others.remove(key))
    }

    /// The entry.
    pub(crate) fn look(self, others: &mut Others) -> Option<Entry> {
        self.other().map_or_else(|| self.whole(), |key| others.get(key).copied())
    }

    /// The entry, where it needs no more room.
    fn whole(self) -> Option<Entry> {
        if let Some(task) = self.step() {
            return Some(Entry::Step(task));
        }
        let status = match self.place >> STATUS & 3 {
            0 => Status::Finished,
            1 => Status::Failed,
            _ => Status::Cancelled,
        };
        let gather = GatherId(self.place % GATHERS);
        (self.place & KIND == GATHERED).then_some(Entry::Gathered { gather, child: self.number, status })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_comes_out_as_it_went_in() {
        let task = TaskId { index: PLACES - 1, generation: u32::MAX };
        let ended = |gather, status| Entry::Gathered { gather: GatherId(gather), child: u32::MAX, status };
        let all = [
            Entry::Step(task),
            ended(0, Status::Finished),
            ended(GATHERS - 1, Status::Failed),
            ended(GATHERS, Status::Cancelled),
            ended(7, Status::Cancelled),
            Entry::Shielded(task),
            Entry::RunEnd { turns: 1 },
        ];
        let mut others = Others::default();
        let words = all.map(|entry| match entry {
            Entry::Step(task) => Word::of_step(task),
            Entry::Gathered { gather, child, status } => {
                Word::of_gathered(gather, child, status).unwrap_or_else(|| Word::of_other(entry, &mut others))
            }
            _ => Word::of_other(entry, &mut others),
        });
        for (entry, word) in all.iter().zip(words) {
            assert_eq!(format!("{:?}", word.look(&mut others)), format!("{:?}", Some(entry)));
            assert_eq!(format!("{:?}", word.take(&mut others)), format!("{:?}", Some(entry)));
        }
        assert_eq!(words.map(|word| word.step().is_some()), [true, false, false, false, false, false, false]);
        assert_eq!(words.map(|word| word.returned().is_some()), [false, true, false, false, false, false, false]);
        assert!(words[6].take(&mut others).is_none(), "its room is free again");
        assert_eq!(size_of::<Word>(), 8);
    }
}
