//! One step of a task: polling its future, and what follows when it ends.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll};

use crate::core::Core;
use crate::ending::Ending;
use crate::entry::Entry;
use crate::event::{Event, Status};
use crate::raw::task_box::TaskBox;
use crate::raw::waker;
use crate::slot::{Progress, Slot};
use crate::task::TaskId;
use crate::wait::{Wait, WaitState};
use crate::watchers::{Watcher, Watchers};

/// Runs one step of a task, if it is queued: a task that has ended is not, though it may have woken itself in its last
/// step.
#[inline(always)]
pub(crate) fn run(core: &Core, id: TaskId) {
    if let Some(slot) = core.tasks.get(id) {
        run_in(core, id, slot);
    }
}

/// As [`run`], of the task in this slot. Whom it has woken through foreign futures is [still](Core::must_stop) to be seen to.
#[inline(always)]
pub(crate) fn run_in(core: &Core, id: TaskId, slot: &Slot) {
    let wait = slot.wait.get();
    if wait.steps_plainly() { run_plainly(core, id, slot, wait) } else { run_cancelled(core, id, slot) }
}

/// As [`run_in`], where this is known of the task's wait, and a step without a cancel follows from it.
#[inline(always)]
pub(crate) fn run_plainly(core: &Core, id: TaskId, slot: &Slot, wait: Wait) {
    let Some(future) = slot.future.take() else { return };
    core.running.begin(id, wait.stepping());
    core.step.set(core.step.get() + 1);
    poll(core, id, slot, future);
}

/// A step that comes with a cancel.
#[cold]
#[inline(never)]
fn run_cancelled(core: &Core, id: TaskId, slot: &Slot) {
    let wait = slot.wait.get();
    if !wait.is_queued() {
        return;
    }
    let Some(future) = slot.future.take() else { return };
    let awaited = wait.state().map(|state| (state, core.tasks.waits_on(slot, wait)));
    core.raise_message(id, awaited);
    core.running.begin(id, wait.stepping());
    core.step.set(core.step.get() + 1);
    core.emit(|| Event::Cancelled);
    if wait.is_new() {
        // The program never began: there is no await at which it could catch the cancel.
        core.rest(id, slot);
        core.hand_to_first(id);
        end_cancelled(core, id, slot, future);
        core.running.clear();
    } else {
        core.deliver_now();
        core.held_back.set(false);
        poll(core, id, slot, future);
    }
}

#[inline(always)]
fn poll(core: &Core, id: TaskId, slot: &Slot, mut future: TaskBox) {
    let waker = core.lender.lend(id);
    let mut context = Context::from_waker(&waker);
    match catch_unwind(AssertUnwindSafe(|| future.poll(&mut context))) {
        Ok(Poll::Pending) => suspend(core, id, slot, future),
        Ok(polled) => leave(core, id, slot, future, polled),
        Err(panic) => break_off(core, id, slot, future, panic.as_ref()),
    }
}

/// The task waits for something, or nobody took the cancel that was delivered.
#[inline(always)]
fn suspend(core: &Core, id: TaskId, slot: &Slot, future: TaskBox) {
    let wait = core.running.wait();
    if !wait.is_plainly_suspended() {
        return suspend_rarely(core, id, slot, future);
    }
    // It was taken out for the step: there is nothing to drop.
    std::mem::forget(slot.future.replace(Some(future)));
    slot.wait.set(wait);
    core.running.end();
}

/// There is more to be said of the step than that the task waits for one thing of our own.
#[inline(never)]
fn suspend_rarely(core: &Core, id: TaskId, slot: &Slot, future: TaskBox) {
    if core.is_delivering() {
        return leave(core, id, slot, future, Poll::Pending);
    }
    std::mem::forget(slot.future.replace(Some(future)));
    let mut wait = core.running.end();
    let is_delivered = wait.take_delivered();
    slot.wait.set(wait);
    if wait.is_over() && !wait.is_queued() {
        core.tasks.describe_foreign(slot, wait, core.now.get());
    }
    if is_delivered {
        go_on_beside_catch(core, id, slot);
    }
    if wait.must_cancel() {
        core.cancel_this_await(id);
    }
}

/// The task has ended, by returning or by a cancel.
fn leave(core: &Core, id: TaskId, slot: &Slot, future: TaskBox, polled: Poll<Status>) {
    let requested = core.rest(id, slot);
    let untaken = core.take_delivering();
    if let (Poll::Ready(status), false, false) = (polled, requested, untaken) {
        end(core, id, slot, future, status);
    } else {
        leave_by_cancel(core, id, slot, future, polled, requested);
    }
    core.running.clear();
}

/// The task has ended, and there is a cancel to be minded, asked for in its last step or not taken by anybody.
#[cold]
fn leave_by_cancel(core: &Core, id: TaskId, slot: &Slot, future: TaskBox, polled: Poll<Status>, requested: bool) {
    match polled {
        // As in CPython, a cancel that met no await before the task returned still ends it as cancelled.
        Poll::Ready(Status::Finished) if requested => {
            core.set_raised(id, None);
            end_cancelled(core, id, slot, future);
        }
        Poll::Ready(Status::Finished) => end_cancelled(core, id, slot, future),
        Poll::Ready(status) => end(core, id, slot, future, status),
        Poll::Pending => {
            // No `catch_cancel` took the cancel: it ends the task.
            core.hand_to_first(id);
            end_cancelled(core, id, slot, future);
        }
    }
}

/// The task has panicked.
#[cold]
fn break_off(core: &Core, id: TaskId, slot: &Slot, future: TaskBox, panic: &(dyn Any + Send)) {
    core.rest(id, slot);
    core.take_delivering();
    fail(core, id, panic);
    // What the panic left behind may panic again when it is dropped; the first panic is the news.
    let _ = catch_unwind(AssertUnwindSafe(move || drop(future)));
    core.running.clear();
}

/// A cancel has been caught. Where the task polls several futures at once, it may have hit the wait of another one
/// than the one that was dropped: that one goes on.
#[cold]
fn go_on_beside_catch(core: &Core, id: TaskId, slot: &Slot) {
    let mut wait = slot.wait.get();
    let state = wait.state();
    match state {
        Some(WaitState::Cancelled) => wait.set_state(Some(WaitState::Pending)),
        Some(WaitState::CancelledAndWoken) => wait.set_state(Some(WaitState::Woken)),
        _ => {}
    }
    slot.wait.set(wait);
    if state == Some(WaitState::CancelledAndWoken) || core.held_back.get() {
        core.push_step(id);
    }
}

/// Ends a task by a cancel that it did not catch. What is dropped with it may panic.
fn end_cancelled(core: &Core, id: TaskId, slot: &Slot, mut future: TaskBox) {
    match catch_unwind(AssertUnwindSafe(|| future.cancel())) {
        Ok(()) => end(core, id, slot, future, Status::Cancelled),
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
fn end(core: &Core, id: TaskId, slot: &Slot, future: TaskBox, status: Status) {
    core.emit(|| Event::Ended { status });
    core.tasks.ended();
    slot.progress.set(Progress::Ended(status));
    // It was taken out for the step: there is nothing to drop.
    std::mem::forget(slot.future.replace(Some(future)));
    slot.wait.set(slot.wait.get().ended());
    let forgotten = slot.handles.get() == 0;
    if !core.tell_gather(slot, status) {
        core.tell_all(id, core.tasks.take_watchers(slot), status);
    }
    if forgotten {
        forget(core, id, slot);
    }
}

/// Nobody remembers a task that has ended.
#[inline(never)]
fn forget(core: &Core, id: TaskId, slot: &Slot) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| core.remove_task(id, slot))) {
        // Its name may be gone; what it returned panicked when it was dropped.
        fail(core, id, panic.as_ref());
    }
}

impl Core {
    /// The task was asked to cancel in the step that ends here.
    #[cold]
    fn cancel_this_await(&self, id: TaskId) {
        let message = self.requested(id);
        self.cancel_wait(id, message.as_ref());
    }

    /// The task is no longer polled: its wait goes back to its slot. Tells whether it was asked to cancel meanwhile.
    fn rest(&self, id: TaskId, slot: &Slot) -> bool {
        let wait = self.running.rest(id);
        slot.wait.set(wait);
        wait.must_cancel()
    }

    /// Tells a gather, where the task has returned, nothing but one watches it, and nobody else is to be told. Else false.
    #[inline(always)]
    fn tell_gather(&self, slot: &Slot, status: Status) -> bool {
        if let (Some(Watcher::Gather { gather, .. }), Status::Finished) = (slot.watcher.get(), status)
            && slot.detail.get().is_none()
            && self.is_end_plain()
            && self.ready.push_returned(gather)
        {
            slot.watcher.set(None);
            return true;
        }
        false
    }

    /// Tells those who watch a task that it has ended so.
    #[inline(never)]
    pub(crate) fn tell_all(&self, id: TaskId, watchers: Watchers, status: Status) {
        watchers.first.into_iter().chain(watchers.more).for_each(|watcher| self.tell(id, watcher, status));
    }

    fn tell(&self, id: TaskId, watcher: Watcher, status: Status) {
        match watcher {
            Watcher::Gather { gather, child } => {
                self.retrieve_child(gather, child);
                self.push(Entry::Gathered { gather, child, status });
            }
            Watcher::Task(token) => self.settle_joined(token, self.status_to_waiter(id, status)),
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
    #[cold]
    pub(crate) fn push_those_woken(&self) {
        for (index, generation) in waker::take_woken() {
            let task = self.tasks.living_at(index);
            if let Some(id) = task.filter(|id| id.generation as u16 == generation) {
                self.push_step(id);
            }
        }
    }

    /// The paths of the tasks that are about to step.
    pub(crate) fn ready_tasks(&self) -> Vec<String> {
        let is_queued = |&id: &TaskId| self.tasks.get(id).is_some_and(|slot| slot.wait.get().is_queued());
        self.tasks.living().into_iter().filter(is_queued).map(|id| self.task_path(id)).collect()
    }
}
