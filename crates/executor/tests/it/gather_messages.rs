//! Which message a cancelled gather comes with: CPython 3.13's `gather` asks the child that was given last.

use timeskip_executor::{JoinHandle, Sim};

use crate::support::{Program, check, seconds};

/// Waits for the gather of these tasks, whatever becomes of them, and says how it ended.
fn gatherer(program: &Program, tasks: Vec<JoinHandle<()>>) -> JoinHandle<()> {
    program.task(|program| async move {
        let gathered = program.gather_all(tasks);
        let caught = program.catch_cancel(gathered).await;
        program.print(format!("{:?}", caught.err()));
    })
}

/// The handle on the task that runs this.
fn own(sim: &Sim) -> JoinHandle<()> {
    sim.handle(sim.current_task()).expect("a running task exists")
}

#[test]
fn the_child_given_last_speaks_although_another_ends_later() {
    check(
        |program| async move {
            let first = program.task(|program| async move {
                let caught = program.catch_cancel(program.pause(9.0)).await;
                program.pause(1.0).await;
                program.print(format!("the first: {caught:?}"));
                program.reraise_cancel(caught.expect_err("it is cancelled")).await;
            });
            let second = program.spawn(program.sleep(seconds(9.0)));
            let waiting = gatherer(&program, vec![first, second.clone()]);
            program.pause(1.0).await;
            second.cancel_with("second alone");
            program.pause(1.0).await;
            waiting.cancel_with("all");
            assert_eq!(waiting.await, Ok(()));
        },
        &["the first: Err(Cancelled(\"all\"))", "Some(Cancelled(\"second alone\"))"],
    );
}

#[test]
fn of_a_task_given_again_the_last_place_counts() {
    check(
        |program| async move {
            let first = program.spawn(program.sleep(seconds(9.0)));
            let second = program.spawn(program.sleep(seconds(9.0)));
            let waiting = gatherer(&program, vec![first.clone(), second.clone(), first.clone()]);
            program.pause(1.0).await;
            first.cancel_with("first alone");
            program.pause(1.0).await;
            waiting.cancel_with("all");
            assert_eq!(waiting.await, Ok(()));
        },
        &["Some(Cancelled(\"first alone\"))"],
    );
}

#[test]
fn a_cancel_that_a_running_child_returns_with_still_says_why() {
    check(
        |program| async move {
            let returns = program.task(|program| async move {
                own(&program).cancel_with("as it returns");
            });
            let sleeps = program.spawn(program.sleep(seconds(9.0)));
            let waiting = gatherer(&program, vec![sleeps, returns]);
            program.pause(1.0).await;
            waiting.cancel_with("all");
            assert_eq!(waiting.await, Ok(()));
        },
        &["Some(Cancelled(\"as it returns\"))"],
    );
}

#[test]
fn a_child_that_caught_a_request_and_went_on_still_says_why() {
    check(
        |program| async move {
            let goes_on = program.task(|program| async move {
                own(&program).cancel_with("requested");
                let _ = program.catch_cancel(program.pause(1.0)).await;
            });
            let caught_in_its_sleep = program.task(|program| async move {
                let _ = program.catch_cancel(program.pause(9.0)).await;
            });
            let sleeps = program.spawn(program.sleep(seconds(9.0)));
            for last in [goes_on, caught_in_its_sleep] {
                let waiting = gatherer(&program, vec![sleeps.clone(), last]);
                program.pause(1.0).await;
                waiting.cancel_with("all");
                assert_eq!(waiting.await, Ok(()));
            }
        },
        &["Some(Cancelled(\"requested\"))", "Some(Cancelled)"],
    );
}

#[test]
fn asked_twice_a_child_that_goes_on_keeps_the_message() {
    check(
        |program| async move {
            for times in [1, 2] {
                let goes_on = program.task(|program| async move {
                    let _ = program.catch_cancel(program.pause(9.0)).await;
                });
                let waiting = gatherer(&program, vec![goes_on; times]);
                program.pause(1.0).await;
                waiting.cancel_with("all");
                assert_eq!(waiting.await, Ok(()));
            }
        },
        &["Some(Cancelled)", "Some(Cancelled(\"all\"))"],
    );
}

#[test]
fn a_cancel_between_the_last_end_and_the_gather_comes_with_its_message() {
    check(
        |program| async move {
            let child = program.spawn(program.sleep(seconds(1.0)));
            let waiting = gatherer(&program, vec![child]);
            program.yield_now().await;
            let canceller = program.task(|program| async move {
                program.pause(1.0).await;
                waiting.cancel_with("late");
                assert_eq!(waiting.await, Ok(()));
            });
            assert_eq!(canceller.await, Ok(()));
        },
        &["Some(Cancelled(\"late\"))"],
    );
}

#[test]
fn a_gather_that_is_not_cancelled_leaves_the_message_to_others() {
    check(
        |program| async move {
            let child = program.spawn(program.sleep(seconds(9.0)));
            let waiting = gatherer(&program, vec![child.clone()]);
            program.pause(1.0).await;
            child.cancel_with("why");
            assert_eq!(waiting.await, Ok(()));
            program.print(format!("{:?}", child.result()));
        },
        &["None", "Some(Err(Cancelled(\"why\")))"],
    );
}
