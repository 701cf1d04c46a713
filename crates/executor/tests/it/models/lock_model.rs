//! What a lock is: taken or not, and a line.

use super::turns::{Resume, Stand, Task, Turns};

#[derive(Clone, Debug, Default)]
pub(crate) struct LockModel {
    pub(crate) is_locked: bool,
    /// Who was woken, or cancelled, stands in it until its step.
    pub(crate) line: Vec<Task>,
}

/// How a step of a task that wants the lock ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Waits,
    Has,
    /// It was cancelled.
    Leaves,
}

impl LockModel {
    /// Whoever comes while others wait stands behind them, also when the lock is free.
    pub(crate) fn acquire(&mut self, task: Task, turns: &Turns) -> Wanted {
        if self.is_locked || self.line.iter().any(|&other| turns.stand(other) != Stand::WaitCancelled) {
            self.line.push(task);
            return Wanted::Waits;
        }
        self.is_locked = true;
        Wanted::Has
    }

    /// A step of a task that stands in line.
    pub(crate) fn resume(&mut self, task: Task, resume: Resume, turns: &mut Turns) -> Wanted {
        self.line.retain(|&other| other != task);
        if resume == Resume::Woken {
            self.is_locked = true;
            return Wanted::Has;
        }
        if !self.is_locked {
            self.wake_first(turns);
        }
        Wanted::Leaves
    }

    pub(crate) fn release(&mut self, turns: &mut Turns) -> bool {
        let was_locked = std::mem::take(&mut self.is_locked);
        if was_locked {
            self.wake_first(turns);
        }
        was_locked
    }

    fn wake_first(&self, turns: &mut Turns) {
        if let Some(&first) = self.line.first() {
            turns.wake(first);
        }
    }
}
