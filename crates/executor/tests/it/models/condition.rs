//! `Condition`, with its lock, beside its model.

use std::collections::BTreeSet;

use proptest::prelude::*;
use timeskip_executor::sync::Condition as RealCondition;
use timeskip_executor::{JoinHandle, Sim};

use super::condition_model::{ConditionModel, Waited};
use super::driver::{behaves_as_its_model, passes};
use super::lock_model::Wanted;
use super::machine::{Model, Move, MoveOf, Seen, ensure};
use super::turns::{Answer, End, Resume, Task, Turns};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Job {
    /// Takes the lock, waits, and gives the lock back.
    Wait,
    /// Takes the lock and keeps it: others who were notified have to wait for it.
    Keep,
    /// Takes the lock, notifies so many, and gives the lock back.
    Notify(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    Release,
    Notify(usize),
}

/// The model, and who waits for the lock for the first time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Condition {
    model: ConditionModel,
    entering: BTreeSet<Task>,
}

impl Condition {
    /// What a task does that has got the lock.
    fn enter(&mut self, task: Task, job: &Job, turns: &mut Turns) -> Option<End> {
        match job {
            Job::Wait => {
                self.model.wait(task, turns);
                return None;
            }
            Job::Keep => {}
            Job::Notify(count) => {
                self.model.notify(*count, turns);
                self.model.lock.release(turns);
            }
        }
        Some(End::Answered(Ok(0)))
    }
}

impl Model for Condition {
    type Job = Job;
    type Command = Command;
    type Real = RealCondition;

    fn any() -> BoxedStrategy<Condition> {
        Just(Condition::default()).boxed()
    }

    fn jobs(_: usize) -> BoxedStrategy<Job> {
        prop_oneof![4 => Just(Job::Wait), 2 => Just(Job::Keep), 2 => (0..4_usize).prop_map(Job::Notify)].boxed()
    }

    fn commands(_: usize) -> BoxedStrategy<Command> {
        prop_oneof![1 => Just(Command::Release), 1 => (0..4_usize).prop_map(Command::Notify)].boxed()
    }

    fn step(&mut self, task: Task, job: &Job, resume: Resume, turns: &mut Turns) -> Option<End> {
        let is_entering = self.entering.remove(&task);
        if !is_entering && resume != Resume::First {
            let waited = self.model.resume(task, resume, turns);
            if waited == Waited::Waits {
                return None;
            }
            self.model.lock.release(turns);
            return Some(if waited == Waited::Notified { End::Answered(Ok(0)) } else { End::Cancelled });
        }
        let wanted = match resume {
            Resume::First => self.model.lock.acquire(task, turns),
            _ => self.model.lock.resume(task, resume, turns),
        };
        match wanted {
            Wanted::Waits => {
                self.entering.insert(task);
                None
            }
            Wanted::Has => self.enter(task, job, turns),
            Wanted::Leaves => Some(End::Cancelled),
        }
    }

    fn command(&mut self, command: &Command, turns: &mut Turns) -> Answer {
        match command {
            Command::Release if self.model.lock.release(turns) => Ok(0),
            Command::Notify(count) if self.model.lock.is_locked => {
                self.model.notify(*count, turns);
                Ok(0)
            }
            Command::Release | Command::Notify(_) => Err("not acquired"),
        }
    }

    fn counts(&self) -> Vec<usize> {
        let lock = &self.model.lock;
        vec![usize::from(lock.is_locked), lock.line.len(), self.model.line.len()]
    }

    fn real(&self, sim: &Sim) -> RealCondition {
        RealCondition::new(sim, "changed")
    }

    fn start(condition: &RealCondition, sim: &Sim, job: &Job) -> JoinHandle<Answer> {
        let (condition, job) = (condition.clone(), job.clone());
        sim.spawn(async move {
            match job {
                Job::Wait => condition.hold().await.wait().await,
                Job::Keep => condition.acquire().await,
                Job::Notify(count) => condition.hold().await.notify(count),
            }
            Ok(0)
        })
    }

    fn tell(condition: &RealCondition, command: &Command) -> Answer {
        match command {
            Command::Release => condition.release().map_err(|_| "not acquired")?,
            Command::Notify(count) => condition.notify(*count).map_err(|_| "not acquired")?,
        }
        Ok(0)
    }

    fn observe(condition: &RealCondition) -> Vec<usize> {
        vec![usize::from(condition.locked()), condition.lock().waiters(), condition.waiters()]
    }

    fn check(&self, seen: &Seen<Condition>) -> Result<(), String> {
        let [locked, for_lock, for_notice] = seen.counts[..] else { return Err("three counts".to_owned()) };
        let kept = seen.done().filter(|(job, _)| **job == Job::Keep).count();
        let released = seen.obeyed().filter(|(command, _)| **command == Command::Release).count();
        ensure(kept == released + locked, || format!("{kept} times kept, {released} times released"))?;

        let by_jobs = seen.done().filter_map(|(job, _)| if let Job::Notify(count) = job { Some(count) } else { None });
        let by_commands = seen.obeyed().filter_map(|(command, _)| match command {
            Command::Notify(count) => Some(count),
            Command::Release => None,
        });
        let notices: usize = by_jobs.chain(by_commands).sum();
        // Who is cancelled passes a notice on, whether it had one or not: asyncio allows it.
        let passed_on = seen.tasks.iter().filter(|task| **task == (Job::Wait, Some(End::Cancelled))).count();
        let notified = seen.done().filter(|(job, _)| **job == Job::Wait).count();
        ensure(notified <= notices + passed_on, || format!("{notified} were notified by {notices}"))?;
        if !seen.is_quiet {
            return Ok(());
        }
        ensure(for_lock == 0 || locked == 1, || "they wait for a free lock".to_owned())?;
        ensure(for_lock + for_notice == seen.live(|_| true), || "somebody waits for nothing".to_owned())
    }

    fn let_go(&self) -> MoveOf<Condition> {
        if self.model.lock.is_locked { Move::Command(Command::Release) } else { Move::Spawn(Job::Notify(1)) }
    }
}

#[test]
fn a_condition_behaves_as_its_model() {
    behaves_as_its_model::<Condition>();
}

#[test]
fn a_notice_for_a_task_that_is_cancelled_while_it_wants_the_lock_again_goes_to_the_next() {
    passes(
        Condition::default(),
        &[
            Move::Spawn(Job::Wait),
            Move::Spawn(Job::Wait),
            Move::Spawn(Job::Keep),
            Move::Time,
            Move::Command(Command::Notify(1)),
            Move::Time,
            Move::Cancel(0),
            Move::Turn,
            Move::Cancel(0),
            Move::Time,
            Move::Command(Command::Release),
            Move::Time,
        ],
    );
}
