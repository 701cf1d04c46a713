//! Semaphores: who gets a permit, and what the value is meanwhile. What is stated is what CPython 3.13's test_locks.py states.

use timeskip_executor::JoinHandle;
use timeskip_executor::sync::{BoundedSemaphore, ReleasedTooOften, Semaphore};

use crate::support::{Program, check};

/// A task that takes a permit, says so and keeps it.
fn taker(program: &Program, semaphore: &Semaphore, name: &'static str) -> JoinHandle<()> {
    let semaphore = semaphore.clone();
    program.task(|program| async move {
        semaphore.acquire().await;
        program.print(format!("{name} took one"));
    })
}

#[test]
fn without_permits_it_is_locked_from_the_start() {
    check(
        |program| async move {
            program.print(Semaphore::new(&program, "none", 0).locked());
            let one = Semaphore::new(&program, "one", 1);
            program.print(format!("{} {}", one.locked(), one.value()));
            one.acquire().await;
            program.print(format!("{} {}", one.locked(), one.value()));
            one.release();
            program.print(format!("{} {}", one.locked(), one.value()));
        },
        &["true", "false 1", "true 0", "false 1"],
    );
}

#[test]
fn only_a_bounded_one_can_be_released_too_often() {
    check(
        |program| async move {
            let plain = Semaphore::new(&program, "plain", 1);
            plain.release();
            let bounded = BoundedSemaphore::new(&program, "bounded", 1);
            program.print(format!("{} {:?}", plain.value(), bounded.release()));
            bounded.acquire().await;
            program.print(format!("{:?} {:?}", bounded.release(), bounded.release()));
            assert_eq!(ReleasedTooOften.to_string(), "BoundedSemaphore released too many times");
            drop(bounded.hold().await);
            program.print(format!("{} {}", bounded.value(), bounded.locked()));
        },
        &["2 Err(ReleasedTooOften)", "Ok(()) Err(ReleasedTooOften)", "1 false"],
    );
}

#[test]
fn a_release_takes_its_permit_off_the_value_for_the_one_it_wakes() {
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 3);
            for _ in 0..2 {
                pool.acquire().await;
            }
            let tasks = ["1", "2", "3"].map(|name| taker(&program, &pool, name));
            program.yield_now().await;
            program.print(format!("{} {} waiting", pool.value(), pool.waiters()));
            let late = taker(&program, &pool, "4");
            pool.release();
            pool.release();
            program.print(format!("{} {}", pool.value(), pool.locked()));
            program.yield_now().await;
            program.print(format!("{} {} waiting", pool.value(), pool.waiters()));
            program.print(format!("{} {}", tasks[2].done(), late.done()));
            pool.release();
            assert_eq!(late.await, Ok(()));
        },
        &["1 took one", "0 2 waiting", "0 true", "2 took one", "3 took one", "0 1 waiting", "true false", "4 took one"],
    );
}

#[test]
fn a_cancelled_waiter_leaves_the_line() {
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 1);
            pool.acquire().await;
            let waiter = taker(&program, &pool, "waiter");
            program.yield_now().await;
            assert!(waiter.cancel());
            assert!(waiter.await.is_err());
            program.print(pool.waiters());
        },
        &["0"],
    );
}

#[test]
fn a_release_passes_the_cancelled_by() {
    // test_acquire_cancel_before_awoken and test_acquire_hang.
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 0);
            let tasks = ["1", "2", "3", "4"].map(|name| taker(&program, &pool, name));
            program.yield_now().await;
            assert!(tasks[0].cancel() && tasks[1].cancel());
            pool.release();
            program.yield_now().await;
            program.yield_now().await;
            program.print(format!("{:?} {}", tasks.each_ref().map(JoinHandle::done), pool.locked()));
            assert!(tasks[3].cancel());
        },
        &["3 took one", "[true, true, true, false] true"],
    );
}

#[test]
fn a_woken_waiter_that_is_cancelled_gives_its_permit_back() {
    // test_acquire_no_hang.
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 1);
            pool.acquire().await;
            let waiter = taker(&program, &pool, "waiter");
            program.yield_now().await;
            pool.release();
            program.print(format!("{} {}", pool.value(), pool.locked()));
            assert!(waiter.cancel());
            assert!(waiter.await.is_err());
            program.print(format!("{} {}", pool.value(), pool.locked()));
            pool.acquire().await;
        },
        &["0 true", "1 false"],
    );
}

#[test]
fn holders_take_turns() {
    // test_acquire_fifo_order.
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 1);
            let tasks = ["a", "b", "c"].map(|name| {
                let pool = pool.clone();
                program.task(|program| async move {
                    for round in 1..3 {
                        let _permit = pool.hold().await;
                        program.print(format!("{name}{round}"));
                        program.pause(0.01).await;
                    }
                })
            });
            assert!(program.gather(tasks).await.is_ok());
        },
        &["a1", "b1", "c1", "a2", "b2", "c2"],
    );
}

#[test]
fn who_comes_again_stands_behind_who_waits() {
    // test_acquire_fifo_order_2 and _3.
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 1);
            let first = taker(&program, &pool, "1");
            let again = pool.clone();
            let second = program.task(|program| async move {
                again.acquire().await;
                program.print("2");
                again.release();
                again.acquire().await;
                program.print("2 again");
            });
            let third = taker(&program, &pool, "3");
            program.yield_now().await;
            pool.release();
            pool.release();
            assert!(program.gather([first, second, third]).await.is_ok());
        },
        &["1 took one", "2", "3 took one", "2 again"],
    );
}

#[test]
fn a_woken_task_wakes_those_who_came_after_it_for_permits_that_are_left() {
    // test_acquire_fifo_order_4: while one is on its way to its permit, everybody else has to stand in line.
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 0);
            let first = taker(&program, &pool, "1");
            let giver = pool.clone();
            let second = program.task(|program| async move {
                for _ in 0..3 {
                    giver.release();
                }
                program.print(format!("{} {}", giver.value(), giver.locked()));
                giver.acquire().await;
                program.print("2");
            });
            let third = taker(&program, &pool, "3");
            program.yield_now().await;
            program.print(format!("{} {} in line", pool.value(), pool.waiters()));
            program.yield_now().await;
            assert!(program.gather([first, second, third]).await.is_ok());
            program.print(pool.value());
        },
        &["2 true", "2 3 in line", "1 took one", "2", "3 took one", "0"],
    );
}

#[test]
fn a_long_line_of_cancelled_waiters_costs_its_length_once() {
    // Looking through all of them for each permit would take minutes.
    const MANY: u32 = 30_000;
    check(
        |program| async move {
            let pool = Semaphore::new(&program, "pool", 0);
            let tasks: Vec<_> = (0..MANY)
                .map(|_| {
                    let pool = pool.clone();
                    program.task(|_| async move { pool.acquire().await })
                })
                .collect();
            program.yield_now().await;
            assert!(tasks.iter().all(JoinHandle::cancel));
            (0..MANY).for_each(|_| pool.release());
            for _ in 0..MANY {
                pool.acquire().await;
            }
            program.print(format!("{} {} in line", pool.value(), pool.waiters()));
        },
        &["0 30000 in line"],
    );
}
