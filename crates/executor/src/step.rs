//! One step of a task: polling its future, and what follows when it ends.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::ending::Ending;
use crate::event::{Event, Status};
use crate::ready::Entry;
use crate::task::{AnyTask, Progress, TaskId, Watcher};
use crate::wait::WaitState;
use crate::waker;

/// Runs one step of a task.
pub(crate) fn run(core: &Rc<Core>, id: TaskId) {
    let Some((mut future, start)) = begin(core, id) else { return };
    core.current.set(Some(id));
    core.step.set(core.step.get() + 1);
    if start != Start::Plain {
        core.emit(|| Event::Cancelled);
    }
    if start == Start::CancelledBeforeFirst {
        // The program never began: there is no await at which it could catch the cancel.
        core.hand_to_first(id);
        end_cancelled(core, id, future);
    } else {
        core.delivering.set(start == Start::Cancelled);
        core.held_back.set(false);
        let waker = waker::for_task(id);
        let mut context = Context::from_waker(&waker);
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        after_poll(core, id, future, polled, start);
    }
    core.current.set(None);
    core.push_woken();
}

/// Sets a flag to false when it is dropped, also when a destructor panics.
struct ResetOnDrop<'flag>(&'flag Cell<bool>);

impl Drop for ResetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Plain,
    Cancelled,
    CancelledBeforeFirst,
}

fn begin(core: &Core, id: TaskId) -> Option<(Pin<Box<dyn AnyTask>>, Start)> {
    let mut tasks = core.tasks.borrow_mut();
    let slot = tasks.get_mut(id)?;
    slot.queued = false;
    if !matches!(slot.progress, Progress::New | Progress::Started) {
        // It woke itself in the step in which it ended.
        return None;
    }
    let cancelled = slot.must_cancel || slot.wait.state.is_some_and(WaitState::is_cancelled);
    slot.must_cancel = false;
    let awaited = slot.wait.state.map(|state| (state, slot.waiting));
    let start = match (cancelled, slot.progress) {
        (false, _) => Start::Plain,
        (true, Progress::New) => Start::CancelledBeforeFirst,
        (true, _) => Start::Cancelled,
    };
    slot.progress = Progress::Started;
    let future = slot.future.take()?;
    drop(tasks);
    if cancelled {
        core.raise_message(id, awaited);
    }
    Some((future, start))
}

fn after_poll(
    core: &Rc<Core>,
    id: TaskId,
    future: Pin<Box<dyn AnyTask>>,
    polled: std::thread::Result<Poll<Status>>,
    start: Start,
) {
    match polled {
        Ok(Poll::Ready(status)) => {
            // As in CPython, a cancel that met no await before the task returned still ends it as cancelled.
            let untaken = core.delivering.replace(false);
            let requested = core.tasks.borrow_mut().slot(id).must_cancel;
            if status == Status::Finished && (untaken || requested) {
                if requested {
                    core.set_raised(id, None);
                }
                end_cancelled(core, id, future);
            } else {
                end(core, id, future, status);
            }
        }
        Ok(Poll::Pending) if core.delivering.replace(false) => {
            // No `catch_cancel` took the cancel: it ends the task.
            core.hand_to_first(id);
            end_cancelled(core, id, future);
        }
        Ok(Poll::Pending) => {
            let must_cancel = {
                let mut tasks = core.tasks.borrow_mut();
                let slot = tasks.slot(id);
                slot.future = Some(future);
                slot.must_cancel
            };
            if start == Start::Cancelled {
                go_on_beside_catch(core, id);
            }
            if must_cancel {
                core.current.set(None);
                let message = core.requested(id);
                core.cancel_wait(id, message.as_ref());
            }
        }
        Err(panic) => {
            core.delivering.set(false);
            fail(core, id, panic.as_ref());
            // What the panic left behind may panic again when it is dropped; the first panic is the news.
            let _ = catch_unwind(AssertUnwindSafe(move || drop(future)));
        }
    }
}

/// A cancel has been caught. Where the task polls several futures at once, it may have hit the wait of another one
/// than the one that was dropped: that one goes on.
fn go_on_beside_catch(core: &Core, id: TaskId) {
    let polled_again = {
        let mut tasks = core.tasks.borrow_mut();
        let state = &mut tasks.slot(id).wait.state;
        let woken = *state == Some(WaitState::CancelledAndWoken);
        *state = match *state {
            Some(WaitState::Cancelled) => Some(WaitState::Pending),
            Some(WaitState::CancelledAndWoken) => Some(WaitState::Woken),
            other => other,
        };
        woken || core.held_back.get()
    };
    if polled_again {
        core.push_step(id);
    }
}

/// Ends a task by a cancel that it did not catch. What is dropped with it may panic.
fn end_cancelled(core: &Rc<Core>, id: TaskId, mut future: Pin<Box<dyn AnyTask>>) {
    match catch_unwind(AssertUnwindSafe(|| future.as_mut().cancel())) {
        Ok(()) => end(core, id, future, Status::Cancelled),
        Err(panic) => fail(core, id, panic.as_ref()),
    }
}

fn fail(core: &Core, id: TaskId, panic: &(dyn std::any::Any + Send)) {
    let (at, task, reason) = (core.now.get(), core.task_path(id), panic_text(panic));
    core.halt(Ending::Failed { at, task, reason, line: None });
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("a value that is no text"))
}

/// The task ended: those who watch it are told, each by an entry of its own, in the order in which they began to.
fn end(core: &Rc<Core>, id: TaskId, future: Pin<Box<dyn AnyTask>>, status: Status) {
    core.emit(|| Event::Ended { status });
    let (watchers, forgotten) = {
        let mut tasks = core.tasks.borrow_mut();
        tasks.ended();
        let slot = tasks.slot(id);
        slot.progress = Progress::Ended(status);
        slot.future = Some(future);
        slot.wait.state = None;
        (slot.watchers.take(), slot.handles == 0)
    };
    core.tell(id, watchers, status);
    if forgotten && let Err(panic) = catch_unwind(AssertUnwindSafe(|| core.remove_task(id))) {
        // Its name may be gone; what it returned panicked when it was dropped.
        fail(core, id, panic.as_ref());
    }
}

impl Core {
    /// Tells those who watch a task that it has ended so.
    pub(crate) fn tell(&self, id: TaskId, watchers: impl Iterator<Item = Watcher>, status: Status) {
        for watcher in watchers {
            match watcher {
                Watcher::Task(token) => self.settle_joined(token, status),
                Watcher::Gather { gather, child } => {
                    self.retrieve_child(gather, child);
                    self.push(Entry::Gathered { gather, child });
                }
                Watcher::Wait(wait) => {
                    self.look_for_exception(wait, id, status);
                    self.push(Entry::Waited { wait, status });
                }
                // It was taken back.
                Watcher::Call(id) if !self.is_registered(id) => {}
                _ => watcher.entry(status).into_iter().for_each(|entry| self.push(entry)),
            }
        }
    }

    /// Makes the tasks ready that foreign futures have woken, where they are still the ones whose generation ends so.
    pub(crate) fn push_woken(&self) {
        for (index, generation) in waker::take_woken() {
            let task = self.tasks.borrow().living_at(index);
            if let Some(id) = task.filter(|id| id.generation as u16 == generation) {
                self.push_step(id);
            }
        }
    }

    /// Drops an ended task that no handle remembers.
    pub(crate) fn remove_task(&self, id: TaskId) {
        let (future, name) = self.tasks.borrow_mut().remove(id);
        self.names.borrow_mut().release(name);
        self.removed.borrow_mut().extend(future);
        // What a task returned may hold the last handle of another one, and so on down a long chain: the outermost
        // call drops all of them, one after another.
        if self.removing.replace(true) {
            return;
        }
        let _reset = ResetOnDrop(&self.removing);
        loop {
            let next = self.removed.borrow_mut().pop();
            let Some(future) = next else { break };
            drop(future);
        }
    }

    /// The paths of the tasks that are about to step.
    pub(crate) fn ready_tasks(&self) -> Vec<String> {
        let ready: Vec<TaskId> = {
            let tasks = self.tasks.borrow();
            let is_queued = |&id: &TaskId| tasks.get(id).is_some_and(|slot| slot.queued);
            tasks.living().into_iter().filter(is_queued).collect()
        };
        ready.into_iter().map(|id| self.task_path(id)).collect()
    }
}
