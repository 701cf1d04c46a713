//! Conditions: notifications, the lock, and cancels between them. What is stated is what CPython 3.13's test_locks.py states.

use std::cell::Cell;
use std::rc::Rc;

use timeskip_executor::JoinHandle;
use timeskip_executor::sync::{Condition, Lock, LockNotHeld};

use crate::support::{Program, check, seconds};

/// A task that waits once, says so, and keeps the lock.
fn keeper(program: &Program, condition: &Condition, name: &'static str) -> JoinHandle<()> {
    let condition = condition.clone();
    program.task(|program| async move {
        condition.acquire().await;
        assert_eq!(condition.wait().await, Ok(()));
        program.print(name);
    })
}

#[test]
fn a_notified_task_goes_on_when_it_has_the_lock() {
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            let tasks = ["1", "2", "3"].map(|name| keeper(&program, &condition, name));
            program.yield_now().await;
            program.print(format!("locked: {}", condition.locked()));
            condition.acquire().await;
            assert_eq!(condition.notify(1), Ok(()));
            program.yield_now().await;
            program.print("notified");
            assert_eq!(condition.release(), Ok(()));
            program.yield_now().await;
            assert_eq!(condition.notify(2), Ok(()));
            program.yield_now().await;
            for _ in 0..2 {
                program.print("release");
                assert_eq!(condition.release(), Ok(()));
                program.yield_now().await;
            }
            program.print(format!("{} {}", condition.locked(), tasks.iter().all(JoinHandle::done)));
        },
        &["locked: false", "notified", "1", "release", "2", "release", "3", "true true"],
    );
}

#[test]
fn notify_wakes_so_many_and_notify_all_the_rest() {
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            let tasks = ["1", "2", "3", "4"].map(|name| {
                let condition = condition.clone();
                program.task(|program| async move {
                    let mut guard = condition.hold().await;
                    guard.wait().await;
                    program.print(name);
                })
            });
            program.yield_now().await;
            condition.hold().await.notify(1);
            program.yield_now().await;
            program.print(format!("{} in line", condition.waiters()));
            {
                let guard = condition.hold().await;
                guard.notify(0);
                guard.notify(1);
                guard.notify_all();
            }
            assert!(program.gather(tasks).await.is_ok());
        },
        &["1", "3 in line", "2", "3", "4"],
    );
}

#[test]
fn without_the_lock_one_neither_waits_nor_notifies() {
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            program.print(format!("{:?} {:?}", condition.wait().await, condition.notify_all()));
            program.print(format!("{:?}", condition.wait_for(|| true).await));
            program.print(format!("{:?}", condition.wait_for(|| false).await));
            assert_eq!(LockNotHeld::Wait.to_string(), "cannot wait on un-acquired lock");
            assert_eq!(LockNotHeld::Notify.to_string(), "cannot notify on un-acquired lock");
        },
        &["Err(Wait) Err(Notify)", "Ok(())", "Err(Wait)"],
    );
}

#[test]
fn wait_for_asks_again_after_each_notification() {
    check(
        |program| async move {
            let (condition, is_true) = (Condition::new(&program, "condition"), Rc::new(Cell::new(false)));
            let (own, predicate) = (condition.clone(), Rc::clone(&is_true));
            let task = program.task(|program| async move {
                let mut guard = own.hold().await;
                guard.wait_for(|| predicate.get()).await;
                program.print("it holds");
            });
            program.yield_now().await;
            condition.hold().await.notify(1);
            program.yield_now().await;
            program.print("not yet");
            is_true.set(true);
            condition.hold().await.notify(1);
            program.yield_now().await;
            program.print(task.done());
        },
        &["not yet", "it holds", "true"],
    );
}

#[test]
fn a_cancelled_wait_ends_with_the_lock_held() {
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            condition.acquire().await;
            let own = condition.clone();
            let task = program.task(|_| async move { own.wait().await });
            program.yield_now().await;
            assert!(task.cancel());
            assert!(task.await.is_err());
            program.print(format!("{} {}", condition.waiters(), condition.locked()));
        },
        &["0 true"],
    );
}

#[test]
fn a_cancel_while_the_lock_is_contested_is_kept_until_it_is_held() {
    // test_wait_cancel_after_notify and test_cancelled_error_re_aquire: the notified task stands in line for the lock.
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            let own = condition.clone();
            let task = program.task(|program| async move {
                let mut guard = own.hold().await;
                let caught = program.catch_cancel(guard.wait()).await;
                program.print(format!("cancelled: {}, holds it: {}", caught.is_err(), own.locked()));
                program.reraise_cancel(caught.err().unwrap_or_default()).await;
            });
            program.yield_now().await;
            condition.acquire().await;
            assert_eq!(condition.notify(1), Ok(()));
            program.yield_now().await;
            assert!(task.cancel());
            program.yield_now().await;
            program.print(format!("ended: {}", task.done()));
            assert_eq!(condition.release(), Ok(()));
            program.yield_now().await;
            program.print(format!("ended: {}, locked: {}", task.done(), condition.locked()));
            assert!(task.await.is_err());
        },
        &["ended: false", "cancelled: true, holds it: true", "ended: true, locked: false"],
    );
}

/// Two consumers wait for one item; the first is cancelled at the same time as it is notified.
async fn notification_races_cancel(program: Program, lock_is_waited_for: bool) {
    let (condition, stock) = (Condition::new(&program, "condition"), Rc::new(Cell::new(0)));
    let consumers = ["a", "b"].map(|name| {
        let (condition, stock) = (condition.clone(), Rc::clone(&stock));
        program.task(|program| async move {
            let mut guard = condition.hold().await;
            guard.wait_for(|| stock.get() > 0).await;
            stock.set(stock.get() - 1);
            program.print(format!("{name} has it"));
        })
    });
    program.yield_now().await;
    let mut guard = condition.hold().await;
    stock.set(1);
    guard.notify(1);
    if lock_is_waited_for {
        program.yield_now().await;
    }
    assert!(consumers[0].cancel());
    guard.wait_for(|| stock.get() == 0 || consumers[1].done()).await;
}

#[test]
fn the_notification_of_a_cancelled_waiter_goes_to_the_next() {
    // test_cancelled_wakeup and test_cancelled_wakeup_relock: a deadlock up to CPython 3.12.
    for lock_is_waited_for in [false, true] {
        check(
            move |program| async move {
                let main = program.task(|program| notification_races_cancel(program, lock_is_waited_for));
                program.pause(1.0).await;
                assert!(main.cancel());
            },
            &["b has it"],
        );
    }
}

#[test]
fn several_conditions_share_a_lock() {
    check(
        |program| async move {
            let lock = Lock::new(&program, "lock");
            let [left, right] = ["left", "right"].map(|name| Condition::with_lock(&program, name, &lock));
            let waiter = keeper(&program, &left, "notified");
            program.yield_now().await;
            {
                let _held = lock.hold().await;
                program.print(format!("{} {}", left.locked(), right.locked()));
                assert_eq!((right.notify_all(), left.notify_all()), (Ok(()), Ok(())));
            }
            assert_eq!(waiter.await, Ok(()));
            program.print(lock.locked());
        },
        &["true true", "notified", "true"],
    );
}

#[test]
fn a_wait_that_is_dropped_leaves_the_lock_to_others() {
    // No cancel: a combinator lets it go. The guard then has no lock to give back.
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            let own = condition.clone();
            let task = program.task(|program| async move {
                let mut guard = own.hold().await;
                {
                    let (wait, patience) = (guard.wait(), program.sleep(seconds(1.0)));
                    futures_util::pin_mut!(wait);
                    futures_util::future::select(wait, patience).await;
                }
                program.print(format!("{} in line", own.waiters()));
            });
            program.yield_now().await;
            condition.acquire().await;
            assert_eq!(task.await, Ok(()));
            program.print(condition.locked());
        },
        &["0 in line", "true"],
    );
}

#[test]
fn a_wait_whose_time_is_over_has_the_lock_again() {
    check(
        |program| async move {
            let condition = Condition::new(&program, "condition");
            condition.acquire().await;
            let waited = program.timeout(seconds(0.5), condition.wait()).await;
            program.print(format!("{waited:?} {} {}", condition.locked(), condition.waiters()));
        },
        &["Err(Elapsed) true 0"],
    );
}
