//! Raising a cancel again: for futures that caught it, cleaned up by awaiting, and let it go on its way.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::sim::Sim;

impl Sim {
    /// Lets a cancel that was caught go on from here: the future never completes, and the nearest
    /// [`catch_cancel`](Sim::catch_cancel) around it takes the cancel, else the task ends by it, in the same step. Its message goes with it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let second = Duration::from_secs(1);
    ///     let worker = sim.spawn({
    ///         let sim = sim.clone();
    ///         async move {
    ///             if let Err(cancelled) = sim.catch_cancel(sim.sleep(60 * second)).await {
    ///                 sim.sleep(second).await; // cleaning up takes its time
    ///                 sim.reraise_cancel(cancelled).await;
    ///             }
    ///         }
    ///     });
    ///     sim.sleep(second).await;
    ///     worker.cancel_with("enough");
    ///     let message = worker.await.err().and_then(|cancelled| cancelled.message().map(str::to_owned));
    ///     (message, sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Some("enough".to_owned()), 2.0)));
    /// ```
    pub fn reraise_cancel(&self, cancelled: Cancelled) -> ReraiseCancel {
        ReraiseCancel { core: Rc::clone(self.core()), cancelled }
    }
}

/// Never completes: it delivers a cancel; made by [`Sim::reraise_cancel`].
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let worker = sim.spawn({
///         let sim = sim.clone();
///         async move {
///             if let Err(cancelled) = sim.catch_cancel(std::future::pending::<()>()).await {
///                 sim.reraise_cancel(cancelled).await;
///             }
///         }
///     });
///     sim.yield_now().await;
///     worker.cancel();
///     worker.await.is_err()
/// });
/// assert_eq!(run.output, Some(true));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct ReraiseCancel {
    core: Rc<Core>,
    cancelled: Cancelled,
}

impl Future for ReraiseCancel {
    type Output = std::convert::Infallible;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(task) = self.core.current() {
            self.core.set_raised(task, self.cancelled.text());
        }
        self.core.deliver_now();
        Poll::Pending
    }
}
