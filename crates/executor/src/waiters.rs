//! Tasks that wait for a primitive, in the order in which they came.

use std::cell::RefCell;
use std::collections::VecDeque;

use crate::core::Core;
use crate::wait::WaitToken;

#[derive(Default)]
pub(crate) struct Waiters(RefCell<VecDeque<WaitToken>>);

impl Waiters {
    pub(crate) fn push(&self, wait: WaitToken) {
        self.0.borrow_mut().push_back(wait);
    }

    /// Wakes the first who still waits; those whose wait is over are passed by.
    pub(crate) fn wake_next(&self, core: &Core) {
        loop {
            let next = self.0.borrow_mut().pop_front();
            if next.is_none_or(|wait| core.wake(wait)) {
                return;
            }
        }
    }

    /// Wakes all, in order.
    pub(crate) fn wake_all(&self, core: &Core) {
        for wait in self.0.take() {
            core.wake(wait);
        }
    }

    /// Somebody gave up. Those whose wait is over may stay until they make up half of the line, so that giving up is
    /// cheap wherever one stands.
    pub(crate) fn give_up(&self, core: &Core, wait: WaitToken) {
        core.end_wait(wait);
        let mut line = self.0.borrow_mut();
        if line.back() == Some(&wait) {
            line.pop_back();
        } else if line.front() == Some(&wait) {
            line.pop_front();
        } else if line.len() >= 16 {
            let over = line.iter().take(16).filter(|&&wait| core.wait_state(wait).is_none()).count();
            if over > 8 {
                line.retain(|&wait| core.wait_state(wait).is_some());
            }
        }
    }
}
