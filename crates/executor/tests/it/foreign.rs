//! Futures that know nothing of timeskip: combinators, channels, and their wakers.

use std::future::poll_fn;
use std::task::Poll;

use futures_channel::{mpsc, oneshot};
use futures_util::stream::{FuturesUnordered, StreamExt};
use futures_util::{FutureExt, join, pin_mut, select_biased};
use timeskip_executor::Queue;

use crate::support::check;

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
fn a_sleep_that_began_in_this_step_is_no_dead_timer() {
    check(
        |program| async move {
            let nap = program.pause(1.0);
            pin_mut!(nap);
            assert!((&mut nap).polled_once().await.is_none());
            // So many that the timers of those who gave up are cleared away, in the step in which the nap began.
            for _ in 0..3000 {
                let other = program.pause(2.0);
                pin_mut!(other);
                assert!(other.polled_once().await.is_none());
            }
            nap.await;
            program.print(program.time());
        },
        &["1.0"],
    );
}

/// Polls a future once, with the waker of the task.
trait PolledOnce: Future + Sized + Unpin {
    async fn polled_once(mut self) -> Option<Self::Output> {
        poll_fn(|context| match self.poll_unpin(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }
}

impl<F: Future + Unpin> PolledOnce for F {}
