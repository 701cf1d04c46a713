//! A generated program: small, typed, and valid by construction; at run time it is free to fail, hang and be cancelled.

use crate::features::Step;

/// A whole program.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// Seeds `random` on both sides.
    pub(crate) seed: u16,
    /// Whether each print takes virtual time.
    pub(crate) cost: Cost,
    /// What keeps it going.
    pub(crate) care: Care,
    /// The queues that all tasks share.
    pub(crate) queues: Vec<Queue>,
    /// What the semaphores and the barrier begin with.
    pub(crate) permits: usize,
    /// The tasks. The first one is what main runs. A task calls later ones alone, so that nothing calls itself.
    pub(crate) tasks: Vec<Vec<Step>>,
    /// What main starts before it runs the first one: others of them, some maybe more than once.
    pub(crate) launched: Vec<Pick>,
    /// How long main waits when the first one is over, so that those get on.
    pub(crate) linger: Seconds,
    /// The async generators; they call nobody.
    pub(crate) generators: Vec<Vec<Step>>,
}

/// What keeps a program from ending early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Care {
    /// Nothing: the first exception that nobody catches, and the first wait that nobody ends, are the end.
    None,
    /// A task puts, gets, sets and notifies now and then, and what main's steps raise is caught.
    Wakes,
    /// Also no step of main takes longer than half a second.
    Limits,
}

/// What a print takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// No time.
    Nothing,
    /// A millisecond, which is no whole number of float seconds.
    Millisecond,
}

/// A queue: its class and its places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queue {
    pub(crate) class: &'static str,
    /// 0 for any number.
    pub(crate) maxsize: usize,
}

/// One of the things there are, by any number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick(pub(crate) usize);

impl Pick {
    /// Which one, of so many.
    pub(crate) fn of(self, many: usize) -> usize {
        self.0 % many.max(1)
    }
}

/// Seconds, as an expression of Python's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seconds(pub(crate) &'static str);

impl Seconds {
    /// As a duration is written.
    pub(crate) fn duration(self) -> String {
        format!("seconds({})", self.0)
    }
}
