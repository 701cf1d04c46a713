//! The state of a run, shared by the loop and by every handle and future of it.
//!
//! Each part has a cell of its own and is borrowed for single statements, never across a poll or a drop of a user's
//! future: those may call back into any part.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::callback::Callbacks;
use crate::completed::Completions;
use crate::ending::Ending;
use crate::entry::{Entry, Word};
use crate::event::{Cause, Event, EventId, Observer, ResourceId};
use crate::gather::Gathers;
use crate::group::Groups;
use crate::hooks::Hooks;
use crate::limits::{Limit, Limits};
use crate::names::{Label, Name, NameId, Names};
use crate::raw::task_box::TaskBox;
use crate::raw::waker::Lender;
use crate::ready::ReadyQueue;
use crate::removed::Removed;
use crate::resource::Resources;
use crate::running::Running;
use crate::shield::Shields;
use crate::task::TaskId;
use crate::tasks::Tasks;
use crate::time::SimTime;
use crate::timeout::Timeouts;
use crate::timers::{TieRule, TimerId, Timers};
use crate::wait::{Queue, SideWaits, Wait, WaitToken};
use crate::wait_tasks::Waits;

/// The run is watched: events are built and handed to the observer.
const WATCHED: u8 = 1;
/// The run has ended before its time.
const HALTED: u8 = 2;
/// Timers may be due although others are ready: a step took time, or one was armed that is due already.
const OVERTAKEN: u8 = 4;
/// The timers are CPython's heap, which is seen to at the beginning of each turn.
const HEAPQ: u8 = 8;
/// A cancel is being delivered: leaves suspend at once, and the nearest `catch_cancel` takes it.
const DELIVERING: u8 = 16;
/// An upper layer wants to know of results that somebody took notice of.
const RETRIEVING: u8 = 32;
/// Foreign futures have woken tasks.
const WOKEN: u8 = 64;

pub(crate) struct Core {
    /// Tested before a cold call; a run that nobody watches pays for one test.
    flags: Cell<u8>,
    pub(crate) now: Cell<SimTime>,
    /// The task whose step is running.
    pub(crate) running: Running,
    pub(crate) lender: Lender,
    /// The callback that is running, and its name.
    pub(crate) calling: Cell<Option<(TaskId, Name)>>,
    /// A leaf suspended because of that, and has to be polled again if somebody else takes the cancel.
    pub(crate) held_back: Cell<bool>,
    /// The number of the step that is running.
    pub(crate) step: Cell<u64>,
    /// The line that the running step stands for, set by an upper layer.
    pub(crate) line: Cell<u32>,
    cause: Cell<Cause>,
    last_event: Cell<Option<EventId>>,
    pub(crate) cancel_epoch: Cell<u32>,
    pub(crate) ready: ReadyQueue,
    pub(crate) timers: RefCell<Timers<WaitToken>>,
    pub(crate) callbacks: RefCell<Callbacks>,
    pub(crate) tasks: Tasks,
    pub(crate) removed: Removed,
    pub(crate) names: RefCell<Names>,
    pub(crate) side_waits: RefCell<SideWaits>,
    pub(crate) gathers: RefCell<Gathers>,
    pub(crate) completions: RefCell<Completions>,
    pub(crate) groups: RefCell<Groups>,
    pub(crate) waits: RefCell<Waits>,
    pub(crate) timeouts: RefCell<Timeouts>,
    pub(crate) shields: RefCell<Shields>,
    pub(crate) resources: RefCell<Resources>,
    pub(crate) hooks: Hooks,
    observer: RefCell<Option<Box<dyn Observer>>>,
    halted: RefCell<Option<Ending>>,
    pub(crate) limits: Limits,
    pub(crate) seed: u64,
}

impl Core {
    pub(crate) fn new(ties: TieRule, limits: Limits, seed: u64, observer: Option<Box<dyn Observer>>) -> Rc<Core> {
        let start = if ties == TieRule::Heapq { SimTime::ZERO_SECONDS } else { SimTime::ZERO };
        let watched = observer.is_some();
        Rc::new(Core {
            flags: Cell::new(if watched { WATCHED } else { 0 } | if ties == TieRule::Heapq { HEAPQ } else { 0 }),
            now: Cell::new(start),
            running: Running::default(),
            lender: Lender::new(),
            calling: Cell::new(None),
            held_back: Cell::new(false),
            step: Cell::new(0),
            line: Cell::new(0),
            cause: Cell::new(Cause::Order),
            last_event: Cell::new(None),
            cancel_epoch: Cell::new(0),
            ready: ReadyQueue::default(),
            timers: RefCell::new(Timers::new(ties)),
            callbacks: RefCell::default(),
            tasks: Tasks::default(),
            removed: Removed::default(),
            names: RefCell::default(),
            side_waits: RefCell::default(),
            gathers: RefCell::default(),
            completions: RefCell::default(),
            groups: RefCell::default(),
            waits: RefCell::default(),
            timeouts: RefCell::default(),
            shields: RefCell::default(),
            resources: RefCell::default(),
            hooks: Hooks::default(),
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

    /// Whether a turn has nothing to look at before it runs what is ready.
    #[inline]
    pub(crate) fn is_turn_plain(&self) -> bool {
        self.flags.get() & (WATCHED | OVERTAKEN | HEAPQ) == 0
    }

    /// Whether a step may follow, or time jump, with nothing else to look at.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.flags.get() & (WATCHED | HALTED | WOKEN | OVERTAKEN | HEAPQ) == 0
    }

    /// Whether nobody is told of a task's end but those who watch the task.
    #[inline]
    pub(crate) fn is_end_plain(&self) -> bool {
        self.flags.get() & (WATCHED | RETRIEVING) == 0
    }

    /// Whether an upper layer wants to know of results that somebody took notice of.
    pub(crate) fn is_retrieving(&self) -> bool {
        self.flags.get() & RETRIEVING != 0
    }

    /// An upper layer wants to know of results that somebody takes notice of.
    pub(crate) fn tell_retrieved(&self) {
        self.flags.set(self.flags.get() | RETRIEVING);
    }

    /// Whether a poll has nothing to look at beside its own wait: nobody watches, and no cancel is being delivered.
    #[inline]
    pub(crate) fn is_quiet(&self) -> bool {
        self.flags.get() & (WATCHED | DELIVERING) == 0
    }

    /// Whether a sleep that is polled has to look at nothing beside its own wait and a clock of nanoseconds.
    #[inline]
    pub(crate) fn is_poll_plain(&self) -> bool {
        self.flags.get() & (WATCHED | DELIVERING | HEAPQ) == 0
    }

    /// Time has moved without a jump, or a timer was armed for a time that is not ahead.
    #[cold]
    pub(crate) fn overtake(&self) {
        self.flags.set(self.flags.get() | OVERTAKEN);
    }

    /// Whether timers may be due although others are ready, on a clock of nanoseconds.
    #[inline]
    pub(crate) fn is_overtaken(&self) -> bool {
        self.flags.get() & OVERTAKEN != 0
    }

    /// Whether timers may be due although others are ready; from now on they are not.
    pub(crate) fn take_overtaken(&self) -> bool {
        let flags = self.flags.get();
        self.flags.set(flags & !OVERTAKEN);
        flags & (OVERTAKEN | HEAPQ) != 0
    }

    /// Tells the observer, if there is one, what the running task or callback did; gives the event's number.
    #[inline]
    pub(crate) fn emit(&self, event: impl FnOnce() -> Event) -> Option<EventId> {
        if self.is_watched() { self.emit_cold(event()) } else { None }
    }

    #[cold]
    #[inline(never)]
    fn emit_cold(&self, event: Event) -> Option<EventId> {
        let task = self.current().or(self.calling.get().map(|(callback, _)| callback))?;
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
    #[cold]
    fn reason(&self) -> Cause {
        self.last_event.get().map_or(self.cause.get(), Cause::Event)
    }

    // --- cancels ---

    /// Whether a cancel is being delivered.
    #[inline]
    pub(crate) fn is_delivering(&self) -> bool {
        self.flags.get() & DELIVERING != 0
    }

    /// A cancel is being delivered.
    pub(crate) fn deliver_now(&self) {
        self.flags.set(self.flags.get() | DELIVERING);
        self.running.change_wait(Wait::deliver);
    }

    /// No cancel is being delivered; tells whether one was.
    #[inline]
    pub(crate) fn take_delivering(&self) -> bool {
        let flags = self.flags.get();
        self.flags.set(flags & !DELIVERING);
        flags & DELIVERING != 0
    }

    // --- what runs next ---

    /// Makes a task ready that counts as queued.
    #[inline]
    pub(crate) fn queue(&self, id: TaskId) {
        self.ready.push(Word::of_step(id));
        if self.is_watched() {
            self.ready.push_cause(self.reason());
            self.with_wait(id.index, Wait::tell);
        }
    }

    /// Makes any entry ready; a step is [queued](Core::queue).
    #[inline(never)]
    pub(crate) fn push(&self, entry: Entry) {
        self.ready.push_other(entry);
        if self.is_watched() {
            self.ready.push_cause(self.reason());
        }
    }

    /// Makes a task ready, unless it is already.
    #[inline]
    pub(crate) fn push_step(&self, id: TaskId) {
        if self.tasks.get(id).is_some_and(|slot| slot.progress.get().is_alive())
            && self.with_wait(id.index, Wait::queue) == Queue::Now
        {
            self.queue(id);
        }
    }

    /// The run ends here and now; nothing of the program runs any more. The first reason counts.
    pub(crate) fn halt(&self, ending: Ending) {
        self.flags.set(self.flags.get() | HALTED);
        self.halted.borrow_mut().get_or_insert(ending);
    }

    /// Somebody has to see to the tasks that foreign futures have woken.
    pub(crate) fn alert(&self) {
        self.flags.set(self.flags.get() | WOKEN);
    }

    /// Makes the tasks ready that foreign futures have woken.
    #[inline]
    pub(crate) fn push_woken(&self) {
        if self.flags.get() & WOKEN != 0 {
            self.flags.set(self.flags.get() & !WOKEN);
            self.push_those_woken();
        }
    }

    /// A step is over: makes the tasks ready that it has woken through foreign futures, and tells whether the run ends here.
    #[inline]
    pub(crate) fn must_stop(&self) -> bool {
        self.flags.get() & (WOKEN | HALTED) != 0 && self.attend()
    }

    #[cold]
    fn attend(&self) -> bool {
        self.push_woken();
        self.is_halted()
    }

    #[inline]
    pub(crate) fn is_halted(&self) -> bool {
        self.flags.get() & HALTED != 0
    }

    #[cold]
    pub(crate) fn take_halt(&self) -> Option<Ending> {
        self.flags.set(self.flags.get() & !HALTED);
        self.halted.borrow_mut().take()
    }

    // --- timers ---

    #[inline]
    pub(crate) fn arm(&self, deadline: SimTime, token: WaitToken) -> TimerId {
        if deadline <= self.now.get() {
            self.overtake();
        }
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

    /// Until when a sleep lasts, by its timer and its wait; now, where both are gone.
    #[cold]
    pub(crate) fn deadline(&self, timer: TimerId, wait: WaitToken) -> SimTime {
        let now = self.now.get();
        let armed_for = self.timers.borrow().deadline(timer).map(|deadline| now.with_key(deadline));
        armed_for.or_else(|| self.tasks.sleeps_until(wait)).unwrap_or(now)
    }

    // --- tasks ---

    /// Takes a task in, a child of whatever runs; its first step comes in the next turn.
    pub(crate) fn start_task(&self, task: TaskBox, label: Label) -> TaskId {
        let name = self.name_child(label);
        let id = self.tasks.insert(task, name);
        if self.is_watched() {
            self.introduce_child(id);
            self.queue(id);
        } else {
            self.ready.push_first_step(id);
        }
        if self.tasks.alive() > self.limits.tasks {
            self.halt_by_tasks();
        }
        id
    }

    #[cold]
    #[inline(never)]
    fn introduce_child(&self, id: TaskId) {
        let path = self.task_path(id);
        self.introduce_task(id, &path);
        self.emit(|| Event::Spawned { child: id });
    }

    #[cold]
    #[inline(never)]
    fn halt_by_tasks(&self) {
        let limit = Limit::Tasks(self.limits.tasks);
        self.halt(Ending::LimitReached { at: self.now.get(), limit });
    }

    // --- names ---

    /// A name for a task that whatever runs starts now.
    #[inline]
    fn name_child(&self, label: Label) -> Name {
        let mut names = self.names.borrow_mut();
        let parent = match self.current().and_then(|parent| self.tasks.get(parent)) {
            Some(slot) => Some(names.node_for_children(&slot.name)),
            None => self.name_callback(&mut names),
        };
        names.add(parent, label)
    }

    /// The node of the callback that runs, if one does.
    #[cold]
    #[inline(never)]
    fn name_callback(&self, names: &mut Names) -> Option<NameId> {
        let (callback, name) = self.calling.get()?;
        let name = Cell::new(name);
        let node = names.node_for_children(&name);
        self.calling.set(Some((callback, name.get())));
        Some(node)
    }

    pub(crate) fn task_path(&self, id: TaskId) -> String {
        let name = self.tasks.get(id).map(|slot| slot.name.get());
        name.map_or_else(|| "a task that is gone".to_owned(), |name| self.names.borrow().path(name))
    }
}
