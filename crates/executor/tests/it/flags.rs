//! Events: who goes on when they are set. What is stated is what CPython 3.13's test_locks.py states.

use timeskip_executor::JoinHandle;
use timeskip_executor::sync::Event;

use crate::support::{Program, check};

fn waiter(program: &Program, event: &Event, name: &'static str) -> JoinHandle<()> {
    let event = event.clone();
    program.task(|program| async move {
        event.wait().await;
        program.print(name);
    })
}

#[test]
fn who_comes_after_the_set_does_not_wait() {
    check(
        |program| async move {
            let event = Event::new(&program, "event");
            let early = [waiter(&program, &event, "1"), waiter(&program, &event, "2")];
            program.yield_now().await;
            program.print(format!("{} {}", event.is_set(), event.waiters()));
            let late = waiter(&program, &event, "3");
            event.set();
            program.yield_now().await;
            program.print(format!("{} {}", late.done(), early.iter().all(JoinHandle::done)));
            event.wait().await;
            program.print("at once");
        },
        &["false 2", "3", "1", "2", "true true", "at once"],
    );
}

#[test]
fn a_cancelled_waiter_leaves_the_line() {
    check(
        |program| async move {
            let event = Event::new(&program, "event");
            let task = waiter(&program, &event, "never");
            program.yield_now().await;
            assert!(task.cancel());
            assert!(task.await.is_err());
            program.print(event.waiters());
        },
        &["0"],
    );
}

#[test]
fn a_woken_waiter_goes_on_although_the_event_was_cleared() {
    check(
        |program| async move {
            let event = Event::new(&program, "event");
            event.clear();
            let task = waiter(&program, &event, "went on");
            program.yield_now().await;
            event.set();
            event.clear();
            event.set();
            event.clear();
            program.print(format!("{} {}", event.is_set(), event.waiters()));
            program.yield_now().await;
            program.print(format!("{} {}", task.done(), event.waiters()));
        },
        &["false 1", "went on", "true 0"],
    );
}
