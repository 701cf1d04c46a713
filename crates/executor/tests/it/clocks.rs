//! Sentences 2 and 3: when a timer is due, and when the task that it wakes steps. And sentence 7: deadlines in the past.

use std::time::Duration;

use timeskip_executor::{SimTime, TieRule};

use crate::support::{Program, check, check_under};

/// Sleeps one after another, beside somebody who sleeps for their sum.
async fn tenths(program: Program) {
    let one = program.spawn(program.clone().say("one", 1.0));
    let tenths = program.task(|program| async move {
        for _ in 0..10 {
            program.pause(0.1).await;
        }
        program.print(format!("ten tenths at {}", program.time()));
    });
    assert!(program.gather([one, tenths]).await.is_ok());
}

#[test]
fn ten_tenths_are_one_only_on_a_clock_of_nanoseconds() {
    check_under(TieRule::Heapq, tenths, &["ten tenths at 0.9999999999999999", "one"]);
    check_under(TieRule::Fifo, tenths, &["one", "ten tenths at 1.0"]);
}

async fn within_a_nanosecond(program: Program) {
    let tasks = [1.000000002, 1.0000000004, 1.0].map(|delay| {
        program.task(move |program| async move {
            program.pause(delay).await;
            program.print(format!("{delay:?} at {}", program.time()));
        })
    });
    assert!(program.gather(tasks).await.is_ok());
}

#[test]
fn what_lies_less_than_a_nanosecond_ahead_is_due() {
    let expected = ["1.0 at 1.0", "1.0000000004 at 1.0", "1.000000002 at 1.000000002"];
    check_under(TieRule::Heapq, within_a_nanosecond, &expected);
    // In nanoseconds the first two are one instant, and the tie rule decides.
    let expected = ["1.0000000004 at 1.0", "1.0 at 1.0", "1.000000002 at 1.000000002"];
    check_under(TieRule::Fifo, within_a_nanosecond, &expected);
}

#[test]
fn the_task_that_a_timer_wakes_steps_a_turn_later() {
    // CPython prints `tick 1` between the callback of the second sleeper, armed by a timer that is due at once, and
    // the step that it makes ready.
    check(
        |program| async move {
            let tick = program.spawn(program.clone().ticker(4));
            program.sleep_until(program.now()).await;
            program.print("slept");
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "tick 1", "slept", "tick 2", "tick 3"],
    );
}

#[test]
fn time_moves_exactly_to_the_earliest_deadline() {
    check(
        |program| async move {
            for delay in [0.25, 1e-9, 3600.0, 0.75] {
                program.pause(delay).await;
                program.print(program.now());
            }
        },
        &["0.250", "0.250000001", "3600.250000001", "3601.000000001"],
    );
}

/// Timers whose deadlines have passed when they are armed, all in one turn.
async fn past_deadlines(program: Program) {
    program.pause(20.0).await;
    let tasks = [9, 3, 10, 7, 20, 7].map(|deadline| {
        program.task(move |program| async move {
            program.sleep_until(SimTime::from_nanos(deadline * 1_000_000_000)).await;
            program.print(format!("{deadline} {}", program.time()));
        })
    });
    assert!(program.gather(tasks).await.is_ok());
}

#[test]
fn a_deadline_in_the_past_keeps_its_order_only_under_heapq() {
    let in_order = ["3 20.0", "7 20.0", "7 20.0", "9 20.0", "10 20.0", "20 20.0"];
    check_under(TieRule::Heapq, past_deadlines, &in_order);
    let as_armed = ["9 20.0", "3 20.0", "10 20.0", "7 20.0", "20 20.0", "7 20.0"];
    check_under(TieRule::Fifo, past_deadlines, &as_armed);
}

#[test]
fn a_time_of_nanoseconds_means_the_same_on_a_clock_of_float_seconds() {
    check(
        |program| async move {
            program.sleep_until(SimTime::from_nanos(2_500_000_000)).await;
            program.print(program.time());
            program.sleep(Duration::from_millis(500)).await;
            program.print(program.time());
        },
        &["2.5", "3.0"],
    );
}
