//! The top level of a scenario, and what stands in it beside steps and patterns.

use super::ValueKind::{
    CaseName, Duration, DurationLiteral, Expression, Integer, List, Literals, Mapping, Name, Shared, Steps, Tasks,
    Text, Texts, Variants, Version, Word as OneOf,
};
use super::patterns::{CHAIN, PRODUCER_CONSUMER};
use super::{Key, Shape, Word};

/// The top level.
pub(crate) static SCENARIO: Shape = Shape {
    name: "scenario",
    what: "a scenario",
    doc: "A concurrent program and how to run it; either `main` (with `shared` and `tasks`) or one pattern.",
    keys: &[
        Key::optional("timeskip", Version, "The version of the format: 1.", "timeskip: 1"),
        Key::optional("about", Text, "What the scenario shows.", "about: \"Two tasks share one queue.\""),
        Key::optional("random", Mapping(&RANDOM), "Where random numbers come from.", "random: {python: 444}"),
        Key::optional("ties", OneOf(TIES), "Which of several timers with one deadline fires first.", "ties: fifo"),
        Key::optional("cost", Mapping(&COST), "The virtual time that steps take.", "cost: {print: 1ms}"),
        Key::optional(
            "params",
            Literals,
            "Constants, which `--set` and cases may replace.",
            "params: {nprod: 2, ncon: 10}",
        ),
        Key::optional(
            "shared",
            Shared,
            "Variables and primitives that all tasks see, in the order of their making.",
            "shared: {q: Queue()}",
        ),
        Key::optional(
            "tasks",
            Tasks,
            "The tasks: what may be spawned, awaited and called by name.",
            "tasks: {\"produce(name)\": [{sleep: 1s}]}",
        ),
        Key::optional(
            "main",
            Steps,
            "The steps of the main task; the run ends when it does.",
            "main: [{print: \"hello\"}]",
        ),
        Key::optional(
            "producer_consumer",
            Mapping(&PRODUCER_CONSUMER),
            "A pattern: producers and consumers share a queue.",
            "producer_consumer: {producers: {count: 2}, consumers: {count: 3}}",
        ),
        Key::optional(
            "chain",
            Mapping(&CHAIN),
            "A pattern: stages that each await the one before.",
            "chain: {for: n in args, stages: [{name: first}]}",
        ),
        Key::optional(
            "after",
            Steps,
            "Steps that run when the run has ended.",
            "after: [{print: \"took {now()} seconds\"}]",
        ),
        Key::optional(
            "expect",
            Variants(EXPECTATIONS),
            "What must hold at the end of every run.",
            "expect: [{takes: 23s}]",
        ),
        Key::optional(
            "cases",
            List(&CASE),
            "Further runs of the same program.",
            "cases: [{name: busy, set: {nprod: 6}}]",
        ),
    ],
};

/// What stands behind a name in `shared`.
pub(crate) static SHARED_VALUE: Key =
    Key::required("shared", Expression, "What the variable begins as.", "shared: {q: Queue()}");

/// What stands behind a signature in `tasks`.
pub(crate) static TASK_STEPS: Key =
    Key::required("tasks", Steps, "What the task does.", "tasks: {work(): [{sleep: 1s}]}");

/// `random`.
pub(crate) static RANDOM: Shape = Shape {
    name: "random",
    what: "`random`",
    doc: "Where random numbers come from: one of the two.",
    keys: &[
        Key::optional("python", Integer, "CPython's generator with this seed, shared by all tasks.", "python: 444"),
        Key::optional("chacha", Integer, "A stream for each task and purpose, all from this seed.", "chacha: 7"),
    ],
};

/// `cost`.
pub(crate) static COST: Shape = Shape {
    name: "cost",
    what: "`cost`",
    doc: "The virtual time that steps take, charged after their effect.",
    keys: &[
        Key::optional("print", DurationLiteral, "What each print takes.", "print: 1ms"),
        Key::optional("step", DurationLiteral, "What each step of a task on the event loop takes.", "step: 10us"),
    ],
};

/// The words of `ties`.
pub(crate) static TIES: &[Word] = &[
    Word { name: "fifo", doc: "Scheduled first, fires first." },
    Word { name: "lifo", doc: "Scheduled last, fires first." },
    Word { name: "heapq", doc: "As CPython's heap yields them." },
    Word { name: "seeded", doc: "In an order drawn from the seed." },
];

/// The words of `ends`.
pub(crate) static ENDINGS: &[Word] = &[
    Word { name: "finished", doc: "Main ended." },
    Word { name: "failed", doc: "Main ended with an exception." },
    Word { name: "deadlock", doc: "Nothing could ever happen again." },
    Word { name: "livelock", doc: "Turn after turn without time moving." },
    Word { name: "limit", doc: "A limit was reached." },
];

const fn expectation(doc: &'static str, keys: &'static [Key]) -> Shape {
    Shape { name: keys[0].name, what: "an expectation", doc, keys }
}

/// The entries of `expect`, each told by its one key.
pub(crate) static EXPECTATIONS: &[Shape] = &[
    expectation(
        "The virtual time at the end.",
        &[Key::required("takes", Duration, "How long the run takes.", "takes: 23s")],
    ),
    expectation("How the run ends.", &[Key::required("ends", OneOf(ENDINGS), "The ending.", "ends: deadlock")]),
    expectation(
        "Lines that are printed, in this order, perhaps with others between.",
        &[Key::required("prints", Texts, "A line, or a list of lines.", "prints: [\"one\", \"two\"]")],
    ),
    expectation("What main returns.", &[Key::required("result", Expression, "The value.", "result: 5")]),
    expectation(
        "Every item put into a queue was got from it.",
        &[Key::required("no_loss", Name, "The queue.", "no_loss: q")],
    ),
    expectation(
        "A condition over params, shared variables, `result` and `now()`.",
        &[Key::required("that", Expression, "The condition.", "that: len(seen) == 6")],
    ),
];

/// One of `cases`.
pub(crate) static CASE: Shape = Shape {
    name: "case",
    what: "a case",
    doc: "A further run of the same program.",
    keys: &[
        Key::required("name", CaseName, "Its name, which becomes part of the snapshot's name.", "name: busy"),
        Key::optional("set", Literals, "Parameters replaced.", "set: {nprod: 6}"),
        Key::optional("seed", Integer, "Replaces the seed of `random`.", "seed: 7"),
        Key::optional("ties", OneOf(TIES), "Replaces the tie rule.", "ties: heapq"),
        Key::optional(
            "expect",
            Variants(EXPECTATIONS),
            "In place of the file's expectations.",
            "expect: [{takes: 5s}]",
        ),
    ],
};
