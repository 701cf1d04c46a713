//! A gather as a future, which can be kept, handed on and cancelled by itself: `_GatheringFuture` of asyncio/tasks.py.
//!
//! Its slot is that of a future, and holds the gather until there is a result. A cancel of it goes down to the children,
//! as one of a task that awaits them does. As in asyncio it is never cancelled itself: it then fails with the cancel.

use std::any::Any;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::{Gather, GatherAll, GatherError, Listener, Outcome};
use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Status, Waiting};
use crate::future::FutureHandle;
use crate::join::JoinHandle;
use crate::raw::task_box::TaskBox;
use crate::slot::Progress;
use crate::task::{AnyTask, TaskId};

impl<T: Clone + 'static> Gather<T> {
    /// Makes it a future that can be kept, awaited more than once, given to whatever waits for tasks, and asked.
    ///
    /// A cancel of the future cancels all children that have not ended, and the future fails once they have; it is false
    /// where none was left. Whoever awaits the future wakes a turn later than from an await of the last child, as from
    /// the gather itself.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{GatherError, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let naps = [1, 2].map(|seconds| sim.spawn(sim.sleep(Duration::from_secs(seconds))));
    ///     let both = sim.gather(naps).into_handle();
    ///     sim.sleep(Duration::from_secs(1)).await;
    ///     let cancelled = both.cancel_with("enough");
    ///     (cancelled, both.await, sim.now().as_secs_f64())
    /// });
    /// let (cancelled, result, seconds) = run.output.expect("main returned");
    /// assert!(cancelled);
    /// assert!(matches!(result, Ok(Err(GatherError::Cancelled(by))) if by.message() == Some("enough")));
    /// assert_eq!(seconds, 1.0);
    /// ```
    pub fn into_handle(self) -> FutureHandle<Result<Vec<T>, GatherError<T>>> {
        self.into_handle_as("gather", |result| result)
    }

    /// [`into_handle`](Gather::into_handle), with a name for traces and reports, and a result that is made from the
    /// gather's.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let numbers = [1, 2, 3].map(|number| sim.spawn(async move { number }));
    ///     let sum = sim.gather(numbers).into_handle_as("sum", |numbers| numbers.map_or(0, |numbers| numbers.iter().sum()));
    ///     // Futures are gathered like tasks.
    ///     sim.gather([sum.into(), sim.spawn(async { 7 })]).await
    /// });
    /// assert_eq!(run.output, Some(Ok(vec![6, 7])));
    /// ```
    pub fn into_handle_as<U: 'static>(
        self,
        name: &str,
        convert: impl FnOnce(Result<Vec<T>, GatherError<T>>) -> U + 'static,
    ) -> FutureHandle<U> {
        keep(self, name, |gather, outcome| {
            let result = gather.result(outcome);
            let status = if result.is_ok() { Status::Finished } else { Status::Failed };
            (convert(result), status)
        })
    }
}

impl<T: Clone + 'static> GatherAll<T> {
    /// Makes it a future, as [`Gather::into_handle`] does. It fails only where it was cancelled.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Status};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let tasks = [1, 2].map(|number| sim.spawn(async move { number }));
    ///     tasks[0].cancel();
    ///     let all = sim.gather_all(tasks).into_handle();
    ///     let ended = all.await.expect("it is never cancelled itself").expect("nobody cancels it");
    ///     [ended[0].status(), ended[1].status()]
    /// });
    /// assert_eq!(run.output, Some([Some(Status::Cancelled), Some(Status::Finished)]));
    /// ```
    pub fn into_handle(self) -> FutureHandle<Result<Vec<JoinHandle<T>>, Cancelled>> {
        self.into_handle_as("gather", |result| result)
    }

    /// [`into_handle`](GatherAll::into_handle), with a name for traces and reports, and a result that is made from the
    /// gather's.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let tasks = [1, 2].map(|number| sim.spawn(async move { number }));
    ///     let count = sim.gather_all(tasks).into_handle_as("count", |ended| ended.map_or(0, |ended| ended.len()));
    ///     count.await
    /// });
    /// assert_eq!(run.output, Some(Ok(2)));
    /// ```
    pub fn into_handle_as<U: 'static>(
        self,
        name: &str,
        convert: impl FnOnce(Result<Vec<JoinHandle<T>>, Cancelled>) -> U + 'static,
    ) -> FutureHandle<U> {
        keep(self.0, name, |gather, outcome| {
            let result = GatherAll::result(gather, outcome);
            let status = if result.is_ok() { Status::Finished } else { Status::Failed };
            (convert(result), status)
        })
    }
}

/// Puts a gather into the slot of a new future; `finish` makes the future's result of the outcome.
fn keep<T: 'static, U: 'static>(
    mut gather: Gather<T>,
    name: &str,
    finish: impl FnOnce(&Gather<T>, Outcome) -> (U, Status) + 'static,
) -> FutureHandle<U> {
    gather.give_up();
    let (core, id) = (Rc::clone(&gather.core), gather.id);
    let is_over = gather.outcome().is_some();
    let future = core.create_future(name);
    let slot = core.tasks.slot(future.id());
    slot.progress.set(Progress::Gathering);
    slot.future.set(Some(TaskBox::new(GatherCell { gather, finish: Some(finish), output: None })));
    core.tasks.describe(slot, slot.wait.get(), Waiting::Gather(id), core.now.get());
    // Whoever waits for the children holds the future, as their callbacks do in asyncio.
    core.hold(future.id());
    if is_over {
        core.settle_gather(future.id());
    } else {
        core.gathers.borrow_mut().get(id).listener = Listener::Future(future.id());
    }
    future
}

/// What the slot of a gather's future holds: the gather, then the result.
struct GatherCell<T: 'static, U, F> {
    gather: Gather<T>,
    finish: Option<F>,
    output: Option<U>,
}

/// Nothing in it is pinned.
impl<T, U, F> Unpin for GatherCell<T, U, F> {}

impl<T, U: 'static, F: FnOnce(&Gather<T>, Outcome) -> (U, Status)> AnyTask for GatherCell<T, U, F> {
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Status> {
        let cell = self.get_mut();
        let Some(outcome) = cell.gather.outcome() else { return Poll::Pending };
        let Some(finish) = cell.finish.take() else { return Poll::Pending };
        let (output, status) = finish(&cell.gather, outcome);
        cell.output = Some(output);
        cell.gather.let_tasks_go();
        Poll::Ready(status)
    }

    fn cancel(self: Pin<&mut Self>) {}

    fn output(&self) -> Option<&dyn Any> {
        self.output.as_ref().map(|output| output as &dyn Any)
    }

    fn take_output(self: Pin<&mut Self>, slot: &mut dyn Any) {
        let slot = slot.downcast_mut::<Option<U>>().expect("a handle knows its task's type");
        *slot = self.get_mut().output.take();
    }
}

impl Core {
    /// The gather that a future is has an outcome: the future gets it.
    #[cold]
    pub(super) fn settle_gather(&self, future: TaskId) {
        let Some(gather) = self.gather_of(future) else { return };
        self.gathers.borrow_mut().get(gather).listener = Listener::Nobody;
        let cell = self.tasks.slot(future).future.take();
        if let Some(mut cell) = cell
            && let Poll::Ready(status) = cell.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        {
            if let Some(cancelled) = self.gather_cancelled(gather) {
                self.fail_by_cancel(future, &cancelled);
            }
            self.settle_future(future, Some(cell), status);
        }
        self.let_go(future);
    }
}
