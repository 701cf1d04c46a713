//! A gather that is awaited where it is made: the common case, without a future of its own.

use std::collections::BTreeSet;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::children::Children;
use super::{Listener, Outcome, Until};
use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Event, GatherId, Status, Waiting};
use crate::join::JoinHandle;
use crate::sim::Sim;
use crate::task::TaskId;
use crate::wait::{WaitState, WaitToken};

impl Sim {
    /// Waits for all tasks and gives what they returned, in the order given; the first that fails or is cancelled ends
    /// the waiting, and the others go on. A cancel of the waiter cancels all of them.
    ///
    /// What counts as failed is said by [`spawn_as`](Sim::spawn_as).
    ///
    /// # Panics
    /// When a task belongs to another simulation.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let tasks = [3, 1, 2].map(|seconds| {
    ///         let clock = sim.clone();
    ///         sim.spawn(async move {
    ///             clock.sleep(Duration::from_secs(seconds)).await;
    ///             seconds
    ///         })
    ///     });
    ///     (sim.gather(tasks).await.ok(), sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Some(vec![3, 1, 2]), 3.0)));
    /// ```
    pub fn gather<T: Clone + 'static>(&self, tasks: impl IntoIterator<Item = JoinHandle<T>>) -> Gather<T> {
        Gather::new(self, tasks, Until::FirstFailure)
    }

    /// As [`gather`](Sim::gather), but waits for all of them whatever becomes of them, as `return_exceptions=True`
    /// does: their results are read from the handles that come back.
    ///
    /// # Panics
    /// When a task belongs to another simulation.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Status};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let tasks = [1, 2].map(|number| sim.spawn(async move { number }));
    ///     tasks[0].cancel();
    ///     let ended = sim.gather_all(tasks).await.expect("nobody cancels main");
    ///     [ended[0].status(), ended[1].status()]
    /// });
    /// assert_eq!(run.output, Some([Some(Status::Cancelled), Some(Status::Finished)]));
    /// ```
    pub fn gather_all<T: Clone + 'static>(&self, tasks: impl IntoIterator<Item = JoinHandle<T>>) -> GatherAll<T> {
        GatherAll(Gather::new(self, tasks, Until::All))
    }
}

/// Waits for several tasks; made by [`Sim::gather`].
///
/// It wakes a turn later than an await of the last child would: what a child's end does to a gather is an entry of its
/// own (sentence 1 of the law).
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(async { 7 });
///     sim.gather([task.clone(), task]).await
/// });
/// assert_eq!(run.output, Some(Ok(vec![7, 7])), "one child, given twice");
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Gather<T> {
    pub(super) core: Rc<Core>,
    pub(super) id: GatherId,
    /// The tasks in the order given, some perhaps several times; the slot of each counts a handle for each time.
    tasks: Rc<Children>,
    output: PhantomData<fn() -> T>,
}

/// Why a gather gave no list of results.
///
/// ```
/// use timeskip_executor::{GatherError, Simulation, Status};
/// let run = Simulation::new().run(|sim| async move {
///     let pays = sim.spawn_as("pays", async { "no money" }, |_| Status::Failed);
///     sim.gather([pays]).await
/// });
/// assert_eq!(run.output, Some(Err(GatherError::Failed("no money"))));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum GatherError<T> {
    /// A child failed; what it returned.
    Failed(T),
    /// A child, or the gather, was cancelled.
    Cancelled(Cancelled),
}

impl<T: std::fmt::Debug> std::fmt::Debug for GatherError<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            GatherError::Failed(output) => formatter.debug_tuple("Failed").field(output).finish(),
            GatherError::Cancelled(cancelled) => cancelled.fmt(formatter),
        }
    }
}

/// Each task once, in the order of its first place, and those that come again.
fn told_apart(tasks: &Children) -> (Children, Vec<TaskId>) {
    let mut known = BTreeSet::new();
    let (children, again): (Vec<TaskId>, Vec<TaskId>) = tasks.iter().partition(|&task| known.insert(task));
    (children.into_iter().collect(), again)
}

impl<T: Clone + 'static> Gather<T> {
    fn new(sim: &Sim, tasks: impl IntoIterator<Item = JoinHandle<T>>, until: Until) -> Gather<T> {
        let into_task = |handle: JoinHandle<T>| {
            assert!(Rc::ptr_eq(handle.core(), sim.core()), "a task is gathered only in its own simulation");
            handle.into_task()
        };
        let tasks: Rc<Children> = Rc::new(tasks.into_iter().map(into_task).collect());
        // The common case, all of them different and ascending, is told cheaply.
        let (children, again) = if tasks.are_ascending() {
            (Rc::clone(&tasks), Vec::new())
        } else {
            let (children, again) = told_apart(&tasks);
            (Rc::new(children), again)
        };
        let id = sim.core().add_gather(children, until, Listener::Nobody);
        if !again.is_empty() {
            let mut gathers = sim.core().gathers.borrow_mut();
            let state = gathers.get(id);
            state.last = tasks.last();
            state.again = again.into();
        }
        Gather { core: Rc::clone(sim.core()), id, tasks, output: PhantomData }
    }

    fn waiter(&self) -> Option<WaitToken> {
        match self.core.gathers.borrow_mut().get(self.id).listener {
            Listener::Task(waiter) => Some(waiter),
            _ => None,
        }
    }

    fn listen(&self, listener: Listener) {
        self.core.gathers.borrow_mut().get(self.id).listener = listener;
    }

    /// Waits until there is an outcome.
    fn poll_outcome(&mut self, context: &Context<'_>) -> Poll<Outcome> {
        if self.core.holds_back(context) {
            return Poll::Pending;
        }
        match (self.outcome(), self.waiter()) {
            (Some(outcome), None) => Poll::Ready(outcome),
            (Some(outcome), Some(wait)) if self.core.wait_state(wait) != Some(WaitState::Pending) => {
                self.give_up();
                self.core.emit(|| Event::Resumed);
                Poll::Ready(outcome)
            }
            (None, waiter) if waiter.is_none_or(|wait| self.core.has_moved(wait, context)) => {
                self.give_up();
                let wait = self.core.begin_wait(Waiting::Gather(self.id), context);
                self.listen(Listener::Task(wait));
                Poll::Pending
            }
            _ => Poll::Pending,
        }
    }

    /// What awaiting it gives.
    pub(super) fn result(&self, outcome: Outcome) -> Result<Vec<T>, GatherError<T>> {
        match outcome {
            Outcome::Stopped { child } => Err(self.stopped_by(child)),
            Outcome::Cancelled => Err(GatherError::Cancelled(self.cancelled())),
            Outcome::AllEnded => {
                let mut results = Vec::with_capacity(self.tasks.len() as usize);
                let all = self.tasks.iter().try_for_each(|task| {
                    results.push(self.core.output(task)?);
                    Some(())
                });
                all.map(|()| results).ok_or_else(|| GatherError::Cancelled(self.cancelled()))
            }
        }
    }

    fn cancelled(&self) -> Cancelled {
        self.core.gather_cancelled(self.id).unwrap_or_default()
    }

    fn stopped_by(&self, child: u32) -> GatherError<T> {
        let task = self.core.gathers.borrow_mut().get(self.id).child(child);
        let handle = self.handle(task);
        let result = if handle.status() == Some(Status::Cancelled) { None } else { handle.result() };
        match result {
            Some(Ok(output)) => GatherError::Failed(output),
            _ => GatherError::Cancelled(self.cancelled()),
        }
    }

    /// A handle on one of the tasks.
    fn handle(&self, task: TaskId) -> JoinHandle<T> {
        self.core.hold(task);
        JoinHandle::new(Rc::clone(&self.core), task)
    }
}

impl<T> Gather<T> {
    /// The results are taken: nobody holds the tasks any more.
    pub(super) fn let_tasks_go(&mut self) {
        let tasks = std::mem::take(&mut self.tasks);
        tasks.iter().for_each(|task| self.core.let_go(task));
    }

    /// The outcome, once there is one.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        let mut gathers = self.core.gathers.borrow_mut();
        let state = gathers.get(self.id);
        state.outcome.or_else(|| state.children.is_empty().then_some(Outcome::AllEnded))
    }

    /// The wait of the task that awaited it is over.
    pub(super) fn give_up(&mut self) {
        let mut gathers = self.core.gathers.borrow_mut();
        let state = gathers.get(self.id);
        if let Listener::Task(wait) = state.listener {
            state.listener = Listener::Nobody;
            drop(gathers);
            self.core.end_wait(wait);
        }
    }
}

impl<T: Clone + 'static> Future for Gather<T> {
    type Output = Result<Vec<T>, GatherError<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = std::task::ready!(self.poll_outcome(context));
        Poll::Ready(self.result(outcome))
    }
}

impl<T> Drop for Gather<T> {
    fn drop(&mut self) {
        self.give_up();
        let mut gathers = self.core.gathers.borrow_mut();
        let state = gathers.get(self.id);
        state.abandoned = true;
        let future = state.give_up_future();
        gathers.free_if_over(self.id);
        drop(gathers);
        if let Some(future) = future {
            self.core.let_go(future);
        }
        self.let_tasks_go();
    }
}

/// Waits for several tasks whatever becomes of them; made by [`Sim::gather_all`].
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let nap = sim.spawn(sim.sleep(Duration::from_secs(60)));
///     let waiter = sim.spawn(sim.gather_all([nap.clone()]));
///     sim.yield_now().await;
///     waiter.cancel();
///     nap.await.is_err()
/// });
/// assert_eq!(run.output, Some(true), "the waiter's cancel went down to it");
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct GatherAll<T>(pub(super) Gather<T>);

impl<T: Clone + 'static> GatherAll<T> {
    /// What awaiting it gives.
    pub(super) fn result(gather: &Gather<T>, outcome: Outcome) -> Result<Vec<JoinHandle<T>>, Cancelled> {
        match outcome {
            Outcome::AllEnded => Ok(gather.tasks.iter().map(|task| gather.handle(task)).collect()),
            Outcome::Stopped { .. } | Outcome::Cancelled => Err(gather.cancelled()),
        }
    }
}

impl<T: Clone + 'static> Future for GatherAll<T> {
    type Output = Result<Vec<JoinHandle<T>>, Cancelled>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = std::task::ready!(self.0.poll_outcome(context));
        Poll::Ready(GatherAll::result(&self.0, outcome))
    }
}
