//! The steps: what a task does, one after the other.

use super::ValueKind::{
    Arguments, Assignment, Binding, Count, Duration, Exceptions, Expression, List, Name, Nothing, OptionalArguments,
    OptionalExpression, Steps, Targets, Text, Truth,
};
use super::{Key, Shape};

/// A step: its name as a value, to build it by, and its shape.
#[derive(Debug)]
pub(crate) struct StepShape {
    /// Which step it is.
    pub(crate) name: StepName,
    /// Its keys; the first one tells it.
    pub(crate) shape: Shape,
}

/// The names of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepName {
    Print,
    Let,
    Sleep,
    Block,
    Await,
    Call,
    Spawn,
    Gather,
    AsCompleted,
    For,
    AsyncFor,
    While,
    Repeat,
    If,
    Try,
    Raise,
    Return,
    Yield,
    Break,
    Continue,
    Pass,
    Mark,
    With,
    Timeout,
    TimeoutAt,
    Group,
}

const fn step(name: StepName, key: &'static str, doc: &'static str, keys: &'static [Key]) -> StepShape {
    let shape = Shape { name: key, what: "a step", doc, keys };
    StepShape { name, shape }
}

const fn required(name: &'static str, value: super::ValueKind, doc: &'static str, example: &'static str) -> Key {
    Key::required(name, value, doc, example)
}

const fn optional(name: &'static str, value: super::ValueKind, doc: &'static str, example: &'static str) -> Key {
    Key::optional(name, value, doc, example)
}

const DO: Key = required("do", Steps, "The steps within.", "do: [{pass: }]");

/// One `except` clause.
pub(crate) static HANDLER: Shape = Shape {
    name: "handler",
    what: "an `except` clause",
    doc: "What to do about an exception.",
    keys: &[
        optional(
            "on",
            Exceptions,
            "Which exceptions, separated by commas; without it every `Exception`.",
            "on: TimeoutError, ValueError",
        ),
        optional("as", Name, "The variable that holds the exception.", "as: error"),
        required("do", Steps, "What to do about it.", "do: [{print: \"gave up\"}]"),
    ],
};

/// All steps, in the order of the documentation.
pub(crate) static STEPS: &[StepShape] = &[
    step(
        StepName::Print,
        "print",
        "Prints a line.",
        &[required(
            "print",
            Text,
            "The text, with `{expressions}` as in an f-string.",
            "print: \"{name} has {n} items\"",
        )],
    ),
    step(
        StepName::Let,
        "let",
        "Gives variables a value.",
        &[required("let", Assignment, "One or more variables, `=`, and an expression.", "let: i = randint(0, 10)")],
    ),
    step(
        StepName::Sleep,
        "sleep",
        "Sleeps, while other tasks run; `0` gives up the turn.",
        &[required("sleep", Duration, "How long: a literal with a unit, or an expression of seconds.", "sleep: 250ms")],
    ),
    step(
        StepName::Block,
        "block",
        "Sleeps without letting anyone else run, as `time.sleep` would.",
        &[required("block", Duration, "How long.", "block: 1s")],
    ),
    step(
        StepName::Await,
        "await",
        "Waits for whatever suspends: a task, a queue, a lock, a handle.",
        &[
            required("await", Expression, "What to wait for.", "await: q.get()"),
            optional("as", Targets, "The variables that take the value.", "as: item, t"),
        ],
    ),
    step(
        StepName::Call,
        "call",
        "Calls whatever does not suspend.",
        &[
            required("call", Expression, "The call.", "call: q.task_done()"),
            optional("as", Targets, "The variables that take the value.", "as: item"),
        ],
    ),
    step(
        StepName::Spawn,
        "spawn",
        "Starts tasks that run beside this one.",
        &[
            required(
                "spawn",
                Arguments,
                "Calls of tasks, or a generator of them.",
                "spawn: produce(n) for n in range(3)",
            ),
            optional("as", Targets, "The variable that holds the handle, or the list of them.", "as: producers"),
        ],
    ),
    step(
        StepName::Gather,
        "gather",
        "Runs awaitables together and waits for all of them.",
        &[
            required("gather", Arguments, "Awaitables, one iterable of them, or a generator.", "gather: f(0), g(1)"),
            optional("as", Targets, "The variable that takes the list of results.", "as: results"),
            optional(
                "return_exceptions",
                Truth,
                "Whether exceptions are results instead of ending the gather.",
                "return_exceptions: true",
            ),
        ],
    ),
    step(
        StepName::AsCompleted,
        "as_completed",
        "Takes awaitables in the order in which they end.",
        &[
            required(
                "as_completed",
                Arguments,
                "Awaitables, one iterable of them, or a generator.",
                "as_completed: f(n) for n in range(3)",
            ),
            required("as", Targets, "The variable that holds each in turn, to be awaited.", "as: next"),
            optional(
                "timeout",
                Duration,
                "How long all of them together may take; beyond it awaiting the next raises TimeoutError.",
                "timeout: 5s",
            ),
            DO,
        ],
    ),
    step(
        StepName::For,
        "for",
        "Repeats steps for each element.",
        &[required("for", Binding, "The variables and what they run over.", "for: n in range(3)"), DO],
    ),
    step(
        StepName::AsyncFor,
        "async for",
        "Repeats steps for each value of an async generator.",
        &[
            required(
                "async for",
                Binding,
                "The variables and the generator: a call of a task that yields.",
                "async for: n in numbers(3)",
            ),
            DO,
        ],
    ),
    step(
        StepName::While,
        "while",
        "Repeats steps as long as a condition holds.",
        &[required("while", Expression, "The condition.", "while: not q.empty()"), DO],
    ),
    step(
        StepName::Repeat,
        "repeat",
        "Repeats steps a number of times.",
        &[required("repeat", Count, "How many times.", "repeat: 3"), DO],
    ),
    step(
        StepName::If,
        "if",
        "Chooses between steps.",
        &[
            required("if", Expression, "The condition.", "if: n > 0"),
            DO,
            optional("else", Steps, "The steps for when it does not hold.", "else: [{print: \"none\"}]"),
        ],
    ),
    step(
        StepName::Try,
        "try",
        "Handles exceptions, and cleans up.",
        &[
            required("try", Steps, "The steps that may fail.", "try: [{await: q.get()}]"),
            optional(
                "except",
                List(&HANDLER),
                "What to do about exceptions: the first clause that fits.",
                "except: [{on: TimeoutError, do: [{pass: }]}]",
            ),
            optional("else", Steps, "The steps for when nothing failed.", "else: [{print: \"fine\"}]"),
            optional("finally", Steps, "The steps that run in any case.", "finally: [{call: lock.release()}]"),
        ],
    ),
    step(
        StepName::Raise,
        "raise",
        "Raises an exception.",
        &[required(
            "raise",
            OptionalExpression,
            "The exception; nothing to raise the one being handled again.",
            "raise: ValueError('no')",
        )],
    ),
    step(
        StepName::Return,
        "return",
        "Ends the task.",
        &[required("return", OptionalExpression, "The value that it returns; nothing for None.", "return: n + 1")],
    ),
    step(
        StepName::Yield,
        "yield",
        "Hands a value to the `async for` that runs this generator.",
        &[required("yield", OptionalExpression, "The value; nothing for None.", "yield: n")],
    ),
    step(StepName::Break, "break", "Leaves the loop.", &[required("break", Nothing, "Nothing.", "break:")]),
    step(
        StepName::Continue,
        "continue",
        "Goes on with the loop's next round.",
        &[required("continue", Nothing, "Nothing.", "continue:")],
    ),
    step(StepName::Pass, "pass", "Does nothing.", &[required("pass", Nothing, "Nothing.", "pass:")]),
    step(
        StepName::Mark,
        "mark",
        "Marks this point of the run, for invariants to name.",
        &[required("mark", Text, "The name of the mark.", "mark: \"paid\"")],
    ),
    step(
        StepName::With,
        "with",
        "Holds a lock, a semaphore, a condition or a barrier during steps.",
        &[
            required("with", Expression, "What to hold: anything that `async with` takes.", "with: lock"),
            optional(
                "as",
                Targets,
                "The variable that takes what it gives: the number at a barrier, else None.",
                "as: place",
            ),
            DO,
        ],
    ),
    step(
        StepName::Timeout,
        "timeout",
        "Gives steps a time limit; beyond it TimeoutError is raised.",
        &[
            required("timeout", Duration, "How long they may take; `None` for no limit.", "timeout: 5s"),
            optional("as", Targets, "The variable that holds the timeout.", "as: limit"),
            DO,
        ],
    ),
    step(
        StepName::TimeoutAt,
        "timeout_at",
        "As `timeout`, with the time at which the limit ends.",
        &[
            required("timeout_at", Expression, "When, in seconds, as `now()` tells them.", "timeout_at: now() + 5"),
            optional("as", Targets, "The variable that holds the timeout.", "as: limit"),
            DO,
        ],
    ),
    step(
        StepName::Group,
        "group",
        "Waits at its end for every task started in it; a failure cancels the others.",
        &[
            required(
                "group",
                OptionalArguments,
                "Calls of tasks to start in it, one iterable of them, or a generator; or nothing.",
                "group: work(n) for n in range(3)",
            ),
            optional("as", Targets, "The variable that holds the group, whose `create_task` starts tasks.", "as: tg"),
            optional(
                "do",
                Steps,
                "The steps within, which run beside the tasks.",
                "do: [{call: tg.create_task(work(1))}]",
            ),
        ],
    ),
];
