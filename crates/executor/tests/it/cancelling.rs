//! Sentence 7: who is hit first by a cancel, and when each level hears of it. The lines are CPython 3.13's.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::{JoinHandle, Status};

use crate::support::{Program, check};

#[test]
fn a_cancel_reaches_the_innermost_first_and_takes_a_turn_per_level() {
    check(
        |program| async move {
            let sleep = program.sleep(crate::support::seconds(9.0));
            let sleeper = program.spawn(program.clone().say_cancelled("sleeper", sleep));
            let middle = program.spawn(program.clone().say_cancelled("middle", sleeper.into_future()));
            let outer = program.spawn(program.clone().say_cancelled("outer", middle.into_future()));
            let tick = program.spawn(program.clone().ticker(6));
            program.yield_now().await;
            assert!(outer.cancel());
            program.print("cancel was called");
            assert_eq!(tick.await, Ok(()));
            assert_eq!(outer.status(), Some(Status::Cancelled));
        },
        &[
            "tick 0",
            "cancel was called",
            "tick 1",
            "sleeper cancelled",
            "tick 2",
            "middle cancelled",
            "tick 3",
            "outer cancelled",
            "tick 4",
            "tick 5",
        ],
    );
}

/// Tasks that sleep long and say when they are cancelled.
fn sleepers<const N: usize>(program: &Program, names: [&'static str; N]) -> [JoinHandle<()>; N] {
    names.map(|name| {
        program.task(|program| {
            let sleep = program.sleep(crate::support::seconds(9.0));
            program.say_cancelled(name, sleep)
        })
    })
}

#[test]
fn a_cancel_goes_through_a_gather_to_all_children() {
    check(
        |program| async move {
            let outer = program.task(|program| async move {
                let tasks = sleepers(&program, ["a", "b", "c"]);
                let gather = program.gather(tasks);
                program.say_cancelled("gatherer", gather).await.is_ok()
            });
            let tick = program.spawn(program.clone().ticker(6));
            program.yield_now().await;
            program.yield_now().await;
            assert!(outer.cancel());
            program.print("cancel was called");
            assert_eq!(tick.await, Ok(()));
        },
        &[
            "tick 0",
            "tick 1",
            "cancel was called",
            "tick 2",
            "a cancelled",
            "b cancelled",
            "c cancelled",
            "tick 3",
            "tick 4",
            "gatherer cancelled",
            "tick 5",
        ],
    );
}

#[test]
fn a_child_that_two_tasks_await_is_cancelled_once() {
    check(
        |program| async move {
            let [shared] = sleepers(&program, ["shared"]);
            let outer = program.task(|program| async move {
                let tasks = ["b", "c"]
                    .map(|name| program.spawn(program.clone().say_cancelled(name, shared.clone().into_future())));
                let gather = program.gather(tasks);
                program.say_cancelled("gatherer", gather).await.is_ok()
            });
            let tick = program.spawn(program.clone().ticker(8));
            for _ in 0..3 {
                program.yield_now().await;
            }
            assert!(outer.cancel());
            program.print("cancel was called");
            assert_eq!(tick.await, Ok(()));
        },
        &[
            "tick 0",
            "tick 1",
            "tick 2",
            "cancel was called",
            "tick 3",
            "shared cancelled",
            "tick 4",
            "b cancelled",
            "c cancelled",
            "tick 5",
            "tick 6",
            "gatherer cancelled",
            "tick 7",
        ],
    );
}

#[test]
fn a_cancel_of_a_gather_whose_children_have_ended_still_cancels() {
    // The gather's callbacks have yet to run: nothing is left to go down to.
    check(
        |program| async move {
            let outer = program.task(|program| async move {
                let tasks = [1, 2].map(|number| program.spawn(async move { number }));
                let gather = program.gather(tasks);
                program.say_cancelled("gatherer", gather).await.is_ok()
            });
            program.yield_now().await;
            program.yield_now().await;
            let tick = program.spawn(program.clone().ticker(3));
            program.print(outer.cancel());
            assert_eq!(tick.await, Ok(()));
            program.print(format!("{:?}", outer.status()));
        },
        &["true", "tick 0", "gatherer cancelled", "tick 1", "tick 2", "Some(Cancelled)"],
    );
}

#[test]
fn a_cancel_before_the_first_step_ends_the_task_without_one() {
    check(
        |program| async move {
            let task =
                program.task(|program| async move { program.catch_cancel(program.clone().say("no", 0.0)).await });
            assert!(task.cancel());
            program.print(format!("done: {}", task.done()));
            program.yield_now().await;
            program.print(format!("{:?}", task.result()));
        },
        &["done: false", "Some(Err(Cancelled))"],
    );
}

#[test]
fn a_cancel_of_a_task_whose_sleep_has_ended_still_hits_that_sleep() {
    // Both timers fire in one turn; the first task cancels the second before its step.
    check(
        |program| async move {
            let victim = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let killer = program.task(|program| {
                let victim = Rc::clone(&victim);
                async move {
                    program.pause(1.0).await;
                    let cancelled = victim.borrow().as_ref().is_some_and(JoinHandle::cancel);
                    program.print(format!("cancel: {cancelled}"));
                }
            });
            let worker = program.task(|program| async move {
                let sleep = program.sleep(crate::support::seconds(1.0));
                program.clone().say_cancelled("worker", sleep).await;
                program.print("worker went on");
            });
            *victim.borrow_mut() = Some(worker);
            assert_eq!(killer.await, Ok(()));
            program.pause(1.0).await;
        },
        &["cancel: true", "worker cancelled"],
    );
}

#[test]
fn a_task_that_cancels_itself_is_hit_at_its_next_await() {
    check(
        |program| async move {
            let own = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let task = program.task(|program| {
                let own = Rc::clone(&own);
                async move {
                    assert!(own.borrow().as_ref().is_some_and(JoinHandle::cancel));
                    program.print("still running");
                    let sleep = program.sleep(crate::support::seconds(1.0));
                    program.say_cancelled("worker", sleep).await;
                }
            });
            *own.borrow_mut() = Some(task.clone());
            let tick = program.spawn(program.clone().ticker(3));
            assert_eq!(tick.await, Ok(()));
            program.print(format!("{:?} {}", task.result(), program.time()));
        },
        &["still running", "tick 0", "worker cancelled", "tick 1", "tick 2", "Some(Err(Cancelled)) 0.0"],
    );
}

#[test]
fn a_task_that_cancels_itself_and_returns_ends_as_cancelled() {
    check(
        |program| async move {
            let own = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let task = program.task(|program| {
                let own = Rc::clone(&own);
                async move {
                    assert!(own.borrow().as_ref().is_some_and(JoinHandle::cancel));
                    program.print("returns");
                }
            });
            *own.borrow_mut() = Some(task.clone());
            program.print(format!("{:?} {:?}", (&task).await, task.status()));
        },
        &["returns", "Err(Cancelled) Some(Cancelled)"],
    );
}

#[test]
fn a_task_that_gave_up_its_turn_is_cancelled_in_the_next() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                for turn in 0..5 {
                    program.print(format!("worker {turn}"));
                    program.clone().say_cancelled("worker", program.yield_now()).await;
                }
            });
            let tick = program.spawn(program.clone().ticker(4));
            program.yield_now().await;
            program.yield_now().await;
            program.print(task.cancel());
            assert_eq!(tick.await, Ok(()));
        },
        &["worker 0", "tick 0", "worker 1", "tick 1", "true", "worker cancelled", "tick 2", "tick 3"],
    );
}

#[test]
fn a_cancel_of_an_ended_task_changes_nothing() {
    check(
        |program| async move {
            let task = program.spawn(async { 1 });
            assert_eq!((&task).await, Ok(1));
            program.print(format!("{} {:?}", task.cancel(), task.result()));
        },
        &["false Some(Ok(1))"],
    );
}

#[test]
fn cancels_are_delivered_in_the_order_in_which_they_were_asked_for() {
    check(
        |program| async move {
            let [a, b] = sleepers(&program, ["a", "b"]);
            let tick = program.spawn(program.clone().ticker(3));
            program.yield_now().await;
            assert!(b.cancel() && a.cancel());
            program.print("cancelled both");
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "cancelled both", "tick 1", "b cancelled", "a cancelled", "tick 2"],
    );
}

#[test]
fn a_long_chain_is_cancelled_without_recursion() {
    check(
        |program| async move {
            let mut task = program.spawn(program.clone().say("never", 9.0));
            for _ in 0..20_000 {
                task = program.spawn(async move {
                    let _ = task.await;
                });
            }
            program.pause(1.0).await;
            assert!(task.cancel());
            program.print(format!("{:?} at {}", task.await, program.time()));
        },
        &["Err(Cancelled) at 1.0"],
    );
}
