//! The text that may come with a cancel, and who gets to read it.
//!
//! As in CPython 3.13 (asyncio/tasks.py and futures.py): the await that is cancelled raises the message. A task that
//! ends by a cancel hands it to the first who asks for its result; those who ask later get none.

use std::rc::Rc;

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::event::{Status, Waiting};
use crate::sim::Sim;
use crate::task::{Progress, TaskId};
use crate::wait::WaitState;

/// The message of the last cancel of a task.
pub(crate) struct CancelMessage {
    text: Rc<str>,
    readers: Readers,
}

/// Who reads the message of a task that has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Who asks first.
    First,
    /// Everybody: the cancel met no await, so that no exception went through the task.
    All,
}

impl Core {
    /// A cancel of this task carries this message.
    pub(crate) fn set_message(&self, id: TaskId, text: Option<&Rc<str>>) {
        let message = text.map(|text| Box::new(CancelMessage { text: Rc::clone(text), readers: Readers::All }));
        self.tasks.borrow_mut().slot(id).message = message;
    }

    /// The message of the cancel that is being delivered to a task, or was last.
    pub(crate) fn message(&self, id: TaskId) -> Option<Rc<str>> {
        let tasks = self.tasks.borrow();
        Some(Rc::clone(&tasks.get(id)?.message.as_ref()?.text))
    }

    /// A cancelled task steps whose await is over. Where that ended by a cancel, too, the task gets its message: the
    /// cancel went down there and comes back, or came in the turn in between.
    #[cold]
    pub(crate) fn take_message_from(&self, id: TaskId, state: WaitState, awaited: Waiting) {
        let is_cancelled = |child| {
            let tasks = self.tasks.borrow();
            tasks.get(child).is_some_and(|slot| slot.progress == Progress::Ended(Status::Cancelled))
        };
        let cancelled = match awaited {
            // The cancel was delivered at this await, with its own message.
            _ if matches!(state, WaitState::Pending | WaitState::Cancelled) => return,
            Waiting::Task(child) | Waiting::Shield(child) if is_cancelled(child) => self.retrieve_cancel(child),
            Waiting::Gather(gather) => match self.gather_cancelled(gather) {
                Some(cancelled) => cancelled,
                None => return,
            },
            _ => return,
        };
        self.set_message(id, cancelled.text());
    }

    /// The cancel that the running task takes.
    #[cold]
    pub(crate) fn taken(&self) -> Cancelled {
        let message = self.current.get().and_then(|id| self.message(id));
        Cancelled::with(message)
    }

    /// The task ends by a cancel that went through it: the message goes with the exception, to one reader.
    #[cold]
    pub(crate) fn hand_to_first(&self, id: TaskId) {
        if let Some(message) = &mut self.tasks.borrow_mut().slot(id).message {
            message.readers = Readers::First;
        }
    }

    /// The message that every reader gets.
    pub(crate) fn lasting_message(&self, id: TaskId) -> Option<Rc<str>> {
        let tasks = self.tasks.borrow();
        let message = tasks.get(id)?.message.as_ref().filter(|message| message.readers == Readers::All)?;
        Some(Rc::clone(&message.text))
    }

    /// What somebody gets who asks for the result of a task that ended by a cancel.
    #[cold]
    pub(crate) fn retrieve_cancel(&self, id: TaskId) -> Cancelled {
        let mut tasks = self.tasks.borrow_mut();
        let Some(slot) = tasks.get_mut(id) else { return Cancelled::default() };
        let first = slot.message.as_ref().is_some_and(|message| message.readers == Readers::First);
        let message = if first { slot.message.take().map(|message| message.text) } else { None };
        Cancelled::with(message.or_else(|| slot.message.as_ref().map(|message| Rc::clone(&message.text))))
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
        self.core().set_message(id, message.map(Rc::from).as_ref());
        self.core().hand_to_first(id);
    }
}
