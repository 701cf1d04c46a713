//! Barriers: filling, draining, aborting, resetting. What is stated is what CPython 3.13's test_locks.py states.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::rc::Rc;

use timeskip_executor::JoinHandle;
use timeskip_executor::sync::{Barrier, BrokenBarrier};

use crate::support::{Program, check};

fn barrier(program: &Program, parties: usize) -> Barrier {
    Barrier::new(program, "barrier", NonZeroUsize::new(parties).expect("tests wait for somebody"))
}

/// Tasks that wait once; each prints what came of it.
fn waiters(program: &Program, barrier: &Barrier, names: &[&'static str]) -> Vec<JoinHandle<()>> {
    let start = |&name: &&'static str| {
        let barrier = barrier.clone();
        program.task(move |program| async move {
            let passed = barrier.wait().await;
            program.print(format!("{name} {passed:?} {}", barrier.state()));
        })
    };
    names.iter().map(start).collect()
}

#[test]
fn the_last_one_lets_all_through_and_goes_first() {
    check(
        |program| async move {
            let barrier = barrier(&program, 3);
            let mut tasks = waiters(&program, &barrier, &["a"]);
            program.yield_now().await;
            program.print(format!("{} of {} {}", barrier.n_waiting(), barrier.parties(), barrier.state()));
            tasks.extend(waiters(&program, &barrier, &["b", "c"]));
            assert!(program.gather(tasks).await.is_ok());
            program.print(format!("{} {} {}", barrier.n_waiting(), barrier.broken(), barrier.state()));
        },
        &["1 of 3 filling", "c Ok(2) draining", "a Ok(0) draining", "b Ok(1) filling", "0 false filling"],
    );
}

#[test]
fn a_barrier_for_one_holds_nobody_up() {
    check(
        |program| async move {
            let barrier = barrier(&program, 1);
            for _ in 0..2 {
                program.print(format!("{:?} {}", barrier.wait().await, barrier.n_waiting()));
            }
        },
        &["Ok(0) 0", "Ok(0) 0"],
    );
}

#[test]
fn it_is_used_again_and_again() {
    check(
        |program| async move {
            let barrier = barrier(&program, 5);
            let arrived = Rc::new(Cell::new([0; 2]));
            let tasks = [(); 5].map(|()| {
                let (barrier, arrived) = (barrier.clone(), Rc::clone(&arrived));
                program.task(|_| async move {
                    for round in 0..2 {
                        let mut count = arrived.get();
                        count[round] += 1;
                        arrived.set(count);
                        assert!(barrier.wait().await.is_ok());
                        assert_eq!(arrived.get()[round], 5, "nobody passes before the last one has come");
                    }
                })
            });
            program.gather(tasks).await.expect("nobody fails");
            program.print(format!("{:?} {} {}", arrived.get(), barrier.n_waiting(), barrier.broken()));
        },
        &["[5, 5] 0 false"],
    );
}

#[test]
fn who_comes_while_it_drains_waits_until_the_last_has_left() {
    check(
        |program| async move {
            let barrier = barrier(&program, 2);
            let mut tasks = waiters(&program, &barrier, &["a", "b", "c"]);
            program.yield_now().await;
            program.print(format!("{} {}", barrier.state(), barrier.n_waiting()));
            program.yield_now().await;
            program.yield_now().await;
            program.print(format!("{} {}", barrier.state(), barrier.n_waiting()));
            tasks.extend(waiters(&program, &barrier, &["d"]));
            assert!(program.gather(tasks).await.is_ok());
        },
        &["b Ok(1) draining", "draining 0", "a Ok(0) filling", "filling 1", "d Ok(1) draining", "c Ok(0) filling"],
    );
}

#[test]
fn a_cancelled_waiter_leaves_its_place_to_another() {
    check(
        |program| async move {
            let barrier = barrier(&program, 3);
            let early = waiters(&program, &barrier, &["a", "b"]);
            program.yield_now().await;
            assert!(early[0].cancel());
            program.yield_now().await;
            program.print(format!("{} {}", barrier.n_waiting(), early[0].done()));
            let late = waiters(&program, &barrier, &["c", "d"]);
            assert!(program.gather(early.into_iter().skip(1).chain(late)).await.is_ok());
            program.print(format!("{} {}", barrier.n_waiting(), barrier.broken()));
        },
        &["1 true", "d Ok(2) draining", "b Ok(1) draining", "c Ok(1) filling", "0 false"],
    );
}

#[test]
fn a_reset_sends_away_who_waits_and_begins_anew() {
    check(
        |program| async move {
            let barrier = barrier(&program, 3);
            barrier.reset().await;
            program.print(barrier.state());
            let sent_away = waiters(&program, &barrier, &["a", "b"]);
            program.yield_now().await;
            barrier.reset().await;
            program.print(barrier.state());
            assert!(program.gather(sent_away).await.is_ok());
            program.print(format!("{} {} {}", barrier.state(), barrier.n_waiting(), barrier.broken()));
            assert!(program.gather(waiters(&program, &barrier, &["c", "d", "e"])).await.is_ok());
        },
        &[
            "filling",
            "resetting",
            "a Err(Interrupted) resetting",
            "b Err(Interrupted) filling",
            "filling 0 false",
            "e Ok(2) draining",
            "c Ok(0) draining",
            "d Ok(1) filling",
        ],
    );
}

#[test]
fn a_reset_while_it_drains_sends_away_who_is_still_inside() {
    check(
        |program| async move {
            let barrier = barrier(&program, 4);
            let resetter = barrier.clone();
            let early = waiters(&program, &barrier, &["a", "b", "c"]);
            let last = program.task(|program| async move {
                let passed = resetter.wait().await;
                program.print(format!("last {passed:?}"));
                resetter.reset().await;
            });
            assert!(program.gather(early.into_iter().chain([last])).await.is_ok());
            program.print(format!("{} {}", barrier.state(), barrier.broken()));
        },
        &[
            "last Ok(3)",
            "a Err(Interrupted) resetting",
            "b Err(Interrupted) resetting",
            "c Err(Interrupted) filling",
            "filling false",
        ],
    );
}

#[test]
fn an_aborted_barrier_sends_everybody_away_until_it_is_reset() {
    check(
        |program| async move {
            let barrier = barrier(&program, 3);
            let early = waiters(&program, &barrier, &["a"]);
            program.yield_now().await;
            barrier.abort().await;
            program.print(format!("{} {}", barrier.state(), barrier.broken()));
            let late = waiters(&program, &barrier, &["b"]);
            assert!(program.gather(early.into_iter().chain(late)).await.is_ok());
            barrier.reset().await;
            assert!(program.gather(waiters(&program, &barrier, &["c", "d", "e"])).await.is_ok());
            assert_eq!(BrokenBarrier::Aborted.to_string(), "Barrier aborted");
            assert_eq!(BrokenBarrier::Interrupted.to_string(), "Abort or reset of barrier");
        },
        &[
            "broken true",
            "a Err(Interrupted) broken",
            "b Err(Aborted) broken",
            "e Ok(2) draining",
            "c Ok(0) draining",
            "d Ok(1) filling",
        ],
    );
}
