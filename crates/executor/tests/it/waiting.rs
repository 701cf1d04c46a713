//! `wait`, and `as_completed` within a time: what CPython's test_tasks.py states about them, in our words.

use timeskip_executor::{JoinHandle, NothingToWaitFor, ReturnWhen, Simulation, Status, Waited};

use crate::support::{Program, check, seconds};

/// Tasks that sleep so long, each; a negative time fails instead, as soon as its amount is over.
fn sleepers(program: &Program, delays: &[f64]) -> Vec<JoinHandle<f64>> {
    let sleeper = |&delay: &f64| {
        let clock = program.clone();
        let sleep = async move {
            clock.pause(delay.abs()).await;
            delay
        };
        program.spawn_as("sleeper", sleep, |&delay| if delay < 0.0 { Status::Failed } else { Status::Finished })
    };
    delays.iter().map(sleeper).collect()
}

fn counts(program: &Program, waited: &Result<Waited<f64>, NothingToWaitFor>) {
    let counts = waited.as_ref().map(|waited| (waited.done.len(), waited.pending.len()));
    program.print(format!("{counts:?} at {}", program.time()));
}

#[test]
fn all_completed() {
    check(
        |program| async move {
            let waited = program.wait(sleepers(&program, &[1.0, -2.0, 1.5]), ReturnWhen::AllCompleted).await;
            counts(&program, &waited);
        },
        &["Ok((3, 0)) at 2.0"],
    );
}

#[test]
fn first_completed_and_then_the_rest() {
    check(
        |program| async move {
            let tasks = sleepers(&program, &[10.0, 1.0, -1.0]);
            let waited = program.wait(tasks.clone(), ReturnWhen::FirstCompleted).await;
            counts(&program, &waited);
            // Those that have ended already end the next wait at once.
            let again = program.wait(tasks.clone(), ReturnWhen::FirstCompleted).await;
            counts(&program, &again);
            counts(&program, &program.wait(tasks, ReturnWhen::AllCompleted).await);
        },
        &["Ok((2, 1)) at 1.0", "Ok((2, 1)) at 1.0", "Ok((3, 0)) at 10.0"],
    );
}

#[test]
fn first_exception_passes_over_what_finished_or_was_cancelled() {
    check(
        |program| async move {
            let tasks = sleepers(&program, &[0.5, 10.0, -2.0, 9.0]);
            tasks[1].cancel();
            counts(&program, &program.wait(tasks, ReturnWhen::FirstException).await);
            let fine = sleepers(&program, &[1.0, 2.0]);
            counts(&program, &program.wait(fine, ReturnWhen::FirstException).await);
        },
        &["Ok((3, 1)) at 2.0", "Ok((2, 0)) at 4.0"],
    );
}

#[test]
fn the_time_ends_the_wait_and_nothing_else() {
    check(
        |program| async move {
            let tasks = sleepers(&program, &[1.0, 3.0]);
            let wait = program.wait(tasks.clone(), ReturnWhen::AllCompleted).timeout(seconds(2.0));
            counts(&program, &wait.await);
            // No time at all, and less than none: what has not ended is pending.
            for delay in [0.0, -1.0] {
                let wait = program.wait(tasks.clone(), ReturnWhen::AllCompleted).timeout(seconds(delay));
                counts(&program, &wait.await);
            }
            // More than it needs: the timer is forgotten.
            let wait = program.wait(tasks, ReturnWhen::AllCompleted).timeout(seconds(60.0));
            counts(&program, &wait.await);
        },
        &["Ok((1, 1)) at 2.0", "Ok((1, 1)) at 2.0", "Ok((1, 1)) at 2.0", "Ok((2, 0)) at 3.0"],
    );
}

#[test]
fn a_task_given_twice_counts_once_and_the_order_is_that_given() {
    check(
        |program| async move {
            let tasks = sleepers(&program, &[3.0, 1.0, 2.0]);
            let given = [2, 0, 2, 1].map(|place: usize| tasks[place].clone());
            let waited = program.wait(given, ReturnWhen::AllCompleted).await.expect("three tasks");
            program.print(format!("{:?}", waited.done.iter().map(JoinHandle::result).collect::<Vec<_>>()));
        },
        &["[Some(Ok(2.0)), Some(Ok(3.0)), Some(Ok(1.0))]"],
    );
}

#[test]
fn a_wait_for_nothing_is_refused() {
    let run = Simulation::new().run(|sim| async move {
        let none: [JoinHandle<()>; 0] = [];
        sim.wait(none, ReturnWhen::FirstCompleted).await.err()
    });
    assert_eq!(run.output, Some(Some(NothingToWaitFor)));
    assert_eq!(NothingToWaitFor.to_string(), "Set of Tasks/Futures is empty.");
}

#[test]
fn cancelling_the_waiter_cancels_nothing_else() {
    check(
        |program| async move {
            let tasks = sleepers(&program, &[2.0, 3.0]);
            let waited_for = tasks.clone();
            let waiter = program.task(|program| async move {
                let wait = program.wait(waited_for, ReturnWhen::AllCompleted).timeout(seconds(9.0));
                program.clone().say_cancelled("waiter", wait).await.is_ok()
            });
            program.pause(1.0).await;
            waiter.cancel();
            program.print(format!("{:?}", waiter.await));
            counts(&program, &program.wait(tasks, ReturnWhen::AllCompleted).await);
        },
        &["waiter cancelled", "Err(Cancelled)", "Ok((2, 0)) at 3.0"],
    );
}

#[test]
fn a_wait_wakes_two_turns_after_the_end_of_its_task() {
    check(
        |program| async move {
            let tick = program.task(|program| program.ticker(6));
            program.yield_now().await;
            let task = program.spawn(async {});
            let waited = program.wait([task], ReturnWhen::AllCompleted).await.expect("one task");
            program.print(waited.done.len());
            let _ = tick.await;
        },
        // CPython: the probe wait_takes_two_hops.
        &["tick 0", "tick 1", "tick 2", "tick 3", "1", "tick 4", "tick 5"],
    );
}

#[test]
fn a_wait_that_is_never_over_is_a_deadlock_that_names_its_tasks() {
    let run = Simulation::new().run(|sim| async move {
        let never = timeskip_executor::Queue::<u32>::unbounded(&sim, "never");
        let task = sim.spawn_named("getter", async move { never.get().await });
        let _ = sim.wait([task], ReturnWhen::AllCompleted).await;
    });
    let expected = "  main waits for wait of main/getter-0 since 0.000 s";
    assert_eq!(run.ending.to_string().lines().nth(1), Some(expected));
}

#[test]
fn as_completed_gives_what_comes_in_time() {
    check(
        |program| async move {
            let mut completed = program.as_completed(sleepers(&program, &[3.0, 1.0, 2.0, 9.0])).timeout(seconds(2.5));
            while let Some(next) = completed.next() {
                let ended = next.await.map(|task| task.result());
                program.print(format!("{ended:?} at {}", program.time()));
            }
        },
        &["Ok(Some(Ok(1.0))) at 1.0", "Ok(Some(Ok(2.0))) at 2.0", "Err(Elapsed) at 2.5", "Err(Elapsed) at 2.5"],
    );
}

#[test]
fn as_completed_with_time_to_spare_leaves_no_timer() {
    check(
        |program| async move {
            let mut completed = program.as_completed(sleepers(&program, &[1.0, 2.0])).timeout(seconds(60.0));
            while let Some(next) = completed.next() {
                program.print(next.await.is_ok());
            }
            let mut nothing = program.as_completed(sleepers(&program, &[])).timeout(seconds(1.0));
            program.print(format!("{} at {}", nothing.next().is_none(), program.time()));
        },
        &["true", "true", "true at 2.0"],
    );
}

#[test]
fn what_as_completed_gave_up_on_may_be_taken_up_again() {
    check(
        |program| async move {
            let tasks = sleepers(&program, &[1.0, 3.0]);
            let mut hasty = program.as_completed(tasks.clone()).timeout(seconds(2.0));
            let mut given = Vec::new();
            while let Some(next) = hasty.next() {
                given.push(next.await.is_ok());
            }
            let mut patient = program.as_completed(tasks);
            while let Some(next) = patient.next() {
                given.push(next.await.done());
            }
            program.print(format!("{given:?} at {}", program.time()));
        },
        &["[true, false, true, true] at 3.0"],
    );
}

#[test]
fn several_waiters_of_one_as_completed_all_hear_that_the_time_is_over() {
    check(
        |program| async move {
            let mut completed = program.as_completed(sleepers(&program, &[5.0, 6.0])).timeout(seconds(1.0));
            let mut waiters = Vec::new();
            while let Some(next) = completed.next() {
                waiters.push(program.task(|program| async move { (next.await.is_err(), program.time()) }));
            }
            program.print(format!("{:?}", program.gather(waiters).await));
        },
        &["Ok([(true, \"1.0\"), (true, \"1.0\")])"],
    );
}

#[test]
fn as_completed_gives_the_tasks_it_was_given() {
    check(
        |program| async move {
            let tasks = sleepers(&program, &[2.0, 1.0, 3.0]);
            let mut completed = program.as_completed(tasks.clone());
            while let Some(next) = completed.next() {
                let ended = next.await;
                let place = tasks.iter().position(|task| task.id() == ended.id());
                program.print(format!("{place:?} {:?} at {}", ended.result(), program.time()));
            }
        },
        &["Some(1) Some(Ok(1.0)) at 1.0", "Some(0) Some(Ok(2.0)) at 2.0", "Some(2) Some(Ok(3.0)) at 3.0"],
    );
}

#[test]
fn whichever_of_as_completed_is_awaited_first_gives_the_first_task() {
    check(
        |program| async move {
            let mut completed = program.as_completed(sleepers(&program, &[1.0, 2.0]));
            let (first, second) = (completed.next(), completed.next());
            for next in [second, first].into_iter().flatten() {
                program.print(format!("{:?} at {}", next.await.result(), program.time()));
            }
            program.print(completed.next().is_none());
        },
        &["Some(Ok(1.0)) at 1.0", "Some(Ok(2.0)) at 2.0", "true"],
    );
}

#[test]
fn as_completed_goes_on_after_a_pause_and_serves_several_at_once() {
    check(
        |program| async move {
            let mut completed = program.as_completed(sleepers(&program, &[1.0, 1.0, 1.0, 1.0]));
            let mut given = 0;
            while let Some(next) = completed.next() {
                given += usize::from(next.await.done());
                if given == 2 {
                    break;
                }
            }
            let waiters: Vec<_> = std::iter::from_fn(|| completed.next())
                .map(|next| program.spawn(async move { next.await.done() }))
                .collect();
            program.print(format!("{given} {:?} at {}", program.gather(waiters).await, program.time()));
        },
        &["2 Ok([true, true]) at 1.0"],
    );
}

#[test]
fn first_exception_is_a_failure_that_comes_while_waiting() {
    check(
        |program| async move {
            let waited = program.wait(sleepers(&program, &[-1.0, 10.0]), ReturnWhen::FirstException).await;
            counts(&program, &waited);
        },
        &["Ok((1, 1)) at 1.0"],
    );
}
