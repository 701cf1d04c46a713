//! Taking tasks as they end, in the order in which they end.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::delay::Delay;
use crate::elapsed::Elapsed;
use crate::entry::{CompletionId, Entry};
use crate::event::{Event, Operation, Waiting};
use crate::join::JoinHandle;
use crate::resource::Resource;
use crate::sim::Sim;
use crate::task::TaskId;
use crate::timers::TimerId;
use crate::wait::{TimerCallback, WaitState, WaitToken};
use crate::waiters::Waiters;
use crate::watchers::Watcher;

struct State {
    tasks: Rc<[TaskId]>,
    /// The tasks that have ended, and a `None` for each that the time was too short for.
    ended: RefCell<VecDeque<Option<u32>>>,
    /// How many are still to end in time.
    todo: Cell<usize>,
    timer: Cell<Option<(TimerId, WaitToken)>>,
    waiters: Waiters,
}

/// The iterations of a run, by number; an iteration lives as long as a callback may still come.
#[derive(Default)]
pub(crate) struct Completions {
    states: Vec<Option<(Rc<State>, usize)>>,
    free: Vec<u32>,
}

impl Completions {
    fn add(&mut self, state: Rc<State>) -> CompletionId {
        let callbacks = state.tasks.len();
        let entry = Some((state, callbacks));
        if let Some(index) = self.free.pop() {
            self.states[index as usize] = entry;
            return CompletionId(index);
        }
        self.states.push(entry);
        CompletionId(u32::try_from(self.states.len() - 1).expect("fewer iterations than 2^32"))
    }

    /// The state of an iteration of which so many callbacks have come or will not come any more.
    fn take(&mut self, iterator: CompletionId, callbacks: usize) -> Option<Rc<State>> {
        let entry = self.states.get_mut(iterator.0 as usize)?;
        let (state, remaining) = entry.as_mut()?;
        *remaining -= callbacks;
        let (state, over) = (Rc::clone(state), *remaining == 0);
        if over {
            *entry = None;
            self.free.push(iterator.0);
        }
        Some(state)
    }
}

impl Core {
    /// The callback of a task's end.
    pub(crate) fn completed(&self, iterator: CompletionId, child: u32) {
        let state = self.completions.borrow_mut().take(iterator, 1);
        let Some(state) = state.filter(|state| state.todo.get() > 0) else { return };
        state.todo.set(state.todo.get() - 1);
        state.ended.borrow_mut().push_back(Some(child));
        state.waiters.wake_next(self);
        if state.todo.get() == 0
            && let Some((timer, token)) = state.timer.take()
        {
            self.disarm(timer);
            self.end_wait(token);
        }
    }

    /// The callback of the time's end: whoever still asks gets nothing.
    #[cold]
    pub(crate) fn completions_over(&self, iterator: CompletionId) {
        let state = self.completions.borrow_mut().take(iterator, 0);
        let Some(state) = state else { return };
        state.timer.take();
        let mut unheard = 0;
        for &task in &*state.tasks {
            if let Some(slot) = self.tasks.get(task)
                && slot.progress.get().is_alive()
            {
                self.tasks.unwatch_where(
                    slot,
                    |watcher| matches!(watcher, Watcher::Completion { iterator: other, .. } if *other == iterator),
                );
                unheard += 1;
            }
        }
        for _ in 0..state.todo.take() {
            state.ended.borrow_mut().push_back(None);
            state.waiters.wake_next(self);
        }
        self.completions.borrow_mut().take(iterator, unheard);
    }
}

impl Sim {
    /// The tasks in the order in which they end.
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
    ///     let mut order = Vec::new();
    ///     let mut completed = sim.as_completed(tasks);
    ///     while let Some(next) = completed.next() {
    ///         order.push(next.await.await);
    ///     }
    ///     order
    /// });
    /// assert_eq!(run.output, Some(vec![Ok(1), Ok(2), Ok(3)]));
    /// ```
    pub fn as_completed<T: 'static>(&self, tasks: impl IntoIterator<Item = JoinHandle<T>>) -> AsCompleted<T> {
        let mut known = std::collections::BTreeSet::new();
        let handles: Rc<[JoinHandle<T>]> = tasks.into_iter().filter(|handle| known.insert(handle.id())).collect();
        let core = self.core();
        let state = Rc::new(State {
            tasks: handles.iter().map(JoinHandle::id).collect(),
            ended: RefCell::default(),
            todo: Cell::new(handles.len()),
            timer: Cell::new(None),
            waiters: Waiters::new(Waiting::Foreign),
        });
        let id = (!handles.is_empty()).then(|| watch_all(core, &state));
        let resource = Rc::new(Resource::new(core, "as_completed"));
        AsCompleted { resource, state, handles, id, given: 0 }
    }
}

fn watch_all(core: &Core, state: &Rc<State>) -> CompletionId {
    let iterator = core.completions.borrow_mut().add(Rc::clone(state));
    for (child, &task) in (0..).zip(&*state.tasks) {
        if core.tasks.slot(task).progress.get().has_ended() {
            core.push(Entry::Completed { iterator, child });
        } else {
            core.tasks.watch(task, Watcher::Completion { iterator, child });
        }
    }
    iterator
}

/// Tasks in the order in which they end; made by [`Sim::as_completed`].
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let tasks = ["a", "b"].map(|name| sim.spawn(async move { name }));
///     let mut completed = sim.as_completed(tasks);
///     let first = completed.next().expect("two tasks, two futures").await;
///     first.await
/// });
/// assert_eq!(run.output, Some(Ok("a")));
/// ```
pub struct AsCompleted<T> {
    resource: Rc<Resource>,
    state: Rc<State>,
    handles: Rc<[JoinHandle<T>]>,
    id: Option<CompletionId>,
    given: usize,
}

impl<T> AsCompleted<T> {
    /// A future of the next task to end; `None` when all have been asked for.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     let mut completed = sim.as_completed([task.clone(), task]);
    ///     (completed.next().is_some(), completed.next().is_some())
    /// });
    /// assert_eq!(run.output, Some((true, false)), "a task given twice is one task");
    /// ```
    #[allow(clippy::should_implement_trait, reason = "an iterator of futures; asyncio has it as one, too")]
    pub fn next(&mut self) -> Option<NextCompleted<T>> {
        self.next_in_time().map(NextCompleted)
    }

    fn next_in_time(&mut self) -> Option<NextInTime<T>> {
        if self.given == self.handles.len() {
            return None;
        }
        self.given += 1;
        Some(NextInTime {
            resource: Rc::clone(&self.resource),
            state: Rc::clone(&self.state),
            handles: Rc::clone(&self.handles),
            wait: None,
        })
    }

    /// Limits the time for all of them together, from now on: what has not ended by then is [`Elapsed`], and goes on.
    /// `None` is no limit.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Delay, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let tasks = [3, 1].map(|seconds| {
    ///         let clock = sim.clone();
    ///         sim.spawn(async move { clock.sleep(Duration::from_secs(seconds)).await })
    ///     });
    ///     let mut completed = sim.as_completed(tasks).timeout(Delay::from(Duration::from_secs(2)));
    ///     let mut seen = Vec::new();
    ///     while let Some(next) = completed.next() {
    ///         seen.push((next.await.is_ok(), sim.now().as_secs_f64()));
    ///     }
    ///     seen
    /// });
    /// assert_eq!(run.output, Some(vec![(true, 1.0), (false, 2.0)]));
    /// ```
    pub fn timeout(self, delay: impl Into<Option<Delay>>) -> AsCompletedInTime<T> {
        let core = &self.resource.core;
        if let (Some(id), Some(delay)) = (self.id, delay.into()) {
            let token = core.begin_callback(TimerCallback::CompletionsOver(id));
            let timer = core.arm(delay.deadline(core.now.get()), token);
            self.state.timer.set(Some((timer, token)));
        }
        AsCompletedInTime(self)
    }
}

/// Tasks in the order in which they end, within a time; made by [`AsCompleted::timeout`].
///
/// ```
/// use std::{future::pending, time::Duration};
/// use timeskip_executor::{Delay, Elapsed, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(pending::<()>());
///     let mut completed = sim.as_completed([task]).timeout(Delay::from(Duration::from_secs(1)));
///     let next = completed.next().expect("one task, one future");
///     (next.await.err(), sim.now().as_secs_f64())
/// });
/// assert_eq!(run.output, Some((Some(Elapsed), 1.0)));
/// ```
pub struct AsCompletedInTime<T>(AsCompleted<T>);

impl<T> AsCompletedInTime<T> {
    /// A future of the next task to end; `None` when all have been asked for.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Delay, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let tasks = [sim.spawn(async {}), sim.spawn(async {})];
    ///     let mut completed = sim.as_completed(tasks).timeout(Delay::from(Duration::from_secs(1)));
    ///     let mut count = 0;
    ///     while let Some(next) = completed.next() {
    ///         count += u32::from(next.await.is_ok());
    ///     }
    ///     count
    /// });
    /// assert_eq!(run.output, Some(2));
    /// ```
    #[allow(clippy::should_implement_trait, reason = "an iterator of futures; asyncio has it as one, too")]
    pub fn next(&mut self) -> Option<NextInTime<T>> {
        self.0.next_in_time()
    }
}

/// Waits for the next task of an [`AsCompleted`] to end, and gives its handle.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let slow = sim.spawn_named("slow", sim.sleep(Duration::from_secs(1)));
///     let fast = sim.spawn_named("fast", sim.sleep(Duration::ZERO));
///     let next = sim.as_completed([slow, fast]).next().expect("two tasks");
///     next.await.path()
/// });
/// assert_eq!(run.output.as_deref(), Some("main/fast-0"));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct NextCompleted<T>(NextInTime<T>);

impl<T: 'static> Future for NextCompleted<T> {
    type Output = JoinHandle<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JoinHandle<T>> {
        match std::task::ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(handle) => Poll::Ready(handle),
            // No timer was armed that could end the time.
            Err(Elapsed) => Poll::Pending,
        }
    }
}

/// Waits for the next task of an [`AsCompletedInTime`] to end, and gives its handle, or [`Elapsed`].
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Delay, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(async { 42 });
///     let mut completed = sim.as_completed([task]).timeout(Delay::from(Duration::from_secs(1)));
///     let ended = completed.next().expect("one task").await;
///     ended.map(|task| task.result())
/// });
/// assert_eq!(run.output, Some(Ok(Some(Ok(42)))));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct NextInTime<T> {
    resource: Rc<Resource>,
    state: Rc<State>,
    handles: Rc<[JoinHandle<T>]>,
    wait: Option<WaitToken>,
}

impl<T: 'static> Future for NextInTime<T> {
    type Output = Result<JoinHandle<T>, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let core = Rc::clone(&self.resource.core);
        if core.holds_back(context) {
            return Poll::Pending;
        }
        if let Some(wait) = self.wait {
            if core.wait_state(wait) == Some(WaitState::Woken) {
                core.end_wait(wait);
                self.wait = None;
                core.emit(|| Event::Resumed);
            } else if core.has_moved(wait, context) {
                self.give_up();
            } else {
                return Poll::Pending;
            }
        }
        let next = self.state.ended.borrow_mut().pop_front();
        match next {
            Some(Some(child)) => Poll::Ready(Ok(self.handles[child as usize].clone())),
            Some(None) => Poll::Ready(Err(Elapsed)),
            None => {
                let on = Waiting::Resource(self.resource.id, Operation::NextCompleted);
                let wait = core.begin_wait(on, context);
                self.wait = Some(wait);
                self.state.waiters.push(wait, core.now.get());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for NextInTime<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl<T> NextInTime<T> {
    fn give_up(&mut self) {
        let Some(wait) = self.wait.take() else { return };
        let core = &self.resource.core;
        let woken = core.wait_state(wait) == Some(WaitState::Woken);
        self.state.waiters.give_up(core, wait);
        if woken && !self.state.ended.borrow().is_empty() {
            self.state.waiters.wake_next(core);
        }
    }
}
