//! Time limits on a part of a task: asyncio/timeouts.py.
//!
//! When the time is over a callback cancels the task; the end of the block takes that request back and turns the
//! cancel into [`Elapsed`](crate::Elapsed), unless somebody else wants the task cancelled, too.

mod run;

use std::cell::Cell;
use std::rc::Rc;

use crate::core::Core;
use crate::delay::Delay;
use crate::entry::Entry;
use crate::event::Event;
use crate::group::BodyEnd;
use crate::sim::Sim;
use crate::slab::{Key, Slab};
use crate::task::TaskId;
use crate::time::SimTime;
use crate::timers::TimerId;
use crate::wait::{TimerCallback, WaitToken};

pub use run::WithTimeout;

/// The timeouts of a run whose timer is armed.
pub(crate) type Timeouts = Slab<Rc<Limit>>;

/// How far a timeout has got.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Simulation, Timeout, TimeoutState};
/// let run = Simulation::new().run(|sim| async move {
///     let limit = Timeout::after(&sim, Duration::from_secs(1));
///     let before = limit.state();
///     limit.clone().run(sim.sleep(Duration::ZERO)).await.expect("it is quick");
///     (before, limit.state())
/// });
/// assert_eq!(run.output, Some((TimeoutState::Created, TimeoutState::Finished)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeoutState {
    /// Nobody has entered it.
    Created,
    /// A task is in its block.
    Active,
    /// The time is over, and the task is being cancelled.
    Expiring,
    /// The time was over before the block.
    Expired,
    /// The block was over before the time.
    Finished,
}

impl TimeoutState {
    /// asyncio's word for it.
    ///
    /// ```
    /// assert_eq!(timeskip_executor::TimeoutState::Expiring.name(), "expiring");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            TimeoutState::Created => "created",
            TimeoutState::Active => "active",
            TimeoutState::Expiring => "expiring",
            TimeoutState::Expired => "expired",
            TimeoutState::Finished => "finished",
        }
    }
}

/// What becomes of the end of a block with a timeout.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Simulation, BodyEnd, Timeout, TimeoutEnd};
/// let run = Simulation::new().run(|sim| async move {
///     let limit = Timeout::after(&sim, Duration::from_secs(1));
///     limit.enter().expect("nobody has entered it");
///     sim.catch_cancel(sim.sleep(Duration::from_secs(60))).await.expect_err("the time was over");
///     limit.exit(BodyEnd::Cancelled)
/// });
/// assert_eq!(run.output, Some(TimeoutEnd::Elapsed));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeoutEnd {
    /// It stays what it is.
    Unchanged,
    /// The cancel that ended it came from the timeout: it becomes [`Elapsed`](crate::Elapsed).
    Elapsed,
}

/// A call that a timeout is not in the state for; asyncio's RuntimeError, in its words.
///
/// ```
/// use timeskip_executor::{Simulation, Timeout, TimeoutMisuse};
/// let run = Simulation::new().run(|sim| async move {
///     Timeout::unlimited(&sim).reschedule(None)
/// });
/// assert_eq!(run.output, Some(Err(TimeoutMisuse::NotEntered)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeoutMisuse {
    /// It was entered a second time.
    EnteredBefore,
    /// It was rescheduled before it was entered.
    NotEntered,
    /// It was rescheduled in this state.
    Over(TimeoutState),
}

impl std::fmt::Display for TimeoutMisuse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TimeoutMisuse::EnteredBefore => formatter.write_str("Timeout has already been entered"),
            TimeoutMisuse::NotEntered => formatter.write_str("Timeout has not been entered"),
            TimeoutMisuse::Over(state) => write!(formatter, "Cannot change state of {} Timeout", state.name()),
        }
    }
}

impl std::error::Error for TimeoutMisuse {}

/// A time limit on a block of one task. Cloning it gives another handle on the same one.
///
/// [`run`](Timeout::run) puts a future under it. Futures that interpret programs say where their block begins and how
/// it ended, with [`enter`](Timeout::enter) and [`exit`](Timeout::exit).
///
/// The timer is a callback: where it fires in the turn in which what the block awaits arrives, the timer wins if it
/// comes first in that turn, and what has arrived stays where it is (sentence 3 of the law).
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Elapsed, SimTime, Simulation, Timeout};
/// let run = Simulation::new().run(|sim| async move {
///     let limit = Timeout::after(&sim, Duration::from_secs(1));
///     let inside = limit.clone();
///     let result = limit.run(async {
///         inside.reschedule(Some(SimTime::after_start(Duration::from_secs(5)))).expect("it is active");
///         sim.sleep(Duration::from_secs(60)).await;
///     });
///     (result.await, sim.now().as_secs_f64(), inside.expired())
/// });
/// assert_eq!(run.output, Some((Err(Elapsed), 5.0, true)));
/// ```
#[derive(Clone)]
pub struct Timeout {
    core: Rc<Core>,
    limit: Rc<Limit>,
}

pub(crate) struct Limit {
    state: Cell<TimeoutState>,
    when: Cell<Option<SimTime>>,
    task: Cell<Option<TaskId>>,
    /// How often the task was being cancelled when it entered.
    cancelling: Cell<u32>,
    alarm: Cell<Option<Alarm>>,
}

/// What will call the timeout.
#[derive(Clone, Copy)]
struct Alarm {
    key: Key,
    token: WaitToken,
    /// None where it is an entry of the next turn.
    timer: Option<TimerId>,
}

impl Timeout {
    fn new(sim: &Sim, when: Option<SimTime>) -> Timeout {
        let limit = Limit {
            state: Cell::new(TimeoutState::Created),
            when: Cell::new(when),
            task: Cell::new(None),
            cancelling: Cell::new(0),
            alarm: Cell::new(None),
        };
        Timeout { core: Rc::clone(sim.core()), limit: Rc::new(limit) }
    }

    /// A limit that ends `delay` from now, whenever it is entered: `asyncio.timeout`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, SimTime, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let limit = Timeout::after(&sim, Duration::from_secs(5));
    ///     limit.when() == Some(SimTime::after_start(Duration::from_secs(5)))
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn after(sim: &Sim, delay: impl Into<Delay>) -> Timeout {
        let now = sim.now();
        Timeout::new(sim, Some(now.after(delay.into().ticks(now))))
    }

    /// A limit that ends at a time: `asyncio.timeout_at`. One that is past ends in the turn after it is entered.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Elapsed, SimTime, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let limit = Timeout::at(&sim, SimTime::after_start(Duration::from_secs(5)));
    ///     sim.sleep(Duration::from_secs(3)).await;
    ///     (limit.run(sim.sleep(Duration::from_secs(3))).await, sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Err(Elapsed), 5.0)));
    /// ```
    pub fn at(sim: &Sim, when: SimTime) -> Timeout {
        Timeout::new(sim, Some(when.on_clock_of(sim.now())))
    }

    /// No limit, until it is [rescheduled](Timeout::reschedule): `asyncio.timeout(None)`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Timeout::unlimited(&sim).run(sim.sleep(Duration::from_secs(86_400))).await
    /// });
    /// assert_eq!(run.output, Some(Ok(())));
    /// ```
    pub fn unlimited(sim: &Sim) -> Timeout {
        Timeout::new(sim, None)
    }

    /// When the time is over; `None` without a limit.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Timeout::unlimited(&sim).when()
    /// });
    /// assert_eq!(run.output, Some(None));
    /// ```
    pub fn when(&self) -> Option<SimTime> {
        self.limit.when.get()
    }

    /// How far it has got.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Timeout::unlimited(&sim).state().name()
    /// });
    /// assert_eq!(run.output, Some("created"));
    /// ```
    pub fn state(&self) -> TimeoutState {
        self.limit.state.get()
    }

    /// Whether the time was over before the block.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let limit = Timeout::after(&sim, Duration::from_secs(1));
    ///     let result = limit.clone().run(sim.sleep(Duration::from_secs(2))).await;
    ///     (result.is_err(), limit.expired())
    /// });
    /// assert_eq!(run.output, Some((true, true)));
    /// ```
    pub fn expired(&self) -> bool {
        matches!(self.state(), TimeoutState::Expiring | TimeoutState::Expired)
    }

    /// Moves the deadline; `None` lifts the limit. A deadline that is not later than now is an entry of the next turn.
    ///
    /// # Errors
    /// [`TimeoutMisuse`] unless it is active.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, Timeout};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let limit = Timeout::after(&sim, Duration::from_secs(1));
    ///     let inside = limit.clone();
    ///     let block = limit.run(async {
    ///         inside.reschedule(None).expect("it is active");
    ///         sim.sleep(Duration::from_secs(60)).await;
    ///     });
    ///     block.await
    /// });
    /// assert_eq!(run.output, Some(Ok(())));
    /// ```
    pub fn reschedule(&self, when: Option<SimTime>) -> Result<(), TimeoutMisuse> {
        match self.state() {
            TimeoutState::Active => {
                self.arm(when);
                Ok(())
            }
            TimeoutState::Created => Err(TimeoutMisuse::NotEntered),
            state => Err(TimeoutMisuse::Over(state)),
        }
    }

    /// The running task begins the block.
    ///
    /// # Errors
    /// [`TimeoutMisuse::EnteredBefore`] the second time.
    ///
    /// # Panics
    /// Outside of a step of a task of its simulation.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Timeout, TimeoutMisuse};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let limit = Timeout::unlimited(&sim);
    ///     (limit.enter(), limit.enter())
    /// });
    /// assert_eq!(run.output, Some((Ok(()), Err(TimeoutMisuse::EnteredBefore))));
    /// ```
    pub fn enter(&self) -> Result<(), TimeoutMisuse> {
        if self.state() != TimeoutState::Created {
            return Err(TimeoutMisuse::EnteredBefore);
        }
        let task = self.core.current().expect("a task enters a timeout");
        self.limit.state.set(TimeoutState::Active);
        self.limit.task.set(Some(task));
        self.limit.cancelling.set(self.core.cancelling(task));
        self.arm(self.limit.when.get());
        Ok(())
    }

    /// The block is over. Where the timeout has cancelled the task, that request is taken back; a cancel that ended the
    /// block is the timeout's own when nobody else has asked for one since it was entered.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, BodyEnd, Timeout, TimeoutEnd};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let limit = Timeout::unlimited(&sim);
    ///     limit.enter().expect("nobody has entered it");
    ///     (limit.exit(BodyEnd::Finished), limit.state().name())
    /// });
    /// assert_eq!(run.output, Some((TimeoutEnd::Unchanged, "finished")));
    /// ```
    pub fn exit(&self, body: BodyEnd) -> TimeoutEnd {
        self.disarm();
        let (state, task) = (self.state(), self.limit.task.get());
        if state == TimeoutState::Active {
            self.limit.state.set(TimeoutState::Finished);
        }
        let (TimeoutState::Expiring, Some(task)) = (state, task) else { return TimeoutEnd::Unchanged };
        self.limit.state.set(TimeoutState::Expired);
        let left = self.core.uncancel(task);
        if left <= self.limit.cancelling.get() && body == BodyEnd::Cancelled {
            TimeoutEnd::Elapsed
        } else {
            TimeoutEnd::Unchanged
        }
    }

    fn arm(&self, when: Option<SimTime>) {
        self.disarm();
        let now = self.core.now.get();
        let when = when.map(|when| when.on_clock_of(now));
        self.limit.when.set(when);
        self.core.emit(|| Event::Limits { until: when });
        let Some(when) = when else { return };
        let key = self.core.timeouts.borrow_mut().insert(Rc::clone(&self.limit));
        let token = self.core.begin_callback(TimerCallback::Expires(key));
        let timer = if when <= now {
            self.core.push(Entry::Fire(token));
            None
        } else {
            Some(self.core.arm(when, token))
        };
        self.limit.alarm.set(Some(Alarm { key, token, timer }));
    }

    fn disarm(&self) {
        let Some(Alarm { key, token, timer }) = self.limit.alarm.take() else { return };
        self.core.end_wait(token);
        if let Some(timer) = timer {
            self.core.disarm(timer);
        }
        self.core.timeouts.borrow_mut().remove(key);
    }
}

impl Core {
    /// The callback of a timeout's timer.
    pub(crate) fn expire(&self, key: Key) {
        let Some(limit) = self.timeouts.borrow_mut().remove(key) else { return };
        limit.alarm.set(None);
        limit.state.set(TimeoutState::Expiring);
        let Some(task) = limit.task.get() else { return };
        self.emit_as(task, || Event::TimesOut);
        self.cancel(task, None);
    }
}
