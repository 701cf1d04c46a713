//! A few timers that are known to come next are jumped to in another way than many, or while somebody watches: nobody can
//! tell.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use timeskip_executor::{Ending, Limits, Sim, Simulation, TieRule};

use crate::watching::Recorder;

const SLEEPERS: u64 = 40;

type Page = Rc<RefCell<Vec<String>>>;

/// Runs sleepers that wake alone and in company; each of their steps calls `also`. Gives what they saw.
fn run(simulation: Simulation, also: impl Fn(&Sim, u64, &Page) + 'static) -> (Vec<String>, Ending) {
    let lines = Page::default();
    let page = Rc::clone(&lines);
    let also = Rc::new(also);
    let run = simulation.run(|sim| async move {
        for sleeper in 0..SLEEPERS {
            let (clock, page, also) = (sim.clone(), Rc::clone(&page), Rc::clone(&also));
            sim.spawn(async move {
                for nap in 0..20 {
                    clock.sleep(Duration::from_millis(1 + (sleeper * 7 + nap * nap) % 30)).await;
                    page.borrow_mut().push(format!("{} {sleeper} {nap}", clock.now()));
                    also(&clock, sleeper * 20 + nap, &page);
                }
            });
        }
        sim.sleep(Duration::from_secs(2)).await;
    });
    (lines.take(), run.ending)
}

/// Holds a run against a watched one.
#[track_caller]
fn check(limits: Limits, also: impl Fn(&Sim, u64, &Page) + Clone + 'static) -> Ending {
    for ties in [TieRule::Fifo, TieRule::Lifo, TieRule::Seeded { seed: 1 }] {
        let plain = run(Simulation::new().ties(ties).limits(limits), also.clone());
        let watched = run(Simulation::new().ties(ties).limits(limits).observer(Recorder::default()), also.clone());
        assert_eq!(plain, watched, "{ties:?}, {limits:?}");
    }
    run(Simulation::new().limits(limits), also).1
}

#[test]
fn sleepers_see_the_same() {
    let ending = check(Limits::default(), |_, _, _| {});
    assert_eq!(ending.to_string(), "finished at 2.000 s");
}

#[test]
fn each_limit_of_events_ends_the_run_at_the_same_event() {
    // The 41 tasks step 842 times, and 801 timers fire.
    for events in (0..1_640).step_by(11) {
        let ending = check(Limits { events, ..Limits::default() }, |_, _, _| {});
        assert!(matches!(ending, Ending::LimitReached { .. }), "{ending}");
    }
}

#[test]
fn each_limit_of_turns_ends_the_run_in_the_same_turn() {
    let is_livelock = |turns_at_one_instant| {
        let ending = check(Limits { turns_at_one_instant, ..Limits::default() }, |_, _, _| {});
        matches!(ending, Ending::Livelock { .. })
    };
    // Sleepers need two; the run needs three at its end.
    assert_eq!([0, 1, 2, 3].map(is_livelock), [true, true, true, false]);
}

#[test]
fn the_limit_of_time_ends_the_run_before_the_jump_that_passes_it() {
    for micros in [999, 1_000, 1_001, 50_000, 1_999_999] {
        let ending = check(Limits { time: Duration::from_micros(micros), ..Limits::default() }, |_, _, _| {});
        assert!(
            matches!(ending, Ending::LimitReached { at, .. } if u128::from(at.as_nanos()) <= u128::from(micros) * 1_000)
        );
    }
}

/// Callbacks of timers, some of which are due together with sleeps.
fn call(sim: &Sim, step: u64, page: &Page) {
    if step.is_multiple_of(5) {
        let (clock, page) = (sim.clone(), Rc::clone(page));
        sim.call_later(Duration::from_millis(step % 11), move || {
            page.borrow_mut().push(format!("{} call {step}", clock.now()));
        });
    }
}

#[test]
fn callbacks_among_sleepers_are_called_in_their_turn() {
    check(Limits::default(), call);
    for events in (1_000..1_800).step_by(11) {
        check(Limits { events, ..Limits::default() }, call);
    }
}

#[test]
fn sleepers_that_were_cancelled_are_passed_over_and_may_sleep_on() {
    let cancel = |sim: &Sim, step: u64, page: &Page| {
        let (clock, page) = (sim.clone(), Rc::clone(page));
        let task = sim.spawn(async move {
            let first = clock.catch_cancel(clock.sleep(Duration::from_millis(step % 7 + 2))).await;
            page.borrow_mut().push(format!("{} {step} {}", clock.now(), first.is_err()));
            clock.sleep(Duration::from_millis(9)).await;
            page.borrow_mut().push(format!("{} {step} awake", clock.now()));
        });
        if step.is_multiple_of(3) {
            sim.call_later(Duration::from_millis(1 + step % 2), move || {
                task.cancel();
            });
        }
    };
    assert_eq!(check(Limits::default(), cancel).to_string(), "finished at 2.000 s");
    for events in (2_000..5_000).step_by(101) {
        check(Limits { events, ..Limits::default() }, cancel);
    }
}

#[test]
fn one_sleeper_alone_needs_two_turns_at_an_instant() {
    let ending = |simulation: Simulation, turns_at_one_instant| {
        let limits = Limits { turns_at_one_instant, ..Limits::default() };
        let alone = simulation.limits(limits).run(|sim| async move {
            for millis in [1000, 1, 1, 1] {
                sim.sleep(Duration::from_millis(millis)).await;
            }
            // It never ends, which would take more turns.
            std::future::pending::<()>().await;
        });
        (alone.ending.kind(), alone.ending.at().as_secs_f64())
    };
    for (turns, expected) in [(0, ("livelock", 0.0)), (1, ("livelock", 1.0)), (2, ("deadlock", 1.003))] {
        assert_eq!(ending(Simulation::new(), turns), expected);
        assert_eq!(ending(Simulation::new().observer(Recorder::default()), turns), expected);
    }
}

/// Runs very many sleepers of one deadline, beside some that are cancelled and some calls; gives what they saw.
fn run_many(simulation: Simulation, calls_at: &'static [u64]) -> (Vec<String>, Ending) {
    let lines = Page::default();
    let page = Rc::clone(&lines);
    let run = simulation.run(|sim| async move {
        for sleeper in 0..900 {
            let (clock, its_page) = (sim.clone(), Rc::clone(&page));
            let task = sim.spawn(async move {
                clock.sleep(Duration::from_millis(1)).await;
                its_page.borrow_mut().push(format!("{} {sleeper}", clock.now()));
                clock.sleep(Duration::from_millis(sleeper % 3)).await;
                its_page.borrow_mut().push(format!("{} {sleeper} again", clock.now()));
            });
            if sleeper % 7 == 0 {
                sim.call_later(Duration::from_micros(5), move || {
                    task.cancel();
                });
            }
            if calls_at.contains(&sleeper) {
                // It is armed among the sleeps.
                let (clock, page) = (sim.clone(), Rc::clone(&page));
                sim.spawn(async move {
                    let at = clock.now();
                    let called = clock.clone();
                    clock.call_later(Duration::from_millis(1), move || {
                        page.borrow_mut().push(format!("{} call of {at}", called.now()));
                    });
                });
            }
        }
        sim.sleep(Duration::from_secs(2)).await;
    });
    (lines.take(), run.ending)
}

#[test]
fn very_many_sleepers_wake_in_the_order_of_their_sleeps() {
    for calls_at in [&[][..], &[0], &[1, 300, 899], &[511, 512, 513]] {
        for ties in [TieRule::Fifo, TieRule::Lifo, TieRule::Seeded { seed: 1 }] {
            let plain = run_many(Simulation::new().ties(ties), calls_at);
            let watched = run_many(Simulation::new().ties(ties).observer(Recorder::default()), calls_at);
            assert_eq!(plain.1.to_string(), "finished at 2.000 s");
            assert_eq!(plain.0.len(), 2 * (900 - 129) + calls_at.len());
            assert_eq!(plain, watched, "{ties:?}, calls at {calls_at:?}");
        }
    }
    for events in (3_000..7_000).step_by(577) {
        let limits = Limits { events, ..Limits::default() };
        let plain = run_many(Simulation::new().limits(limits), &[300]);
        assert_eq!(plain, run_many(Simulation::new().limits(limits).observer(Recorder::default()), &[300]));
    }
}

#[test]
fn a_panic_among_very_many_sleepers_is_the_last_step() {
    for last in [0, 1, 255, 256, 257, 511, 899] {
        let run = Simulation::new().run(|sim| async move {
            let steps = Rc::new(RefCell::new(0));
            for sleeper in 0..900 {
                let (clock, steps) = (sim.clone(), Rc::clone(&steps));
                sim.spawn(async move {
                    clock.sleep(Duration::from_secs(1)).await;
                    assert_eq!(*steps.borrow(), sleeper);
                    *steps.borrow_mut() += 1;
                    assert_ne!(sleeper, last, "enough");
                });
            }
            sim.sleep(Duration::from_secs(2)).await;
        });
        assert!(matches!(&run.ending, Ending::Failed { reason, .. } if reason.contains("enough")), "{}", run.ending);
    }
}

#[test]
fn steps_that_block_overtake_timers() {
    check(Limits::default(), |sim, step, _| {
        if step % 9 == 4 {
            sim.block(Duration::from_micros(step * 10));
        }
    });
}

#[test]
fn a_step_that_panics_is_the_last() {
    for last in [0, 133, 260, 799] {
        let ending = check(Limits::default(), move |_, step, _| assert_ne!(step, last, "enough"));
        assert!(matches!(ending, Ending::Failed { .. }), "{ending}");
    }
}
