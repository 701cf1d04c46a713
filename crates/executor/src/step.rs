//! One step of a task: polling its future, and what follows when it ends.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::ending::Ending;
use crate::event::{Event, Status};
use crate::raw::waker;
use crate::ready::Entry;
use crate::task::{AnyTask, Progress, TaskId, Watcher, Watchers};
use crate::wait::WaitState;

/// Runs one step of a task.
#[inline(always)]
pub(crate) fn run(core: &Core, id: TaskId) {
    let Some((future, start)) = begin(core, id) else { return };
    core.current.set(Some(id));
    core.step.set(core.step.get() + 1);
    if start == Start::Plain {
        core.delivering.set(false);
        poll(core, id, future, start);
    } else {
        run_cancelled(core, id, future, start);
    }
    core.current.set(None);
    core.push_woken();
}

/// A step that comes with a cancel.
#[cold]
fn run_cancelled(core: &Core, id: TaskId, future: Pin<Box<dyn AnyTask>>, start: Start) {
    core.emit(|| Event::Cancelled);
    if start == Start::CancelledBeforeFirst {
        // The program never began: there is no await at which it could catch the cancel.
        core.rest(id);
        core.hand_to_first(id);
        end_cancelled(core, id, future);
    } else {
        core.delivering.set(true);
        core.held_back.set(false);
        poll(core, id, future, start);
    }
}

#[inline(always)]
fn poll(core: &Core, id: TaskId, mut future: Pin<Box<dyn AnyTask>>, start: Start) {
    let packed = waker::pack(id);
    core.running.set_waker(packed);
    let waker = waker::unpack(packed);
    let mut context = Context::from_waker(&waker);
    match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context))) {
        Ok(Poll::Pending) if !core.delivering.get() => suspend(core, id, future, start),
        Ok(polled) => leave(core, id, future, polled),
        Err(panic) => break_off(core, id, future, panic.as_ref()),
    }
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

/// Takes what a step needs out of the task's slot. Nothing where the task has ended: it woke itself in its last step.
#[inline(always)]
fn begin(core: &Core, id: TaskId) -> Option<(Pin<Box<dyn AnyTask>>, Start)> {
    let mut tasks = core.tasks.borrow_mut();
    let slot = tasks.get_mut(id)?;
    slot.queued = false;
    let is_first = !matches!(slot.progress, Progress::Started);
    if is_first && !slot.start() {
        return None;
    }
    let future = slot.future.take()?;
    let wait = slot.wait;
    core.running.begin(id.index, wait);
    if !slot.must_cancel && !wait.is_cancelled() {
        return Some((future, Start::Plain));
    }
    drop(tasks);
    Some((future, core.begin_cancelled(id, is_first)))
}

/// The task waits for something.
#[inline(always)]
fn suspend(core: &Core, id: TaskId, future: Pin<Box<dyn AnyTask>>, start: Start) {
    let must_cancel = {
        let mut tasks = core.tasks.borrow_mut();
        let slot = tasks.slot(id);
        // It was taken out for the step: there is nothing to drop.
        std::mem::forget(slot.future.replace(future));
        slot.wait = core.running.end();
        slot.must_cancel
    };
    if start == Start::Cancelled {
        go_on_beside_catch(core, id);
    }
    if must_cancel {
        core.cancel_this_await(id);
    }
}

/// The task has ended, by returning or by a cancel.
fn leave(core: &Core, id: TaskId, future: Pin<Box<dyn AnyTask>>, polled: Poll<Status>) {
    let requested = core.rest(id);
    let untaken = core.delivering.replace(false);
    match polled {
        // As in CPython, a cancel that met no await before the task returned still ends it as cancelled.
        Poll::Ready(Status::Finished) if requested => {
            core.set_raised(id, None);
            end_cancelled(core, id, future);
        }
        Poll::Ready(Status::Finished) if untaken => end_cancelled(core, id, future),
        Poll::Ready(status) => end(core, id, future, status),
        Poll::Pending => {
            // No `catch_cancel` took the cancel: it ends the task.
            core.hand_to_first(id);
            end_cancelled(core, id, future);
        }
    }
}

/// The task has panicked.
#[cold]
fn break_off(core: &Core, id: TaskId, future: Pin<Box<dyn AnyTask>>, panic: &(dyn Any + Send)) {
    core.rest(id);
    core.delivering.set(false);
    fail(core, id, panic);
    // What the panic left behind may panic again when it is dropped; the first panic is the news.
    let _ = catch_unwind(AssertUnwindSafe(move || drop(future)));
}

/// A cancel has been caught. Where the task polls several futures at once, it may have hit the wait of another one
/// than the one that was dropped: that one goes on.
#[cold]
fn go_on_beside_catch(core: &Core, id: TaskId) {
    let polled_again = {
        let mut tasks = core.tasks.borrow_mut();
        let wait = &mut tasks.slot(id).wait;
        let state = wait.state();
        let woken = state == Some(WaitState::CancelledAndWoken);
        match state {
            Some(WaitState::Cancelled) => wait.set_state(Some(WaitState::Pending)),
            Some(WaitState::CancelledAndWoken) => wait.set_state(Some(WaitState::Woken)),
            _ => {}
        }
        woken || core.held_back.get()
    };
    if polled_again {
        core.push_step(id);
    }
}

/// Ends a task by a cancel that it did not catch. What is dropped with it may panic.
fn end_cancelled(core: &Core, id: TaskId, mut future: Pin<Box<dyn AnyTask>>) {
    match catch_unwind(AssertUnwindSafe(|| future.as_mut().cancel())) {
        Ok(()) => end(core, id, future, Status::Cancelled),
        Err(panic) => fail(core, id, panic.as_ref()),
    }
}

fn fail(core: &Core, id: TaskId, panic: &(dyn Any + Send)) {
    let (at, task, reason) = (core.now.get(), core.task_path(id), panic_text(panic));
    core.halt(Ending::Failed { at, task, reason, line: None });
}

pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("a value that is no text"))
}

/// The task ended: those who watch it are told, each by an entry of its own, in the order in which they began to.
fn end(core: &Core, id: TaskId, future: Pin<Box<dyn AnyTask>>, status: Status) {
    core.emit(|| Event::Ended { status });
    let (watchers, forgotten) = {
        let mut tasks = core.tasks.borrow_mut();
        tasks.ended();
        let slot = tasks.slot(id);
        slot.progress = Progress::Ended(status);
        slot.future = Some(future);
        slot.wait.set_state(None);
        (std::mem::take(&mut slot.watchers), slot.handles == 0)
    };
    core.tell(id, watchers, status);
    if forgotten && let Err(panic) = catch_unwind(AssertUnwindSafe(|| core.remove_task(id))) {
        // Its name may be gone; what it returned panicked when it was dropped.
        fail(core, id, panic.as_ref());
    }
}

impl Core {
    /// The step comes with a cancel.
    #[cold]
    fn begin_cancelled(&self, id: TaskId, is_first: bool) -> Start {
        let awaited = {
            let mut tasks = self.tasks.borrow_mut();
            let slot = tasks.slot(id);
            slot.must_cancel = false;
            slot.wait.state().map(|state| (state, slot.on))
        };
        self.raise_message(id, awaited);
        if is_first { Start::CancelledBeforeFirst } else { Start::Cancelled }
    }

    /// The task was asked to cancel in the step that ends here.
    #[cold]
    fn cancel_this_await(&self, id: TaskId) {
        self.current.set(None);
        let message = self.requested(id);
        self.cancel_wait(id, message.as_ref());
    }

    /// The task is no longer polled: its wait goes back to its slot. Tells whether it was asked to cancel meanwhile.
    fn rest(&self, id: TaskId) -> bool {
        let mut tasks = self.tasks.borrow_mut();
        let slot = tasks.slot(id);
        slot.wait = self.running.end();
        slot.must_cancel
    }

    /// Tells those who watch a task that it has ended so.
    #[inline]
    pub(crate) fn tell(&self, id: TaskId, watchers: Watchers, status: Status) {
        let (first, more) = watchers.into_parts();
        if let Some(first) = first {
            self.tell_one(id, first, status);
        }
        for watcher in more.into_iter().flat_map(|more| *more) {
            self.tell_one(id, watcher, status);
        }
    }

    fn tell_one(&self, id: TaskId, watcher: Watcher, status: Status) {
        match watcher {
            Watcher::Task(token) => self.settle_joined(token, self.status_to_waiter(id, status)),
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

    /// Makes the tasks ready that foreign futures have woken, where they are still the ones whose generation ends so.
    #[inline]
    pub(crate) fn push_woken(&self) {
        if waker::any_woken() {
            self.push_those_woken();
        }
    }

    #[cold]
    fn push_those_woken(&self) {
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
        // What a task returned may hold the last handle of another one, and so on down a long chain: the outermost
        // call drops all of them, one after another.
        if self.removing.replace(true) {
            self.removed.borrow_mut().extend(future);
            return;
        }
        let _reset = ResetOnDrop(&self.removing);
        let mut next = future;
        while let Some(future) = next {
            drop(future);
            next = self.removed.borrow_mut().pop();
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
