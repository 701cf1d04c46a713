//! A task in a place of its own: its future, then what that returned.

use std::any::Any;
use std::future::{Future, Pending};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::prefetch::Lines;
use crate::event::Status;

pub(crate) struct TaskBox(Pin<Box<dyn AnyTask>>);

/// A task whose type is not known.
trait AnyTask {
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Status>;
    fn cancel(self: Pin<&mut Self>);
    fn output(&self) -> Option<&dyn Any>;
    fn take_output(self: Pin<&mut Self>, slot: &mut dyn Any);
}

pin_project! {
    struct TaskCell<F: Future, C> {
        #[pin]
        stage: Stage<F>,
        classify: C,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<F: Future> {
        Running { #[pin] future: F },
        Returned { output: Option<F::Output> },
        Cancelled,
    }
}

impl TaskBox {
    /// A task that runs a future and asks of what that returns how it ended.
    pub(crate) fn new<F, C>(future: F, classify: C) -> TaskBox
    where
        F: Future<Output: 'static> + 'static,
        C: Fn(&F::Output) -> Status + 'static,
    {
        TaskBox(Box::pin(TaskCell { stage: Stage::Running { future }, classify }))
    }

    /// What a future holds whose result has been set: nothing is left to run.
    pub(crate) fn returned<T: 'static>(output: T) -> TaskBox {
        let stage = Stage::<Pending<T>>::Returned { output: Some(output) };
        TaskBox(Box::pin(TaskCell { stage, classify: |_: &T| Status::Finished }))
    }

    /// One poll of the task; when it returns, its output is kept.
    #[inline]
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Status> {
        self.0.as_mut().poll(context)
    }

    /// What it returned.
    #[inline]
    pub(crate) fn output(&self) -> Option<&dyn Any> {
        self.0.output()
    }

    /// Moves what it returned into `slot`, an `Option` of it.
    pub(crate) fn take_output(&mut self, slot: &mut dyn Any) {
        self.0.as_mut().take_output(slot);
    }

    /// Drops the future, which will not return.
    pub(crate) fn cancel(&mut self) {
        self.0.as_mut().cancel();
    }

    #[inline]
    pub(crate) fn lines(&self) -> Lines {
        Lines
    }

    #[inline(always)]
    pub(crate) fn fetch(&self, _: Lines) {}
}

impl<F: Future<Output: 'static>, C: Fn(&F::Output) -> Status> AnyTask for TaskCell<F, C> {
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Status> {
        let mut task = self.project();
        let StageProjection::Running { future } = task.stage.as_mut().project() else {
            unreachable!("a task that ended is not polled");
        };
        let output = ready!(future.poll(context));
        let status = (task.classify)(&output);
        task.stage.set(Stage::Returned { output: Some(output) });
        Poll::Ready(status)
    }

    fn cancel(self: Pin<&mut Self>) {
        self.project().stage.set(Stage::Cancelled);
    }

    fn output(&self) -> Option<&dyn Any> {
        match &self.stage {
            Stage::Returned { output: Some(output) } => Some(output),
            _ => None,
        }
    }

    fn take_output(self: Pin<&mut Self>, slot: &mut dyn Any) {
        let slot = slot.downcast_mut::<Option<F::Output>>().expect("a handle knows its task's type");
        if let StageProjection::Returned { output } = self.project().stage.project() {
            *slot = output.take();
        }
    }
}
