//! What is measured: the workloads, the delays in them, and what a run of one adds up to.

use std::fmt;
use std::str::FromStr;

/// A workload, with its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// Which one.
    pub workload: Workload,
    /// Tasks, producers, round trips or chains.
    pub n: u64,
    /// Sleeps of each task, or items.
    pub k: u64,
}

/// The workloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    /// N tasks sleep K times 1..=1000 ms.
    W1,
    /// The same in 1..=10^9 ns: hardly any ties.
    W1N,
    /// N producers and N consumers, K items, one unbounded queue; each sleeps 1..=10 ms an item.
    W2,
    /// The same with a capacity of 16.
    W2B,
    /// N round trips of a token between two tasks over two queues of capacity 1; no timers.
    W3,
    /// N tasks that return their index at once, awaited in order.
    W4,
    /// N tasks that sleep once for a second, awaited in order.
    W4B,
    /// N chains of three awaited functions, each sleeping 1..=1000 ms.
    W5,
}

const NAMES: [(&str, Workload); 8] = [
    ("W1", Workload::W1),
    ("W1N", Workload::W1N),
    ("W2", Workload::W2),
    ("W2B", Workload::W2B),
    ("W3", Workload::W3),
    ("W4", Workload::W4),
    ("W4B", Workload::W4B),
    ("W5", Workload::W5),
];

impl FromStr for Workload {
    type Err = String;

    fn from_str(name: &str) -> Result<Workload, String> {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, workload)| *workload).ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            format!("unknown workload `{name}`: expected one of {}", names.join(", "))
        })
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, workload)| workload == self).map_or("?", |(name, _)| name);
        formatter.write_str(name)
    }
}

impl Job {
    /// Timers fired, items handed over, and results handed over where joining is what is measured (W4, W5).
    pub(crate) fn events(self) -> u64 {
        match self.workload {
            Workload::W1 | Workload::W1N => self.n * self.k,
            Workload::W2 | Workload::W2B => 3 * self.items() * self.n,
            Workload::W3 => 2 * self.n,
            Workload::W4 | Workload::W4B => self.n,
            Workload::W5 => 4 * self.n,
        }
    }

    /// Items of each producer, and of each consumer.
    pub(crate) fn items(self) -> u64 {
        self.k / self.n.max(1)
    }

    /// How many tasks there are, for the memory of each.
    pub(crate) fn tasks(self) -> u64 {
        match self.workload {
            Workload::W2 | Workload::W2B => 2 * self.n,
            Workload::W3 => 2,
            _ => self.n,
        }
    }

    /// The longest delay of W1 and W1N, in nanoseconds, and the unit that delays are multiples of.
    pub(crate) fn delays(self) -> (u64, u64) {
        match self.workload {
            Workload::W1N => (1_000_000_000, 1),
            _ => (1000, MILLISECOND),
        }
    }
}

/// In nanoseconds.
pub(crate) const MILLISECOND: u64 = 1_000_000;
/// In nanoseconds.
pub(crate) const SECOND: u64 = 1_000_000_000;

/// The delays of one task: SplitMix64, seeded by the task's index (Steele, Lea and Flood, 2014).
pub(crate) struct Delays(u64);

impl Delays {
    /// Those of the task with this index.
    pub(crate) fn of(task: u64) -> Delays {
        Delays(task)
    }

    /// A number from 1 to `longest`.
    #[inline]
    pub(crate) fn next(&mut self, longest: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        1 + mix(self.0) % longest
    }
}

#[inline]
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// What all peers must agree on, whatever their order of equal deadlines: a sum over tasks of what each saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checksum(pub u64);

impl Checksum {
    /// A task saw this.
    #[inline]
    pub(crate) fn add(&mut self, task: u64, seen: u64) {
        self.0 = self.0.wrapping_add(mix(seen ^ task.rotate_left(48)));
    }

    /// Adds what another task saw.
    pub(crate) fn merge(&mut self, other: Checksum) {
        self.0 = self.0.wrapping_add(other.0);
    }
}
