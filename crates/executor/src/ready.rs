//! The queue of what runs next.

use std::cell::{Cell, RefCell};

use crate::entry::{Entry, Others, Word};
use crate::event::{Cause, GatherId};
use crate::raw::list::List;
use crate::task::TaskId;

/// What is ready, first in, first out.
///
/// A turn runs what was ready when it began: so nothing is ever taken from the front while something is pushed, and
/// two lists that change places are a queue. Very many entries lie in several lists, which are used again as soon as they
/// have been run. While a run is watched, another list keeps the cause of each entry.
#[derive(Default)]
pub(crate) struct ReadyQueue {
    /// The last entries.
    entries: List<Word>,
    /// Those before them, `CHUNK` in a list.
    before: RefCell<Vec<Vec<Word>>>,
    /// Whether there are any before them.
    is_long: Cell<bool>,
    /// Emptied lists.
    spare: RefCell<Vec<Vec<Word>>>,
    others: RefCell<Others>,
    causes: RefCell<Vec<Cause>>,
}

/// So many entries lie in one list.
const CHUNK: usize = 4096;

/// So many emptied lists are kept while the others are run.
const KEPT: usize = 16;

impl ReadyQueue {
    /// An entry that is neither a step nor the return of a gather's child.
    pub(crate) fn push_other(&self, entry: Entry) {
        let word = Word::of_other(entry, &mut self.others.borrow_mut());
        self.push(word);
    }

    /// An entry begins to run.
    pub(crate) fn take_entry(&self, word: Word) -> Option<Entry> {
        word.take(&mut self.others.borrow_mut())
    }

    #[inline]
    pub(crate) fn push(&self, word: Word) {
        if !self.entries.push_if_room(word) {
            self.make_room(word);
        }
    }

    /// Adds the step of a task that has just been made: often there were others just before it, and one word says all. Nobody
    /// watches.
    #[inline]
    pub(crate) fn push_first_step(&self, task: TaskId) {
        match self.entries.last().and_then(|last| last.and_step(task)) {
            Some(both) => self.entries.replace_last(both),
            None => self.push(Word::of_step(task)),
        }
    }

    /// Adds that a child of a gather has returned: often there were others just before it, and one word says all. Nobody
    /// watches. False where there are very many gathers.
    #[inline]
    pub(crate) fn push_returned(&self, gather: GatherId) -> bool {
        if let Some(both) = self.entries.last().and_then(|last| last.and_returned(gather)) {
            self.entries.replace_last(both);
            return true;
        }
        let word = Word::of_returned(gather);
        word.into_iter().for_each(|word| self.push(word));
        word.is_some()
    }

    /// Apart, so that the common case needs no call.
    #[cold]
    #[inline(never)]
    fn make_room(&self, word: Word) {
        let mut entries = self.entries.replace(Vec::new());
        if entries.len() >= CHUNK {
            let empty = self.spare.borrow_mut().pop().unwrap_or_else(|| Vec::with_capacity(CHUNK));
            let mut full = std::mem::replace(&mut entries, empty);
            // So that the last list never holds a single entry where there are others before it.
            entries.extend(full.pop());
            self.before.borrow_mut().push(full);
            self.is_long.set(true);
        }
        entries.push(word);
        self.entries.replace(entries);
    }

    #[cold]
    pub(crate) fn push_cause(&self, cause: Cause) {
        self.causes.borrow_mut().push(cause);
    }

    /// Takes the entry, where there is only one and `look` sees something in it.
    #[inline(always)]
    pub(crate) fn take_only<R>(&self, look: impl FnOnce(Word) -> Option<R>) -> Option<R> {
        self.entries.take_only(look)
    }

    /// Takes everything: the last entries in exchange for an emptied list, and the lists before them, to be
    /// [given back](ReadyQueue::give_back).
    #[inline]
    pub(crate) fn take(&self, emptied: &mut Vec<Word>) -> Vec<Vec<Word>> {
        *emptied = self.entries.replace(std::mem::take(emptied));
        if self.is_long.replace(false) { self.before.take() } else { Vec::new() }
    }

    /// The entries of a list have run.
    pub(crate) fn give_back(&self, mut list: Vec<Word>) {
        let mut spare = self.spare.borrow_mut();
        if spare.len() < KEPT {
            list.clear();
            spare.push(list);
        }
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
        let (before, entries, mut others) = (self.before.borrow(), self.entries.to_vec(), self.others.borrow_mut());
        before.iter().flatten().chain(&entries).filter_map(|word| word.look(&mut others)).collect()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
