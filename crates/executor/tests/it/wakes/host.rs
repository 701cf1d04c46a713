//! What a program asks of the executor that it runs on: timeskip, or the reference.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use timeskip_executor::{JoinHandle, Queue, Sim, Simulation};

use super::futures::{Output, Part, Script, Task};
use super::program::Own;
use super::reference;
use super::world::{Place, Seen, World};
use crate::watching::Recorder;

/// A run, for those who are in it.
pub(crate) trait Host {
    fn spawn(&self, task: Task) -> Box<dyn Handle>;
    /// A handle on the running task; none where nobody runs.
    fn own(&self) -> Option<Box<dyn Handle>>;
    /// Whether a task of this run is stepping, or being dropped in the run.
    fn is_running(&self) -> bool;
    /// Runs it, and tells whether a cancel ended it.
    fn catch(&self, script: Script) -> Pin<Box<dyn Future<Output = bool>>>;
    /// A future of the executor's own.
    fn leaf(&self, place: &Place, own: Own) -> Option<Part>;
}

/// A handle on a task.
pub(crate) trait Handle {
    fn another(&self) -> Box<dyn Handle>;
    fn cancel(&self) -> bool;
    fn take(&self) -> Option<Rc<Output>>;
    /// Waits for the task, and tells whether it was cancelled; nothing in another run than the task's.
    fn join(&self, run: u32) -> Option<Pin<Box<dyn Future<Output = bool>>>>;
}

/// Who runs programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Timeskip,
    /// The same, with somebody who watches.
    Watched,
    Reference,
}

impl Engine {
    /// Runs one simulation, and tells how it ended.
    pub(crate) fn run(self, world: &Rc<World>, run: u32, body: usize) -> &'static str {
        let simulation = match self {
            Engine::Timeskip => Simulation::new(),
            Engine::Watched => Simulation::new().observer(Recorder::default()),
            Engine::Reference => return reference::run(world, body),
        };
        let ended = simulation.run(|sim| {
            let queue = Queue::bounded(&sim, "queue", 1);
            let host = Rc::new(Timeskip { sim, queue, run });
            Task::new(Place { world: Rc::clone(world), host, body })
        });
        ended.ending.kind()
    }
}

struct Timeskip {
    sim: Sim,
    queue: Queue<()>,
    run: u32,
}

struct TimeskipHandle {
    handle: JoinHandle<Rc<Output>>,
    run: u32,
}

impl Timeskip {
    fn handle(&self, handle: JoinHandle<Rc<Output>>) -> Box<dyn Handle> {
        Box::new(TimeskipHandle { handle, run: self.run })
    }
}

impl Host for Timeskip {
    fn spawn(&self, task: Task) -> Box<dyn Handle> {
        self.handle(self.sim.spawn(task))
    }

    fn own(&self) -> Option<Box<dyn Handle>> {
        let handle = self.sim.handle(self.sim.running_task()?)?;
        Some(self.handle(handle))
    }

    fn is_running(&self) -> bool {
        self.sim.running_task().is_some()
    }

    fn catch(&self, script: Script) -> Pin<Box<dyn Future<Output = bool>>> {
        let caught = self.sim.catch_cancel(script);
        Box::pin(async move { caught.await.is_err() })
    }

    fn leaf(&self, place: &Place, own: Own) -> Option<Part> {
        let (sim, queue) = (self.sim.clone(), self.queue.clone());
        Some(match own {
            Own::Yield => Box::pin(Timed::new(place, sim.yield_now())),
            Own::Sleep(millis) => Box::pin(Timed::new(place, sim.sleep(Duration::from_millis(millis)))),
            Own::Get => Box::pin(async move { queue.get().await }),
            Own::Put => Box::pin(async move { queue.put(()).await }),
            Own::Join(task) => {
                let joined = place.handle(task)?.join(self.run)?;
                let world = Rc::clone(&place.world);
                Box::pin(async move {
                    let cancelled = joined.await;
                    world.see(Seen::Joined { cancelled });
                })
            }
        })
    }
}

/// Waits for something that must happen.
struct Timed<F> {
    place: Place,
    future: F,
    done: bool,
}

impl<F> Timed<F> {
    fn new(place: &Place, future: F) -> Timed<F> {
        Timed { place: place.clone(), future, done: false }
    }
}

impl<F: Future<Output = ()> + Unpin> Future for Timed<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let polled = Pin::new(&mut self.future).poll(context);
        self.done = polled.is_ready();
        polled
    }
}

impl<F> Drop for Timed<F> {
    fn drop(&mut self) {
        if !self.done && !self.place.host.is_running() {
            self.place.world.left_waiting_for_time();
        }
    }
}

impl Handle for TimeskipHandle {
    fn another(&self) -> Box<dyn Handle> {
        Box::new(TimeskipHandle { handle: self.handle.clone(), run: self.run })
    }

    fn cancel(&self) -> bool {
        self.handle.cancel()
    }

    fn take(&self) -> Option<Rc<Output>> {
        self.handle.take()
    }

    fn join(&self, run: u32) -> Option<Pin<Box<dyn Future<Output = bool>>>> {
        let handle = (run == self.run).then(|| self.handle.clone())?;
        Some(Box::pin(async move { handle.await.is_err() }))
    }
}
