//! Queues: who is served, and when. The lines are CPython 3.13's.

use std::num::NonZeroUsize;

use timeskip_executor::{JoinHandle, Lifo, Priority, PutError, Queue, Store, TaskDoneTooOften};

use crate::support::{Program, check};

/// Tasks that get one item each and say so.
fn getters<const N: usize>(
    program: &Program,
    queue: &Queue<&'static str>,
    names: [&'static str; N],
) -> [JoinHandle<()>; N] {
    names.map(|name| {
        let queue = queue.clone();
        program.task(|program| async move {
            let item = queue.get().await;
            program.print(format!("{name} got {item}"));
        })
    })
}

#[test]
fn an_item_is_handed_over_in_one_hop() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            let _getters = getters(&program, &queue, ["a", "b", "c"]);
            let tick = program.spawn(program.clone().ticker(4));
            program.yield_now().await;
            for item in ["0", "1", "2"] {
                assert!(queue.put_nowait(item).is_ok());
            }
            program.print("put three");
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "put three", "tick 1", "a got 0", "b got 1", "c got 2", "tick 2", "tick 3"],
    );
}

#[test]
fn get_nowait_overtakes_a_woken_getter() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            let [getter] = getters(&program, &queue, ["getter"]);
            program.yield_now().await;
            assert!(queue.put_nowait("first").is_ok());
            program.print(format!("overtaken by {:?}", queue.get_nowait()));
            program.yield_now().await;
            assert!(queue.put_nowait("second").is_ok());
            assert_eq!(getter.await, Ok(()));
        },
        &["overtaken by Ok(\"first\")", "getter got second"],
    );
}

#[test]
fn a_full_queue_serves_its_putters_in_order() {
    check(
        |program| async move {
            let queue = Queue::bounded(&program, "queue", 1);
            for name in ["a", "b", "c"] {
                let queue = queue.clone();
                program.task(|program| async move {
                    queue.put(name).await;
                    program.print(format!("put {name}"));
                });
            }
            let tick = program.spawn(program.clone().ticker(5));
            for _ in 0..3 {
                program.yield_now().await;
                program.print(format!("got {}", queue.get().await));
            }
            assert_eq!(tick.await, Ok(()));
        },
        &["put a", "tick 0", "got a", "tick 1", "put b", "got b", "tick 2", "put c", "got c", "tick 3", "tick 4"],
    );
}

#[test]
fn producers_and_consumers_of_a_small_queue_take_turns() {
    check(
        |program| async move {
            let queue = Queue::bounded(&program, "queue", 2);
            let producers = ["a", "b"].map(|name| {
                let queue = queue.clone();
                program.task(|program| async move {
                    for number in 0..3 {
                        queue.put(format!("{name}{number}")).await;
                        program.print(format!("put {name}{number}"));
                    }
                })
            });
            let consumers = ["x", "y"].map(|name| {
                let queue = queue.clone();
                program.task(|program| async move {
                    for _ in 0..3 {
                        let item = queue.get().await;
                        program.print(format!("{name} got {item}"));
                    }
                })
            });
            assert!(program.gather(producers.into_iter().chain(consumers)).await.is_ok());
            assert_eq!((queue.put_count(), queue.got_count(), queue.len()), (6, 6, 0));
        },
        &[
            "put a0", "put a1", "x got a0", "x got a1", "put a2", "put b0", "x got a2", "y got b0", "put b1", "put b2",
            "y got b1", "y got b2",
        ],
    );
}

#[test]
fn a_woken_getter_that_is_cancelled_passes_the_wake_up_on() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            let [first, second] = getters(&program, &queue, ["a", "b"]);
            let tick = program.spawn(program.clone().ticker(4));
            program.yield_now().await;
            assert!(queue.put_nowait("item").is_ok());
            assert!(first.cancel());
            program.print("put and cancelled");
            assert_eq!(tick.await, Ok(()));
            program.print(format!("{:?} {:?}", first.result(), second.result()));
        },
        &[
            "tick 0",
            "put and cancelled",
            "tick 1",
            "tick 2",
            "b got item",
            "tick 3",
            "Some(Err(Cancelled)) Some(Ok(()))",
        ],
    );
}

#[test]
fn a_getter_that_was_cancelled_before_the_put_is_passed_by() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            let [first, _second] = getters(&program, &queue, ["a", "b"]);
            let tick = program.spawn(program.clone().ticker(4));
            program.yield_now().await;
            assert!(first.cancel());
            assert!(queue.put_nowait("item").is_ok());
            program.print("cancelled and put");
            assert_eq!(tick.await, Ok(()));
            program.print(queue.len());
        },
        &["tick 0", "cancelled and put", "tick 1", "b got item", "tick 2", "tick 3", "0"],
    );
}

#[test]
fn a_woken_putter_that_is_cancelled_passes_the_wake_up_on() {
    check(
        |program| async move {
            let queue = Queue::bounded(&program, "queue", 1);
            assert_eq!(queue.put_nowait("0"), Ok(()));
            assert_eq!(queue.put_nowait("1"), Err(PutError::Full("1")));
            let putters = ["a", "b", "c"].map(|name| {
                let queue = queue.clone();
                program.task(|program| async move {
                    queue.put(name).await;
                    program.print(format!("put {name}"));
                })
            });
            program.yield_now().await;
            program.print(format!("got {:?}", queue.get_nowait()));
            assert!(putters[0].cancel());
            for _ in 0..2 {
                program.yield_now().await;
                program.yield_now().await;
                program.print(format!("got {:?}", queue.get_nowait()));
            }
        },
        &["got Ok(\"0\")", "put b", "got Ok(\"b\")", "put c", "got Ok(\"c\")"],
    );
}

#[test]
fn join_returns_a_hop_after_the_last_task_done() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            queue.put("item").await;
            let consumer = {
                let queue = queue.clone();
                program.task(|program| async move {
                    program.pause(1.0).await;
                    queue.get().await;
                    assert_eq!(queue.task_done(), Ok(()));
                    program.print("done");
                })
            };
            queue.join().await;
            program.print(format!("joined at {} consumer done: {}", program.time(), consumer.done()));
            assert_eq!(queue.task_done(), Err(TaskDoneTooOften));
            queue.join().await;
            program.print("joined at once");
        },
        &["done", "joined at 1.0 consumer done: true", "joined at once"],
    );
}

#[test]
fn join_returns_even_when_an_item_was_put_after_the_last_task_done() {
    // asyncio's join waits for an event that was set, and does not look again.
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            queue.put("item").await;
            let again = queue.clone();
            program.task(|_| async move {
                again.get().await;
                assert_eq!(again.task_done(), Ok(()));
                again.put("another").await;
            });
            queue.join().await;
            program.print(format!("joined with {} unfinished", queue.unfinished()));
        },
        &["joined with 1 unfinished"],
    );
}

/// What comes out of a queue, by number, when these keys are put in.
async fn drained<S: Store<timeskip_executor::Item<Keyed>> + 'static>(program: Program, store: S, keys: &[u32]) {
    let queue = Queue::with_store(&program, "queue", NonZeroUsize::new(8), store);
    for (number, &key) in (0..).zip(keys) {
        queue.put(Keyed { key, number }).await;
    }
    let mut numbers = Vec::new();
    while let Ok(Keyed { number, .. }) = queue.get_nowait() {
        numbers.push(number);
    }
    program.print(format!("{numbers:?}"));
}

/// Compares by its key alone.
struct Keyed {
    key: u32,
    number: u32,
}

impl PartialEq for Keyed {
    fn eq(&self, other: &Keyed) -> bool {
        self.key == other.key
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Keyed) -> Option<std::cmp::Ordering> {
        self.key.partial_cmp(&other.key)
    }
}

#[test]
fn equal_priorities_come_out_as_heapq_yields_them() {
    check(|program| drained(program, Priority::default(), &[1; 8]), &["[0, 2, 6, 5, 7, 4, 1, 3]"]);
    check(|program| drained(program, Priority::default(), &[2, 1, 2, 1, 2, 1, 3, 1]), &["[1, 5, 3, 7, 2, 0, 4, 6]"]);
}

#[test]
fn a_lifo_queue_gives_the_last_first() {
    check(|program| drained(program, Lifo::default(), &[5, 1, 4]), &["[2, 1, 0]"]);
}
