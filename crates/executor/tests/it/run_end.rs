//! Sentence 8: what still runs when main has ended. The lines are CPython 3.13's.

use timeskip_executor::{Simulation, Status};

use crate::support::{Program, check, observe};

#[test]
fn what_is_left_is_cancelled_in_the_order_of_creation_and_runs_to_its_end() {
    check(
        |program| async move {
            for (name, delay) in [("a", 2.0), ("b", 0.0), ("c", 1.0)] {
                program.task(|program| async move {
                    assert!(program.catch_cancel(program.pause(9.0)).await.is_err());
                    program.print(format!("{name} cancelled at {}", program.time()));
                    program.pause(delay).await;
                    program.print(format!("{name} cleaned up at {}", program.time()));
                });
            }
            program.pause(1.0).await;
            program.print("main returns");
        },
        &[
            "main returns",
            "a cancelled at 1.0",
            "b cancelled at 1.0",
            "c cancelled at 1.0",
            "b cleaned up at 1.0",
            "c cleaned up at 2.0",
            "a cleaned up at 3.0",
        ],
    );
}

#[test]
fn the_turn_in_which_main_ends_goes_on_to_its_end_and_one_more() {
    check(
        |program| async move {
            program.task(|program| async move {
                for turn in 0..4 {
                    program.print(format!("worker {turn}"));
                    program.yield_now().await;
                }
            });
            program.yield_now().await;
            program.yield_now().await;
            program.print("main returns");
        },
        &["worker 0", "worker 1", "main returns", "worker 2"],
    );
}

#[test]
fn a_task_that_has_not_begun_when_main_returns_gets_one_turn() {
    check(
        |program| async move {
            program.spawn(program.clone().ticker(5));
            program.yield_now().await;
            program.task(|program| async move {
                let sleep = program.sleep(crate::support::seconds(1.0));
                program.say_cancelled("late", sleep).await;
            });
            program.print("main returns");
        },
        &["tick 0", "main returns", "tick 1", "late cancelled"],
    );
}

#[test]
fn a_task_spawned_by_cleaning_up_runs_while_the_run_lasts() {
    check(
        |program| async move {
            program.task(|program| async move {
                assert!(program.catch_cancel(program.pause(9.0)).await.is_err());
                program.spawn(program.clone().ticker(9));
                program.yield_now().await;
                program.print("cleaned up");
            });
            program.pause(1.0).await;
        },
        &["tick 0", "cleaned up", "tick 1", "tick 2", "tick 3", "tick 4", "tick 5", "tick 6"],
    );
}

#[test]
fn a_task_spawned_by_cleaning_up_sleeps_as_long_as_others_clean_up() {
    check(
        |program| async move {
            program.task(|program| async move {
                assert!(program.catch_cancel(program.pause(9.0)).await.is_err());
                program.task(|program| async move {
                    program.print("late begins");
                    program.pause(1.0).await;
                    program.print(format!("late goes on {}", program.time()));
                    program.pause(9.0).await;
                    program.print("never");
                });
                program.print(format!("worker cancelled {}", program.time()));
                program.pause(2.0).await;
                program.print(format!("worker cleaned up {}", program.time()));
            });
            program.pause(1.0).await;
            program.print("main returns");
        },
        &["main returns", "worker cancelled 1.0", "late begins", "late goes on 2.0", "worker cleaned up 3.0"],
    );
}

#[test]
fn a_failure_of_main_cancels_the_rest_too() {
    let lines = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let printed = std::rc::Rc::clone(&lines);
    let run = Simulation::new().run_with(
        |sim| async move {
            let (clock, lines) = (sim.clone(), std::rc::Rc::clone(&lines));
            sim.spawn(async move {
                if clock.catch_cancel(clock.sleep(std::time::Duration::from_secs(9))).await.is_err() {
                    lines.borrow_mut().push("other cancelled");
                }
            });
            sim.sleep(std::time::Duration::from_secs(1)).await;
            Err::<(), &str>("bad")
        },
        |result| if result.is_ok() { Status::Finished } else { Status::Failed },
    );
    assert_eq!(run.ending.to_string(), "failed at 1.000 s: main: it failed");
    assert_eq!(run.output, Some(Err("bad")));
    assert_eq!(printed.take(), ["other cancelled"]);
}

/// A chain in which each task awaits the one before it.
async fn long_chain(program: Program) {
    let mut task = program.spawn(program.clone().say("never", 9.0));
    for _ in 0..20_000 {
        task = program.spawn(async move {
            let _ = task.await;
        });
    }
    program.pause(1.0).await;
    program.print("main returns");
}

#[test]
fn a_long_chain_of_waiting_tasks_ends_quickly() {
    // Cancelling each from the outermost in would walk the chain once per task.
    let (lines, ending) = observe(Simulation::new(), long_chain);
    assert_eq!((lines, ending.to_string()), (vec!["main returns".to_owned()], "finished at 1.000 s".to_owned()));
}
