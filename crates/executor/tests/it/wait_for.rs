//! Waiting for a task within a time, and behind a shield: what CPython 3.13's test_waitfor.py states, and its tests of
//! `shield`.

use timeskip_executor::{JoinHandle, Status};

use crate::support::{Program, check, seconds};

/// A task that says when it begins, and how it ended.
fn worker(program: &Program, delay: f64) -> JoinHandle<&'static str> {
    program.task(|program| async move {
        program.print("begins");
        program.clone().say_cancelled("worker", program.pause(delay)).await;
        "done"
    })
}

/// A task that ends a second after its cancel, with a result.
fn stubborn(program: &Program) -> JoinHandle<&'static str> {
    program.task(|program| async move {
        drop(program.catch_cancel(program.pause(60.0)).await);
        program.pause(1.0).await;
        "all the same"
    })
}

#[test]
fn a_cancel_goes_down_to_the_task() {
    check(
        |program| async move {
            let task = worker(&program, 9.0);
            let inner = task.clone();
            let waiter = program.task(|program| async move { program.wait_for(&inner, seconds(5.0)).await });
            program.pause(1.0).await;
            waiter.cancel_with("enough");
            program.print(format!("{:?} {:?}", waiter.await, task.status()));
        },
        &["begins", "worker cancelled", "Err(Cancelled(\"enough\")) Some(Cancelled)"],
    );
}

#[test]
fn the_time_is_over() {
    check(
        |program| async move {
            let task = worker(&program, 9.0);
            let result = program.wait_for(&task, seconds(1.0)).await;
            program.print(format!("{result:?} at {} {:?}", program.time(), task.status()));
        },
        &["begins", "worker cancelled", "Err(Elapsed) at 1.0 Some(Cancelled)"],
    );
}

#[test]
fn in_time() {
    check(
        |program| async move {
            let task = worker(&program, 1.0);
            program.print(format!("{:?} at {}", program.wait_for(&task, seconds(5.0)).await, program.time()));
        },
        &["begins", "Ok(\"done\") at 1.0"],
    );
}

#[test]
fn no_time_for_what_has_ended() {
    check(
        |program| async move {
            let task = worker(&program, 1.0);
            assert_eq!((&task).await, Ok("done"));
            for delay in [0.0, -1.0] {
                program.print(format!("{:?}", program.wait_for(&task, seconds(delay)).await));
            }
        },
        &["begins", "Ok(\"done\")", "Ok(\"done\")"],
    );
}

#[test]
fn no_time_cancels_before_the_first_step() {
    check(
        |program| async move {
            for delay in [0.0, -1.0] {
                let task = worker(&program, 1.0);
                program.print(format!("{:?} {:?}", program.wait_for(&task, seconds(delay)).await, task.status()));
            }
        },
        &["Err(Elapsed) Some(Cancelled)", "Err(Elapsed) Some(Cancelled)"],
    );
}

#[test]
fn no_time_for_a_task_under_way() {
    check(
        |program| async move {
            let task = worker(&program, 1.0);
            program.pause(0.5).await;
            let result = program.wait_for(&task, seconds(0.0)).await;
            program.print(format!("{result:?} at {}", program.time()));
        },
        &["begins", "worker cancelled", "Err(Elapsed) at 0.5"],
    );
}

#[test]
fn the_result_comes_with_the_end_of_the_time() {
    check(
        |program| async move {
            let task = worker(&program, 1.0);
            program.yield_now().await;
            program.print(format!("{:?} {:?}", program.wait_for(&task, seconds(1.0)).await, task.status()));
        },
        &["begins", "worker cancelled", "Err(Elapsed) Some(Cancelled)"],
    );
}

#[test]
fn a_cancel_comes_with_the_result() {
    check(
        |program| async move {
            let task = worker(&program, 1.0);
            let inner = task.clone();
            let waiter = program.task(|program| async move { program.wait_for(&inner, seconds(5.0)).await });
            program.pause(1.0).await;
            program.print(format!("{}", waiter.cancel()));
            program.print(format!("{:?} {:?}", waiter.await, task.status()));
        },
        &["begins", "true", "worker cancelled", "Err(Cancelled) Some(Cancelled)"],
    );
}

#[test]
fn the_end_of_the_cancelled_task_is_awaited() {
    check(
        |program| async move {
            for delay in [1.0, 0.0] {
                let task = stubborn(&program);
                program.yield_now().await;
                let begun = program.now().as_secs_f64();
                drop(program.wait_for(&task, seconds(delay)).await);
                program.print(format!("{} after {}", task.done(), program.now().as_secs_f64() - begun));
            }
        },
        &["true after 2", "true after 1"],
    );
}

#[test]
fn a_result_in_spite_of_the_cancel() {
    check(
        |program| async move {
            let task = stubborn(&program);
            program.print(format!("{:?} at {}", program.wait_for(&task, seconds(1.0)).await, program.time()));
        },
        &["Ok(\"all the same\") at 2.0"],
    );
}

#[test]
fn a_shield_outlives_the_time() {
    check(
        |program| async move {
            let task = worker(&program, 2.0);
            let result = program.timeout(seconds(1.0), program.shield(&task).wait()).await;
            program.print(format!("{result:?} {}", task.done()));
            program.print(format!("{:?} at {}", task.await, program.time()));
        },
        &["begins", "Err(Elapsed) false", "Ok(\"done\") at 2.0"],
    );
}

#[test]
fn a_shield_of_a_cancelled_task_is_cancelled_without_its_message() {
    check(
        |program| async move {
            let task = worker(&program, 2.0);
            let shield = program.shield(&task);
            program.pause(1.0).await;
            task.cancel_with("gone");
            program.print(format!("{:?} {:?}", shield.wait().await, shield.status()));
        },
        &["begins", "worker cancelled", "Err(Cancelled) Some(Cancelled)"],
    );
}

#[test]
fn a_cancelled_shield_leaves_the_task_going() {
    check(
        |program| async move {
            let task = worker(&program, 2.0);
            let shield = program.shield(&task);
            let waiting = shield.clone();
            let waiter = program.task(|_| async move { waiting.wait().await });
            program.pause(1.0).await;
            program.print(format!("{} {}", shield.cancel(Some("off")), shield.cancel(None)));
            program.print(format!("{:?}", waiter.await));
            program.print(format!("{:?}", task.await));
        },
        &["begins", "true false", "Ok(Err(Cancelled(\"off\")))", "Ok(\"done\")"],
    );
}

#[test]
fn a_shield_of_what_has_ended_is_that() {
    check(
        |program| async move {
            let task = worker(&program, 0.0);
            assert_eq!((&task).await, Ok("done"));
            let ticker = program.spawn(program.clone().ticker(1));
            program.print(format!("{:?}", program.shield(&task).wait().await));
            drop(ticker.await);
            assert_eq!(task.status(), Some(Status::Finished));
        },
        &["begins", "Ok(\"done\")", "tick 0"],
    );
}
