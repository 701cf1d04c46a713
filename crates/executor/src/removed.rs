//! Tasks that are gone, while what they have left is being dropped.

use std::cell::{Cell, RefCell};

use crate::core::Core;
use crate::raw::task_box::TaskBox;
use crate::slot::Slot;
use crate::task::TaskId;

/// What a task returned may hold the last handle of another one, and so on down a long chain: the outermost drop drops
/// all of them, one after another.
#[derive(Default)]
pub(crate) struct Removed {
    dropping: Cell<Dropping>,
    others: RefCell<Vec<TaskBox>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Dropping {
    #[default]
    Nothing,
    One,
    /// There are others to be dropped after it.
    More,
}

impl Removed {
    /// Drops what a task has left, now, or after what is being dropped.
    #[inline]
    fn drop_left(&self, left: TaskBox) {
        if self.dropping.get() != Dropping::Nothing {
            self.dropping.set(Dropping::More);
            return self.others.borrow_mut().push(left);
        }
        self.dropping.set(Dropping::One);
        let _over = Over(&self.dropping);
        drop(left);
        if self.dropping.get() == Dropping::More {
            self.drop_others();
        }
    }

    /// One after another: nothing is borrowed while one of them is dropped.
    #[cold]
    fn drop_others(&self) {
        while let Some(left) = self.next() {
            drop(left);
        }
    }

    fn next(&self) -> Option<TaskBox> {
        self.others.borrow_mut().pop()
    }

    /// What a destructor that panicked kept from being dropped.
    pub(crate) fn take(&self) -> Vec<TaskBox> {
        self.others.take()
    }
}

/// Ends the dropping, also when a destructor panics.
struct Over<'removed>(&'removed Cell<Dropping>);

impl Drop for Over<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.set(Dropping::Nothing);
    }
}

impl Core {
    /// Drops an ended task that no handle remembers.
    pub(crate) fn remove_task(&self, id: TaskId, slot: &Slot) {
        let (future, name) = self.tasks.remove(id, slot);
        self.names.borrow_mut().release(name);
        if let Some(future) = future {
            self.removed.drop_left(future);
        }
    }
}
