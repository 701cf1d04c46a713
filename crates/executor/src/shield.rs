//! Waiting for a task without handing it a cancel: `shield` of asyncio/tasks.py.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Event, Status, Waiting};
use crate::join::JoinHandle;
use crate::sim::Sim;
use crate::slab::{Key, Slab};
use crate::task::Watcher;
use crate::wait::{WaitState, WaitToken};
use crate::waiters::Waiters;

/// The shields of a run whose task has not ended.
pub(crate) type Shields = Slab<Rc<State>>;

#[derive(Default)]
pub(crate) struct State {
    outer: Cell<Outer>,
    message: RefCell<Cancelled>,
    waiters: Waiters,
}

/// How a shield stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Outer {
    #[default]
    Pending,
    /// The task has ended, and this shield has been told.
    Ended,
    /// The shield was cancelled, by way of somebody who awaited it, or because the task was.
    Cancelled,
}

impl Core {
    /// The callback of the end of the task behind a shield.
    pub(crate) fn shielded(&self, key: Key) {
        let Some(state) = self.shields.borrow_mut().remove(key) else { return };
        if state.outer.get() == Outer::Pending {
            state.outer.set(Outer::Ended);
            state.waiters.wake_all(self);
        }
    }
}

impl Sim {
    /// Stands before a task: who awaits the shield and is cancelled leaves the task going.
    ///
    /// Everybody who awaits a shield goes on a turn later than from an await of the task itself, since a callback comes
    /// in between. The shield of a task that has ended is as the task itself.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Elapsed, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let second = Duration::from_secs(1);
    ///     let clock = sim.clone();
    ///     let task = sim.spawn(async move {
    ///         clock.sleep(3 * second).await;
    ///         42
    ///     });
    ///     let early = sim.timeout(second, sim.shield(&task).wait()).await;
    ///     (early, task.await)
    /// });
    /// assert_eq!(run.output, Some((Err(Elapsed), Ok(42))));
    /// ```
    pub fn shield<T: Clone + 'static>(&self, task: &JoinHandle<T>) -> Shield<T> {
        let state = Rc::new(State::default());
        let key = if task.done() {
            state.outer.set(Outer::Ended);
            None
        } else {
            let key = self.core().shields.borrow_mut().insert(Rc::clone(&state));
            task.watch(Watcher::Shield(key));
            Some(key)
        };
        Shield { task: task.clone(), state, direct: key.is_none() }
    }
}

/// What stands before a task; made by [`Sim::shield`]. It may be awaited more than once.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(sim.sleep(Duration::from_secs(5)));
///     let waiter = sim.spawn(sim.shield(&task).wait());
///     sim.yield_now().await;
///     waiter.cancel();
///     (waiter.await.is_err(), task.await)
/// });
/// assert_eq!(run.output, Some((true, Ok(()))));
/// ```
pub struct Shield<T> {
    task: JoinHandle<T>,
    state: Rc<State>,
    /// The task had ended before: then its result is this one's.
    direct: bool,
}

impl<T> Clone for Shield<T> {
    fn clone(&self) -> Shield<T> {
        Shield { task: self.task.clone(), state: Rc::clone(&self.state), direct: self.direct }
    }
}

impl<T: Clone + 'static> Shield<T> {
    /// Waits for the task to end; gives what it returned, or [`Cancelled`] when it or this shield was cancelled.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 42 });
    ///     sim.shield(&task).wait().await
    /// });
    /// assert_eq!(run.output, Some(Ok(42)));
    /// ```
    pub fn wait(&self) -> ShieldWait<T> {
        ShieldWait { shield: self.clone(), wait: None }
    }

    /// The task behind it.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn_named("cook", async {});
    ///     sim.shield(&task).task().path()
    /// });
    /// assert_eq!(run.output, Some("main/cook-0".to_owned()));
    /// ```
    pub fn task(&self) -> &JoinHandle<T> {
        &self.task
    }

    /// How it stands; `None` while it is pending.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Status};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(std::future::pending::<()>());
    ///     let shield = sim.shield(&task);
    ///     let before = shield.status();
    ///     shield.cancel(None);
    ///     (before, shield.status(), task.status())
    /// });
    /// assert_eq!(run.output, Some((None, Some(Status::Cancelled), None)));
    /// ```
    pub fn status(&self) -> Option<Status> {
        match self.state.outer.get() {
            Outer::Pending => None,
            Outer::Ended => self.task.status(),
            Outer::Cancelled => Some(Status::Cancelled),
        }
    }

    /// Cancels the shield, and with it the waits of all who await it; the task goes on. False when it was over before.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 42 });
    ///     let shield = sim.shield(&task);
    ///     let cancelled = (shield.cancel(None), shield.cancel(None));
    ///     (cancelled, shield.wait().await.is_err(), task.await)
    /// });
    /// assert_eq!(run.output, Some(((true, false), true, Ok(42))));
    /// ```
    pub fn cancel(&self, message: Option<&str>) -> bool {
        self.cancel_with(Cancelled::with(message.map(Rc::from)))
    }

    fn cancel_with(&self, cancelled: Cancelled) -> bool {
        if self.state.outer.get() != Outer::Pending {
            return false;
        }
        self.state.outer.set(Outer::Cancelled);
        self.state.message.replace(cancelled);
        self.state.waiters.wake_all(self.task.core());
        true
    }

    /// What awaiting it gives; `None` while it is pending.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 42 });
    ///     let shield = sim.shield(&task);
    ///     let before = shield.result();
    ///     shield.wait().await.expect("nobody cancels it");
    ///     (before, shield.result())
    /// });
    /// assert_eq!(run.output, Some((None, Some(Ok(42)))));
    /// ```
    pub fn result(&self) -> Option<Result<T, Cancelled>> {
        match self.state.outer.get() {
            Outer::Pending => None,
            Outer::Ended if !self.direct && self.task.status() == Some(Status::Cancelled) => {
                Some(Err(Cancelled::default()))
            }
            Outer::Ended => self.task.result(),
            Outer::Cancelled => Some(Err(self.state.message.borrow().clone())),
        }
    }
}

/// Waits for a shield; made by [`Shield::wait`].
///
/// ```
/// use timeskip_executor::{Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(async { "tea" });
///     let shield = sim.shield(&task);
///     (shield.wait().await, shield.wait().await)
/// });
/// assert_eq!(run.output, Some((Ok("tea"), Ok("tea"))));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct ShieldWait<T: Clone + 'static> {
    shield: Shield<T>,
    wait: Option<WaitToken>,
}

impl<T: Clone + 'static> Future for ShieldWait<T> {
    type Output = Result<T, Cancelled>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let core = Rc::clone(self.shield.task.core());
        if core.holds_back(context) {
            return Poll::Pending;
        }
        if let Some(wait) = self.wait
            && core.wait_state(wait) != Some(WaitState::Woken)
        {
            if !core.has_moved(wait, context) {
                return Poll::Pending;
            }
            self.give_up();
        }
        if let Some(result) = self.shield.result() {
            if let Some(wait) = self.wait.take() {
                core.end_wait(wait);
                core.emit(|| Event::Resumed);
            }
            return Poll::Ready(result);
        }
        let wait = core.begin_wait(Waiting::Shield(self.shield.task.id()), context);
        self.shield.state.waiters.push(wait);
        self.wait = Some(wait);
        Poll::Pending
    }
}

impl<T: Clone + 'static> ShieldWait<T> {
    fn give_up(&mut self) {
        let Some(wait) = self.wait.take() else { return };
        let core = Rc::clone(self.shield.task.core());
        let cancelled = core.wait_state(wait).is_some_and(WaitState::is_cancelled);
        self.shield.state.waiters.give_up(&core, wait);
        if cancelled {
            // As in asyncio, the cancel of somebody who awaits a shield is a cancel of the shield.
            let message = core.current.get().and_then(|id| core.message(id));
            self.shield.cancel_with(Cancelled::with(message));
        }
    }
}

impl<T: Clone + 'static> Drop for ShieldWait<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}
