//! Tasks that wait for a primitive, in the order in which they came.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::task::Context;

use crate::core::Core;
use crate::event::Waiting;
use crate::wait::{WaitState, WaitToken};

#[derive(Default)]
pub(crate) struct Waiters {
    /// Who came first. Most often nobody else waits: a line of one needs no list.
    first: Cell<Option<WaitToken>>,
    /// Whether anybody stands behind.
    has_more: Cell<bool>,
    behind: RefCell<VecDeque<WaitToken>>,
    /// How many of the line are known to have given up, about.
    over: Cell<usize>,
}

/// So few who have given up are not worth going through the line.
const FEW: usize = 8;

impl Waiters {
    /// The running task begins to wait, at the end of the line.
    #[inline(never)]
    pub(crate) fn begin(&self, core: &Core, on: Waiting, context: &Context<'_>, wait: &mut Option<WaitToken>) {
        let token = core.begin_wait(on, context);
        *wait = Some(token);
        if self.first.get().is_none() {
            self.first.set(Some(token));
        } else {
            self.push_behind(token);
        }
    }

    #[cold]
    fn push_behind(&self, wait: WaitToken) {
        self.behind.borrow_mut().push_back(wait);
        self.has_more.set(true);
    }

    /// Wakes the first who still waits; those whose wait is over are passed by.
    #[inline(always)]
    pub(crate) fn wake_next(&self, core: &Core) {
        if let Some(first) = self.first.get() {
            self.wake_first(first, core);
        }
    }

    #[inline(never)]
    fn wake_first(&self, first: WaitToken, core: &Core) {
        self.leave();
        // Nothing is borrowed while somebody is woken: a foreign waker may do anything.
        if !core.settle(first, WaitState::Woken) {
            self.wake_another(core);
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

    #[cold]
    fn close_ranks(&self) {
        let mut behind = self.behind.borrow_mut();
        self.first.set(behind.pop_front());
        self.has_more.set(!behind.is_empty());
    }

    /// The one that was to be woken had given up.
    #[cold]
    fn wake_another(&self, core: &Core) {
        loop {
            self.over.set(self.over.get().saturating_sub(1));
            let Some(next) = self.first.get() else { return };
            self.leave();
            if core.wake(next) {
                return;
            }
        }
    }

    /// Wakes all, in order.
    pub(crate) fn wake_all(&self, core: &Core) {
        self.over.set(0);
        self.has_more.set(false);
        let (first, behind) = (self.first.take(), self.behind.take());
        for wait in first.into_iter().chain(behind) {
            core.wake(wait);
        }
    }

    /// Somebody gave up. Those whose wait is over may stay until they make up half of the line, so that giving up is
    /// cheap wherever one stands.
    pub(crate) fn give_up(&self, core: &Core, wait: WaitToken) {
        core.end_wait(wait);
        if self.first.get() == Some(wait) {
            return self.leave();
        }
        let mut behind = self.behind.borrow_mut();
        if behind.back() == Some(&wait) {
            behind.pop_back();
            self.has_more.set(!behind.is_empty());
            return;
        }
        self.over.set(self.over.get() + 1);
        if self.over.get() > FEW && self.over.get() > behind.len() / 2 {
            behind.retain(|&wait| core.wait_state(wait).is_some());
            self.has_more.set(!behind.is_empty());
            self.over.set(0);
        }
    }
}
