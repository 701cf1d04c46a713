//! A stable monotone radix heap: timers by deadline, equal ones first in, first out, without comparing two of them.
//!
//! After Ahuja, Mehlhorn, Orlin and Tarjan, "Faster Algorithms for the Shortest Path Problem" (1990), with digits of
//! six bits. A timer lies at the level of the highest digit in which its deadline differs from `last`, the time
//! reached, in the bucket of that digit; so a bucket of level 0 holds equal deadlines, and a lower level only earlier
//! ones. When time comes to a bucket, its timers move to lower levels, ten times at most. Equal deadlines always lie in
//! one bucket in the order in which they came, because the buckets below are empty when it opens: no sequence number
//! is needed.

use super::Ties;

const DIGIT_BITS: u32 = 6;
const DIGITS: usize = 1 << DIGIT_BITS;
const LEVELS: usize = 64_usize.div_ceil(DIGIT_BITS as usize);

/// An emptied bucket keeps its memory for the next timers, up to this many.
const KEPT_CAPACITY: usize = 4096;

/// So few cancelled timers are not worth a compaction.
const COMPACTION_MINIMUM: usize = 1024;

pub(super) struct RadixHeap<T> {
    /// The time of the last batch; no timer lies before it.
    last: u64,
    /// A bit for each level that holds a timer.
    filled_levels: u32,
    /// For each level, a bit for each bucket that holds a timer.
    filled: [u64; LEVELS],
    buckets: Box<[Vec<Entry<T>>]>,
    /// Where timers are gathered that time has passed by; empty between calls.
    passed: Vec<Entry<T>>,
    len: usize,
    /// Cancelled since the last compaction, as far as they are not known to be gone.
    cancelled: usize,
}

#[derive(Clone, Copy)]
struct Entry<T> {
    deadline: u64,
    payload: T,
}

impl<T: Copy> RadixHeap<T> {
    pub(super) fn new() -> Self {
        Self {
            last: 0,
            filled_levels: 0,
            filled: [0; LEVELS],
            buckets: std::iter::repeat_with(Vec::new).take(LEVELS * DIGITS).collect(),
            passed: Vec::new(),
            len: 0,
            cancelled: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn push(&mut self, deadline: u64, payload: T) {
        self.len += 1;
        self.place(Entry { deadline: deadline.max(self.last), payload });
    }

    #[inline(always)]
    fn place(&mut self, entry: Entry<T>) {
        let level = highest_digit(entry.deadline ^ self.last);
        let digit = digit_at(level, entry.deadline);
        self.filled_levels |= 1 << level;
        self.filled[level] |= 1 << digit;
        self.buckets[level * DIGITS + digit].push(entry);
    }

    /// The earliest deadline of a live timer. Opens nothing: that is for [`take_due`](Self::take_due), once time
    /// has come there.
    #[inline]
    pub(super) fn next_deadline(&mut self, mut is_live: impl FnMut(T) -> bool) -> Option<u64> {
        while self.filled_levels != 0 {
            let level = self.filled_levels.trailing_zeros() as usize;
            let digit = self.filled[level].trailing_zeros() as usize;
            let earliest = earliest(level, &self.buckets[level * DIGITS + digit])?;
            if is_live(earliest.payload) {
                return Some(earliest.deadline);
            }
            self.drop_dead(level, digit, &mut is_live);
        }
        None
    }

    /// Drops the dead timers of one bucket. All of them at once, so that many dead ones cost one pass, not one each.
    #[cold]
    fn drop_dead(&mut self, level: usize, digit: usize, is_live: &mut impl FnMut(T) -> bool) {
        let bucket = &mut self.buckets[level * DIGITS + digit];
        let before = bucket.len();
        bucket.retain(|entry| is_live(entry.payload));
        let dropped = before - bucket.len();
        if bucket.is_empty() {
            self.take_bucket(level, digit);
        }
        self.len -= dropped;
        self.cancelled = self.cancelled.saturating_sub(dropped);
    }

    /// Moves time to `now` and appends what is due by then, by deadline, equal ones as `ties` says.
    #[inline]
    pub(super) fn take_due(&mut self, now: u64, batch: &mut Vec<T>, ties: &mut Ties) {
        let now = now.max(self.last);
        let level = highest_digit(now ^ self.last);
        let digit = digit_at(level, now);
        self.last = now;
        let below = self.filled_levels & ((1 << level) - 1);
        let passed = self.filled[level] & ((1 << digit) - 1);
        if below != 0 || passed != 0 {
            self.gather_passed(below, level, passed);
        }
        let start = batch.len();
        if self.filled[level] & (1 << digit) != 0 {
            self.open(level, digit, batch);
        }
        let due_now = batch.len() - start;
        if !self.passed.is_empty() {
            self.deliver_passed(start, batch, ties);
        }
        self.len -= batch.len() - start;
        let run = batch.len() - due_now;
        ties.arrange(&mut batch[run..]);
    }

    /// Opens the bucket that time has come to: what is due now joins the batch, the rest moves to lower levels.
    #[inline]
    fn open(&mut self, level: usize, digit: usize, batch: &mut Vec<T>) {
        let mut bucket = self.take_bucket(level, digit);
        if level == 0 {
            batch.extend(bucket.iter().map(|entry| entry.payload));
        } else {
            for entry in &bucket {
                if entry.deadline > self.last {
                    self.place(*entry);
                } else if entry.deadline == self.last {
                    batch.push(entry.payload);
                } else {
                    self.passed.push(*entry);
                }
            }
        }
        bucket.clear();
        self.give_back(level, digit, bucket);
    }

    /// Gathers the timers that time has passed by, after a step that took time: the levels below, whose deadlines
    /// share all higher digits with the old time, and then the buckets of `level` before the new one.
    #[cold]
    fn gather_passed(&mut self, below: u32, level: usize, passed: u64) {
        for lower in bits(u64::from(below)) {
            self.gather_buckets(lower, self.filled[lower]);
        }
        self.gather_buckets(level, passed);
    }

    fn gather_buckets(&mut self, level: usize, digits: u64) {
        for digit in bits(digits) {
            let mut bucket = self.take_bucket(level, digit);
            self.passed.append(&mut bucket);
            self.give_back(level, digit, bucket);
        }
    }

    /// Puts the timers that time has passed by into the batch at `start`, before those that are due now.
    #[cold]
    fn deliver_passed(&mut self, start: usize, batch: &mut Vec<T>, ties: &mut Ties) {
        self.passed.sort_by_key(|entry| entry.deadline);
        let due_now = batch.len() - start;
        for run in self.passed.chunk_by(|left, right| left.deadline == right.deadline) {
            let first = batch.len();
            batch.extend(run.iter().map(|entry| entry.payload));
            ties.arrange(&mut batch[first..]);
        }
        batch[start..].rotate_left(due_now);
        self.passed.clear();
        self.passed.shrink_to(KEPT_CAPACITY);
    }

    #[inline]
    fn take_bucket(&mut self, level: usize, digit: usize) -> Vec<Entry<T>> {
        self.filled[level] &= !(1 << digit);
        if self.filled[level] == 0 {
            self.filled_levels &= !(1 << level);
        }
        std::mem::take(&mut self.buckets[level * DIGITS + digit])
    }

    /// Gives an emptied bucket its memory back, unless that is much.
    #[inline]
    fn give_back(&mut self, level: usize, digit: usize, bucket: Vec<Entry<T>>) {
        if bucket.capacity() <= KEPT_CAPACITY {
            self.buckets[level * DIGITS + digit] = bucket;
        }
    }

    pub(super) fn cancel(&mut self) {
        self.cancelled += 1;
    }

    #[inline]
    pub(super) fn wants_compaction(&self) -> bool {
        self.cancelled > COMPACTION_MINIMUM && self.cancelled > self.len / 2
    }

    pub(super) fn compact(&mut self, mut is_live: impl FnMut(T) -> bool) {
        for level in bits(u64::from(self.filled_levels)) {
            for digit in bits(self.filled[level]) {
                self.drop_dead(level, digit, &mut is_live);
                self.buckets[level * DIGITS + digit].shrink_to(KEPT_CAPACITY);
            }
        }
        self.cancelled = 0;
    }
}

/// The first of the earliest timers of a bucket.
#[inline]
fn earliest<T>(level: usize, bucket: &[Entry<T>]) -> Option<&Entry<T>> {
    match level {
        0 => bucket.first(),
        _ => bucket.iter().min_by_key(|entry| entry.deadline),
    }
}

/// The number of the highest digit that is not zero; 0 when all are.
#[inline(always)]
fn highest_digit(difference: u64) -> usize {
    ((difference | 1).ilog2() / DIGIT_BITS) as usize
}

#[inline(always)]
fn digit_at(level: usize, deadline: u64) -> usize {
    (deadline >> (level as u32 * DIGIT_BITS)) as usize % DIGITS
}

/// The numbers of the bits that are set, lowest first.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < u64::BITS).then_some(lowest as usize)
    })
}
