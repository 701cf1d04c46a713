//! The state of a run, shared by the loop and by every handle and future of it.
//!
//! Each part has a cell of its own and is borrowed for single statements, never across a poll or a drop of a user's
//! future: those may call back into any part.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Context;

use crate::completed::Completions;
use crate::ending::Ending;
use crate::event::{Cause, Event, EventId, Observer, ResourceId, Waiting};
use crate::gather::Gathers;
use crate::limits::Limits;
use crate::names::Names;
use crate::ready::{Entry, ReadyQueue};
use crate::resource::Resources;
use crate::task::{Progress, TaskId, Tasks};
use crate::time::SimTime;
use crate::timers::{TieRule, TimerId, Timers};
use crate::wait::{SideWait, SideWaits, WaitState, WaitToken};
use crate::waker;

/// The run is watched: events are built and handed to the observer.
const WATCHED: u8 = 1;

pub(crate) struct Core {
    /// Tested before a cold call; a run that nobody watches pays for one test.
    flags: Cell<u8>,
    pub(crate) now: Cell<SimTime>,
    /// The task whose step is running.
    pub(crate) current: Cell<Option<TaskId>>,
    /// A cancel is being delivered: leaves suspend at once, and the nearest `catch_cancel` takes it.
    pub(crate) delivering: Cell<bool>,
    /// A leaf suspended because of that, and has to be polled again if somebody else takes the cancel.
    pub(crate) held_back: Cell<bool>,
    /// The number of the step that is running.
    pub(crate) step: Cell<u64>,
    /// The line that the running step stands for, set by an upper layer.
    pub(crate) line: Cell<u32>,
    cause: Cell<Cause>,
    last_event: Cell<Option<EventId>>,
    pub(crate) cancel_epoch: Cell<u32>,
    pub(crate) ready: RefCell<ReadyQueue>,
    pub(crate) timers: RefCell<Timers<WaitToken>>,
    pub(crate) tasks: RefCell<Tasks>,
    pub(crate) names: RefCell<Names>,
    side_waits: RefCell<SideWaits>,
    pub(crate) gathers: RefCell<Gathers>,
    pub(crate) completions: RefCell<Completions>,
    pub(crate) resources: RefCell<Resources>,
    observer: RefCell<Option<Box<dyn Observer>>>,
    halted: RefCell<Option<Ending>>,
    pub(crate) limits: Limits,
    pub(crate) seed: u64,
}

impl Core {
    pub(crate) fn new(ties: TieRule, limits: Limits, seed: u64, observer: Option<Box<dyn Observer>>) -> Rc<Core> {
        let start = if ties == TieRule::Heapq { SimTime::ZERO_SECONDS } else { SimTime::ZERO };
        let mut ready = ReadyQueue::default();
        let watched = observer.is_some();
        if watched {
            ready.watch();
        }
        Rc::new(Core {
            flags: Cell::new(if watched { WATCHED } else { 0 }),
            now: Cell::new(start),
            current: Cell::new(None),
            delivering: Cell::new(false),
            held_back: Cell::new(false),
            step: Cell::new(0),
            line: Cell::new(0),
            cause: Cell::new(Cause::Order),
            last_event: Cell::new(None),
            cancel_epoch: Cell::new(0),
            ready: RefCell::new(ready),
            timers: RefCell::new(Timers::new(ties)),
            tasks: RefCell::default(),
            names: RefCell::default(),
            side_waits: RefCell::default(),
            gathers: RefCell::default(),
            completions: RefCell::default(),
            resources: RefCell::default(),
            observer: RefCell::new(observer),
            halted: RefCell::new(None),
            limits,
            seed,
        })
    }

    // --- watching ---

    #[inline]
    pub(crate) fn is_watched(&self) -> bool {
        self.flags.get() & WATCHED != 0
    }

    /// Tells the observer, if there is one, what the running task did; gives the event's number.
    #[inline]
    pub(crate) fn emit(&self, event: impl FnOnce() -> Event) -> Option<EventId> {
        if self.is_watched() { self.emit_cold(self.current.get()?, event()) } else { None }
    }

    #[cold]
    #[inline(never)]
    fn emit_cold(&self, task: TaskId, event: Event) -> Option<EventId> {
        let cause = self.cause.replace(Cause::Order);
        let mut observer = self.observer.borrow_mut();
        let id = observer.as_mut()?.event(self.now.get(), task, event, self.line.get(), cause);
        self.last_event.set(Some(id));
        Some(id)
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn introduce_task(&self, task: TaskId, path: &str) {
        if let Some(observer) = self.observer.borrow_mut().as_mut() {
            observer.task(task, path);
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn introduce_resource(&self, resource: ResourceId, name: &str) {
        if let Some(observer) = self.observer.borrow_mut().as_mut() {
            observer.resource(resource, name);
        }
    }

    /// An entry begins that this made ready.
    #[inline]
    pub(crate) fn begin_entry(&self, cause: Cause) {
        if self.is_watched() {
            self.cause.set(cause);
            self.last_event.set(None);
        }
    }

    /// Why what the running entry pushes becomes ready.
    fn reason(&self) -> Cause {
        self.last_event.get().map_or(self.cause.get(), Cause::Event)
    }

    // --- what runs next ---

    #[inline]
    pub(crate) fn push(&self, entry: Entry) {
        self.ready.borrow_mut().push(entry, || self.reason());
    }

    /// Makes a task ready, unless it is already.
    #[inline]
    pub(crate) fn push_step(&self, id: TaskId) {
        let mut tasks = self.tasks.borrow_mut();
        if let Some(slot) = tasks.get_mut(id)
            && !slot.queued
            && matches!(slot.progress, Progress::New | Progress::Started)
        {
            slot.queued = true;
            drop(tasks);
            self.push(Entry::Step(id));
        }
    }

    /// The run ends here and now; nothing of the program runs any more. The first reason counts.
    pub(crate) fn halt(&self, ending: Ending) {
        self.halted.borrow_mut().get_or_insert(ending);
    }

    pub(crate) fn is_halted(&self) -> bool {
        self.halted.borrow().is_some()
    }

    pub(crate) fn take_halt(&self) -> Option<Ending> {
        self.halted.borrow_mut().take()
    }

    // --- waiting ---

    /// The running task begins to wait.
    ///
    /// # Panics
    /// When no task of this run is being polled: one of its futures was polled from outside.
    #[inline]
    pub(crate) fn begin_wait(&self, on: Waiting, context: &Context<'_>) -> WaitToken {
        let id = self.current.get().expect("a timeskip future is polled only by a task of its own simulation");
        self.emit(|| Event::Waits { on });
        let own = waker::is_for(context.waker(), id);
        let mut tasks = self.tasks.borrow_mut();
        let slot = tasks.slot(id);
        if slot.wait.state.is_some() || !own {
            drop(tasks);
            let waker = (!own).then(|| context.waker().clone());
            return self.side_waits.borrow_mut().begin(id, waker);
        }
        slot.forwarded = false;
        slot.wait.sequence = slot.wait.sequence.wrapping_add(1);
        slot.wait.state = Some(WaitState::Pending);
        slot.waiting = on;
        slot.since = self.now.get();
        WaitToken { place: id.index, sequence: slot.wait.sequence }
    }

    /// How a wait stands; `None` when it is over.
    #[inline]
    pub(crate) fn wait_state(&self, token: WaitToken) -> Option<WaitState> {
        if token.side().is_some() {
            return self.side_waits.borrow_mut().get(token).and_then(|side| side.wait.state);
        }
        let mut tasks = self.tasks.borrow_mut();
        let (slot, _) = tasks.at(token.place);
        if slot.wait.sequence == token.sequence { slot.wait.state } else { None }
    }

    /// The wait is over: its future took the wake-up, or was dropped.
    #[inline]
    pub(crate) fn end_wait(&self, token: WaitToken) {
        if token.side().is_some() {
            let waker = self.side_waits.borrow_mut().end(token);
            drop(waker);
            return;
        }
        let mut tasks = self.tasks.borrow_mut();
        let (slot, _) = tasks.at(token.place);
        if slot.wait.sequence == token.sequence {
            slot.wait.state = None;
        }
    }

    /// Wakes who waits, once. Tells whether the wait was still pending.
    #[inline]
    pub(crate) fn wake(&self, token: WaitToken) -> bool {
        self.settle(token, WaitState::Woken)
    }

    /// As `wake`, for a wait whose end may be a cancel that came from below.
    #[inline]
    pub(crate) fn settle(&self, token: WaitToken, state: WaitState) -> bool {
        if token.side().is_some() {
            return self.wake_side(token);
        }
        let task = {
            let mut tasks = self.tasks.borrow_mut();
            let (slot, id) = tasks.at(token.place);
            if slot.wait.sequence != token.sequence {
                return false;
            }
            match slot.wait.state {
                Some(WaitState::Pending) => slot.wait.state = Some(state),
                Some(WaitState::Cancelled) => {
                    slot.wait.state = Some(WaitState::CancelledAndWoken);
                    return false;
                }
                _ => return false,
            }
            id
        };
        self.push_step(task);
        true
    }

    #[cold]
    fn wake_side(&self, token: WaitToken) -> bool {
        let (task, waker) = match self.side_waits.borrow_mut().get(token) {
            Some(SideWait { wait, task, waker }) if wait.state == Some(WaitState::Pending) => {
                wait.state = Some(WaitState::Woken);
                (*task, waker.take())
            }
            _ => return false,
        };
        self.push_step(task);
        if let Some(waker) = waker {
            waker.wake();
            self.push_woken();
        }
        true
    }

    /// Whether a wait that nobody has woken belongs to another task or waker than the one that polls now: its future
    /// was polled there first, and has to begin a wait of its own here.
    pub(crate) fn has_moved(&self, token: WaitToken, context: &Context<'_>) -> bool {
        let Some(id) = self.current.get() else { return false };
        let own = waker::is_for(context.waker(), id);
        if token.side().is_none() {
            return !own || token.place != id.index || self.wait_state(token).is_none();
        }
        self.side_waits.borrow_mut().get(token).is_none_or(|side| match &side.waker {
            None => !own || side.task != id,
            Some(waker) => !waker.will_wake(context.waker()),
        })
    }

    /// Whether a leaf has to suspend because a cancel is being delivered.
    #[inline]
    pub(crate) fn holds_back(&self, context: &Context<'_>) -> bool {
        self.delivering.get() && self.hold_back(context)
    }

    #[cold]
    fn hold_back(&self, context: &Context<'_>) -> bool {
        self.held_back.set(true);
        if self.current.get().is_some_and(|id| !waker::is_for(context.waker(), id)) {
            // A combinator polls again only what has been woken.
            context.waker().wake_by_ref();
        }
        true
    }

    /// Whether a timer still matters.
    #[inline]
    pub(crate) fn is_pending(&self, token: WaitToken) -> bool {
        self.wait_state(token) == Some(WaitState::Pending)
    }

    // --- timers ---

    #[inline]
    pub(crate) fn arm(&self, deadline: SimTime, token: WaitToken) -> TimerId {
        self.timers.borrow_mut().arm(deadline.key(), token)
    }

    #[inline]
    pub(crate) fn disarm(&self, timer: TimerId) {
        let mut timers = self.timers.borrow_mut();
        timers.cancel(timer);
        if timers.wants_compaction() {
            timers.compact(|token| self.is_pending(token));
        }
    }

    // --- names ---

    pub(crate) fn task_path(&self, id: TaskId) -> String {
        let name = self.tasks.borrow().get(id).map(|slot| slot.name);
        name.map_or_else(|| "a task that is gone".to_owned(), |name| self.names.borrow().path(name))
    }
}
