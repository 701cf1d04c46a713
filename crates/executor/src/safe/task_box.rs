//! A task in a place of its own.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::prefetch::Lines;
use crate::event::Status;
use crate::task::AnyTask;

/// A task that stays where it is until it is dropped.
pub(crate) struct TaskBox(Pin<Box<dyn AnyTask>>);

impl TaskBox {
    #[inline]
    pub(crate) fn new<T: AnyTask + 'static>(task: T) -> TaskBox {
        TaskBox(Box::pin(task))
    }

    /// One poll of the task.
    #[inline]
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Status> {
        self.0.as_mut().poll(context)
    }

    /// What it returned.
    #[inline]
    pub(crate) fn output(&self) -> Option<&dyn Any> {
        self.0.output()
    }

    #[inline]
    pub(crate) fn as_mut(&mut self) -> Pin<&mut dyn AnyTask> {
        self.0.as_mut()
    }

    /// How much of it is worth being fetched.
    #[inline]
    pub(crate) fn lines(&self) -> Lines {
        Lines
    }

    /// Nothing: see [`prefetch`](super::prefetch).
    #[inline(always)]
    pub(crate) fn fetch(&self, _: Lines) {}
}
