//! A future as asyncio's: a place for a result that somebody sets, and whoever awaits it gets.
//!
//! To the rest of the executor it is a task without steps. So it can be awaited, gathered, watched and cancelled like
//! one; it takes part in no report of living tasks, since it never runs.

use std::future::IntoFuture;
use std::ops::Deref;
use std::rc::Rc;

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Event, Status};
use crate::join::{Join, JoinHandle};
use crate::names::Name;
use crate::raw::task_box::TaskBox;
use crate::sim::Sim;
use crate::slot::Progress;
use crate::task::TaskId;

/// The result was set before, or the future was cancelled: asyncio's `InvalidStateError`.
///
/// ```
/// use timeskip_executor::{Simulation, InvalidState};
/// let run = Simulation::new().run(|sim| async move {
///     let answer = sim.create_future("answer");
///     (answer.set_result(42), answer.set_result(43))
/// });
/// assert_eq!(run.output, Some((Ok(()), Err(InvalidState))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidState;

impl std::fmt::Display for InvalidState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("invalid state")
    }
}

impl std::error::Error for InvalidState {}

/// A handle on a future, as asyncio's `Future`: its result is set by hand. (Rust has the bare name for another thing.)
///
/// It can do what a handle on a task can: be awaited, more than once and by several tasks, gathered, asked for its
/// result, watched by callbacks. Each task that awaits it wakes by an entry of its own in the turn after the result
/// was set, in the order in which they came. A cancel of a task that awaits it cancels the future, and so all others
/// who await it.
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let answer = sim.create_future("answer");
///     let promised = answer.clone();
///     sim.call_soon(move || promised.set_result(42).expect("nobody has set it before"));
///     assert_eq!(answer.result(), None);
///     ((&answer).await, answer.set_result(43).is_err())
/// });
/// assert_eq!(run.output, Some((Ok(42), true)));
/// ```
pub struct FutureHandle<T: 'static>(JoinHandle<T>);

impl Sim {
    /// A future whose result is set by hand. The name stands for it in traces and reports.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let _ = sim.create_future::<()>("news").await;
    /// });
    /// let report = run.ending.to_string();
    /// assert!(report.contains("main waits for future news since 0.000 s"), "{report}");
    /// ```
    pub fn create_future<T: 'static>(&self, name: &str) -> FutureHandle<T> {
        self.core().create_future(name)
    }
}

impl Core {
    pub(crate) fn create_future<T: 'static>(self: &Rc<Core>, name: &str) -> FutureHandle<T> {
        let name = {
            let mut names = self.names.borrow_mut();
            let label = names.label(name);
            names.add(None, label)
        };
        self.future_named(name)
    }

    fn future_named<T: 'static>(self: &Rc<Core>, name: Name) -> FutureHandle<T> {
        let id = self.tasks.insert_unset(name);
        if self.is_watched() {
            let path = self.task_path(id);
            self.introduce_task(id, &path);
        }
        FutureHandle(JoinHandle::new(Rc::clone(self), id))
    }

    /// A future that goes by the name of a task.
    pub(crate) fn future_called_as<T: 'static>(self: &Rc<Core>, task: TaskId) -> FutureHandle<T> {
        let name = self.names.borrow_mut().share(&self.tasks.slot(task).name);
        self.future_named(name)
    }

    /// Keeps a task or future for a handle that is made later.
    pub(crate) fn hold(&self, id: TaskId) {
        let handles = &self.tasks.slot(id).handles;
        handles.set(handles.get() + 1);
    }
}

impl<T: 'static> FutureHandle<T> {
    /// The handle for which the future was [kept](Core::hold).
    pub(crate) fn held(core: Rc<Core>, id: TaskId) -> FutureHandle<T> {
        FutureHandle(JoinHandle::new(core, id))
    }

    /// Sets the result.
    ///
    /// # Errors
    /// [`InvalidState`] when it was set before, or the future was cancelled.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let answer = sim.create_future("answer");
    ///     answer.set_result(42).expect("nobody has set it before");
    ///     answer.result()
    /// });
    /// assert_eq!(run.output, Some(Some(Ok(42))));
    /// ```
    pub fn set_result(&self, result: T) -> Result<(), InvalidState> {
        self.set(result, Status::Finished)
    }

    /// Sets a result that stands for a failure: it ends a [`gather`](Sim::gather) early, as a failed task does.
    ///
    /// # Errors
    /// [`InvalidState`] when a result was set before, or the future was cancelled.
    ///
    /// ```
    /// use timeskip_executor::{GatherError, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let broken = sim.create_future("broken");
    ///     broken.set_exception(Err::<(), _>("no power")).expect("nobody has set it before");
    ///     sim.gather([broken.into()]).await
    /// });
    /// assert_eq!(run.output, Some(Err(GatherError::Failed(Err("no power")))));
    /// ```
    pub fn set_exception(&self, exception: T) -> Result<(), InvalidState> {
        self.set(exception, Status::Failed)
    }

    fn set(&self, result: T, status: Status) -> Result<(), InvalidState> {
        let (core, id) = (self.core(), self.id());
        if self.done() {
            return Err(InvalidState);
        }
        core.emit(|| Event::Sets { future: id, status });
        core.settle_future(id, Some(TaskBox::returned(result)), status);
        Ok(())
    }
}

impl Core {
    /// A future is done: who awaits or watches it is told.
    pub(crate) fn settle_future(&self, id: TaskId, cell: Option<TaskBox>, status: Status) {
        let slot = self.tasks.slot(id);
        slot.progress.set(Progress::Ended(status));
        let replaced = slot.future.replace(cell);
        self.tell_all(id, self.tasks.take_watchers(slot), status);
        // A gather whose future was given a result by hand: it holds its children.
        drop(replaced);
    }

    /// Whether it is a future that is not done.
    pub(crate) fn is_future(&self, id: TaskId) -> bool {
        self.tasks.progress(id) == Some(Progress::Unset)
    }

    /// Cancels what is a future and not done. False for tasks. Everybody who awaits it, or asks, gets the message.
    pub(crate) fn cancel_future(&self, id: TaskId, message: Option<&Rc<str>>) -> bool {
        let is_unset = self.is_future(id);
        if is_unset {
            self.gathers.borrow_mut().cancelled_future();
            self.set_requested(id, message);
            self.settle_future(id, None, Status::Cancelled);
        }
        is_unset
    }
}

impl<T: 'static> Deref for FutureHandle<T> {
    type Target = JoinHandle<T>;

    fn deref(&self) -> &JoinHandle<T> {
        &self.0
    }
}

impl<T: 'static> Clone for FutureHandle<T> {
    fn clone(&self) -> FutureHandle<T> {
        FutureHandle(self.0.clone())
    }
}

impl<T: 'static> From<FutureHandle<T>> for JoinHandle<T> {
    fn from(future: FutureHandle<T>) -> JoinHandle<T> {
        future.0
    }
}

impl<T: Clone + 'static> IntoFuture for FutureHandle<T> {
    type Output = Result<T, Cancelled>;
    type IntoFuture = Join<T>;

    fn into_future(self) -> Join<T> {
        self.0.into_future()
    }
}

impl<T: Clone + 'static> IntoFuture for &FutureHandle<T> {
    type Output = Result<T, Cancelled>;
    type IntoFuture = Join<T>;

    fn into_future(self) -> Join<T> {
        (&self.0).into_future()
    }
}
