//! Destructors that do whatever they like to the run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use timeskip_executor::{JoinHandle, Queue, Simulation};

use crate::drops::Counted;
use crate::support::{Program, check, observe, seconds};
use crate::watching::Recorder;

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

/// What a task of a chain returns: the handle of the task before it.
#[derive(Clone)]
struct Link(#[allow(dead_code, reason = "held to be dropped")] Option<JoinHandle<Link>>);

#[test]
fn a_long_chain_of_results_is_dropped_without_recursion() {
    check(
        |program| async move {
            let mut last = program.spawn(async { Link(None) });
            for _ in 0..100_000 {
                let before = last;
                last = program.spawn(async move { Link(Some(before)) });
            }
            program.yield_now().await;
            assert!(last.done());
            drop(last);
            program.print(program.all_tasks().len());
        },
        &["1"],
    );
}

#[test]
fn what_a_panicking_destructor_let_go_of_is_dropped_at_the_end_of_the_run() {
    let alive = Rc::new(Cell::new(0));
    let counter = Rc::clone(&alive);
    let (_, ending) = observe(Simulation::new(), |program| async move {
        let counted = Counted::new(&counter);
        let inner = program.task(|program| async move { (program, counted) });
        program.yield_now().await;
        let mut inner = Some(inner);
        program.spawn(async move {
            OnDrop(move || {
                drop(inner.take());
                std::panic::resume_unwind(Box::new("after that"));
            })
        });
        std::future::pending::<()>().await;
    });
    assert_eq!((ending.kind(), alive.get(), Rc::strong_count(&alive)), ("failed", 0, 1));
}
