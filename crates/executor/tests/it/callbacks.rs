//! Callbacks of the loop: `call_soon`, `call_later`, `call_at`. The lines are CPython 3.13's.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::{CallHandle, Callback, Sim, Simulation, TieRule};

use crate::support::{Program, check, check_under, observe, seconds};

impl Program {
    /// A callback that prints.
    fn line(&self, text: impl std::fmt::Display + 'static) -> impl FnOnce() + 'static {
        let program = self.clone();
        move || program.print(text)
    }

    fn print_soon(&self, text: &'static str) -> CallHandle {
        self.call_soon(self.line(text))
    }

    fn print_later(&self, delay: f64, text: &'static str) -> CallHandle {
        self.call_later(seconds(delay), self.line(text))
    }
}

#[test]
fn each_call_takes_its_own_place_among_the_tasks() {
    check(
        |program| async move {
            program.spawn(program.clone().ticker(3));
            let called = program.clone();
            program.call_soon(move || {
                called.print("f");
                called.print_soon("from f");
                called.spawn(called.clone().say("spawned", 0.0));
            });
            let never = program.print_soon("never");
            never.cancel();
            program.print(never.cancelled());
            program.print_soon("g");
            program.yield_now().await;
            program.print("main");
            for _ in 0..3 {
                program.yield_now().await;
            }
        },
        &["true", "tick 0", "f", "g", "main", "tick 1", "from f", "tick 2", "spawned"],
    );
}

async fn later_and_sleeps(program: Program) {
    for (name, delay) in [("a", 1.0), ("b", 0.0), ("c", 1.0), ("d", 0.5)] {
        let late = program.clone();
        program.call_later(seconds(delay), move || late.print(format!("{name} {}", late.time())));
    }
    program.spawn(program.clone().say("sleep 1", 1.0));
    program.spawn(program.clone().say("sleep 0.5", 0.5));
    let never = program.print_later(1.0, "never");
    program.call_at(program.time_at(seconds(0.75)), move || never.cancel());
    program.call_at(program.time_at(seconds(1.0)), program.line("at 1"));
    program.pause(1.0).await;
    program.print("main");
}

#[test]
fn calls_and_sleeps_share_the_timers_and_the_tie_rule() {
    let expected = ["b 0.0", "d 0.5", "sleep 0.5", "a 1.0", "c 1.0", "at 1", "main", "sleep 1"];
    check_under(TieRule::Fifo, later_and_sleeps, &expected);
    // The cancelled call stays in CPython's heap and shapes the order of the others.
    let expected = ["b 0.0", "d 0.5", "sleep 0.5", "at 1", "c 1.0", "a 1.0", "sleep 1", "main"];
    check_under(TieRule::Heapq, later_and_sleeps, &expected);
    let expected = ["b 0.0", "d 0.5", "sleep 0.5", "at 1", "c 1.0", "a 1.0", "sleep 1", "main"];
    check_under(TieRule::Lifo, later_and_sleeps, &expected);
}

#[test]
fn a_call_takes_back_another_of_its_batch() {
    check(
        |program| async move {
            let second: Rc<RefCell<Option<CallHandle>>> = Rc::default();
            let (first, handle) = (program.clone(), Rc::clone(&second));
            program.call_later(seconds(1.0), move || {
                first.print("first");
                handle.borrow().as_ref().expect("it was made meanwhile").cancel();
            });
            second.replace(Some(program.print_later(1.0, "second")));
            program.print_later(1.0, "third");
            program.pause(2.0).await;
        },
        &["first", "third"],
    );
}

#[test]
fn nobody_runs_while_a_call_blocks() {
    check(
        |program| async move {
            let blocking = program.clone();
            program.call_later(seconds(1.0), move || {
                blocking.block(seconds(2.0));
                blocking.print(format!("blocked {}", blocking.time()));
            });
            let two = program.clone();
            program.call_later(seconds(2.0), move || two.print(format!("two {}", two.time())));
            program.spawn(program.clone().say("sleeper", 1.0));
            program.pause(3.0).await;
            program.print(format!("main {}", program.time()));
        },
        &["blocked 3.0", "sleeper", "two 3.0", "main 3.0"],
    );
}

fn again_soon(program: &Program, round: u32) {
    program.print(round);
    let next = program.clone();
    program.call_soon(move || again_soon(&next, round + 1));
}

fn again_later(program: &Program, round: u32) {
    program.print(round);
    let next = program.clone();
    program.call_later(seconds(0.0), move || again_later(&next, round + 1));
}

#[test]
fn what_calls_itself_has_five_turns_when_main_returns_at_once() {
    let expected = ["0", "1", "2", "3", "4", "5"];
    check(|program| async move { again_soon(&program, 0) }, &expected);
    check(|program| async move { again_later(&program, 0) }, &expected);
}

#[test]
fn what_is_scheduled_beyond_the_end_is_never_called() {
    check(
        |program| async move {
            drop(program.print_later(1.0, "never"));
            program.print("main returns");
        },
        &["main returns"],
    );
}

#[test]
fn a_timer_that_is_due_joins_behind_what_is_ready() {
    check(
        |program| async move {
            program.print_later(0.0, "timer of 0 s");
            program.print_soon("ready first");
            let next = program.clone();
            program.call_soon(move || drop(next.print_soon("ready in the next turn")));
            program.clone().ticker(3).await;
        },
        &["tick 0", "ready first", "tick 1", "timer of 0 s", "ready in the next turn", "tick 2"],
    );
}

#[test]
fn a_handle_knows_when_and_whether() {
    let run = Simulation::new().run(|sim| async move {
        let soon = sim.call_soon(|| ());
        let later = sim.call_later(seconds(2.0), Callback::named("bell", || ()));
        let known = (soon.when(), later.when().map(|time| time.as_secs_f64()), later.path());
        sim.sleep(seconds(3.0)).await;
        // Too late: the call has been made. As in asyncio, the handle is marked nevertheless.
        later.cancel();
        (known, later.cancelled(), later.path())
    });
    let known = (None, Some(2.0), "loop/bell-0".to_owned());
    assert_eq!(run.output, Some((known, true, "a callback that is gone".to_owned())));
}

#[test]
fn a_cancelled_call_drops_what_it_holds_at_once() {
    let run = Simulation::new().run(|sim| async move {
        let held = Rc::new(());
        let holder = Rc::clone(&held);
        let handle = sim.call_later(seconds(2.0), move || drop(holder));
        handle.cancel();
        handle.cancel();
        Rc::strong_count(&held)
    });
    assert_eq!(run.output, Some(1));
}

#[test]
fn a_panic_in_a_call_ends_the_run() {
    let (lines, ending) = observe(Simulation::new(), |program| async move {
        let bad = Callback::named("bad", || panic!("no power"));
        program.call_later(seconds(1.0), bad);
        program.print_later(1.0, "never");
        program.pause(5.0).await;
    });
    assert_eq!(ending.to_string(), "failed at 1.000 s: loop/bad-0: panicked: no power");
    assert!(lines.is_empty());
}

fn call_for_ever(sim: &Sim) {
    let next = sim.clone();
    sim.call_soon(Callback::named("spin", move || call_for_ever(&next)));
}

#[test]
fn calls_without_end_are_a_livelock_that_names_them() {
    let run = Simulation::new().run(|sim| async move {
        call_for_ever(&sim);
        sim.sleep(seconds(1.0)).await;
    });
    assert_eq!(run.ending.kind(), "livelock");
    let text = run.ending.to_string();
    assert!(text.contains("loop/spin-"), "{text}");
}

#[test]
fn a_call_that_never_comes_does_not_keep_a_run_alive() {
    let run = Simulation::new().run(|sim| async move {
        sim.call_later(seconds(f64::INFINITY), || ());
        std::future::pending::<()>().await;
    });
    assert_eq!(run.ending.kind(), "deadlock");
}

#[test]
fn many_cancelled_calls_leave_the_others_in_order() {
    // More than CPython's heap keeps: it is compacted on the way.
    for ties in [TieRule::Fifo, TieRule::Heapq, TieRule::Lifo, TieRule::Seeded { seed: 1 }] {
        let (lines, _) = observe(Simulation::new().ties(ties), |program| async move {
            for number in 0..3000_u32 {
                let handle = program.call_later(seconds(f64::from(number % 7)), program.line(number));
                if number % 100 != 0 {
                    handle.cancel();
                }
            }
            program.pause(10.0).await;
        });
        let deadlines: Vec<u32> = lines.iter().map(|line| line.parse::<u32>().expect("a number") % 7).collect();
        assert_eq!(deadlines.len(), 30, "under {ties:?}");
        assert!(deadlines.is_sorted(), "under {ties:?}: {deadlines:?}");
    }
}

#[test]
fn what_the_last_callbacks_hold_is_dropped_with_the_run() {
    let held = Rc::new(());
    let holder = Rc::clone(&held);
    Simulation::new().run(|sim| async move {
        let kept = sim.clone();
        sim.call_later(seconds(9.0), move || drop((holder, kept)));
    });
    assert_eq!(Rc::strong_count(&held), 1);
}
