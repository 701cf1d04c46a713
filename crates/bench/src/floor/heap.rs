//! No tasks at all: a timer queue and flat counters. Only workloads of timers have such a floor.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::floor::radix::Radix;
use crate::workload::{Checksum, Delays, Job, Workload};

/// The timer queues to compare.
pub(crate) trait Timers: Default {
    /// Adds a timer.
    fn push(&mut self, time: u64, task: u32);
    /// Takes the earliest one; of equal ones the first added.
    fn pop(&mut self) -> Option<(u64, u32)>;
}

impl Timers for Radix {
    #[inline]
    fn push(&mut self, time: u64, task: u32) {
        Radix::push(self, time, task);
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, u32)> {
        Radix::pop(self)
    }
}

/// The standard library's binary heap, stable by a sequence number.
#[derive(Default)]
pub(crate) struct StdHeap {
    heap: BinaryHeap<Reverse<(u64, u64, u32)>>,
    added: u64,
}

impl Timers for StdHeap {
    #[inline]
    fn push(&mut self, time: u64, task: u32) {
        self.heap.push(Reverse((time, self.added, task)));
        self.added += 1;
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, u32)> {
        self.heap.pop().map(|Reverse((time, _, task))| (time, task))
    }
}

/// Runs W1 or W1N; `None` for the others.
pub(crate) fn run<T: Timers>(job: Job) -> Option<Checksum> {
    if !matches!(job.workload, Workload::W1 | Workload::W1N) {
        return None;
    }
    let (longest, unit) = job.delays();
    let mut timers = T::default();
    let mut tasks: Vec<(Delays, u64)> = Vec::with_capacity(job.n as usize);
    for index in 0..job.n {
        let mut delays = Delays::of(index);
        timers.push(delays.next(longest) * unit, index as u32);
        tasks.push((delays, job.k));
    }
    let mut total = Checksum::default();
    while let Some((now, index)) = timers.pop() {
        let (delays, left) = &mut tasks[index as usize];
        *left -= 1;
        if *left == 0 {
            total.add(u64::from(index), now);
        } else {
            timers.push(now + delays.next(longest) * unit, index);
        }
    }
    Some(total)
}
