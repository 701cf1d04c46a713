//! Sentence 7: cancels that a task catches, swallows or passes on. The lines are CPython 3.13's.

use std::task::Poll;

use timeskip_executor::{Cancelled, Status};

use crate::support::{check, seconds};

#[test]
fn two_cancels_in_one_turn_are_one() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                for _ in 0..2 {
                    match program.catch_cancel(program.pause(5.0)).await {
                        Ok(()) => program.print(format!("slept until {}", program.time())),
                        Err(_) => program.print("cancelled"),
                    }
                }
            });
            program.pause(1.0).await;
            program.print(format!("{} {}", task.cancel(), task.cancel()));
            assert_eq!(task.await, Ok(()));
        },
        &["true true", "cancelled", "slept until 6.0"],
    );
}

#[test]
fn the_nearest_catch_takes_the_cancel_and_cleaning_up_may_await() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                let body = async {
                    if program.catch_cancel(program.pause(9.0)).await.is_err() {
                        program.print(format!("inner {}", program.time()));
                    }
                    program.pause(1.0).await;
                    program.print(format!("cleaned up {}", program.time()));
                    program.pause(9.0).await;
                };
                if program.catch_cancel(body).await.is_err() {
                    program.print(format!("outer {}", program.time()));
                }
            });
            program.pause(1.0).await;
            assert!(task.cancel());
            program.pause(2.0).await;
            assert!(task.cancel());
            assert_eq!(task.await, Ok(()));
        },
        &["inner 1.0", "cleaned up 2.0", "outer 3.0"],
    );
}

#[test]
fn a_cancel_that_is_swallowed_below_is_not_heard_above() {
    check(
        |program| async move {
            let parent = program.task(|program| async move {
                let child = program.task(|program| async move {
                    if program.catch_cancel(program.pause(9.0)).await.is_err() {
                        program.print("child swallowed");
                    }
                    program.pause(1.0).await;
                    "fine"
                });
                program.print(format!("parent got {:?} {}", child.await, program.time()));
                program.pause(1.0).await;
                program.print(format!("parent goes on {}", program.time()));
            });
            program.pause(1.0).await;
            assert!(parent.cancel());
            program.print(format!("{:?}", parent.await));
        },
        &["child swallowed", "parent got Ok(\"fine\") 2.0", "parent goes on 3.0", "Ok(())"],
    );
}

#[test]
fn a_cancel_that_was_swallowed_below_does_not_come_back_with_a_later_child() {
    // The first child is left before it ends; that it was asked to end has nothing to do with the second.
    check(
        |program| async move {
            let parent = program.task(|program| async move {
                let stubborn = program.task(|program| async move {
                    let _ = program.catch_cancel(program.pause(9.0)).await;
                    program.pause(9.0).await;
                });
                let patience = program.pause(2.0);
                futures_util::pin_mut!(patience);
                futures_util::future::select(stubborn.into_future(), patience).await;
                let sleep = program.sleep(seconds(9.0));
                let second = program.spawn(program.clone().say_cancelled("second", sleep));
                let other = second.clone();
                program.task(|_| async move { assert!(other.cancel()) });
                program.print(format!("{:?}", second.await));
            });
            program.pause(1.0).await;
            assert!(parent.cancel());
            program.print(format!("{:?}", parent.await));
        },
        &["second cancelled", "Err(Cancelled)", "Ok(())"],
    );
}

/// Lets what is polled beside it go first, once.
async fn give_way() {
    let mut has_given = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut has_given, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[test]
fn a_wait_beside_a_catch_begins_in_the_step_of_the_cancel() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                let beside = async {
                    // So that the task's own wait is that of the catch, and a new one begins when it is over.
                    give_way().await;
                    program.pause(1.0).await;
                    program.print(format!("one {}", program.time()));
                    program.pause(1.0).await;
                    program.print(format!("two {}", program.time()));
                };
                let catch = async {
                    assert!(program.catch_cancel(program.pause(9.0)).await.is_err());
                    program.print(format!("caught {}", program.time()));
                    program.pause(5.0).await;
                };
                futures_util::future::join(beside, catch).await;
            });
            // In the turn in which the first wait is over.
            program.pause(1.0).await;
            assert!(task.cancel());
            assert_eq!(task.await, Ok(()));
            program.print(format!("main {}", program.time()));
        },
        &["caught 1.0", "one 1.0", "two 2.0", "main 6.0"],
    );
}

#[test]
fn a_cancel_raised_again_ends_the_task_though_another_wait_has_begun() {
    // Neither CPython nor the plain way through `await` gets there: nothing else lets a task wait for two things.
    check(
        |program| async move {
            let task = program.task(|program| async move {
                let caught = program.catch_cancel(program.pause(9.0)).await.expect_err("it is cancelled");
                let sleep = program.pause(9.0);
                futures_util::pin_mut!(sleep);
                futures_util::future::select(sleep, program.reraise_cancel(caught)).await;
            });
            program.pause(1.0).await;
            assert!(task.cancel());
            program.print(format!("{:?} {}", task.await, program.time()));
        },
        &["Err(Cancelled) 1.0"],
    );
}

#[test]
fn a_caught_cancel_may_be_raised_again_by_the_status() {
    check(
        |program| async move {
            let inner = program.clone();
            let work = async move {
                let caught = inner.catch_cancel(inner.pause(9.0)).await;
                inner.pause(1.0).await;
                inner.print(format!("cleaned up at {}", inner.time()));
                caught
            };
            let raise = |caught: &Result<(), Cancelled>| match caught {
                Ok(()) => Status::Finished,
                Err(_) => Status::Cancelled,
            };
            let worker = program.spawn_as("worker", work, raise);
            let waiter = program.spawn(program.clone().say_cancelled("waiter", worker.into_future()));
            program.pause(1.0).await;
            assert!(waiter.cancel());
            program.print(format!("{:?} at {}", waiter.await.is_err(), program.time()));
        },
        &["cleaned up at 2.0", "waiter cancelled", "true at 2.0"],
    );
}
