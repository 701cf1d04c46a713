//! That the random moves come to what they are there for.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use proptest_state_machine::ReferenceStateMachine;

use super::barrier_model::BarrierModel;
use super::condition::Condition;
use super::event::EventModel;
use super::lock_model::LockModel;
use super::machine::{Machine, Model, Move};
use super::queue_model::QueueModel;
use super::semaphore::SemaphoreModel;

/// How often a cancel came to a task that stood so.
fn cancels<M: Model>() -> BTreeMap<String, u32> {
    let mut runner = TestRunner::deterministic();
    let lists = Machine::<M>::sequential_strategy(1..60);
    let mut counts = BTreeMap::new();
    for _ in 0..256 {
        let (mut world, moves, _) = lists.new_tree(&mut runner).expect("nothing is refused").current();
        for step in moves {
            if let Move::Cancel(task) = step {
                *counts.entry(format!("{:?}", world.turns.stand(task))).or_default() += 1;
            }
            // What it answers is the other tests' business.
            let _ = world.apply(&step);
        }
    }
    counts
}

#[track_caller]
fn come_everywhere<M: Model>() {
    let cancels = cancels::<M>();
    for stand in ["Fresh", "FreshAndCancelled", "Waits", "WaitCancelled", "Woken", "WokenAndCancelled"] {
        assert!(cancels.get(stand).is_some_and(|&count| count >= 25), "{stand}: {cancels:?}");
    }
}

#[test]
fn cancels_come_before_the_first_step_while_waiting_and_after_the_wake_up() {
    come_everywhere::<LockModel>();
    come_everywhere::<EventModel>();
    come_everywhere::<QueueModel>();
    come_everywhere::<Condition>();
    come_everywhere::<BarrierModel>();
    come_everywhere::<SemaphoreModel>();
}
