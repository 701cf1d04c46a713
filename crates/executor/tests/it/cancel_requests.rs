//! Messages of cancels, and the count of those that stand: what CPython 3.13's test_tasks.py states of them.

use crate::support::{Program, check, seconds};

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

#[test]
fn a_cancel_of_a_woken_task_that_is_taken_back_was_never_there() {
    check(
        |program| async move {
            let future = program.create_future("news");
            let awaited = future.clone();
            let task = program.task(|_| async move { awaited.await });
            program.yield_now().await;
            assert!(future.set_result(42).is_ok());
            program.print(format!("{} {}", task.cancel(), task.cancelling()));
            program.print(format!("{} {:?}", task.uncancel(), task.await));
        },
        &["true 1", "0 Ok(Ok(42))"],
    );
}

#[test]
fn a_cancel_that_is_caught_and_taken_back_leaves_room_for_another() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                if program.catch_cancel(program.pause(10.0)).await.is_err() {
                    let own = program.handle::<()>(program.current_task()).expect("it runs");
                    program.print(format!("takes it back: {}", own.uncancel()));
                    program.pause(10.0).await;
                }
            });
            for _ in 0..2 {
                program.pause(1.0).await;
                program.print(format!("{} {} {}", task.cancel(), task.cancelling(), task.done()));
                program.pause(1.0).await;
                program.print(format!("{} {:?}", task.cancelling(), task.status()));
            }
            program.print(format!("{} {:?}", task.uncancel(), task.status()));
        },
        &["true 1 false", "takes it back: 0", "0 None", "true 1 false", "1 Some(Cancelled)", "0 Some(Cancelled)"],
    );
}

/// A limit by hand: a call that cancels the task, which takes the cancel back.
async fn limited(program: Program, limit: f64) -> &'static str {
    let own = program.handle::<&'static str>(program.current_task()).expect("it runs");
    let hit = own.clone();
    let call = program.call_later(seconds(limit), move || assert!(hit.cancel()));
    let ended = match program.catch_cancel(program.pause(1.0)).await {
        Ok(()) => "in time",
        Err(_) if own.uncancel() == 0 => "too late",
        Err(_) => "cancelled by somebody else, too",
    };
    call.cancel();
    program.yield_now().await;
    ended
}

#[test]
fn who_cancels_itself_for_a_limit_and_takes_it_back_goes_on_after_the_limited_block() {
    check(
        |program| async move {
            for limit in [0.5, 9.0] {
                let task = program.task(|program| limited(program, limit));
                program.print(format!("{:?} {} at {}", (&task).await, task.cancelling(), program.time()));
            }
            let task = program.task(|program| limited(program, 0.5));
            program.pause(0.5).await;
            assert!(task.cancel());
            program.print(format!("{:?} {}", (&task).await, task.cancelling()));
        },
        &["Ok(\"too late\") 0 at 0.5", "Ok(\"in time\") 0 at 1.5", "Ok(\"cancelled by somebody else, too\") 1"],
    );
}
