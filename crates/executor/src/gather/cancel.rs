//! A cancel that comes to a gather goes on to its children; asyncio's gather says whether one of them took it.

use super::Gathers;
use crate::core::Core;
use crate::event::{GatherId, Waiting};
use crate::slot::Progress;
use crate::task::TaskId;

/// The first thing below a gather that would take a cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taker {
    /// It takes every cancel until it ends, which it does not before its next step.
    Task,
    /// It is done by the first one.
    Future,
    /// All below have ended, and the gathers in between are about to be told.
    Nobody,
}

/// Who took a cancel when somebody asked last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    moment: u64,
    taker: Taker,
}

/// The moments at which gathers are asked: a new one begins with each cancel, and with each future that is done by it.
#[derive(Default)]
pub(super) struct Moments {
    now: u64,
    /// When the cancel began that goes on.
    began: u64,
}

impl Moments {
    fn still_holds(&self, answer: Answer) -> bool {
        match answer.taker {
            Taker::Task | Taker::Nobody => answer.moment >= self.began,
            Taker::Future => answer.moment == self.now,
        }
    }
}

/// What a cancel finds in a child.
enum Found {
    Ended,
    Takes(Taker),
    Gather(GatherId),
}

impl Gathers {
    /// A cancel begins.
    pub(crate) fn begin_cancel(&mut self) {
        self.moments.now += 1;
        self.moments.began = self.moments.now;
    }

    /// It has cancelled a future, which is done.
    pub(crate) fn cancelled_future(&mut self) {
        self.moments.now += 1;
    }

    /// The children that have not ended, in order.
    pub(crate) fn unfinished(&self, id: GatherId, core: &Core) -> Vec<TaskId> {
        let Some(state) = &self.states[id.0 as usize] else { return Vec::new() };
        let lives = |child: &TaskId| !matches!(core.find(*child), Found::Ended);
        state.children.iter().filter(lives).collect()
    }

    fn known(&mut self, id: GatherId) -> Option<Taker> {
        let answer = self.get(id).answer?;
        self.moments.still_holds(answer).then_some(answer.taker)
    }

    fn learn(&mut self, id: GatherId, taker: Taker) {
        self.get(id).answer = Some(Answer { moment: self.moments.now, taker });
    }
}

impl Core {
    fn find(&self, child: TaskId) -> Found {
        let Some(slot) = self.tasks.get(child) else { return Found::Ended };
        match slot.progress.get() {
            Progress::Ended(_) | Progress::Free => Found::Ended,
            Progress::Unset => Found::Takes(Taker::Future),
            Progress::Alive => Found::Takes(Taker::Task),
            Progress::Gathering => match self.tasks.waits_on(slot, slot.wait.get()) {
                Waiting::Gather(gather) => Found::Gather(gather),
                _ => Found::Takes(Taker::Task),
            },
        }
    }

    /// The gather that a future is which has no result yet.
    pub(crate) fn gather_of(&self, future: TaskId) -> Option<GatherId> {
        match self.find(future) {
            Found::Gather(gather) => Some(gather),
            Found::Ended | Found::Takes(_) => None,
        }
    }

    /// Whether a cancel would be taken. Tasks and futures that have not ended take it, a gather where something below
    /// it does.
    pub(crate) fn takes_cancel(&self, id: TaskId) -> bool {
        match self.find(id) {
            Found::Ended => false,
            Found::Takes(_) => true,
            Found::Gather(gather) => self.gather_takes_cancel(gather),
        }
    }

    /// Whether a cancel of a gather would reach anything.
    pub(crate) fn gather_takes_cancel(&self, gather: GatherId) -> bool {
        self.taker_below(gather) != Taker::Nobody
    }

    /// Looks for something below a gather that takes a cancel.
    ///
    /// The way down is a list instead of recursion: gathers of gathers may be nested deeply. What was found of each is
    /// kept for the cancel that goes on, so that it costs no more to ask each of them on the way.
    fn taker_below(&self, gather: GatherId) -> Taker {
        if let Some(taker) = self.gathers.borrow_mut().known(gather) {
            return taker;
        }
        let mut way: Vec<(GatherId, u32)> = vec![(gather, 0)];
        let mut found = Taker::Nobody;
        while let Some((gather, next)) = way.last_mut() {
            let child = {
                let mut gathers = self.gathers.borrow_mut();
                found = gathers.known(*gather).unwrap_or(Taker::Nobody);
                if found != Taker::Nobody {
                    break;
                }
                let Some(child) = gathers.get(*gather).children.get(*next) else {
                    gathers.learn(*gather, Taker::Nobody);
                    way.pop();
                    continue;
                };
                *next += 1;
                child
            };
            match self.find(child) {
                Found::Ended => {}
                Found::Takes(taker) => {
                    found = taker;
                    break;
                }
                Found::Gather(inner) => {
                    if self.gathers.borrow_mut().known(inner) != Some(Taker::Nobody) {
                        way.push((inner, 0));
                    }
                }
            }
        }
        let mut gathers = self.gathers.borrow_mut();
        way.iter().for_each(|(gather, _)| gathers.learn(*gather, found));
        found
    }

    /// A cancel came by; the children that it goes down to. Those among them that are gathers are asked when it comes to
    /// them: by then it may have cancelled the futures that they wait for.
    pub(crate) fn cancel_gather(&self, id: GatherId) -> Vec<TaskId> {
        if !self.gather_takes_cancel(id) {
            return Vec::new();
        }
        let mut children = self.gathers.borrow().unfinished(id, self);
        let mut gathers = self.gathers.borrow_mut();
        let state = gathers.get(id);
        state.cancel_requested = true;
        children.extend(&state.again);
        children
    }
}
