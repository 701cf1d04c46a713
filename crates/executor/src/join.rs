//! Handles on tasks: awaiting, cancelling and asking them.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Event, Status, Waiting};
use crate::slot::Progress;
use crate::task::TaskId;
use crate::wait::{Wait, WaitState, WaitToken};
use crate::watchers::Watcher;

/// A handle on a task, as asyncio's `Task`: it may be awaited, more than once and by several tasks.
///
/// Awaiting it gives what the task returned, or [`Cancelled`]. The task runs whether or not anybody awaits it, until
/// main ends; dropping the handle changes nothing.
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(async { 42 });
///     ((&task).await, task.await)
/// });
/// assert_eq!(run.output, Some((Ok(42), Ok(42))));
/// ```
pub struct JoinHandle<T> {
    /// None where its count has been [handed over](JoinHandle::into_task).
    core: Option<Rc<Core>>,
    pub(crate) task: TaskId,
    output: PhantomData<fn() -> T>,
}

impl<T: 'static> JoinHandle<T> {
    /// For a task whose slot already counts this handle.
    pub(crate) fn new(core: Rc<Core>, task: TaskId) -> JoinHandle<T> {
        JoinHandle { core: Some(core), task, output: PhantomData }
    }

    /// The task, whose slot goes on counting this handle: who takes it [lets it go](Core::let_go).
    #[inline]
    pub(crate) fn into_task(mut self) -> TaskId {
        drop(self.core.take());
        let task = self.task;
        // Nothing is left to drop.
        std::mem::forget(self);
        task
    }

    /// The task.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     sim.all_tasks() == [sim.current_task(), task.id()]
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn id(&self) -> TaskId {
        self.task
    }

    /// The task's path: `main/producer-0`.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     ["producer", "producer", "consumer"].map(|name| sim.spawn_named(name, async {}).path())
    /// });
    /// let paths = run.output.expect("main returned");
    /// assert_eq!(paths, ["main/producer-0", "main/producer-1", "main/consumer-0"]);
    /// ```
    pub fn path(&self) -> String {
        self.core().task_path(self.task)
    }

    /// Asks for the task to be cancelled at the await where it stands. False when it has already ended.
    ///
    /// A task that is running cancels itself at its next await, or ends as cancelled if it returns before.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let nap = sim.spawn(sim.sleep(Duration::from_secs(60)));
    ///     let asked = nap.cancel();
    ///     assert!((&nap).await.is_err());
    ///     (asked, nap.cancel(), sim.now().as_nanos())
    /// });
    /// assert_eq!(run.output, Some((true, false, 0)));
    /// ```
    pub fn cancel(&self) -> bool {
        self.core().cancel(self.task, None)
    }

    /// As [`cancel`](JoinHandle::cancel), with a message for whoever catches the cancel or awaits the task.
    ///
    /// Of several who ask for the result of a task that ended by a cancel only the first gets the message, as in
    /// CPython 3.13.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let sleeper = sim.spawn(sim.sleep(Duration::from_secs(60)));
    ///     sim.yield_now().await;
    ///     sleeper.cancel_with("closing time");
    ///     (&sleeper).await.map_err(|cancelled| cancelled.to_string())
    /// });
    /// assert_eq!(run.output, Some(Err("cancelled: closing time".to_owned())));
    /// ```
    pub fn cancel_with(&self, message: &str) -> bool {
        self.core().cancel(self.task, Some(&Rc::from(message)))
    }

    /// The message of a cancel that met no await and ended the task when it returned: it is not used up by who reads
    /// it, and asyncio's gather has it in the results of `return_exceptions=True`.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let inner = sim.clone();
    ///     let task = sim.spawn(async move { inner.handle::<()>(inner.current_task()).map(|own| own.cancel_with("late")) });
    ///     sim.yield_now().await;
    ///     task.cancel_message()
    /// });
    /// assert_eq!(run.output.flatten().as_deref(), Some("late"));
    /// ```
    pub fn cancel_message(&self) -> Option<Rc<str>> {
        (self.status()? == Status::Cancelled).then(|| self.core().requested(self.task))?
    }

    /// How many cancels were asked for, less those that were taken back: asyncio's `Task.cancelling`.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     let before = task.cancelling();
    ///     (task.cancel(), task.cancel());
    ///     (before, task.cancelling())
    /// });
    /// assert_eq!(run.output, Some((0, 2)));
    /// ```
    pub fn cancelling(&self) -> u32 {
        self.core().cancelling(self.task)
    }

    /// Takes one request to cancel back, and gives the number of those that are left. With none left, a cancel that was
    /// not delivered yet will not be. Who has cancelled a task and means to go on with it calls this.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 42 });
    ///     task.cancel();
    ///     assert_eq!((task.cancelling(), task.uncancel()), (1, 0));
    ///     task.await
    /// });
    /// assert_eq!(run.output, Some(Ok(42)));
    /// ```
    pub fn uncancel(&self) -> u32 {
        self.core().uncancel(self.task)
    }

    /// Counts the task as begun before its first step: a cancel that comes before is delivered in that step, instead of
    /// ending a task that has done nothing yet. asyncio's task that closes an async generator takes a cancel so.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Cancelled, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let clock = sim.clone();
    ///     let task = sim.spawn(async move { clock.catch_cancel(clock.sleep(Duration::from_secs(1))).await });
    ///     task.begin();
    ///     task.cancel();
    ///     task.await
    /// });
    /// assert_eq!(run.output, Some(Ok(Err(Cancelled::default()))));
    /// ```
    pub fn begin(&self) {
        let TaskId { index, .. } = self.task;
        self.core().with_wait(index, Wait::start);
    }

    /// How the task ended; `None` while it lives.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Status};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     let before = task.status();
    ///     sim.yield_now().await;
    ///     (before, task.status())
    /// });
    /// assert_eq!(run.output, Some((None, Some(Status::Finished))));
    /// ```
    pub fn status(&self) -> Option<Status> {
        match self.core().tasks.progress(self.task)? {
            Progress::Ended(status) => Some(status),
            _ => None,
        }
    }

    /// Whether the task has ended.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     let before = task.done();
    ///     sim.yield_now().await;
    ///     (before, task.done())
    /// });
    /// assert_eq!(run.output, Some((false, true)));
    /// ```
    pub fn done(&self) -> bool {
        self.status().is_some()
    }

    /// What the task returned, or [`Cancelled`]; `None` while it lives.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 42 });
    ///     let before = task.result();
    ///     sim.yield_now().await;
    ///     (before, task.result(), task.result())
    /// });
    /// assert_eq!(run.output, Some((None, Some(Ok(42)), Some(Ok(42)))));
    /// ```
    pub fn result(&self) -> Option<Result<T, Cancelled>>
    where
        T: Clone,
    {
        match self.core().tasks.get(self.task)?.progress.get() {
            Progress::Ended(Status::Cancelled) => Some(Err(self.core().retrieve_cancel(self.task))),
            Progress::Ended(_) => self.output().map(Ok),
            _ => None,
        }
    }

    /// Moves out what the task returned, for outputs that cannot be cloned. `None` while it lives, when it was
    /// cancelled, and when the output was taken before.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// #[derive(Debug, PartialEq)]
    /// struct Ticket(u32); // there is one of each
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { Ticket(7) });
    ///     sim.yield_now().await;
    ///     (task.take(), task.take())
    /// });
    /// assert_eq!(run.output, Some((Some(Ticket(7)), None)));
    /// ```
    pub fn take(&self) -> Option<T> {
        if self.status()? == Status::Cancelled {
            return None;
        }
        let mut output: Option<T> = None;
        let slot = self.core().tasks.get(self.task)?;
        let mut cell = slot.future.take()?;
        cell.take_output(&mut output);
        slot.future.set(Some(cell));
        output
    }

    /// What the task returned, if it has, and nobody has taken it.
    pub(crate) fn output(&self) -> Option<T>
    where
        T: Clone,
    {
        self.core().output(self.task)
    }

    pub(crate) fn watch(&self, watcher: Watcher) {
        self.core().tasks.watch(self.task, watcher);
    }
}

impl<T> JoinHandle<T> {
    #[inline]
    pub(crate) fn core(&self) -> &Rc<Core> {
        self.core.as_ref().expect("a handle that was handed over is gone")
    }

    /// A wait for the end of the task is over.
    pub(crate) fn forget(&self, wait: WaitToken) {
        self.core().end_wait(wait);
        self.core().tasks.unwatch(self.task, wait);
    }
}

impl<T> Clone for JoinHandle<T> {
    fn clone(&self) -> JoinHandle<T> {
        self.core().hold(self.task);
        JoinHandle { core: Some(Rc::clone(self.core())), task: self.task, output: PhantomData }
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if let Some(core) = &self.core {
            core.let_go(self.task);
        }
    }
}

impl Core {
    /// What a task returned, if it has, and nobody has taken it; what it returns is of this type.
    #[inline]
    pub(crate) fn output<T: Clone + 'static>(&self, task: TaskId) -> Option<T> {
        let slot = self.tasks.get(task)?;
        let cell = slot.future.take()?;
        let output = cell.output().and_then(|output| output.downcast_ref::<T>()).cloned();
        // It was taken out: there is nothing to drop.
        std::mem::forget(slot.future.replace(Some(cell)));
        output
    }

    /// A handle on a task or future is gone. What has no steps to run is gone with the last one.
    #[inline]
    pub(crate) fn let_go(&self, id: TaskId) {
        let slot = self.tasks.slot(id);
        let left = slot.handles.get() - 1;
        slot.handles.set(left);
        if left == 0 && !slot.progress.get().is_alive() {
            self.remove_task(id, slot);
        }
    }
}

impl<T: Clone + 'static> IntoFuture for JoinHandle<T> {
    type Output = Result<T, Cancelled>;
    type IntoFuture = Join<T>;

    fn into_future(self) -> Join<T> {
        Join { handle: self, wait: None }
    }
}

impl<T: Clone + 'static> IntoFuture for &JoinHandle<T> {
    type Output = Result<T, Cancelled>;
    type IntoFuture = Join<T>;

    fn into_future(self) -> Join<T> {
        Join { handle: self.clone(), wait: None }
    }
}

/// Waits for the end of a task.
///
/// A cancel of the waiting task goes down to the awaited one, as in asyncio.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let nap = sim.spawn(sim.sleep(Duration::from_secs(60)));
///     let waiter = sim.spawn(nap.clone().into_future());
///     sim.yield_now().await;
///     waiter.cancel();
///     nap.await.is_err()
/// });
/// assert_eq!(run.output, Some(true), "the waiter's cancel went down to it");
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Join<T> {
    handle: JoinHandle<T>,
    wait: Option<WaitToken>,
}

impl<T: Clone + 'static> Future for Join<T> {
    type Output = Result<T, Cancelled>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let core = Rc::clone(self.handle.core());
        if core.holds_back(context) {
            return Poll::Pending;
        }
        if !self.handle.done() {
            if self.wait.is_some_and(|wait| core.has_moved(wait, context)) {
                self.give_up();
            }
            if self.wait.is_none() {
                let task = self.handle.task;
                let is_shield = core.is_future(task) && core.behind_shield(task).is_some();
                let on = if is_shield { Waiting::Shield(task) } else { Waiting::Task(task) };
                let wait = core.begin_wait(on, context);
                self.handle.watch(Watcher::Task(wait));
                self.wait = Some(wait);
            }
            return Poll::Pending;
        }
        if let Some(wait) = self.wait {
            if core.wait_state(wait) == Some(WaitState::Pending) {
                return Poll::Pending;
            }
            core.end_wait(wait);
            self.wait = None;
            core.emit(|| Event::Resumed);
        }
        // A result that was taken never comes.
        self.handle.result().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T> Drop for Join<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl<T> Join<T> {
    fn give_up(&mut self) {
        if let Some(wait) = self.wait.take() {
            self.handle.forget(wait);
        }
    }
}
