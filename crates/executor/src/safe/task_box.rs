//! A task in a place of its own.

use std::ops::Deref;
use std::pin::Pin;

use crate::task::AnyTask;

/// A task that stays where it is until it is dropped.
pub(crate) struct TaskBox(Pin<Box<dyn AnyTask>>);

impl TaskBox {
    #[inline]
    pub(crate) fn new<T: AnyTask + 'static>(task: T) -> TaskBox {
        TaskBox(Box::pin(task))
    }

    #[inline]
    pub(crate) fn as_mut(&mut self) -> Pin<&mut dyn AnyTask> {
        self.0.as_mut()
    }
}

impl Deref for TaskBox {
    type Target = dyn AnyTask;

    #[inline]
    fn deref(&self) -> &(dyn AnyTask + 'static) {
        &*self.0
    }
}
