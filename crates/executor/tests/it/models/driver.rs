//! Drives a primitive and its model through the same moves, within one simulation.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use proptest_state_machine::ReferenceStateMachine;
use timeskip_executor::{JoinHandle, Sim, Simulation};

use super::machine::{Machine, Model, Move, MoveOf, Seen, World, ensure};
use super::turns::{Answer, End, Stand};
use crate::support::seconds;

/// More than any list of moves can need to let everybody go.
const ROUNDS: usize = 500;

/// Random lists of moves.
#[track_caller]
pub(crate) fn behaves_as_its_model<M: Model>() {
    let lists = Machine::<M>::sequential_strategy(1..60);
    let outcome = TestRunner::new(Config { failure_persistence: None, ..Config::default() })
        .run(&lists, |(first, moves, seen)| walk(first, &moves, seen).map_err(TestCaseError::fail));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(_, (first, moves, _))) => {
            let moves = shortest(&first, moves);
            let reason = walk(first.clone(), &moves, None);
            panic!("{reason:?}\nof {:?}\nby {moves:?}", first.model)
        }
        Err(abort) => panic!("{abort}"),
    }
}

/// One list of moves: what random ones have found before.
#[track_caller]
pub(crate) fn passes<M: Model>(model: M, moves: &[MoveOf<M>]) {
    assert_eq!(walk(World::new(model), moves, None), Ok(()));
}

/// proptest stops at the first move from the end that the failure needs; this leaves out the others too.
fn shortest<M: Model>(first: &World<M>, mut moves: Vec<MoveOf<M>>) -> Vec<MoveOf<M>> {
    for place in (0..moves.len()).rev() {
        let mut without = moves.clone();
        without.remove(place);
        let mut spawned = 0;
        let is_possible = without.iter().all(|step| match step {
            Move::Spawn(_) => {
                spawned += 1;
                true
            }
            Move::Cancel(task) => *task < spawned,
            _ => true,
        });
        if is_possible && walk(first.clone(), &without, None).is_err() {
            moves = without;
        }
    }
    moves
}

/// Whether they agree all the way. The counter tells the shrinker how far it went.
fn walk<M: Model>(first: World<M>, moves: &[MoveOf<M>], counter: Option<Arc<AtomicUsize>>) -> Result<(), String> {
    let moves = moves.to_vec();
    let run = Simulation::new().run(|sim| async move {
        let mut pair = Pair::new(sim, first);
        for step in moves {
            if let Some(counter) = &counter {
                counter.fetch_add(1, Ordering::SeqCst);
            }
            pair.step(step).await?;
        }
        pair.let_all_go().await
    });
    run.output.unwrap_or_else(|| Err(run.ending.to_string()))
}

/// A model and the real thing.
struct Pair<M: Model> {
    sim: Sim,
    world: World<M>,
    real: M::Real,
    tasks: Vec<(M::Job, JoinHandle<Answer>)>,
    commands: Vec<(M::Command, Answer)>,
}

impl<M: Model> Pair<M> {
    fn new(sim: Sim, world: World<M>) -> Pair<M> {
        let real = world.model.real(&sim);
        Pair { sim, world, real, tasks: Vec::new(), commands: Vec::new() }
    }

    async fn step(&mut self, step: MoveOf<M>) -> Result<(), String> {
        let (says, said) = (self.world.apply(&step), format!("{step:?}"));
        let does = self.apply(step).await;
        ensure(does == says, || format!("{said} answers {does:?}, not {says:?}"))?;
        self.compare().map_err(|difference| format!("after {said}: {difference}"))
    }

    async fn apply(&mut self, step: MoveOf<M>) -> Answer {
        match step {
            Move::Spawn(job) => self.tasks.push((job.clone(), M::start(&self.real, &self.sim, &job))),
            Move::Command(command) => {
                let answer = M::tell(&self.real, &command);
                self.commands.push((command, answer));
                return answer;
            }
            Move::Cancel(task) => return Ok(usize::from(self.tasks[task].1.cancel())),
            Move::Turn => self.sim.yield_now().await,
            Move::Time => self.sim.sleep(seconds(1.0)).await,
        }
        Ok(0)
    }

    fn compare(&self) -> Result<(), String> {
        let seen = self.seen();
        for (task, (job, end)) in seen.tasks.iter().enumerate() {
            let expected = match self.world.turns.stand(task) {
                Stand::Ended(end) => Some(end),
                _ => None,
            };
            ensure(*end == expected, || format!("task {task} ({job:?}) ended {end:?}, not {expected:?}"))?;
        }
        let expected = self.world.model.counts();
        ensure(seen.counts == expected, || format!("counts are {:?}, not {expected:?}", seen.counts))?;
        self.world.model.check(&seen)
    }

    fn seen(&self) -> Seen<M> {
        let end =
            |handle: &JoinHandle<Answer>| handle.result().map(|result| result.map_or(End::Cancelled, End::Answered));
        Seen {
            tasks: self.tasks.iter().map(|(job, handle)| (job.clone(), end(handle))).collect(),
            commands: self.commands.clone(),
            counts: M::observe(&self.real),
            is_quiet: self.world.turns.is_quiet(),
        }
    }

    /// At the end everything that can be released is, and nobody is left behind.
    async fn let_all_go(&mut self) -> Result<(), String> {
        self.step(Move::Time).await?;
        for _ in 0..ROUNDS {
            if self.world.live().is_empty() {
                return Ok(());
            }
            self.step(self.world.model.let_go()).await?;
            self.step(Move::Time).await?;
        }
        Err(format!("{:?} are left behind", self.world.live()))
    }
}
