//! What all tasks of a run share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use timeskip_executor::{Delay, Ending, Limit, Sim, TaskId};
use timeskip_trace::{Note, Recorder};

use crate::code::{Address, Code, Function, Instruction};
use crate::machine::callbacks::DoneCallbacks;
use crate::machine::generators::Generators;
use crate::machine::halt::Halt;
use crate::machine::handles::TaskNames;
use crate::machine::naming::Naming;
use crate::machine::warnings::Warnings;
use crate::random::Random;
use crate::run::Sink;
use crate::scenario::Costs;
use crate::value::error::runtime_error;
use crate::value::{Result, Value, meter};

/// After how many instructions limits are looked at.
const CHECK_EVERY: u64 = 64;

/// Bounds that the machine itself watches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MachineLimits {
    /// Bytes of the program's own values.
    pub(crate) memory: u64,
    /// Instructions and rounds of comprehensions in one step of a task.
    pub(crate) instructions: u64,
    /// Tasks alive at once; the executor counts them.
    pub(crate) tasks: usize,
}

/// A run's program, variables, random numbers and output.
pub(crate) struct Context {
    pub(crate) sim: Sim,
    pub(crate) code: Rc<Code>,
    pub(crate) globals: RefCell<Vec<Option<Value>>>,
    pub(crate) random: RefCell<Random>,
    pub(crate) sink: Rc<RefCell<dyn Sink>>,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) costs: Costs,
    pub(crate) limits: MachineLimits,
    pub(crate) warnings: Rc<Warnings>,
    /// What a primitive that is being made is to be called.
    pub(crate) naming: RefCell<Option<Naming>>,
    /// What stopped the run, where one of its limits did.
    pub(super) halt: RefCell<Option<Halt>>,
    /// The function and the instruction that waited last: where a run stood that never gets on.
    pub(crate) last_wait: Cell<(u32, Address)>,
    /// Whether the run is over, so that `after` runs: no task is there any more.
    pub(super) is_over: Cell<bool>,
    pub(super) generators: Generators,
    /// Whether nothing can run any more.
    is_closed: Cell<bool>,
    pub(super) done_callbacks: DoneCallbacks,
    pub(super) task_names: TaskNames,
    tasks_made: Cell<u32>,
    /// How many instructions have run in all.
    spent: Cell<u64>,
    /// After how many something has to be done beside the next one: the limits are looked at, or, in a watched run, the
    /// line is told.
    next_stop: Cell<u64>,
    /// After how many the limits are looked at next.
    next_check: Cell<u64>,
    /// After how many the running step's budget is empty.
    step_end: Cell<u64>,
}

impl Context {
    #[allow(clippy::too_many_arguments, reason = "each is a part of its own, and there is one caller")]
    pub(crate) fn new(
        sim: Sim,
        code: Rc<Code>,
        random: Random,
        sink: Rc<RefCell<dyn Sink>>,
        recorder: Option<Recorder>,
        costs: Costs,
        limits: MachineLimits,
        warnings: Rc<Warnings>,
    ) -> Context {
        let globals = RefCell::new(vec![None; code.globals.len()]);
        let random = RefCell::new(random);
        let (tasks_made, step_end) = (Cell::new(0), Cell::new(limits.instructions));
        Context {
            sim,
            code,
            globals,
            random,
            sink,
            recorder,
            costs,
            limits,
            warnings,
            naming: RefCell::new(None),
            halt: RefCell::new(None),
            last_wait: Cell::default(),
            is_over: Cell::new(false),
            generators: Generators::default(),
            is_closed: Cell::new(false),
            done_callbacks: DoneCallbacks::default(),
            task_names: TaskNames::default(),
            tasks_made,
            spent: Cell::new(0),
            next_stop: Cell::new(0),
            next_check: Cell::new(0),
            step_end,
        }
    }

    /// The run is over: what is dropped from now on cannot be cleaned up any more.
    pub(crate) fn close(&self) {
        self.is_closed.set(true);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.get() || self.is_stopped()
    }

    /// A number for a new task; they count up from 0.
    pub(crate) fn number_task(&self) -> u32 {
        let number = self.tasks_made.get();
        self.tasks_made.set(number.wrapping_add(1));
        number
    }

    /// The running task; none in a callback.
    ///
    /// # Errors
    /// `RuntimeError` in `after`, where none is, as in Python below `asyncio.run`.
    pub(crate) fn current_task(&self) -> Result<Option<TaskId>> {
        if self.is_over.get() { Err(runtime_error("no running event loop")) } else { Ok(self.sim.running_task()) }
    }

    /// The path of the running task or callback; in `after`, that word.
    pub(crate) fn task_path(&self) -> String {
        self.sim.running_path().unwrap_or_else(|| "after".to_owned())
    }

    /// A step of a task begins with a full budget. The next check stays where it is, so that many short steps come to
    /// one, too.
    #[inline]
    pub(crate) fn refill(&self) {
        self.step_end.set(self.spent.get().saturating_add(self.limits.instructions));
    }

    /// One instruction, or one round of a comprehension. Without this an endless loop that never sleeps would hang,
    /// and a growing list would eat the machine.
    ///
    /// # Errors
    /// An exception that nobody gets to see: the run has been halted.
    #[inline]
    pub(crate) fn spend(&self) -> Result<()> {
        let spent = self.spent.get();
        if spent == self.next_stop.get() {
            return self.stop(spent);
        }
        self.spent.set(spent + 1);
        Ok(())
    }

    /// The instruction at an address, which is paid for; none behind the end of a body that does not return.
    ///
    /// # Errors
    /// As [`spend`](Context::spend).
    #[inline(always)]
    pub(super) fn fetch<'c>(&self, function: &'c Function, at: Address) -> Result<Option<&'c Instruction>> {
        let spent = self.spent.get();
        if spent == self.next_stop.get() {
            self.stop(spent)?;
            self.tell_line(function, at);
        } else {
            self.spent.set(spent + 1);
        }
        Ok(function.body.get(at as usize))
    }

    /// A watched run is told of each instruction's line.
    #[inline(never)]
    fn tell_line(&self, function: &Function, at: Address) {
        if self.sim.is_watched()
            && let Some(place) = function.places.get(at as usize)
        {
            self.set_line(place.line);
        }
    }

    /// One instruction, before which something has to be done.
    #[inline(never)]
    fn stop(&self, spent: u64) -> Result<()> {
        let checked = if spent == self.next_check.get() {
            self.check_limits(spent)
        } else {
            self.spent.set(spent + 1);
            Ok(())
        };
        // Also where the run halts: what unwinds may run instructions.
        self.next_stop.set(if self.sim.is_watched() { self.spent.get() } else { self.next_check.get() });
        checked
    }

    #[cold]
    fn check_limits(&self, spent: u64) -> Result<()> {
        let at = self.sim.now();
        if spent == self.step_end.get() {
            return Err(self.halt(Ending::EndlessStep { at, task: self.task_path() }));
        }
        if meter::used() > self.limits.memory {
            return Err(self.halt(Ending::LimitReached { at, limit: Limit::Memory(self.limits.memory) }));
        }
        self.next_check.set(self.step_end.get().min(spent + CHECK_EVERY));
        self.spent.set(spent + 1);
        if self.sim.is_halted() { Err(Context::halted()) } else { Ok(()) }
    }

    /// The line of what happens from now on; a function that no step wrote has none, and keeps that of its caller.
    #[cold]
    pub(super) fn set_line(&self, line: u32) {
        if line > 0 {
            self.sim.set_line(line);
        }
    }

    /// Prints a line: to the output, and to the trace of a watched run. Then the cost of a print passes.
    pub(crate) fn print(&self, task: u32, text: &str) {
        self.sink.borrow_mut().line(task, text);
        self.note(|| Note::Printed(text.to_owned()));
        self.pass(self.costs.print);
    }

    /// Leaves a note in the trace of a watched run.
    pub(crate) fn note(&self, note: impl FnOnce() -> Note) {
        if self.sim.is_watched()
            && let Some(recorder) = &self.recorder
        {
            self.sim.note(recorder.keep(note()));
        }
    }

    /// Virtual time passes inside the running step.
    pub(crate) fn pass(&self, seconds: f64) {
        if seconds > 0.0
            && let Ok(delay) = Delay::from_secs_f64(seconds)
        {
            self.sim.block(delay);
        }
    }
}
