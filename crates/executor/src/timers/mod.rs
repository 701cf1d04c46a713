//! Timers in order of their deadlines: the law's second sentence, and the hot path of a run.
//!
//! Two queues stand behind one small surface. The rules `fifo`, `lifo` and `seeded` use a stable radix heap
//! ([`radix`]), which forgets cancelled timers lazily; `heapq` is CPython's own heap, push by push ([`heapq`]), where
//! cancelled timers stay and shape the order of the rest. Deadlines are `u64` that order like time: nanoseconds, or
//! under `heapq` the bits of a non-negative `f64` of seconds, or what is negative as an `i64` for times before the start.

mod front;
mod heapq;
mod radix;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use crate::rng::Rng;
use front::Front;
use heapq::HeapqTimers;
pub(crate) use radix::Entry;
use radix::RadixHeap;

/// Of fewer timers than this, it may be known that they come next.
pub(crate) const FEW: usize = front::FULL;

/// The order in which timers with equal deadlines fire.
///
/// ```
/// use std::{cell::RefCell, rc::Rc, time::Duration};
/// use timeskip_executor::{Simulation, TieRule};
/// let order = |rule| {
///     let woken = Rc::new(RefCell::new(String::new()));
///     let page = woken.clone();
///     Simulation::new().ties(rule).run(|sim| async move {
///         for name in ['a', 'b', 'c', 'd'] {
///             let (clock, page) = (sim.clone(), page.clone());
///             sim.spawn(async move {
///                 clock.sleep(Duration::from_secs(1)).await;
///                 page.borrow_mut().push(name);
///             });
///         }
///         sim.sleep(Duration::from_secs(2)).await;
///     });
///     woken.take()
/// };
/// assert_eq!(order(TieRule::Fifo), "abcd");
/// assert_eq!(order(TieRule::Lifo), "dcba");
/// assert_eq!(order(TieRule::Heapq), "abdc", "as CPython's asyncio");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TieRule {
    /// Scheduled first, fires first.
    #[default]
    Fifo,
    /// Among the timers that fall due together, the one scheduled last fires first.
    Lifo,
    /// As CPython's asyncio: the order in which its `heapq` yields them, which compares deadlines alone. The clock
    /// counts in floating-point seconds, and what lies less than a nanosecond ahead is due.
    Heapq,
    /// A permutation drawn from a stream of its own of `seed`.
    Seeded {
        /// The seed of the stream.
        seed: u64,
    },
}

/// Names an armed timer: by its deadline, since whether it still matters is asked of its payload; under `heapq`, which tells
/// timers apart, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerId(pub(crate) u64);

/// The armed timers of a run. `T` is what a timer does when it fires, a few bytes that name it.
pub(crate) struct Timers<T> {
    /// Under `heapq` it stays empty: who may ask either asks this one first, without a look at the rule.
    heap: RadixHeap<T>,
    ties: Ties,
    heapq: Option<HeapqTimers<T>>,
}

impl<T: Copy> Timers<T> {
    /// Whether timers that fall due together do so in the order in which they were armed.
    pub(crate) fn are_in_order(&self) -> bool {
        self.heapq.is_none() && matches!(self.ties, Ties::Fifo)
    }

    /// No timers, at time zero.
    pub(crate) fn new(rule: TieRule) -> Self {
        let ties = match rule {
            TieRule::Fifo => Ties::Fifo,
            TieRule::Lifo => Ties::Lifo,
            TieRule::Seeded { seed } => Ties::Seeded(Box::new(Rng::stream(seed, "ties"))),
            TieRule::Heapq => Ties::Fifo,
        };
        // Dead timers take part in a permutation, so that when they are dropped must not depend on what lies near them.
        let front = if matches!(ties, Ties::Seeded(_)) { Front::never() } else { Front::new() };
        let heapq = (rule == TieRule::Heapq).then(HeapqTimers::new);
        Self { heap: RadixHeap::new(front), ties, heapq }
    }

    /// As [`arm`](Self::arm), for a deadline later than any time so far, and for rules that name a timer by its deadline; not
    /// for `heapq`.
    #[inline]
    pub(crate) fn arm_ahead(&mut self, deadline: u64, payload: T) {
        debug_assert!(self.heapq.is_none());
        self.heap.push_ahead(deadline, payload);
    }

    /// Arms a timer.
    ///
    /// A deadline before the time of the last [`take_due`](Self::take_due) counts as that time; under `heapq` it
    /// keeps its value for order.
    #[inline]
    pub(crate) fn arm(&mut self, deadline: u64, payload: T) -> TimerId {
        if let Some(timers) = &mut self.heapq {
            return timers.push(deadline, payload);
        }
        self.heap.push(deadline, payload);
        TimerId(deadline)
    }

    /// What a timer was armed for; under `heapq` nothing, once it has left.
    #[cold]
    pub(crate) fn deadline(&self, id: TimerId) -> Option<u64> {
        self.heapq.as_ref().map_or(Some(id.0), |timers| timers.deadline(id))
    }

    /// Says that a timer no longer matters; to be called once for a timer, before it has fired.
    ///
    /// Under `heapq` it will not fire, and a timer that has fired already is left alone. Under the other rules its
    /// payload may still arrive in a batch: the owner knows that it is dead.
    pub(crate) fn cancel(&mut self, id: TimerId) {
        match &mut self.heapq {
            None => self.heap.cancel(),
            Some(timers) => timers.cancel(id),
        }
    }

    /// To be called at the start of each turn: under `heapq`, where asyncio's loop discards cancelled timers.
    #[inline]
    pub(crate) fn begin_turn(&mut self) {
        if let Some(timers) = &mut self.heapq {
            timers.begin_turn();
        }
    }

    /// The earliest deadline of a live timer; under `heapq` it may lie in the past.
    ///
    /// `is_live` says whether a payload still matters, and dead timers at the front are dropped. It is not asked
    /// under `heapq`, which knows what [`begin_turn`](Self::begin_turn) left. The time of the last batch stays as it
    /// is: whoever asks need not go there, and earlier timers may still be armed.
    #[inline]
    pub(crate) fn next_deadline(&mut self, is_live: impl FnMut(T) -> bool) -> Option<u64> {
        match &self.heapq {
            None => self.heap.next_deadline(is_live),
            Some(timers) => timers.next_deadline(),
        }
    }

    /// Appends the payload of every timer that is due to `batch`, by deadline, equal ones by the tie rule.
    ///
    /// Due is what has a deadline not later than `now`; under `heapq`, earlier than `now` + 1e-9 s.
    pub(crate) fn take_due(&mut self, now: u64, batch: &mut Vec<T>) {
        self.handle_due(now, |_| 0, batch);
    }

    /// As [`take_due`](Self::take_due), into an empty batch and where no live timer lies before `now`. Of the timers that are
    /// due, `handle` sees some that follow each other and tells how many of them it has taken, the first ones; as soon as
    /// it has not taken all, the rest goes into the batch. It need not be asked. Tells how many were due.
    #[inline(always)]
    pub(crate) fn handle_due(
        &mut self,
        now: u64,
        handle: impl FnMut(&[Entry<T>]) -> usize,
        batch: &mut Vec<T>,
    ) -> usize {
        let Some(timers) = &mut self.heapq else {
            return self.heap.take_due(now, handle, batch, &mut self.ties);
        };
        let before = batch.len();
        timers.take_due(now, batch);
        batch.len() - before
    }

    /// The next timer, and those after it that are known without a search: earliest first, and of those that fall due
    /// together the one armed first. All that fall due together with one of them are among them.
    #[inline]
    pub(crate) fn few(&self) -> Option<(&Entry<T>, &[Entry<T>])> {
        self.heap.few()
    }

    /// Drops so many of the [`few`](Self::few), the next ones, which are due at `now`: a time that has come.
    #[inline]
    pub(crate) fn forget_few(&mut self, count: usize, now: u64) {
        self.heap.forget_few(count, now);
    }

    /// The payload of a timer that comes that many after the next, where it is known without a search.
    #[inline]
    pub(crate) fn ahead(&self, distance: usize) -> Option<T> {
        self.heap.ahead(distance)
    }

    /// Whether so many timers are cancelled that the owner should call [`compact`](Self::compact) before it arms
    /// more: more than 1024, and more than half. Never under `heapq`, which has its own rule.
    #[inline]
    pub(crate) fn wants_compaction(&self) -> bool {
        self.heap.wants_compaction()
    }

    /// Drops every timer whose payload no longer matters. Nothing under `heapq`.
    pub(crate) fn compact(&mut self, is_live: impl FnMut(T) -> bool) {
        self.heap.compact(is_live);
    }

    /// How many timers are held, dead ones included.
    pub(crate) fn len(&self) -> usize {
        self.heapq.as_ref().map_or(self.heap.len(), HeapqTimers::len)
    }
}

/// What the radix heap does with timers that fall due together; it yields them first in, first out.
enum Ties {
    Fifo,
    Lifo,
    Seeded(Box<Rng>),
}

impl Ties {
    /// Arranges a run of equal deadlines.
    #[inline(always)]
    fn arrange<T>(&mut self, run: &mut [T]) {
        match self {
            Self::Fifo => {}
            Self::Lifo => run.reverse(),
            Self::Seeded(rng) => rng.shuffle(run),
        }
    }
}
