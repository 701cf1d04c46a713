//! `shield` between waiters and tasks: what CPython's test_tasks.py states about it, in our words. Its lines are CPython
//! 3.13's.

use timeskip_executor::JoinHandle;

use crate::support::{Program, check};

/// A task that says when it is through.
fn worker(program: &Program, name: &'static str, delay: f64) -> JoinHandle<&'static str> {
    program.task(move |program| async move {
        program.clone().say_cancelled(name, program.pause(delay)).await;
        program.print(format!("{name} is through at {}", program.time()));
        name
    })
}

#[test]
fn a_shield_gives_the_result_of_its_task_to_all_who_wait() {
    check(
        |program| async move {
            let shield = program.shield(&worker(&program, "a", 2.0));
            let other = shield.clone();
            let waiter = program.task(|_| async move { other.wait().await });
            program.print(format!("{:?} {:?}", shield.wait().await, waiter.await));
            program.print(format!("{:?} {:?}", shield.status(), shield.result()));
        },
        &["a is through at 2.0", "Ok(\"a\") Ok(Ok(\"a\"))", "Some(Finished) Some(Ok(\"a\"))"],
    );
}

#[test]
fn who_waits_behind_a_shield_is_cancelled_alone() {
    check(
        |program| async move {
            let task = worker(&program, "inner", 2.0);
            let shield = program.shield(&task);
            let outer = program.task(|program| async move {
                let waited = program.clone().say_cancelled("outer", shield.wait()).await;
                program.print("outer is through");
                waited
            });
            program.pause(1.0).await;
            assert!(outer.cancel());
            program.print(format!("{:?} at {}", outer.await, program.time()));
            program.print(format!("{:?} at {}", task.await, program.time()));
        },
        &["outer cancelled", "Err(Cancelled) at 1.0", "inner is through at 2.0", "Ok(\"inner\") at 2.0"],
    );
}

#[test]
fn a_shielded_gather_goes_on_with_all_its_children() {
    check(
        |program| async move {
            let children = ["a", "b"].map(|name| worker(&program, name, 2.0));
            let parent = program.task(|program| async move { program.gather(children).await.ok() });
            let outer = program.shield(&parent);
            program.pause(1.0).await;
            assert!(outer.cancel(None));
            program.print(format!("{:?} at {}", outer.wait().await, program.time()));
            program.print(format!("{:?} at {}", parent.await, program.time()));
        },
        &["Err(Cancelled) at 1.0", "a is through at 2.0", "b is through at 2.0", "Ok(Some([\"a\", \"b\"])) at 2.0"],
    );
}

#[test]
fn a_cancelled_gather_of_shields_leaves_what_is_behind_them() {
    check(
        |program| async move {
            let children = ["a", "b"].map(|name| worker(&program, name, 2.0));
            let shields = children.each_ref().map(|child| program.shield(child));
            let inside = shields.clone();
            let parent = program.task(|program| async move {
                let waits = inside.map(|shield| program.spawn(async move { shield.wait().await }));
                program.gather(waits).await.is_ok()
            });
            program.pause(1.0).await;
            assert!(parent.cancel());
            program.print(format!("{:?} at {}", parent.await, program.time()));
            program.print(format!("{:?}", shields.map(|shield| shield.status())));
            for child in children {
                program.print(format!("{:?}", child.await));
            }
        },
        &[
            "Err(Cancelled) at 1.0",
            "[Some(Cancelled), Some(Cancelled)]",
            "a is through at 2.0",
            "b is through at 2.0",
            "Ok(\"a\")",
            "Ok(\"b\")",
        ],
    );
}
