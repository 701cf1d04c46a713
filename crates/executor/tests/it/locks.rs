//! Locks: who gets them, and when. What is stated is what CPython 3.13's test_locks.py states.

use std::cell::Cell;
use std::rc::Rc;

use timeskip_executor::JoinHandle;
use timeskip_executor::sync::{Lock, LockNotAcquired};

use crate::support::{Program, check, seconds};

/// A task that takes the lock, says so and keeps it.
fn taker(program: &Program, lock: &Lock, name: &'static str) -> JoinHandle<()> {
    let lock = lock.clone();
    program.task(|program| async move {
        lock.acquire().await;
        program.print(format!("{name} took it"));
    })
}

#[test]
fn releasing_what_nobody_holds_is_an_error() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            program.print(format!("{} {:?}", lock.locked(), lock.release()));
            lock.acquire().await;
            program.print(format!("{} {:?} {}", lock.locked(), lock.release(), lock.locked()));
            assert_eq!(lock.release(), Err(LockNotAcquired));
            assert_eq!(LockNotAcquired.to_string(), "Lock is not acquired.");
        },
        &["false Err(LockNotAcquired)", "true Ok(()) false"],
    );
}

#[test]
fn a_guard_gives_the_lock_back_when_it_is_dropped_or_its_task_is_cancelled() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            {
                let _guard = lock.hold().await;
                program.print(lock.locked());
            }
            program.print(lock.locked());
            let other = lock.clone();
            let holder = program.task(|program| async move {
                let _guard = other.hold().await;
                program.pause(9.0).await;
            });
            program.yield_now().await;
            program.print(lock.locked());
            assert!(holder.cancel());
            lock.acquire().await;
            program.print(format!("{} at {}", holder.done(), program.time()));
        },
        &["true", "false", "true", "true at 0.0"],
    );
}

#[test]
fn releases_serve_the_line_in_order_one_at_a_time() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let (first, second) = (taker(&program, &lock, "1"), taker(&program, &lock, "2"));
            program.yield_now().await;
            program.print("all wait");
            assert_eq!(lock.release(), Ok(()));
            program.yield_now().await;
            program.yield_now().await;
            program.print(format!("{} {}", first.done(), second.done()));
            let third = taker(&program, &lock, "3");
            assert_eq!(lock.release(), Ok(()));
            program.yield_now().await;
            assert_eq!(lock.release(), Ok(()));
            program.yield_now().await;
            program.print(format!("{} {}", second.done(), third.done()));
        },
        &["all wait", "1 took it", "true false", "2 took it", "3 took it", "true true"],
    );
}

#[test]
fn nobody_overtakes_the_one_that_was_woken() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let waiter = taker(&program, &lock, "waiter");
            program.yield_now().await;
            assert_eq!(lock.release(), Ok(()));
            program.print(format!("free: {}", !lock.locked()));
            let again = lock.clone();
            let late = program.task(|program| async move {
                again.acquire().await;
                program.print("main again");
            });
            program.yield_now().await;
            program.print(format!("{} {}", waiter.done(), late.done()));
            assert_eq!(lock.release(), Ok(()));
            assert_eq!(late.await, Ok(()));
        },
        &["free: true", "waiter took it", "true false", "main again"],
    );
}

#[test]
fn a_cancelled_waiter_leaves_the_line() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let waiter = taker(&program, &lock, "waiter");
            program.yield_now().await;
            program.print(lock.waiters());
            assert!(waiter.cancel());
            assert!(waiter.await.is_err());
            program.print(format!("{} {}", lock.waiters(), lock.locked()));
        },
        &["1", "0 true"],
    );
}

#[test]
fn a_release_between_the_cancel_of_the_first_and_its_step_serves_the_second() {
    // test_cancel_race, test_finished_waiter_cancelled and test_cancel_release_race: the release finds the cancelled one
    // at the front and wakes nobody; it wakes the next itself when it learns of its cancel, and nobody else.
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let tasks = ["b", "c", "d"].map(|name| taker(&program, &lock, name));
            program.yield_now().await;
            assert!(tasks[0].cancel());
            assert_eq!(lock.release(), Ok(()));
            program.yield_now().await;
            program.print(format!("in this turn: {} {}", tasks[0].done(), lock.locked()));
            program.yield_now().await;
            program.print(format!("in the next: {} {}", tasks[1].done(), tasks[2].done()));
            assert!(tasks[2].cancel());
        },
        &["in this turn: true false", "c took it", "in the next: true false"],
    );
}

#[test]
fn a_woken_waiter_that_is_cancelled_passes_the_lock_on() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let tasks = ["b", "c"].map(|name| taker(&program, &lock, name));
            program.yield_now().await;
            assert_eq!(lock.release(), Ok(()));
            assert!(tasks[0].cancel());
            program.yield_now().await;
            program.print(format!("{} {}", tasks[0].done(), lock.locked()));
            assert_eq!(tasks[1].clone().await, Ok(()));
        },
        &["true false", "c took it"],
    );
}

#[test]
fn a_line_of_nothing_but_cancelled_waiters_is_jumped() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let tasks = ["b", "c"].map(|name| taker(&program, &lock, name));
            program.yield_now().await;
            assert!(tasks.iter().all(JoinHandle::cancel));
            assert_eq!(lock.release(), Ok(()));
            lock.acquire().await;
            program.print(format!("taken in the same step; done: {}", tasks[0].done()));
        },
        &["taken in the same step; done: false"],
    );
}

#[test]
fn foreign_combinators_wait_for_a_lock() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let holds = Rc::new(Cell::new(0));
            let (left, right) = (lock.clone(), lock.clone());
            let both = program.task(|program| async move {
                {
                    let (attempt, patience) = (left.acquire(), program.sleep(seconds(1.0)));
                    futures_util::pin_mut!(attempt, patience);
                    futures_util::future::select(attempt, patience).await;
                }
                program.print(format!("gave up; {} in line", left.waiters()));
                let (guard, ()) = futures_util::future::join(left.hold(), async { holds.set(1) }).await;
                program.print(format!("held after a join: {}", left.locked()));
                drop(guard);
            });
            program.pause(2.0).await;
            assert_eq!(right.release(), Ok(()));
            assert_eq!(both.await, Ok(()));
            program.print(right.locked());
        },
        &["gave up; 0 in line", "held after a join: true", "false"],
    );
}

#[test]
fn a_waiter_whose_cancel_another_future_took_comes_anew() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            lock.acquire().await;
            let own = lock.clone();
            let task = program.task(|program| async move {
                let caught = async { program.catch_cancel(program.pause(9.0)).await.is_err() };
                let (_, caught) = futures_util::future::join(own.acquire(), caught).await;
                program.print(format!("{caught} {}", own.locked()));
            });
            program.pause(1.0).await;
            assert!(task.cancel());
            assert_eq!(lock.release(), Ok(()));
            assert_eq!(task.await, Ok(()));
        },
        &["true true"],
    );
}
