//! What is done at once, in a step or in a destructor.

use std::panic::resume_unwind;
use std::task::Waker;

use super::futures::Task;
use super::host::Handle;
use super::program::{Act, BODIES, Elsewhere, How};
use super::world::{Kept, Place, Seen};

impl Place {
    /// What a destructor does: nothing where its run is over.
    pub(crate) fn act_in_drop(&self, acts: &[Act]) {
        if self.host.is_running() {
            acts.iter().for_each(|act| self.act(act));
        }
    }

    // Nothing stays borrowed while a future, an output or a handle is dropped: its destructor comes back here.
    pub(crate) fn act(&self, act: &Act) {
        let world = &self.world;
        match *act {
            Act::Wake(gate, how) => self.wake(gate, how),
            Act::Open(gate) => {
                world.gates.borrow_mut()[gate].permits += 1;
                self.wake(gate, How::ByValue);
            }
            Act::Discard(gate) => drop(self.take_oldest(gate)),
            Act::Shift(from, to) => {
                if let Some(kept) = self.take_oldest(from) {
                    world.gates.borrow_mut()[to].kept.push(kept);
                }
            }
            Act::Silence(gate) => {
                if let Some(kept) = world.gates.borrow_mut()[gate].kept.first_mut() {
                    kept.waker.clone_from(Waker::noop());
                    kept.task = None;
                }
            }
            Act::Overwrite(gate) => {
                if let [oldest, .., newest] = world.gates.borrow_mut()[gate].kept.as_mut_slice() {
                    newest.waker.clone_from(&oldest.waker);
                    newest.task = oldest.task;
                }
            }
            Act::Elsewhere(gate, call) => self.act_elsewhere(gate, call),
            Act::Inner(body) => {
                if self.body + body < BODIES {
                    world.run_inner(self.body + body);
                }
            }
            // A second panic on the way of a first one would end the process, and has no place in a test.
            Act::Panic if std::thread::panicking() => {}
            Act::Panic => resume_unwind(Box::new("planned")),
            _ => self.act_on_tasks(act),
        }
    }

    fn act_on_tasks(&self, act: &Act) {
        let world = &self.world;
        match *act {
            Act::Spawn(body) => {
                let handle = self.spawn(body);
                world.handles.borrow_mut().extend(handle);
            }
            Act::SpawnForgotten(body) => drop(self.spawn(body)),
            Act::Cancel(task) => {
                if let Some(handle) = self.handle(task) {
                    world.see(Seen::Cancelled { took: handle.cancel() });
                }
            }
            Act::CancelOwn => {
                if let Some(handle) = self.host.own() {
                    world.see(Seen::Cancelled { took: handle.cancel() });
                }
            }
            Act::Share(task) => {
                if let Some(handle) = self.handle(task) {
                    world.handles.borrow_mut().push(handle);
                }
            }
            Act::Forget(handle) => {
                let forgotten = {
                    let mut handles = world.handles.borrow_mut();
                    handle.checked_rem(handles.len()).map(|handle| handles.remove(handle))
                };
                drop(forgotten);
            }
            Act::Take(task) => {
                if let Some(handle) = self.handle(task) {
                    let output = handle.take();
                    world.see(Seen::Took { output: output.is_some() });
                }
            }
            Act::DropShelved => {
                let shelved = world.shelves.borrow_mut().last_mut().and_then(Vec::pop);
                drop(shelved);
            }
            _ => unreachable!("`act` does it itself"),
        }
    }

    fn take_oldest(&self, gate: usize) -> Option<Kept> {
        let kept = &mut self.world.gates.borrow_mut()[gate].kept;
        (!kept.is_empty()).then(|| kept.remove(0))
    }

    fn wake(&self, gate: usize, how: How) {
        let world = &self.world;
        if matches!(how, How::ByValue) {
            let kept = std::mem::take(&mut world.gates.borrow_mut()[gate].kept);
            for kept in kept {
                world.woke(kept.task);
                kept.waker.wake();
            }
            return;
        }
        let gates = world.gates.borrow();
        let kept = &gates[gate].kept;
        for kept in match how {
            How::Twice => kept.iter().take(1),
            How::ThroughClone => kept[kept.len().saturating_sub(1)..].iter().take(1),
            How::ByValue | How::ByRef => kept.iter().take(usize::MAX),
        } {
            world.woke(kept.task);
            wake_by_ref(&kept.waker, how);
        }
    }

    /// Threads must not reach a run: a waker that is called there says so.
    fn act_elsewhere(&self, gate: usize, call: Elsewhere) {
        let Some(Kept { waker, .. }) = self.take_oldest(gate) else { return };
        let result = std::thread::scope(|scope| {
            let thread = scope.spawn(move || match call {
                Elsewhere::Called => waker.wake(),
                Elsewhere::Dropped => drop(waker),
            });
            thread.join()
        });
        if let Err(panic) = &result {
            let text = panic.downcast_ref::<&str>().copied().unwrap_or_default();
            if !text.contains("on another thread") {
                self.world.blame(format!("another thread says: {text}"));
            }
        }
        self.world.see(Seen::Refused { panicked: result.is_err() });
    }

    fn spawn(&self, body: usize) -> Option<Box<dyn Handle>> {
        let place = Place { body: self.body + body, ..self.clone() };
        (place.body < BODIES && self.world.has_room()).then(|| self.host.spawn(Task::new(place)))
    }

    /// Another handle on one of the tasks that somebody has handles on.
    pub(crate) fn handle(&self, task: usize) -> Option<Box<dyn Handle>> {
        let handles = self.world.handles.borrow();
        task.checked_rem(handles.len()).map(|task| handles[task].another())
    }
}

/// Calls a waker that stays.
pub(crate) fn wake_by_ref(waker: &Waker, how: How) {
    match how {
        How::ByRef => waker.wake_by_ref(),
        How::ByValue => {
            let clone = waker.clone();
            clone.wake();
        }
        How::Twice => {
            waker.wake_by_ref();
            waker.wake_by_ref();
        }
        How::ThroughClone => {
            let clone = waker.clone();
            let second = clone.clone();
            drop(clone);
            second.wake();
        }
    }
}
