//! Each way in which a run ends has a program that ends so.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use timeskip_executor::{Delay, Ending, Limit, Limits, Sim, SimTime, Simulation, Status, TieRule};

use crate::support::{Program, observe, seconds};

#[track_caller]
fn check<F: Future<Output = ()> + 'static>(limits: Limits, program: impl FnOnce(Program) -> F, expected: &str) {
    let (_, ending) = observe(Simulation::new().limits(limits), program);
    assert_eq!(ending.to_string(), expected);
}

#[test]
fn finished() {
    check(Limits::default(), |program| async move { program.pause(1.5).await }, "finished at 1.500 s");
}

#[test]
fn failed_because_main_says_so() {
    let fails = |sim: Sim| async move { sim.sleep(Duration::from_secs(1)).await };
    let run = Simulation::new().run_with(fails, |()| Status::Failed);
    assert_eq!(run.ending.to_string(), "failed at 1.000 s: main: it failed");
    assert_eq!(run.output, Some(()));
    let run = Simulation::new().run_with(fails, |()| Status::Cancelled);
    assert_eq!(run.ending.to_string(), "failed at 1.000 s: main: it was cancelled");
    assert_eq!(run.output, None);
}

#[test]
fn failed_because_a_task_panicked() {
    let (lines, ending) = observe(Simulation::new(), |program| async move {
        program.spawn_named("bad", async { panic!("{} is too many", 3) });
        program.spawn(program.clone().say("not printed", 1.0));
        program.pause(2.0).await;
    });
    assert_eq!(ending.to_string(), "failed at 0.000 s: main/bad-0: panicked: 3 is too many");
    assert_eq!(lines, [""; 0], "after a panic nothing of the program runs any more");
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("dropped");
        }
    }
}

#[test]
fn failed_because_what_a_cancel_drops_panicked() {
    check(
        Limits::default(),
        |program| async move {
            let task = program.task(|program| async move {
                let _bomb = Bomb;
                program.pause(9.0).await;
            });
            program.pause(1.0).await;
            task.cancel();
            program.pause(1.0).await;
        },
        "failed at 1.000 s: main/task-0: panicked: dropped",
    );
}

#[test]
fn failed_because_what_a_cancel_before_the_first_step_drops_panicked() {
    check(
        Limits::default(),
        |program| async move {
            let bomb = Bomb;
            let task = program.task(|_| async move { drop(bomb) });
            task.cancel();
            program.pause(1.0).await;
        },
        "failed at 0.000 s: main/task-0: panicked: dropped",
    );
}

#[test]
fn livelock() {
    check(
        Limits { turns_at_one_instant: 100, ..Limits::default() },
        |program| async move {
            program.pause(1.0).await;
            program.spawn_named("spinner", program.clone().ticker(1000)).await.unwrap_or_default();
        },
        "livelock at 1.000 s: 100 turns without time moving; running: main/spinner-0",
    );
}

#[test]
fn the_turn_of_a_timer_that_a_step_overtook_counts() {
    let rounds_until_livelock = |due: f64| {
        let rounds = Rc::new(Cell::new(0));
        let counted = Rc::clone(&rounds);
        let limits = Limits { turns_at_one_instant: 10, ..Limits::default() };
        let (_, ending) = observe(Simulation::new().ties(TieRule::Heapq).limits(limits), |program| async move {
            let sleeper = program.clone();
            let woken = program.spawn_named("sleeper", async move {
                sleeper.pause(due).await;
                loop {
                    counted.set(counted.get() + 1);
                    sleeper.yield_now().await;
                }
            });
            program.yield_now().await;
            program.block(seconds(2.0));
            let _ = woken.await;
        });
        assert!(ending.to_string().starts_with("livelock at 2.000 s"), "{ending}");
        rounds.get()
    };
    assert_eq!(rounds_until_livelock(1.0), rounds_until_livelock(2.0));
}

#[test]
fn many_turns_that_move_time_are_no_livelock() {
    check(
        Limits { turns_at_one_instant: 10, ..Limits::default() },
        |program| async move {
            for _ in 0..100 {
                program.pause(0.5).await;
                program.yield_now().await;
                program.block(seconds(0.5));
                program.yield_now().await;
            }
        },
        "finished at 100.000 s",
    );
}

#[test]
fn too_many_events() {
    check(
        Limits { events: 1000, ..Limits::default() },
        |program| async move {
            loop {
                program.pause(0.001).await;
            }
        },
        "limit reached at 0.500 s: 1000 events",
    );
}

#[test]
fn too_much_time() {
    let limits = Limits { time: Duration::from_secs(60), ..Limits::default() };
    let expected = "limit reached at 60.000 s: 60.000 s of virtual time";
    check(
        limits,
        |program| async move {
            loop {
                program.pause(7.5).await;
            }
        },
        expected,
    );
    check(
        limits,
        |program| async move {
            program.pause(60.0).await;
            program.pause(1e300).await;
        },
        expected,
    );
    check(
        limits,
        |program| async move {
            program.block(seconds(61.0));
            program.pause(1.0).await;
        },
        "limit reached at 61.000 s: 60.000 s of virtual time",
    );
}

#[test]
fn no_run_outlasts_the_clock() {
    let limits = Limits { time: Duration::MAX, ..Limits::default() };
    let years = |years: u64| Duration::from_secs(years * 365 * 24 * 60 * 60);
    for ties in [TieRule::Fifo, TieRule::Lifo, TieRule::Seeded { seed: 1 }, TieRule::Heapq] {
        let simulation = || Simulation::new().limits(limits).ties(ties);
        let slept = simulation().run(|sim| async move {
            sim.sleep(years(100)).await;
            sim.sleep(years(100)).await;
        });
        let reached = "limit reached at 3153600000.000 s: 4611686018.427387901 s of virtual time";
        assert_eq!(slept.ending.to_string(), reached, "{ties:?}");
        let blocked = simulation().run(|sim| async move {
            sim.block(years(200));
            sim.yield_now().await;
        });
        assert!(matches!(blocked.ending, Ending::LimitReached { limit: Limit::Time(_), .. }), "{ties:?}");
        let endless = Delay::from_secs_f64(f64::INFINITY).expect("it is no NaN");
        let never = simulation().run(|sim| async move { sim.sleep(endless).await });
        assert_eq!(never.ending.kind(), "deadlock", "{ties:?}");
    }
}

#[test]
fn too_many_tasks() {
    let (_, ending) =
        observe(Simulation::new().limits(Limits { tasks: 10, ..Limits::default() }), |program| async move {
            loop {
                program.spawn(program.clone().say("never", 1.0));
                program.yield_now().await;
            }
        });
    let ten = Limit::Tasks(10);
    assert_eq!(ending, Ending::LimitReached { at: SimTime::ZERO, limit: ten });
    check(
        Limits { tasks: 3, ..Limits::default() },
        |program| async move {
            for _ in 0..100 {
                let pair = ["a", "b"].map(|name| program.spawn(program.clone().say(name, 1.0)));
                assert!(program.gather(pair).await.is_ok(), "what has ended does not count");
            }
        },
        "finished at 100.000 s",
    );
}

#[test]
fn halted_by_an_upper_layer() {
    let steps = Rc::new(Cell::new(0));
    let counted = Rc::clone(&steps);
    let limit = Limit::Memory(5);
    check(
        Limits::default(),
        |program| async move {
            program.task(|program| async move {
                program.pause(1.0).await;
                program.halt(Ending::LimitReached { at: program.now(), limit });
                assert!(program.is_halted());
            });
            loop {
                program.pause(1.0).await;
                counted.set(counted.get() + 1);
            }
        },
        "limit reached at 1.000 s: 5 bytes of the program's own values",
    );
    assert_eq!(steps.get(), 1, "main was ahead of the other task in that turn, and never ran again");
}

#[test]
fn what_main_returned_is_there_even_if_closing_hangs() {
    let run = Simulation::new().run(|sim| async move {
        let clock = sim.clone();
        sim.spawn(async move {
            let _ = clock.catch_cancel(clock.sleep(Duration::from_secs(9))).await;
            std::future::pending::<()>().await;
        });
        sim.sleep(Duration::from_secs(1)).await;
        42
    });
    assert_eq!((run.ending.kind(), run.output), ("deadlock", Some(42)));
}

#[test]
fn a_sleep_that_never_ends_is_a_deadlock() {
    // CPython 3.13 waits for ever; on a virtual loop nothing is left that could happen.
    for ties in [TieRule::Fifo, TieRule::Heapq] {
        let (_, ending) = observe(Simulation::new().ties(ties), |program| async move {
            program.pause(f64::INFINITY).await;
        });
        let expected = "deadlock at 0.000 s: nothing can ever happen again\n  \
                        main waits for a sleep that never ends since 0.000 s\n  nobody is left who could wake it";
        assert_eq!(ending.to_string(), expected);
    }
}
