//! Who waits for a queue stands in a line: what the report of a deadlock says of it, and who is woken when others have left.

use futures_util::join;
use timeskip_executor::{Queue, Simulation};

use crate::support::{Program, check, observe, seconds};

#[track_caller]
fn check_report<F: Future<Output = ()> + 'static>(program: impl FnOnce(Program) -> F, report: &[&str]) {
    let (_, ending) = observe(Simulation::new(), program);
    assert_eq!(ending.to_string().lines().collect::<Vec<_>>(), report);
}

#[test]
fn a_report_tells_of_everybody_in_a_line() {
    check_report(
        |program| async move {
            let (orders, small) = (Queue::<u32>::unbounded(&program, "orders"), Queue::bounded(&program, "small", 1));
            for number in 0..3 {
                let (orders, small) = (orders.clone(), small.clone());
                program.task(|program| async move {
                    program.pause(f64::from(number)).await;
                    orders.get().await;
                });
                program.task(|program| async move {
                    program.pause(f64::from(number) + 0.5).await;
                    small.put(number).await;
                    small.join().await;
                });
            }
            orders.get().await;
        },
        &[
            "deadlock at 2.500 s: nothing can ever happen again",
            "  main waits for orders.get() since 0.000 s",
            "  main/task-0 waits for orders.get() since 0.000 s",
            "  main/task-1 waits for small.join() since 0.500 s",
            "  main/task-2 waits for orders.get() since 1.000 s",
            "  main/task-3 waits for small.put() since 1.500 s",
            "  main/task-4 waits for orders.get() since 2.000 s",
            "  main/task-5 waits for small.put() since 2.500 s",
            "  nobody is left who could wake them",
        ],
    );
}

#[test]
fn a_report_tells_of_no_wait_that_was_given_up() {
    check_report(
        |program| async move {
            let (left, right) = (Queue::<u32>::unbounded(&program, "left"), Queue::<u32>::unbounded(&program, "right"));
            for _ in 0..3 {
                let (left, right) = (left.clone(), right.clone());
                program.task(|program| async move {
                    assert!(program.timeout(seconds(1.0), left.get()).await.is_err());
                    assert!(program.timeout(seconds(1.0), right.get()).await.is_err());
                    left.get().await;
                });
            }
            left.get().await;
        },
        &[
            "deadlock at 2.000 s: nothing can ever happen again",
            "  main waits for left.get() since 0.000 s",
            "  main/task-0 waits for left.get() since 2.000 s",
            "  main/task-1 waits for left.get() since 2.000 s",
            "  main/task-2 waits for left.get() since 2.000 s",
            "  nobody is left who could wake them",
        ],
    );
}

#[test]
fn a_task_that_waits_twice_is_told_of_by_its_first_wait() {
    check_report(
        |program| async move {
            let (left, right) = (Queue::<u32>::unbounded(&program, "left"), Queue::<u32>::unbounded(&program, "right"));
            join!(left.get(), right.get());
        },
        &[
            "deadlock at 0.000 s: nothing can ever happen again",
            "  main waits for left.get() since 0.000 s",
            "  nobody is left who could wake it",
        ],
    );
}

#[test]
fn those_who_stay_keep_their_order_when_others_leave() {
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            let getter = |number| {
                let queue = queue.clone();
                program.task(|program| async move {
                    let item: u32 = queue.get().await;
                    program.print(format!("{number} got {item}"));
                })
            };
            let getters: Vec<_> = (0..24).map(getter).collect();
            program.yield_now().await;
            // The first, most in the middle, and the last: so many that the line is cleared of them.
            for leaver in [0].into_iter().chain(3..20).chain([23]) {
                getters[leaver].cancel();
            }
            program.yield_now().await;
            for item in 0..6 {
                queue.put(item).await;
            }
            program.pause(1.0).await;
            program.print(queue.len());
        },
        &["1 got 0", "2 got 1", "20 got 2", "21 got 3", "22 got 4", "1"],
    );
}

#[test]
fn a_task_may_put_what_it_waits_for_itself() {
    // In one task, which has waited since an earlier step: its wait is in hand, and not in the table of tasks.
    check(
        |program| async move {
            let queue = Queue::unbounded(&program, "queue");
            let putter = async {
                program.yield_now().await;
                queue.put("item").await;
            };
            let (item, ()) = join!(queue.get(), putter);
            program.print(format!("{item}, and {} left", queue.len()));
        },
        &["item, and 0 left"],
    );
}
