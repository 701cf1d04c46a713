//! So many tasks and callbacks at once that they lie in several lists, and that their memory is fetched ahead.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use timeskip_executor::{Ending, Limits, Simulation, TieRule};

use log::Log;

#[path = "log.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared with the examples, which use the rest")]
mod log;

const MANY: u32 = 10_000;

/// What wakes at one instant, tasks that sleep and, among them, callbacks of timers.
fn woken(simulation: Simulation, callbacks: impl Fn(u32) -> bool + 'static) -> Vec<u32> {
    let woken = Rc::new(RefCell::new(Vec::new()));
    let page = Rc::clone(&woken);
    let run = simulation.run(|sim| async move {
        for number in 0..MANY {
            let (clock, page) = (sim.clone(), Rc::clone(&page));
            let second = Duration::from_secs(1);
            if callbacks(number) {
                sim.call_later(second, move || page.borrow_mut().push(number));
            } else {
                sim.spawn(async move {
                    clock.sleep(second).await;
                    page.borrow_mut().push(number);
                });
            }
        }
        sim.sleep(Duration::from_secs(2)).await;
    });
    assert_eq!(run.ending.to_string(), "finished at 2.000 s");
    woken.take()
}

#[test]
fn tasks_step_in_order_however_many_there_are() {
    let all: Vec<u32> = (0..MANY).collect();
    let backwards: Vec<u32> = all.iter().rev().copied().collect();
    assert_eq!(woken(Simulation::new(), |_| false), all);
    assert_eq!(woken(Simulation::new().observer(Log::default()), |_| false), all);
    assert_eq!(woken(Simulation::new().ties(TieRule::Lifo), |_| false), backwards);
}

/// The callbacks are called in the turn that wakes the tasks, so before all of their steps; a timer that was armed at once
/// comes before one that a task armed in its first step.
#[test]
fn callbacks_among_many_sleepers_are_called_in_order() {
    for rare in [2, 97, 5_003] {
        let (called, slept): (Vec<u32>, Vec<u32>) = (0..MANY).partition(|number| number % rare == 1);
        let expected = [called, slept].concat();
        assert_eq!(woken(Simulation::new(), move |number| number % rare == 1), expected);
        let watched = Simulation::new().observer(Log::default());
        assert_eq!(woken(watched, move |number| number % rare == 1), expected);
    }
}

/// The last of several lists of what is ready may hold a single entry.
#[test]
fn one_more_than_a_list_holds_comes_last() {
    for many in 4090..4110 {
        let page = Rc::new(RefCell::new(Vec::new()));
        let stepped = Rc::clone(&page);
        let run = Simulation::new().run(|sim| async move {
            for number in 0..many {
                let page = Rc::clone(&page);
                sim.spawn(async move { page.borrow_mut().push(number) });
            }
            sim.sleep(Duration::from_secs(1)).await;
        });
        assert_eq!(run.output, Some(()));
        assert!(stepped.take().into_iter().eq(0..many), "{many}");
    }
}

#[test]
fn a_livelock_names_all_that_was_about_to_run() {
    let limits = Limits { turns_at_one_instant: 0, ..Limits::default() };
    let run = Simulation::new().limits(limits).run(|sim| async move {
        for _ in 0..MANY {
            sim.spawn(async {});
            sim.call_soon(|| {});
        }
        sim.yield_now().await;
    });
    let Ending::Livelock { tasks, .. } = run.ending else { panic!("{}", run.ending) };
    assert_eq!(tasks.len(), 2 * MANY as usize + 1, "tasks, callbacks and main");
}

/// The time at which a task was suspended, not that of its last wait or of its start.
#[test]
fn a_deadlock_says_since_when_a_task_waits_for_something_foreign() {
    let run = Simulation::new().run(|sim| async move {
        sim.spawn(sim.sleep(Duration::from_secs(9)));
        sim.sleep(Duration::from_secs(3)).await;
        sim.block(Duration::from_secs(1));
        std::future::pending::<()>().await;
    });
    let report = run.ending.to_string();
    assert!(report.contains("main waits for something that timeskip does not know since 4.000 s"), "{report}");
}
