//! Waiting for some of several tasks: `asyncio.wait`.
//!
//! As in asyncio (`_wait` of asyncio/tasks.py) each task's end is told by a callback of its own, and the waiter wakes a
//! turn after the callback that decides. Nothing that is waited for is cancelled, whatever becomes of the waiter.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::delay::Delay;
use crate::entry::Entry;
use crate::event::{Event, Status, WaitId, Waiting};
use crate::join::JoinHandle;
use crate::sim::Sim;
use crate::slab::{Key, Slab};
use crate::slot::Progress;
use crate::task::TaskId;
use crate::time::SimTime;
use crate::timers::TimerId;
use crate::wait::{WaitState, WaitToken};
use crate::watchers::Watcher;

/// When a [`wait`](Sim::wait) is over.
///
/// ```
/// use std::{future::pending, time::Duration};
/// use timeskip_executor::{Simulation, ReturnWhen, Status};
/// let run = Simulation::new().run(|sim| async move {
///     let fails = sim.spawn_as("fails", async {}, |_| Status::Failed);
///     let tasks = [fails, sim.spawn(async {}), sim.spawn(pending())];
///     let waited = sim.wait(tasks, ReturnWhen::FirstException).await.expect("three tasks");
///     (waited.done.len(), waited.pending.len())
/// });
/// assert_eq!(run.output, Some((2, 1)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReturnWhen {
    /// As soon as one of the tasks has ended, however it ended.
    FirstCompleted,
    /// As soon as one of them has failed; a cancelled one does not count. With no failure, when all have ended.
    FirstException,
    /// When all have ended.
    #[default]
    AllCompleted,
}

/// What a [`wait`](Sim::wait) found, each in the order given.
///
/// ```
/// use std::future::pending;
/// use timeskip_executor::{Simulation, ReturnWhen};
/// let run = Simulation::new().run(|sim| async move {
///     let tasks = [sim.spawn(pending()), sim.spawn(async { 42 })];
///     let waited = sim.wait(tasks, ReturnWhen::FirstCompleted).await.expect("two tasks");
///     (waited.done[0].result(), waited.pending[0].done())
/// });
/// assert_eq!(run.output, Some((Some(Ok(42)), false)));
/// ```
pub struct Waited<T> {
    /// The tasks that have ended.
    pub done: Vec<JoinHandle<T>>,
    /// The tasks that go on.
    pub pending: Vec<JoinHandle<T>>,
}

/// A [`wait`](Sim::wait) for no task at all: it would never be over.
///
/// ```
/// use timeskip_executor::{Simulation, JoinHandle, NothingToWaitFor, ReturnWhen};
/// let run = Simulation::new().run(|sim| async move {
///     let none: [JoinHandle<()>; 0] = [];
///     sim.wait(none, ReturnWhen::AllCompleted).await.err()
/// });
/// assert_eq!(run.output, Some(Some(NothingToWaitFor)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NothingToWaitFor;

impl fmt::Display for NothingToWaitFor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Set of Tasks/Futures is empty.")
    }
}

impl std::error::Error for NothingToWaitFor {}

struct State {
    tasks: Rc<[TaskId]>,
    until: ReturnWhen,
    remaining: usize,
    /// How many have ended; the callbacks of some of them may be still to come.
    ended: usize,
    waiter: WaitToken,
    timer: Option<TimerId>,
}

/// The waits of a run that have not ended.
#[derive(Default)]
pub(crate) struct Waits(Slab<State>);

impl Core {
    /// A task that is waited for has ended. Who waits for the first exception looks whether it failed, unless it is the
    /// last one: then the wait is over in any case.
    pub(crate) fn look_for_exception(&self, wait: Key, task: TaskId, status: Status) {
        let looks = self.waits.borrow_mut().0.get(wait).is_some_and(|state| {
            state.ended += 1;
            state.until == ReturnWhen::FirstException && state.ended < state.tasks.len()
        });
        if looks && status == Status::Failed {
            self.retrieve(task);
        }
    }

    /// The callback of the end of a task that is waited for; the wait may be over by now.
    pub(crate) fn waited_ended(&self, wait: Key, status: Status) {
        let (waiter, timer) = {
            let mut waits = self.waits.borrow_mut();
            let Some(state) = waits.0.get(wait) else { return };
            state.remaining -= 1;
            let over = state.remaining == 0
                || state.until == ReturnWhen::FirstCompleted
                || state.until == ReturnWhen::FirstException && status == Status::Failed;
            if !over {
                return;
            }
            (state.waiter, state.timer.take())
        };
        self.disarm_unless_fired(waiter, timer);
        self.wake(waiter);
    }

    fn disarm_unless_fired(&self, waiter: WaitToken, timer: Option<TimerId>) {
        let fired = matches!(self.wait_state(waiter), Some(WaitState::Woken | WaitState::CancelledAndWoken));
        if let (Some(timer), false) = (timer, fired) {
            self.disarm(timer);
        }
    }

    /// The tasks that a wait still waits for, for the report of a deadlock.
    pub(crate) fn awaited_by_wait(&self, wait: WaitId) -> Vec<TaskId> {
        let waits = self.waits.borrow();
        let awaited = waits.0.at(wait.0).map(|state| Rc::clone(&state.tasks));
        awaited.map_or_else(Vec::new, |tasks| tasks.iter().copied().filter(|&task| self.is_alive(task)).collect())
    }

    pub(crate) fn is_alive(&self, task: TaskId) -> bool {
        self.tasks.progress(task).is_some_and(Progress::is_alive)
    }
}

impl Sim {
    /// Waits until some of the tasks have ended, or all of them, and tells which have. A task given twice counts once.
    ///
    /// Cancelling the waiter cancels none of them. They come back in the order given, where asyncio has sets.
    ///
    /// # Errors
    /// [`NothingToWaitFor`] when there is no task.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{ReturnWhen, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let tasks = [3, 1, 2].map(|seconds| {
    ///         let clock = sim.clone();
    ///         sim.spawn(async move {
    ///             clock.sleep(Duration::from_secs(seconds)).await;
    ///             seconds
    ///         })
    ///     });
    ///     let first = sim.wait(tasks.clone(), ReturnWhen::FirstCompleted).await.expect("three tasks");
    ///     assert_eq!((first.done.len(), first.done[0].result()), (1, Some(Ok(1))));
    ///     let rest = sim.wait(first.pending, ReturnWhen::AllCompleted).timeout(Duration::from_millis(1500));
    ///     let rest = rest.await.expect("two tasks");
    ///     (rest.done.len(), rest.pending.len(), sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((1, 1, 2.5)));
    /// ```
    pub fn wait<T: 'static>(
        &self,
        tasks: impl IntoIterator<Item = JoinHandle<T>>,
        return_when: ReturnWhen,
    ) -> WaitTasks<T> {
        let mut known = std::collections::BTreeSet::new();
        let handles = tasks.into_iter().filter(|handle| known.insert(handle.id())).collect();
        let core = Rc::clone(self.core());
        WaitTasks { core, handles, until: return_when, timeout: Timeout::None, begun: None }
    }
}

/// Waits for some of several tasks; made by [`Sim::wait`].
///
/// Dropped or cancelled, it leaves the tasks going.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Simulation, ReturnWhen};
/// let run = Simulation::new().run(|sim| async move {
///     let nap = sim.spawn(sim.sleep(Duration::from_secs(5)));
///     let waiter = sim.spawn(sim.wait([nap.clone()], ReturnWhen::AllCompleted));
///     sim.yield_now().await;
///     waiter.cancel();
///     nap.await
/// });
/// assert_eq!(run.output, Some(Ok(())));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct WaitTasks<T> {
    core: Rc<Core>,
    handles: Vec<JoinHandle<T>>,
    until: ReturnWhen,
    timeout: Timeout,
    begun: Option<(Key, WaitToken)>,
}

#[derive(Clone, Copy)]
enum Timeout {
    None,
    After(Delay),
    At(SimTime),
}

impl<T> WaitTasks<T> {
    /// Ends the wait at the latest when this delay has passed, counted from the first poll. That is no error: what has
    /// not ended by then is pending. No delay still takes the two turns of a timer and its waiter.
    ///
    /// ```
    /// use std::{future::pending, time::Duration};
    /// use timeskip_executor::{Simulation, ReturnWhen};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(pending::<()>());
    ///     let waited = sim.wait([task], ReturnWhen::AllCompleted).timeout(Duration::from_secs(5)).await;
    ///     (waited.map(|waited| waited.pending.len()), sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Ok(1), 5.0)));
    /// ```
    pub fn timeout(mut self, delay: impl Into<Delay>) -> WaitTasks<T> {
        self.timeout = Timeout::After(delay.into());
        self
    }

    fn begin(&mut self, context: &Context<'_>) {
        let core = &self.core;
        let tasks: Rc<[TaskId]> = self.handles.iter().map(|handle| handle.task).collect();
        let key = {
            let mut waits = core.waits.borrow_mut();
            // The token is not known yet: the wait that it names is told where this one stands.
            let waiter = WaitToken::NONE;
            let remaining = tasks.len();
            waits.0.insert(State {
                tasks: Rc::clone(&tasks),
                until: self.until,
                remaining,
                ended: 0,
                waiter,
                timer: None,
            })
        };
        let waiter = core.begin_wait(Waiting::Tasks(WaitId(key.index)), context);
        if let Timeout::After(delay) = self.timeout {
            self.timeout = Timeout::At(delay.deadline(core.now.get()));
        }
        let timer = match self.timeout {
            Timeout::At(deadline) => Some(core.arm(deadline, waiter)),
            _ => None,
        };
        if let Some(state) = core.waits.borrow_mut().0.get(key) {
            (state.waiter, state.timer) = (waiter, timer);
        }
        for &task in &*tasks {
            match core.tasks.progress(task) {
                Some(Progress::Ended(status)) => {
                    core.look_for_exception(key, task, status);
                    core.push(Entry::Waited { wait: key, status });
                }
                _ => core.tasks.watch(task, Watcher::Wait(key)),
            }
        }
        self.begun = Some((key, waiter));
    }

    fn end(&mut self) {
        let Some((key, waiter)) = self.begun.take() else { return };
        let core = &self.core;
        let state = core.waits.borrow_mut().0.remove(key);
        core.disarm_unless_fired(waiter, state.and_then(|state| state.timer));
        core.end_wait(waiter);
        for handle in &self.handles {
            let slot = core.tasks.slot(handle.task);
            core.tasks.unwatch_where(slot, |watcher| matches!(watcher, Watcher::Wait(wait) if *wait == key));
        }
    }
}

impl<T: 'static> Future for WaitTasks<T> {
    type Output = Result<Waited<T>, NothingToWaitFor>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.core.holds_back(context) {
            return Poll::Pending;
        }
        match this.begun {
            None if this.handles.is_empty() => return Poll::Ready(Err(NothingToWaitFor)),
            None => this.begin(context),
            Some((_, waiter)) if this.core.wait_state(waiter) == Some(WaitState::Woken) => {
                this.end();
                this.core.emit(|| Event::Resumed);
                let handles = std::mem::take(&mut this.handles);
                let (done, pending) = handles.into_iter().partition(JoinHandle::done);
                return Poll::Ready(Ok(Waited { done, pending }));
            }
            Some((_, waiter)) if this.core.has_moved(waiter, context) => {
                this.end();
                this.begin(context);
            }
            Some(_) => {}
        }
        Poll::Pending
    }
}

impl<T> Drop for WaitTasks<T> {
    fn drop(&mut self) {
        self.end();
    }
}
