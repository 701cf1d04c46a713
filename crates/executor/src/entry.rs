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
    /// A step of each of so many tasks of the first generation that lie side by side, from this place on.
    Steps { first: u32, count: u32 },
    /// A timer is due: its callback completes what waits for it.
    Fire(WaitToken),
    /// A callback is called.
    Call(CallbackId),
    /// What a shield stands before ended.
    Shielded(TaskId),
    /// A shield ended.
    ShieldEnded(TaskId),
    /// So many children of a gather returned, one after the other.
    Returned { gather: GatherId, count: u32 },
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

/// An entry as it lies in the queue, in eight bytes, or several that are alike and follow each other. Where a million tasks
/// begin or end in one turn, that is a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// Below `PLACES` the place of a task that steps; else what kind of entry it is, and more in the lower bits.
    place: u32,
    number: u32,
}

/// So many children of the gather of this number have returned.
const RETURNED: u32 = 1 << 30;
/// Tasks of the first generation step that lie side by side; so many, from this one on.
const STEPS: u32 = 2 << 30;
/// The entry lies among the others.
const OTHER: u32 = 3 << 30;
const KIND: u32 = 3 << 30;

/// Entries that need more room, each as long as its word is in the queue.
pub(crate) type Others = Slab<Entry>;

impl Word {
    #[inline]
    pub(crate) fn of_step(TaskId { index, generation }: TaskId) -> Word {
        Word { place: index, number: generation }
    }

    /// The word of this entry and of the step of a task behind it, where one word can say both: many tasks that are made one
    /// after the other have their first steps one after the other, too.
    #[inline]
    pub(crate) fn and_step(self, TaskId { index, generation }: TaskId) -> Option<Word> {
        if generation != 0 {
            return None;
        }
        match self.place & KIND {
            0 if self.number == 0 && self.place + 1 == index => Some(Word { place: STEPS | self.place, number: 2 }),
            STEPS if (self.place & !KIND) + self.number == index => Some(Word { number: self.number + 1, ..self }),
            _ => None,
        }
    }

    /// The word of a child of a gather that returned, unless there are very many gathers.
    #[inline]
    pub(crate) fn of_returned(GatherId(gather): GatherId) -> Option<Word> {
        (gather < PLACES).then_some(Word { place: RETURNED | gather, number: 1 })
    }

    /// The word of this entry and of another child of the gather that returned, where one word can say both.
    #[inline]
    pub(crate) fn and_returned(self, GatherId(gather): GatherId) -> Option<Word> {
        // There are fewer children than numbers.
        (self.place == RETURNED | gather && gather < PLACES).then_some(Word { number: self.number + 1, ..self })
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

    /// A gather, and how many of its children have returned, where it is that.
    #[inline(always)]
    pub(crate) fn returned(self) -> Option<(GatherId, u32)> {
        (self.place & KIND == RETURNED).then_some((GatherId(self.place & !KIND), self.number))
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
        if let Some((gather, count)) = self.returned() {
            return Some(Entry::Returned { gather, count });
        }
        (self.place & KIND == STEPS).then_some(Entry::Steps { first: self.place & !KIND, count: self.number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_comes_out_as_it_went_in() {
        let task = TaskId { index: PLACES - 1, generation: u32::MAX };
        let gather = GatherId(PLACES - 1);
        let all = [
            Entry::Step(task),
            Entry::Returned { gather, count: 1 },
            Entry::Gathered { gather, child: u32::MAX, status: Status::Failed },
            Entry::Shielded(task),
            Entry::RunEnd { turns: 1 },
        ];
        assert!(Word::of_returned(GatherId(PLACES)).is_none(), "it has no room for so many");
        let mut others = Others::default();
        let words = all.map(|entry| match entry {
            Entry::Step(task) => Word::of_step(task),
            Entry::Returned { gather, .. } => Word::of_returned(gather).expect("there is room for so many"),
            _ => Word::of_other(entry, &mut others),
        });
        for (entry, word) in all.iter().zip(words) {
            assert_eq!(format!("{:?}", word.look(&mut others)), format!("{:?}", Some(entry)));
            assert_eq!(format!("{:?}", word.take(&mut others)), format!("{:?}", Some(entry)));
        }
        assert_eq!(words.map(|word| word.step().is_some()), [true, false, false, false, false]);
        assert_eq!(words.map(|word| word.returned().is_some()), [false, true, false, false, false]);
        assert!(words[4].take(&mut others).is_none(), "its room is free again");
        assert_eq!(size_of::<Word>(), 8);
    }

    #[test]
    fn steps_side_by_side_are_one_word() {
        let task = |index, generation| TaskId { index, generation };
        let both = |one: TaskId, other| Word::of_step(one).and_step(other);
        let read = |word: Option<Word>| word.and_then(|word| word.look(&mut Others::default()));
        assert!(both(task(7, 1), task(8, 1)).is_none() && both(task(7, 1), task(8, 0)).is_none());
        assert!(both(task(7, 0), task(8, 1)).is_none() && both(task(7, 0), task(9, 0)).is_none());
        assert!(both(task(7, 0), task(6, 0)).is_none() && both(task(7, 0), task(7, 0)).is_none());
        let two = both(task(7, 0), task(8, 0));
        let three = two.and_then(|two| two.and_step(task(9, 0)));
        assert!(matches!(read(two), Some(Entry::Steps { first: 7, count: 2 })));
        assert!(matches!(read(three), Some(Entry::Steps { first: 7, count: 3 })));
        assert!(three.is_some_and(|three| three.and_step(task(9, 0)).is_none() && three.step().is_none()));
        assert!(Word::of_returned(GatherId(0)).is_some_and(|returned| returned.and_step(task(1, 0)).is_none()));
    }

    #[test]
    fn children_that_return_one_after_the_other_are_one_word() {
        let [one, other] = [5, 6].map(GatherId);
        let both = |one, other| Word::of_returned(one).and_then(|word| word.and_returned(other));
        assert!(both(one, other).is_none());
        let three = both(one, one).and_then(|two| two.and_returned(one));
        assert_eq!(three.and_then(Word::returned), Some((one, 3)));
        let step = Word::of_step(TaskId { index: 5, generation: 0 });
        assert!(step.and_returned(one).is_none() && step.returned().is_none());
    }
}
