//! Task groups: what CPython's test_taskgroups.py states, in our words (docs/cpython-tests/taskgroups.md maps the names).

use timeskip_executor::{BodyEnd, GroupClosed, GroupEnd, Sim, Simulation, TaskGroup};

use crate::support::{Program, check, seconds};

pub(super) type Outcome = Result<u32, String>;

pub(super) async fn after(program: Program, delay: f64, outcome: Outcome) -> Outcome {
    program.pause(delay).await;
    outcome
}

pub(super) fn bad(what: &str) -> Outcome {
    Err(what.to_owned())
}

/// Sleeps long; says so when it is cancelled, and how long its cleanup took it.
pub(super) async fn tidy(program: Program, name: &str, cleanup: f64) -> Outcome {
    let cut_short = program.catch_cancel(program.sleep(seconds(60.0))).await;
    let cancelled = cut_short.expect_err("nobody waits that long");
    program.pause(cleanup).await;
    program.print(format!("{name} is tidied up at {}", program.time()));
    match program.reraise_cancel(cancelled).await {}
}

pub(super) fn errors(result: Result<u32, timeskip_executor::ExceptionGroup<String>>) -> Vec<String> {
    result.err().map_or_else(Vec::new, |group| group.exceptions)
}

#[test]
fn waits_for_its_members() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = program.task_group(|group| async move {
                let slow = group.spawn(after(inner.clone(), 2.0, Ok(42))).expect("open");
                let quick = group.spawn(after(inner.clone(), 1.0, Ok(11))).expect("open");
                inner.pause(0.5).await;
                inner.print(format!("the block ends at {}, {} members to go", inner.time(), group.len()));
                Ok((slow, quick))
            });
            let (slow, quick) = group.await.expect("nobody fails");
            program.print(format!("{:?} {:?} at {}", slow.result(), quick.result(), program.time()));
        },
        &["the block ends at 0.5, 2 members to go", "Some(Ok(Ok(42))) Some(Ok(Ok(11))) at 2.0"],
    );
}

#[test]
fn a_cancelled_member_is_no_failure() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = program.task_group(|group| async move {
                let _stays = group.spawn(after(inner.clone(), 1.0, Ok(1))).expect("open");
                let leaves = group.spawn(after(inner.clone(), 5.0, Ok(2))).expect("open");
                inner.pause(0.5).await;
                leaves.cancel();
                Ok(leaves)
            });
            let leaves = group.await.expect("nobody fails");
            program.print(format!("{:?} at {}", leaves.result(), program.time()));
        },
        &["Some(Err(Cancelled)) at 1.0"],
    );
}

#[test]
fn a_failure_cancels_the_others_and_the_block() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = program.task_group(|group| async move {
                for name in ["first", "second"] {
                    let _ = group.spawn(tidy(inner.clone(), name, 0.5)).expect("open");
                }
                let _ = group.spawn(after(inner.clone(), 1.0, bad("third"))).expect("open");
                inner.clone().say_cancelled("block", inner.pause(60.0)).await;
                inner.print("never");
                Ok(0)
            });
            let failed = errors(group.await);
            program.print(format!("{failed:?} at {}", program.time()));
        },
        &["block cancelled", "first is tidied up at 1.5", "second is tidied up at 1.5", "[\"third\"] at 1.5"],
    );
}

#[test]
fn errors_come_in_the_order_of_the_ends_and_the_blocks_own_last() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = program.task_group(|group| async move {
                for (delay, name) in [(2.0, "late"), (1.0, "early"), (1.0, "early too")] {
                    let _ = group.spawn(after(inner.clone(), delay, bad(name))).expect("open");
                }
                let cut_short = inner.catch_cancel(inner.sleep(seconds(60.0))).await;
                if cut_short.is_err() { bad("block") } else { Ok(0) }
            });
            program.print(format!("{:?} at {}", errors(group.await), program.time()));
        },
        &["[\"early\", \"early too\", \"block\"] at 1.0"],
    );
}

#[test]
fn a_failure_of_the_block_cancels_the_members() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = program.task_group(|group| async move {
                let _ = group.spawn(tidy(inner.clone(), "member", 1.0)).expect("open");
                inner.pause(1.0).await;
                bad("block")
            });
            program.print(format!("{:?} at {}", errors(group.await), program.time()));
        },
        &["member is tidied up at 2.0", "[\"block\"] at 2.0"],
    );
}

#[test]
fn an_inner_group_that_fails_is_one_error_of_the_outer_one() {
    check(
        |program| async move {
            let (outer, inner) = (program.clone(), program.clone());
            let group = program.task_group(|group| async move {
                let _ = group
                    .spawn(async move {
                        let deepest = inner.clone();
                        let result = inner.task_group(|group| async move {
                            let _ = group.spawn(after(deepest, 1.0, bad("deep"))).expect("open");
                            Ok(0)
                        });
                        result.await.map_err(|group| format!("{group}: {:?}", group.exceptions))
                    })
                    .expect("open");
                outer.pause(9.0).await;
                Ok(0)
            });
            program.print(format!("{:?}", errors(group.await)));
        },
        &[r#"["unhandled errors in a TaskGroup (1 sub-exception): [\"deep\"]"]"#],
    );
}

#[test]
fn takes_no_tasks_after_a_failure_or_its_end() {
    check(
        |program| async move {
            let (inner, kept) = (program.clone(), std::rc::Rc::new(std::cell::RefCell::new(None)));
            let keep = kept.clone();
            let group = program.task_group(|group| async move {
                keep.replace(Some(group.clone()));
                let _ = group.spawn(after(inner.clone(), 1.0, bad("member"))).expect("open");
                let _ = inner.catch_cancel(inner.sleep(seconds(9.0))).await;
                let late = group.spawn(async { Ok(1) }).map(|_| ());
                assert_eq!(late, Err(GroupClosed::ShuttingDown));
                inner.print(format!("{} members, {} errors", group.len(), group.error_count()));
                Ok(0)
            });
            assert_eq!(errors(group.await), ["member"]);
            let group: Option<TaskGroup<String>> = kept.take();
            let late = group.map(|group| group.spawn(async { Ok(1) }).map(|_| ()));
            program.print(format!("{late:?}"));
        },
        &["0 members, 1 errors", "Some(Err(Finished))"],
    );
}

#[test]
fn a_member_may_start_members_while_the_group_waits() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = program.task_group(|group| async move {
                let again = group.clone();
                let _ = group
                    .spawn(async move {
                        inner.pause(1.0).await;
                        let _ = again.spawn(after(inner, 1.0, Ok(1))).expect("it still waits");
                        Ok(0)
                    })
                    .expect("open");
                Ok(0)
            });
            assert_eq!(group.await.ok(), Some(0));
            program.print(program.time());
        },
        &["2.0"],
    );
}

#[test]
fn a_swallowed_cancel_leaves_the_block_as_it_ends() {
    check(
        |program| async move {
            let runner = program.task(|program| async move {
                let inner = program.clone();
                let result = program.task_group(|group| async move {
                    let _ = group.spawn(after(inner.clone(), 3.0, Ok(1))).expect("open");
                    let _ = inner.catch_cancel(inner.sleep(seconds(9.0))).await;
                    Ok(5)
                });
                (result.await, program.time())
            });
            program.pause(1.0).await;
            runner.cancel();
            program.print(format!("{:?}", runner.await));
        },
        &["Ok((Ok(5), \"3.0\"))"],
    );
}

#[test]
fn cancelling_a_member_that_awaits_another_reaches_both_once() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = program.task_group(|group| async move {
                let first = group.spawn(tidy(inner.clone(), "first", 0.0)).expect("open");
                let _ = group.spawn(async move { first.await.unwrap_or_else(|_| bad("second")) }).expect("open");
                inner.pause(1.0).await;
                bad("block")
            });
            program.print(format!("{:?}", errors(group.await)));
        },
        &["first is tidied up at 1.0", "[\"block\"]"],
    );
}

#[test]
fn a_group_that_is_dropped_cancels_its_members() {
    check(
        |program| async move {
            let inner = program.clone();
            let group = Box::pin(program.task_group(|group| async move {
                let _ = group.spawn(tidy(inner.clone(), "member", 1.0)).expect("open");
                inner.pause(9.0).await;
                Ok::<u32, String>(0)
            }));
            let other = Box::pin(program.pause(1.0));
            let first = futures_util::future::select(group, other).await;
            assert!(matches!(first, futures_util::future::Either::Right(_)), "the pause is shorter");
            drop(first);
            program.pause(2.0).await;
            program.print(program.time());
        },
        &["member is tidied up at 2.0", "3.0"],
    );
}

#[test]
fn the_parts_of_a_block_are_there_for_interpreters() {
    let run = Simulation::new().run(|sim: Sim| async move {
        let group = TaskGroup::<&str>::enter(&sim);
        let finished = group.exit(BodyEnd::Finished).await;
        let group = TaskGroup::<&str>::enter(&sim);
        let failed = group.exit(BodyEnd::Failed).await;
        let group = TaskGroup::<&str>::enter(&sim);
        let cancelled = group.exit(BodyEnd::Cancelled).await;
        [finished, failed, cancelled]
    });
    assert_eq!(run.output, Some([GroupEnd::Finished, GroupEnd::Failed(vec![]), GroupEnd::Cancelled(None)]));
}

#[test]
fn a_group_that_waits_for_ever_is_a_deadlock_that_names_its_members() {
    let run = Simulation::new().run(|sim| async move {
        let clock = sim.clone();
        let group = sim.task_group(|group| async move {
            let never = timeskip_executor::Queue::<u32>::unbounded(&clock, "never");
            let _ = group.spawn(async move { Ok::<u32, String>(never.get().await) }).expect("open");
            Ok(0)
        });
        let _ = group.await;
    });
    let expected = "  main waits for task group of main/task-0 since 0.000 s";
    assert_eq!(run.ending.to_string().lines().nth(1), Some(expected));
}

#[test]
fn two_groups_of_one_task_that_fail_together_each_take_back_their_own_cancel() {
    check(
        |program| async move {
            let clock = program.clone();
            let outer = program.task_group(|outer| async move {
                let inner_clock = clock.clone();
                let inner = clock.task_group(|inner| async move {
                    let _ = inner.spawn(after(inner_clock.clone(), 1.0, bad("inner"))).expect("open");
                    let _ = outer.spawn(after(inner_clock, 1.0, bad("outer"))).expect("open");
                    Ok(0)
                });
                clock.print(format!("{:?}", errors(inner.await)));
                clock.clone().say_cancelled("outer block", clock.pause(9.0)).await;
                Ok(0)
            });
            program.print(format!("{:?}", errors(outer.await)));
            program.pause(1.0).await;
            program.print(format!("not cancelled any more at {}", program.time()));
        },
        &["[\"inner\"]", "outer block cancelled", "[\"outer\"]", "not cancelled any more at 2.0"],
    );
}

/// Starts two of its kind after a while, as often as the group lets it.
fn hydra(program: Program, group: TaskGroup<String>) -> std::pin::Pin<Box<dyn Future<Output = Outcome>>> {
    Box::pin(async move {
        program.pause(1.0).await;
        for _ in 0..2 {
            if group.spawn(hydra(program.clone(), group.clone())).is_err() {
                program.print("no more heads");
            }
        }
        Ok(0)
    })
}

#[test]
fn members_that_start_members_for_ever_end_with_the_first_failure() {
    check(
        |program| async move {
            let clock = program.clone();
            let group = program.task_group(|group| async move {
                let _ = group.spawn(hydra(clock.clone(), group.clone())).expect("open");
                let _ = group.spawn(after(clock, 4.5, bad("hercules"))).expect("open");
                Ok(0)
            });
            program.print(format!("{:?} at {}", errors(group.await), program.time()));
        },
        &["[\"hercules\"] at 4.5"],
    );
}
