//! `Lock` beside its model.

use proptest::prelude::*;
use timeskip_executor::sync::Lock;
use timeskip_executor::{JoinHandle, Sim};

use super::driver::{behaves_as_its_model, passes};
use super::lock_model::{LockModel, Wanted};
use super::machine::{Model, Move, MoveOf, Seen, ensure};
use super::turns::{Answer, End, Resume, Task, Turns};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Acquire;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Release;

impl Model for LockModel {
    type Job = Acquire;
    type Command = Release;
    type Real = Lock;

    fn any() -> BoxedStrategy<LockModel> {
        Just(LockModel::default()).boxed()
    }

    fn jobs(_: usize) -> BoxedStrategy<Acquire> {
        Just(Acquire).boxed()
    }

    fn commands(_: usize) -> BoxedStrategy<Release> {
        Just(Release).boxed()
    }

    fn step(&mut self, task: Task, _: &Acquire, resume: Resume, turns: &mut Turns) -> Option<End> {
        let wanted = match resume {
            Resume::First => self.acquire(task, turns),
            _ => self.resume(task, resume, turns),
        };
        match wanted {
            Wanted::Waits => None,
            Wanted::Has => Some(End::Answered(Ok(0))),
            Wanted::Leaves => Some(End::Cancelled),
        }
    }

    fn command(&mut self, _: &Release, turns: &mut Turns) -> Answer {
        if self.release(turns) { Ok(0) } else { Err("not acquired") }
    }

    fn counts(&self) -> Vec<usize> {
        vec![usize::from(self.is_locked), self.line.len()]
    }

    fn real(&self, sim: &Sim) -> Lock {
        Lock::new(sim, "lock")
    }

    fn start(lock: &Lock, sim: &Sim, _: &Acquire) -> JoinHandle<Answer> {
        let acquire = lock.acquire();
        sim.spawn(async move {
            acquire.await;
            Ok(0)
        })
    }

    fn tell(lock: &Lock, _: &Release) -> Answer {
        lock.release().map(|()| 0).map_err(|_| "not acquired")
    }

    fn observe(lock: &Lock) -> Vec<usize> {
        vec![usize::from(lock.locked()), lock.waiters()]
    }

    fn check(&self, seen: &Seen<LockModel>) -> Result<(), String> {
        let (taken, released) = (seen.done().count(), seen.obeyed().count());
        let [locked, waiters] = seen.counts[..] else { return Err("two counts".to_owned()) };
        ensure(taken == released + locked, || format!("{taken} times taken, {released} times released"))?;
        ensure(seen.is_first_come_first_served(), || "somebody has overtaken another".to_owned())?;
        ensure(!seen.is_quiet || waiters == 0 || locked == 1, || "they wait for a free lock".to_owned())?;
        ensure(!seen.is_quiet || waiters == seen.live(|_| true), || "somebody waits for nothing".to_owned())
    }

    fn let_go(&self) -> MoveOf<LockModel> {
        Move::Command(Release)
    }
}

#[test]
fn a_lock_behaves_as_its_model() {
    behaves_as_its_model::<LockModel>();
}

#[test]
fn a_lock_released_to_a_task_that_is_cancelled_before_its_step_goes_to_the_next() {
    let [take, free] = [Move::Spawn(Acquire), Move::Command(Release)];
    passes(LockModel::default(), &[take.clone(), take.clone(), take, Move::Time, free, Move::Cancel(1), Move::Time]);
}

#[test]
fn nobody_overtakes_behind_those_who_left_the_line() {
    // The lock remembers how many at the head of its line are known to be gone; they must not count for others later.
    let [take, free] = [Move::Spawn(Acquire), Move::Command(Release)];
    let mut moves = vec![take.clone(), take.clone(), take.clone(), Move::Time];
    // Two are cancelled; one takes the lock before they have left, another stands behind them.
    moves.extend([take.clone(), take.clone(), Move::Cancel(1), Move::Cancel(2), free.clone(), Move::Time]);
    // It gets the lock, and two more come; the first is cancelled in the turn of the release.
    moves.extend([free.clone(), Move::Time, take.clone(), take.clone(), Move::Time]);
    moves.extend([take, Move::Cancel(5), free, Move::Turn]);
    passes(LockModel::default(), &moves);
}
