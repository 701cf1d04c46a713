//! What random programs have found.

use super::host::Engine;
use super::observe;
use super::program::{Act, BODIES, Body, How, Keep, Own, Program, Step};
use super::world::Seen;

/// A program of these bodies, the first of which is main.
fn program<const N: usize>(bodies: [Vec<Step>; N]) -> Program {
    let body = |steps| Body { steps, at_drop: Vec::new(), at_output_drop: Vec::new() };
    let mut bodies: Vec<Body> = bodies.into_iter().map(body).collect();
    bodies.resize_with(BODIES, || body(Vec::new()));
    Program { mains: vec![0], bodies }
}

fn spawn(body: usize) -> Step {
    Step::Act(Act::Spawn(body))
}

const WAIT: Step = Step::Wait(0, Keep::Each);

/// What is seen on timeskip, which must be what is seen on the reference.
#[track_caller]
fn seen(program: &Program) -> Vec<Seen> {
    let (seen, wrong) = observe(program, Engine::Timeskip);
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(seen, observe(program, Engine::Reference).0);
    seen
}

#[test]
fn a_task_is_woken_from_a_simulation_inside_of_another_task() {
    // It was taken for a task of the inner run, and waited for ever.
    let open = vec![Step::Act(Act::Open(0))];
    let program = program([vec![spawn(1), WAIT], vec![Step::Act(Act::Inner(1))], open]);
    assert_eq!(seen(&program).last(), Some(&Seen::RunEnded("finished")));
}

#[test]
fn a_waker_of_an_inner_run_that_is_over_wakes_nobody_in_the_one_around_it() {
    let inner = vec![WAIT];
    let around = vec![Step::Act(Act::Inner(2)), Step::WakeItself(How::ByRef), Step::Act(Act::Wake(0, How::ByRef))];
    let program = program([vec![spawn(1), Step::WakeItself(How::ByRef)], around, Vec::new(), inner]);
    seen(&program);
}

#[test]
fn what_a_panicking_destructor_let_go_of_is_dropped() {
    let main = vec![spawn(1), spawn(2), spawn(3), Step::Own(Own::Yield)];
    let mut program = program([main, Vec::new(), Vec::new(), vec![Step::Act(Act::Forget(0))]]);
    program.bodies[1].at_output_drop = vec![Act::Forget(0), Act::Panic];
    let (seen, wrong) = observe(&program, Engine::Timeskip);
    assert_eq!((seen.last(), wrong), (Some(&Seen::RunEnded("failed")), Vec::new()));
}
