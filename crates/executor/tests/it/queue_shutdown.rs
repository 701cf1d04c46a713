//! Queues that are shut down: what CPython 3.13's test_queues.py states about it, in our words.

use timeskip_executor::{GetError, PutError, Queue, QueueShutDown, Shutdown, Simulation, TaskDoneTooOften};

use crate::support::check;

#[test]
fn an_empty_queue_refuses_everything_at_once() {
    check(
        |program| async move {
            for how in [Shutdown::WhenEmpty, Shutdown::Immediately] {
                let queue = Queue::unbounded(&program, "q");
                queue.shutdown(how);
                assert!(queue.is_shut_down());
                assert_eq!(queue.put("x").until_shutdown().await, Err(QueueShutDown("x")));
                assert_eq!(queue.put_nowait("x"), Err(PutError::ShutDown("x")));
                assert_eq!(queue.get().until_shutdown().await, Err(QueueShutDown(())));
                assert_eq!(queue.get_nowait(), Err(GetError::ShutDown));
                queue.join().await;
                assert_eq!(queue.task_done(), Err(TaskDoneTooOften));
            }
        },
        &[],
    );
}

#[test]
fn what_is_left_may_still_be_got_and_is_waited_for() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "q");
            for item in [1, 2] {
                queue.put(item).await;
            }
            queue.shutdown(Shutdown::WhenEmpty);
            let joiner = program.task({
                let queue = queue.clone();
                |program| async move {
                    queue.join().await;
                    program.print("joined");
                }
            });
            for expected in [Ok(1), Ok(2), Err(QueueShutDown(()))] {
                assert_eq!(queue.get().until_shutdown().await, expected);
            }
            program.yield_now().await;
            for _ in 0..2 {
                program.print("one done");
                assert_eq!(queue.task_done(), Ok(()));
            }
            let _ = joiner.await;
        },
        &["one done", "one done", "joined"],
    );
}

#[test]
fn an_immediate_shutdown_throws_the_items_away_and_counts_them_as_done() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "q");
            for item in [1, 2, 3] {
                queue.put(item).await;
            }
            assert_eq!(queue.get().await, 1);
            let joiner = program.task({
                let queue = queue.clone();
                |program| async move {
                    queue.join().await;
                    program.print("joined");
                }
            });
            program.yield_now().await;
            queue.shutdown(Shutdown::Immediately);
            assert_eq!((queue.len(), queue.unfinished()), (0, 1), "the one that was got is still to be done");
            assert_eq!(queue.get().until_shutdown().await, Err(QueueShutDown(())));
            program.yield_now().await;
            program.print("the last one");
            assert_eq!(queue.task_done(), Ok(()));
            assert_eq!(queue.task_done(), Err(TaskDoneTooOften));
            let _ = joiner.await;
        },
        &["the last one", "joined"],
    );
}

#[test]
fn all_who_wait_are_woken_in_order() {
    check(
        |program| async move {
            let (empty, full) = (Queue::<u32>::unbounded(&program, "empty"), Queue::bounded(&program, "full", 1));
            full.put(0).await;
            for name in ["putter 1", "putter 2"] {
                let full = full.clone();
                program.task(|program| async move {
                    program.print(format!("{name}: {}", full.put(1).until_shutdown().await.is_err()));
                });
            }
            for name in ["getter 1", "getter 2"] {
                let empty = empty.clone();
                program.task(|program| async move {
                    program.print(format!("{name}: {:?}", empty.get().until_shutdown().await));
                });
            }
            program.pause(1.0).await;
            empty.shutdown(Shutdown::WhenEmpty);
            full.shutdown(Shutdown::WhenEmpty);
            program.pause(1.0).await;
            program.print(format!("{:?} {:?}", full.get_nowait(), full.get_nowait()));
        },
        &[
            "getter 1: Err(QueueShutDown(()))",
            "getter 2: Err(QueueShutDown(()))",
            "putter 1: true",
            "putter 2: true",
            "Ok(0) Err(ShutDown)",
        ],
    );
}

#[test]
fn who_did_not_ask_for_an_error_panics() {
    let run = Simulation::new().run(|sim| async move {
        let queue = Queue::<u32>::unbounded(&sim, "q");
        queue.shutdown(Shutdown::WhenEmpty);
        queue.get().await
    });
    let text = run.ending.to_string();
    assert!(text.contains("the queue has been shut down: `until_shutdown` gives an error instead"), "{text}");
}
