//! Programs as data, and their interpreter: what the properties are checked on.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;
use timeskip_executor::{Ending, JoinHandle, Limits, Queue, Sim, Simulation, TieRule};

/// How many queues a program has; the last one holds two items at most.
pub(crate) const QUEUES: usize = 2;

/// One step of a task. Tasks are named by the order in which they were spawned, counted around the ones there are.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Sleep {
        quarters: u8,
    },
    Block {
        quarters: u8,
    },
    Yield,
    Put {
        queue: usize,
    },
    Get {
        queue: usize,
    },
    GetNowait {
        queue: usize,
    },
    Spawn {
        body: usize,
    },
    Join {
        task: usize,
    },
    Gather {
        from: usize,
        count: usize,
    },
    Cancel {
        task: usize,
    },
    /// Sleeps, and goes on with the next step when it is cancelled meanwhile.
    CatchSleep {
        quarters: u8,
    },
    /// Gives up waiting for an item after a while.
    GetOrSleep {
        queue: usize,
        quarters: u8,
    },
}

/// The bodies of tasks; a body spawns only those behind it, so that every program ends some day.
pub(crate) type Bodies = Vec<Vec<Step>>;

fn step() -> impl Strategy<Value = Step> {
    let (quarters, queue, task) = (0..5_u8, 0..QUEUES, 0..16_usize);
    prop_oneof![
        6 => quarters.clone().prop_map(|quarters| Step::Sleep { quarters }),
        1 => quarters.clone().prop_map(|quarters| Step::Block { quarters }),
        2 => Just(Step::Yield),
        4 => queue.clone().prop_map(|queue| Step::Put { queue }),
        3 => queue.clone().prop_map(|queue| Step::Get { queue }),
        1 => queue.clone().prop_map(|queue| Step::GetNowait { queue }),
        8 => (0..4_usize).prop_map(|body| Step::Spawn { body }),
        2 => task.clone().prop_map(|task| Step::Join { task }),
        2 => (task.clone(), 0..4_usize).prop_map(|(from, count)| Step::Gather { from, count }),
        2 => task.prop_map(|task| Step::Cancel { task }),
        1 => quarters.clone().prop_map(|quarters| Step::CatchSleep { quarters }),
        2 => (queue, quarters).prop_map(|(queue, quarters)| Step::GetOrSleep { queue, quarters }),
    ]
}

pub(crate) fn bodies() -> impl Strategy<Value = Bodies> {
    // The first bodies spawn more, so that many tasks wait for the same few instants.
    let of = |length| prop::collection::vec(step(), length);
    (of(4..14), of(0..10), prop::collection::vec(of(0..7), 0..4))
        .prop_map(|(main, second, rest)| [main, second].into_iter().chain(rest).collect())
}

pub(crate) fn ties() -> impl Strategy<Value = TieRule> {
    prop_oneof![
        Just(TieRule::Fifo),
        Just(TieRule::Lifo),
        Just(TieRule::Heapq),
        any::<u64>().prop_map(|seed| TieRule::Seeded { seed }),
    ]
}

/// What is left of a run.
pub(crate) struct Observation {
    pub(crate) lines: Vec<String>,
    /// The times at which the lines were written, in nanoseconds.
    pub(crate) times: Vec<u64>,
    /// For each queue, the numbers of the items put and got, in order.
    pub(crate) put: Vec<Vec<u32>>,
    pub(crate) got: Vec<Vec<u32>>,
    pub(crate) ending: Ending,
    /// The tasks that existed when main ended; none when it did not.
    pub(crate) tasks: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Log {
    lines: Vec<String>,
    times: Vec<u64>,
    put: [Vec<u32>; QUEUES],
    got: [Vec<u32>; QUEUES],
    tasks: Vec<JoinHandle<()>>,
    at_end: Vec<JoinHandle<()>>,
    items: u32,
}

#[derive(Clone)]
struct World {
    sim: Sim,
    bodies: Rc<Bodies>,
    queues: Rc<[Queue<u32>; QUEUES]>,
    log: Rc<RefCell<Log>>,
}

impl World {
    fn write(&self, text: &str) {
        let task = self.sim.task_path(self.sim.current_task());
        let mut log = self.log.borrow_mut();
        log.lines.push(format!("{} {task} {text}", self.sim.now()));
        log.times.push(self.sim.now().as_nanos());
    }

    fn got(&self, queue: usize, item: u32) {
        self.write(&format!("got {item} from {queue}"));
        self.log.borrow_mut().got[queue].push(item);
    }

    fn known(&self, task: usize) -> Option<JoinHandle<()>> {
        let log = self.log.borrow();
        let task = task.checked_rem(log.tasks.len())?;
        Some(log.tasks[task].clone())
    }

    async fn put(&self, queue: usize) {
        let item = {
            let mut log = self.log.borrow_mut();
            log.items += 1;
            log.items
        };
        let mut put = Box::pin(self.queues[queue].put(item));
        // The item is in the queue in the step in which the put completes.
        std::future::poll_fn(|context| {
            let poll = put.as_mut().poll(context);
            if poll.is_ready() {
                self.log.borrow_mut().put[queue].push(item);
            }
            poll
        })
        .await;
        self.write(&format!("put {item} into {queue}"));
    }

    async fn get_or_sleep(&self, queue: usize, quarters: u8) {
        let get = Box::pin(self.queues[queue].get());
        let patience = Box::pin(self.sim.sleep(of(quarters)));
        match futures_util::future::select(get, patience).await {
            futures_util::future::Either::Left((item, _)) => self.got(queue, item),
            futures_util::future::Either::Right(_) => self.write("gave up"),
        }
    }

    async fn run_step(&self, body: usize, step: &Step) {
        match *step {
            Step::Sleep { quarters } => self.sim.sleep(of(quarters)).await,
            Step::Block { quarters } => self.sim.block(of(quarters)),
            Step::Yield => self.sim.yield_now().await,
            Step::Put { queue } => self.put(queue).await,
            Step::Get { queue } => self.got(queue, self.queues[queue].get().await),
            Step::GetNowait { queue } => {
                if let Ok(item) = self.queues[queue].get_nowait() {
                    self.got(queue, item);
                }
            }
            Step::Spawn { body: other } => {
                let next = body + 1 + other;
                if next < self.bodies.len() {
                    let task = self.sim.spawn(run_body(self.clone(), next));
                    self.log.borrow_mut().tasks.push(task);
                }
            }
            Step::Join { task } => {
                // A task that awaits itself is refused by CPython; `deadlocks` has what happens here.
                if let Some(task) = self.known(task).filter(|task| task.id() != self.sim.current_task()) {
                    self.write(&format!("joined {:?}", task.await));
                }
            }
            Step::Gather { from, count } => {
                let tasks: Vec<_> = (from..from + count).filter_map(|task| self.known(task)).collect();
                self.write(&format!("gathered {:?}", self.sim.gather(tasks).await));
            }
            Step::Cancel { task } => {
                if let Some(task) = self.known(task) {
                    self.write(&format!("cancelled {}: {}", task.path(), task.cancel()));
                }
            }
            Step::CatchSleep { quarters } => {
                let caught = self.sim.catch_cancel(self.sim.sleep(of(quarters))).await;
                self.write(&format!("slept {caught:?}"));
            }
            Step::GetOrSleep { queue, quarters } => self.get_or_sleep(queue, quarters).await,
        }
    }
}

fn of(quarters: u8) -> Duration {
    Duration::from_millis(250) * u32::from(quarters)
}

fn run_body(world: World, body: usize) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        for (number, step) in world.bodies[body].iter().enumerate() {
            world.write(&format!("step {number}"));
            world.run_step(body, step).await;
        }
        world.write("ends");
    })
}

/// Runs a program.
pub(crate) fn run(simulation: Simulation, bodies: &Bodies) -> Observation {
    let log = Rc::new(RefCell::new(Log::default()));
    let written = Rc::clone(&log);
    let bodies = Rc::new(bodies.clone());
    let limits = Limits { turns_at_one_instant: 10_000, events: 100_000, ..Limits::default() };
    let run = simulation.limits(limits).run(|sim| async move {
        let queues = Rc::new([Queue::unbounded(&sim, "wide"), Queue::bounded(&sim, "narrow", 2)]);
        let world = World { sim, bodies, queues, log };
        run_body(world.clone(), 0).await;
        let mut log = world.log.borrow_mut();
        log.at_end = log.tasks.clone();
    });
    let Log { lines, times, put, got, at_end, .. } = written.take();
    Observation { lines, times, put: put.into(), got: got.into(), ending: run.ending, tasks: at_end }
}
