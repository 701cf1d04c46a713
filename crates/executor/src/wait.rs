//! One wait of a task: what a future is to asyncio. It is pending, then woken or cancelled, once.
//!
//! A task that awaits one primitive keeps the wait in its own slot. Foreign combinators poll several primitives in one
//! task: the second wait at the same time goes to a side table, and so does one that is polled with a combinator's own
//! waker, which it wakes. A token names a wait; once the wait is over, its token names nothing, so that a stale timer or
//! a stale place in a queue wakes nobody.

use std::task::Waker;

use crate::task::TaskId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitState {
    Pending,
    Woken,
    Cancelled,
    /// Cancelled, and what it waited for has happened since or by that: it counts where another await of the same task
    /// takes the cancel.
    CancelledAndWoken,
}

impl WaitState {
    pub(crate) fn is_cancelled(self) -> bool {
        matches!(self, WaitState::Cancelled | WaitState::CancelledAndWoken)
    }
}

/// The wait in a task's slot.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wait {
    pub(crate) sequence: u32,
    pub(crate) state: Option<WaitState>,
}

/// Names one wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaitToken {
    pub(crate) place: u32,
    pub(crate) sequence: u32,
}

/// Set in a token's place when it is in the side table.
const SIDE: u32 = 1 << 31;

impl WaitToken {
    pub(crate) fn side(self) -> Option<usize> {
        (self.place & SIDE != 0).then_some((self.place & !SIDE) as usize)
    }
}

/// Waits beyond the first of their task, and those of foreign wakers.
#[derive(Default)]
pub(crate) struct SideWaits {
    waits: Vec<SideWait>,
    free: Vec<u32>,
}

pub(crate) struct SideWait {
    pub(crate) wait: Wait,
    pub(crate) task: TaskId,
    /// Whom to wake beside the task; `None` where the task itself polls.
    pub(crate) waker: Option<Waker>,
}

impl SideWaits {
    pub(crate) fn begin(&mut self, task: TaskId, waker: Option<Waker>) -> WaitToken {
        let index = self.free.pop().unwrap_or_else(|| {
            self.waits.push(SideWait { wait: Wait::default(), task, waker: None });
            u32::try_from(self.waits.len() - 1).expect("fewer waits than 2^31")
        });
        let side = &mut self.waits[index as usize];
        (side.task, side.waker) = (task, waker);
        side.wait.sequence = side.wait.sequence.wrapping_add(1);
        side.wait.state = Some(WaitState::Pending);
        WaitToken { place: index | SIDE, sequence: side.wait.sequence }
    }

    pub(crate) fn get(&mut self, token: WaitToken) -> Option<&mut SideWait> {
        let side = self.waits.get_mut(token.side()?)?;
        (side.wait.sequence == token.sequence && side.wait.state.is_some()).then_some(side)
    }

    /// Ends a wait and gives back its waker, to be dropped when nothing is borrowed.
    pub(crate) fn end(&mut self, token: WaitToken) -> Option<Waker> {
        let side = self.get(token)?;
        side.wait.state = None;
        let waker = side.waker.take();
        self.free.push(token.place & !SIDE);
        waker
    }
}
