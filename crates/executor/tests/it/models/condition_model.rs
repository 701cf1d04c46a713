//! What a condition is: a lock, and a line of those who wait to be notified.

use std::collections::BTreeMap;

use super::lock_model::{LockModel, Wanted};
use super::turns::{Resume, Task, Turns};

#[derive(Clone, Debug, Default)]
pub(crate) struct ConditionModel {
    pub(crate) lock: LockModel,
    /// Who was notified, or cancelled, stands in it until its step.
    pub(crate) line: Vec<Task>,
    /// Those who want the lock again, and whether a cancel has come meanwhile.
    returning: BTreeMap<Task, bool>,
}

/// How a step of a task that waits ends. Whether it was cancelled or not, it has the lock again when it stops waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    Waits,
    Notified,
    Cancelled,
}

impl ConditionModel {
    /// By a task that has the lock.
    pub(crate) fn wait(&mut self, task: Task, turns: &mut Turns) {
        self.lock.release(turns);
        self.line.push(task);
    }

    /// A step of a task that waits, or wants the lock again.
    pub(crate) fn resume(&mut self, task: Task, resume: Resume, turns: &mut Turns) -> Waited {
        let mut is_cancelled = self.returning.get(&task).copied().unwrap_or(false) || resume != Resume::Woken;
        let mut wanted = if self.returning.contains_key(&task) {
            self.lock.resume(task, resume, turns)
        } else {
            self.line.retain(|&other| other != task);
            self.lock.acquire(task, turns)
        };
        if wanted == Wanted::Leaves {
            // No cancel ends the wait for the lock: it begins anew.
            is_cancelled = true;
            wanted = self.lock.acquire(task, turns);
        }
        if wanted == Wanted::Waits {
            self.returning.insert(task, is_cancelled);
            return Waited::Waits;
        }
        self.returning.remove(&task);
        if is_cancelled {
            // It may have been notified: another is, in its place.
            self.notify(1, turns);
            return Waited::Cancelled;
        }
        Waited::Notified
    }

    pub(crate) fn notify(&self, count: usize, turns: &mut Turns) {
        self.line.iter().filter(|&&task| turns.wake(task)).take(count).for_each(drop);
    }

    pub(crate) fn notify_all(&self, turns: &mut Turns) {
        self.notify(self.line.len(), turns);
    }
}
