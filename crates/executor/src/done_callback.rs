//! Callbacks at the end of a task or future.

use crate::callback::{Callback, CallbackId};
use crate::entry::Entry;
use crate::event::Event;
use crate::join::JoinHandle;
use crate::watchers::Watcher;

/// Names a callback that was added to a task or future, in order to remove it.
///
/// ```
/// use timeskip_executor::{Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let task = sim.spawn(async {});
///     let callback = task.add_done_callback(|_| {});
///     task.remove_done_callback(callback)
/// });
/// assert_eq!(run.output, Some(true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoneCallback(CallbackId);

impl<T: 'static> JoinHandle<T> {
    /// Calls a function with this handle when the task has ended, as asyncio's `add_done_callback`.
    ///
    /// Each callback takes an entry of its own in the turn after the end, in the order in which callbacks and waiting
    /// tasks came; where the task has ended already, in the next turn. No task is the current one in it.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let seen = Rc::new(RefCell::new(Vec::new()));
    ///     let task = sim.spawn(async { 42 });
    ///     for name in ["first", "second"] {
    ///         let seen = Rc::clone(&seen);
    ///         task.add_done_callback(move |task| seen.borrow_mut().push((name, task.result())));
    ///     }
    ///     let _ = task.await;
    ///     seen.take()
    /// });
    /// assert_eq!(run.output, Some(vec![("first", Some(Ok(42))), ("second", Some(Ok(42)))]));
    /// ```
    pub fn add_done_callback(&self, callback: impl FnOnce(&JoinHandle<T>) + 'static) -> DoneCallback {
        self.add_named_done_callback("callback", callback)
    }

    /// As [`add_done_callback`](JoinHandle::add_done_callback), with a name for traces and reports.
    ///
    /// ```
    /// use std::{cell::RefCell, rc::Rc};
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let (seen, clock) = (Rc::new(RefCell::new(None)), sim.clone());
    ///     let path = Rc::clone(&seen);
    ///     let task = sim.spawn(async {});
    ///     task.add_named_done_callback("notice", move |_| *path.borrow_mut() = clock.running_path());
    ///     let _ = task.await;
    ///     seen.take()
    /// });
    /// assert_eq!(run.output, Some(Some("loop/notice-0".to_owned())));
    /// ```
    pub fn add_named_done_callback(&self, name: &str, callback: impl FnOnce(&JoinHandle<T>) + 'static) -> DoneCallback {
        let (core, handle) = (self.core(), self.clone());
        let id = core.register(Callback::named(name, move || callback(&handle)));
        core.emit(|| Event::AddsDoneCallback { target: self.id(), callback: id.observed() });
        if self.done() {
            core.push(Entry::Call(id));
        } else {
            self.watch(Watcher::Call(id));
            core.tasks.forget_calls(self.id(), |call| core.is_registered(call));
        }
        DoneCallback(id)
    }

    /// Takes a callback back that was added to this task. False when the task has ended, so that the call is made or
    /// on its way, and when the callback was removed before.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     let callback = task.add_done_callback(|_| panic!("it is never called"));
    ///     let removed = (task.remove_done_callback(callback), task.remove_done_callback(callback));
    ///     (removed, task.await)
    /// });
    /// assert_eq!(run.output, Some(((true, false), Ok(()))));
    /// ```
    pub fn remove_done_callback(&self, callback: DoneCallback) -> bool {
        let DoneCallback(id) = callback;
        if self.done() {
            return false;
        }
        self.core().unregister(id)
    }
}
