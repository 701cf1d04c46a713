//! A stable monotone radix heap: timers by deadline, equal ones first in, first out, hardly comparing two of them.
//!
//! After Ahuja, Mehlhorn, Orlin and Tarjan, "Faster Algorithms for the Shortest Path Problem" (1990), with digits of
//! six bits. A timer lies at the level of the highest digit in which its deadline differs from `last`, the time
//! reached, in the bucket of that digit; so a bucket of level 0 holds equal deadlines, and a lower level only earlier
//! ones. When time comes to a bucket, its timers move to lower levels, ten times at most. Equal deadlines always lie in
//! one bucket in the order in which they came, because the buckets below are empty when it opens: no sequence number
//! is needed. No deadline is `u64::MAX`: a clock of nanoseconds ends long before.
//!
//! A small bucket is not spread over the levels below but sorted: it becomes the [`front`](super::front), which holds
//! whatever is due before a certain time.

use super::Ties;
use super::front::Front;
use crate::chunks::{Chunks, Spare};

const DIGIT_BITS: u32 = 6;
pub(super) const DIGITS: usize = 1 << DIGIT_BITS;
const LEVELS: usize = 64_usize.div_ceil(DIGIT_BITS as usize);

/// Room for so many timers that time has passed by is kept for the next ones.
const KEPT_CAPACITY: usize = 4096;

/// So few cancelled timers are not worth a compaction.
const COMPACTION_MINIMUM: usize = 1024;

pub(super) struct RadixHeap<T> {
    /// The time of the last batch; no timer lies before it.
    last: u64,
    /// The timers before a certain time; no bucket holds one of them, and while it is ahead of `last`, the levels
    /// below the bucket that it was are empty.
    front: Front<T>,
    /// For each level, a bit for each bucket that holds a timer.
    filled: [u64; LEVELS],
    buckets: Box<[[Chunks<Entry<T>>; DIGITS]; LEVELS]>,
    spare: Spare<Entry<T>>,
    /// Where timers are gathered that time has passed by; empty between calls.
    passed: Vec<Entry<T>>,
    len: usize,
    /// Cancelled since the last compaction, as far as they are not known to be gone.
    cancelled: usize,
}

#[derive(Clone, Copy)]
pub(crate) struct Entry<T> {
    pub(crate) deadline: u64,
    pub(crate) payload: T,
}

impl<T: Copy> RadixHeap<T> {
    pub(super) fn new(front: Front<T>) -> Self {
        Self {
            last: 0,
            front,
            filled: [0; LEVELS],
            buckets: Box::new(std::array::from_fn(|_| std::array::from_fn(|_| Chunks::new()))),
            spare: Spare::new(),
            passed: Vec::new(),
            len: 0,
            cancelled: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub(super) fn push(&mut self, deadline: u64, payload: T) {
        self.push_ahead(deadline.max(self.last), payload);
    }

    /// As [`push`](Self::push), for a deadline not before the time of the last batch.
    #[inline(always)]
    pub(super) fn push_ahead(&mut self, deadline: u64, payload: T) {
        debug_assert!(deadline >= self.last && deadline < u64::MAX);
        self.len += 1;
        let (level, digit) = self.place_of(deadline);
        let bucket = &mut self.buckets[level][digit];
        if self.front.covers(deadline) || bucket.has_to_grow() {
            return self.push_slowly(deadline, payload);
        }
        let was_empty = bucket.is_empty();
        bucket.push_within(Entry { deadline, payload });
        if was_empty {
            self.filled[level] |= 1 << digit;
        }
    }

    /// The timer belongs to the front, or its bucket has to grow.
    #[inline(never)]
    fn push_slowly(&mut self, deadline: u64, payload: T) {
        let entry = Entry { deadline, payload };
        if self.front.covers(entry.deadline) {
            self.push_to_front(entry);
        } else {
            self.place(entry);
        }
    }

    /// Where too many would gather in the front, they go to the buckets.
    fn push_to_front(&mut self, entry: Entry<T>) {
        self.front.insert(entry);
        if self.front.is_full() {
            for entry in self.front.close() {
                self.place(entry);
            }
        }
    }

    /// The bucket of a deadline.
    #[inline(always)]
    fn place_of(&self, deadline: u64) -> (usize, usize) {
        let level = highest_digit(deadline ^ self.last);
        (level, digit_at(level, deadline))
    }

    #[inline(always)]
    fn place(&mut self, entry: Entry<T>) {
        let (level, digit) = self.place_of(entry.deadline);
        self.filled[level] |= 1 << digit;
        self.buckets[level][digit].push(entry, &mut self.spare);
    }

    #[inline]
    pub(super) fn ahead(&self, distance: usize) -> Option<T> {
        self.front.ahead(distance)
    }

    #[inline]
    pub(super) fn few(&self) -> Option<(&Entry<T>, &[Entry<T>])> {
        self.front.entries().split_first()
    }

    /// Time has come to `now`, where so many timers of the front are due and have been seen to.
    #[inline]
    pub(super) fn forget_few(&mut self, count: usize, now: u64) {
        debug_assert!(self.last <= now && self.front.covers(now));
        self.front.drop_first(count);
        self.len -= count;
        self.last = now;
    }

    /// The earliest deadline of a live timer. Moves no time: that is for [`take_due`](Self::take_due).
    #[inline]
    pub(super) fn next_deadline(&mut self, mut is_live: impl FnMut(T) -> bool) -> Option<u64> {
        match self.front.first() {
            Some(first) if is_live(first.payload) => Some(first.deadline),
            _ => self.search(&mut is_live),
        }
    }

    /// Looks for the next timer where the first one of the front is dead or there is none.
    #[inline(never)]
    fn search(&mut self, is_live: &mut impl FnMut(T) -> bool) -> Option<u64> {
        loop {
            if let Some(first) = self.front.first() {
                if is_live(first.payload) {
                    return Some(first.deadline);
                }
                let dropped = self.front.drop_dead(is_live);
                self.forget(dropped);
                continue;
            }
            let level = self.filled.iter().position(|digits| *digits != 0)?;
            let digit = self.filled[level].trailing_zeros() as usize % DIGITS;
            let bucket = &mut self.buckets[level][digit];
            if self.front.takes(bucket.len()) {
                let few = bucket.last_part();
                let end = (few.first()?.deadline | low_digits(level)).saturating_add(1);
                self.filled[level] &= !(1 << digit);
                self.front.open(few, end, |deadline| digit_at(level.saturating_sub(1), deadline));
                continue;
            }
            let earliest = earliest(level, bucket)?;
            let deadline = earliest.deadline;
            if is_live(earliest.payload) {
                return Some(deadline);
            }
            self.drop_dead(level, digit, is_live);
        }
    }

    /// Drops the dead timers of one bucket. All of them at once, so that many dead ones cost one pass, not one each.
    #[cold]
    fn drop_dead(&mut self, level: usize, digit: usize, is_live: &mut impl FnMut(T) -> bool) {
        let bucket = &mut self.buckets[level][digit];
        let before = bucket.len();
        bucket.retain(|entry| is_live(entry.payload), &mut self.spare);
        let dropped = before - bucket.len();
        if bucket.is_empty() {
            self.filled[level] &= !(1 << digit);
        }
        self.forget(dropped);
    }

    /// So many dead timers are gone.
    fn forget(&mut self, dropped: usize) {
        self.len -= dropped;
        self.cancelled = self.cancelled.saturating_sub(dropped);
    }

    /// Moves time to `now`; gives what is due by then to `handle`, while it takes it, and appends the rest to the batch, by
    /// deadline, equal ones as `ties` says; tells how many there were. See [`Timers::handle_due`](super::Timers::handle_due).
    #[inline(always)]
    pub(super) fn take_due(
        &mut self,
        now: u64,
        handle: impl FnMut(&[Entry<T>]) -> usize,
        batch: &mut Vec<T>,
        ties: &mut Ties,
    ) -> usize {
        let now = now.max(self.last);
        let before = self.len;
        self.len -= self.front.take_due(now, batch, ties);
        if self.front.covers(now) {
            self.last = now;
        } else {
            self.take_buckets(now, handle, batch, ties);
        }
        before - self.len
    }

    /// Time has left the front behind, or there is none.
    #[inline(never)]
    fn take_buckets(
        &mut self,
        now: u64,
        handle: impl FnMut(&[Entry<T>]) -> usize,
        batch: &mut Vec<T>,
        ties: &mut Ties,
    ) {
        let level = highest_digit(now ^ self.last);
        let digit = digit_at(level, now);
        self.last = now;
        let passed = self.filled[level] & ((1 << digit) - 1);
        if passed != 0 || self.filled[..level].iter().any(|digits| *digits != 0) {
            self.gather_passed(level, passed);
        }
        let start = batch.len();
        if self.filled[level] & (1 << digit) != 0 {
            if matches!(ties, Ties::Fifo) {
                self.len -= self.open(level, digit, handle, batch);
            } else {
                self.open(level, digit, |_| 0, batch);
            }
        }
        let due_now = batch.len() - start;
        if !self.passed.is_empty() {
            self.deliver_passed(start, batch, ties);
        }
        self.len -= batch.len() - start;
        let run = batch.len() - due_now;
        ties.arrange(&mut batch[run..]);
    }

    /// Opens the bucket that time has come to: what is due now goes to `handle` or joins the batch, the rest moves to lower
    /// levels. Tells how many were handled.
    #[inline]
    fn open(
        &mut self,
        level: usize,
        digit: usize,
        mut handle: impl FnMut(&[Entry<T>]) -> usize,
        batch: &mut Vec<T>,
    ) -> usize {
        let (full, last) = self.take_bucket(level, digit);
        let mut handled = 0;
        for part in full {
            handled += self.open_part(&part, &mut handle, batch);
            self.spare.give_back(part);
        }
        handled += self.open_part(&last, &mut handle, batch);
        self.buckets[level][digit].give_back(last);
        handled
    }

    fn open_part(
        &mut self,
        part: &[Entry<T>],
        handle: &mut impl FnMut(&[Entry<T>]) -> usize,
        batch: &mut Vec<T>,
    ) -> usize {
        let now = self.last;
        let mut handled = 0;
        let mut left = part;
        while let [first, later @ ..] = left {
            left = later;
            if first.deadline > now {
                self.place(*first);
            } else if first.deadline < now {
                self.passed.push(*first);
            } else {
                let others = later.iter().take_while(|other| other.deadline == now).count();
                let due = &part[part.len() - later.len() - 1..][..=others];
                let taken = if batch.is_empty() { handle(due) } else { 0 };
                handled += taken;
                batch.extend(due[taken..].iter().map(|entry| entry.payload));
                left = &later[others..];
            }
        }
        handled
    }

    /// Gathers the timers that time has passed by, after a step that took time: the levels below, whose deadlines
    /// share all higher digits with the old time, and then the buckets of `level` before the new one.
    #[cold]
    fn gather_passed(&mut self, level: usize, passed: u64) {
        for lower in 0..level {
            self.gather_buckets(lower, self.filled[lower]);
        }
        self.gather_buckets(level, passed);
    }

    fn gather_buckets(&mut self, level: usize, digits: u64) {
        for digit in bits(digits) {
            let (full, last) = self.take_bucket(level, digit);
            for part in full {
                self.passed.extend(&part);
                self.spare.give_back(part);
            }
            self.passed.extend(&last);
            self.buckets[level][digit].give_back(last);
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

    /// The timers of a bucket: full chunks, and what comes after them.
    #[inline]
    fn take_bucket(&mut self, level: usize, digit: usize) -> (Vec<Vec<Entry<T>>>, Vec<Entry<T>>) {
        self.filled[level] &= !(1 << digit);
        self.buckets[level][digit].take()
    }

    pub(super) fn cancel(&mut self) {
        self.cancelled += 1;
    }

    #[inline]
    pub(super) fn wants_compaction(&self) -> bool {
        self.cancelled > COMPACTION_MINIMUM && self.cancelled > self.len / 2
    }

    pub(super) fn compact(&mut self, mut is_live: impl FnMut(T) -> bool) {
        let dropped = self.front.drop_dead(&mut is_live);
        self.forget(dropped);
        for level in 0..LEVELS {
            for digit in bits(self.filled[level]) {
                self.drop_dead(level, digit, &mut is_live);
            }
        }
        self.cancelled = 0;
    }
}

/// The first of the earliest timers of a bucket.
#[inline]
fn earliest<T>(level: usize, bucket: &Chunks<Entry<T>>) -> Option<&Entry<T>> {
    let earliest = |part| match level {
        0 => <[Entry<T>]>::first(part),
        _ => part.iter().min_by_key(|entry| entry.deadline),
    };
    bucket.parts().filter_map(earliest).min_by_key(|entry| entry.deadline)
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

/// All digits below a level, at their highest.
fn low_digits(level: usize) -> u64 {
    (1 << (level as u32 * DIGIT_BITS)) - 1
}

/// The numbers of the bits that are set, lowest first.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < u64::BITS).then_some(lowest as usize)
    })
}
