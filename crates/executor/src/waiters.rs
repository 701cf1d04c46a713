//! Tasks that wait for a primitive, in the order in which they came.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::task::Context;

use crate::core::Core;
use crate::entry::Word;
use crate::event::Waiting;
use crate::resource::Described;
use crate::time::SimTime;
use crate::wait::WaitToken;

pub(crate) struct Waiters {
    /// What they wait for.
    on: Waiting,
    /// Who came first. Most often nobody else waits: a line of one needs no list.
    first: Cell<Option<Waiter>>,
    /// Whether anybody stands behind.
    has_more: Cell<bool>,
    behind: RefCell<VecDeque<Waiter>>,
    /// How many of the line are known to have given up, about.
    over: Cell<usize>,
}

/// One who waits, and since when.
#[derive(Clone, Copy)]
struct Waiter {
    wait: WaitToken,
    since: SimTime,
}

/// So few who have given up are not worth going through the line.
const FEW: usize = 8;

impl Waiters {
    pub(crate) fn new(on: Waiting) -> Waiters {
        Waiters {
            on,
            first: Cell::new(None),
            has_more: Cell::new(false),
            behind: RefCell::default(),
            over: Cell::new(0),
        }
    }

    /// The running task begins to wait, at the end of the line.
    #[inline]
    pub(crate) fn begin(&self, core: &Core, context: &Context<'_>, wait: &mut Option<WaitToken>) {
        if core.is_watched() {
            self.begin_rarely(core, context, wait);
        } else {
            self.begin_plainly(core, context, wait);
        }
    }

    /// As [`begin`](Self::begin), where nobody watches.
    ///
    /// Where it can be, its wait is not described: the line [tells](Waiters::described) of it.
    #[inline(never)]
    pub(crate) fn begin_plainly(&self, core: &Core, context: &Context<'_>, wait: &mut Option<WaitToken>) {
        if let Some(token) = core.begin_untold_wait(context) {
            *wait = Some(token);
            return self.push(token, core.now.get());
        }
        self.begin_rarely(core, context, wait);
    }

    #[inline(never)]
    fn begin_rarely(&self, core: &Core, context: &Context<'_>, wait: &mut Option<WaitToken>) {
        let token = core.begin_wait(self.on, context);
        *wait = Some(token);
        self.push(token, core.now.get());
    }

    /// Somebody who waits since this time comes to the end of the line.
    #[inline]
    pub(crate) fn push(&self, wait: WaitToken, since: SimTime) {
        if self.first.get().is_none() {
            self.first.set(Some(Waiter { wait, since }));
        } else {
            self.push_behind(wait, since);
        }
    }

    #[inline(never)]
    fn push_behind(&self, wait: WaitToken, since: SimTime) {
        self.behind.borrow_mut().push_back(Waiter { wait, since });
        self.has_more.set(true);
    }

    /// Who stands in the line, some of them no more.
    pub(crate) fn described(&self) -> Vec<(WaitToken, Described)> {
        let behind = self.behind.borrow();
        let all = self.first.get().into_iter().chain(behind.iter().copied());
        all.map(|Waiter { wait, since }| (wait, Described { on: self.on, since })).collect()
    }

    /// Wakes the first who still waits; those whose wait is over are passed by.
    #[inline]
    pub(crate) fn wake_next(&self, core: &Core) {
        if core.is_watched() {
            self.wake_rarely(core);
        } else {
            self.wake_next_plainly(core);
        }
    }

    /// As [`wake_next`](Self::wake_next), where nobody watches.
    #[inline(always)]
    pub(crate) fn wake_next_plainly(&self, core: &Core) {
        if let Some(first) = self.first.get() {
            self.wake_first(first.wait, core);
        }
    }

    #[inline(never)]
    fn wake_first(&self, first: WaitToken, core: &Core) {
        if !self.has_more.get()
            && let Some(task) = core.wake_plainly(first)
        {
            self.first.set(None);
            core.ready.push(Word::of_step(task));
        } else {
            self.wake_first_of_more(first, core);
        }
    }

    /// Apart, so that the common case needs no frame.
    #[inline(never)]
    fn wake_first_of_more(&self, first: WaitToken, core: &Core) {
        if let Some(task) = core.wake_plainly(first) {
            self.leave();
            core.ready.push(Word::of_step(task));
        } else {
            self.wake_rarely(core);
        }
    }

    #[inline(never)]
    fn wake_rarely(&self, core: &Core) {
        while let Some(next) = self.first.get() {
            self.leave();
            // Nothing is borrowed while somebody is woken: a foreign waker may do anything.
            if core.wake(next.wait) {
                return;
            }
            self.over.set(self.over.get().saturating_sub(1));
        }
    }

    /// The first in line is gone.
    #[inline]
    fn leave(&self) {
        if self.has_more.get() {
            self.close_ranks();
        } else {
            self.first.set(None);
        }
    }

    #[inline(never)]
    fn close_ranks(&self) {
        let mut behind = self.behind.borrow_mut();
        self.first.set(behind.pop_front());
        self.has_more.set(!behind.is_empty());
    }

    /// Wakes all, in order.
    pub(crate) fn wake_all(&self, core: &Core) {
        self.over.set(0);
        self.has_more.set(false);
        let (first, behind) = (self.first.take(), self.behind.take());
        for waiter in first.into_iter().chain(behind) {
            core.wake(waiter.wait);
        }
    }

    /// Somebody gave up. Those whose wait is over may stay until they make up half of the line, so that giving up is
    /// cheap wherever one stands.
    pub(crate) fn give_up(&self, core: &Core, wait: WaitToken) {
        core.end_wait(wait);
        if self.first.get().is_some_and(|first| first.wait == wait) {
            return self.leave();
        }
        let mut behind = self.behind.borrow_mut();
        if behind.back().is_some_and(|last| last.wait == wait) {
            behind.pop_back();
            self.has_more.set(!behind.is_empty());
            return;
        }
        self.over.set(self.over.get() + 1);
        if self.over.get() > FEW && self.over.get() > behind.len() / 2 {
            behind.retain(|waiter| core.wait_state(waiter.wait).is_some());
            self.has_more.set(!behind.is_empty());
            self.over.set(0);
        }
    }
}
