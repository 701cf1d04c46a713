//! Wakers, cancels and destructors in every order that chance comes upon.
//!
//! Programs of futures that know nothing of timeskip: they keep, call, exchange and drop their wakers whenever they
//! like, also from destructors, from other tasks, from a simulation inside a task, and when the task or the run is over.
//! What they do here must be what they do on the obvious executor of `reference`.

mod acts;
mod combinator;
mod futures;
mod host;
mod program;
mod reference;
mod reference_handles;
mod regressions;
mod world;

use host::Engine;
use program::Program;
use proptest::prelude::*;
use world::{Seen, World};

fn config() -> ProptestConfig {
    // An interpreter of Rust takes half a minute for one.
    let (cases, max_shrink_iters) = if cfg!(miri) { (2, 0) } else { (1500, 20_000) };
    let default = ProptestConfig { failure_persistence: None, max_shrink_iters, ..ProptestConfig::default() };
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    if asked { default } else { ProptestConfig { cases, ..default } }
}

/// Runs all that a program has to run: what was seen, and what must not be.
fn observe(program: &Program, engine: Engine) -> (Vec<Seen>, Vec<String>) {
    let world = World::new(program.clone(), engine);
    for &main in &program.mains {
        world.run(main);
    }
    // The runs are over; what is called now wakes nobody.
    for gate in &world.gates.take() {
        gate.kept.iter().for_each(|kept| kept.waker.wake_by_ref());
    }
    drop(world.handles.take());
    world.result()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn foreign_futures_do_as_on_the_obvious_executor(program in program::foreign()) {
        let (seen, wrong) = observe(&program, Engine::Timeskip);
        prop_assert_eq!(wrong, Vec::<String>::new());
        prop_assert_eq!(&seen, &observe(&program, Engine::Reference).0);
        prop_assert_eq!(&seen, &observe(&program, Engine::Watched).0);
    }

    #[test]
    fn foreign_and_own_futures_in_one_task_lose_nothing(program in program::mixed()) {
        let (seen, wrong) = observe(&program, Engine::Timeskip);
        prop_assert_eq!(wrong, Vec::<String>::new());
        prop_assert_eq!(&seen, &observe(&program, Engine::Timeskip).0);
        prop_assert_eq!(&seen, &observe(&program, Engine::Watched).0);
    }
}
