//! Sentence 4: a step that consumes virtual time.

use std::time::Duration;

use timeskip_executor::{Limits, Simulation, Sleep, TieRule};

use crate::support::{check, observe, seconds};

#[test]
fn nobody_runs_during_a_block_and_timers_join_behind_what_is_ready() {
    // CPython with `time.sleep(5)` on the virtual clock.
    check(
        |program| async move {
            let blocker = program.task(|program| async move {
                program.pause(1.0).await;
                program.block(seconds(5.0));
                program.print(format!("blocked {}", program.time()));
                program.yield_now().await;
                program.print(format!("blocker goes on {}", program.time()));
            });
            let beside = program.task(|program| async move {
                program.pause(1.0).await;
                program.print(format!("beside {}", program.time()));
                program.yield_now().await;
                program.print(format!("beside later {}", program.time()));
            });
            let sleepers = [3.0, 2.0, 6.0, 3.0].map(|delay| {
                program.task(move |program| async move {
                    program.pause(delay).await;
                    program.print(format!("slept {delay} {}", program.time()));
                })
            });
            assert!(program.gather([blocker, beside].into_iter().chain(sleepers)).await.is_ok());
        },
        &[
            "blocked 6.0",
            "beside 6.0",
            "blocker goes on 6.0",
            "beside later 6.0",
            "slept 2 6.0",
            "slept 3 6.0",
            "slept 3 6.0",
            "slept 6 6.0",
        ],
    );
}

#[test]
fn a_block_in_the_last_step_that_is_ready_makes_timers_due_late() {
    check(
        |program| async move {
            let late = program.spawn(program.clone().say("one", 1.0));
            program.block(seconds(2.5));
            assert_eq!(late.await, Ok(()));
            program.print(program.time());
        },
        // The sleep begins after the block: the task steps only then.
        &["one", "3.5"],
    );
    check(
        |program| async move {
            let late = program.spawn(program.clone().say("one", 1.0));
            program.yield_now().await;
            program.yield_now().await;
            program.block(seconds(2.5));
            assert_eq!(late.await, Ok(()));
            program.print(program.time());
        },
        &["one", "2.5"],
    );
}

#[test]
fn a_cost_is_charged_after_the_effect() {
    // CPython with a `print` that takes a quarter of a second.
    check(
        |program| async move {
            let speakers = ["a", "b"].map(|name| {
                program.task(|program| async move {
                    let speak = || {
                        program.print(format!("{name} {}", program.time()));
                        program.block(seconds(0.25));
                    };
                    speak();
                    speak();
                    program.pause(0.25).await;
                    speak();
                })
            });
            assert!(program.gather(speakers).await.is_ok());
        },
        &["a 0.0", "a 0.25", "b 0.5", "b 0.75", "a 1.0", "b 1.25"],
    );
}

/// How a program ends that blocks for a second and gives up its turn, a hundred times.
fn ending_of_blocks(limits: Limits) -> String {
    let program = |program: crate::support::Program| async move {
        for _ in 0..100 {
            program.block(seconds(1.0));
            program.yield_now().await;
        }
    };
    observe(Simulation::new().limits(limits), program).1.to_string()
}

#[test]
fn turns_are_counted_anew_where_a_step_has_moved_the_time() {
    let limits = Limits { turns_at_one_instant: 10, ..Limits::default() };
    assert_eq!(ending_of_blocks(limits), "finished at 100.000 s");
}

#[test]
fn a_step_that_blocks_reaches_the_limit_of_time() {
    let limits = Limits { time: Duration::from_secs(10), ..Limits::default() };
    assert_eq!(ending_of_blocks(limits), "limit reached at 11.000 s: 10.000 s of virtual time");
}

#[test]
fn a_sleep_that_another_task_goes_on_with_keeps_its_time_though_its_timer_has_left() {
    use std::cell::RefCell;
    use std::future::{Future, poll_fn};
    use std::pin::Pin;
    use std::rc::Rc;
    use std::task::Poll;

    // What lies behind counts as due now, but under `heapq` keeps its value for order.
    for (ties, expected) in [(TieRule::Heapq, [2, 3]), (TieRule::Fifo, [3, 2])] {
        let printed = Rc::new(RefCell::new(Vec::new()));
        let program = Rc::clone(&printed);
        let run = Simulation::new().ties(ties).run(|sim| async move {
            let sleeps = [2.0, 3.0].map(|delay| Rc::new(RefCell::new(Box::pin(sim.sleep(seconds(delay))))));
            let poll = |sleep: &Rc<RefCell<Pin<Box<Sleep>>>>, number: usize| {
                let (sleep, printed) = (Rc::clone(sleep), Rc::clone(&program));
                poll_fn(move |context| {
                    let polled: Poll<()> = sleep.borrow_mut().as_mut().poll(context);
                    polled.map(|()| printed.borrow_mut().push(number))
                })
            };
            let began = [sim.spawn(poll(&sleeps[0], 0)), sim.spawn(poll(&sleeps[1], 0))];
            sim.yield_now().await;
            // Both timers are due, and leave in the turn in which the others take their sleeps over, the later one first.
            let others = [sim.spawn(poll(&sleeps[1], 3)), sim.spawn(poll(&sleeps[0], 2))];
            sim.block(seconds(5.0));
            for other in others {
                assert!(other.await.is_ok());
            }
            assert!(began.iter().all(|task| task.cancel()));
        });
        assert!(run.output.is_some(), "{}", run.ending);
        assert_eq!(*printed.borrow(), expected, "{ties:?}");
    }
}
