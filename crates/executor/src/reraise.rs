//! Handing on a cancel that was taken in order to clean up.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::sim::Sim;

impl Sim {
    /// Raises the cancel of the running task again, from here: the nearest [`catch_cancel`](Sim::catch_cancel) around
    /// takes it, or the task ends as cancelled. What follows the await does not run.
    ///
    /// ```
    /// use timeskip_executor::{Cancelled, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let again = sim.catch_cancel(sim.reraise_cancel()).await;
    ///     again.is_err()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn reraise_cancel(&self) -> ReraiseCancel {
        ReraiseCancel { core: Rc::clone(self.core()) }
    }
}

/// Never completes; made by [`Sim::reraise_cancel`].
#[must_use = "futures do nothing unless awaited"]
pub struct ReraiseCancel {
    core: Rc<Core>,
}

impl Future for ReraiseCancel {
    type Output = std::convert::Infallible;

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Self::Output> {
        self.core.delivering.set(true);
        Poll::Pending
    }
}
