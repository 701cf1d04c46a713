//! Futures that are dropped at every possible point: nothing leaks, nothing is lost, and a destructor may do anything.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_channel::oneshot;
use futures_util::FutureExt;
use timeskip_executor::{JoinHandle, Queue, Simulation, TieRule};

use crate::support::{Program, check, observe, seconds};
use crate::watching::Recorder;

/// Counts how many of its kind there are.
struct Counted(Rc<Cell<i32>>);

impl Counted {
    fn new(alive: &Rc<Cell<i32>>) -> Counted {
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

/// Calls a function when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        self.0();
    }
}

/// Does everything a destructor might do to a run: prints, spawns, wakes, cancels, and changes a queue.
fn meddle(program: &Program, victim: &JoinHandle<()>) -> OnDrop<impl FnMut() + use<>> {
    let (program, victim) = (program.clone(), victim.clone());
    let queue = Queue::unbounded(&program, "queue");
    let (sender, receiver) = oneshot::channel();
    let inbox = queue.clone();
    program.task(|program| async move { program.print(format!("woken by {:?}", receiver.await)) });
    program.task(|program| async move { program.print(format!("got {}", inbox.get().await)) });
    let mut sender = Some(sender);
    OnDrop(move || {
        program.print(format!("dropped at {}", program.time()));
        program.task(|program| async move { program.print("spawned by the drop") });
        let _ = queue.put_nowait("put by the drop");
        victim.cancel();
        if let Some(sender) = sender.take() {
            let _ = sender.send("the drop");
        }
    })
}

#[test]
fn a_destructor_in_a_cancelled_task_may_meddle() {
    check(
        |program| async move {
            let victim = program.task(|program| program.clone().say_cancelled("victim", std::future::pending::<()>()));
            let meddler = meddle(&program, &victim);
            let task = program.task(|program| async move {
                let _meddler = meddler;
                program.pause(9.0).await;
            });
            program.pause(1.0).await;
            assert!(task.cancel());
            assert!(task.await.is_err());
            program.yield_now().await;
        },
        &[
            "dropped at 1.0",
            "spawned by the drop",
            "got put by the drop",
            "victim cancelled",
            "woken by Ok(\"the drop\")",
        ],
    );
}

#[test]
fn a_destructor_in_a_catch_may_meddle() {
    check(
        |program| async move {
            let victim = program.task(|program| program.clone().say_cancelled("victim", std::future::pending::<()>()));
            let meddler = meddle(&program, &victim);
            let task = program.task(|program| async move {
                let sleep = program.sleep(seconds(9.0));
                let caught = program.catch_cancel(async move {
                    let _meddler = meddler;
                    sleep.await;
                });
                caught.await.is_err()
            });
            program.pause(1.0).await;
            assert!(task.cancel());
            assert_eq!(task.await, Ok(true));
            program.yield_now().await;
        },
        &[
            "dropped at 1.0",
            "spawned by the drop",
            "got put by the drop",
            "victim cancelled",
            "woken by Ok(\"the drop\")",
        ],
    );
}

#[test]
fn a_destructor_of_a_task_that_cancels_its_own_task_does_no_harm() {
    check(
        |program| async move {
            let own = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let place = Rc::clone(&own);
            let task = program.task(|program| async move {
                let _cancel = OnDrop(move || assert!(place.borrow().as_ref().is_some_and(JoinHandle::cancel)));
                program.pause(9.0).await;
            });
            *own.borrow_mut() = Some(task.clone());
            program.pause(1.0).await;
            assert!(task.cancel());
            program.print(format!("{:?}", task.await));
            own.take();
            let next = program.spawn(program.clone().say("the next task is not cancelled", 1.0));
            assert_eq!(next.await, Ok(()));
        },
        &["Err(Cancelled)", "the next task is not cancelled"],
    );
}

#[test]
fn destructors_after_the_run_find_it_standing_still() {
    let alive = Rc::new(Cell::new(0));
    let recorder = Recorder::default();
    let counter = Rc::clone(&alive);
    let (lines, ending) = observe(Simulation::new().observer(recorder.clone()), |program| async move {
        let victim = program.spawn(std::future::pending());
        let meddler = meddle(&program, &victim);
        let counted = Counted::new(&counter);
        let spawns = {
            let (program, counter) = (program.clone(), Rc::clone(&counter));
            OnDrop(move || {
                let counted = Counted::new(&counter);
                program.task(|_| async move { drop(counted) });
            })
        };
        program.spawn(async move {
            let _held = (meddler, counted, spawns);
            std::future::pending::<()>().await;
        });
        std::future::pending::<()>().await;
    });
    assert_eq!(ending.kind(), "deadlock");
    assert_eq!(lines, ["dropped at 0.0"], "what a destructor spawns after the run never runs");
    assert_eq!((alive.get(), Rc::strong_count(&alive), recorder.holders()), (0, 1, 1));
}

#[test]
fn what_a_task_returned_is_dropped_with_its_last_handle() {
    let alive = Rc::new(Cell::new(0));
    let counter = Rc::clone(&alive);
    check(
        move |program| {
            let alive = Rc::clone(&counter);
            async move {
                let returns = || {
                    let counted = Rc::new(Counted::new(&alive));
                    program.spawn(async move { counted })
                };
                let (kept, forgotten) = (returns(), returns());
                let _ = kept.clone().await;
                drop(forgotten);
                program.print(alive.get());
                let taken = kept.take();
                drop(kept);
                program.print(alive.get());
                drop(taken);
                program.print(alive.get());
            }
        },
        &["1", "1", "0"],
    );
    assert_eq!(alive.get(), 0);
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
