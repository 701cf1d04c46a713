//! What a barrier is: a count, a state, and a condition that is notified when the state changes.

use std::collections::BTreeMap;

use super::condition_model::{ConditionModel, Waited};
use super::turns::{Answer, End, Resume, Task, Turns};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Filling,
    Draining,
    Resetting,
    Broken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Until those who were let through, or sent away, have left.
    Outside,
    /// With this number, until the others come.
    Inside(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct BarrierModel {
    pub(crate) parties: usize,
    pub(crate) state: State,
    pub(crate) count: usize,
    changed: ConditionModel,
    places: BTreeMap<Task, Place>,
}

impl BarrierModel {
    pub(crate) fn new(parties: usize) -> BarrierModel {
        let (changed, places) = (ConditionModel::default(), BTreeMap::new());
        BarrierModel { parties, state: State::Filling, count: 0, changed, places }
    }

    pub(crate) fn waiting(&self) -> usize {
        if self.state == State::Filling { self.count } else { 0 }
    }

    pub(crate) fn abort(&mut self, turns: &mut Turns) {
        self.change(State::Broken, turns);
    }

    pub(crate) fn reset(&mut self, turns: &mut Turns) {
        self.change(if self.count == 0 { State::Filling } else { State::Resetting }, turns);
    }

    fn change(&mut self, state: State, turns: &mut Turns) {
        self.state = state;
        self.changed.notify_all(turns);
    }

    /// The first step of `wait`. Its lock is never kept for longer than a step, and so always free.
    pub(crate) fn arrive(&mut self, task: Task, turns: &mut Turns) -> Option<End> {
        match self.state {
            State::Draining | State::Resetting => self.sit_down(task, Place::Outside, turns),
            State::Broken => Some(End::Answered(Err("aborted"))),
            State::Filling => self.enter(task, turns),
        }
    }

    fn enter(&mut self, task: Task, turns: &mut Turns) -> Option<End> {
        let number = self.count;
        self.count += 1;
        if self.count < self.parties {
            return self.sit_down(task, Place::Inside(number), turns);
        }
        self.change(State::Draining, turns);
        self.leave(End::Answered(Ok(number)), turns)
    }

    fn sit_down(&mut self, task: Task, place: Place, turns: &mut Turns) -> Option<End> {
        self.places.insert(task, place);
        self.changed.wait(task, turns);
        None
    }

    /// A step of a task that waited.
    pub(crate) fn resume(&mut self, task: Task, resume: Resume, turns: &mut Turns) -> Option<End> {
        let waited = self.changed.resume(task, resume, turns);
        let place = self.places.remove(&task);
        let end = match (waited, place) {
            (Waited::Cancelled, Some(Place::Inside(_))) => self.leave(End::Cancelled, turns),
            (Waited::Cancelled, _) => Some(End::Cancelled),
            (_, Some(Place::Inside(number))) => self.look(task, number, turns),
            _ => self.arrive(task, turns),
        };
        self.changed.lock.release(turns);
        end
    }

    /// Whether a task inside can go.
    fn look(&mut self, task: Task, number: usize, turns: &mut Turns) -> Option<End> {
        let answer: Answer = match self.state {
            State::Filling => return self.sit_down(task, Place::Inside(number), turns),
            State::Draining => Ok(number),
            State::Resetting | State::Broken => Err("interrupted"),
        };
        self.leave(End::Answered(answer), turns)
    }

    /// Whoever leaves last lets in those who have come meanwhile.
    fn leave(&mut self, end: End, turns: &mut Turns) -> Option<End> {
        self.count -= 1;
        if self.count == 0 {
            let is_broken = self.state == State::Broken;
            self.change(if is_broken { State::Broken } else { State::Filling }, turns);
        }
        Some(end)
    }
}
