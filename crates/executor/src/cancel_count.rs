//! How often a task was asked to be cancelled, less the requests that somebody has taken back.
//!
//! Task groups and timeouts cancel the task that runs them and take that back later; the count tells them whether
//! somebody else wants it cancelled, too (`Task.cancelling` and `uncancel` of asyncio/tasks.py).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::core::Core;
use crate::event::Waiting;
use crate::task::TaskId;
use crate::wait::{Wait, WaitState};

impl Core {
    /// The requests that stand.
    pub(crate) fn cancelling(&self, id: TaskId) -> u32 {
        let detail = self.tasks.get(id).and_then(|slot| self.tasks.known_detail(slot));
        detail.map_or(0, |detail| detail.cancel_requests.get())
    }

    /// Takes one request back and gives those that are left. With none left a cancel that has not been delivered yet
    /// will not be, as in 3.13.
    pub(crate) fn uncancel(&self, id: TaskId) -> u32 {
        let Some(slot) = self.tasks.get(id) else { return 0 };
        let Some(detail) = self.tasks.known_detail(slot) else { return 0 };
        if let Some(left) = detail.cancel_requests.get().checked_sub(1) {
            detail.cancel_requests.set(left);
            if left == 0 {
                self.with_wait(id.index, Wait::withdraw_cancel);
            }
        }
        detail.cancel_requests.get()
    }

    pub(crate) fn count_cancels(&self, id: TaskId, times: u32) {
        if let Some(slot) = self.tasks.get(id)
            && slot.progress.get().is_alive()
        {
            let requests = &self.tasks.detail(slot).cancel_requests;
            requests.set(requests.get().saturating_add(times));
        }
    }

    /// Makes up for what is missing where several ways led to one task.
    pub(crate) fn count_ways(&self, ways: &Ways, message: Option<&Rc<str>>) {
        if !ways.met {
            return;
        }
        for (task, missing) in ways.missing() {
            self.count_cancels(task, missing.requests);
            if missing.came_again {
                self.request_again(task, message);
            }
        }
    }

    /// A cancel comes to a task again that has just been asked: where that has cancelled all that the task waits for,
    /// this request finds nothing to cancel, and waits for the task's next step.
    #[cold]
    fn request_again(&self, id: TaskId, message: Option<&Rc<str>>) {
        let Some(slot) = self.tasks.get(id) else { return };
        let (state, on) = self.with_wait(id.index, |wait| (wait.state(), self.tasks.waits_on(slot, *wait)));
        let finds_nothing = match (state, on) {
            (Some(WaitState::Pending), Waiting::Task(child) | Waiting::Shield(child)) => !self.takes_cancel(child),
            (Some(WaitState::Pending), Waiting::Gather(gather)) => !self.gather_takes_cancel(gather),
            (Some(WaitState::Pending), _) | (None, _) => false,
            (Some(_), _) => true,
        };
        if finds_nothing {
            self.set_requested(id, message);
        }
    }
}

/// The ways that a cancel took downwards.
///
/// In asyncio each task asks whatever it awaits to cancel, each time that it is asked itself: a task counts one request
/// for each way that leads to it. There may be exponentially many, so that they are counted and not walked. Each step of
/// a way counts one request as it is taken; what is missing then is known at the end.
#[derive(Default)]
pub(crate) struct Ways {
    beginnings: Vec<TaskId>,
    steps: Vec<(TaskId, TaskId)>,
    met: bool,
}

/// What walking each way to a task only once has left out.
struct Missing {
    requests: u32,
    /// More than one way leads here.
    came_again: bool,
}

/// A task on the ways.
#[derive(Default)]
struct Place {
    below: Vec<TaskId>,
    /// Steps that lead here, and how many of them lead from tasks whose ways are not known yet.
    steps: u32,
    unknown: u32,
    ways: u32,
}

impl Ways {
    pub(crate) fn begin(&mut self, task: TaskId) {
        self.beginnings.push(task);
    }

    pub(crate) fn lead(&mut self, from: TaskId, to: TaskId) {
        self.steps.push((from, to));
    }

    /// A way has led to where another one was before.
    pub(crate) fn meet(&mut self) {
        self.met = true;
    }

    /// What is missing for each task: a request for each way beyond the steps that lead there. Tasks that await each
    /// other in a circle have no number of ways (CPython fails there): they count the steps.
    #[cold]
    fn missing(&self) -> Vec<(TaskId, Missing)> {
        let mut places: BTreeMap<TaskId, Place> = BTreeMap::new();
        for &task in &self.beginnings {
            let place = places.entry(task).or_default();
            place.steps += 1;
            place.ways = place.ways.saturating_add(1);
        }
        for &(from, to) in &self.steps {
            places.entry(from).or_default().below.push(to);
            let place = places.entry(to).or_default();
            place.steps += 1;
            place.unknown += 1;
        }
        let mut known: Vec<TaskId> =
            places.iter().filter(|(_, place)| place.unknown == 0).map(|(&task, _)| task).collect();
        let mut missing = Vec::new();
        while let Some(task) = known.pop() {
            let Some(place) = places.get_mut(&task) else { continue };
            let (ways, below) = (place.ways, std::mem::take(&mut place.below));
            missing.push((task, Missing { requests: ways.saturating_sub(place.steps), came_again: ways > 1 }));
            for task in below {
                let Some(place) = places.get_mut(&task) else { continue };
                place.ways = place.ways.saturating_add(ways);
                place.unknown -= 1;
                if place.unknown == 0 {
                    known.push(task);
                }
            }
        }
        missing
    }
}
