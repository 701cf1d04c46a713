//! The task whose step is running, with its wait at hand.
//!
//! Nearly all that a step does to its task concerns the one wait of it: taking the wake-up of the last, beginning the
//! next. So the record is moved here from the table of tasks when the step begins, and back when it is over. Whoever
//! asks for the wait of some task comes through here and finds it where it is.

use std::cell::Cell;
use std::task::{Context, Waker};

use crate::core::Core;
use crate::event::Event;
use crate::raw::waker;
use crate::task::TaskId;
use crate::wait::Wait;

/// The task whose step is running, and its wait.
pub(crate) struct Running {
    /// The task, while its future is being polled.
    polled: Cell<TaskId>,
    /// The task, when its future has been polled and it is not yet done with.
    ending: Cell<TaskId>,
    /// The wait of the polled task.
    wait: Cell<Wait>,
}

/// There are fewer tasks.
const NOWHERE: u32 = u32::MAX;
/// In one word without a tag, since it is written in each step.
const NOBODY: TaskId = TaskId { index: NOWHERE, generation: u32::MAX };

fn somebody(id: TaskId) -> Option<TaskId> {
    (id.index != NOWHERE).then_some(id)
}

impl Default for Running {
    fn default() -> Running {
        Running { polled: Cell::new(NOBODY), ending: Cell::new(NOBODY), wait: Cell::default() }
    }
}

impl Running {
    /// Takes the wait of a task whose future is about to be polled.
    #[inline]
    pub(crate) fn begin(&self, task: TaskId, wait: Wait) {
        self.polled.set(task);
        self.wait.set(wait);
    }

    /// The task is polled no more, but what follows is still its own doing.
    #[inline]
    pub(crate) fn rest(&self, task: TaskId) -> Wait {
        self.ending.set(task);
        self.end()
    }

    /// Nobody runs.
    #[inline]
    pub(crate) fn clear(&self) {
        self.polled.set(NOBODY);
        self.ending.set(NOBODY);
    }

    /// Gives the wait back, to be put where it was.
    #[inline]
    pub(crate) fn end(&self) -> Wait {
        self.polled.set(NOBODY);
        self.wait.get()
    }

    /// The wait of the running task.
    #[inline]
    pub(crate) fn wait(&self) -> Wait {
        self.wait.get()
    }

    /// Changes the wait of the running task.
    pub(crate) fn change_wait(&self, change: impl FnOnce(&mut Wait)) {
        let mut wait = self.wait.get();
        change(&mut wait);
        self.wait.set(wait);
    }

    /// The wait, if it is the one of the task at this place.
    #[inline]
    pub(crate) fn wait_at(&self, place: u32) -> Option<&Cell<Wait>> {
        (self.polled.get().index == place).then_some(&self.wait)
    }
}

impl Core {
    /// The task whose future is being polled.
    #[cfg(not(feature = "safe"))]
    pub(crate) fn polled(&self) -> Option<TaskId> {
        somebody(self.running.polled.get())
    }

    /// The place of the running task and its wait, where it is polled with its very waker: not with a combinator's, nor,
    /// though it may be, with a copy.
    #[inline]
    pub(crate) fn polled_with(&self, context: &Context<'_>) -> Option<(u32, &Cell<Wait>)> {
        let place = self.running.polled.get().index;
        // It is lent for a poll, and nothing else; but copies of it, which pass for it without unsafe code, are kept.
        let is_polled = !cfg!(feature = "safe") || place != NOWHERE;
        (is_polled && self.lender.has_lent(context.waker())).then_some((place, &self.running.wait))
    }

    /// Whether a waker is the one of the running task, this one, or a copy.
    pub(crate) fn is_own(&self, waker: &Waker, id: TaskId) -> bool {
        self.lender.has_lent(waker) || waker::is_for(waker, id)
    }

    /// The task whose step is running.
    #[inline]
    pub(crate) fn current(&self) -> Option<TaskId> {
        somebody(self.running.polled.get()).or_else(|| somebody(self.running.ending.get()))
    }

    /// Tells the observer, if there is one, as of something that this task does. Nobody runs.
    pub(crate) fn emit_as(&self, task: TaskId, event: impl FnOnce() -> Event) {
        self.running.ending.set(task);
        self.emit(event);
        self.running.ending.set(NOBODY);
    }

    /// Looks at the wait of a task, wherever it is, and may change it.
    pub(crate) fn with_wait<R>(&self, place: u32, change: impl FnOnce(&mut Wait) -> R) -> R {
        let cell = self.running.wait_at(place).unwrap_or_else(|| &self.tasks.at(place).wait);
        let mut wait = cell.get();
        let result = change(&mut wait);
        cell.set(wait);
        result
    }
}
