//! A stable radix heap with 64-way digits: the timer queue that the floors share.
//!
//! Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem" (1990), with queues for buckets,
//! so that equal times leave in the order in which they came. Times never go back.

const BITS: u32 = 6;
const DIGITS: usize = 1 << BITS;
const LEVELS: usize = 64usize.div_ceil(BITS as usize);

/// Timers of tasks.
pub(crate) struct Radix {
    buckets: Vec<Vec<(u64, u32)>>,
    /// Which buckets of a level hold something.
    filled: [u64; LEVELS],
    last: u64,
    /// How many of the bucket of the exact minimum have been taken.
    taken: usize,
    spare: Vec<(u64, u32)>,
}

impl Default for Radix {
    fn default() -> Radix {
        let buckets = std::iter::repeat_with(Vec::new).take(LEVELS * DIGITS).collect();
        Radix { buckets, filled: [0; LEVELS], last: 0, taken: 0, spare: Vec::new() }
    }
}

impl Radix {
    #[inline]
    fn place(&self, time: u64) -> (usize, usize) {
        let differs = time ^ self.last;
        let level = (63 - (differs | 1).leading_zeros()) / BITS;
        (level as usize, (time >> (level * BITS)) as usize & (DIGITS - 1))
    }

    /// Adds a timer, not before the last one taken.
    #[inline]
    pub(crate) fn push(&mut self, time: u64, task: u32) {
        let (level, digit) = self.place(time);
        self.filled[level] |= 1 << digit;
        self.buckets[level * DIGITS + digit].push((time, task));
    }

    /// Takes the earliest timer.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(u64, u32)> {
        loop {
            let digit = self.last as usize & (DIGITS - 1);
            if let Some(&timer) = self.buckets[digit].get(self.taken) {
                self.taken += 1;
                return Some(timer);
            }
            self.buckets[digit].clear();
            self.filled[0] &= !(1 << digit);
            self.taken = 0;
            if self.filled[0] != 0 {
                self.last = (self.last & !(DIGITS as u64 - 1)) | u64::from(self.filled[0].trailing_zeros());
                continue;
            }
            self.open()?;
        }
    }

    /// The tasks of the timers that come next, a few ahead.
    #[inline]
    pub(crate) fn ahead(&self, distance: usize) -> Option<u32> {
        let digit = self.last as usize & (DIGITS - 1);
        self.buckets[digit].get(self.taken + distance).map(|timer| timer.1)
    }

    /// Spreads the first filled bucket over the levels below it.
    #[cold]
    fn open(&mut self) -> Option<()> {
        let level = (1..LEVELS).find(|&level| self.filled[level] != 0)?;
        let digit = self.filled[level].trailing_zeros() as usize;
        self.filled[level] &= !(1 << digit);
        let mut timers = std::mem::replace(&mut self.buckets[level * DIGITS + digit], std::mem::take(&mut self.spare));
        self.last = timers.iter().map(|timer| timer.0).min()?;
        for &(time, task) in &timers {
            self.push(time, task);
        }
        timers.clear();
        self.spare = timers;
        Some(())
    }
}
