//! A stable radix heap with 64-way digits: the timer queue that the floors share.
//!
//! Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem" (1990), with queues for buckets,
//! so that equal times leave in the order in which they came. A bucket of a few timers is sorted instead of spread over
//! the buckets below. Times never go back.

const BITS: u32 = 6;
const DIGITS: usize = 1 << BITS;
const LEVELS: usize = 64usize.div_ceil(BITS as usize);
/// Fewer are sorted.
const FEW: usize = 64;

/// Timers of tasks.
pub(crate) struct Radix {
    /// Those that come next, in order, of which some have been taken.
    next: Vec<(u64, u32)>,
    taken: usize,
    sorted: Vec<(u64, u32)>,
    /// All that are due up to this time are among them.
    until: u64,
    /// The others, by the highest digit in which they differ from it.
    buckets: Box<[Vec<(u64, u32)>; LEVELS * DIGITS]>,
    /// Which buckets of a level hold something, and which levels do.
    filled: [u64; LEVELS],
    levels: u64,
}

impl Default for Radix {
    fn default() -> Radix {
        let buckets = Box::new([const { Vec::new() }; LEVELS * DIGITS]);
        Radix { next: Vec::new(), taken: 0, sorted: Vec::new(), until: 0, buckets, filled: [0; LEVELS], levels: 0 }
    }
}

impl Radix {
    /// Adds a timer, not before the last one taken.
    #[inline(always)]
    pub(crate) fn push(&mut self, time: u64, task: u32) {
        if time <= self.until {
            self.insert(time, task);
        } else {
            self.push_later(time, task);
        }
    }

    #[inline(always)]
    fn push_later(&mut self, time: u64, task: u32) {
        let level = (time ^ self.until).ilog2() / BITS;
        let digit = (time >> (level * BITS)) as usize % DIGITS;
        let bucket = &mut self.buckets[level as usize * DIGITS + digit];
        if bucket.is_empty() {
            self.levels |= 1 << level;
            self.filled[level as usize] |= 1 << digit;
        }
        bucket.push((time, task));
    }

    fn insert(&mut self, time: u64, task: u32) {
        let mut place = self.next.len();
        self.next.push((time, task));
        while place > self.taken && self.next[place - 1].0 > time {
            self.next[place] = self.next[place - 1];
            place -= 1;
        }
        self.next[place] = (time, task);
    }

    /// Takes the earliest timer.
    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Option<(u64, u32)> {
        if self.taken == self.next.len() {
            self.open()?;
        }
        let timer = self.next[self.taken];
        self.taken += 1;
        Some(timer)
    }

    /// The tasks of the timers that come next, a few ahead.
    #[inline]
    pub(crate) fn ahead(&self, distance: usize) -> Option<u32> {
        self.next.get(self.taken + distance).map(|timer| timer.1)
    }

    /// Goes on to the first filled bucket.
    #[inline(never)]
    fn open(&mut self) -> Option<()> {
        self.next.clear();
        self.taken = 0;
        if self.levels == 0 {
            return None;
        }
        let level = self.levels.trailing_zeros() as usize;
        let digit = self.filled[level].trailing_zeros() as usize;
        self.filled[level] &= self.filled[level] - 1;
        if self.filled[level] == 0 {
            self.levels &= self.levels - 1;
        }
        std::mem::swap(&mut self.next, &mut self.buckets[level * DIGITS + digit]);
        let width = level as u32 * BITS;
        self.until = self.next[0].0 | ((1 << width) - 1);
        match self.next.len() {
            _ if level == 0 => {}
            FEW.. => self.spread(),
            count => {
                if count > 8 {
                    self.sort_by_digit(width - BITS);
                }
                sort(&mut self.next);
            }
        }
        Some(())
    }

    /// Sorts what comes next by one digit, by counting: insertion has less to do then.
    fn sort_by_digit(&mut self, shift: u32) {
        let digit = |time: u64| (time >> shift) as usize % DIGITS;
        let mut places = [0_u8; DIGITS + 1];
        for &(time, _) in &self.next {
            places[digit(time) + 1] += 1;
        }
        for place in 1..DIGITS {
            places[place] += places[place - 1];
        }
        self.sorted.resize(self.next.len(), (0, 0));
        for &(time, task) in &self.next {
            let place = &mut places[digit(time)];
            self.sorted[*place as usize] = (time, task);
            *place += 1;
        }
        std::mem::swap(&mut self.next, &mut self.sorted);
    }

    /// Keeps those of the earliest time, and spreads the others over the levels below.
    fn spread(&mut self) {
        let mut timers = std::mem::take(&mut self.next);
        self.until = timers.iter().fold(u64::MAX, |least, timer| least.min(timer.0));
        timers.retain(|&(time, task)| {
            let is_first = time == self.until;
            if !is_first {
                self.push_later(time, task);
            }
            is_first
        });
        self.next = timers;
    }
}

/// By insertion: they are few.
fn sort(timers: &mut [(u64, u32)]) {
    for place in 1..timers.len() {
        let timer = timers[place];
        let mut to = place;
        while to > 0 && timers[to - 1].0 > timer.0 {
            timers[to] = timers[to - 1];
            to -= 1;
        }
        timers[to] = timer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::floor::heap::{StdHeap, Timers};
    use crate::workload::Delays;

    #[test]
    fn takes_what_a_stable_heap_takes() {
        for (longest, unit) in [(10, 1), (1000, 1_000_000), (1_000_000_000, 1)] {
            let (mut radix, mut heap) = (Radix::default(), StdHeap::default());
            let mut delays = Delays::of(longest);
            for task in 0..500 {
                let due = delays.next(longest) * unit;
                radix.push(due, task);
                heap.push(due, task);
            }
            for _ in 0..20_000 {
                let timer = heap.pop();
                assert_eq!(radix.pop(), timer);
                let Some((now, task)) = timer else { break };
                let due = now + (delays.next(longest) - 1) * unit;
                radix.push(due, task);
                heap.push(due, task);
            }
        }
    }
}
