//! How often a task was asked to be cancelled, less the requests that somebody has taken back.
//!
//! Task groups and timeouts cancel the task that runs them and take that back later; the count tells them whether
//! somebody else wants it cancelled, too (`Task.cancelling` and `uncancel` of asyncio/tasks.py).

use crate::core::Core;
use crate::task::TaskId;

impl Core {
    /// The requests that stand.
    pub(crate) fn cancelling(&self, id: TaskId) -> u32 {
        self.tasks.borrow().get(id).map_or(0, |slot| slot.cancel_requests)
    }

    /// Takes one request back and gives those that are left. With none left a cancel that has not been delivered yet
    /// will not be, as in 3.13.
    pub(crate) fn uncancel(&self, id: TaskId) -> u32 {
        let mut tasks = self.tasks.borrow_mut();
        let Some(slot) = tasks.get_mut(id) else { return 0 };
        if slot.cancel_requests > 0 {
            slot.cancel_requests -= 1;
            if slot.cancel_requests == 0 {
                slot.must_cancel = false;
            }
        }
        slot.cancel_requests
    }
}
