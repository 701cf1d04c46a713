//! What a gather gives, and when. The lines are CPython 3.13's.

use timeskip_executor::{GatherError, JoinHandle, Simulation, Status};

use crate::support::{Program, check, observe};

/// A task that fails or not after a while.
fn outcome(program: &Program, delay: f64, result: Result<u32, &'static str>) -> JoinHandle<Result<u32, &'static str>> {
    let inner = program.clone();
    let body = async move {
        inner.pause(delay).await;
        result
    };
    program.spawn_as("child", body, |result| if result.is_ok() { Status::Finished } else { Status::Failed })
}

#[test]
fn results_come_in_the_order_given() {
    check(
        |program| async move {
            let tasks = [(3.0, 1), (1.0, 2), (2.0, 3)].map(|(delay, number)| outcome(&program, delay, Ok(number)));
            program.print(format!("{:?} at {}", program.gather(tasks).await, program.time()));
        },
        &["Ok([Ok(1), Ok(2), Ok(3)]) at 3.0"],
    );
}

#[test]
fn the_first_failure_ends_the_waiting_and_the_others_go_on() {
    check(
        |program| async move {
            let other = program.task(|program| async move {
                program.pause(2.0).await;
                program.print("other went on");
                Ok(9)
            });
            let tasks = [outcome(&program, 1.0, Err("bad")), other.clone(), outcome(&program, 0.0, Ok(1))];
            let failed = program.gather(tasks).await;
            program.print(format!("{failed:?} at {} other done: {}", program.time(), other.done()));
            assert_eq!(failed, Err(GatherError::Failed(Err("bad"))));
            assert_eq!(other.await, Ok(Ok(9)));
        },
        &["Err(Failed(Err(\"bad\"))) at 1.0 other done: false", "other went on"],
    );
}

#[test]
fn a_child_that_somebody_cancels_ends_the_waiting() {
    check(
        |program| async move {
            let say = |name: &'static str, delay| {
                program.task(move |program| async move {
                    program.pause(delay).await;
                    program.print(format!("{name} {}", program.time()));
                })
            };
            let [a, b, c] = [say("a", 2.0), say("b", 9.0), say("c", 3.0)];
            let victim = b.clone();
            program.task(|program| async move {
                program.pause(1.0).await;
                assert!(victim.cancel());
            });
            let cancelled = program.gather([a, b, c.clone()]).await;
            program.print(format!("{cancelled:?} {}", program.time()));
            assert_eq!(c.await, Ok(()));
        },
        &["Err(Cancelled) 1.0", "a 2.0", "c 3.0"],
    );
}

#[test]
fn gather_all_waits_for_all_whatever_becomes_of_them() {
    check(
        |program| async move {
            let sleeper = outcome(&program, 9.0, Ok(9));
            let victim = sleeper.clone();
            program.task(|program| async move {
                program.pause(1.0).await;
                assert!(victim.cancel());
            });
            let tasks = [outcome(&program, 2.0, Err("bad")), outcome(&program, 0.0, Ok(1)), sleeper];
            let handles = program.gather_all(tasks).await.expect("nobody cancels this task");
            let results: Vec<_> = handles.iter().map(|handle| handle.result()).collect();
            program.print(format!("{results:?} at {}", program.time()));
        },
        &["[Some(Ok(Err(\"bad\"))), Some(Ok(Ok(1))), Some(Err(Cancelled))] at 2.0"],
    );
}

/// A task that takes its time to clean up when it is cancelled, and then ends as cancelled.
fn slow(program: &Program, name: &'static str, delay: f64) -> JoinHandle<()> {
    let inner = program.clone();
    let body = async move {
        assert!(inner.catch_cancel(inner.pause(9.0)).await.is_err());
        inner.pause(delay).await;
        inner.print(format!("{name} cleaned up {}", inner.time()));
    };
    program.spawn_as(name, body, |()| Status::Cancelled)
}

#[test]
fn a_cancelled_gather_all_waits_for_the_cleaning_up() {
    check(
        |program| async move {
            let gatherer = program.task(|program| async move {
                let gather = program.gather_all([slow(&program, "a", 2.0), slow(&program, "b", 1.0)]);
                program.say_cancelled("gatherer", gather).await.is_ok()
            });
            program.pause(1.0).await;
            assert!(gatherer.cancel());
            program.print(format!("{:?} {}", gatherer.await, program.time()));
        },
        &["b cleaned up 2.0", "a cleaned up 3.0", "gatherer cancelled", "Err(Cancelled) 3.0"],
    );
}

#[test]
fn a_cancelled_gather_whose_children_swallow_it_is_still_cancelled() {
    check(
        |program| async move {
            let gatherer = program.task(|program| async move {
                let tasks = ["a", "b"].map(|name| {
                    program.task(|program| async move {
                        assert!(program.catch_cancel(program.pause(9.0)).await.is_err());
                        program.print(format!("{name} swallowed"));
                    })
                });
                let gather = program.gather(tasks);
                program.say_cancelled("gatherer", gather).await.is_ok()
            });
            let tick = program.spawn(program.clone().ticker(6));
            program.yield_now().await;
            program.yield_now().await;
            assert!(gatherer.cancel());
            assert_eq!(tick.await, Ok(()));
        },
        &[
            "tick 0",
            "tick 1",
            "tick 2",
            "a swallowed",
            "b swallowed",
            "tick 3",
            "tick 4",
            "gatherer cancelled",
            "tick 5",
        ],
    );
}

#[test]
fn a_task_given_twice_is_one_child_with_two_results() {
    check(
        |program| async move {
            let [one, two] = [1, 2].map(|number| program.spawn(async move { number }));
            let all = program.gather([two.clone(), one.clone(), two, one]).await;
            program.print(format!("{all:?}"));
        },
        &["Ok([2, 1, 2, 1])"],
    );
}

#[test]
fn a_gather_that_nobody_awaits_changes_nothing() {
    check(
        |program| async move {
            let task = program.spawn(program.clone().say("said", 1.0));
            drop(program.gather([task.clone()]));
            assert_eq!(task.await, Ok(()));
            program.print(program.time());
        },
        &["said", "1.0"],
    );
}

#[test]
fn a_wide_gather_is_as_long_as_its_slowest() {
    let (lines, ending) = observe(Simulation::new(), |program| async move {
        let tasks: Vec<_> = (0..1000_u32)
            .map(|number| program.task(move |program| async move { program.pause(f64::from(number * 7 % 1000)).await }))
            .collect();
        assert!(program.gather(tasks).await.is_ok());
        program.print(program.time());
    });
    assert_eq!((lines, ending.kind()), (vec!["999.0".to_owned()], "finished"));
}

#[test]
fn a_task_of_another_simulation_is_not_gathered() {
    let run = Simulation::new().run(|sim| async move {
        let task = sim.spawn(async { 1 });
        let inner = Simulation::new().run(|other| async move { other.gather([task]).await });
        inner.ending.to_string()
    });
    let refused = "failed at 0.000 s: main: panicked: a task is gathered only in its own simulation";
    assert_eq!(run.output.as_deref(), Some(refused));
}
