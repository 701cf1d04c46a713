//! Time limits: what CPython 3.13's test_timeouts.py states.

use timeskip_executor::{BodyEnd, Elapsed, SimTime, Simulation, Timeout, TimeoutEnd, TimeoutMisuse, TimeoutState};

use crate::support::{Program, check, seconds};

fn at(time: f64) -> SimTime {
    SimTime::from_secs_f64(time)
}

#[test]
fn the_time_is_over() {
    check(
        |program| async move {
            let result = program.timeout(seconds(1.0), program.pause(10.0)).await;
            program.print(format!("{result:?} at {}", program.time()));
        },
        &["Err(Elapsed) at 1.0"],
    );
}

#[test]
fn until_a_time() {
    check(
        |program| async move {
            let limit = Timeout::at(&program, at(1.5));
            let result = limit.clone().run(program.pause(10.0)).await;
            let when = limit.when().map(SimTime::as_secs_f64);
            program.print(format!("{result:?} at {}, {when:?} {}", program.time(), limit.expired()));
        },
        &["Err(Elapsed) at 1.5, Some(1.5) true"],
    );
}

#[test]
fn both_limits_at_once_are_the_outer_one_s() {
    check(
        |program| async move {
            let inner = Timeout::after(&program, seconds(1.0));
            let inside = inner.clone();
            let result = program.timeout(seconds(1.0), async { inner.run(program.pause(5.0)).await }).await;
            program.print(format!("{result:?} at {}, inner: {}", program.time(), inside.expired()));
        },
        &["Err(Elapsed) at 1.0, inner: true"],
    );
}

#[test]
fn what_was_waited_for_is_cancelled() {
    check(
        |program| async move {
            let task = program.spawn(program.sleep(seconds(10.0)));
            let result = program.timeout(seconds(1.0), std::future::IntoFuture::into_future(&task)).await;
            program.print(format!("{} {:?}", result.is_err(), task.status()));
        },
        &["true Some(Cancelled)"],
    );
}

#[test]
fn steps_within_the_time() {
    check(
        |program| async move {
            let limit = Timeout::after(&program, seconds(10.0));
            let result = limit.clone().run(program.pause(1.0)).await;
            program.print(format!("{result:?} at {} {}", program.time(), limit.state().name()));
            program.pause(20.0).await;
            program.print("nothing came later");
        },
        &["Ok(()) at 1.0 finished", "nothing came later"],
    );
}

#[test]
fn no_limit() {
    check(
        |program| async move {
            let limit = Timeout::unlimited(&program);
            let result = limit.clone().run(program.pause(100.0)).await;
            program.print(format!("{result:?} {:?}", limit.when()));
        },
        &["Ok(()) None"],
    );
}

#[test]
fn no_time_at_all() {
    check(
        |program| async move {
            program.print(format!("{:?}", program.timeout(seconds(0.0), program.pause(10.0)).await));
            program.print(format!(
                "{:?} at {}",
                program.timeout(seconds(0.0), program.pause(0.0)).await,
                program.time()
            ));
            program.print(format!("{:?}", program.timeout(seconds(0.0), async { "no await" }).await));
        },
        &["Err(Elapsed)", "Err(Elapsed) at 0.0", "Ok(\"no await\")"],
    );
}

#[test]
fn a_deadline_in_the_past() {
    check(
        |program| async move {
            program.pause(5.0).await;
            let result = program.timeout_at(at(4.0), program.pause(0.0)).await;
            program.print(format!("{result:?} at {}", program.time()));
        },
        &["Err(Elapsed) at 5.0"],
    );
}

#[test]
fn an_error_within_the_time_passes() {
    check(
        |program| async move {
            let result = program.timeout(seconds(1.0), async { Err::<(), _>("broken") }).await;
            program.print(format!("{result:?}"));
        },
        &["Ok(Err(\"broken\"))"],
    );
}

#[test]
fn an_error_while_the_time_ends_passes() {
    check(
        |program| async move {
            let body = async {
                program.catch_cancel(program.pause(9.0)).await.map_err(|_| "broken while it ended")?;
                Ok::<(), &str>(())
            };
            let result = program.timeout(seconds(1.0), body).await;
            program.print(format!("{result:?} at {}", program.time()));
        },
        &["Ok(Err(\"broken while it ended\")) at 1.0"],
    );
}

#[test]
fn a_cancel_of_the_task_itself_is_no_timeout() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                assert!(program.timeout(seconds(10.0), program.pause(20.0)).await.is_ok());
                program.print("never");
            });
            program.pause(1.0).await;
            task.cancel_with("by hand");
            program.print(format!("{:?} at {}", task.await, program.time()));
        },
        &["Err(Cancelled(\"by hand\")) at 1.0"],
    );
}

#[test]
fn who_catches_the_end_of_the_time_is_not_cancelled() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                assert_eq!(program.timeout(seconds(1.0), program.pause(9.0)).await, Err(Elapsed));
                program.pause(1.0).await;
                program.handle::<()>(program.current_task()).map(|own| own.cancelling())
            });
            program.print(format!("{:?} {:?}", (&task).await, task.status()));
        },
        &["Ok(Some(0)) Some(Finished)"],
    );
}

#[test]
fn the_inner_limit_is_later() {
    check(
        |program| async move {
            let inner = Timeout::after(&program, seconds(5.0));
            let inside = inner.clone();
            let result = program.timeout(seconds(1.0), async { inner.run(program.pause(9.0)).await }).await;
            program.print(format!("{result:?} at {}, inner: {}", program.time(), inside.expired()));
        },
        &["Err(Elapsed) at 1.0, inner: false"],
    );
}

#[test]
fn a_block_past_both_limits() {
    check(
        |program| async move {
            let body = async {
                let inner = program.timeout(seconds(2.0), async {
                    program.block(seconds(5.0));
                    program.pause(0.1).await;
                });
                let inner = inner.await;
                program.print(format!("inner: {inner:?}"));
            };
            let outer = program.timeout(seconds(1.0), body).await;
            program.print(format!("outer: {outer:?} at {}", program.time()));
        },
        &["outer: Err(Elapsed) at 5.0"],
    );
}

#[test]
fn more_time() {
    check(
        |program| async move {
            let limit = Timeout::after(&program, seconds(1.0));
            let inside = limit.clone();
            let body = async {
                inside.reschedule(Some(at(3.0))).expect("it is active");
                program.pause(2.0).await;
                program.print(format!("went on at {}", program.time()));
                inside.reschedule(None).expect("it is active");
                program.pause(5.0).await;
                inside.reschedule(Some(at(0.5))).expect("it is active");
                program.pause(5.0).await;
            };
            let result = limit.run(body).await;
            program.print(format!("{result:?} at {}", program.time()));
        },
        &["went on at 2.0", "Err(Elapsed) at 7.0"],
    );
}

#[test]
fn a_limit_on_cleaning_up() {
    check(
        |program| async move {
            let body = async {
                let caught = program.catch_cancel(program.pause(9.0)).await;
                let cleaned = program.timeout(seconds(1.0), program.pause(9.0)).await;
                program.print(format!("{caught:?} {cleaned:?} at {}", program.time()));
                if let Err(cancelled) = caught {
                    match program.reraise_cancel(cancelled).await {}
                }
            };
            let result = program.timeout(seconds(1.0), body).await;
            program.print(format!("{result:?} at {}", program.time()));
        },
        &["Err(Cancelled) Err(Elapsed) at 2.0", "Err(Elapsed) at 2.0"],
    );
}

#[test]
fn a_cancel_that_was_caught_before_does_not_count() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                drop(program.catch_cancel(program.pause(9.0)).await);
                program.timeout(seconds(1.0), program.pause(9.0)).await
            });
            program.pause(1.0).await;
            task.cancel();
            program.print(format!("{:?} {}", (&task).await, task.cancelling()));
        },
        &["Ok(Err(Elapsed)) 1"],
    );
}

#[test]
fn a_second_cancel_is_no_timeout() {
    check(
        |program| async move {
            let task = program.task(|program| async move {
                drop(program.catch_cancel(program.pause(9.0)).await);
                program.timeout(seconds(5.0), program.pause(9.0)).await
            });
            program.pause(1.0).await;
            task.cancel();
            program.pause(1.0).await;
            task.cancel();
            program.print(format!("{:?} at {}", task.await, program.time()));
        },
        &["Err(Cancelled) at 2.0"],
    );
}

async fn walk_through_the_states(program: Program) {
    let limit = Timeout::after(&program, seconds(1.0));
    let show = |limit: &Timeout| program.print(format!("{} {}", limit.state().name(), limit.expired()));
    show(&limit);
    program.print(limit.reschedule(None).expect_err("nobody has entered it"));
    limit.enter().expect("nobody has entered it");
    assert_eq!(limit.enter(), Err(TimeoutMisuse::EnteredBefore));
    show(&limit);
    assert!(program.catch_cancel(program.pause(9.0)).await.is_err());
    show(&limit);
    assert_eq!(limit.reschedule(None), Err(TimeoutMisuse::Over(TimeoutState::Expiring)));
    assert_eq!(limit.exit(BodyEnd::Cancelled), TimeoutEnd::Elapsed);
    show(&limit);
    program.print(limit.reschedule(None).expect_err("it is over"));
    let quick = Timeout::after(&program, seconds(1.0));
    quick.enter().expect("nobody has entered it");
    assert_eq!(quick.exit(BodyEnd::Finished), TimeoutEnd::Unchanged);
    program.print(quick.reschedule(None).expect_err("it is over"));
}

#[test]
fn states() {
    check(
        walk_through_the_states,
        &[
            "created false",
            "Timeout has not been entered",
            "active false",
            "expiring true",
            "expired true",
            "Cannot change state of expired Timeout",
            "Cannot change state of finished Timeout",
        ],
    );
}

#[test]
fn a_limit_that_is_dropped_with_its_task_never_fires() {
    let run = Simulation::new().run(|sim| async move {
        let clock = sim.clone();
        let task = sim.spawn(async move { clock.timeout(seconds(5.0), clock.sleep(seconds(9.0))).await });
        sim.sleep(seconds(1.0)).await;
        task.cancel();
        let ended = task.await.is_err();
        sim.sleep(seconds(9.0)).await;
        (ended, sim.now().as_secs_f64())
    });
    assert_eq!(run.output, Some((true, 10.0)));
}
