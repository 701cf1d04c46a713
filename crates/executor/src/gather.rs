//! Waiting for several tasks at once, with their results in the order given.
//!
//! As in asyncio, a gather is told of each child by a callback of its own, and wakes its waiter a turn after the last:
//! what a task awaits through a gather comes a turn later than what it awaits itself.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Event, GatherId, Status, Waiting};
use crate::join::JoinHandle;
use crate::ready::Entry;
use crate::sim::Sim;
use crate::task::{Progress, TaskId, Watcher};
use crate::wait::{WaitState, WaitToken};

/// What ends a gather before all its children have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    FirstFailure,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    AllEnded,
    /// The child that failed or was cancelled, with others still going on.
    Stopped {
        child: u32,
    },
    /// All have ended, after a cancel of the gather.
    Cancelled,
}

struct State {
    /// Children that were given more than once: a cancel is handed to them as often.
    again: Box<[TaskId]>,
    /// The child that was given last.
    last: Option<TaskId>,
    children: Rc<[TaskId]>,
    remaining: u32,
    until: Until,
    outcome: Option<Outcome>,
    waiter: Option<WaitToken>,
    /// The run ends when this gather does.
    ends_run: bool,
    cancel_requested: bool,
    /// The future is gone.
    abandoned: bool,
    /// What the cancel that ended it came with.
    cancelled: Option<Cancelled>,
}

/// The gathers of a run.
#[derive(Default)]
pub(crate) struct Gathers {
    states: Vec<Option<State>>,
    free: Vec<u32>,
}

impl Gathers {
    fn add(&mut self, state: State) -> GatherId {
        if let Some(index) = self.free.pop() {
            self.states[index as usize] = Some(state);
            return GatherId(index);
        }
        self.states.push(Some(state));
        GatherId(u32::try_from(self.states.len() - 1).expect("fewer gathers than 2^32"))
    }

    fn get(&mut self, id: GatherId) -> &mut State {
        self.states[id.0 as usize]
            .as_mut()
            .expect("a gather lives until its children have ended and its future is gone")
    }

    fn free_if_over(&mut self, id: GatherId) {
        let state = self.get(id);
        if state.remaining == 0 && state.abandoned {
            self.states[id.0 as usize] = None;
            self.free.push(id.0);
        }
    }

    /// The children that have not ended, in order.
    pub(crate) fn unfinished(&self, id: GatherId, core: &Core) -> Vec<TaskId> {
        let Some(state) = &self.states[id.0 as usize] else { return Vec::new() };
        let tasks = core.tasks.borrow();
        let lives = |child: &&TaskId| {
            tasks
                .get(**child)
                .is_some_and(|slot| matches!(slot.progress, Progress::New | Progress::Started | Progress::Unset))
        };
        state.children.iter().filter(lives).copied().collect()
    }
}

impl Core {
    fn add_gather(&self, children: Rc<[TaskId]>, until: Until, ends_run: bool) -> GatherId {
        let remaining = u32::try_from(children.len()).expect("fewer children than tasks");
        let id = self.gathers.borrow_mut().add(State {
            again: Box::default(),
            last: children.last().copied(),
            children: Rc::clone(&children),
            remaining,
            until,
            outcome: None,
            waiter: None,
            ends_run,
            cancel_requested: false,
            abandoned: ends_run,
            cancelled: None,
        });
        let mut ended = Vec::new();
        for (child, &task) in (0..).zip(children.iter()) {
            let mut tasks = self.tasks.borrow_mut();
            let slot = tasks.slot(task);
            if matches!(slot.progress, Progress::Ended(_)) {
                ended.push(child);
            } else {
                slot.watchers.push(Watcher::Gather { gather: id, child });
            }
        }
        // As CPython since 3.12: children that have ended already are counted at once.
        for child in ended {
            self.retrieve_child(id, child);
            self.gathered(id, child);
        }
        id
    }

    /// The run goes on until these tasks have ended.
    pub(crate) fn gather_for_run_end(&self, children: &[TaskId]) {
        self.add_gather(children.into(), Until::All, true);
    }

    /// The callback of a child's end.
    pub(crate) fn gathered(&self, id: GatherId, child: u32) {
        let mut gathers = self.gathers.borrow_mut();
        let state = gathers.get(id);
        state.remaining -= 1;
        if state.outcome.is_none() {
            let task = state.children[child as usize];
            let progress = self.tasks.borrow().get(task).map(|slot| slot.progress);
            let failed = matches!(progress, Some(Progress::Ended(Status::Failed | Status::Cancelled)));
            state.outcome = match state.remaining {
                _ if failed && state.until == Until::FirstFailure => Some(Outcome::Stopped { child }),
                0 if state.cancel_requested => Some(Outcome::Cancelled),
                0 => Some(Outcome::AllEnded),
                _ => None,
            };
            if state.outcome.is_some() {
                let (waiter, ends_run) = (state.waiter, state.ends_run);
                let child_cancelled = progress == Some(Progress::Ended(Status::Cancelled));
                let cancelled_by = match state.outcome {
                    // It says what the child says that was given last, whichever ended last and however that one ended:
                    // `gather` of asyncio/tasks.py asks that one.
                    Some(Outcome::Cancelled) => state.last,
                    Some(Outcome::Stopped { .. }) if child_cancelled => Some(task),
                    _ => None,
                };
                state.cancelled = cancelled_by.map(|child| self.make_cancelled(child));
                gathers.free_if_over(id);
                drop(gathers);
                if ends_run {
                    self.push(Entry::RunEnd { turns: 0 });
                }
                if let Some(waiter) = waiter {
                    let status = if cancelled_by.is_some() { Status::Cancelled } else { Status::Finished };
                    self.settle_joined(waiter, status);
                }
                return;
            }
        }
        gathers.free_if_over(id);
    }

    /// A child has ended: as asyncio's gather does, which asks each child for its exception. What still failed at the end
    /// of a run is reported there. Nobody else may remember the child by the time the gather's callback runs.
    pub(crate) fn retrieve_child(&self, id: GatherId, child: u32) {
        let task = {
            let mut gathers = self.gathers.borrow_mut();
            let state = gathers.get(id);
            (!state.ends_run).then(|| state.children[child as usize])
        };
        if let Some(task) = task {
            self.retrieve(task);
        }
    }

    /// The cancel that ended a gather.
    pub(crate) fn gather_cancelled(&self, id: GatherId) -> Option<Cancelled> {
        self.gathers.borrow_mut().get(id).cancelled.clone()
    }

    /// A cancel came by; the children that it goes down to.
    pub(crate) fn cancel_gather(&self, id: GatherId) -> Vec<TaskId> {
        let mut children = self.gathers.borrow().unfinished(id, self);
        if !children.is_empty() {
            let mut gathers = self.gathers.borrow_mut();
            let state = gathers.get(id);
            state.cancel_requested = true;
            children.extend(&state.again);
        }
        children
    }
}

impl Sim {
    /// Waits for all tasks and gives what they returned, in the order given; the first that fails or is cancelled ends
    /// the waiting, and the others go on. A cancel of the waiter cancels all of them.
    ///
    /// What counts as failed is said by [`spawn_as`](Sim::spawn_as).
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
    core: Rc<Core>,
    id: GatherId,
    handles: Vec<JoinHandle<T>>,
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

impl<T: Clone + 'static> Gather<T> {
    fn new(sim: &Sim, tasks: impl IntoIterator<Item = JoinHandle<T>>, until: Until) -> Gather<T> {
        let handles: Vec<JoinHandle<T>> = tasks.into_iter().collect();
        let mut children: Vec<TaskId> = Vec::with_capacity(handles.len());
        // A task given twice is one child; the common case, all of them different and ascending, is told cheaply.
        let mut known = std::collections::BTreeSet::new();
        let mut again = Vec::new();
        for handle in &handles {
            let ascending = children.last().is_none_or(|last| *last < handle.id());
            if ascending && known.is_empty() {
                children.push(handle.id());
                continue;
            }
            if known.is_empty() {
                known.extend(children.iter().copied());
            }
            if known.insert(handle.id()) {
                children.push(handle.id());
            } else {
                again.push(handle.id());
            }
        }
        let id = sim.core().add_gather(children.into(), until, false);
        if !again.is_empty() {
            let mut gathers = sim.core().gathers.borrow_mut();
            let state = gathers.get(id);
            state.last = handles.last().map(JoinHandle::id);
            state.again = again.into();
        }
        Gather { core: Rc::clone(sim.core()), id, handles }
    }

    /// Waits until there is an outcome.
    fn poll_outcome(&mut self, context: &Context<'_>) -> Poll<Outcome> {
        if self.core.holds_back(context) {
            return Poll::Pending;
        }
        let (outcome, waiter) = {
            let mut gathers = self.core.gathers.borrow_mut();
            let state = gathers.get(self.id);
            let none_given = state.children.is_empty().then_some(Outcome::AllEnded);
            (state.outcome.or(none_given), state.waiter)
        };
        match (outcome, waiter) {
            (Some(outcome), None) => Poll::Ready(outcome),
            (Some(outcome), Some(wait)) if self.core.wait_state(wait) != Some(WaitState::Pending) => {
                self.core.end_wait(wait);
                self.core.gathers.borrow_mut().get(self.id).waiter = None;
                self.core.emit(|| Event::Resumed);
                Poll::Ready(outcome)
            }
            (None, waiter) if waiter.is_none_or(|wait| self.core.has_moved(wait, context)) => {
                if let Some(wait) = waiter {
                    self.core.end_wait(wait);
                }
                let wait = self.core.begin_wait(Waiting::Gather(self.id), context);
                self.core.gathers.borrow_mut().get(self.id).waiter = Some(wait);
                Poll::Pending
            }
            _ => Poll::Pending,
        }
    }

    fn cancelled(&self) -> GatherError<T> {
        GatherError::Cancelled(self.core.gather_cancelled(self.id).unwrap_or_default())
    }

    fn stopped_by(&self, child: u32) -> GatherError<T> {
        let task = self.core.gathers.borrow_mut().get(self.id).children[child as usize];
        let handle = self.handles.iter().find(|handle| handle.id() == task);
        let handle = handle.filter(|handle| handle.status() != Some(Status::Cancelled));
        match handle.and_then(JoinHandle::result) {
            Some(Ok(output)) => GatherError::Failed(output),
            _ => self.cancelled(),
        }
    }
}

impl<T: Clone + 'static> Future for Gather<T> {
    type Output = Result<Vec<T>, GatherError<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match std::task::ready!(self.poll_outcome(context)) {
            Outcome::Stopped { child } => Err(self.stopped_by(child)),
            Outcome::Cancelled => Err(self.cancelled()),
            Outcome::AllEnded => {
                let results = self.handles.iter().map(|handle| handle.result().and_then(Result::ok));
                results.collect::<Option<Vec<T>>>().ok_or_else(|| self.cancelled())
            }
        })
    }
}

impl<T> Drop for Gather<T> {
    fn drop(&mut self) {
        let mut gathers = self.core.gathers.borrow_mut();
        let state = gathers.get(self.id);
        state.abandoned = true;
        let waiter = state.waiter.take();
        gathers.free_if_over(self.id);
        drop(gathers);
        if let Some(wait) = waiter {
            self.core.end_wait(wait);
        }
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
pub struct GatherAll<T>(Gather<T>);

impl<T: Clone + 'static> Future for GatherAll<T> {
    type Output = Result<Vec<JoinHandle<T>>, Cancelled>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match std::task::ready!(self.0.poll_outcome(context)) {
            Outcome::AllEnded => Poll::Ready(Ok(self.0.handles.clone())),
            Outcome::Stopped { .. } | Outcome::Cancelled => {
                Poll::Ready(Err(self.0.core.gather_cancelled(self.0.id).unwrap_or_default()))
            }
        }
    }
}
