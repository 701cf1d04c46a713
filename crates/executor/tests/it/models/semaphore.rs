//! `Semaphore` and `BoundedSemaphore` beside their model: a number of permits and a line.

use proptest::prelude::*;
use timeskip_executor::sync::{BoundedSemaphore, Semaphore};
use timeskip_executor::{JoinHandle, Sim};

use super::driver::{behaves_as_its_model, passes};
use super::machine::{Model, Move, MoveOf, Seen, ensure};
use super::turns::{Answer, End, Resume, Stand, Task, Turns};

#[derive(Clone, Debug)]
pub(crate) struct SemaphoreModel {
    first: usize,
    is_bounded: bool,
    /// Without those on their way to woken tasks.
    permits: usize,
    /// Who was woken, or cancelled, stands in it until its step.
    line: Vec<Task>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Acquire;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Release;

#[derive(Clone)]
pub(crate) enum Real {
    Free(Semaphore),
    Bounded(BoundedSemaphore),
}

impl SemaphoreModel {
    pub(crate) fn new(permits: usize, is_bounded: bool) -> SemaphoreModel {
        SemaphoreModel { first: permits, is_bounded, permits, line: Vec::new() }
    }

    fn is_locked(&self, turns: &Turns) -> bool {
        self.permits == 0 || self.line.iter().any(|&other| turns.stand(other) != Stand::WaitCancelled)
    }

    /// Hands one permit to the first in line that still wants it.
    fn hand_one(&mut self, turns: &mut Turns) -> bool {
        let was_wanted = self.line.iter().any(|&task| turns.wake(task));
        self.permits -= usize::from(was_wanted);
        was_wanted
    }
}

impl Model for SemaphoreModel {
    type Job = Acquire;
    type Command = Release;
    type Real = Real;

    fn any() -> BoxedStrategy<SemaphoreModel> {
        (0..4_usize, any::<bool>()).prop_map(|(permits, is_bounded)| SemaphoreModel::new(permits, is_bounded)).boxed()
    }

    fn jobs(_: usize) -> BoxedStrategy<Acquire> {
        Just(Acquire).boxed()
    }

    fn commands(_: usize) -> BoxedStrategy<Release> {
        Just(Release).boxed()
    }

    fn step(&mut self, task: Task, _: &Acquire, resume: Resume, turns: &mut Turns) -> Option<End> {
        if resume == Resume::First {
            if self.is_locked(turns) {
                self.line.push(task);
                return None;
            }
            self.permits -= 1;
            return Some(End::Answered(Ok(0)));
        }
        self.line.retain(|&other| other != task);
        // Who was woken and is cancelled gives its permit back.
        self.permits += usize::from(resume == Resume::WokenAndCancelled);
        while self.permits > 0 && self.hand_one(turns) {}
        Some(if resume == Resume::Woken { End::Answered(Ok(0)) } else { End::Cancelled })
    }

    fn command(&mut self, _: &Release, turns: &mut Turns) -> Answer {
        if self.is_bounded && self.permits >= self.first {
            return Err("released too often");
        }
        self.permits += 1;
        self.hand_one(turns);
        Ok(0)
    }

    fn counts(&self) -> Vec<usize> {
        vec![self.permits, self.line.len()]
    }

    fn real(&self, sim: &Sim) -> Real {
        let permits = self.first as u64;
        if self.is_bounded {
            Real::Bounded(BoundedSemaphore::new(sim, "pool", permits))
        } else {
            Real::Free(Semaphore::new(sim, "pool", permits))
        }
    }

    fn start(real: &Real, sim: &Sim, _: &Acquire) -> JoinHandle<Answer> {
        let acquire = match real {
            Real::Free(pool) => pool.acquire(),
            Real::Bounded(pool) => pool.acquire(),
        };
        sim.spawn(async move {
            acquire.await;
            Ok(0)
        })
    }

    fn tell(real: &Real, _: &Release) -> Answer {
        match real {
            Real::Free(pool) => {
                pool.release();
                Ok(0)
            }
            Real::Bounded(pool) => pool.release().map(|()| 0).map_err(|_| "released too often"),
        }
    }

    fn observe(real: &Real) -> Vec<usize> {
        let (value, waiters) = match real {
            Real::Free(pool) => (pool.value(), pool.waiters()),
            Real::Bounded(pool) => (pool.value(), pool.waiters()),
        };
        vec![usize::try_from(value).unwrap_or(usize::MAX), waiters]
    }

    fn check(&self, seen: &Seen<SemaphoreModel>) -> Result<(), String> {
        let (taken, released) = (seen.done().count(), seen.obeyed().count());
        let [permits, waiters] = seen.counts[..] else { return Err("two counts".to_owned()) };
        let left = (self.first + released).checked_sub(taken).ok_or("a permit was doubled")?;
        ensure(permits <= left, || format!("{permits} permits where {left} are left"))?;
        ensure(left - permits <= waiters, || "a permit was lost".to_owned())?;
        // While a permit is on its way, asyncio does not notice that one is released too often.
        let is_within = permits <= self.first || left > self.first;
        ensure(!self.is_bounded || is_within, || "beyond the bound".to_owned())?;
        ensure(seen.is_first_come_first_served(), || "somebody has overtaken another".to_owned())?;
        if !seen.is_quiet {
            return Ok(());
        }
        ensure(permits == left, || "a permit is on its way to nobody".to_owned())?;
        ensure(waiters == 0 || permits == 0, || "they wait for a permit that is there".to_owned())?;
        ensure(waiters == seen.live(|_| true), || "somebody waits for nothing".to_owned())
    }

    fn let_go(&self) -> MoveOf<SemaphoreModel> {
        if self.is_bounded && self.first == 0 {
            // Nobody can ever release it.
            return Move::Cancel(self.line.first().copied().unwrap_or(0));
        }
        Move::Command(Release)
    }
}

#[test]
fn a_semaphore_behaves_as_its_model() {
    behaves_as_its_model::<SemaphoreModel>();
}

#[test]
fn a_permit_for_a_task_that_is_cancelled_before_its_step_goes_to_the_next() {
    let [take, free] = [Move::Spawn(Acquire), Move::Command(Release)];
    for is_bounded in [false, true] {
        passes(
            SemaphoreModel::new(1, is_bounded),
            &[take.clone(), take.clone(), take.clone(), Move::Time, free.clone(), Move::Cancel(1), Move::Time],
        );
    }
}

#[test]
fn a_bounded_semaphore_overlooks_a_release_while_a_permit_is_on_its_way() {
    // asyncio compares with the value, where that permit does not count: when it comes back the value is beyond the bound.
    let [take, free] = [Move::Spawn(Acquire), Move::Command(Release)];
    passes(
        SemaphoreModel::new(1, true),
        &[take.clone(), take, Move::Time, free.clone(), free, Move::Cancel(1), Move::Time],
    );
}
