//! Futures that are dropped at every possible point: nothing leaks, nothing is lost, and a destructor may do anything.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use timeskip_executor::{Queue, Simulation, TieRule};

use crate::support::{Program, check, observe, seconds};
use crate::watching::Recorder;

/// Counts how many of its kind there are.
pub(crate) struct Counted(Rc<Cell<i32>>);

impl Counted {
    pub(crate) fn new(alive: &Rc<Cell<i32>>) -> Counted {
        alive.set(alive.get() + 1);
        Counted(Rc::clone(alive))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

type Leaf = Pin<Box<dyn Future<Output = ()>>>;

/// Everything that a task can wait for, each ready after one second.
const LEAVES: [&str; 9] =
    ["sleep", "sleep_until", "yield", "get", "put", "queue join", "task", "gather", "as_completed"];

fn leaf(program: &Program, name: &str) -> Leaf {
    let queue = Queue::bounded(program, "queue", 1);
    let second = {
        let queue = queue.clone();
        let name = name.to_owned();
        program.task(|program| async move {
            program.pause(1.0).await;
            if name == "get" {
                queue.put(1).await;
            } else if !queue.is_empty() {
                queue.get().await;
                assert_eq!(queue.task_done(), Ok(()));
            }
        })
    };
    if matches!(name, "put" | "queue join") {
        assert_eq!(queue.put_nowait(0), Ok(()));
    }
    match name {
        "sleep" => Box::pin(program.sleep(seconds(1.0))),
        "sleep_until" => Box::pin(program.sleep_until(timeskip_executor::SimTime::from_nanos(1_000_000_000))),
        "yield" => Box::pin(program.yield_now()),
        "get" => Box::pin(queue.get().map(|_| ())),
        "put" => Box::pin(queue.put(2)),
        "queue join" => Box::pin(queue.join()),
        "task" => Box::pin(second.into_future().map(|_| ())),
        "gather" => Box::pin(program.gather([second]).map(|_| ())),
        _ => Box::pin(program.as_completed([second]).next().expect("one task").map(|_| ())),
    }
}

/// Drops its future after so many polls, and is ready then.
struct DropAfter {
    future: Option<Leaf>,
    polls: u32,
}

impl Future for DropAfter {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.polls == 0 {
            self.future = None;
        }
        let Some(future) = &mut self.future else { return Poll::Ready(()) };
        let poll = future.as_mut().poll(context);
        self.polls -= 1;
        if self.polls == 0 {
            context.waker().wake_by_ref()
        }
        poll
    }
}

/// How a future comes to its end.
#[derive(Clone, Copy, Debug)]
enum Fate {
    DroppedAfter { polls: u32 },
    LosesAgainst { seconds: f64 },
    CancelledAt { seconds: f64 },
    CaughtAt { seconds: f64 },
    LeftAtTheEnd,
    LeftInADeadlock,
}

const FATES: [Fate; 13] = [
    Fate::DroppedAfter { polls: 0 },
    Fate::DroppedAfter { polls: 1 },
    Fate::DroppedAfter { polls: 2 },
    Fate::LosesAgainst { seconds: 0.0 },
    Fate::LosesAgainst { seconds: 0.5 },
    Fate::LosesAgainst { seconds: 1.0 },
    Fate::LosesAgainst { seconds: 2.0 },
    Fate::CancelledAt { seconds: 0.5 },
    Fate::CancelledAt { seconds: 1.0 },
    Fate::CaughtAt { seconds: 0.5 },
    Fate::CaughtAt { seconds: 1.0 },
    Fate::LeftAtTheEnd,
    Fate::LeftInADeadlock,
];

async fn meet(program: Program, fate: Fate, name: &'static str, counted: Counted) {
    let future = leaf(&program, name);
    let body = |program: Program, future: Leaf, counted: Counted| async move {
        match fate {
            Fate::DroppedAfter { polls } => DropAfter { future: Some(future), polls }.await,
            Fate::LosesAgainst { seconds } => {
                futures_util::future::select(future, Box::pin(program.pause(seconds))).await;
            }
            Fate::CaughtAt { .. } => {
                let _ = program.catch_cancel(future).await;
                program.yield_now().await;
            }
            _ => future.await,
        }
        drop(counted);
    };
    let task = program.spawn(body(program.clone(), future, counted));
    match fate {
        Fate::CancelledAt { seconds } | Fate::CaughtAt { seconds } => {
            program.pause(seconds).await;
            task.cancel();
            let _ = task.await;
        }
        Fate::LeftAtTheEnd => program.yield_now().await,
        Fate::LeftInADeadlock => std::future::pending().await,
        _ => assert_eq!(task.await, Ok(())),
    }
}

#[test]
fn every_wait_can_be_dropped_at_every_point() {
    for ties in [TieRule::Fifo, TieRule::Lifo, TieRule::Heapq] {
        for name in LEAVES {
            for fate in FATES {
                let alive = Rc::new(Cell::new(0));
                let recorder = Recorder::default();
                let counted = Counted::new(&alive);
                let simulation = Simulation::new().ties(ties).observer(recorder.clone());
                let (_, ending) = observe(simulation, |program| meet(program, fate, name, counted));
                let expected = if matches!(fate, Fate::LeftInADeadlock) { "deadlock" } else { "finished" };
                assert_eq!(ending.kind(), expected, "{name} {fate:?}: {ending}");
                assert_eq!((alive.get(), Rc::strong_count(&alive)), (0, 1), "{name} {fate:?}");
                assert_eq!(recorder.holders(), 1, "the run is freed: {name} {fate:?}");
            }
        }
    }
}

#[test]
fn futures_that_were_never_polled_leave_no_trace() {
    check(
        |program| async move {
            for name in LEAVES {
                drop(leaf(&program, name));
            }
            program.pause(0.5).await;
            program.print(program.all_tasks().len());
        },
        // Main, and the helpers of the leaves.
        &["10"],
    );
}
