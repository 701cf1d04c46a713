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
pub(super) const FULL: usize = 128;

pub(super) struct Front<T> {
    /// Earliest first, equal ones as they came; those that have left are still there, before [`next`](Self::next).
    entries: Vec<Entry<T>>,
    next: usize,
    /// It holds all timers before this time.
    end: u64,
    opened_with: usize,
}

impl<T: Copy> Front<T> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), next: 0, end: 0, opened_with: OPENED_WITH }
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
        self.entries.get(self.next)
    }

    /// All of them, earliest first.
    #[inline]
    pub(super) fn entries(&self) -> &[Entry<T>] {
        self.entries.get(self.next..).unwrap_or_default()
    }

    /// Drops so many of the earliest, which there must be.
    #[inline]
    pub(super) fn drop_first(&mut self, count: usize) {
        self.next += count;
    }

    /// The payload of the timer that comes that many after the first.
    #[inline]
    pub(super) fn ahead(&self, distance: usize) -> Option<T> {
        self.entries.get(self.next + distance).map(|entry| entry.payload)
    }

    /// Whether a bucket of so many timers can become the front.
    #[inline]
    pub(super) fn takes(&self, len: usize) -> bool {
        len <= self.opened_with
    }

    /// Takes the timers of a bucket, all those before `end`, and empties it. It must be empty itself. `spread` says where
    /// among the buckets of the next lower level a deadline would lie.
    pub(super) fn open(&mut self, bucket: &mut Vec<Entry<T>>, end: u64, spread: impl Fn(u64) -> usize) {
        self.end = end;
        self.next = 0;
        if bucket.len() > FEW {
            // What is there is written over.
            self.entries.resize(bucket.len(), bucket[0]);
            self.spread(bucket, spread);
        } else {
            self.entries.clear();
            self.entries.extend_from_slice(bucket);
        }
        bucket.clear();
        sort(&mut self.entries);
    }

    /// Puts the timers of a bucket in the order of one digit, equal ones as they came: by counting, which needs no
    /// comparison.
    fn spread(&mut self, bucket: &[Entry<T>], digit: impl Fn(u64) -> usize) {
        let digit = |entry: &Entry<T>| digit(entry.deadline) % DIGITS;
        let mut places = [0; DIGITS];
        for entry in bucket {
            places[digit(entry)] += 1;
        }
        add_up(&mut places);
        for entry in bucket {
            let place = &mut places[digit(entry)];
            self.entries[usize::from(*place)] = *entry;
            *place += 1;
        }
    }

    /// One by one from the latest: who goes to sleep now mostly wakes after those who sleep already. With so few, a search
    /// and a move of memory take more time, if fewer instructions.
    pub(super) fn insert(&mut self, entry: Entry<T>) {
        if self.entries.len() == self.entries.capacity() {
            self.make_room();
        }
        let mut place = self.entries.len();
        self.entries.push(entry);
        while place > self.next {
            let other = self.entries[place - 1];
            if other.deadline <= entry.deadline {
                break;
            }
            self.entries[place] = other;
            place -= 1;
        }
        self.entries[place] = entry;
    }

    /// Forgets those that have left, where they are many; else the list grows.
    #[cold]
    fn make_room(&mut self) {
        if self.next >= self.entries.len().div_ceil(2) {
            self.entries.drain(..self.next);
            self.next = 0;
        } else {
            self.entries.reserve(OPENED_WITH);
        }
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() - self.next >= FULL
    }

    /// Gives all timers back, by deadline, and covers none any more.
    #[cold]
    pub(super) fn close(&mut self) -> impl Iterator<Item = Entry<T>> + use<T> {
        self.end = 0;
        std::mem::take(&mut self.entries).into_iter().skip(std::mem::take(&mut self.next))
    }

    /// Appends what is due by `now` to the batch, by deadline, equal ones as `ties` says; tells how many there were.
    pub(super) fn take_due(&mut self, now: u64, batch: &mut Vec<T>, ties: &mut Ties) -> usize {
        let due = self.entries().partition_point(|entry| entry.deadline <= now);
        for run in self.entries()[..due].chunk_by(|one, other| one.deadline == other.deadline) {
            let start = batch.len();
            batch.extend(run.iter().map(|entry| entry.payload));
            ties.arrange(&mut batch[start..]);
        }
        self.next += due;
        due
    }

    /// Drops the timers whose payload no longer matters, and tells how many there were.
    pub(super) fn drop_dead(&mut self, is_live: &mut impl FnMut(T) -> bool) -> usize {
        self.entries.drain(..std::mem::take(&mut self.next));
        let before = self.entries.len();
        self.entries.retain(|entry| is_live(entry.payload));
        before - self.entries.len()
    }
}

/// Puts timers in order by insertion, since hardly anything is left to do; equal ones stay as they are.
#[inline(always)]
fn sort<T: Copy>(entries: &mut [Entry<T>]) {
    let mut sorted = 0;
    while let Some(more) = entries[sorted..].windows(2).position(|two| two[0].deadline > two[1].deadline) {
        sorted += more + 1;
        rise(&mut entries[..=sorted]);
    }
}

/// Moves the last timer before those that are later.
fn rise<T: Copy>(entries: &mut [Entry<T>]) {
    let Some((last, others)) = entries.split_last() else { return };
    let later = others.iter().rev().take_while(|other| other.deadline > last.deadline).count();
    let place = others.len() - later;
    entries[place..].rotate_right(1);
}

/// Makes of each number the sum of those before it; the sum of all is at most 255.
fn add_up(numbers: &mut [u8; DIGITS]) {
    /// In a product with this, each byte is the sum of the bytes up to it.
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut before = 0;
    for eight in numbers.as_chunks_mut().0 {
        let each = u64::from_le_bytes(*eight);
        let sums = each.wrapping_mul(ONES) + before * ONES;
        *eight = (sums - each).to_le_bytes();
        before = sums >> 56;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_left_takes_no_memory_for_long() {
        let mut front = Front::new();
        front.open(&mut vec![Entry { deadline: 0, payload: 0_u32 }], u64::MAX, |_| 0);
        for number in 1..100_000 {
            front.insert(Entry { deadline: u64::from(number), payload: number });
            assert_eq!(front.first().map(|first| first.payload), Some(number - 1));
            front.drop_first(1);
        }
        assert!(front.entries.capacity() <= 2 * OPENED_WITH, "room for {} timers", front.entries.capacity());
    }
}
