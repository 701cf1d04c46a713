//! One wait of a task: what a future is to asyncio. It is pending, then woken or cancelled, once.
//!
//! A task that awaits one primitive keeps the wait in its own slot. Foreign combinators poll several primitives in one
//! task: the second wait at the same time goes to a side table, and so does one that is polled with a combinator's own
//! waker, which it wakes. A token names a wait; once the wait is over, its token names nothing, so that a stale timer or
//! a stale place in a queue wakes nobody.

use std::cell::Cell;
use std::task::{Context, Waker};

use crate::callback::{CALLBACK, CallbackId};
use crate::core::Core;
use crate::entry::CompletionId;
use crate::event::{Event, Waiting};
use crate::slab::Key;
use crate::task::TaskId;
use crate::timers::Timers;
pub(crate) use crate::wait_word::{Queue, Wait, WaitState};

/// Names one wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WaitToken {
    pub(crate) place: u32,
    pub(crate) sequence: u32,
}

/// How many timers ahead a task's place in the table is fetched, and the task itself.
pub(crate) const TABLE_AHEAD: usize = 12;
pub(crate) const TASK_AHEAD: usize = 6;

/// Set in a token's place when it is in the side table.
const SIDE: u32 = 1 << 31;
/// From here on places name nothing: there is no side table that long.
const FEWEST_NONE: u32 = u32::MAX - 8;

impl WaitToken {
    /// Names no wait.
    pub(crate) const NONE: WaitToken = WaitToken { place: u32::MAX, sequence: 0 };

    /// Names no wait either, each of these few numbers in another way: for who keeps a token only at times.
    pub(crate) const fn none_of(number: u32) -> WaitToken {
        WaitToken { place: FEWEST_NONE + number, sequence: 0 }
    }

    /// Whether it may name a wait.
    #[inline]
    pub(crate) fn is_some(self) -> bool {
        self.place < FEWEST_NONE
    }

    /// Whether it names the wait of a task, and no callback nor a wait of the side table.
    #[inline]
    pub(crate) fn is_of_task(self) -> bool {
        self.place < CALLBACK
    }

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
    sequence: u32,
    state: Option<WaitState>,
    who: Who,
}

/// Who waits.
enum Who {
    Task(TaskId),
    /// A combinator of a task; its waker is gone once it was woken.
    Combinator(TaskId, Option<Waker>),
    /// Nobody: what is woken is a callback of a timer.
    Callback(TimerCallback),
}

/// What a timer does that wakes no task.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimerCallback {
    /// A timeout's deadline has come.
    Expires(Key),
    /// The time of an `as_completed` is over.
    CompletionsOver(CompletionId),
}

impl SideWaits {
    fn begin(&mut self, who: Who) -> WaitToken {
        let index = match self.free.pop() {
            Some(index) => {
                self.waits[index as usize].who = who;
                index
            }
            None => {
                self.waits.push(SideWait { sequence: 0, state: None, who });
                u32::try_from(self.waits.len() - 1).expect("fewer waits than 2^31")
            }
        };
        let side = &mut self.waits[index as usize];
        side.sequence = side.sequence.wrapping_add(1);
        side.state = Some(WaitState::Pending);
        WaitToken { place: index | SIDE, sequence: side.sequence }
    }

    pub(crate) fn get(&mut self, token: WaitToken) -> Option<&mut SideWait> {
        let side = self.waits.get_mut(token.side()?)?;
        (side.sequence == token.sequence && side.state.is_some()).then_some(side)
    }

    /// Ends a wait and gives back its waker, to be dropped when nothing is borrowed.
    pub(crate) fn end(&mut self, token: WaitToken) -> Option<Waker> {
        let side = self.get(token)?;
        side.state = None;
        let waker = side.who.take_waker();
        self.free.push(token.place & !SIDE);
        waker
    }
}

impl Who {
    fn take_waker(&mut self) -> Option<Waker> {
        match self {
            Who::Combinator(_, waker) => waker.take(),
            Who::Task(_) | Who::Callback(_) => None,
        }
    }
}

impl Core {
    /// A wait of nobody, to arm a timer with whose callback wakes no task.
    pub(crate) fn begin_callback(&self, callback: TimerCallback) -> WaitToken {
        self.side_waits.borrow_mut().begin(Who::Callback(callback))
    }

    /// The running task begins to wait.
    ///
    /// # Panics
    /// When no task of this run is being polled: one of its futures was polled from outside.
    #[inline]
    pub(crate) fn begin_wait(&self, on: Waiting, context: &Context<'_>) -> WaitToken {
        self.emit(|| Event::Waits { on });
        match self.polled_with(context) {
            Some((place, here)) if here.get().is_over() => self.begin_own_wait(place, here, on),
            _ => self.begin_wait_rarely(on, context),
        }
    }

    /// The running task waits already, or is polled with another waker than its very own.
    #[cold]
    fn begin_wait_rarely(&self, on: Waiting, context: &Context<'_>) -> WaitToken {
        let id = self.current().expect("a timeskip future is polled only by a task of its own simulation");
        let own = self.is_own(context.waker(), id);
        match self.running.wait_at(id.index) {
            Some(here) if own && here.get().is_over() => self.begin_own_wait(id.index, here, on),
            _ if own => self.side_waits.borrow_mut().begin(Who::Task(id)),
            _ => {
                let waker = context.waker().clone();
                self.side_waits.borrow_mut().begin(Who::Combinator(id, Some(waker)))
            }
        }
    }

    /// The running task, at this place, begins to wait.
    #[inline]
    pub(crate) fn begin_own_wait(&self, place: u32, here: &Cell<Wait>, on: Waiting) -> WaitToken {
        let wait = here.get().begin();
        here.set(wait);
        self.tasks.describe(self.tasks.at(place), wait, on, self.now.get());
        WaitToken { place, sequence: wait.sequence() }
    }

    /// The running task begins to wait, where nothing is out of the ordinary and it is polled with its own waker; else
    /// nothing is done. The wait is not described: whoever keeps it in a line knows what it is for.
    #[inline(always)]
    pub(crate) fn begin_untold_wait(&self, context: &Context<'_>) -> Option<WaitToken> {
        let (place, here) = self.polled_with(context)?;
        let wait = here.get().plainly_begun()?;
        here.set(wait);
        Some(WaitToken { place, sequence: wait.sequence() })
    }

    /// How a wait stands; `None` when it is over.
    #[inline]
    pub(crate) fn wait_state(&self, token: WaitToken) -> Option<WaitState> {
        if let Some(here) = self.running.wait_at(token.place) {
            return here.get().state_of(token);
        }
        self.distant_wait_state(token)
    }

    /// How a wait stands that is not the running task's.
    fn distant_wait_state(&self, token: WaitToken) -> Option<WaitState> {
        if token.side().is_some() {
            return self.side_waits.borrow_mut().get(token).and_then(|side| side.state);
        }
        self.tasks.wait_state(token)
    }

    /// As [`take_wake_up`](Core::take_wake_up), at once where the wait is the running task's, no cancel is delivered in this
    /// step, and nobody watches; else false.
    #[inline]
    pub(crate) fn take_own_wake_up(&self, token: WaitToken) -> bool {
        let Some(here) = self.running.wait_at(token.place) else { return false };
        let woken = here.get().is_plainly_woken(token);
        debug_assert!(!woken || self.is_quiet(), "a step that is watched is marked when it is queued");
        if woken {
            here.set(Wait::over(token));
        }
        woken
    }

    /// Ends a wait if it has been woken, and tells whether it was: its future goes on.
    #[inline]
    pub(crate) fn take_wake_up(&self, token: WaitToken) -> bool {
        if self.wait_state(token) != Some(WaitState::Woken) {
            return false;
        }
        self.end_wait(token);
        true
    }

    /// The wait is over: its future took the wake-up, or was dropped.
    #[inline]
    pub(crate) fn end_wait(&self, token: WaitToken) {
        if let Some(here) = self.running.wait_at(token.place) {
            let mut wait = here.get();
            if wait.sequence() == token.sequence {
                wait.set_state(None);
                here.set(wait);
            }
            return;
        }
        self.end_distant_wait(token);
    }

    /// Ends a wait that is not the running task's.
    fn end_distant_wait(&self, token: WaitToken) {
        if token.side().is_some() {
            let waker = self.side_waits.borrow_mut().end(token);
            drop(waker);
            return;
        }
        let slot = self.tasks.at(token.place);
        let mut wait = slot.wait.get();
        if wait.sequence() == token.sequence {
            wait.set_state(None);
            slot.wait.set(wait);
        }
    }

    /// Wakes who waits, once. Tells whether the wait was still pending.
    #[inline(never)]
    pub(crate) fn wake(&self, token: WaitToken) -> bool {
        self.settle(token, WaitState::Woken)
    }

    /// As `wake`, for a wait whose end may be a cancel that came from below.
    #[inline(always)]
    pub(crate) fn settle(&self, token: WaitToken, state: WaitState) -> bool {
        if token.side().is_some() {
            return self.wake_side(token);
        }
        if self.running.wait_at(token.place).is_some() {
            return self.settle_own(token, state);
        }
        let settled = self.tasks.settle(token, state);
        if let Some((task, Queue::Now)) = settled {
            self.queue(task);
        }
        settled.is_some()
    }

    /// Wakes a task that waits, where nothing else is to be seen to; it is to be pushed. Else nothing is done. Nobody watches.
    #[inline(always)]
    pub(crate) fn wake_plainly(&self, token: WaitToken) -> Option<TaskId> {
        debug_assert!(!self.is_watched(), "the cause would be told");
        if self.running.wait_at(token.place).is_some() {
            return None;
        }
        self.tasks.wake_plainly(token).map(|(task, _)| task)
    }

    /// Wakes the running task, which polls several futures and does with one what another one waits for.
    #[cold]
    fn settle_own(&self, token: WaitToken, state: WaitState) -> bool {
        let settled = self.with_wait(token.place, |wait| wait.settle(token, state));
        if settled == Some(Queue::Now)
            && let Some(task) = self.current()
        {
            self.queue(task);
        }
        settled.is_some()
    }

    #[cold]
    fn wake_side(&self, token: WaitToken) -> bool {
        let (task, waker) = match self.side_waits.borrow_mut().get(token) {
            Some(SideWait { state, who, .. }) if *state == Some(WaitState::Pending) => {
                *state = Some(WaitState::Woken);
                match who {
                    Who::Task(task) => (Ok(*task), None),
                    Who::Combinator(task, waker) => (Ok(*task), waker.take()),
                    Who::Callback(callback) => (Err(*callback), None),
                }
            }
            _ => return false,
        };
        let task = match task {
            Ok(task) => task,
            Err(callback) => {
                self.end_wait(token);
                self.run_callback(callback);
                return true;
            }
        };
        self.push_step(task);
        if let Some(waker) = waker {
            waker.wake();
            self.push_woken();
        }
        true
    }

    fn run_callback(&self, callback: TimerCallback) {
        match callback {
            TimerCallback::Expires(timeout) => self.expire(timeout),
            TimerCallback::CompletionsOver(iterator) => self.completions_over(iterator),
        }
    }

    /// Whether a wait that nobody has woken belongs to another task or waker than the one that polls now: its future
    /// was polled there first, and has to begin a wait of its own here.
    pub(crate) fn has_moved(&self, token: WaitToken, context: &Context<'_>) -> bool {
        let Some(id) = self.current() else { return false };
        let own = self.is_own(context.waker(), id);
        if token.side().is_none() {
            return !own || token.place != id.index || self.wait_state(token).is_none();
        }
        self.side_waits.borrow_mut().get(token).is_none_or(|side| match &side.who {
            Who::Task(task) | Who::Combinator(task, None) => !own || *task != id,
            // What a step is polled with is known to be the same by no comparison of wakers.
            Who::Combinator(_, Some(waker)) => {
                let is_same = waker.will_wake(context.waker()) || own && self.is_own(waker, id);
                !is_same
            }
            Who::Callback(_) => false,
        })
    }

    /// Whether a leaf has to suspend because a cancel is being delivered.
    #[inline]
    pub(crate) fn holds_back(&self, context: &Context<'_>) -> bool {
        self.is_delivering() && self.hold_back(context)
    }

    #[cold]
    fn hold_back(&self, context: &Context<'_>) -> bool {
        self.held_back.set(true);
        if self.current().is_some_and(|id| !self.is_own(context.waker(), id)) {
            // A combinator polls again only what has been woken.
            context.waker().wake_by_ref();
        }
        true
    }

    /// Whether a timer still matters. No task is running.
    #[inline(always)]
    pub(crate) fn is_timer_pending(&self, token: WaitToken) -> bool {
        if token.is_of_task() {
            self.tasks.wait_state(token) == Some(WaitState::Pending)
        } else {
            self.is_pending(token)
        }
    }

    /// Whether a timer still matters.
    #[inline(never)]
    pub(crate) fn is_pending(&self, token: WaitToken) -> bool {
        match CallbackId::of_token(token) {
            Some(call) => self.is_registered(call),
            None => self.wait_state(token) == Some(WaitState::Pending),
        }
    }

    /// Fetches what the next timers are about to wake: first the place in the table, later what it leads to.
    pub(crate) fn fetch_next(&self, timers: &Timers<WaitToken>) {
        let ahead = |distance| timers.ahead(distance).filter(|token| token.is_of_task());
        if let Some(token) = ahead(TABLE_AHEAD) {
            self.tasks.fetch_slot(token.place);
        }
        if let Some(token) = ahead(TASK_AHEAD) {
            self.tasks.fetch(token.place);
        }
    }

    /// Fetches the place in the table that a timer leads to.
    #[inline]
    pub(crate) fn fetch_waiter(&self, token: WaitToken) {
        if token.is_of_task() {
            self.tasks.fetch_slot(token.place);
        }
    }

    /// Wakes a task whose sleep is over, if the token names the wait of a task, and tells of it where it is to step for that.
    /// No task runs, and nobody watches. False where the token names something else.
    #[inline(always)]
    pub(crate) fn wake_sleeper(&self, token: WaitToken, woken: impl FnOnce(TaskId)) -> bool {
        let is_of_task = token.is_of_task();
        if is_of_task && let Some((task, Queue::Now)) = self.tasks.settle(token, WaitState::Woken) {
            woken(task);
        }
        is_of_task
    }
}
