//! Waiting for a task without handing it a cancel: `shield` of asyncio/tasks.py.
//!
//! As there, a shield is a future of its own, which takes what the task ends with by a callback: whatever can be done
//! with a future can be done with a shield.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::Status;
use crate::future::FutureHandle;
use crate::join::{Join, JoinHandle};
use crate::raw::task_box::TaskBox;
use crate::sim::Sim;
use crate::task::TaskId;
use crate::watchers::Watcher;

/// The shields of a run whose task may still tell them its end, by their futures.
pub(crate) type Shields = BTreeMap<TaskId, State>;

pub(crate) struct State {
    /// The task behind it.
    inner: TaskId,
    /// Gives the future what the task ended with, where it is told, and lets go of both.
    settle: Settle,
}

/// Whoever calls it lends the core: a shield that is never told must not keep the run.
type Settle = Box<dyn FnOnce(&Rc<Core>, Told)>;

/// How the task behind a shield tells its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Ended,
    /// It does not: the shield was cancelled before.
    Never,
}

impl Core {
    /// The callback of the end of the task behind a shield.
    pub(crate) fn shielded(self: &Rc<Core>, outer: TaskId) {
        let state = self.shields.borrow_mut().remove(&outer);
        if let Some(State { settle, .. }) = state {
            settle(self, Told::Ended);
        }
    }

    /// The callback of the end of a shield: a task that has not ended has nothing to tell it any more.
    ///
    /// One that has ended in the meantime does, and counts as looked at.
    pub(crate) fn shield_ended(self: &Rc<Core>, outer: TaskId) {
        let inner = self.shields.borrow().get(&outer).map(|state| state.inner);
        let Some(inner) = inner else { return };
        let Some(slot) = self.tasks.get(inner).filter(|slot| !slot.progress.get().has_ended()) else { return };
        self.tasks.unwatch_where(slot, |watcher| matches!(watcher, Watcher::Shield(other) if *other == outer));
        let state = self.shields.borrow_mut().remove(&outer);
        if let Some(State { settle, .. }) = state {
            settle(self, Told::Never);
        }
    }

    /// The task behind a future that is a shield.
    pub(crate) fn behind_shield(&self, outer: TaskId) -> Option<TaskId> {
        self.shields.borrow().get(&outer).map(|state| state.inner)
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
        self.shield_as(task, T::clone)
    }

    /// [`shield`](Sim::shield), where the shield's result is made from the task's.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { "tea".to_owned() });
    ///     sim.shield_as(&task, |tea| format!("{tea}, handed on")).wait().await
    /// });
    /// assert_eq!(run.output, Some(Ok("tea, handed on".to_owned())));
    /// ```
    pub fn shield_as<T: Clone + 'static>(
        &self,
        task: &JoinHandle<T>,
        convert: impl FnOnce(&T) -> T + 'static,
    ) -> Shield<T> {
        if task.done() {
            return Shield { task: task.clone(), future: None };
        }
        let core = self.core();
        let (inner, future) = (task.id(), core.future_called_as(task.id()));
        let outer = future.id();
        future.watch(Watcher::ShieldEnd(outer));
        task.watch(Watcher::Shield(outer));
        core.hold(outer);
        core.hold(inner);
        let settle = Box::new(move |core: &Rc<Core>, told| {
            let future = FutureHandle::held(Rc::clone(core), outer);
            let task = JoinHandle::new(Rc::clone(core), inner);
            if told == Told::Ended {
                settle(&future, &task, convert);
            }
        });
        core.shields.borrow_mut().insert(outer, State { inner, settle });
        Shield { task: task.clone(), future: Some(future) }
    }
}

/// The future gets what the task ended with, which is then looked at, whatever becomes of the future.
fn settle<T: Clone + 'static>(future: &FutureHandle<T>, task: &JoinHandle<T>, convert: impl FnOnce(&T) -> T) {
    let (core, outer) = (future.core(), future.id());
    core.retrieve(task.id());
    let Some(status) = task.status().filter(|_| !future.done()) else { return };
    if status == Status::Cancelled {
        return core.settle_future(outer, None, status);
    }
    if let Some(Ok(result)) = task.result() {
        core.settle_future(outer, Some(TaskBox::returned(convert(&result))), status);
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
pub struct Shield<T: 'static> {
    task: JoinHandle<T>,
    /// None where the task had ended before: then the task stands for the shield.
    future: Option<FutureHandle<T>>,
}

impl<T> Clone for Shield<T> {
    fn clone(&self) -> Shield<T> {
        Shield { task: self.task.clone(), future: self.future.clone() }
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
    pub fn wait(&self) -> Join<T> {
        std::future::IntoFuture::into_future(self.handle())
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

    /// The future that the shield is; `None` where the task had ended before.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 42 });
    ///     let before = sim.shield(&task).future().is_some();
    ///     task.clone().await.expect("nobody cancels it");
    ///     (before, sim.shield(&task).future().is_some())
    /// });
    /// assert_eq!(run.output, Some((true, false)));
    /// ```
    pub fn future(&self) -> Option<&FutureHandle<T>> {
        self.future.as_ref()
    }

    /// The shield as whatever waits for tasks takes it.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 42 });
    ///     sim.gather([sim.shield(&task).handle().clone(), sim.spawn(async { 7 })]).await
    /// });
    /// assert_eq!(run.output, Some(Ok(vec![42, 7])));
    /// ```
    pub fn handle(&self) -> &JoinHandle<T> {
        self.future.as_ref().map_or(&self.task, |future| future)
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
        self.handle().status()
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
        match (&self.future, message) {
            (None, _) => false,
            (Some(future), None) => future.cancel(),
            (Some(future), Some(message)) => future.cancel_with(message),
        }
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
        self.handle().result()
    }
}
