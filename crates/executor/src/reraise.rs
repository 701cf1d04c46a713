//! Raising a cancel again: for futures that caught it, cleaned up by awaiting, and let it go on its way.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::sim::Sim;

impl Sim {
    /// Lets a cancel that was caught go on from here: the future never completes, and the nearest
    /// [`catch_cancel`](Sim::catch_cancel) around it takes the cancel, else the task ends by it, in the same step.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Cancelled, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let second = Duration::from_secs(1);
    ///     let worker = sim.spawn({
    ///         let sim = sim.clone();
    ///         async move {
    ///             if sim.catch_cancel(sim.sleep(60 * second)).await.is_err() {
    ///                 sim.sleep(second).await; // cleaning up takes its time
    ///                 sim.reraise_cancel().await;
    ///             }
    ///         }
    ///     });
    ///     sim.sleep(second).await;
    ///     worker.cancel();
    ///     (worker.await.is_err(), sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((true, 2.0)));
    /// ```
    pub fn reraise_cancel(&self) -> ReraiseCancel {
        ReraiseCancel { core: Rc::clone(self.core()) }
    }
}

/// Never completes: it delivers a cancel; made by [`Sim::reraise_cancel`].
#[must_use = "futures do nothing unless awaited"]
pub struct ReraiseCancel {
    core: Rc<Core>,
}

impl Future for ReraiseCancel {
    type Output = std::convert::Infallible;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.core.delivering.set(true);
        Poll::Pending
    }
}
