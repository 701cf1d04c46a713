//! What the futures of a program share: the gates at which they wait, what is seen of them, and what must hold.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Waker;

use super::futures::Script;
use super::host::{Engine, Handle, Host};
use super::program::{GATES, Program};

/// More tasks than that are not started, and no more inner runs.
const MOST_TASKS: usize = 40;
const MOST_INNER_RUNS: u32 = 4;

/// What happens to tasks, in order; tasks are numbered as they are made, over all runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Polled(u32),
    FutureDropped(u32),
    OutputDropped(u32),
    Cancelled {
        took: bool,
    },
    Took {
        output: bool,
    },
    Caught {
        cancel: bool,
    },
    Joined {
        cancelled: bool,
    },
    /// Another thread was told that it must not call a waker.
    Refused {
        panicked: bool,
    },
    RunEnded(&'static str),
}

/// A waker that a future has left at a gate, and the task it was polled by.
pub(crate) struct Kept {
    pub(crate) waker: Waker,
    pub(crate) task: Option<u32>,
    pub(crate) leaf: u32,
}

#[derive(Default)]
pub(crate) struct Gate {
    /// So many futures may pass.
    pub(crate) permits: u32,
    pub(crate) kept: Vec<Kept>,
}

type Shelf = Vec<(Option<u32>, Script)>;

/// How a task stands.
#[derive(Default)]
struct Stand {
    /// Since it was last polled.
    woken: bool,
    over: bool,
}

pub(crate) struct World {
    pub(crate) program: Program,
    pub(crate) engine: Engine,
    pub(crate) gates: RefCell<[Gate; GATES]>,
    pub(crate) handles: RefCell<Vec<Box<dyn Handle>>>,
    /// For each run that goes on, the futures that were begun and left, and the tasks that did so.
    pub(crate) shelves: RefCell<Vec<Shelf>>,
    stands: RefCell<Vec<Stand>>,
    /// The tasks that are being polled; several where one runs a simulation.
    polled: RefCell<Vec<u32>>,
    seen: RefCell<Vec<Seen>>,
    wrong: RefCell<Vec<String>>,
    /// Tasks that were woken and never polled again, of the run that has just ended.
    left_woken: RefCell<Vec<u32>>,
    /// Futures that still waited for a time when the run ended.
    left_waiting: Cell<u32>,
    /// A future was left for others, who may never poll it.
    shelved: Cell<bool>,
    /// A future went from one task to another: the wakers of its parts may now wake another task than they did.
    moved: Cell<bool>,
    alive: Cell<i32>,
    runs: Cell<u32>,
    inner_runs: Cell<u32>,
    leaves: Cell<u32>,
}

/// Where a future is: in which run, and of which body.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) world: Rc<World>,
    pub(crate) host: Rc<dyn Host>,
    pub(crate) body: usize,
}

impl World {
    pub(crate) fn new(program: Program, engine: Engine) -> Rc<World> {
        Rc::new(World {
            program,
            engine,
            gates: RefCell::default(),
            handles: RefCell::default(),
            shelves: RefCell::default(),
            stands: RefCell::default(),
            polled: RefCell::default(),
            seen: RefCell::default(),
            wrong: RefCell::default(),
            left_woken: RefCell::default(),
            left_waiting: Cell::new(0),
            shelved: Cell::new(false),
            moved: Cell::new(false),
            alive: Cell::new(0),
            runs: Cell::new(0),
            inner_runs: Cell::new(0),
            leaves: Cell::new(0),
        })
    }

    /// Runs a simulation with this body as its main.
    pub(crate) fn run(self: &Rc<World>, body: usize) {
        self.runs.set(self.runs.get() + 1);
        self.shelves.borrow_mut().push(Vec::new());
        let kind = self.engine.run(self, self.runs.get(), body);
        let shelf = self.shelves.borrow_mut().pop();
        drop(shelf);
        self.see(Seen::RunEnded(kind));
        // A run that fails stops where it is; one that finishes runs no more than what its end takes.
        let lost = self.left_woken.take();
        if kind == "deadlock" && !lost.is_empty() && !self.moved.get() {
            self.blame(format!("woken and not polled again: {lost:?}"));
        }
        if kind == "deadlock" && self.left_waiting.take() > 0 && !self.shelved.get() {
            self.blame("a time has come, and who waited for it was not told".to_owned());
        }
        self.left_waiting.set(0);
    }

    pub(crate) fn run_inner(self: &Rc<World>, body: usize) {
        if self.inner_runs.get() < MOST_INNER_RUNS {
            self.inner_runs.set(self.inner_runs.get() + 1);
            self.run(body);
        }
    }

    pub(crate) fn see(&self, seen: Seen) {
        self.seen.borrow_mut().push(seen);
    }

    pub(crate) fn blame(&self, wrong: String) {
        self.wrong.borrow_mut().push(wrong);
    }

    /// What was seen, and what was wrong.
    pub(crate) fn result(&self) -> (Vec<Seen>, Vec<String>) {
        if self.alive.get() != 0 {
            self.blame(format!("{} more made than dropped", self.alive.get()));
        }
        (self.seen.take(), self.wrong.take())
    }

    // --- tasks ---

    /// Whether one more task may be started.
    pub(crate) fn has_room(&self) -> bool {
        self.stands.borrow().len() < MOST_TASKS
    }

    /// The number of a new task.
    pub(crate) fn add_task(&self) -> u32 {
        let mut stands = self.stands.borrow_mut();
        stands.push(Stand::default());
        stands.len() as u32 - 1
    }

    pub(crate) fn begin_poll(&self, task: u32) {
        self.see(Seen::Polled(task));
        if self.polled.borrow().contains(&task) {
            self.blame(format!("a poll of {task} inside of another one"));
        }
        if self.stands.borrow()[task as usize].over {
            self.blame(format!("{task} is polled although it is over"));
        }
        self.polled.borrow_mut().push(task);
        self.stands.borrow_mut()[task as usize].woken = false;
    }

    pub(crate) fn end_poll(&self) {
        self.polled.borrow_mut().pop();
    }

    pub(crate) fn polled(&self) -> Option<u32> {
        self.polled.borrow().last().copied()
    }

    /// The waker of a task is called.
    pub(crate) fn woke(&self, task: Option<u32>) {
        if let Some(task) = task {
            self.stands.borrow_mut()[task as usize].woken = true;
        }
    }

    /// The future of a task is dropped, in its run or after it.
    pub(crate) fn future_dropped(&self, task: u32, in_run: bool) {
        let mut stands = self.stands.borrow_mut();
        let stand = &mut stands[task as usize];
        if std::mem::replace(&mut stand.over, true) {
            self.blame(format!("{task} is dropped twice"));
        }
        if in_run {
            self.see(Seen::FutureDropped(task));
        } else if stand.woken {
            self.left_woken.borrow_mut().push(task);
        }
    }

    pub(crate) fn left_waiting_for_time(&self) {
        self.left_waiting.set(self.left_waiting.get() + 1);
    }

    /// One more is made of what must be dropped exactly once.
    pub(crate) fn made(&self) {
        self.alive.set(self.alive.get() + 1);
    }

    pub(crate) fn dropped(&self) {
        self.alive.set(self.alive.get() - 1);
    }

    /// Leaves a future that has begun for others to go on with, or to drop.
    pub(crate) fn shelve(&self, begun: Script) {
        self.shelved.set(true);
        if let Some(shelf) = self.shelves.borrow_mut().last_mut() {
            shelf.push((self.polled(), begun));
        }
    }

    /// Takes one that somebody has left.
    pub(crate) fn adopt(&self) -> Option<Script> {
        let (task, script) = self.shelves.borrow_mut().last_mut()?.pop()?;
        self.moved.set(self.moved.get() || task != self.polled());
        Some(script)
    }

    /// A number for a future that leaves wakers.
    pub(crate) fn number_leaf(&self) -> u32 {
        self.leaves.set(self.leaves.get() + 1);
        self.leaves.get()
    }
}
