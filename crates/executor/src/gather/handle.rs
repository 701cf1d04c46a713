//! A gather as a future, which can be kept, handed on and cancelled by itself: `_GatheringFuture` of asyncio/tasks.py.
//!
//! Its slot is that of a future, and holds the gather until there is a result. A cancel of it goes down to the children,
//! as one of a task that awaits them does. As in asyncio it is never cancelled itself: it then fails with the cancel.

use std::cell::Cell;
use std::future::Future;
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
use crate::task::TaskId;

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
    let status = Rc::new(Cell::new(Status::Finished));
    let finish = Finish { gather, finish: Some(finish), status: Rc::clone(&status) };
    slot.future.set(Some(TaskBox::new(finish, move |_| status.get())));
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

/// What the slot of a gather's future runs, once: when the gather has an outcome.
struct Finish<T: 'static, F> {
    gather: Gather<T>,
    finish: Option<F>,
    /// How the future ends.
    status: Rc<Cell<Status>>,
}

/// Nothing in it is pinned.
impl<T, F> Unpin for Finish<T, F> {}

impl<T, U, F: FnOnce(&Gather<T>, Outcome) -> (U, Status)> Future for Finish<T, F> {
    type Output = U;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<U> {
        let this = self.get_mut();
        let Some(outcome) = this.gather.outcome() else { return Poll::Pending };
        let Some(finish) = this.finish.take() else { return Poll::Pending };
        let (output, status) = finish(&this.gather, outcome);
        this.status.set(status);
        // What else is dropped with the gather is nothing of the program's, which might ask for it.
        this.gather.let_tasks_go();
        Poll::Ready(output)
    }
}

impl Core {
    /// The gather that a future is has an outcome: the future gets it.
    #[cold]
    pub(super) fn settle_gather(&self, future: TaskId) {
        let Some(gather) = self.gather_of(future) else { return };
        self.gathers.borrow_mut().get(gather).listener = Listener::Nobody;
        let cancelled = self.gather_cancelled(gather);
        let cell = self.tasks.slot(future).future.take();
        if let Some(mut cell) = cell
            && let Poll::Ready(status) = cell.poll(&mut Context::from_waker(Waker::noop()))
        {
            if let Some(cancelled) = cancelled {
                self.fail_by_cancel(future, &cancelled);
            }
            self.settle_future(future, Some(cell), status);
        }
        self.let_go(future);
    }
}
