//! Programs of foreign futures, as data: what is kept of wakers, and who calls, moves and drops them when.

use proptest::prelude::*;

/// Places where futures wait and leave their wakers.
pub(crate) const GATES: usize = 3;
type Gate = usize;
/// Tasks are named by a number, counted around those that there are.
const TASKS: usize = 12;
/// Bodies of tasks; a body spawns only those behind it, so that every program ends some day.
pub(crate) const BODIES: usize = 5;

/// What is done at once: in a step of a task, or in a destructor.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Calls wakers that a gate keeps.
    Wake(Gate, How),
    /// Lets one future through a gate, and wakes all that left their wakers there.
    Open(Gate),
    /// Drops the waker that a gate has kept longest.
    Discard(Gate),
    /// Moves it to another gate.
    Shift(Gate, Gate),
    /// Puts one in its place that wakes nobody.
    Silence(Gate),
    /// Makes the one that came last another one of it.
    Overwrite(Gate),
    /// Calls it in another thread, which must be refused, or drops it there.
    Elsewhere(Gate, Elsewhere),
    /// Starts a task, and keeps its handle.
    Spawn(usize),
    /// Starts a task that nobody keeps a handle on: when it ends, another one may have its place.
    SpawnForgotten(usize),
    /// Cancels a task.
    Cancel(usize),
    /// Cancels the running task.
    CancelOwn,
    /// Makes one more handle on a task.
    Share(usize),
    /// Drops a handle.
    Forget(usize),
    /// Takes what a task has returned.
    Take(usize),
    /// Drops a future that another one has begun.
    DropShelved,
    /// Runs a simulation to its end.
    Inner(usize),
    Panic,
}

/// How a waker is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    /// All of a gate, which are gone then.
    ByValue,
    /// All of a gate, which stay.
    ByRef,
    /// The oldest, twice.
    Twice,
    /// A clone of the newest, which is dropped before.
    ThroughClone,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Elsewhere {
    Called,
    Dropped,
}

/// What a future that waits at a gate does with the waker it is polled with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keep {
    /// Leaves a clone each time it is polled.
    Each,
    /// Leaves one when it is polled first, and relies on it.
    First,
    /// Leaves one, and exchanges it where it would not wake the same task.
    Latest,
    /// Forgets to leave one.
    None,
}

/// What is awaited of the executor's own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Own {
    Yield,
    Sleep(u64),
    Get,
    Put,
    Join(usize),
}

/// One step of a future.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Act(Act),
    /// From here on, this is done when the future is dropped.
    AtDrop(Vec<Act>),
    /// Waits until a gate lets it through.
    Wait(Gate, Keep),
    /// Leaves a waker at a gate, and goes on.
    Leave(Gate),
    /// Wakes itself, and goes on when it is polled again.
    WakeItself(How),
    /// Does this, and goes on where it is cancelled.
    Catch(Vec<Step>),
    /// Does several things at the same time.
    Several(Vec<Vec<Step>>, Until, Wakers),
    /// Begins this, and leaves it where others find it.
    Shelve(Vec<Step>),
    /// Goes on with what somebody has left.
    Adopt,
    Own(Own),
}

/// When several things are over.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    All,
    /// The others are dropped.
    First,
}

/// What the parts of a combinator are polled with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wakers {
    /// The waker that the combinator is polled with; all parts are polled each time.
    Shared,
    /// One of its own, which wakes the combinator; only woken parts are polled.
    Own,
}

/// A task: what it does, what is done when its future is dropped, and when what it returned is.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) steps: Vec<Step>,
    pub(crate) at_drop: Vec<Act>,
    pub(crate) at_output_drop: Vec<Act>,
}

/// Some runs, one after the other; wakers and handles of one live on in the next.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The body of the main task of each run.
    pub(crate) mains: Vec<usize>,
    pub(crate) bodies: Vec<Body>,
}

/// Programs that the reference executor can run.
pub(crate) fn foreign() -> impl Strategy<Value = Program> {
    programs(0)
}

/// Programs that await the executor's own futures as well.
pub(crate) fn mixed() -> impl Strategy<Value = Program> {
    programs(12)
}

fn programs(own: u32) -> impl Strategy<Value = Program> {
    let bodies = prop::collection::vec(body(own), BODIES);
    // The first body starts others, some of them when others have ended, so that there is somebody to wake.
    let start = prop_oneof![
        4 => (1..BODIES).prop_map(|body| Step::Act(Act::Spawn(body))),
        2 => (1..BODIES).prop_map(|body| Step::Act(Act::SpawnForgotten(body))),
        2 => Just(Step::WakeItself(How::ByRef)),
    ];
    let spawns = prop::collection::vec(start, 3..10);
    let mains = prop::collection::vec(prop_oneof![4 => Just(0), 1 => 0..BODIES], 1..4);
    (mains, bodies, spawns).prop_map(|(mains, mut bodies, spawns)| {
        bodies[0].steps.splice(0..0, spawns);
        Program { mains, bodies }
    })
}

fn body(own: u32) -> impl Strategy<Value = Body> {
    let few_acts = || prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(act(), 1..3)];
    (steps(own, 2, 1..9), few_acts(), few_acts()).prop_map(|(steps, at_drop, at_output_drop)| Body {
        steps,
        at_drop,
        at_output_drop,
    })
}

fn steps(own: u32, depth: u32, length: std::ops::Range<usize>) -> BoxedStrategy<Vec<Step>> {
    let gate = || 0..GATES;
    let flat = prop_oneof![
        16 => act().prop_map(Step::Act),
        1 => prop::collection::vec(act(), 1..3).prop_map(Step::AtDrop),
        6 => (gate(), keep()).prop_map(|(gate, keep)| Step::Wait(gate, keep)),
        3 => gate().prop_map(Step::Leave),
        3 => how().prop_map(Step::WakeItself),
        1 => Just(Step::Adopt),
        own => leaf().prop_map(Step::Own),
    ];
    if depth == 0 {
        return prop::collection::vec(flat, length).boxed();
    }
    let within = || steps(own, depth - 1, 0..5);
    let parts = prop::collection::vec(within(), 1..4);
    let until = prop_oneof![Just(Until::All), Just(Until::First)];
    let wakers = prop_oneof![Just(Wakers::Shared), Just(Wakers::Own)];
    let any = prop_oneof![
        26 + own => flat,
        2 => within().prop_map(Step::Catch),
        3 => (parts, until, wakers).prop_map(|(parts, until, wakers)| Step::Several(parts, until, wakers)),
        1 => within().prop_map(Step::Shelve),
    ];
    prop::collection::vec(any, length).boxed()
}

fn act() -> impl Strategy<Value = Act> {
    let (gate, task) = (|| 0..GATES, || 0..TASKS);
    let elsewhere = prop_oneof![Just(Elsewhere::Called), Just(Elsewhere::Dropped)];
    prop_oneof![
        16 => (gate(), how()).prop_map(|(gate, how)| Act::Wake(gate, how)),
        12 => gate().prop_map(Act::Open),
        3 => gate().prop_map(Act::Discard),
        3 => (gate(), gate()).prop_map(|(from, to)| Act::Shift(from, to)),
        1 => gate().prop_map(Act::Silence),
        2 => gate().prop_map(Act::Overwrite),
        1 => (gate(), elsewhere).prop_map(|(gate, call)| Act::Elsewhere(gate, call)),
        8 => (1..BODIES).prop_map(Act::Spawn),
        6 => (1..BODIES).prop_map(Act::SpawnForgotten),
        8 => task().prop_map(Act::Cancel),
        2 => Just(Act::CancelOwn),
        2 => task().prop_map(Act::Share),
        8 => task().prop_map(Act::Forget),
        2 => task().prop_map(Act::Take),
        2 => Just(Act::DropShelved),
        2 => (1..BODIES).prop_map(Act::Inner),
        1 => Just(Act::Panic),
    ]
}

fn how() -> impl Strategy<Value = How> {
    prop_oneof![Just(How::ByValue), Just(How::ByRef), Just(How::Twice), Just(How::ThroughClone)]
}

fn keep() -> impl Strategy<Value = Keep> {
    prop_oneof![3 => Just(Keep::Each), 2 => Just(Keep::First), 3 => Just(Keep::Latest), 1 => Just(Keep::None)]
}

fn leaf() -> impl Strategy<Value = Own> {
    prop_oneof![
        2 => Just(Own::Yield),
        3 => (0..4_u64).prop_map(Own::Sleep),
        2 => Just(Own::Get),
        2 => Just(Own::Put),
        2 => (0..TASKS).prop_map(Own::Join),
    ]
}
