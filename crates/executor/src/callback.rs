//! Callbacks: what the loop calls by itself, each an entry of its own (sentences 1 and 2 of the law).
//!
//! A callback is registered once and called at most once. Its number goes into the ready queue, among the timers, or
//! to the watchers of a task; when it is cancelled, the number names nothing any more, and the entry that is left runs
//! nothing, as a cancelled handle does in asyncio.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use crate::core::Core;
use crate::delay::Delay;
use crate::ending::Ending;
use crate::entry::Entry;
use crate::event::{Event, Status};
use crate::names::{Name, NameId};
use crate::sim::Sim;
use crate::step;
use crate::task::{PLACES, TaskId};
use crate::time::SimTime;
use crate::timers::TimerId;
use crate::wait::WaitToken;

/// A registered callback, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallbackId {
    index: u32,
    generation: u32,
}

/// Set in the place of a token, or in the index of an observed task, that stands for a callback. A run has far fewer
/// tasks and waits.
pub(crate) const CALLBACK: u32 = PLACES;

impl CallbackId {
    /// As the timers know it.
    fn token(self) -> WaitToken {
        WaitToken { place: self.index | CALLBACK, sequence: self.generation }
    }

    /// The callback that a timer calls, if it is not a wait's.
    #[inline]
    pub(crate) fn of_token(token: WaitToken) -> Option<CallbackId> {
        let is_callback = token.place & CALLBACK != 0 && token.side().is_none();
        is_callback.then_some(CallbackId { index: token.place & !CALLBACK, generation: token.sequence })
    }

    /// As an observer knows it: among the tasks, since what a callback does is told as what a task does is.
    pub(crate) fn observed(self) -> TaskId {
        TaskId { index: self.index | CALLBACK, generation: self.generation }
    }
}

/// The callbacks of a run that have not been called yet.
#[derive(Default)]
pub(crate) struct Callbacks {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// The name above theirs.
    root: Option<NameId>,
}

struct Slot {
    generation: u32,
    call: Option<Call>,
}

struct Call {
    function: Box<dyn FnOnce()>,
    name: Name,
}

impl Callbacks {
    fn insert(&mut self, call: Call) -> CallbackId {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, call: None });
            u32::try_from(self.slots.len() - 1).expect("fewer callbacks than 2^30")
        });
        let slot = &mut self.slots[index as usize];
        slot.call = Some(call);
        CallbackId { index, generation: slot.generation }
    }

    fn get(&self, id: CallbackId) -> Option<&Call> {
        let slot = self.slots.get(id.index as usize).filter(|slot| slot.generation == id.generation)?;
        slot.call.as_ref()
    }

    fn take(&mut self, id: CallbackId) -> Option<Call> {
        let slot = self.slots.get_mut(id.index as usize).filter(|slot| slot.generation == id.generation)?;
        let call = slot.call.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(id.index);
        Some(call)
    }

    /// What will never be called, to be dropped at the end of the run.
    pub(crate) fn take_all(&mut self) -> Vec<(Name, Box<dyn FnOnce()>)> {
        self.slots.iter_mut().filter_map(|slot| slot.call.take()).map(|call| (call.name, call.function)).collect()
    }
}

/// A function to be called once by the loop; every closure without arguments is one.
///
/// ```
/// use timeskip_executor::{Callback, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let handle = sim.call_soon(Callback::named("bell", || {}));
///     handle.path()
/// });
/// assert_eq!(run.output.as_deref(), Some("loop/bell-0"));
/// ```
pub struct Callback {
    name: Box<str>,
    function: Box<dyn FnOnce()>,
}

impl Callback {
    /// A function with a name, for traces and reports: its path is `loop/name-N`, where N counts callbacks of that
    /// name.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Callback};
    /// let run = Simulation::new().run(|sim| async move {
    ///     ["bell", "bell"].map(|name| sim.call_soon(Callback::named(name, || {})).path())
    /// });
    /// assert_eq!(run.output, Some(["loop/bell-0", "loop/bell-1"].map(str::to_owned)));
    /// ```
    pub fn named(name: &str, function: impl FnOnce() + 'static) -> Callback {
        Callback { name: name.into(), function: Box::new(function) }
    }
}

impl<F: FnOnce() + 'static> From<F> for Callback {
    fn from(function: F) -> Callback {
        Callback::named("callback", function)
    }
}

/// Calls a callback, if it has not been cancelled.
pub(crate) fn run(core: &Core, id: CallbackId) {
    let call = core.callbacks.borrow_mut().take(id);
    let Some(Call { function, name }) = call else { return };
    core.calling.set(Some((id.observed(), name)));
    core.step.set(core.step.get() + 1);
    let result = catch_unwind(AssertUnwindSafe(function));
    match result {
        Ok(()) => drop(core.emit(|| Event::Ended { status: Status::Finished })),
        Err(panic) => {
            let (at, task) = (core.now.get(), core.names.borrow().path(name));
            core.halt(Ending::Failed { at, task, reason: step::panic_text(panic.as_ref()), line: None });
        }
    }
    // It may have got a node meanwhile.
    let name = core.calling.take().map_or(name, |(_, name)| name);
    core.names.borrow_mut().release(name);
    core.push_woken();
}

impl Core {
    /// Keeps a callback until it is called or cancelled.
    pub(crate) fn register(&self, callback: Callback) -> CallbackId {
        let name = {
            let mut names = self.names.borrow_mut();
            let mut callbacks = self.callbacks.borrow_mut();
            let root = *callbacks.root.get_or_insert_with(|| {
                let label = names.label("loop");
                let root = Cell::new(names.add(None, label));
                names.node_for_children(&root)
            });
            let label = names.label(&callback.name);
            names.add(Some(root), label)
        };
        let id = self.callbacks.borrow_mut().insert(Call { function: callback.function, name });
        if self.is_watched() {
            let path = self.names.borrow().path(name);
            self.introduce_task(id.observed(), &path);
        }
        id
    }

    /// Forgets a callback that has not been called. False when there is none.
    pub(crate) fn unregister(&self, id: CallbackId) -> bool {
        let call = self.callbacks.borrow_mut().take(id);
        let Some(Call { function, name }) = call else { return false };
        self.names.borrow_mut().release(name);
        self.emit(|| Event::Cancels { target: id.observed() });
        // Nothing is borrowed while it is dropped: it may hold handles.
        drop(function);
        true
    }

    pub(crate) fn is_registered(&self, id: CallbackId) -> bool {
        self.callbacks.borrow().get(id).is_some()
    }

    pub(crate) fn observe_schedule(&self, id: CallbackId, at: Option<SimTime>) {
        self.emit(|| Event::Schedules { callback: id.observed(), at });
    }

    /// The paths of the callbacks that are about to be called.
    pub(crate) fn ready_callbacks(&self) -> Vec<String> {
        let (ready, callbacks, names) = (self.ready.to_vec(), self.callbacks.borrow(), self.names.borrow());
        let calls = ready.iter().filter_map(|entry| match entry {
            Entry::Call(id) => callbacks.get(*id),
            Entry::Fire(token) => callbacks.get(CallbackId::of_token(*token)?),
            _ => None,
        });
        calls.map(|call| names.path(call.name)).collect()
    }
}

impl Sim {
    /// Calls a function in the next turn, behind what is ready by then, as asyncio's `call_soon`.
    ///
    /// It takes an entry of its own; no task is the current one in it. A panic in it ends the run as `Failed`.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let order = Rc::new(RefCell::new(Vec::new()));
    ///     for name in ["first", "second"] {
    ///         let order = Rc::clone(&order);
    ///         sim.call_soon(move || order.borrow_mut().push(name));
    ///     }
    ///     sim.yield_now().await;
    ///     order.take()
    /// });
    /// assert_eq!(run.output, Some(vec!["first", "second"]));
    /// ```
    pub fn call_soon(&self, callback: impl Into<Callback>) -> CallHandle {
        let core = self.core();
        let id = core.register(callback.into());
        core.observe_schedule(id, None);
        core.push(Entry::Call(id));
        CallHandle { core: Rc::clone(core), id, timer: None, cancelled: Cell::new(false) }
    }

    /// Calls a function when `delay` has passed, as asyncio's `call_later`. Sleeps and callbacks share the timers and
    /// the rule for equal deadlines.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let called = Rc::new(Cell::new(0.0));
    ///     let (clock, at) = (sim.clone(), Rc::clone(&called));
    ///     sim.call_later(Duration::from_secs(1), move || at.set(clock.now().as_secs_f64()));
    ///     sim.sleep(Duration::from_secs(2)).await;
    ///     called.get()
    /// });
    /// assert_eq!(run.output, Some(1.0));
    /// ```
    pub fn call_later(&self, delay: impl Into<Delay>, callback: impl Into<Callback>) -> CallHandle {
        let now = self.now();
        self.call_when(delay.into().deadline(now), callback.into())
    }

    /// Calls a function when the clock shows `time`, as asyncio's `call_at`. A time that is past keeps its value for
    /// order under the `heapq` rule, else counts as now.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let handle = sim.call_at(sim.time_at(Duration::from_secs(5)), || ());
    ///     handle.when().map(|time| time.to_string())
    /// });
    /// assert_eq!(run.output, Some(Some("5.000".to_owned())));
    /// ```
    pub fn call_at(&self, time: SimTime, callback: impl Into<Callback>) -> CallHandle {
        self.call_when(time.on_clock_of(self.now()), callback.into())
    }

    fn call_when(&self, deadline: SimTime, callback: Callback) -> CallHandle {
        let core = self.core();
        let id = core.register(callback);
        core.observe_schedule(id, Some(deadline));
        let timer = core.arm(deadline, id.token());
        CallHandle { core: Rc::clone(core), id, timer: Some((timer, deadline)), cancelled: Cell::new(false) }
    }

    /// The point of this run's clock that lies `delay` after its start.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move { sim.time_at(Duration::from_millis(1500)).to_string() });
    /// assert_eq!(run.output.as_deref(), Some("1.500"));
    /// ```
    pub fn time_at(&self, delay: impl Into<Delay>) -> SimTime {
        let now = self.now();
        delay.into().deadline(SimTime::ZERO.on_clock_of(now))
    }
}

/// A handle on a call that is to come, as asyncio's `Handle` and `TimerHandle`. Dropping it changes nothing.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let handle = sim.call_later(Duration::from_secs(60), || panic!("it is never called"));
///     handle.cancel();
///     sim.sleep(Duration::from_secs(90)).await;
///     handle.cancelled()
/// });
/// assert_eq!(run.output, Some(true));
/// ```
pub struct CallHandle {
    core: Rc<Core>,
    id: CallbackId,
    timer: Option<(TimerId, SimTime)>,
    cancelled: Cell<bool>,
}

impl CallHandle {
    /// Takes the call back. Without effect when it has been made or taken back before.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let handle = sim.call_soon(|| panic!("it is never called"));
    ///     handle.cancel();
    ///     sim.yield_now().await;
    /// });
    /// assert_eq!(run.output, Some(()));
    /// ```
    pub fn cancel(&self) {
        if self.cancelled.replace(true) || !self.core.unregister(self.id) {
            return;
        }
        if let Some((timer, _)) = self.timer {
            self.core.disarm(timer);
        }
    }

    /// Whether [`cancel`](CallHandle::cancel) was called, be it in time or not.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let handle = sim.call_soon(|| {});
    ///     let before = handle.cancelled();
    ///     handle.cancel();
    ///     (before, handle.cancelled())
    /// });
    /// assert_eq!(run.output, Some((false, true)));
    /// ```
    pub fn cancelled(&self) -> bool {
        self.cancelled.get()
    }

    /// When the call is due; `None` for one that was made by [`Sim::call_soon`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let (soon, later) = (sim.call_soon(|| {}), sim.call_later(Duration::from_secs(5), || {}));
    ///     (soon.when(), later.when() == Some(sim.time_at(Duration::from_secs(5))))
    /// });
    /// assert_eq!(run.output, Some((None, true)));
    /// ```
    pub fn when(&self) -> Option<SimTime> {
        self.timer.map(|(_, deadline)| deadline)
    }

    /// The callback's path, `loop/bell-0`, as long as it is to come.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     sim.call_soon(|| {}).path()
    /// });
    /// assert_eq!(run.output, Some("loop/callback-0".to_owned()));
    /// ```
    pub fn path(&self) -> String {
        let callbacks = self.core.callbacks.borrow();
        let path = |call: &Call| self.core.names.borrow().path(call.name);
        callbacks.get(self.id).map_or_else(|| "a callback that is gone".to_owned(), path)
    }
}
