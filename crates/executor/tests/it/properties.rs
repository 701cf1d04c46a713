//! What must hold of every program, whatever it does.

use std::time::Duration;

use proptest::prelude::*;
use timeskip_executor::Simulation;

use crate::random_program::{QUEUES, bodies, run, ties};
use crate::watching::Recorder;

proptest! {
    #[test]
    fn a_second_run_is_the_same_and_so_is_a_watched_one(bodies in bodies(), ties in ties()) {
        let first = run(Simulation::new().ties(ties), &bodies);
        let second = run(Simulation::new().ties(ties), &bodies);
        prop_assert_eq!(&first.lines, &second.lines);
        prop_assert_eq!(&first.ending, &second.ending);

        let (watcher, other) = (Recorder::default(), Recorder::default());
        let watched = run(Simulation::new().ties(ties).observer(watcher.clone()), &bodies);
        prop_assert_eq!(&first.lines, &watched.lines);
        prop_assert_eq!(&first.ending, &watched.ending);
        run(Simulation::new().ties(ties).observer(other.clone()), &bodies);
        prop_assert_eq!(&*watcher.events.borrow(), &*other.events.borrow());
        let events = watcher.events.borrow();
        prop_assert!(events.is_sorted_by_key(|event| event.time));
        for (number, event) in events.iter().enumerate() {
            if let timeskip_executor::Cause::Event(cause) = event.cause {
                prop_assert!((cause.0 as usize) < number, "a cause comes before its effect");
            }
        }
    }

    #[test]
    fn time_never_goes_back(bodies in bodies(), ties in ties()) {
        let seen = run(Simulation::new().ties(ties), &bodies);
        prop_assert!(seen.times.is_sorted());
        prop_assert!(seen.times.last().is_none_or(|&last| last <= seen.ending.at().as_nanos()));
    }

    #[test]
    fn a_queue_gives_what_was_put_in_order_and_once(bodies in bodies(), ties in ties()) {
        let seen = run(Simulation::new().ties(ties), &bodies);
        for queue in 0..QUEUES {
            prop_assert!(seen.put[queue].starts_with(&seen.got[queue]), "{:?} {:?}", seen.put[queue], seen.got[queue]);
        }
        prop_assert!(seen.put[1].len() <= seen.got[1].len() + 2, "the bound holds");
    }

    #[test]
    fn no_task_is_lost(bodies in bodies(), ties in ties()) {
        let seen = run(Simulation::new().ties(ties), &bodies);
        let kind = seen.ending.kind();
        prop_assert!(["finished", "deadlock", "failed"].contains(&kind), "{}", seen.ending);
        if kind == "finished" {
            for task in &seen.tasks {
                prop_assert!(task.done(), "{} has not ended", task.path());
            }
        }
        if kind == "failed" {
            prop_assert!(!seen.ending.to_string().contains("panicked"), "{}", seen.ending);
        }
    }

    #[test]
    fn a_gather_takes_as_long_as_its_slowest(
        delays in prop::collection::vec(0..100_000_u64, 0..40),
        ties in ties(),
    ) {
        let slowest = delays.iter().copied().max().unwrap_or(0);
        let expected = delays.clone();
        let result = Simulation::new().ties(ties).run(|sim| async move {
            let tasks = delays.into_iter().map(|millis| {
                let clock = sim.clone();
                sim.spawn(async move {
                    clock.sleep(Duration::from_millis(millis)).await;
                    millis
                })
            });
            let tasks: Vec<_> = tasks.collect();
            (sim.gather(tasks).await, sim.now().as_nanos())
        });
        let Some((gathered, nanos)) = result.output else { panic!("{}", result.ending) };
        prop_assert_eq!(gathered, Ok(expected));
        prop_assert_eq!(nanos, slowest * 1_000_000);
    }
}
