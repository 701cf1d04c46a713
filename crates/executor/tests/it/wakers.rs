//! Wakers that live longer than what they wake, and steps that are left over.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_channel::oneshot;
use futures_util::{FutureExt, pin_mut, select_biased};
use timeskip_executor::{Simulation, Status};

use crate::support::{Program, check, observe};

#[test]
fn a_task_that_ends_although_it_was_to_step_again_stays_ended() {
    check(
        |program| async move {
            for _ in 0..2 {
                let task = program.task(|program| async move {
                    let turn = program.yield_now().fuse();
                    pin_mut!(turn);
                    select_biased! {
                        () = turn => program.print("not yet"),
                        () = std::future::ready(()).fuse() => program.print("ended"),
                    }
                });
                program.yield_now().await;
                assert_eq!(task.status(), Some(Status::Finished));
                program.yield_now().await;
                assert_eq!(task.status(), Some(Status::Finished), "the step that was left changed nothing");
            }
        },
        &["ended", "ended"],
    );
}

#[test]
fn a_task_in_the_place_of_one_that_was_to_step_again_runs() {
    check(
        |program| async move {
            program.task(|program| async move {
                futures_util::future::select(program.yield_now(), std::future::ready(())).await;
            });
            program.yield_now().await;
            // Its handle is gone, so that its place is free; the step that it left behind is still in the queue.
            let next = program.spawn(program.clone().say("the next one ran", 1.0));
            assert_eq!(next.await, Ok(()));
        },
        &["the next one ran"],
    );
}

/// A future that keeps every waker it is polled with.
async fn keep_wakers(place: Rc<RefCell<Vec<Waker>>>) {
    poll_fn(|context| {
        place.borrow_mut().push(context.waker().clone());
        Poll::<()>::Pending
    })
    .await;
}

#[test]
fn a_waker_kept_after_the_run_wakes_nobody() {
    let wakers = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&wakers);
    observe(Simulation::new(), |program| async move {
        for _ in 0..100 {
            program.spawn(keep_wakers(Rc::clone(&kept)));
        }
        program.yield_now().await;
    });
    assert_eq!(
        wakers.borrow().len(),
        200,
        "each was polled in its first step, and when the end of the run cancelled it"
    );
    let counted = |program: Program| async move {
        let polls = Rc::new(RefCell::new(0));
        let counter = Rc::clone(&polls);
        program.spawn(poll_fn(move |_| {
            *counter.borrow_mut() += 1;
            Poll::<()>::Pending
        }));
        for _ in 0..5 {
            program.yield_now().await;
        }
        program.print(format!("{} poll", polls.borrow()));
    };
    // Between two runs, and in the middle of another run with fewer tasks.
    wakers.borrow().iter().for_each(Waker::wake_by_ref);
    assert_eq!(observe(Simulation::new(), counted).0, ["1 poll"]);
    let (lines, ending) = observe(Simulation::new(), |program| async move {
        wakers.take().into_iter().for_each(Waker::wake);
        program.pause(1.0).await;
        program.print(program.time());
    });
    assert_eq!((lines, ending.kind()), (vec!["1.0".to_owned()], "finished"));
}

#[test]
fn a_simulation_inside_of_a_task_takes_no_wake_up_from_outside() {
    check(
        |program| async move {
            let (sender, receiver) = oneshot::channel();
            let receiving = program.task(|program| async move { program.print(format!("{:?}", receiver.await)) });
            program.yield_now().await;
            assert_eq!(sender.send("sent"), Ok(()));
            let inner = Simulation::new().run(|sim| async move {
                sim.yield_now().await;
                sim.now().as_secs_f64()
            });
            assert_eq!(inner.output, Some(0.0));
            assert_eq!(receiving.await, Ok(()));
        },
        &["Ok(\"sent\")"],
    );
}
