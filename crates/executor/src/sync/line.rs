//! The line of tasks that wait for a primitive, as asyncio keeps it: a woken task stands in it until its step, and so does
//! a cancelled one.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::task::Context;

use crate::core::Core;
use crate::event::{Operation, ResourceId, Waiting};
use crate::wait::{WaitState, WaitToken};

/// Who waits, in the order in which they came.
#[derive(Default)]
pub(super) struct Line {
    /// Those who are not known to be woken or gone.
    waiting: RefCell<VecDeque<WaitToken>>,
    /// How many stand in it: those who wait, those who were woken, and those who were cancelled and not told yet.
    present: Cell<usize>,
    /// How many of them were woken.
    woken: Cell<usize>,
    /// How many of `waiting` have gone, about.
    gone: Cell<usize>,
    /// How many at the front of `waiting` were found to be cancelled or gone. None of them comes back to life: whose
    /// cancel somebody else has taken comes anew.
    dead: Cell<usize>,
}

/// So few who have gone are not worth going through the line.
const FEW: usize = 8;

impl Line {
    /// How many stand in it, as asyncio's `repr` counts them.
    pub(super) fn len(&self) -> usize {
        self.present.get()
    }

    /// Whether somebody was woken and has not had its step yet.
    pub(super) fn has_woken(&self) -> bool {
        self.woken.get() > 0
    }

    /// Whether somebody stands in it who was not cancelled.
    pub(super) fn has_live(&self, core: &Core) -> bool {
        if self.has_woken() {
            return true;
        }
        let waiting = self.waiting.borrow();
        // From the back: who came last is the least likely to be gone.
        let is_live = waiting.iter().skip(self.dead.get()).rev().any(|&wait| core.is_pending(wait));
        if !is_live {
            self.dead.set(waiting.len());
        }
        is_live
    }

    /// Wakes the first who waits and is not cancelled. Tells whether there was one.
    pub(super) fn wake_next(&self, core: &Core) -> bool {
        loop {
            let Some(next) = self.pop_front() else { return false };
            if core.wake(next) {
                self.woken.set(self.woken.get() + 1);
                return true;
            }
            self.gone.set(self.gone.get().saturating_sub(1));
        }
    }

    /// Wakes the very first, unless it is woken or cancelled: then it passes the wake-up on itself.
    pub(super) fn wake_first(&self, core: &Core) {
        if self.has_woken() {
            return;
        }
        loop {
            let Some(first) = self.waiting.borrow().front().copied() else { return };
            match core.wait_state(first) {
                Some(WaitState::Pending) => {
                    self.wake_next(core);
                    return;
                }
                Some(_) => return,
                None => {
                    self.pop_front();
                    self.gone.set(self.gone.get().saturating_sub(1));
                }
            }
        }
    }

    fn pop_front(&self) -> Option<WaitToken> {
        self.dead.set(self.dead.get().saturating_sub(1));
        self.waiting.borrow_mut().pop_front()
    }

    fn enter(&self, wait: WaitToken) {
        self.waiting.borrow_mut().push_back(wait);
        self.present.set(self.present.get() + 1);
    }

    /// Somebody leaves. Who was not woken stays in the list until such make up half of it, so that leaving is cheap
    /// wherever one stands.
    fn leave(&self, core: &Core, wait: WaitToken, left: Left) {
        core.end_wait(wait);
        self.present.set(self.present.get().saturating_sub(1));
        if left == Left::Woken {
            self.woken.set(self.woken.get().saturating_sub(1));
            return;
        }
        let mut waiting = self.waiting.borrow_mut();
        if waiting.back() == Some(&wait) {
            waiting.pop_back();
            self.dead.set(self.dead.get().min(waiting.len()));
            return;
        }
        self.gone.set(self.gone.get() + 1);
        if self.gone.get() > FEW && self.gone.get() > waiting.len() / 2 {
            waiting.retain(|&wait| core.wait_state(wait).is_some());
            self.gone.set(0);
            self.dead.set(0);
        }
    }
}

/// How somebody left a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// After it was woken.
    Woken,
    /// Before.
    Waiting,
}

/// What a place in a line says to the future that polls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not in the line.
    Outside,
    /// In the line, or kept from going on by a cancel.
    Waits,
    /// It was woken, and has left the line.
    Woken,
    /// It has to leave and to come anew.
    Lost,
}

/// One future's place in a line.
#[derive(Default)]
pub(super) struct Place {
    wait: Option<WaitToken>,
    /// A cancel hit it that somebody else has taken since; meanwhile it may have been passed by.
    was_hit: bool,
}

impl Place {
    pub(super) fn standing(&mut self, line: &Line, core: &Core, context: &Context<'_>) -> Standing {
        if let Some(wait) = self.wait {
            let state = core.wait_state(wait);
            if state != Some(WaitState::Woken) && core.has_moved(wait, context) {
                return Standing::Lost;
            }
            self.was_hit |= state.is_some_and(WaitState::is_cancelled);
        }
        if core.holds_back(context) {
            return Standing::Waits;
        }
        let Some(wait) = self.wait else { return Standing::Outside };
        match core.wait_state(wait) {
            Some(state) if state.is_cancelled() => Standing::Waits,
            _ if self.was_hit => Standing::Lost,
            Some(WaitState::Woken) => {
                self.leave(line, core);
                Standing::Woken
            }
            _ => Standing::Waits,
        }
    }

    /// Begins to wait, at the end of the line.
    pub(super) fn enter(&mut self, line: &Line, core: &Core, on: (ResourceId, Operation), context: &Context<'_>) {
        let wait = core.begin_wait(Waiting::Resource(on.0, on.1), context);
        line.enter(wait);
        self.wait = Some(wait);
    }

    /// Leaves the line, if it stands there.
    pub(super) fn leave(&mut self, line: &Line, core: &Core) -> Option<Left> {
        let wait = self.wait.take()?;
        let was_hit = std::mem::take(&mut self.was_hit);
        let woken = core.wait_state(wait) == Some(WaitState::Woken) && !was_hit;
        let left = if woken { Left::Woken } else { Left::Waiting };
        line.leave(core, wait, left);
        Some(left)
    }
}
