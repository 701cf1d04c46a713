//! Taking tasks as they end, in the order in which they end.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::event::{Event, Operation, Waiting};
use crate::join::JoinHandle;
use crate::ready::{CompletionId, Entry};
use crate::resource::Resource;
use crate::sim::Sim;
use crate::task::{Progress, Watcher};
use crate::wait::{WaitState, WaitToken};
use crate::waiters::Waiters;

#[derive(Default)]
struct State {
    ended: RefCell<VecDeque<u32>>,
    waiters: Waiters,
}

/// The iterations of a run, by number; an iteration lives as long as a callback may still come.
#[derive(Default)]
pub(crate) struct Completions {
    states: Vec<Option<(Rc<State>, u32)>>,
    free: Vec<u32>,
}

impl Core {
    /// The callback of a task's end.
    pub(crate) fn completed(&self, iterator: CompletionId, child: u32) {
        let state = {
            let mut completions = self.completions.borrow_mut();
            let entry = &mut completions.states[iterator.0 as usize];
            let (state, remaining) = entry.as_mut().expect("lives until its last callback");
            *remaining -= 1;
            let (state, over) = (Rc::clone(state), *remaining == 0);
            if over {
                *entry = None;
                completions.free.push(iterator.0);
            }
            state
        };
        state.ended.borrow_mut().push_back(child);
        state.waiters.wake_next(self);
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
        let mut handles: Vec<JoinHandle<T>> = Vec::new();
        let mut known = std::collections::BTreeSet::new();
        handles.extend(tasks.into_iter().filter(|handle| known.insert(handle.id())));
        let state = Rc::new(State::default());
        let core = self.core();
        let count = u32::try_from(handles.len()).expect("fewer tasks than 2^32");
        if count > 0 {
            watch_all(core, &state, &handles, count);
        }
        let resource = Rc::new(Resource::new(core, "as_completed"));
        AsCompleted { resource, state, handles: handles.into(), given: 0 }
    }
}

fn watch_all<T: 'static>(core: &Core, state: &Rc<State>, handles: &[JoinHandle<T>], count: u32) {
    let iterator = {
        let mut completions = core.completions.borrow_mut();
        let entry = Some((Rc::clone(state), count));
        if let Some(index) = completions.free.pop() {
            completions.states[index as usize] = entry;
            CompletionId(index)
        } else {
            completions.states.push(entry);
            CompletionId(u32::try_from(completions.states.len() - 1).expect("fewer iterations than 2^32"))
        }
    };
    for (child, handle) in (0..).zip(handles) {
        let ended = core.tasks.borrow().get(handle.id()).map(|slot| slot.progress);
        if matches!(ended, Some(Progress::Ended(_))) {
            core.push(Entry::Completed { iterator, child });
        } else {
            handle.watch(Watcher::Completion { iterator, child });
        }
    }
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
        if self.given == self.handles.len() {
            return None;
        }
        self.given += 1;
        Some(NextCompleted {
            resource: Rc::clone(&self.resource),
            state: Rc::clone(&self.state),
            handles: Rc::clone(&self.handles),
            wait: None,
        })
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
pub struct NextCompleted<T> {
    resource: Rc<Resource>,
    state: Rc<State>,
    handles: Rc<[JoinHandle<T>]>,
    wait: Option<WaitToken>,
}

impl<T: 'static> Future for NextCompleted<T> {
    type Output = JoinHandle<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JoinHandle<T>> {
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
            Some(child) => Poll::Ready(self.handles[child as usize].clone()),
            None => {
                let on = Waiting::Resource(self.resource.id, Operation::NextCompleted);
                let wait = core.begin_wait(on, context);
                self.wait = Some(wait);
                self.state.waiters.push(wait);
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for NextCompleted<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl<T> NextCompleted<T> {
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
