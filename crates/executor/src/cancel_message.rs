//! The text that may come with a cancel, and who gets to read it.
//!
//! As in CPython 3.13 (asyncio/tasks.py and futures.py): the await that is cancelled raises the message. A task that
//! ends by a cancel hands it to the first who asks for its result; those who ask later get none.

use std::rc::Rc;

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Status, Waiting};
use crate::sim::Sim;
use crate::slot::{Progress, Slot};
use crate::task::TaskId;
use crate::wait::WaitState;

/// The texts of the cancels of a task or future, where there are any.
///
/// asyncio keeps them in two places as well: a request that found nothing to cancel stays with the task, and the
/// exception that goes through the task has its own.
#[derive(Default)]
pub(crate) struct CancelMessage {
    /// What came with the last request that waited for the task's next step, or cancelled a future. It stays when it has
    /// been delivered, also where the task then goes on: everybody who asks gets it.
    requested: Option<Rc<str>>,
    /// What the exception says that is being delivered, was last, or ended the task: for the first who asks.
    raised: Option<Rc<str>>,
    /// The cancel that the future of a gather has failed by: for everybody.
    failed_by: Option<Cancelled>,
}

impl Core {
    /// Changes the texts of a task; the common ones have none.
    fn change_message(&self, id: TaskId, text: Option<&Rc<str>>, change: impl FnOnce(&mut CancelMessage)) {
        let slot = self.tasks.slot(id);
        if text.is_some() || self.has_message(slot) {
            change(self.tasks.detail(slot).message.borrow_mut().get_or_insert_default());
        }
    }

    fn has_message(&self, slot: &Slot) -> bool {
        self.tasks.known_detail(slot).is_some_and(|detail| detail.message.borrow().is_some())
    }

    /// Looks at the texts of a task, and may take them; `None` where there are none.
    fn with_message<R>(&self, id: TaskId, look: impl FnOnce(&mut CancelMessage) -> Option<R>) -> Option<R> {
        let detail = self.tasks.known_detail(self.tasks.get(id)?)?;
        detail.message.borrow_mut().as_mut().and_then(|message| look(message))
    }

    /// A request to cancel waits for the task's next step, or cancels a future.
    pub(crate) fn set_requested(&self, id: TaskId, text: Option<&Rc<str>>) {
        self.change_message(id, text, |message| message.requested = text.cloned());
    }

    /// The exception that goes through the task, from its await on, says this.
    pub(crate) fn set_raised(&self, id: TaskId, text: Option<&Rc<str>>) {
        self.change_message(id, text, |message| message.raised = text.cloned());
    }

    /// What the last request said that waited for the task's next step.
    pub(crate) fn requested(&self, id: TaskId) -> Option<Rc<str>> {
        self.with_message(id, |message| message.requested.clone())
    }

    /// What a task says that has ended by a cancel, to nobody in particular.
    pub(crate) fn message(&self, id: TaskId) -> Option<Rc<str>> {
        self.with_message(id, |message| message.raised.as_ref().or(message.requested.as_ref()).cloned())
    }

    /// A task steps by a cancel, which raises what was requested, unless the task's await raises something itself: the
    /// cancel was delivered there, or went down there and comes back, or what it awaited was cancelled in the turn in
    /// between.
    #[cold]
    pub(crate) fn raise_message(&self, id: TaskId, awaited: Option<(WaitState, Waiting)>) {
        let by_await = match awaited {
            Some((WaitState::Cancelled, _)) => return,
            Some((WaitState::Woken | WaitState::CancelledAndWoken, awaited)) => self.cancelled_below(awaited),
            Some((WaitState::Pending, _)) | None => None,
        };
        match (by_await, awaited) {
            (Some(cancelled), _) => self.set_raised(id, cancelled.text()),
            (None, Some((WaitState::CancelledAndWoken, _))) => {}
            (None, _) => self.set_raised(id, self.requested(id).as_ref()),
        }
    }

    /// The cancel by which something ended that was awaited.
    fn cancelled_below(&self, awaited: Waiting) -> Option<Cancelled> {
        match awaited {
            Waiting::Task(child) | Waiting::Shield(child) => {
                let cancelled = self.cancel_that_ended(child)?;
                self.retrieve(child);
                Some(cancelled)
            }
            Waiting::Gather(gather) => self.gather_cancelled(gather),
            _ => None,
        }
    }

    /// The cancel that the running task takes.
    #[cold]
    pub(crate) fn taken(&self) -> Cancelled {
        let message = self.current().and_then(|id| self.with_message(id, |message| message.raised.clone()));
        Cancelled::with(message)
    }

    /// The task ends by a cancel that went through it: the text goes with the exception, to one reader.
    #[cold]
    pub(crate) fn hand_to_first(&self, id: TaskId) {
        self.set_requested(id, None);
    }

    /// The cancel that a task or future ended by, for who asks.
    pub(crate) fn cancel_that_ended(&self, id: TaskId) -> Option<Cancelled> {
        let progress = self.tasks.progress(id)?;
        match progress {
            Progress::Ended(Status::Cancelled) => Some(self.retrieve_cancel(id)),
            Progress::Ended(Status::Failed) => self.cancel_that_failed(id),
            _ => None,
        }
    }

    /// The cancel that the future of a gather has failed by.
    #[cold]
    fn cancel_that_failed(&self, id: TaskId) -> Option<Cancelled> {
        self.with_message(id, |message| message.failed_by.clone())
    }

    /// What the end of a task or future is to a task that awaits it: the failure of a gather by a cancel is a cancel.
    pub(crate) fn status_to_waiter(&self, id: TaskId, status: Status) -> Status {
        let cancelled = status == Status::Failed && self.cancel_that_failed(id).is_some();
        if cancelled { Status::Cancelled } else { status }
    }

    /// The future of a gather is about to fail by this cancel, which is not its own.
    pub(crate) fn fail_by_cancel(&self, id: TaskId, cancelled: &Cancelled) {
        let detail = self.tasks.detail(self.tasks.slot(id));
        detail.message.borrow_mut().get_or_insert_default().failed_by = Some(cancelled.clone());
    }

    /// What asyncio's `_make_cancelled_error` makes of a task or future that is done, however it ended: one that went on
    /// after a cancel still has what was requested.
    #[cold]
    pub(crate) fn make_cancelled(&self, id: TaskId) -> Cancelled {
        let status = self.tasks.progress(id);
        match status {
            Some(Progress::Ended(Status::Cancelled)) => self.retrieve_cancel(id),
            _ => Cancelled::with(self.requested(id)),
        }
    }

    /// What somebody gets who asks for the result of a task that ended by a cancel.
    #[cold]
    pub(crate) fn retrieve_cancel(&self, id: TaskId) -> Cancelled {
        Cancelled::with(self.with_message(id, |message| message.raised.take().or_else(|| message.requested.clone())))
    }
}

impl Sim {
    /// Says with which message the running task is about to end as cancelled: for futures that interpret programs,
    /// where the exception that ends the task is the program's own.
    ///
    /// # Panics
    /// Outside of a step of a task of this simulation.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Status};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let inner = sim.clone();
    ///     let task = sim.spawn_as("task", async move { inner.end_cancelled_with(Some("enough")) }, |()| Status::Cancelled);
    ///     task.await.map_err(|cancelled| cancelled.message().map(str::to_owned))
    /// });
    /// assert_eq!(run.output, Some(Err(Some("enough".to_owned()))));
    /// ```
    pub fn end_cancelled_with(&self, message: Option<&str>) {
        let id = self.current_task();
        self.core().set_raised(id, message.map(Rc::from).as_ref());
        self.core().hand_to_first(id);
    }
}
