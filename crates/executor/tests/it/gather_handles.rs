//! Gathers as futures that are kept: asyncio's `_GatheringFuture`. The lines are CPython 3.13's.

use std::rc::Rc;

use timeskip_executor::{FutureHandle, GatherError, JoinHandle, Sim, Simulation, Status};

use crate::support::{Program, check, observe, seconds};

/// A task that returns at once.
fn value(program: &Program, value: u32) -> JoinHandle<u32> {
    program.spawn(async move { value })
}

/// A task that sleeps, and says how that ended.
fn sleeper(program: &Program, name: &'static str, delay: f64) -> JoinHandle<u32> {
    program.task(move |program| async move {
        let slept = program.catch_cancel(program.pause(delay)).await;
        program.print(format!("{name}: {slept:?}"));
        if let Err(cancelled) = slept {
            program.reraise_cancel(cancelled).await;
        }
        7
    })
}

/// The gather of these tasks, whose result is their sum.
fn sum(program: &Program, tasks: Vec<JoinHandle<u32>>) -> FutureHandle<u32> {
    program.gather(tasks).into_handle_as("sum", |numbers| numbers.map_or(0, |numbers| numbers.iter().sum()))
}

#[test]
fn a_gather_of_a_gather_takes_three_hops() {
    check(
        |program| async move {
            let tick = program.spawn(program.clone().ticker(8));
            program.yield_now().await;
            let inner = sum(&program, vec![value(&program, 1), value(&program, 2)]);
            let both = program.gather([inner.into(), value(&program, 4)]).into_handle();
            program.print(format!("{:?}", both.await));
            assert_eq!(tick.await, Ok(()));
        },
        &["tick 0", "tick 1", "tick 2", "tick 3", "tick 4", "Ok(Ok([3, 4]))", "tick 5", "tick 6", "tick 7"],
    );
}

#[test]
fn it_is_awaited_by_several_and_again() {
    check(
        |program| async move {
            let both = sum(&program, vec![sleeper(&program, "a", 1.0), value(&program, 1)]);
            let waiters = ["first", "second"].map(|name| {
                let both = both.clone();
                program.task(move |program| async move { program.print(format!("{name}: {:?}", both.await)) })
            });
            both.add_done_callback({
                let program = program.clone();
                move |both| program.print(format!("callback: {:?}", both.status()))
            });
            let [first, second] = waiters;
            assert_eq!((first.await, second.await), (Ok(()), Ok(())));
            program.print(format!("again: {:?} at {}", both.await, program.time()));
        },
        &["a: Ok(())", "callback: Some(Finished)", "first: Ok(8)", "second: Ok(8)", "again: Ok(8) at 1.0"],
    );
}

#[test]
fn a_cancel_of_it_goes_to_the_children_and_comes_back_as_its_failure() {
    check(
        |program| async move {
            let both = program.gather([sleeper(&program, "a", 9.0), sleeper(&program, "b", 9.0)]).into_handle();
            program.pause(1.0).await;
            program.print(format!("{} {:?}", both.cancel_with("enough"), both.status()));
            program.print(format!("{:?}", (&both).await));
            // Everybody gets the message: it is an exception that the future holds, and no cancel of the future.
            program.print(format!("{:?} {:?} {}", both.result(), both.status(), both.cancel()));
        },
        &[
            "true None",
            "a: Err(Cancelled(\"enough\"))",
            "b: Err(Cancelled(\"enough\"))",
            "Ok(Err(Cancelled(\"enough\")))",
            "Some(Ok(Err(Cancelled(\"enough\")))) Some(Failed) false",
        ],
    );
}

#[test]
fn a_cancel_that_reaches_nobody_is_refused_all_the_way_up() {
    check(
        |program| async move {
            let ends = sleeper(&program, "ends", 1.0);
            let inner = sum(&program, vec![ends.clone()]);
            let outer = sum(&program, vec![inner.clone().into(), inner.clone().into()]);
            program.yield_now().await;
            let asks = program.task(|program| async move {
                program.pause(1.0).await;
                program.print(format!("{:?} {} {}", ends.status(), inner.cancel(), outer.cancel()));
                outer.await
            });
            program.print(format!("{:?}", asks.await));
        },
        &["ends: Ok(())", "Some(Finished) false false", "Ok(Ok(14))"],
    );
}

#[test]
fn the_second_way_to_a_future_finds_it_cancelled() {
    check(
        |program| async move {
            let future = program.create_future::<u32>("future");
            let first =
                program.gather_all([JoinHandle::from(future.clone())]).into_handle_as("first", |all| all.is_ok());
            let second = program.gather_all([JoinHandle::from(future)]).into_handle_as("second", |all| all.is_ok());
            let both = program.gather([first.clone().into(), second.clone().into()]).into_handle();
            program.print(both.cancel());
            let failed = both.await;
            program.print(format!("{failed:?} {:?} {:?}", first.status(), second.status()));
        },
        &["true", "Ok(Err(Failed(false))) Some(Failed) Some(Finished)"],
    );
}

#[test]
fn a_cancel_of_who_awaits_it_goes_down_and_is_one_there() {
    check(
        |program| async move {
            let inner = sum(&program, vec![sleeper(&program, "a", 9.0)]);
            let outer = sum(&program, vec![inner.clone().into()]);
            let waiter = program.task(|program| async move {
                let caught = program.catch_cancel(async { outer.await }).await;
                program.print(format!("waiter: {caught:?}"));
            });
            program.pause(1.0).await;
            waiter.cancel_with("down");
            assert_eq!(waiter.await, Ok(()));
            program.print(format!("{:?}", inner.status()));
        },
        &["a: Err(Cancelled(\"down\"))", "waiter: Err(Cancelled(\"down\"))", "Some(Failed)"],
    );
}

#[test]
fn what_has_ended_makes_it_done_at_once() {
    check(
        |program| async move {
            let ended = [value(&program, 1), value(&program, 2)];
            program.pause(1.0).await;
            let both = program.gather(ended).into_handle();
            let nothing = program.gather(Vec::<JoinHandle<u32>>::new()).into_handle();
            program.print(format!("{:?} {:?}", both.result(), nothing.result()));
        },
        &["Some(Ok(Ok([1, 2]))) Some(Ok(Ok([])))"],
    );
}

#[test]
fn a_failure_ends_it_and_the_others_go_on() {
    check(
        |program| async move {
            let fails = program.spawn_as("fails", async { 0 }, |_| Status::Failed);
            let both = program.gather([fails, sleeper(&program, "other", 1.0)]).into_handle();
            program.print(format!("{:?} at {}", (&both).await, program.time()));
            program.print(format!("{:?} {}", both.status(), both.cancel()));
            program.pause(2.0).await;
        },
        &["Ok(Err(Failed(0))) at 0.0", "Some(Failed) false", "other: Ok(())"],
    );
}

#[test]
fn its_callback_comes_although_nobody_holds_it() {
    check(
        |program| async move {
            let sleeps = sleeper(&program, "sleeps", 1.0);
            let printer = program.clone();
            sum(&program, vec![sleeps]).add_done_callback(move |sum| printer.print(format!("{:?}", sum.result())));
            program.pause(2.0).await;
        },
        &["sleeps: Ok(())", "Some(Ok(7))"],
    );
}

#[test]
fn a_result_set_by_hand_stays_and_the_children_go_on() {
    check(
        |program| async move {
            let sum = sum(&program, vec![sleeper(&program, "sleeps", 1.0)]);
            let set = (sum.set_result(3), sum.set_result(4));
            program.print(format!("{set:?} {:?} {}", (&sum).await, sum.cancel()));
            program.pause(2.0).await;
            program.print(format!("{:?}", sum.result()));
        },
        &["(Ok(()), Err(InvalidState)) Ok(3) false", "sleeps: Ok(())", "Some(Ok(3))"],
    );
}

#[test]
fn it_stands_wherever_tasks_do() {
    check(
        |program| async move {
            let slow = sum(&program, vec![sleeper(&program, "slow", 9.0)]);
            let quick = sum(&program, vec![sleeper(&program, "quick", 1.0)]);
            let shield = program.shield(&quick);
            let waited = program.wait_for(&slow, seconds(0.5)).await;
            program.print(format!("{waited:?} {:?}", slow.status()));
            program.print(format!("{:?} at {}", shield.wait().await, program.time()));
        },
        &["slow: Err(Cancelled)", "Err(Elapsed) Some(Failed)", "quick: Ok(())", "Ok(7) at 1.0"],
    );
}

#[test]
fn a_deadlock_says_what_it_waits_for() {
    let (_, ending) = observe(Simulation::new(), |program| async move {
        let never = program.spawn_named("never", std::future::pending::<u32>());
        let inner = sum(&program, vec![never]);
        let _ = sum(&program, vec![inner.into()]).await;
    });
    let report = ending.to_string();
    assert!(report.contains("main waits for gather of sum"), "{report}");
}

#[test]
fn tasks_that_gather_each_other_are_a_circle() {
    let (_, ending) = observe(Simulation::new(), |program| async move {
        let own: JoinHandle<u32> = program.handle(program.current_task()).expect("it runs");
        let _ = sum(&program, vec![own]).await;
    });
    let report = ending.to_string();
    assert!(report.contains("circle: main -> sum -> main"), "{report}");
}

#[test]
fn a_deep_nesting_is_cancelled_and_dropped_without_recursion() {
    const DEPTH: u32 = 50_000;
    let run = Simulation::new().run(|sim: Sim| async move {
        let task = sim.spawn(std::future::pending::<u32>());
        let mut nested: JoinHandle<u32> = task.clone();
        for _ in 0..DEPTH {
            let outer =
                sim.gather([nested.clone(), nested]).into_handle_as("outer", |all| all.map_or(0, |all| all[0] + 1));
            nested = outer.into();
        }
        let waiter = sim.spawn(std::future::IntoFuture::into_future(nested.clone()));
        sim.yield_now().await;
        let cancelled = (waiter.cancel(), nested.cancel());
        let _ = waiter.await;
        (cancelled, task.status(), nested.status())
    });
    assert_eq!(run.output, Some(((true, true), Some(Status::Cancelled), Some(Status::Failed))));
}

#[test]
fn a_run_lets_go_of_gathers_that_are_pending_at_its_end() {
    let kept = Rc::new(());
    let held = Rc::clone(&kept);
    let run = Simulation::new().run(|sim: Sim| async move {
        let future = sim.create_future::<u32>("never");
        let gather = sim.gather([JoinHandle::from(future)]).into_handle_as("gather", move |_| drop(held));
        let forgotten = gather.clone();
        sim.spawn(async move { forgotten.await });
    });
    assert_eq!(run.output, Some(()));
    assert_eq!(Rc::strong_count(&kept), 1);
}

#[test]
fn an_error_of_a_nested_gather_comes_through() {
    let run = Simulation::new().run(|sim: Sim| async move {
        let fails = sim.spawn_as("fails", async { "no tea" }, |_| Status::Failed);
        let inner = sim.gather([fails]).into_handle();
        sim.gather([JoinHandle::from(inner)]).await
    });
    assert_eq!(run.output, Some(Err(GatherError::Failed(Err(GatherError::Failed("no tea"))))));
}
