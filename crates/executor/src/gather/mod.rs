//! Waiting for several tasks at once, with their results in the order given.
//!
//! As in asyncio, a gather is told of each child by a callback of its own, and wakes its waiter a turn after the last:
//! what a task awaits through a gather comes a turn later than what it awaits itself.

mod awaited;
mod cancel;
mod children;
mod handle;

use std::rc::Rc;

use crate::cancel::Cancelled;
use crate::core::Core;
use crate::entry::Entry;
use crate::event::{GatherId, Status};
use crate::slot::Progress;
use crate::task::TaskId;
use crate::wait::WaitToken;
use crate::watchers::Watcher;

use cancel::{Answer, Moments};
use children::Children;

pub use awaited::{Gather, GatherAll, GatherError};

/// What ends a gather before all its children have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    FirstFailure,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    AllEnded,
    /// The child that failed or was cancelled, with others still going on.
    Stopped {
        child: u32,
    },
    /// All have ended, after a cancel of the gather.
    Cancelled,
}

/// Who is told of the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listener {
    Nobody,
    Task(WaitToken),
    /// The future that the gather is: it is kept until it gets the outcome.
    Future(TaskId),
    /// The run, which ends with the gather.
    Run,
}

struct State {
    /// Children that were given more than once: a cancel is handed to them as often.
    again: Box<[TaskId]>,
    /// The child that was given last.
    last: Option<TaskId>,
    children: Rc<Children>,
    remaining: u32,
    until: Until,
    outcome: Option<Outcome>,
    listener: Listener,
    cancel_requested: bool,
    /// Whether something below takes a cancel.
    answer: Option<Answer>,
    /// Nobody holds it any more.
    abandoned: bool,
    /// What the cancel that ended it came with.
    cancelled: Option<Cancelled>,
}

/// The gathers of a run.
#[derive(Default)]
pub(crate) struct Gathers {
    states: Vec<Option<State>>,
    free: Vec<u32>,
    moments: Moments,
}

impl Gathers {
    fn add(&mut self, state: State) -> GatherId {
        if let Some(index) = self.free.pop() {
            self.states[index as usize] = Some(state);
            return GatherId(index);
        }
        self.states.push(Some(state));
        GatherId(u32::try_from(self.states.len() - 1).expect("fewer gathers than 2^32"))
    }

    fn get(&mut self, id: GatherId) -> &mut State {
        self.states[id.0 as usize]
            .as_mut()
            .expect("a gather lives until its children have ended and its future is gone")
    }

    fn free_if_over(&mut self, id: GatherId) {
        let state = self.get(id);
        if state.remaining == 0 && state.abandoned {
            self.states[id.0 as usize] = None;
            self.free.push(id.0);
        }
    }
}

impl State {
    /// The child of this number.
    fn child(&self, child: u32) -> TaskId {
        self.children.get(child).expect("a gather is told of its own children")
    }

    /// The future was given a result by hand, and is to be let go of: as in asyncio what becomes of the children is no
    /// longer looked at.
    fn give_up_future(&mut self) -> Option<TaskId> {
        let Listener::Future(future) = self.listener else { return None };
        self.listener = Listener::Nobody;
        self.outcome.get_or_insert(Outcome::AllEnded);
        Some(future)
    }

    /// What the outcome is to a task that awaits it: only a cancel can be one that comes back from below.
    fn status(&self) -> Status {
        if self.cancelled.is_some() { Status::Cancelled } else { Status::Finished }
    }
}

impl Core {
    fn add_gather(&self, children: Rc<Children>, until: Until, listener: Listener) -> GatherId {
        let id = self.gathers.borrow_mut().add(State {
            again: Box::default(),
            last: children.last(),
            children: Rc::clone(&children),
            remaining: children.len(),
            until,
            outcome: None,
            listener,
            cancel_requested: false,
            answer: None,
            abandoned: listener == Listener::Run,
            cancelled: None,
        });
        let mut ended = Vec::new();
        children.numbered().for_each(|(child, task)| {
            let slot = self.tasks.slot(task);
            if let Progress::Ended(status) = slot.progress.get() {
                ended.push((child, status));
            } else {
                self.tasks.watch_slot(slot, Watcher::Gather { gather: id, child });
            }
        });
        // As CPython since 3.12: children that have ended already are counted at once.
        for (child, status) in ended {
            self.retrieve_child(id, child);
            self.gathered(id, child, status);
        }
        id
    }

    /// The run goes on until these tasks have ended.
    pub(crate) fn gather_for_run_end(&self, children: &[TaskId]) {
        self.add_gather(Rc::new(children.iter().copied().collect()), Until::All, Listener::Run);
    }

    /// The callback of a child's end.
    pub(crate) fn gathered(&self, id: GatherId, child: u32, status: Status) {
        let failed = (status != Status::Finished).then_some(child);
        if self.count_ended(id, 1) || failed.is_some() {
            self.look_for_outcome(id, failed);
        }
    }

    /// The callbacks of so many children that returned.
    #[inline]
    pub(crate) fn children_returned(&self, id: GatherId, count: u32) {
        if self.count_ended(id, count) {
            self.look_for_outcome(id, None);
        }
    }

    /// So many children have ended; tells whether none is left.
    #[inline]
    fn count_ended(&self, id: GatherId, count: u32) -> bool {
        let mut gathers = self.gathers.borrow_mut();
        let state = gathers.get(id);
        state.remaining -= count;
        state.remaining == 0
    }

    /// A child has failed or was cancelled, or the last one has ended.
    #[inline(never)]
    fn look_for_outcome(&self, id: GatherId, failed: Option<u32>) {
        let mut gathers = self.gathers.borrow_mut();
        let state = gathers.get(id);
        if state.outcome.is_some() {
            return gathers.free_if_over(id);
        }
        let stopping = failed.filter(|_| state.until == Until::FirstFailure);
        state.outcome = match (stopping, state.remaining) {
            (Some(child), _) => Some(Outcome::Stopped { child }),
            (None, 0) if state.cancel_requested => Some(Outcome::Cancelled),
            (None, 0) => Some(Outcome::AllEnded),
            (None, _) => None,
        };
        if let Some(outcome) = state.outcome {
            state.cancelled = match outcome {
                // It says what the child says that was given last, whichever ended last and however that one ended:
                // `gather` of asyncio/tasks.py asks that one.
                Outcome::Cancelled => state.last.map(|child| self.make_cancelled(child)),
                Outcome::Stopped { child } => self.cancel_that_ended(state.child(child)),
                Outcome::AllEnded => None,
            };
            let (listener, status) = (state.listener, state.status());
            gathers.free_if_over(id);
            drop(gathers);
            return self.tell_outcome(listener, status);
        }
        gathers.free_if_over(id);
    }

    fn tell_outcome(&self, listener: Listener, status: Status) {
        match listener {
            Listener::Nobody => {}
            Listener::Task(waiter) => {
                self.settle_joined(waiter, status);
            }
            Listener::Future(future) => self.settle_gather(future),
            Listener::Run => self.push(Entry::RunEnd { turns: 0 }),
        }
    }

    /// A child has ended: as asyncio's gather does, which asks each child for its exception. What still failed at the end
    /// of a run is reported there. Nobody else may remember the child by the time the gather's callback runs.
    pub(crate) fn retrieve_child(&self, id: GatherId, child: u32) {
        if !self.is_retrieving() {
            return;
        }
        let task = {
            let mut gathers = self.gathers.borrow_mut();
            let state = gathers.get(id);
            (state.listener != Listener::Run).then(|| state.child(child))
        };
        if let Some(task) = task {
            self.retrieve(task);
        }
    }

    /// The cancel that ended a gather.
    pub(crate) fn gather_cancelled(&self, id: GatherId) -> Option<Cancelled> {
        self.gathers.borrow_mut().get(id).cancelled.clone()
    }
}
