//! Tasks and turns as the models see them: a list of tasks, each with at most one wait, and who has a step coming.

use std::collections::VecDeque;

pub(crate) type Task = usize;

/// What a task returns: a number, or the error's name.
pub(crate) type Answer = Result<usize, &'static str>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Answered(Answer),
    Cancelled,
}

/// Where a task stands between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    Fresh,
    FreshAndCancelled,
    Waits,
    /// The wait was cancelled: a wake-up that comes now goes to another.
    WaitCancelled,
    Woken,
    /// The wait is over, with success; the cancel comes with the step.
    WokenAndCancelled,
    Ended(End),
}

/// How a step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resume {
    First,
    Woken,
    /// With a cancel in place of the wake-up.
    Cancelled,
    /// With a cancel on top of the wake-up.
    WokenAndCancelled,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Turns {
    stands: Vec<Stand>,
    ready: VecDeque<Task>,
}

impl Turns {
    pub(crate) fn spawn(&mut self) {
        self.ready.push_back(self.stands.len());
        self.stands.push(Stand::Fresh);
    }

    pub(crate) fn stand(&self, task: Task) -> Stand {
        self.stands[task]
    }

    pub(crate) fn stands(&self) -> &[Stand] {
        &self.stands
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.ready.is_empty()
    }

    /// Wakes a task; says whether it was there to be woken.
    pub(crate) fn wake(&mut self, task: Task) -> bool {
        let waits = self.stands[task] == Stand::Waits;
        if waits {
            self.stands[task] = Stand::Woken;
            self.ready.push_back(task);
        }
        waits
    }

    /// As `Task.cancel`; says whether it will be heard.
    pub(crate) fn cancel(&mut self, task: Task) -> bool {
        let stand = &mut self.stands[task];
        *stand = match *stand {
            Stand::Ended(_) => return false,
            Stand::Fresh | Stand::FreshAndCancelled => Stand::FreshAndCancelled,
            Stand::Woken | Stand::WokenAndCancelled => Stand::WokenAndCancelled,
            Stand::WaitCancelled => Stand::WaitCancelled,
            Stand::Waits => {
                self.ready.push_back(task);
                Stand::WaitCancelled
            }
        };
        true
    }

    /// Those who have a step in the turn that comes now.
    pub(crate) fn next_turn(&mut self) -> VecDeque<Task> {
        std::mem::take(&mut self.ready)
    }

    /// How the task's step begins; `None` for one that was cancelled before its first.
    pub(crate) fn resume(&mut self, task: Task) -> Option<Resume> {
        match self.stands[task] {
            Stand::Fresh => Some(Resume::First),
            Stand::Woken => Some(Resume::Woken),
            Stand::WaitCancelled => Some(Resume::Cancelled),
            Stand::WokenAndCancelled => Some(Resume::WokenAndCancelled),
            Stand::FreshAndCancelled | Stand::Waits | Stand::Ended(_) => None,
        }
    }

    /// How the step ended: with the task, or with a wait.
    pub(crate) fn stepped(&mut self, task: Task, end: Option<End>) {
        self.stands[task] = end.map_or(Stand::Waits, Stand::Ended);
    }
}
