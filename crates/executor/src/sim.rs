//! The handle that a task holds on its simulation.

use std::future::Future;
use std::rc::Rc;

use crate::core::Core;
use crate::delay::Delay;
use crate::ending::Ending;
use crate::event::{Event, EventId, Status};
use crate::join::JoinHandle;
use crate::names::{Label, Names};
use crate::raw::task_box::TaskBox;
use crate::rng::Rng;
use crate::sleep::{Sleep, YieldNow};
use crate::task::TaskId;
use crate::time::SimTime;

/// A task's handle on its simulation: the clock, and what asyncio's loop offers. Cloning it is cheap.
///
/// It stays on the thread of its simulation.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let clock = sim.clone(); // a handle for the other task
///     let task = sim.spawn(async move {
///         clock.sleep(Duration::from_secs(2)).await;
///         clock.now()
///     });
///     task.await == Ok(sim.now())
/// });
/// assert_eq!(run.output, Some(true));
/// ```
#[derive(Clone)]
pub struct Sim(Rc<Core>);

impl Sim {
    pub(crate) fn new(core: Rc<Core>) -> Sim {
        Sim(core)
    }

    pub(crate) fn core(&self) -> &Rc<Core> {
        &self.0
    }

    /// The virtual time.
    ///
    /// It moves where nothing is ready, to the next deadline, and by [`block`](Sim::block): computing takes no time.
    ///
    /// ```
    /// use timeskip_executor::{SimTime, Simulation};
    /// let run = Simulation::new().run(|sim| async move { sim.now() });
    /// assert_eq!(run.output, Some(SimTime::ZERO));
    /// ```
    #[inline]
    pub fn now(&self) -> SimTime {
        self.0.now.get()
    }

    /// Waits until `delay` has passed, counted from the first poll. No delay gives up the turn, as `asyncio.sleep(0)`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     sim.sleep(Duration::from_millis(1500)).await;
    ///     sim.now().to_string()
    /// });
    /// assert_eq!(run.output.as_deref(), Some("1.500"));
    /// ```
    #[inline]
    pub fn sleep(&self, delay: impl Into<Delay>) -> Sleep {
        Sleep::after(self, delay.into())
    }

    /// Waits until the clock shows `time`, at least one turn. A time that is past counts as now.
    ///
    /// ```
    /// use timeskip_executor::{SimTime, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let noon = SimTime::from_nanos(12 * 3600 * 1_000_000_000);
    ///     sim.sleep_until(noon).await;
    ///     sim.sleep_until(SimTime::ZERO).await; // past: a turn, no time
    ///     sim.now() == noon
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    #[inline]
    pub fn sleep_until(&self, time: SimTime) -> Sleep {
        Sleep::until(self, time)
    }

    /// Gives up the turn: the task goes on in the next one.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     let before = task.done();
    ///     sim.yield_now().await;
    ///     (before, task.done())
    /// });
    /// assert_eq!(run.output, Some((false, true)), "whoever was ready has run");
    /// ```
    #[inline]
    pub fn yield_now(&self) -> YieldNow {
        YieldNow::new(self)
    }

    /// Consumes virtual time inside the running step, as a blocking call does: nobody else runs meanwhile.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     sim.block(Duration::from_secs(3));
    ///     sim.now().as_secs_f64()
    /// });
    /// assert_eq!(run.output, Some(3.0));
    /// ```
    pub fn block(&self, delay: impl Into<Delay>) {
        let now = self.now();
        let ticks = delay.into().ticks(now);
        if ticks.is_zero() {
            return;
        }
        let until = now.after(ticks);
        self.0.emit(|| Event::Blocked { until });
        self.0.now.set(until);
        self.0.overtake();
    }

    /// Starts a task; its first step comes in the next turn. Its path is `parent/task-N`.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async { 6 * 7 });
    ///     (task.path(), task.await)
    /// });
    /// assert_eq!(run.output, Some(("main/task-0".to_owned(), Ok(42))));
    /// ```
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        self.spawn_labelled(Names::UNNAMED, future, |_| Status::Finished)
    }

    /// As [`spawn`](Sim::spawn), with a name: the path is `parent/name-N`, where N counts siblings of that name. No path has
    /// more than some 32 parts: tasks that are nested deeper are named beside their parents.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     ["waiter", "cook", "waiter"].map(|name| sim.spawn_named(name, async {}).path())
    /// });
    /// let paths = run.output.expect("main returned");
    /// assert_eq!(paths, ["main/waiter-0", "main/cook-0", "main/waiter-1"]);
    /// ```
    pub fn spawn_named<F>(&self, name: &str, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        self.spawn_as(name, future, |_| Status::Finished)
    }

    /// As [`spawn_named`](Sim::spawn_named), with a say in which outputs count as a failure: a failed task ends a
    /// [`gather`](Sim::gather) early.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Status};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let parse = async { "7 seconds".parse::<u32>() };
    ///     let task = sim.spawn_as("parse", parse, |parsed| match parsed {
    ///         Ok(_) => Status::Finished,
    ///         Err(_) => Status::Failed,
    ///     });
    ///     sim.yield_now().await;
    ///     task.status()
    /// });
    /// assert_eq!(run.output, Some(Some(Status::Failed)));
    /// ```
    pub fn spawn_as<F>(
        &self,
        name: &str,
        future: F,
        classify: impl Fn(&F::Output) -> Status + 'static,
    ) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        let label = self.0.names.borrow_mut().label(name);
        self.spawn_labelled(label, future, classify)
    }

    fn spawn_labelled<F>(
        &self,
        label: Label,
        future: F,
        classify: impl Fn(&F::Output) -> Status + 'static,
    ) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        let id = self.0.start_task(TaskBox::new(future, classify), label);
        JoinHandle::new(Rc::clone(&self.0), id)
    }

    /// The running task.
    ///
    /// # Panics
    /// Outside of a step of a task of this simulation.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move { sim.task_path(sim.current_task()) });
    /// assert_eq!(run.output.as_deref(), Some("main"));
    /// ```
    pub fn current_task(&self) -> TaskId {
        self.0.current().expect("called by a running task")
    }

    /// The running task; `None` in a callback, where none is, and when nothing runs.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let loop_side = sim.clone();
    ///     sim.call_soon(move || assert_eq!(loop_side.running_task(), None));
    ///     sim.yield_now().await;
    ///     sim.running_task() == Some(sim.current_task())
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn running_task(&self) -> Option<TaskId> {
        self.0.current()
    }

    /// The path of what is running: a task's, or a callback's, `loop/bell-0`; `None` when nothing runs.
    ///
    /// ```
    /// use timeskip_executor::{Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     sim.running_path()
    /// });
    /// assert_eq!(run.output, Some(Some("main".to_owned())));
    /// ```
    pub fn running_path(&self) -> Option<String> {
        let callback = || self.0.calling.get().map(|(_, name)| self.0.names.borrow().path(name));
        self.0.current().map(|task| self.0.task_path(task)).or_else(callback)
    }

    /// The tasks that have not ended, in order of creation.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let _worker = sim.spawn_named("worker", async {});
    ///     sim.all_tasks().into_iter().map(|task| sim.task_path(task)).collect::<Vec<_>>()
    /// });
    /// assert_eq!(run.output, Some(vec!["main".to_owned(), "main/worker-0".to_owned()]));
    /// ```
    pub fn all_tasks(&self) -> Vec<TaskId> {
        self.0.tasks.living()
    }

    /// A handle on a task by its id; `None` when nobody remembers the task any more.
    ///
    /// The type is what the task returns: a handle of another type never has a result.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let id = sim.spawn(async { 42 }).id();
    ///     let again = sim.handle::<i32>(id).expect("it lives");
    ///     let result = again.await;
    ///     (result, sim.handle::<i32>(id).is_none())
    /// });
    /// assert_eq!(run.output, Some((Ok(42), true)), "the last handle is gone");
    /// ```
    pub fn handle<T: 'static>(&self, task: TaskId) -> Option<JoinHandle<T>> {
        self.0.tasks.get(task)?;
        self.0.hold(task);
        Some(JoinHandle::new(Rc::clone(&self.0), task))
    }

    /// The path of a task: `main/producer-0`.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let cook = sim.spawn_named("cook", async {});
    ///     sim.task_path(cook.id())
    /// });
    /// assert_eq!(run.output.as_deref(), Some("main/cook-0"));
    /// ```
    pub fn task_path(&self, task: TaskId) -> String {
        self.0.task_path(task)
    }

    /// A stream of random numbers that belongs to the running task and this purpose: drawing from it shifts no other.
    ///
    /// The same seed, task path and purpose give the same numbers on every machine and release.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let draw = |seed| {
    ///     let run = Simulation::new().seed(seed).run(|sim| async move { sim.rng("delays").next_u64() });
    ///     run.output
    /// };
    /// assert_eq!(draw(1), draw(1));
    /// assert_ne!(draw(1), draw(2));
    /// ```
    pub fn rng(&self, purpose: &str) -> Rng {
        let task = self.running_path().unwrap_or_default();
        Rng::stream(self.0.seed, &format!("{task}#{purpose}"))
    }

    /// Ends the run here and now, with `ending`: for upper layers whose own limits are reached.
    ///
    /// Nobody steps any more once the running task has given up its turn.
    ///
    /// ```
    /// use timeskip_executor::{Ending, Limit, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let ending = Ending::LimitReached { at: sim.now(), limit: Limit::Memory(1 << 30) };
    ///     sim.halt(ending);
    ///     sim.yield_now().await;
    ///     unreachable!("the run is over")
    /// });
    /// assert_eq!(run.ending.kind(), "limit");
    /// # let _: Option<()> = run.output;
    /// ```
    pub fn halt(&self, ending: Ending) {
        self.0.halt(ending);
    }

    /// Whether the run has been ended by [`halt`](Sim::halt) or a limit; the running task should return soon.
    ///
    /// ```
    /// use timeskip_executor::{Limits, Simulation};
    /// let limits = Limits { tasks: 1, ..Limits::default() };
    /// let run = Simulation::new().limits(limits).run(|sim| async move {
    ///     let before = sim.is_halted();
    ///     sim.spawn(async {}); // main is one task, this a second one
    ///     assert!(!before && sim.is_halted());
    /// });
    /// assert_eq!(run.ending.kind(), "limit");
    /// ```
    pub fn is_halted(&self) -> bool {
        self.0.is_halted()
    }

    /// Whether somebody watches the run, so that an upper layer can save itself making notes.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move { sim.is_watched() });
    /// assert_eq!(run.output, Some(false));
    /// ```
    #[inline]
    pub fn is_watched(&self) -> bool {
        self.0.is_watched()
    }

    /// The line of the scenario that the running step stands for; events carry it from now on.
    ///
    /// ```
    /// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
    /// # use log::Log;
    /// use timeskip_executor::Simulation;
    /// let log = Log::default(); // an Observer that keeps what it is told
    /// Simulation::new().observer(log.clone()).run(|sim| async move {
    ///     sim.set_line(12);
    ///     sim.yield_now().await;
    /// });
    /// assert_eq!(*log.lines.borrow(), [12, 12], "the yield, and the end");
    /// ```
    #[inline]
    pub fn set_line(&self, line: u32) {
        self.0.line.set(line);
    }

    /// Records a note of an upper layer as an event of the running task.
    ///
    /// `None` when nobody watches the run.
    ///
    /// ```
    /// # mod log { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/log.rs")); }
    /// # use log::Log;
    /// use timeskip_executor::{Event, EventId, Simulation};
    /// let log = Log::default(); // an Observer that keeps what it is told
    /// let watched = Simulation::new().observer(log.clone()).run(|sim| async move { sim.note(7) });
    /// assert_eq!(watched.output, Some(Some(EventId(0))));
    /// assert_eq!(log.events()[0].0, Event::Note(7));
    /// ```
    pub fn note(&self, number: u32) -> Option<EventId> {
        self.0.emit(|| Event::Note(number))
    }
}
