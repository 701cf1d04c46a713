//! Sentence 1: turns, and after how many of them a task hears of what it awaits.
//!
//! The lines are what CPython 3.13 prints for the same program with `asyncio.create_task` for `spawn`.

use crate::support::{Program, check, seconds};

async fn value(value: u32) -> u32 {
    value
}

#[test]
fn turns_are_first_in_first_out() {
    check(
        |program| async move {
            let tasks = ["a", "b", "c"].map(|name| {
                program.task(|program| async move {
                    for turn in 0..3 {
                        program.print(format!("{name} {turn}"));
                        program.yield_now().await;
                    }
                })
            });
            assert!(program.gather(tasks).await.is_ok());
        },
        &["a 0", "b 0", "c 0", "a 1", "b 1", "c 1", "a 2", "b 2", "c 2"],
    );
}

#[test]
fn a_spawned_task_steps_in_the_next_turn() {
    check(
        |program| async move {
            let parents = ["a", "b"].map(|name| {
                program.task(|program| async move {
                    program.print(format!("{name} spawns"));
                    let child = program.spawn(value(0));
                    program.yield_now().await;
                    program.print(format!("{name} goes on; child done: {}", child.done()));
                })
            });
            let tick = program.spawn(program.clone().ticker(2));
            assert!(program.gather(parents.into_iter().chain([tick])).await.is_ok());
        },
        &["a spawns", "b spawns", "tick 0", "a goes on; child done: true", "b goes on; child done: true", "tick 1"],
    );
}

#[test]
fn sleeps_of_zero_and_less_take_one_turn() {
    check(
        |program| async move {
            let tick = program.spawn(program.clone().ticker(3));
            let sleepers = [0.0, -1.0].map(|delay| program.spawn(program.clone().say(format!("slept {delay}"), delay)));
            let timer = program.task(|program| async move {
                program.sleep_until(program.now()).await;
                program.print("a timer of no delay");
            });
            assert!(program.gather([tick, timer].into_iter().chain(sleepers)).await.is_ok());
        },
        // CPython with `loop.call_at(loop.time(), ..)` for the timer: its callback has a turn of its own.
        &["tick 0", "tick 1", "slept 0", "slept -1", "tick 2", "a timer of no delay"],
    );
}

#[test]
fn awaiting_a_task_takes_one_hop() {
    check(
        |program| async move {
            let tick = program.spawn(program.clone().ticker(6));
            program.yield_now().await;
            let awaited = program.spawn(value(1)).await;
            program.print(format!("awaited {awaited:?}"));
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "tick 1", "tick 2", "awaited Ok(1)", "tick 3", "tick 4", "tick 5"],
    );
}

#[test]
fn awaiting_a_finished_task_takes_no_turn() {
    check(
        |program| async move {
            let task = program.spawn(value(1));
            let tick = program.spawn(program.clone().ticker(4));
            program.yield_now().await;
            program.yield_now().await;
            program.print(format!("{:?}", (&task).await));
            program.print(format!("{:?}", task.await));
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "tick 1", "Ok(1)", "Ok(1)", "tick 2", "tick 3"],
    );
}

#[test]
fn waiters_of_one_task_wake_in_the_order_of_waiting() {
    check(
        |program| async move {
            let task = program.spawn(program.clone().say("slept", 1.0));
            let waiters = ["c", "a", "b"].map(|name| {
                let task = task.clone();
                program.task(|program| async move {
                    assert_eq!(task.await, Ok(()));
                    program.print(format!("{name} heard of it"));
                })
            });
            assert!(program.gather(waiters).await.is_ok());
        },
        &["slept", "c heard of it", "a heard of it", "b heard of it"],
    );
}

/// A program beside a ticker that began a turn earlier.
async fn beside_a_ticker<F: Future<Output = String>>(program: Program, turns: u32, body: impl FnOnce() -> F) {
    let tick = program.spawn(program.clone().ticker(turns));
    program.yield_now().await;
    let text = body().await;
    program.print(text);
    assert_eq!(tick.await, Ok(()));
}

#[test]
fn a_gather_takes_two_hops() {
    check(
        |program| async move {
            let inner = program.clone();
            beside_a_ticker(program, 7, || async move {
                format!("{:?}", inner.gather([1, 2].map(|number| inner.spawn(value(number)))).await)
            })
            .await;
        },
        &["tick 0", "tick 1", "tick 2", "tick 3", "Ok([1, 2])", "tick 4", "tick 5", "tick 6"],
    );
}

#[test]
fn a_gather_of_nothing_takes_no_turn() {
    check(
        |program| async move {
            let inner = program.clone();
            beside_a_ticker(program, 4, || async move { format!("{:?}", inner.gather::<u32>([]).await) }).await;
        },
        &["tick 0", "Ok([])", "tick 1", "tick 2", "tick 3"],
    );
}

#[test]
fn a_gather_of_finished_tasks_takes_no_turn() {
    check(
        |program| async move {
            let tasks = [0, 1].map(|number| program.spawn(value(number)));
            let tick = program.spawn(program.clone().ticker(4));
            program.yield_now().await;
            program.yield_now().await;
            program.print(format!("{:?}", program.gather(tasks).await));
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "tick 1", "Ok([0, 1])", "tick 2", "tick 3"],
    );
}

#[test]
fn as_completed_takes_two_hops() {
    check(
        |program| async move {
            let inner = program.clone();
            beside_a_ticker(program, 7, || async move {
                let mut completed = inner.as_completed([inner.spawn(value(1))]);
                let next = completed.next().expect("one task was given");
                format!("{:?}", next.await.result())
            })
            .await;
        },
        &["tick 0", "tick 1", "tick 2", "tick 3", "Some(Ok(1))", "tick 4", "tick 5", "tick 6"],
    );
}

#[test]
fn as_completed_gives_tasks_in_the_order_in_which_they_end() {
    check(
        |program| async move {
            let tasks = [("a", 2.0), ("b", 1.0), ("c", 3.0), ("d", 1.5)].map(|(name, delay)| {
                program.task(|program| async move {
                    program.pause(delay).await;
                    name
                })
            });
            let mut completed = program.as_completed(tasks);
            while let Some(next) = completed.next() {
                let task = next.await;
                program.print(format!(
                    "{} {}",
                    task.result().expect("it ended").unwrap_or("cancelled"),
                    program.time()
                ));
            }
        },
        &["b 1.0", "d 1.5", "a 2.0", "c 3.0"],
    );
}

#[test]
fn as_completed_gives_finished_tasks_in_the_order_given() {
    // Sentence 6: CPython goes through a set here; the lines are its own when that set keeps the order of insertion.
    check(
        |program| async move {
            let tasks = [0, 1, 2, 3].map(|number| program.spawn(value(number)));
            program.sleep(seconds(1.0)).await;
            let mut completed = program.as_completed(tasks.into_iter().rev());
            while let Some(next) = completed.next() {
                program.print(format!("{:?}", next.await.await));
            }
        },
        &["Ok(3)", "Ok(2)", "Ok(1)", "Ok(0)"],
    );
}

#[test]
fn all_tasks_are_in_the_order_of_creation() {
    check(
        |program| async move {
            for delay in 0..4 {
                program.spawn_named("sleeper", program.clone().say("slept", f64::from(delay)));
            }
            program.pause(1.5).await;
            let names = program.all_tasks().into_iter().map(|task| program.task_path(task));
            program.print(names.collect::<Vec<_>>().join(" "));
        },
        &["slept", "slept", "main main/sleeper-2 main/sleeper-3"],
    );
}

#[test]
fn each_step_knows_its_task() {
    check(
        |program| async move {
            let (first, second) = (program.create_future("first"), program.create_future("second"));
            let (to_first, to_second) = (first.clone(), second.clone());
            let say = |program: &Program, text| {
                program.print(format!("{text} {}", program.task_path(program.current_task())))
            };
            let a = program.task(|program| async move {
                say(&program, "begins");
                assert_eq!(first.await, Ok(1));
                say(&program, "goes on");
                assert!(to_second.set_result(2).is_ok());
            });
            let b = program.task(|program| async move {
                say(&program, "begins");
                assert!(to_first.set_result(1).is_ok());
                assert_eq!(second.await, Ok(2));
                say(&program, "goes on");
            });
            program.print(format!("{:?} {:?}", a.await, b.await));
            say(&program, "ends");
        },
        &[
            "begins main/task-0",
            "begins main/task-1",
            "goes on main/task-0",
            "goes on main/task-1",
            "Ok(()) Ok(())",
            "ends main",
        ],
    );
}
