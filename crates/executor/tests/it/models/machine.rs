//! A model among its tasks, as a state machine that proptest drives.

use std::fmt::Debug;
use std::marker::PhantomData;

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;
use timeskip_executor::{JoinHandle, Sim};

use super::turns::{Answer, End, Resume, Stand, Task, Turns};

/// A primitive: the model of it, and the real one.
pub(crate) trait Model: Clone + Debug + 'static {
    /// What a task does with it.
    type Job: Clone + Debug + PartialEq;
    /// What is done with it at once, without waiting.
    type Command: Clone + Debug + PartialEq;
    type Real: Clone + 'static;

    fn any() -> BoxedStrategy<Self>;
    /// The number is another for each move.
    fn jobs(number: usize) -> BoxedStrategy<Self::Job>;
    fn commands(number: usize) -> BoxedStrategy<Self::Command>;

    /// One step of a task; `None` where it waits again.
    fn step(&mut self, task: Task, job: &Self::Job, resume: Resume, turns: &mut Turns) -> Option<End>;
    fn command(&mut self, command: &Self::Command, turns: &mut Turns) -> Answer;
    /// What can be seen of it from outside.
    fn counts(&self) -> Vec<usize>;

    fn real(&self, sim: &Sim) -> Self::Real;
    fn start(real: &Self::Real, sim: &Sim, job: &Self::Job) -> JoinHandle<Answer>;
    fn tell(real: &Self::Real, command: &Self::Command) -> Answer;
    fn observe(real: &Self::Real) -> Vec<usize>;

    /// What must hold whatever the model says: of what was seen of the real one.
    fn check(&self, seen: &Seen<Self>) -> Result<(), String>;
    /// What lets go of some who wait still, when nothing else happens any more.
    fn let_go(&self) -> MoveOf<Self>;
}

/// What was seen of the real primitive.
pub(crate) struct Seen<M: Model> {
    pub(crate) tasks: Vec<(M::Job, Option<End>)>,
    pub(crate) commands: Vec<(M::Command, Answer)>,
    pub(crate) counts: Vec<usize>,
    /// Whether nobody has a step coming.
    pub(crate) is_quiet: bool,
}

impl<M: Model> Seen<M> {
    /// How many tasks of this kind live.
    pub(crate) fn live(&self, is_it: impl Fn(&M::Job) -> bool) -> usize {
        self.tasks.iter().filter(|(job, end)| is_it(job) && end.is_none()).count()
    }

    /// The jobs that were done, with what they returned.
    pub(crate) fn done(&self) -> impl Iterator<Item = (&M::Job, usize)> {
        self.tasks.iter().filter_map(|(job, end)| match end {
            Some(End::Answered(Ok(number))) => Some((job, *number)),
            _ => None,
        })
    }

    /// The commands that were obeyed, with what they returned.
    pub(crate) fn obeyed(&self) -> impl Iterator<Item = (&M::Command, usize)> {
        self.commands.iter().filter_map(|(command, answer)| answer.ok().map(|number| (command, number)))
    }

    /// Whoever came first and was not cancelled is served first.
    pub(crate) fn is_first_come_first_served(&self) -> bool {
        let ends: Vec<_> = self.tasks.iter().map(|(_, end)| *end).filter(|end| *end != Some(End::Cancelled)).collect();
        ends.is_sorted_by_key(|end| end.is_none())
    }
}

pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Move<J, C> {
    Spawn(J),
    Command(C),
    Cancel(Task),
    /// One turn passes.
    Turn,
    /// Time passes: as many turns as there are.
    Time,
}

pub(crate) type MoveOf<M> = Move<<M as Model>::Job, <M as Model>::Command>;

/// A model and the tasks that use it.
#[derive(Clone, Debug)]
pub(crate) struct World<M: Model> {
    pub(crate) model: M,
    pub(crate) turns: Turns,
    jobs: Vec<M::Job>,
    moves: usize,
}

impl<M: Model> World<M> {
    pub(crate) fn new(model: M) -> World<M> {
        World { model, turns: Turns::default(), jobs: Vec::new(), moves: 0 }
    }

    pub(crate) fn live(&self) -> Vec<Task> {
        let stands = self.turns.stands().iter().enumerate();
        stands.filter(|(_, stand)| !matches!(stand, Stand::Ended(_))).map(|(task, _)| task).collect()
    }

    /// What the move answers.
    pub(crate) fn apply(&mut self, step: &MoveOf<M>) -> Answer {
        self.moves += 1;
        match step {
            Move::Spawn(job) => {
                self.jobs.push(job.clone());
                self.turns.spawn();
            }
            Move::Command(command) => return self.model.command(command, &mut self.turns),
            Move::Cancel(task) => return Ok(usize::from(self.turns.cancel(*task))),
            Move::Turn => self.turn(),
            Move::Time => {
                while !self.turns.is_quiet() {
                    self.turn();
                }
            }
        }
        Ok(0)
    }

    fn turn(&mut self) {
        for task in self.turns.next_turn() {
            let end = match self.turns.resume(task) {
                Some(resume) => self.model.step(task, &self.jobs[task], resume, &mut self.turns),
                None => Some(End::Cancelled),
            };
            self.turns.stepped(task, end);
        }
    }
}

/// How likely a cancel is: those who were woken are few, and the reason for all this.
fn weight(stand: Stand) -> usize {
    match stand {
        Stand::Woken | Stand::WokenAndCancelled => 12,
        Stand::Waits | Stand::WaitCancelled => 3,
        Stand::Fresh | Stand::FreshAndCancelled | Stand::Ended(_) => 1,
    }
}

pub(crate) struct Machine<M>(PhantomData<M>);

impl<M: Model> ReferenceStateMachine for Machine<M> {
    type State = World<M>;
    type Transition = MoveOf<M>;

    fn init_state() -> BoxedStrategy<World<M>> {
        M::any().prop_map(World::new).boxed()
    }

    fn transitions(world: &World<M>) -> BoxedStrategy<MoveOf<M>> {
        let live = world.live();
        let move_on = prop_oneof![3 => Just(Move::Turn), 1 => Just(Move::Time)];
        let jobs = M::jobs(world.moves).prop_map(Move::Spawn);
        let commands = M::commands(world.moves).prop_map(Move::Command);
        if live.is_empty() {
            return prop_oneof![1 => move_on, 4 => jobs, 2 => commands].boxed();
        }
        let often = live.into_iter().flat_map(|task| std::iter::repeat_n(task, weight(world.turns.stand(task))));
        let cancels = prop::sample::select(often.collect::<Vec<_>>()).prop_map(Move::Cancel);
        prop_oneof![4 => move_on, 4 => jobs, 4 => commands, 3 => cancels].boxed()
    }

    fn preconditions(world: &World<M>, step: &MoveOf<M>) -> bool {
        !matches!(step, Move::Cancel(task) if *task >= world.jobs.len())
    }

    fn apply(mut world: World<M>, step: &MoveOf<M>) -> World<M> {
        // What it answers is compared when the real one answers too.
        let _ = world.apply(step);
        world
    }
}
