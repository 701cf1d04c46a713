//! Task groups whose task is cancelled from outside.

use timeskip_executor::TaskGroup;

use crate::support::{Program, check, seconds};
use crate::task_groups::{Outcome, after, bad, errors, tidy};

/// A task with a group, cancelled from outside at one second; what main finds.
async fn cancelled_at_one<F>(program: Program, body: impl FnOnce(Program, TaskGroup<String>) -> F + 'static)
where
    F: Future<Output = Outcome> + 'static,
{
    let runner = program.task(|program| async move {
        let inner = program.clone();
        let result = program.task_group(|group| body(inner, group)).await;
        program.print(format!("the group raises {:?} at {}", errors(result), program.time()));
        program.clone().say_cancelled("runner", program.pause(5.0)).await;
    });
    program.pause(1.0).await;
    runner.cancel();
    let result = (&runner).await;
    program.print(format!("{result:?} at {}", program.time()));
}

#[test]
fn a_cancel_of_the_block_cancels_the_members_and_goes_on() {
    check(
        |program| {
            cancelled_at_one(program, |program, group| async move {
                let _ = group.spawn(tidy(program.clone(), "member", 1.0)).expect("open");
                program.clone().say_cancelled("block", program.pause(9.0)).await;
                Ok(0)
            })
        },
        &["block cancelled", "member is tidied up at 2.0", "Err(Cancelled) at 2.0"],
    );
}

#[test]
fn a_cancel_while_the_group_waits_does_the_same() {
    check(
        |program| {
            cancelled_at_one(program, |program, group| async move {
                let _ = group.spawn(tidy(program, "member", 1.0)).expect("open");
                Ok(0)
            })
        },
        &["member is tidied up at 2.0", "Err(Cancelled) at 2.0"],
    );
}

#[test]
fn errors_go_before_a_cancel_which_comes_at_the_next_await() {
    check(
        |program| {
            cancelled_at_one(program, |program, group| async move {
                let _ = group
                    .spawn(async move {
                        let _ = program.catch_cancel(program.sleep(seconds(60.0))).await;
                        program.pause(0.5).await;
                        bad("cleanup")
                    })
                    .expect("open");
                Ok(0)
            })
        },
        &["the group raises [\"cleanup\"] at 1.5", "runner cancelled", "Err(Cancelled) at 1.5"],
    );
}

#[test]
fn a_cancel_while_a_failed_group_waits_is_not_lost() {
    check(
        |program| {
            cancelled_at_one(program, |program, group| async move {
                let _ = group.spawn(after(program.clone(), 0.5, bad("member"))).expect("open");
                let _ = group.spawn(tidy(program, "slow", 1.0)).expect("open");
                Ok(0)
            })
        },
        &[
            "slow is tidied up at 1.5",
            "the group raises [\"member\"] at 1.5",
            "runner cancelled",
            "Err(Cancelled) at 1.5",
        ],
    );
}

#[test]
fn groups_within_groups_are_cancelled_from_the_outside_in() {
    check(
        |program| {
            cancelled_at_one(program, |program, outer| async move {
                let _ = outer
                    .spawn(async move {
                        let inner = program.clone();
                        let result = program.task_group(|group| async move {
                            let _ = group.spawn(tidy(inner.clone(), "innermost", 1.0)).expect("open");
                            Ok(7)
                        });
                        result.await.map_err(|group| group.to_string())
                    })
                    .expect("open");
                Ok(0)
            })
        },
        &["innermost is tidied up at 2.0", "Err(Cancelled) at 2.0"],
    );
}

#[test]
fn a_block_that_answers_a_cancel_with_an_error_fails_and_is_no_longer_cancelled() {
    check(
        |program| async move {
            let runner = program.task(|program| async move {
                let inner = program.clone();
                let group = program.task_group(|_group| async move {
                    let _ = inner.catch_cancel(inner.sleep(seconds(9.0))).await;
                    bad("block")
                });
                errors(group.await)
            });
            program.pause(1.0).await;
            runner.cancel();
            // The cancel is not taken back, so that it comes again: the task has no other await and ends by it.
            program.print(format!("{:?}", runner.await));
        },
        &["Err(Cancelled)"],
    );
}
