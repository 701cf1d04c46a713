//! `Barrier` beside its model.

use std::convert::Infallible;
use std::num::NonZeroUsize;

use proptest::prelude::*;
use timeskip_executor::sync::{Barrier, BrokenBarrier};
use timeskip_executor::{JoinHandle, Sim};

use super::barrier_model::{BarrierModel, State};
use super::driver::{behaves_as_its_model, passes};
use super::machine::{Model, Move, MoveOf, Seen, ensure};
use super::turns::{Answer, End, Resume, Task, Turns};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Job {
    Wait,
    Abort,
    Reset,
}

const STATES: [(&str, State); 4] = [
    ("filling", State::Filling),
    ("draining", State::Draining),
    ("resetting", State::Resetting),
    ("broken", State::Broken),
];

impl Model for BarrierModel {
    type Job = Job;
    /// It does nothing at once: all its methods but the counts are coroutines.
    type Command = Option<Infallible>;
    type Real = Barrier;

    fn any() -> BoxedStrategy<BarrierModel> {
        (1..5_usize).prop_map(BarrierModel::new).boxed()
    }

    fn jobs(_: usize) -> BoxedStrategy<Job> {
        prop_oneof![12 => Just(Job::Wait), 1 => Just(Job::Abort), 2 => Just(Job::Reset)].boxed()
    }

    fn commands(_: usize) -> BoxedStrategy<Option<Infallible>> {
        Just(None).boxed()
    }

    fn step(&mut self, task: Task, job: &Job, resume: Resume, turns: &mut Turns) -> Option<End> {
        match job {
            Job::Wait if resume == Resume::First => return self.arrive(task, turns),
            Job::Wait => return self.resume(task, resume, turns),
            Job::Abort => self.abort(turns),
            Job::Reset => self.reset(turns),
        }
        Some(End::Answered(Ok(0)))
    }

    fn command(&mut self, _: &Option<Infallible>, _: &mut Turns) -> Answer {
        Ok(0)
    }

    fn counts(&self) -> Vec<usize> {
        vec![self.waiting(), STATES.iter().position(|(_, state)| *state == self.state).unwrap_or(STATES.len())]
    }

    fn real(&self, sim: &Sim) -> Barrier {
        Barrier::new(sim, "gate", NonZeroUsize::new(self.parties).unwrap_or(NonZeroUsize::MIN))
    }

    fn start(gate: &Barrier, sim: &Sim, job: &Job) -> JoinHandle<Answer> {
        let (gate, job) = (gate.clone(), job.clone());
        sim.spawn(async move {
            match job {
                Job::Wait => {
                    return gate.wait().await.map_err(|broken| match broken {
                        BrokenBarrier::Aborted => "aborted",
                        BrokenBarrier::Interrupted => "interrupted",
                    });
                }
                Job::Abort => gate.abort().await,
                Job::Reset => gate.reset().await,
            }
            Ok(0)
        })
    }

    fn tell(_: &Barrier, _: &Option<Infallible>) -> Answer {
        Ok(0)
    }

    fn observe(gate: &Barrier) -> Vec<usize> {
        vec![gate.n_waiting(), STATES.iter().position(|(word, _)| *word == gate.state()).unwrap_or(STATES.len())]
    }

    fn check(&self, seen: &Seen<BarrierModel>) -> Result<(), String> {
        let [waiting, state] = seen.counts[..] else { return Err("two counts".to_owned()) };
        let passed: Vec<usize> = seen.done().filter(|(job, _)| **job == Job::Wait).map(|(_, number)| number).collect();
        ensure(passed.iter().all(|&number| number < self.parties), || format!("{passed:?}: no such number"))?;
        if !seen.is_quiet {
            return Ok(());
        }
        ensure(state == 0 || state == 3, || "nobody is left, and it neither fills nor is broken".to_owned())?;
        ensure(waiting < self.parties, || "all have come, and wait".to_owned())?;
        ensure(waiting == seen.live(|_| true), || "somebody waits outside an open barrier".to_owned())?;
        // Without a cancel or a reset nobody passes who does not pass with the others.
        let only_waits = seen.tasks.iter().all(|(job, end)| *job == Job::Wait && *end != Some(End::Cancelled));
        let times = |number| passed.iter().filter(|&&other| other == number).count();
        let is_whole = (0..self.parties).all(|number| times(number) == times(0));
        ensure(!only_waits || is_whole, || format!("{passed:?}: not in groups of {}", self.parties))
    }

    fn let_go(&self) -> MoveOf<BarrierModel> {
        Move::Spawn(Job::Wait)
    }
}

#[test]
fn a_barrier_behaves_as_its_model() {
    behaves_as_its_model::<BarrierModel>();
}

#[test]
fn who_is_cancelled_after_all_have_come_keeps_nobody_from_leaving() {
    let wait = Move::Spawn(Job::Wait);
    passes(
        BarrierModel::new(2),
        &[wait.clone(), Move::Time, wait.clone(), Move::Turn, wait, Move::Cancel(0), Move::Time],
    );
}
