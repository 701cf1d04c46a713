//! A program in no language yet.

use proptest::collection::vec;
use proptest::prelude::*;

/// Tasks, the first of which is main; a task calls later ones alone, so that every program ends.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) tasks: Vec<Vec<Step>>,
}

/// A queue of the program: unbounded, of one place, and by priority.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queue(pub(super) usize);

/// How many places its queues have, and what they are called in both languages.
pub(super) const QUEUES: [&str; 3] = ["Queue()", "Queue(1)", "PriorityQueue()"];

/// Seconds, in quarters: whole numbers in nanoseconds and in binary, so that all clocks agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seconds(pub(super) f64);

/// Which of the tasks after the caller is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Callee(usize);

impl Callee {
    /// The number of the task; the last one calls nobody.
    pub(super) fn after(self, caller: usize, tasks: usize) -> Option<usize> {
        let later = tasks - caller - 1;
        (later > 0).then(|| caller + 1 + self.0 % later)
    }
}

/// What happens to an exception within `try`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Handling {
    SwallowCancel,
    PassCancelOn,
    CatchErrors,
    OnlyCleanUp,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Prints who, which step, and when.
    Say,
    Sleep(Seconds),
    Block(Seconds),
    Put(Queue),
    PutNowait(Queue),
    Get(Queue),
    GetNowait(Queue),
    TaskDone(Queue),
    Join(Queue),
    /// Awaits the task itself, as a coroutine.
    Call(Callee),
    /// Starts a task, and keeps its handle.
    Spawn(Callee),
    /// Awaits one of the handles, if there is one.
    AwaitHandle(usize),
    Cancel(usize),
    /// Prints how a handle's task is.
    LookAt(usize),
    Gather(Vec<Callee>),
    GatherSpawned(Vec<Callee>),
    GatherExceptions(Vec<Callee>),
    AsCompleted(Vec<Callee>),
    /// Draws a number and prints it.
    Draw,
    Raise,
    Return,
    Repeat(usize, Vec<Step>),
    IfEven(Vec<Step>, Vec<Step>),
    Try(Vec<Step>, Handling, Vec<Step>),
}

/// All programs.
pub(super) fn program() -> impl Strategy<Value = Program> {
    vec(vec(step(), 1..7), 2..5).prop_map(|tasks| Program { tasks })
}

fn seconds() -> impl Strategy<Value = Seconds> {
    prop::sample::select(&[-1.0, 0.0, 0.0, 0.25, 0.5, 0.5, 1.0, 1.0, 2.0][..]).prop_map(Seconds)
}

fn step() -> impl Strategy<Value = Step> {
    let queue = || (0..QUEUES.len()).prop_map(Queue);
    let callee = || (0..4_usize).prop_map(Callee);
    let callees = || vec(callee(), 0..4);
    let leaf = prop_oneof![
        6 => Just(Step::Say),
        8 => seconds().prop_map(Step::Sleep),
        1 => (0..3_u8).prop_map(|quarters| Step::Block(Seconds(f64::from(quarters) * 0.25))),
        4 => queue().prop_map(Step::Put),
        1 => queue().prop_map(Step::PutNowait),
        3 => queue().prop_map(Step::Get),
        1 => queue().prop_map(Step::GetNowait),
        1 => queue().prop_map(Step::TaskDone),
        1 => queue().prop_map(Step::Join),
        4 => callee().prop_map(Step::Call),
        9 => callee().prop_map(Step::Spawn),
        5 => (0..4_usize).prop_map(Step::AwaitHandle),
        3 => (0..4_usize).prop_map(Step::Cancel),
        3 => (0..4_usize).prop_map(Step::LookAt),
        3 => callees().prop_map(Step::Gather),
        2 => callees().prop_map(Step::GatherSpawned),
        2 => callees().prop_map(Step::GatherExceptions),
        2 => callees().prop_map(Step::AsCompleted),
        1 => Just(Step::Draw),
        1 => Just(Step::Raise),
        1 => Just(Step::Return),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        let some = |least| vec(inner.clone(), least..4);
        let handling = prop::sample::select(
            &[Handling::SwallowCancel, Handling::PassCancelOn, Handling::CatchErrors, Handling::OnlyCleanUp][..],
        );
        prop_oneof![
            1 => (0..3_usize, some(1)).prop_map(|(times, steps)| Step::Repeat(times, steps)),
            1 => (some(1), some(0)).prop_map(|(even, odd)| Step::IfEven(even, odd)),
            2 => (some(1), handling, some(0)).prop_map(|(steps, handling, cleanup)| Step::Try(steps, handling, cleanup)),
        ]
    })
}
