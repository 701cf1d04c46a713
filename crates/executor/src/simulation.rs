//! A simulation: what is to be known before it runs, and what came of it.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use crate::core::Core;
use crate::ending::Ending;
use crate::event::{Observer, Status};
use crate::limits::Limits;
use crate::raw::places;
use crate::raw::task_box::TaskBox;
use crate::raw::waker;
use crate::sim::Sim;
use crate::step;
use crate::timers::TieRule;
use crate::turns::Loop;

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
        let _kept = places::keep();
        let core = Core::new(self.ties, self.limits, self.seed, self.observer);
        woken_outside.is_for(&core);
        let sim = Sim::new(Rc::clone(&core));
        let future = main(sim.clone());
        let handle = sim.spawn_as("main", future, classify);
        let mut ending = Loop::new(&core, handle.id()).run();
        let output = handle.take();
        drop(handle);
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
    core.running.clear();
    core.hooks.clear();
    let mut result = Ok(());
    loop {
        let futures = core.tasks.take_futures();
        let calls = core.callbacks.borrow_mut().take_all();
        // A destructor that panicked may have left results behind; the run has failed by that already.
        let removed = core.removed.take();
        if futures.is_empty() && calls.is_empty() && removed.is_empty() {
            return result;
        }
        for left in removed {
            let _ = catch_unwind(AssertUnwindSafe(move || drop(left)));
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
    Future(TaskBox),
    Call(Box<dyn FnOnce()>),
}
