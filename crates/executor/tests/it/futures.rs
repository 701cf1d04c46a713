//! Futures whose result is set by hand, and callbacks at the end of tasks and futures. The lines are CPython 3.13's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use timeskip_executor::{Cancelled, FutureHandle, GatherError, InvalidState, Simulation, Status};

use crate::support::{Program, check, observe, seconds};

async fn wait_for(program: Program, name: &'static str, future: FutureHandle<u32>) {
    match program.catch_cancel(future.into_future_result()).await {
        Ok(Ok(value)) => program.print(format!("{name} got {value}")),
        Ok(Err(_)) | Err(_) => program.print(format!("{name} cancelled")),
    }
}

trait IntoResult {
    async fn into_future_result(self) -> Result<u32, Cancelled>;
}

impl IntoResult for FutureHandle<u32> {
    async fn into_future_result(self) -> Result<u32, Cancelled> {
        self.await
    }
}

#[test]
fn a_result_wakes_waiters_and_callbacks_in_the_order_in_which_they_came() {
    check(
        |program| async move {
            let future = program.create_future("news");
            let waiter = |name| program.spawn(wait_for(program.clone(), name, future.clone()));
            let waiters = [waiter("a"), waiter("b")];
            program.spawn(program.clone().ticker(4));
            program.yield_now().await;
            let printer = program.clone();
            future.add_done_callback(move |_| printer.print("callback"));
            let last = waiter("c");
            program.yield_now().await;
            future.set_result(7).expect("nobody has set it before");
            program.print("set");
            program.print(format!("main got {:?}", (&future).await));
            program.gather(waiters.into_iter().chain([last])).await.expect("they return");
        },
        &["tick 0", "tick 1", "set", "main got Ok(7)", "tick 2", "a got 7", "b got 7", "callback", "c got 7", "tick 3"],
    );
}

#[test]
fn a_cancel_of_one_waiter_cancels_the_future_and_all_who_wait() {
    check(
        |program| async move {
            let future = program.create_future("news");
            let tasks = ["a", "b", "c"].map(|name| program.spawn(wait_for(program.clone(), name, future.clone())));
            program.yield_now().await;
            let printer = program.clone();
            future.add_done_callback(move |future| printer.print(format!("callback {:?}", future.status())));
            program.spawn(program.clone().ticker(3));
            assert!(tasks[1].cancel());
            program.print(format!("{:?} {}", future.status(), future.cancel()));
            program.print(format!("refused: {}", future.set_result(1).expect_err("it is cancelled")));
            program.gather(tasks).await.expect("they return");
        },
        &[
            "Some(Cancelled) false",
            "refused: invalid state",
            "tick 0",
            "a cancelled",
            "b cancelled",
            "c cancelled",
            "callback Some(Cancelled)",
            "tick 1",
            "tick 2",
        ],
    );
}

#[test]
fn a_new_future_is_pending_and_takes_one_result() {
    let run = Simulation::new().run(|sim| async move {
        let future = sim.create_future::<u32>("answer");
        let before = (future.done(), future.status(), future.result());
        let set = (future.set_result(42), future.set_result(43), future.set_exception(44), future.cancel());
        let after = (future.done(), future.status(), future.result());
        assert_eq!(before, (false, None, None));
        assert_eq!(set, (Ok(()), Err(InvalidState), Err(InvalidState), false));
        assert_eq!(after, (true, Some(Status::Finished), Some(Ok(42))));
        // A result that is there already takes no turn.
        let calls = Rc::new(Cell::new(0));
        let counter = Rc::clone(&calls);
        sim.call_soon(move || counter.set(counter.get() + 1));
        ((&future).await, calls.get())
    });
    assert_eq!(run.output, Some((Ok(42), 0)));
}

#[test]
fn a_cancelled_future_is_done_and_has_no_result() {
    let run = Simulation::new().run(|sim| async move {
        let future = sim.create_future::<u32>("answer");
        let cancelled = (future.cancel(), future.cancel());
        assert_eq!(cancelled, (true, false));
        (future.done(), future.status(), future.result(), future.await)
    });
    assert_eq!(
        run.output,
        Some((true, Some(Status::Cancelled), Some(Err(Cancelled::default())), Err(Cancelled::default())))
    );
}

#[test]
fn nobody_lists_a_future_among_the_tasks() {
    let (lines, ending) = observe(Simulation::new(), |program| async move {
        let future = program.create_future::<()>("news");
        program.print(program.all_tasks().len());
        let task = program.spawn(async move {
            let _ = future.await;
        });
        task.await.expect("it waits for ever");
    });
    assert_eq!(lines, ["1"]);
    let report = "deadlock at 0.000 s: nothing can ever happen again\n  main waits for task main/task-0 since 0.000 s\n  \
                  main/task-0 waits for future news since 0.000 s\n  nobody is left who could wake them";
    assert_eq!(ending.to_string(), report);
}

#[test]
fn an_unset_future_does_not_keep_a_run_alive() {
    check(|program| async move { drop(program.create_future::<()>("news")) }, &[]);
}

#[test]
fn futures_are_gathered_like_tasks() {
    check(
        |program| async move {
            let futures = ["a", "b"].map(|name| program.create_future::<&str>(name));
            for (future, delay) in futures.iter().zip([2.0, 1.0]) {
                let promised = future.clone();
                program.call_later(seconds(delay), move || promised.set_result("done").expect("it is unset"));
            }
            let results = program.gather(futures.map(Into::into)).await;
            program.print(format!("{results:?} {}", program.time()));
            let [never, broken] = ["never", "broken"].map(|name| program.create_future::<&str>(name));
            program.spawn(program.clone().ticker(3));
            let promised = broken.clone();
            program.call_soon(move || promised.set_exception("broken").expect("it is unset"));
            let results = program.gather([never.clone().into(), broken.into()]).await;
            assert_eq!(results, Err(GatherError::Failed("broken")));
            program.print(format!("gather failed, the other is {:?}", never.status()));
        },
        &[r#"Ok(["done", "done"]) 2.0"#, "tick 0", "tick 1", "tick 2", "gather failed, the other is None"],
    );
}

#[test]
fn cancelling_a_gather_cancels_its_futures() {
    check(
        |program| async move {
            let futures = ["a", "b"].map(|name| program.create_future::<()>(name));
            let handles = futures.clone().map(Into::into);
            let gathering = program.gather(handles);
            let task = program.task(|program| async move {
                let ended = program.catch_cancel(gathering).await;
                program.print(format!("gather {ended:?}"));
            });
            program.yield_now().await;
            futures[0].set_result(()).expect("it is unset");
            task.cancel();
            task.await.expect("it returns");
            program.print(format!("{:?}", futures.map(|future| future.status())));
        },
        &["gather Err(Cancelled)", "[Some(Finished), Some(Cancelled)]"],
    );
}

#[test]
fn callbacks_of_a_task_are_called_in_order_and_without_a_task() {
    check(
        |program| async move {
            let task = program.task(|program| async move { program.print("work") });
            for name in ["a", "b"] {
                let printer = program.clone();
                task.add_done_callback(move |task| {
                    printer.print(format!("{name} {:?} {:?}", task.result(), printer.running_task()));
                });
            }
            program.spawn(program.clone().ticker(5));
            (&task).await.expect("it returns");
            program.print("main");
            let printer = program.clone();
            task.add_done_callback(move |_| printer.print("late"));
            program.yield_now().await;
            program.yield_now().await;
        },
        &[
            "work",
            "tick 0",
            "a Some(Ok(())) None",
            "b Some(Ok(())) None",
            "main",
            "tick 1",
            "late",
            "tick 2",
            "tick 3",
            "tick 4",
        ],
    );
}

#[test]
fn a_callback_that_is_added_by_a_callback_waits_for_the_next_turn() {
    check(
        |program| async move {
            let future = program.create_future::<()>("news");
            let first = program.clone();
            future.add_done_callback(move |future| {
                first.print("first");
                let third = first.clone();
                future.add_done_callback(move |_| third.print("third"));
            });
            let second = program.clone();
            future.add_done_callback(move |_| second.print("second"));
            future.set_result(()).expect("it is unset");
            program.print("set");
            program.clone().ticker(3).await;
        },
        &["set", "tick 0", "first", "second", "tick 1", "third", "tick 2"],
    );
}

#[test]
fn a_removed_callback_is_not_called_and_one_on_its_way_is() {
    check(
        |program| async move {
            let future = program.create_future::<()>("news");
            let callbacks = ["a", "b", "c"].map(|name| {
                let printer = program.clone();
                future.add_done_callback(move |_| printer.print(name))
            });
            let other = program.create_future::<()>("other");
            program.print(format!("{} {}", future.remove_done_callback(callbacks[0]), other.done()));
            program.print(future.remove_done_callback(callbacks[0]));
            future.set_result(()).expect("it is unset");
            program.print(future.remove_done_callback(callbacks[1]));
            program.yield_now().await;
        },
        &["true false", "false", "false", "b", "c"],
    );
}

#[test]
fn callbacks_are_added_and_removed_in_any_number() {
    let run = Simulation::new().run(|sim| async move {
        let (future, called) = (sim.create_future::<()>("news"), Rc::new(Cell::new(0)));
        for round in 0..5000 {
            let counter = Rc::clone(&called);
            let callback = future.add_done_callback(move |_| counter.set(counter.get() + 1));
            assert!(round % 1000 == 0 || future.remove_done_callback(callback));
        }
        future.set_result(()).expect("it is unset");
        sim.yield_now().await;
        (called.get(), Rc::strong_count(&called))
    });
    assert_eq!(run.output, Some((5, 1)));
}

#[test]
fn callbacks_that_remove_others_are_too_late() {
    check(
        |program| async move {
            let future = program.create_future::<()>("news");
            let second = Rc::new(Cell::new(None));
            let (printer, place) = (program.clone(), Rc::clone(&second));
            future.add_done_callback(move |future| {
                let second = place.get().expect("it was added meanwhile");
                printer.print(format!("first, removed: {}", future.remove_done_callback(second)));
            });
            let printer = program.clone();
            second.set(Some(future.add_done_callback(move |_| printer.print("second"))));
            future.set_result(()).expect("it is unset");
            program.yield_now().await;
        },
        &["first, removed: false", "second"],
    );
}

#[test]
fn cancelling_a_task_while_its_future_is_set_at_once_cancels_it_at_its_next_await() {
    check(
        |program| async move {
            let future = program.create_future("news");
            let task = program.spawn(wait_for(program.clone(), "a", future.clone()));
            program.yield_now().await;
            future.set_result(7).expect("it is unset");
            program.print(task.cancel());
            program.print(format!("{:?} {:?}", task.await, future.status()));
        },
        &["true", "a cancelled", "Ok(()) Some(Finished)"],
    );
}

#[test]
fn a_callback_is_called_for_a_cancelled_and_for_a_failed_task() {
    check(
        |program| async move {
            let sleeper = program.spawn(program.clone().say("never", 9.0));
            let failing = program.spawn_as("failing", async { "bad" }, |_| Status::Failed);
            let (first, second) = (program.clone(), program.clone());
            sleeper.add_done_callback(move |task| first.print(format!("{:?}", task.status())));
            failing.add_done_callback(move |task| second.print(format!("{:?} {:?}", task.status(), task.result())));
            program.yield_now().await;
            sleeper.cancel();
            program.pause(1.0).await;
        },
        &[r#"Some(Failed) Some(Ok("bad"))"#, "Some(Cancelled)"],
    );
}

#[test]
fn a_callback_keeps_the_result_of_a_task_that_nobody_else_remembers() {
    let seen = Rc::new(RefCell::new(None));
    let place = Rc::clone(&seen);
    Simulation::new().run(|sim| async move {
        sim.spawn(async { String::from("kept") }).add_done_callback(move |task| {
            place.replace(task.result());
        });
        sim.yield_now().await;
        sim.yield_now().await;
    });
    assert_eq!(seen.take(), Some(Ok(String::from("kept"))));
}

#[test]
fn a_future_that_nobody_holds_leaves_its_place() {
    let run = Simulation::new().run(|sim| async move {
        let held = Rc::new(());
        let future = sim.create_future("news");
        future.set_result(Rc::clone(&held)).expect("it is unset");
        drop(future);
        // One whose gather was given up, and that nobody can set any more.
        let unset = sim.create_future::<u32>("unset");
        drop(sim.gather([unset.clone().into()]));
        drop(unset);
        let again = sim.create_future::<u32>("again");
        again.set_result(1).expect("it is unset");
        (Rc::strong_count(&held), again.await)
    });
    assert_eq!(run.output, Some((1, Ok(1))));
}

#[test]
fn all_who_await_a_cancelled_future_get_its_message() {
    check(
        |program| async move {
            let future = program.create_future::<u32>("news");
            let names = ["a", "b"];
            let tasks = names.map(|name| {
                let (program, future) = (program.clone(), future.clone());
                let inner = program.clone();
                program.spawn(async move {
                    let caught = inner.catch_cancel(async { future.await }).await;
                    inner.print(format!("{name}: {caught:?}"));
                })
            });
            let gathered = program.gather([future.clone().into()]);
            program.yield_now().await;
            assert!(tasks[1].cancel_with("no news"));
            program.print(format!("{:?}", future.cancel_message()));
            program.print(format!("{:?}", gathered.await));
            program.print(format!("{:?} {:?}", future.clone().await, future.await));
        },
        &[
            "Some(\"no news\")",
            "a: Ok(Err(Cancelled(\"no news\")))",
            "b: Err(Cancelled(\"no news\"))",
            "Err(Cancelled(\"no news\"))",
            "Err(Cancelled(\"no news\")) Err(Cancelled(\"no news\"))",
        ],
    );
}
