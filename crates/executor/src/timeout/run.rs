//! A future with a time limit.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Timeout, TimeoutEnd, TimeoutState};
use crate::delay::Delay;
use crate::elapsed::Elapsed;
use crate::group::BodyEnd;
use crate::sim::Sim;
use crate::time::SimTime;

impl Sim {
    /// Gives a future that much time from now; when the time is over, it is cancelled where it stands and dropped.
    ///
    /// It may catch that cancel with [`catch_cancel`](Sim::catch_cancel) and return after all. A cancel of the task by
    /// somebody else is not taken for the end of the time.
    ///
    /// # Errors
    /// [`Elapsed`] when the time was over first.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Elapsed, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let second = Duration::from_secs(1);
    ///     let quick = sim.timeout(2 * second, async {
    ///         sim.sleep(second).await;
    ///         "done"
    ///     });
    ///     (quick.await, sim.timeout(2 * second, sim.sleep(60 * second)).await, sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Ok("done"), Err(Elapsed), 3.0)));
    /// ```
    pub fn timeout<F: Future>(&self, delay: impl Into<Delay>, future: F) -> WithTimeout<F> {
        Timeout::after(self, delay).run(future)
    }

    /// As [`timeout`](Sim::timeout), until a time.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Elapsed, SimTime};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let noon = SimTime::after_start(Duration::from_secs(12 * 3600));
    ///     let result = sim.timeout_at(noon, sim.sleep(Duration::from_secs(86_400))).await;
    ///     (result, sim.now() == noon)
    /// });
    /// assert_eq!(run.output, Some((Err(Elapsed), true)));
    /// ```
    pub fn timeout_at<F: Future>(&self, when: SimTime, future: F) -> WithTimeout<F> {
        Timeout::at(self, when).run(future)
    }
}

impl Timeout {
    /// Puts a future under this limit, which its first poll enters.
    ///
    /// # Panics
    /// The first poll, when the timeout was entered before.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let limit = Timeout::after(&sim, Duration::from_secs(1));
    ///     limit.run(async { "quick" }).await
    /// });
    /// assert_eq!(run.output, Some(Ok("quick")));
    /// ```
    pub fn run<F: Future>(self, future: F) -> WithTimeout<F> {
        WithTimeout { timeout: self, future: Some(future) }
    }
}

pin_project! {
    /// A future with a time limit; made by [`Sim::timeout`] and [`Timeout::run`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Elapsed};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let second = Duration::from_secs(1);
    ///     let inner = sim.timeout(2 * second, sim.sleep(9 * second));
    ///     (sim.timeout(3 * second, inner).await, sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Ok(Err(Elapsed)), 2.0)), "the inner limit came first");
    /// ```
    #[must_use = "futures do nothing unless awaited"]
    pub struct WithTimeout<F> {
        timeout: Timeout,
        #[pin]
        future: Option<F>,
    }

    impl<F> PinnedDrop for WithTimeout<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let is_inside = this.future.is_some();
            this.future.set(None);
            if is_inside && this.timeout.state() != TimeoutState::Created {
                this.timeout.exit(BodyEnd::Cancelled);
            }
        }
    }
}

impl<F: Future> Future for WithTimeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let core = std::rc::Rc::clone(&this.timeout.core);
        if this.timeout.state() == TimeoutState::Created {
            if core.holds_back(context) {
                return Poll::Pending;
            }
            this.timeout.enter().expect("it is in the state to be entered");
        }
        let beside = core.held_back.take();
        let polled = future.poll(context);
        let mut taken = false;
        match &polled {
            Poll::Ready(_) => {
                this.future.set(None);
                this.timeout.exit(BodyEnd::Finished);
            }
            // Another cancel goes on its way; where nobody takes it, the drop of this future ends the block.
            Poll::Pending if core.is_delivering() && this.timeout.state() == TimeoutState::Expiring => {
                this.future.set(None);
                taken = this.timeout.exit(BodyEnd::Cancelled) == TimeoutEnd::Elapsed;
            }
            Poll::Pending => {}
        }
        if taken {
            core.take_delivering();
            core.held_back.set(beside);
            return Poll::Ready(Err(Elapsed));
        }
        core.held_back.set(beside || core.held_back.get());
        polled.map(Ok)
    }
}
