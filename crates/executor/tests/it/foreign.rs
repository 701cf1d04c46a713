//! Futures that know nothing of timeskip: combinators, channels, and their wakers.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_channel::{mpsc, oneshot};
use futures_util::stream::{FuturesUnordered, StreamExt};
use futures_util::{FutureExt, join, pin_mut, select_biased};
use timeskip_executor::{Queue, Simulation, Status};

use crate::support::{Program, check, observe};

#[test]
fn join_sleeps_several_times_in_one_task() {
    check(
        |program| async move {
            let say = |text: &'static str, delay| program.clone().say(text, delay);
            join!(say("three", 3.0), say("one", 1.0), async {
                say("two", 2.0).await;
                say("two more", 2.0).await;
            });
            program.print(program.time());
        },
        &["one", "two", "three", "two more", "4.0"],
    );
}

#[test]
fn select_takes_what_is_ready_first_and_drops_the_rest() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            let writer = queue.clone();
            program.task(|program| async move {
                program.pause(1.0).await;
                writer.put("early").await;
                program.pause(4.0).await;
                writer.put("late").await;
            });
            for _ in 0..3 {
                let mut get = queue.get().fuse();
                let patience = program.pause(2.0).fuse();
                pin_mut!(patience);
                select_biased! {
                    item = get => program.print(format!("{item} at {}", program.time())),
                    () = patience => program.print(format!("nothing by {}", program.time())),
                }
            }
        },
        &["early at 1.0", "nothing by 3.0", "late at 5.0"],
    );
}

#[test]
fn unordered_futures_wake_through_their_own_wakers() {
    check(
        |program| async move {
            let delays = [3.0, 1.0, 2.0, 1.0];
            let mut sleeps: FuturesUnordered<_> = delays
                .into_iter()
                .map(|delay| {
                    let program = program.clone();
                    async move {
                        program.yield_now().await;
                        program.pause(delay).await;
                        delay
                    }
                })
                .collect();
            while let Some(delay) = sleeps.next().await {
                program.print(format!("{delay} at {}", program.time()));
            }
        },
        &["1 at 1.0", "1 at 1.0", "2 at 2.0", "3 at 3.0"],
    );
}

#[test]
fn every_primitive_wakes_through_a_foreign_waker() {
    check(
        |program| async move {
            let queue = Queue::bounded(&program, "queue", 1);
            queue.put(0).await;
            let task = program.spawn(program.clone().say("task", 1.0));
            let gathered = program.spawn(program.clone().say("gathered", 2.0));
            let completed = program.spawn(program.clone().say("completed", 3.0));
            let inbox = Queue::unbounded(&program, "inbox");
            let (consumer, outbox) = (queue.clone(), inbox.clone());
            program.task(|program| async move {
                program.pause(4.0).await;
                consumer.get().await;
                program.pause(1.0).await;
                consumer.get().await;
                assert_eq!(consumer.task_done(), Ok(()));
                assert_eq!(consumer.task_done(), Ok(()));
                program.pause(1.0).await;
                outbox.put(()).await;
            });
            let mut waits: FuturesUnordered<_> = [
                task.into_future().map(|_| "join").boxed_local(),
                program.gather([gathered]).map(|_| "gather").boxed_local(),
                program.as_completed([completed]).next().expect("one").map(|_| "as_completed").boxed_local(),
                queue.put(1).map(|()| "put").boxed_local(),
                queue.join().map(|()| "queue join").boxed_local(),
                program.sleep_until(program.now()).map(|()| "sleep_until").boxed_local(),
                inbox.get().map(|()| "get").boxed_local(),
            ]
            .into_iter()
            .collect();
            while let Some(name) = waits.next().await {
                program.print(format!("{name} at {}", program.time()));
            }
        },
        &[
            "sleep_until at 0.0",
            "task",
            "join at 1.0",
            "gathered",
            "gather at 2.0",
            "completed",
            "as_completed at 3.0",
            "put at 4.0",
            "queue join at 5.0",
            "get at 6.0",
        ],
    );
}

#[test]
fn a_future_that_moves_to_another_waker_is_woken_through_the_new_one() {
    check(
        |program| async move {
            let mut sleep = Box::pin(program.clone().say("slept", 1.0));
            // Polled once by the task itself, then handed to a combinator.
            let pending = poll_fn(|context| Poll::Ready(sleep.as_mut().poll(context).is_pending())).await;
            assert!(pending);
            let mut sleeps = FuturesUnordered::new();
            sleeps.push(sleep);
            sleeps.next().await;
            program.print(program.time());
        },
        &["slept", "1.0"],
    );
}

#[test]
fn a_channel_between_tasks() {
    check(
        |program| async move {
            let (sender, receiver) = oneshot::channel();
            program.task(|program| async move {
                program.pause(2.0).await;
                assert_eq!(sender.send("sent"), Ok(()));
                program.print("sender goes on");
            });
            let tick = program.spawn(program.clone().ticker(1));
            program.print(format!("{:?} at {}", receiver.await, program.time()));
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "sender goes on", "Ok(\"sent\") at 2.0"],
    );
}

#[test]
fn tasks_that_foreign_futures_wake_keep_the_order_of_waking() {
    check(
        |program| async move {
            let mut senders = Vec::new();
            for name in ["a", "b", "c"] {
                let (sender, receiver) = oneshot::channel::<u32>();
                senders.push(sender);
                program.task(|program| async move {
                    program.print(format!("{name} {:?}", receiver.await));
                });
            }
            program.yield_now().await;
            for (number, sender) in senders.into_iter().enumerate().rev() {
                assert_eq!(sender.send(number as u32), Ok(()));
            }
            program.yield_now().await;
        },
        &["c Ok(2)", "b Ok(1)", "a Ok(0)"],
    );
}

#[test]
fn a_stream_of_messages() {
    check(
        |program| async move {
            let (sender, mut receiver) = mpsc::unbounded();
            for number in 0..3 {
                let sender = sender.clone();
                program.task(move |program| async move {
                    program.pause(f64::from(3 - number)).await;
                    assert!(sender.unbounded_send(number).is_ok());
                });
            }
            drop(sender);
            while let Some(number) = receiver.next().await {
                program.print(format!("{number} at {}", program.time()));
            }
        },
        &["2 at 1.0", "1 at 2.0", "0 at 3.0"],
    );
}

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

#[test]
fn a_task_that_ends_although_it_was_to_step_again_stays_ended() {
    check(
        |program| async move {
            for _ in 0..2 {
                let task = program.task(|program| async move {
                    let turn = program.yield_now().fuse();
                    pin_mut!(turn);
                    select_biased! {
                        () = turn => program.print("not yet"),
                        () = std::future::ready(()).fuse() => program.print("ended"),
                    }
                });
                program.yield_now().await;
                assert_eq!(task.status(), Some(Status::Finished));
                program.yield_now().await;
                assert_eq!(task.status(), Some(Status::Finished), "the step that was left changed nothing");
            }
        },
        &["ended", "ended"],
    );
}

#[test]
fn a_task_in_the_place_of_one_that_was_to_step_again_runs() {
    check(
        |program| async move {
            program.task(|program| async move {
                futures_util::future::select(program.yield_now(), std::future::ready(())).await;
            });
            program.yield_now().await;
            // Its handle is gone, so that its place is free; the step that it left behind is still in the queue.
            let next = program.spawn(program.clone().say("the next one ran", 1.0));
            assert_eq!(next.await, Ok(()));
        },
        &["the next one ran"],
    );
}

/// A future that keeps every waker it is polled with.
async fn keep_wakers(place: Rc<RefCell<Vec<Waker>>>) {
    poll_fn(|context| {
        place.borrow_mut().push(context.waker().clone());
        Poll::<()>::Pending
    })
    .await;
}

#[test]
fn a_waker_kept_after_the_run_wakes_nobody() {
    let wakers = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&wakers);
    observe(Simulation::new(), |program| async move {
        for _ in 0..100 {
            program.spawn(keep_wakers(Rc::clone(&kept)));
        }
        program.yield_now().await;
    });
    assert_eq!(
        wakers.borrow().len(),
        200,
        "each was polled in its first step, and when the end of the run cancelled it"
    );
    let counted = |program: Program| async move {
        let polls = Rc::new(RefCell::new(0));
        let counter = Rc::clone(&polls);
        program.spawn(poll_fn(move |_| {
            *counter.borrow_mut() += 1;
            Poll::<()>::Pending
        }));
        for _ in 0..5 {
            program.yield_now().await;
        }
        program.print(format!("{} poll", polls.borrow()));
    };
    // Between two runs, and in the middle of another run with fewer tasks.
    wakers.borrow().iter().for_each(Waker::wake_by_ref);
    assert_eq!(observe(Simulation::new(), counted).0, ["1 poll"]);
    let (lines, ending) = observe(Simulation::new(), |program| async move {
        wakers.take().into_iter().for_each(Waker::wake);
        program.pause(1.0).await;
        program.print(program.time());
    });
    assert_eq!((lines, ending.kind()), (vec!["1.0".to_owned()], "finished"));
}

#[test]
fn a_simulation_inside_of_a_task_takes_no_wake_up_from_outside() {
    check(
        |program| async move {
            let (sender, receiver) = oneshot::channel();
            let receiving = program.task(|program| async move { program.print(format!("{:?}", receiver.await)) });
            program.yield_now().await;
            assert_eq!(sender.send("sent"), Ok(()));
            let inner = Simulation::new().run(|sim| async move {
                sim.yield_now().await;
                sim.now().as_secs_f64()
            });
            assert_eq!(inner.output, Some(0.0));
            assert_eq!(receiving.await, Ok(()));
        },
        &["Ok(\"sent\")"],
    );
}
