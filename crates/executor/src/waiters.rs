//! Tasks that wait for a primitive, in the order in which they came.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::core::Core;
use crate::wait::WaitToken;

#[derive(Default)]
pub(crate) struct Waiters {
    line: RefCell<VecDeque<WaitToken>>,
    /// How many of the line are known to have given up, about.
    over: Cell<usize>,
}

/// So few who have given up are not worth going through the line.
const FEW: usize = 8;

impl Waiters {
    pub(crate) fn push(&self, wait: WaitToken) {
        self.line.borrow_mut().push_back(wait);
    }

    /// Wakes the first who still waits; those whose wait is over are passed by.
    #[inline]
    pub(crate) fn wake_next(&self, core: &Core) {
        // Not borrowed while somebody is woken: a foreign waker may do anything.
        while let Some(wait) = self.pop() {
            if core.wake(wait) {
                return;
            }
            self.over.set(self.over.get().saturating_sub(1));
        }
    }

    #[inline]
    fn pop(&self) -> Option<WaitToken> {
        self.line.borrow_mut().pop_front()
    }

    /// Wakes all, in order.
    pub(crate) fn wake_all(&self, core: &Core) {
        self.over.set(0);
        for wait in self.line.take() {
            core.wake(wait);
        }
    }

    /// Somebody gave up. Those whose wait is over may stay until they make up half of the line, so that giving up is
    /// cheap wherever one stands.
    pub(crate) fn give_up(&self, core: &Core, wait: WaitToken) {
        core.end_wait(wait);
        let mut line = self.line.borrow_mut();
        if line.back() == Some(&wait) {
            line.pop_back();
            return;
        }
        self.over.set(self.over.get() + 1);
        if self.over.get() > FEW && self.over.get() > line.len() / 2 {
            line.retain(|&wait| core.wait_state(wait).is_some());
            self.over.set(0);
        }
    }
}
