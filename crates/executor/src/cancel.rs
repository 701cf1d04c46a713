//! Cancelling: a request on a task, delivered at the await where it stands (sentence 7 of the law).

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::cancel_count::Ways;
use crate::core::Core;
use crate::event::{Event, Status, Waiting};
use crate::sim::Sim;
use crate::slot::Progress;
use crate::task::TaskId;
use crate::wait::{Wait, WaitState, WaitToken};

/// A task was cancelled at the await where it stood.
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(std::future::pending::<()>());
///     task.cancel();
///     task.await.map_err(|cancelled| cancelled.to_string())
/// });
/// assert_eq!(run.output, Some(Err("cancelled".to_owned())));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cancelled {
    message: Option<Rc<str>>,
}

impl Cancelled {
    pub(crate) fn with(message: Option<Rc<str>>) -> Cancelled {
        Cancelled { message }
    }

    pub(crate) fn text(&self) -> Option<&Rc<str>> {
        self.message.as_ref()
    }

    /// What [`cancel_with`](crate::JoinHandle::cancel_with) was given, where it was called.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(std::future::pending::<()>());
    ///     task.cancel_with("closing time");
    ///     task.await.map_err(|cancelled| cancelled.message().map(str::to_owned))
    /// });
    /// assert_eq!(run.output, Some(Err(Some("closing time".to_owned()))));
    /// ```
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

impl std::fmt::Debug for Cancelled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.message {
            None => formatter.write_str("Cancelled"),
            Some(message) => write!(formatter, "Cancelled({message:?})"),
        }
    }
}

impl std::fmt::Display for Cancelled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.message {
            None => formatter.write_str("cancelled"),
            Some(message) => write!(formatter, "cancelled: {message}"),
        }
    }
}

impl std::error::Error for Cancelled {}

impl Core {
    /// Asks for a task to be cancelled. False when it has already ended.
    pub(crate) fn cancel(&self, id: TaskId, message: Option<&Rc<str>>) -> bool {
        self.begin_cancel();
        if !self.takes_cancel(id) {
            return false;
        }
        self.emit(|| Event::Cancels { target: id });
        self.count_cancel(id);
        self.cancel_wait(id, message);
        true
    }

    /// Cancels what the task awaits, innermost first; where it awaits nothing, its next await is cancelled.
    ///
    /// The way down is a list of work instead of recursion: chains of awaiting tasks may be long. The epoch marks the
    /// tasks that were visited, since tasks may await each other in a circle.
    pub(crate) fn cancel_wait(&self, id: TaskId, message: Option<&Rc<str>>) {
        self.begin_cancel();
        let mut ways = Ways::default();
        self.cancel_unvisited(id, message, &mut ways);
        self.count_ways(&ways, message);
    }

    /// Cancels all of them. A cancel of a task that an earlier one has reached changes nothing as long as nobody runs
    /// in between, so that each is visited once.
    pub(crate) fn cancel_all(&self, ids: &[TaskId]) {
        self.begin_cancel();
        let mut ways = Ways::default();
        for &id in ids {
            self.count_cancel(id);
            self.cancel_unvisited(id, None, &mut ways);
        }
        self.count_ways(&ways, None);
    }

    fn count_cancel(&self, id: TaskId) {
        self.count_cancels(id, 1);
    }

    fn begin_cancel(&self) {
        self.cancel_epoch.set(self.cancel_epoch.get().wrapping_add(1));
        self.gathers.borrow_mut().begin_cancel();
    }

    fn cancel_unvisited(&self, id: TaskId, message: Option<&Rc<str>>, ways: &mut Ways) {
        let epoch = self.cancel_epoch.get();
        let mut work = vec![id];
        ways.begin(id);
        while let Some(id) = work.pop() {
            if self.cancel_future(id, message) {
                continue;
            }
            let Some(waiting) = self.visit(id, epoch) else {
                ways.meet();
                continue;
            };
            let below = match waiting {
                Some(Waiting::Task(child) | Waiting::Shield(child)) if self.takes_cancel(child) => vec![child],
                Some(Waiting::Task(_) | Waiting::Shield(_)) => Vec::new(),
                Some(Waiting::Gather(gather)) => self.cancel_gather(gather),
                Some(_) => {
                    self.deliver(id, message);
                    continue;
                }
                None => {
                    self.cancel_next_await(id, message);
                    continue;
                }
            };
            for &task in &below {
                self.count_cancel(task);
                ways.lead(id, task);
            }
            self.hand_down(id, &below, message);
            work.extend(below.into_iter().rev());
        }
    }

    /// A cancel goes down from a task to what it awaits; where that is over, and about to wake the task, the step that
    /// is to come takes it. A gather that is a future has no steps.
    fn hand_down(&self, id: TaskId, below: &[TaskId], message: Option<&Rc<str>>) {
        if self.gather_of(id).is_some() {
            return;
        }
        if below.is_empty() {
            self.set_requested(id, message);
        }
        self.with_wait(id.index, |wait| {
            wait.take_forwarded();
            if below.is_empty() {
                wait.request_cancel();
            } else {
                wait.withdraw_cancel();
                wait.forward();
            }
        });
    }

    /// What a living task, not visited before, waits for: `Some(None)` when it does not wait.
    fn visit(&self, id: TaskId, epoch: u32) -> Option<Option<Waiting>> {
        let slot = self.tasks.get(id)?;
        let ended = matches!(slot.progress.get(), Progress::Ended(_) | Progress::Free);
        if ended || self.tasks.detail(slot).visited.replace(epoch) == epoch {
            return None;
        }
        let is_gather = slot.progress.get() == Progress::Gathering;
        let waits = |wait: Wait| is_gather || wait.state() == Some(WaitState::Pending);
        Some(self.with_wait(id.index, |wait| waits(*wait).then(|| self.tasks.waits_on(slot, *wait))))
    }

    /// The task is ready, or running, or waits for a foreign future, of which nothing is known: its next step comes
    /// with the cancel.
    fn cancel_next_await(&self, id: TaskId, message: Option<&Rc<str>>) {
        self.set_requested(id, message);
        self.with_wait(id.index, |wait| {
            wait.request_cancel();
            wait.take_forwarded();
        });
        if self.current() != Some(id) {
            self.push_step(id);
        }
    }

    fn deliver(&self, id: TaskId, message: Option<&Rc<str>>) {
        self.set_raised(id, message);
        self.with_wait(id.index, |wait| {
            wait.withdraw_cancel();
            wait.set_state(Some(WaitState::Cancelled));
        });
        self.push_step(id);
    }

    /// What a waiter awaited has ended. If the waiter's own cancel went down to it and it ended cancelled, the
    /// waiter's await is cancelled in turn.
    pub(crate) fn settle_joined(&self, token: WaitToken, status: Status) {
        let forwarded = match token.side() {
            Some(_) => false,
            None => self.with_wait(token.place, Wait::take_forwarded),
        };
        let cancelled = forwarded && status == Status::Cancelled;
        self.settle(token, if cancelled { WaitState::CancelledAndWoken } else { WaitState::Woken });
    }
}

impl Sim {
    /// Runs `future`; a cancel that reaches the running task in it ends it and is returned as an error, instead of
    /// ending the task. What follows may await again.
    ///
    /// The nearest `catch_cancel` around the await takes the cancel. The future is dropped first.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Cancelled, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let worker = sim.spawn({
    ///         let sim = sim.clone();
    ///         async move {
    ///             let caught = sim.catch_cancel(sim.sleep(Duration::from_secs(60))).await;
    ///             sim.sleep(Duration::from_secs(1)).await; // cleaning up takes its time
    ///             caught
    ///         }
    ///     });
    ///     sim.sleep(Duration::from_secs(2)).await;
    ///     worker.cancel();
    ///     (worker.await, sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Ok(Err(Cancelled::default())), 3.0)));
    /// ```
    pub fn catch_cancel<F: Future>(&self, future: F) -> CatchCancel<F> {
        CatchCancel { sim: self.clone(), future: Some(future) }
    }

    /// Takes the cancel that is being delivered to the running task, if one is: for futures that interpret programs
    /// and raise it in them.
    ///
    /// It is for the future's `poll`: what it carries, once for each cancel, and the task goes on. Where nobody takes the cancel,
    /// it ends the task.
    ///
    /// ```
    /// use std::{future::poll_fn, task::Poll};
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let clock = sim.clone();
    ///     let interpreter = poll_fn(move |_| match clock.take_cancel() {
    ///         Some(_) => Poll::Ready("raised it"),
    ///         None => Poll::Pending,
    ///     });
    ///     let task = sim.spawn(interpreter);
    ///     sim.yield_now().await;
    ///     task.cancel();
    ///     task.await
    /// });
    /// assert_eq!(run.output, Some(Ok("raised it")));
    /// ```
    pub fn take_cancel(&self) -> Option<Cancelled> {
        self.core().held_back.set(false);
        self.core().take_delivering().then(|| self.core().taken())
    }
}

pin_project! {
    /// The future of [`Sim::catch_cancel`].
    ///
    /// ```
    /// use std::future::pending;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let inner = sim.catch_cancel(pending::<()>());
    ///     let task = sim.spawn(sim.catch_cancel(inner));
    ///     sim.yield_now().await;
    ///     task.cancel();
    ///     task.await
    /// });
    /// assert!(matches!(run.output, Some(Ok(Ok(Err(_))))), "the inner one took it");
    /// ```
    #[must_use = "futures do nothing unless awaited"]
    pub struct CatchCancel<F> {
        sim: Sim,
        #[pin]
        future: Option<F>,
    }
}

impl<F: Future> Future for CatchCancel<F> {
    type Output = Result<F::Output, Cancelled>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let core = this.sim.core();
        let beside = core.held_back.take();
        let polled = future.poll(context);
        if polled.is_pending() && core.take_delivering() {
            core.held_back.set(beside);
            this.future.set(None);
            return Poll::Ready(Err(core.taken()));
        }
        core.held_back.set(beside || core.held_back.get());
        polled.map(Ok)
    }
}
