//! The timers that come next, sorted: what a [radix heap](super::radix) holds before a certain time.
//!
//! Going through some ten timers costs less than spreading them over buckets that hold one or two each.

use super::Ties;
use super::radix::{DIGITS, Entry};

/// A bucket of at most this many timers becomes the front.
const OPENED_WITH: usize = 64;

/// So few are as well sorted without more ado.
const FEW: usize = 12;

/// With so many, the front goes back to the buckets: inserting into it costs time in proportion to its length.
const FULL: usize = 128;

pub(super) struct Front<T> {
    /// Latest first, so that the earliest leaves from the end; of equal ones the last that came is first.
    entries: Vec<Entry<T>>,
    /// Scratch.
    unsorted: Vec<Entry<T>>,
    /// It holds all timers before this time.
    end: u64,
    opened_with: usize,
}

impl<T: Copy> Front<T> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), unsorted: Vec::new(), end: 0, opened_with: OPENED_WITH }
    }

    /// One that takes no bucket and stays empty.
    pub(super) fn never() -> Self {
        Self { opened_with: 0, ..Self::new() }
    }

    /// Whether a timer of this deadline belongs here.
    #[inline]
    pub(super) fn covers(&self, deadline: u64) -> bool {
        deadline < self.end
    }

    #[inline]
    pub(super) fn first(&self) -> Option<&Entry<T>> {
        self.entries.last()
    }

    /// The payload of the timer that comes that many after the first.
    #[inline]
    pub(super) fn ahead(&self, distance: usize) -> Option<T> {
        let place = self.entries.len().checked_sub(1 + distance)?;
        self.entries.get(place).map(|entry| entry.payload)
    }

    /// Whether a bucket of so many timers can become the front.
    #[inline]
    pub(super) fn takes(&self, len: usize) -> bool {
        len <= self.opened_with
    }

    /// Takes the timers of a bucket, all those before `end`, and leaves it an empty list. It must be empty itself. `spread`
    /// says where among the buckets of the next lower level a deadline would lie.
    pub(super) fn open(&mut self, bucket: &mut Vec<Entry<T>>, end: u64, spread: impl Fn(u64) -> usize) {
        self.end = end;
        std::mem::swap(&mut self.entries, bucket);
        if self.entries.len() > FEW {
            self.spread(spread);
        } else {
            self.entries.reverse();
        }
        self.sort();
    }

    /// Puts the timers in the order of one digit, the last that came first among equals: by counting, which needs no
    /// comparison.
    fn spread(&mut self, digit: impl Fn(u64) -> usize) {
        self.unsorted.clone_from(&self.entries);
        let mut places = [0_u8; DIGITS];
        for entry in &self.unsorted {
            places[digit(entry.deadline) % DIGITS] += 1;
        }
        let mut place = 0;
        for count in places.iter_mut().rev() {
            place += std::mem::replace(count, place);
        }
        for entry in self.unsorted.iter().rev() {
            let place = &mut places[digit(entry.deadline) % DIGITS];
            self.entries[usize::from(*place)] = *entry;
            *place += 1;
        }
    }

    /// By insertion, since hardly anything is left to do; equal timers stay as they are.
    fn sort(&mut self) {
        for place in 1..self.entries.len() {
            let entry = self.entries[place];
            let mut free = place;
            while free > 0 && self.entries[free - 1].deadline < entry.deadline {
                self.entries[free] = self.entries[free - 1];
                free -= 1;
            }
            self.entries[free] = entry;
        }
    }

    pub(super) fn insert(&mut self, entry: Entry<T>) {
        let place = self.entries.partition_point(|other| other.deadline > entry.deadline);
        self.entries.insert(place, entry);
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= FULL
    }

    /// Gives all timers back, by deadline, and covers none any more.
    #[cold]
    pub(super) fn close(&mut self) -> impl Iterator<Item = Entry<T>> + use<T> {
        self.end = 0;
        std::mem::take(&mut self.entries).into_iter().rev()
    }

    /// Appends what is due by `now`, by deadline, equal ones as `ties` says, and tells how many there were.
    #[inline]
    pub(super) fn take_due(&mut self, now: u64, batch: &mut Vec<T>, ties: &mut Ties) -> usize {
        let start = batch.len();
        let mut left = self.entries.len();
        while left > 0 && self.entries[left - 1].deadline <= now {
            left -= 1;
            batch.push(self.entries[left].payload);
        }
        if !matches!(ties, Ties::Fifo) {
            self.arrange(left, &mut batch[start..], ties);
        }
        self.entries.truncate(left);
        batch.len() - start
    }

    /// Arranges the payloads of the timers from a place on, each run of equal deadlines by itself.
    #[cold]
    fn arrange(&self, from: usize, mut batch: &mut [T], ties: &mut Ties) {
        for run in self.entries[from..].chunk_by(|one, other| one.deadline == other.deadline).rev() {
            let (payloads, rest) = batch.split_at_mut(run.len());
            ties.arrange(payloads);
            batch = rest;
        }
    }

    /// Drops the timers whose payload no longer matters, and tells how many there were.
    pub(super) fn drop_dead(&mut self, is_live: &mut impl FnMut(T) -> bool) -> usize {
        let before = self.entries.len();
        self.entries.retain(|entry| is_live(entry.payload));
        before - self.entries.len()
    }
}
