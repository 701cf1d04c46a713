//! Messages of cancels, and the count of those that stand: what CPython 3.13's test_tasks.py states of them.

use crate::support::{check, seconds};

#[test]
fn the_first_who_asks_gets_the_message() {
    check(
        |program| async move {
            let task = program.spawn(program.sleep(seconds(9.0)));
            program.yield_now().await;
            task.cancel_with("why");
            program.print(format!("{:?} {:?}", (&task).await, task.result()));
        },
        &["Err(Cancelled(\"why\")) Some(Err(Cancelled))"],
    );
}

#[test]
fn a_message_before_the_first_step() {
    check(
        |program| async move {
            let task = program.spawn(program.sleep(seconds(9.0)));
            task.cancel_with("never began");
            program.print(format!("{:?}", task.await));
        },
        &["Err(Cancelled(\"never began\"))"],
    );
}

#[test]
fn a_message_goes_down_and_comes_back() {
    check(
        |program| async move {
            let inner = program.spawn(program.sleep(seconds(9.0)));
            let awaited = inner.clone();
            let outer = program.task(|program| async move {
                let caught = program.catch_cancel(async { awaited.await }).await;
                program.print(format!("outer: {caught:?}"));
            });
            program.pause(1.0).await;
            outer.cancel_with("down");
            program.print(format!("{:?} {:?} {}", outer.await, inner.result(), inner.cancelling()));
        },
        &["outer: Err(Cancelled(\"down\"))", "Ok(()) Some(Err(Cancelled)) 1"],
    );
}

#[test]
fn a_gather_hands_on_the_message_of_its_child() {
    check(
        |program| async move {
            let child = program.spawn(program.sleep(seconds(9.0)));
            let gather = program.gather([child.clone()]);
            child.cancel_with("gathered");
            program.print(format!("{:?}", gather.await));
        },
        &["Err(Cancelled(\"gathered\"))"],
    );
}

#[test]
fn of_two_cancels_in_one_turn_the_first_is_heard() {
    check(
        |program| async move {
            let task = program.spawn(program.sleep(seconds(9.0)));
            program.yield_now().await;
            program.print(format!("{} {}", task.cancel_with("first"), task.cancel_with("second")));
            program.print(format!("{} {:?}", task.cancelling(), task.await));
        },
        &["true true", "2 Err(Cancelled(\"first\"))"],
    );
}

#[test]
fn a_request_that_is_taken_back_is_not_delivered() {
    check(
        |program| async move {
            let task = program.spawn(async { "ran" });
            task.cancel();
            task.cancel();
            program.print(format!("{} {} {}", task.uncancel(), task.uncancel(), task.uncancel()));
            program.print(format!("{:?}", task.await));
        },
        &["1 0 0", "Ok(\"ran\")"],
    );
}

#[test]
fn a_cancel_that_reached_its_await_cannot_be_taken_back() {
    check(
        |program| async move {
            let task = program.spawn(program.sleep(seconds(9.0)));
            program.yield_now().await;
            task.cancel();
            program.print(format!("{} {:?}", task.uncancel(), task.await));
        },
        &["0 Err(Cancelled)"],
    );
}

#[test]
fn a_cancel_that_is_caught_still_counts() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                program.catch_cancel(program.pause(9.0)).await.map_err(|by| by.message().map(str::to_owned))
            });
            program.pause(1.0).await;
            task.cancel_with("count me");
            program.print(format!("{:?} {}", (&task).await, task.cancelling()));
        },
        &["Ok(Err(Some(\"count me\"))) 1"],
    );
}
