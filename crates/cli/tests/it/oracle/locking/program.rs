//! A program in no language yet.

use proptest::collection::vec;
use proptest::prelude::*;

/// What tasks share, by name and as both languages make it.
pub(super) const PRIMITIVES: [(&str, &str); 10] = [
    ("l0", "Lock()"),
    ("l1", "Lock()"),
    ("s0", "Semaphore(1)"),
    ("s1", "BoundedSemaphore(2)"),
    ("e0", "Event()"),
    ("e1", "Event()"),
    ("c0", "Condition()"),
    ("c1", "Condition(l0)"),
    ("b0", "Barrier(2)"),
    ("b1", "Barrier(3)"),
];

/// Whatever suspends and is written alike in both languages.
const AWAITED: [&str; 16] = [
    "l0.acquire()",
    "l1.acquire()",
    "s0.acquire()",
    "s1.acquire()",
    "e0.wait()",
    "e1.wait()",
    "c0.acquire()",
    "c0.wait()",
    "c1.wait()",
    "b0.wait()",
    "b0.wait()",
    "b1.wait()",
    "b1.wait()",
    "b0.reset()",
    "b1.reset()",
    "b1.abort()",
];

/// Whatever does not.
const CALLED: [&str; 14] = [
    "l0.release()",
    "l1.release()",
    "s0.release()",
    "s1.release()",
    "c0.release()",
    "e0.set()",
    "e0.clear()",
    "e1.set()",
    "c0.notify()",
    "c0.notify(2)",
    "c0.notify_all()",
    "c1.notify()",
    "c1.notify_all()",
    "stock.append(0)",
];

/// What `async with` takes.
const HELD: [&str; 8] = ["l0", "l1", "s0", "s1", "c0", "c1", "b0", "b1"];

/// The steps of each task; main starts all of them, works itself, and cancels what is left later on.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) tasks: Vec<Vec<Step>>,
    pub(super) main: Vec<Step>,
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
    /// Prints every primitive.
    Look,
    /// Seconds, in quarters.
    Sleep(f64),
    Await(&'static str),
    Call(&'static str),
    /// Waits until so many things are in stock.
    WaitFor(&'static str, usize),
    /// Awaits an operation as a task of its own.
    Gather(Vec<&'static str>),
    Cancel(usize),
    Raise,
    Return,
    With(&'static str, Vec<Step>),
    Repeat(usize, Vec<Step>),
    /// A loop that is left from within what it holds.
    LeaveFromWith(&'static str, Vec<Step>, &'static str),
    Try(Vec<Step>, Handling, Vec<Step>),
}

/// All programs.
pub(super) fn program() -> impl Strategy<Value = Program> {
    let tasks = vec(vec(step(), 1..6), 2..6);
    (tasks, vec(step(), 0..6)).prop_map(|(tasks, main)| Program { tasks, main })
}

fn step() -> impl Strategy<Value = Step> {
    use prop::sample::select;
    let leaf = prop_oneof![
        2 => Just(Step::Say),
        2 => Just(Step::Look),
        6 => select(&[0.0, 0.0, 0.0, 0.25, 0.5][..]).prop_map(Step::Sleep),
        8 => select(&AWAITED[..]).prop_map(Step::Await),
        8 => select(&CALLED[..]).prop_map(Step::Call),
        3 => (select(&["c0", "c1"][..]), 0..3_usize).prop_map(|(condition, least)| Step::WaitFor(condition, least)),
        1 => vec(select(&AWAITED[..]), 1..4).prop_map(Step::Gather),
        4 => (0..6_usize).prop_map(Step::Cancel),
        1 => Just(Step::Raise),
        1 => Just(Step::Return),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let some = |least| vec(inner.clone(), least..4);
        let handling = select(
            &[Handling::SwallowCancel, Handling::PassCancelOn, Handling::CatchErrors, Handling::OnlyCleanUp][..],
        );
        prop_oneof![
            6 => (select(&HELD[..]), some(0)).prop_map(|(held, steps)| Step::With(held, steps)),
            1 => (1..3_usize, some(1)).prop_map(|(times, steps)| Step::Repeat(times, steps)),
            1 => (select(&HELD[..]), some(0), select(&["break", "continue", "return"][..]))
                .prop_map(|(held, steps, leave)| Step::LeaveFromWith(held, steps, leave)),
            3 => (some(1), handling, some(0)).prop_map(|(steps, handling, cleanup)| Step::Try(steps, handling, cleanup)),
        ]
    })
}
