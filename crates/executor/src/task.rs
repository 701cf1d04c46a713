//! Tasks: where their futures and results live, and how they end.

use std::any::Any;
use std::future::{Future, Pending};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::event::Status;

/// A task of a run. Ids of tasks that are gone never name another task.
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let (first, second) = (sim.spawn(async {}), sim.spawn(async {}));
///     (first.id() == first.clone().id(), first.id() == second.id())
/// });
/// assert_eq!(run.output, Some((true, false)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// There are fewer tasks: who names one in 32 bits has two of them to spare.
pub(crate) const PLACES: u32 = 1 << 30;

/// A future with a place for its result; the executor knows it as this.
pub(crate) trait AnyTask {
    /// Polls the future; when it returns, keeps its output and tells how it ended.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Status>;
    /// Drops the future, which will not return.
    fn cancel(self: Pin<&mut Self>);
    /// What it returned, as `&T`.
    fn output(&self) -> Option<&dyn Any>;
    /// Moves what it returned into `slot`, an `Option<T>`.
    fn take_output(self: Pin<&mut Self>, slot: &mut dyn Any);
}

pin_project! {
    /// One allocation holds the future and, later, what it returned.
    pub(crate) struct TaskCell<F: Future, C> {
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

impl<F: Future, C: Fn(&F::Output) -> Status> TaskCell<F, C> {
    pub(crate) fn new(future: F, classify: C) -> TaskCell<F, C> {
        TaskCell { stage: Stage::Running { future }, classify }
    }
}

impl<T> TaskCell<Pending<T>, fn(&T) -> Status> {
    /// What a future holds whose result has been set: nothing is left to run.
    pub(crate) fn returned(output: T) -> TaskCell<Pending<T>, fn(&T) -> Status> {
        TaskCell { stage: Stage::Returned { output: Some(output) }, classify: |_| Status::Finished }
    }
}

impl<F: Future, C: Fn(&F::Output) -> Status> AnyTask for TaskCell<F, C>
where
    F::Output: 'static,
{
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
