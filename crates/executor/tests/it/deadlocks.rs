//! A program that asyncio would hang in for ever ends with a report of who waits for what.

use std::cell::RefCell;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::rc::Rc;
use std::task::Context;

use timeskip_executor::sync::{Barrier, Condition, Event, Lock, Semaphore};
use timeskip_executor::{Ending, JoinHandle, Queue, Simulation};

use crate::support::{Program, observe, seconds};

#[track_caller]
fn check<F: Future<Output = ()> + 'static>(program: impl FnOnce(Program) -> F, report: &[&str]) {
    let (_, ending) = observe(Simulation::new(), program);
    assert_eq!(ending.to_string().lines().collect::<Vec<_>>(), report);
    assert_eq!(ending.kind(), "deadlock");
}

/// Somewhere to leave a handle for a task that was spawned before it existed.
type Place = Rc<RefCell<Option<JoinHandle<()>>>>;

async fn awaits(place: Place) {
    let handle = place.borrow().clone();
    if let Some(handle) = handle {
        let _ = handle.await;
    }
}

#[test]
fn a_get_from_a_queue_that_nobody_fills() {
    check(
        |program| async move {
            let orders = Queue::<u32>::unbounded(&program, "orders");
            let small = Queue::bounded(&program, "small", 1);
            let (getter, putter) = (orders.clone(), small.clone());
            program.spawn_named("getter", async move {
                getter.get().await;
            });
            program.spawn_named("putter", async move {
                putter.put(1).await;
                putter.put(2).await;
            });
            program.pause(2.0).await;
            small.join().await;
        },
        &[
            "deadlock at 2.000 s: nothing can ever happen again",
            "  main waits for small.join() since 2.000 s",
            "  main/getter-0 waits for orders.get() since 0.000 s",
            "  main/putter-0 waits for small.put() since 0.000 s",
            "  nobody is left who could wake them",
        ],
    );
}

#[test]
fn a_get_that_is_polled_with_a_copy_of_the_waker() {
    check(
        |program| async move {
            let orders = Queue::<u32>::unbounded(&program, "orders");
            let mut get = pin!(orders.get());
            poll_fn(|context| {
                let copy = context.waker().clone();
                get.as_mut().poll(&mut Context::from_waker(&copy))
            })
            .await;
        },
        &[
            "deadlock at 0.000 s: nothing can ever happen again",
            "  main waits for orders.get() since 0.000 s",
            "  nobody is left who could wake it",
        ],
    );
}

#[test]
fn a_task_that_awaits_itself() {
    // CPython refuses at once: "Task cannot await on itself".
    check(
        |program| async move {
            let place = Place::default();
            let task = program.spawn(awaits(Rc::clone(&place)));
            *place.borrow_mut() = Some(task.clone());
            let _ = task.await;
        },
        &[
            "deadlock at 0.000 s: nothing can ever happen again",
            "  main waits for task main/task-0 since 0.000 s",
            "  main/task-0 waits for task main/task-0 since 0.000 s",
            "  main/task-0 waits for itself",
        ],
    );
}

#[test]
fn two_tasks_that_await_each_other() {
    check(
        |program| async move {
            let place = Place::default();
            let first = program.spawn_named("first", awaits(Rc::clone(&place)));
            let second = program.clone().spawn_named("second", async move {
                let _ = first.await;
            });
            *place.borrow_mut() = Some(second.clone());
            let _ = program.gather([second]).await;
        },
        &[
            "deadlock at 0.000 s: nothing can ever happen again",
            "  main waits for gather of main/second-0 since 0.000 s",
            "  main/first-0 waits for task main/second-0 since 0.000 s",
            "  main/second-0 waits for task main/first-0 since 0.000 s",
            "  in a circle: main/second-0 -> main/first-0 -> main/second-0",
        ],
    );
}

#[test]
fn a_circle_that_is_cancelled_is_no_deadlock() {
    // The cancel goes around once: every task of the circle awaits another, so none of them is hit.
    check(
        |program| async move {
            let place = Place::default();
            let first = program.spawn_named("first", awaits(Rc::clone(&place)));
            let second = program.clone().spawn_named("second", async move {
                let _ = first.await;
            });
            *place.borrow_mut() = Some(second.clone());
            program.sleep(seconds(1.0)).await;
            assert!(second.cancel());
            let _ = second.await;
        },
        &[
            "deadlock at 1.000 s: nothing can ever happen again",
            "  main waits for task main/second-0 since 1.000 s",
            "  main/first-0 waits for task main/second-0 since 0.000 s",
            "  main/second-0 waits for task main/first-0 since 0.000 s",
            "  in a circle: main/second-0 -> main/first-0 -> main/second-0",
        ],
    );
}

#[test]
fn a_cleanup_that_waits_for_ever_when_main_has_ended() {
    check(
        |program| async move {
            let queue = Queue::<u32>::unbounded(&program, "queue");
            program.task(|program| async move {
                assert!(program.catch_cancel(queue.get()).await.is_err());
                queue.get().await;
            });
            program.pause(1.0).await;
        },
        &[
            "deadlock at 1.000 s: nothing can ever happen again",
            "  main/task-0 waits for queue.get() since 1.000 s",
            "  nobody is left who could wake it",
        ],
    );
}

#[test]
fn two_locks_taken_in_opposite_orders() {
    check(
        |program| async move {
            let [fork, knife] = ["fork", "knife"].map(|name| Lock::new(&program, name));
            let orders = [(fork.clone(), knife.clone()), (knife, fork)];
            let eaters = orders.map(|(first, second)| {
                program.task(|program| async move {
                    let _first = first.hold().await;
                    program.pause(1.0).await;
                    let _second = second.hold().await;
                })
            });
            let _ = program.gather(eaters).await;
        },
        &[
            "deadlock at 1.000 s: nothing can ever happen again",
            "  main waits for gather of main/task-0, main/task-1 since 0.000 s",
            "  main/task-0 waits for knife.acquire() since 1.000 s, held by main/task-1 since 0.000 s",
            "  main/task-1 waits for fork.acquire() since 1.000 s, held by main/task-0 since 0.000 s",
            "  in a circle: main/task-1 -> main/task-0 -> main/task-1",
        ],
    );
}

#[test]
fn a_lock_is_not_reentrant() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            let _held = lock.hold().await;
            program.pause(1.0).await;
            lock.acquire().await;
        },
        &[
            "deadlock at 1.000 s: nothing can ever happen again",
            "  main waits for lock.acquire() since 1.000 s, held by main since 0.000 s",
            "  main waits for itself",
        ],
    );
}

#[test]
fn permits_that_ended_tasks_never_gave_back() {
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 7);
            let takers: Vec<_> = (0..7)
                .map(|_| {
                    let pool = pool.clone();
                    program.task(|_| async move { pool.acquire().await })
                })
                .collect();
            program.pause(1.0).await;
            pool.acquire().await;
            drop(takers);
        },
        &[
            "deadlock at 1.000 s: nothing can ever happen again",
            "  main waits for pool.acquire() since 1.000 s, held by main/task-0, which has ended, since 0.000 s \
             and main/task-1, which has ended, since 0.000 s and main/task-2, which has ended, since 0.000 s \
             and main/task-3, which has ended, since 0.000 s and main/task-4, which has ended, since 0.000 s and 2 more",
            "  nobody is left who could wake it",
        ],
    );
}

#[test]
fn a_condition_and_a_barrier_say_that_one_waits() {
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            let barrier = Barrier::new(&program, "barrier", NonZeroUsize::MAX);
            let event = Event::new(&program, "event");
            program.task(|_| async move { condition.hold().await.wait().await });
            program.task(|_| async move { barrier.wait().await });
            event.wait().await;
        },
        &[
            "deadlock at 0.000 s: nothing can ever happen again",
            "  main waits for event.wait() since 0.000 s",
            "  main/task-0 waits for condition.wait() since 0.000 s",
            "  main/task-1 waits for barrier.wait() since 0.000 s",
            "  nobody is left who could wake them",
        ],
    );
}

#[test]
fn a_foreign_future_that_nobody_completes() {
    check(
        |_| std::future::pending(),
        &[
            "deadlock at 0.000 s: nothing can ever happen again",
            "  main waits for something that timeskip does not know since 0.000 s",
            "  nobody is left who could wake it",
        ],
    );
}

#[test]
fn the_report_of_a_very_long_chain_comes_quickly() {
    let (_, ending) = observe(Simulation::new(), |program| async move {
        let queue = Queue::<u32>::unbounded(&program, "queue");
        let mut task = program.spawn(async move {
            queue.get().await;
        });
        for _ in 0..20_000 {
            task = program.spawn(async move {
                let _ = task.await;
            });
        }
        let _ = task.await;
    });
    let Ending::Deadlock { blocked, cycle, .. } = &ending else { panic!("{ending}") };
    assert_eq!((blocked.len(), cycle.len()), (20_002, 0));
    assert!(ending.to_string().contains("and 19982 more tasks"));
}
