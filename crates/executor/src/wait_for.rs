//! Waiting for a task within a time: `wait_for` of asyncio/tasks.py, as it is since 3.12.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::delay::Delay;
use crate::elapsed::Elapsed;
use crate::event::{Event, Waiting};
use crate::join::JoinHandle;
use crate::sim::Sim;
use crate::wait::{WaitState, WaitToken};
use crate::watchers::Watcher;

/// Why a wait for a task within a time gave no result.
///
/// ```
/// use std::{future::pending, time::Duration};
/// use timeskip_executor::{Simulation, WaitForError};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(pending::<()>());
///     task.cancel();
///     let error = sim.wait_for(&task, Duration::from_secs(1)).await.expect_err("it was cancelled");
///     matches!(error, WaitForError::Cancelled(_))
/// });
/// assert_eq!(run.output, Some(true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitForError {
    /// The time was over, and the task has been cancelled.
    Elapsed,
    /// The task was cancelled by somebody else.
    Cancelled(Cancelled),
}

impl std::fmt::Display for WaitForError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WaitForError::Elapsed => Elapsed.fmt(formatter),
            WaitForError::Cancelled(cancelled) => cancelled.fmt(formatter),
        }
    }
}

impl std::error::Error for WaitForError {}

impl Sim {
    /// Waits for a task, no longer than `delay`; then the task is cancelled, and its end awaited. A cancel of the
    /// waiter goes down to the task, too. To keep the task going, put a [`shield`](Sim::shield) in between.
    ///
    /// A task that takes its cancel for the occasion to return a result has that result returned. No delay looks
    /// whether the task has ended, and cancels it at once if not. For a future that is no task,
    /// [`timeout`](Sim::timeout) does the same without one.
    ///
    /// # Errors
    /// [`WaitForError`] when the time was over, or the task was cancelled.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, WaitForError};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let slow = sim.spawn(sim.sleep(Duration::from_secs(60)));
    ///     (sim.wait_for(&slow, Duration::from_secs(1)).await, slow.done(), sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Err(WaitForError::Elapsed), true, 1.0)));
    /// ```
    pub async fn wait_for<T: Clone + 'static>(
        &self,
        task: &JoinHandle<T>,
        delay: impl Into<Delay>,
    ) -> Result<T, WaitForError> {
        let delay = delay.into();
        let result = if delay.ticks(self.now()).is_zero() {
            if let Some(result) = task.result() {
                return result.map_err(WaitForError::Cancelled);
            }
            task.cancel_and_wait().await;
            task.result()
        } else {
            let joined = self.timeout(delay, task.into_future()).await;
            return joined.map_err(|Elapsed| WaitForError::Elapsed)?.map_err(WaitForError::Cancelled);
        };
        result.and_then(Result::ok).ok_or(WaitForError::Elapsed)
    }
}

impl<T: 'static> JoinHandle<T> {
    /// Cancels the task now and waits for its end; a cancel of the waiter ends the waiting alone. The waiter goes on a
    /// turn later than from an await of the task, since a callback comes in between.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Status};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(sim.sleep(Duration::from_secs(60)));
    ///     task.cancel_and_wait().await;
    ///     task.status()
    /// });
    /// assert_eq!(run.output, Some(Some(Status::Cancelled)));
    /// ```
    pub fn cancel_and_wait(&self) -> CancelAndWait<T> {
        CancelAndWait { handle: self.clone(), wait: None, asked: false }
    }
}

/// Cancels a task and waits for its end; made by [`JoinHandle::cancel_and_wait`].
///
/// ```
/// use timeskip_executor::{Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(std::future::pending::<()>());
///     task.cancel_and_wait().await;
///     task.done()
/// });
/// assert_eq!(run.output, Some(true));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct CancelAndWait<T> {
    handle: JoinHandle<T>,
    wait: Option<WaitToken>,
    asked: bool,
}

impl<T> Unpin for CancelAndWait<T> {}

impl<T: 'static> CancelAndWait<T> {
    fn begin(&mut self, core: &Core, context: &Context<'_>) {
        let wait = core.begin_wait(Waiting::CancelledTask(self.handle.id()), context);
        self.handle.watch(Watcher::Callback(wait));
        self.wait = Some(wait);
        if !std::mem::replace(&mut self.asked, true) {
            self.handle.cancel();
        }
    }
}

impl<T: 'static> Future for CancelAndWait<T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let core = Rc::clone(self.handle.core());
        if core.holds_back(context) {
            return Poll::Pending;
        }
        match self.wait {
            None if self.handle.done() => return Poll::Ready(()),
            None => self.begin(&core, context),
            Some(wait) if core.wait_state(wait) == Some(WaitState::Woken) => {
                core.end_wait(wait);
                self.wait = None;
                core.emit(|| Event::Resumed);
                return Poll::Ready(());
            }
            Some(wait) if core.has_moved(wait, context) => {
                self.give_up();
                if self.handle.done() {
                    return Poll::Ready(());
                }
                self.begin(&core, context);
            }
            Some(_) => {}
        }
        Poll::Pending
    }
}

impl<T> CancelAndWait<T> {
    fn give_up(&mut self) {
        if let Some(wait) = self.wait.take() {
            self.handle.forget(wait);
        }
    }
}

impl<T> Drop for CancelAndWait<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}
