//! The task whose step is running, with its wait at hand.
//!
//! Nearly all that a step does to its task concerns the one wait of it: taking the wake-up of the last, beginning the
//! next. So the record is moved here from the table of tasks when the step begins, and back when it is over. Whoever
//! asks for the wait of some task comes through here and finds it where it is.

use std::cell::Cell;
use std::task::{Context, Waker};

use crate::core::Core;
use crate::task::TaskId;
use crate::wait::Wait;

/// The task whose step is running.
pub(crate) struct Current(Cell<TaskId>);

impl Default for Current {
    fn default() -> Current {
        Current(Cell::new(Current::NONE))
    }
}

impl Current {
    /// In one word without a tag, since it is written twice for each step.
    const NONE: TaskId = TaskId { index: NOBODY, generation: 0 };

    #[inline]
    pub(crate) fn get(&self) -> Option<TaskId> {
        let id = self.0.get();
        (id.index != NOBODY).then_some(id)
    }

    #[inline]
    pub(crate) fn set(&self, id: TaskId) {
        self.0.set(id);
    }

    #[inline]
    pub(crate) fn clear(&self) {
        self.0.set(Current::NONE);
    }
}

/// The wait of the running task.
pub(crate) struct Running {
    /// The place of the task in the table, while its future is being polled; else one that no task has.
    place: Cell<u32>,
    wait: Cell<Wait>,
    /// Where its own waker is.
    waker: Cell<usize>,
}

/// There are fewer tasks.
const NOBODY: u32 = u32::MAX;

impl Default for Running {
    fn default() -> Running {
        Running { place: Cell::new(NOBODY), wait: Cell::default(), waker: Cell::default() }
    }
}

impl Running {
    /// Takes the wait of a task whose future is about to be polled.
    #[inline]
    pub(crate) fn begin(&self, place: u32, wait: Wait) {
        self.place.set(place);
        self.wait.set(wait);
    }

    /// Gives the wait back, to be put where it was.
    #[inline]
    pub(crate) fn end(&self) -> Wait {
        self.place.set(NOBODY);
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
        (self.place.get() == place).then_some(&self.wait)
    }

    /// The waker that the running task is about to be polled with.
    #[inline]
    pub(crate) fn set_waker(&self, waker: &Waker) {
        self.waker.set(std::ptr::from_ref(waker).addr());
    }

    /// The place of the running task and its wait, where it is polled with its very waker: not with a combinator's, nor,
    /// though it may be, with a copy.
    #[inline]
    pub(crate) fn polled_with(&self, context: &Context<'_>) -> Option<(u32, &Cell<Wait>)> {
        let place = self.place.get();
        let own = place != NOBODY && self.waker.get() == std::ptr::from_ref(context.waker()).addr();
        own.then_some((place, &self.wait))
    }
}

impl Core {
    /// Looks at the wait of a task, wherever it is, and may change it.
    pub(crate) fn with_wait<R>(&self, place: u32, change: impl FnOnce(&mut Wait) -> R) -> R {
        let cell = self.running.wait_at(place).unwrap_or_else(|| &self.tasks.at(place).wait);
        let mut wait = cell.get();
        let result = change(&mut wait);
        cell.set(wait);
        result
    }
}
