//! How often a task was asked to be cancelled, less the requests that somebody has taken back.
//!
//! Task groups and timeouts cancel the task that runs them and take that back later; the count tells them whether
//! somebody else wants it cancelled, too (`Task.cancelling` and `uncancel` of asyncio/tasks.py).

use std::collections::BTreeMap;

use crate::core::Core;
use crate::task::{Progress, TaskId};

impl Core {
    /// The requests that stand.
    pub(crate) fn cancelling(&self, id: TaskId) -> u32 {
        self.tasks.borrow().get(id).map_or(0, |slot| slot.cancel_requests)
    }

    /// Takes one request back and gives those that are left. With none left a cancel that has not been delivered yet
    /// will not be, as in 3.13.
    pub(crate) fn uncancel(&self, id: TaskId) -> u32 {
        let mut tasks = self.tasks.borrow_mut();
        let Some(slot) = tasks.get_mut(id) else { return 0 };
        if slot.cancel_requests > 0 {
            slot.cancel_requests -= 1;
            if slot.cancel_requests == 0 {
                slot.must_cancel = false;
            }
        }
        slot.cancel_requests
    }

    pub(crate) fn count_cancels(&self, id: TaskId, times: u32) {
        if let Some(slot) = self.tasks.borrow_mut().get_mut(id)
            && matches!(slot.progress, Progress::New | Progress::Started)
        {
            slot.cancel_requests = slot.cancel_requests.saturating_add(times);
        }
    }

    /// Counts what is missing where several ways led to one task.
    pub(crate) fn count_ways(&self, ways: &Ways) {
        if ways.met {
            ways.missing().into_iter().for_each(|(task, times)| self.count_cancels(task, times));
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

    /// How many more ways than steps lead to each task. Tasks that await each other in a circle have no number of ways
    /// (CPython fails there): they count the steps.
    #[cold]
    fn missing(&self) -> Vec<(TaskId, u32)> {
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
            missing.push((task, ways.saturating_sub(place.steps)));
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
