//! The loop: the only place that runs entries, and the only place where time jumps.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use crate::callback::{self, CallbackId};
use crate::core::Core;
use crate::deadlock;
use crate::ending::Ending;
use crate::event::{Observer, Status};
use crate::limits::{Limit, Limits};
use crate::ready::Entry;
use crate::sim::Sim;
use crate::step;
use crate::task::{Progress, TaskId, Watcher};
use crate::timers::TieRule;
use crate::wait::WaitToken;
use crate::waker;

/// A simulation to be run: its tie rule, limits, seed and observer.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     sim.sleep(Duration::from_secs(7)).await;
///     sim.now()
/// });
/// assert_eq!(run.output.map(|time| time.as_secs_f64()), Some(7.0));
/// ```
#[derive(Default)]
pub struct Simulation {
    ties: TieRule,
    limits: Limits,
    seed: u64,
    observer: Option<Box<dyn Observer>>,
}

/// What came of a run.
///
/// ```
/// use timeskip_executor::{Run, Simulation};
/// let Run { ending, output } = Simulation::new().run(|_| async { 42 });
/// assert_eq!((ending.kind(), output), ("finished", Some(42)));
/// ```
#[derive(Debug)]
pub struct Run<T> {
    /// How it ended.
    pub ending: Ending,
    /// What main returned, where it did.
    pub output: Option<T>,
}

impl Simulation {
    /// A simulation with ties first in first out, seed 0 and the default limits.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|_| async { "done" });
    /// assert_eq!(run.output, Some("done"));
    /// ```
    pub fn new() -> Simulation {
        Simulation::default()
    }

    /// Which of several timers with one deadline fires first.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Simulation, TieRule};
    /// let run = Simulation::new().ties(TieRule::Lifo).run(|sim| async move {
    ///     let tasks = ["early", "late"].map(|name| {
    ///         let clock = sim.clone();
    ///         sim.spawn(async move {
    ///             clock.sleep(Duration::from_secs(1)).await;
    ///             name
    ///         })
    ///     });
    ///     let first = sim.as_completed(tasks).next().expect("two tasks").await;
    ///     first.await
    /// });
    /// assert_eq!(run.output, Some(Ok("late")));
    /// ```
    pub fn ties(mut self, ties: TieRule) -> Simulation {
        self.ties = ties;
        self
    }

    /// The seed of [`Sim::rng`].
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let draw = |seed| Simulation::new().seed(seed).run(|sim| async move { sim.rng("die").next_u64() }).output;
    /// assert_eq!((draw(7) == draw(7), draw(7) == draw(8)), (true, false));
    /// ```
    pub fn seed(mut self, seed: u64) -> Simulation {
        self.seed = seed;
        self
    }

    /// Bounds on the run.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Limits, Simulation};
    /// let hour = Limits { time: Duration::from_secs(3600), ..Limits::default() };
    /// let run = Simulation::new().limits(hour).run(|sim| sim.sleep(Duration::from_secs(3601)));
    /// assert_eq!(run.ending.kind(), "limit");
    /// ```
    pub fn limits(mut self, limits: Limits) -> Simulation {
        self.limits = limits;
        self
    }

    /// Who watches the run.
    ///
    /// Watching changes nothing but the time that the run takes.
    ///
    /// ```
    /// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
    /// # use log::Log;
    /// use timeskip_executor::{Event, Simulation, Status};
    /// let log = Log::default(); // an Observer that keeps what it is told
    /// Simulation::new().observer(log.clone()).run(|_| async {});
    /// assert_eq!(log.events()[0].0, Event::Ended { status: Status::Finished });
    /// ```
    pub fn observer(mut self, observer: impl Observer + 'static) -> Simulation {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Runs the main task that `main` makes, and all that it spawns, until the run ends.
    ///
    /// It returns unless a single step never ends: a program that would hang ends in a deadlock, one that would go on
    /// for ever reaches a limit. A panic of a task ends the run as [`Ending::Failed`].
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     sim.spawn(async { 42 }).await
    /// });
    /// assert_eq!(run.output, Some(Ok(42)));
    ///
    /// let run = Simulation::new().run(|_| async { panic!("no tea") });
    /// assert_eq!(run.ending.to_string(), "failed at 0.000 s: main: panicked: no tea");
    /// # let _: Option<()> = run.output;
    /// ```
    pub fn run<F>(self, main: impl FnOnce(Sim) -> F) -> Run<F::Output>
    where
        F: Future + 'static,
    {
        self.run_with(main, |_| Status::Finished)
    }

    /// As [`run`](Simulation::run), with a say in which outputs of main count as a failure.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Status};
    /// let main = |_| async { Err::<(), _>("out of tea") };
    /// let status = |output: &Result<_, _>| if output.is_ok() { Status::Finished } else { Status::Failed };
    /// let run = Simulation::new().run_with(main, status);
    /// assert_eq!((run.ending.kind(), run.output), ("failed", Some(Err("out of tea"))));
    /// ```
    pub fn run_with<F>(
        self,
        main: impl FnOnce(Sim) -> F,
        classify: impl Fn(&F::Output) -> Status + 'static,
    ) -> Run<F::Output>
    where
        F: Future + 'static,
    {
        let woken_outside = waker::set_aside();
        let core = Core::new(self.ties, self.limits, self.seed, self.observer);
        let sim = Sim::new(Rc::clone(&core));
        let future = main(sim.clone());
        let handle = sim.spawn_as("main", future, classify);
        let mut ending = Loop::new(&core).run(handle.id());
        let output = handle.take();
        if let Err(failure) = drop_all(&core)
            && matches!(ending, Ending::Finished { .. })
        {
            ending = failure;
        }
        waker::put_back(woken_outside);
        Run { ending, output }
    }
}

/// Futures hold the run and the run holds them: at its end they are dropped, which may spawn or wake once more.
///
/// # Errors
/// The first panic of a destructor; all the others are dropped nevertheless.
fn drop_all(core: &Core) -> Result<(), Ending> {
    core.current.set(None);
    core.hooks.clear();
    let mut result = Ok(());
    loop {
        let futures = core.tasks.borrow_mut().take_futures();
        let calls = core.callbacks.borrow_mut().take_all();
        if futures.is_empty() && calls.is_empty() {
            return result;
        }
        let futures = futures.into_iter().map(|(name, future)| (name, Left::Future(future)));
        for (name, left) in futures.chain(calls.into_iter().map(|(name, call)| (name, Left::Call(call)))) {
            let task = core.names.borrow().path(name);
            if let Err(panic) = catch_unwind(AssertUnwindSafe(move || drop(left))) {
                let reason = step::panic_text(panic.as_ref());
                result = result.and(Err(Ending::Failed { at: core.now.get(), task, reason, line: None }));
            }
        }
    }
}

/// What is dropped at the end of a run.
#[allow(dead_code, reason = "held to be dropped")]
enum Left {
    Future(std::pin::Pin<Box<dyn crate::task::AnyTask>>),
    Call(Box<dyn FnOnce()>),
}

/// A timer is due: it completes a wait, or calls.
#[inline]
fn fire(core: &Rc<Core>, token: WaitToken) {
    match CallbackId::of_token(token) {
        Some(call) => callback::run(core, call),
        None => drop(core.wake(token)),
    }
}

struct Loop<'core> {
    core: &'core Rc<Core>,
    /// Timers that are due, reused from turn to turn.
    due: Vec<WaitToken>,
    events: u64,
    turns_at_one_instant: u64,
    stopping: bool,
}

impl<'core> Loop<'core> {
    fn new(core: &'core Rc<Core>) -> Loop<'core> {
        Loop { core, due: Vec::new(), events: 0, turns_at_one_instant: 0, stopping: false }
    }

    /// Runs main to its end, then cancels what is left and runs it to its end, as asyncio's `Runner.close` does.
    fn run(mut self, main: TaskId) -> Ending {
        self.core.tasks.borrow_mut().slot(main).watchers.push(Watcher::Run);
        if let Err(ending) = self.run_until_stopped().and_then(|()| self.close()) {
            return ending;
        }
        let status = self.core.tasks.borrow().get(main).map(|slot| slot.progress);
        let at = self.core.now.get();
        let reason = match status {
            Some(Progress::Ended(Status::Failed)) => "it failed".to_owned(),
            Some(Progress::Ended(Status::Cancelled)) => match self.core.message(main) {
                Some(message) => format!("it was cancelled: {message}"),
                None => "it was cancelled".to_owned(),
            },
            _ => return Ending::Finished { at },
        };
        Ending::Failed { at, task: "main".to_owned(), reason, line: None }
    }

    fn close(&mut self) -> Result<(), Ending> {
        let left = self.core.tasks.borrow().living();
        if !left.is_empty() {
            self.core.cancel_all(&left);
            self.core.gather_for_run_end(&left);
            self.run_until_stopped()?;
        }
        // CPython then runs two short coroutines (to close async generators and the thread pool); what is ready by
        // then gets the two turns that each of them takes, or more where there is something to close.
        let shutdown = self.core.hooks.take_shutdown();
        let rounds = if shutdown.is_some() { 1 } else { 2 };
        if let Some(shutdown) = shutdown {
            let last = Sim::new(Rc::clone(self.core)).spawn_named("shutdown", shutdown);
            last.watch(Watcher::Run);
            self.run_until_stopped()?;
        }
        for _ in 0..rounds {
            if !self.core.ready.borrow().is_empty() || self.core.timers.borrow().len() > 0 {
                self.core.push(Entry::RunEnd { turns: 1 });
                self.run_until_stopped()?;
            }
        }
        Ok(())
    }

    fn run_until_stopped(&mut self) -> Result<(), Ending> {
        self.stopping = false;
        while !self.stopping {
            self.turn()?;
            if let Some(ending) = self.core.take_halt() {
                return Err(ending);
            }
            self.check_limits()?;
        }
        Ok(())
    }

    /// One turn: sentences 1 and 2 of the law.
    fn turn(&mut self) -> Result<(), Ending> {
        self.core.timers.borrow_mut().begin_turn();
        if self.core.ready.borrow().is_empty() {
            return self.jump();
        }
        self.turns_at_one_instant += 1;
        self.collect_due();
        for token in self.due.drain(..) {
            self.core.begin_entry(crate::event::Cause::Order);
            self.core.push(Entry::Fire(token));
        }
        let entries = self.core.ready.borrow().len();
        self.events += entries as u64;
        for _ in 0..entries {
            let Some((entry, cause)) = self.core.ready.borrow_mut().pop() else { break };
            self.core.begin_entry(cause);
            self.run_entry(entry);
            if self.core.is_halted() {
                break;
            }
        }
        Ok(())
    }

    /// Nothing is ready: time moves to the earliest deadline, and the callbacks of what is due run back to back. That
    /// is the turn they would make up in the queue, without the way through it.
    fn jump(&mut self) -> Result<(), Ending> {
        let deadline = self.core.timers.borrow_mut().next_deadline(|token| self.core.is_pending(token));
        let Some(key) = deadline else { return Err(deadlock::report(self.core)) };
        let time = self.core.now.get().with_key(key);
        if time.is_never() {
            return Err(deadlock::report(self.core));
        }
        if self.core.limits.forbid(time) {
            return Err(self.limit(Limit::Time(self.core.limits.time)));
        }
        if time > self.core.now.get() {
            self.core.now.set(time);
            self.turns_at_one_instant = 0;
        }
        self.turns_at_one_instant += 1;
        self.collect_due();
        self.events += self.due.len() as u64;
        for &token in &self.due {
            self.core.begin_entry(crate::event::Cause::Order);
            fire(self.core, token);
            if self.core.is_halted() {
                break;
            }
        }
        self.due.clear();
        if self.core.now.get() > time {
            self.turns_at_one_instant = 0;
        }
        Ok(())
    }

    fn collect_due(&mut self) {
        let mut timers = self.core.timers.borrow_mut();
        if timers.len() > 0 {
            timers.take_due(self.core.now.get().key(), &mut self.due);
        }
    }

    fn run_entry(&mut self, entry: Entry) {
        match entry {
            Entry::Step(task) => self.timed(|core| step::run(core, task)),
            Entry::Fire(token) => self.timed(|core| fire(core, token)),
            Entry::Call(id) => self.timed(|core| callback::run(core, id)),
            Entry::Shielded(shield) => self.core.shielded(shield),
            Entry::ShieldEnded(shield) => self.core.shield_ended(shield),
            Entry::Gathered { gather, child } => self.core.gathered(gather, child),
            Entry::Completed { iterator, child } => self.core.completed(iterator, child),
            Entry::Grouped { group, member, status } => self.core.group_member_ended(group, member, status),
            Entry::Waited { wait, status } => self.core.waited_ended(wait, status),
            Entry::RunEnd { turns: 0 } => self.stopping = true,
            Entry::RunEnd { turns } => self.core.push(Entry::RunEnd { turns: turns - 1 }),
        }
    }

    /// Runs what may block, which moves time.
    #[inline]
    fn timed(&mut self, entry: impl FnOnce(&Rc<Core>)) {
        let before = self.core.now.get();
        entry(self.core);
        if self.core.now.get() > before {
            self.turns_at_one_instant = 0;
        }
    }

    fn check_limits(&self) -> Result<(), Ending> {
        let limits = &self.core.limits;
        if self.turns_at_one_instant > limits.turns_at_one_instant {
            let at = self.core.now.get();
            let mut tasks = self.core.ready_tasks();
            tasks.extend(self.core.ready_callbacks());
            return Err(Ending::Livelock { at, turns: self.turns_at_one_instant - 1, tasks, line: None });
        }
        if self.events > limits.events {
            return Err(self.limit(Limit::Events(limits.events)));
        }
        // A step that blocks can move time as well as a jump can.
        if limits.forbid(self.core.now.get()) {
            return Err(self.limit(Limit::Time(limits.time)));
        }
        Ok(())
    }

    fn limit(&self, limit: Limit) -> Ending {
        Ending::LimitReached { at: self.core.now.get(), limit }
    }
}
