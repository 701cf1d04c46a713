//! Cancels that meet futures which know nothing of timeskip, and tasks that await several things at once.

use futures_channel::oneshot;
use futures_util::join;

use crate::support::check;

#[test]
fn a_cancel_hits_a_task_that_waits_for_a_foreign_future() {
    check(
        |program| async move {
            let (_sender, receiver) = oneshot::channel::<u32>();
            let task = program.task(|program| async move {
                program.print(format!("{:?} at {}", program.catch_cancel(receiver).await, program.time()));
                std::future::pending::<()>().await;
            });
            program.pause(1.0).await;
            assert!(task.cancel());
            program.pause(1.0).await;
            // The end of the run cancels it again.
            program.print("main returns");
        },
        &["Err(Cancelled) at 1.0", "main returns"],
    );
}

#[test]
fn a_cancel_beside_the_message_that_a_task_waits_for_wins() {
    // As in asyncio, where the cancel is raised at the await although its future is done.
    check(
        |program| async move {
            let (sender, receiver) = oneshot::channel();
            let task = program.spawn(receiver);
            program.pause(1.0).await;
            assert_eq!(sender.send("sent"), Ok(()));
            assert!(task.cancel());
            program.print(format!("{:?}", task.await));
        },
        &["Err(Cancelled)"],
    );
}

#[test]
fn a_cancel_hits_a_task_whose_first_wait_of_several_is_over() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                let both = async { join!(program.pause(1.0), program.pause(5.0)) };
                program.clone().say_cancelled(format!("at {}", program.time()), both).await;
            });
            program.pause(2.0).await;
            assert!(task.cancel());
            program.print(format!("{:?} at {}", task.await.is_err(), program.time()));
        },
        &["at 0.0 cancelled", "true at 2.0"],
    );
}

#[test]
fn a_self_cancel_hits_a_foreign_await() {
    check(
        |program| async move {
            let (sender, receiver) = oneshot::channel();
            let task = program.task(|program| async move {
                let own: timeskip_executor::JoinHandle<()> = receiver.await.expect("sent below");
                assert!(own.cancel());
                program.print("still running");
                std::future::pending::<()>().await;
            });
            assert!(sender.send(task.clone()).is_ok());
            program.print(format!("{:?}", task.await));
        },
        &["still running", "Err(Cancelled)"],
    );
}

#[test]
fn what_is_beside_the_nearest_catch_goes_on() {
    // The cancel is caught in one branch; the other one sleeps on, and is not cancelled a second time.
    check(
        |program| async move {
            let task = program.task(|program| async move {
                join!(program.clone().say("slept", 5.0), async {
                    program.print(format!(
                        "{:?} at {}",
                        program.catch_cancel(program.pause(9.0)).await,
                        program.time()
                    ));
                    program.pause(1.0).await;
                    program.print(format!("cleaned up at {}", program.time()));
                });
                program.print(program.time());
            });
            program.pause(2.0).await;
            assert!(task.cancel());
            program.print(format!("{:?}", task.await));
        },
        &["Err(Cancelled) at 2.0", "cleaned up at 3.0", "slept", "5.0", "Ok(())"],
    );
}

#[test]
fn what_began_beside_the_nearest_catch_during_the_cancel_goes_on() {
    check(
        |program| async move {
            let (sender, receiver) = oneshot::channel();
            let task = program.task(|program| async move {
                join!(
                    async {
                        assert_eq!(receiver.await, Ok("sent"));
                        program.clone().say("slept", 5.0).await;
                    },
                    program.catch_cancel(program.pause(9.0)),
                )
                .1
            });
            program.pause(2.0).await;
            assert_eq!(sender.send("sent"), Ok(()));
            assert!(task.cancel());
            program.print(format!("{:?} at {}", task.await, program.time()));
        },
        &["slept", "Ok(Err(Cancelled)) at 7.0"],
    );
}

#[test]
fn a_timer_that_fires_between_a_cancel_and_its_step_is_not_lost() {
    // At 2 s the canceller comes before the timer of the branch that goes on.
    check(
        |program| async move {
            let worker = program.task(|program| async move {
                join!(program.clone().say("slept", 2.0), program.catch_cancel(program.pause(9.0))).1
            });
            program.yield_now().await;
            program.yield_now().await;
            let victim = worker.clone();
            program.block(crate::support::seconds(2.0));
            let canceller = program.task(|_| async move { victim.cancel() });
            assert_eq!(canceller.await, Ok(true));
            program.print(format!("{:?} at {}", worker.await, program.time()));
        },
        &["slept", "Ok(Err(Cancelled)) at 2.0"],
    );
}
