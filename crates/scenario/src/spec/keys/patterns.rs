//! The patterns: programs so common that a few slots describe them.

use super::ValueKind::{Assignment, Binding, Count, Duration, Expression, Expressions, List, Mapping, Name, Text};
use super::{Key, Shape};

const DRAW: Key =
    Key::optional("draw", Assignment, "An assignment made before each sleep.", "draw: i = randint(0, 10)");
const SLEEPING: Key =
    Key::optional("sleeping", Text, "Printed before the sleep.", "sleeping: \"{name} sleeping for {i} seconds\"");

/// `producer_consumer`.
pub(crate) static PRODUCER_CONSUMER: Shape = Shape {
    name: "producer_consumer",
    what: "`producer_consumer`",
    doc: "Producers put items into a queue, consumers get them from it, and neither knows of the other.",
    keys: &[
        Key::optional("queue", Expression, "The queue; unbounded when left out.", "queue: Queue(maxsize=16)"),
        Key::required(
            "producers",
            Mapping(&PRODUCERS),
            "Who puts; `{}` for one that puts one item at once.",
            "producers: {count: nprod, sleep: 1s}",
        ),
        Key::required(
            "consumers",
            Mapping(&CONSUMERS),
            "Who gets; `{}` for one that gets at once.",
            "consumers: {count: ncon}",
        ),
    ],
};

/// `producers`.
pub(crate) static PRODUCERS: Shape = Shape {
    name: "producers",
    what: "`producers`",
    doc: "What each producer does.",
    keys: &[
        Key::optional("count", Count, "How many there are.", "count: nprod"),
        Key::optional("items", Mapping(&ITEMS), "What each puts into the queue.", "items: {count: \"randint(0, 10)\"}"),
        DRAW,
        Key::optional("sleep", Duration, "How long it sleeps before each item.", "sleep: seconds(i)"),
        SLEEPING,
        Key::optional("added", Text, "Printed after each put.", "added: \"{name} added <{item}>\""),
        Key::optional("done", Text, "Printed when a producer has put its last item.", "done: \"{name} is done\""),
    ],
};

/// `items` of `producers`.
pub(crate) static ITEMS: Shape = Shape {
    name: "items",
    what: "`items`",
    doc: "How many items each producer puts, and what they are.",
    keys: &[
        Key::optional(
            "count",
            Count,
            "How many, evaluated once for each producer, first of all.",
            "count: \"randint(0, 10)\"",
        ),
        Key::optional(
            "value",
            Expressions,
            "What each is: an expression, even if it gives a list; or a list of YAML's, whose expressions are handed out in order over all producers (a text in it is `\"'tea'\"`).",
            "value: token_hex(5)",
        ),
    ],
};

/// `consumers`.
pub(crate) static CONSUMERS: Shape = Shape {
    name: "consumers",
    what: "`consumers`",
    doc: "What each consumer does, for ever.",
    keys: &[
        Key::optional("count", Count, "How many there are.", "count: ncon"),
        DRAW,
        Key::optional("sleep", Duration, "How long it sleeps before each item.", "sleep: seconds(i)"),
        SLEEPING,
        Key::optional(
            "got",
            Text,
            "Printed after each get; `waited` is the time the item sat in the queue.",
            "got: \"{name} got <{item}> in {waited:0.5f} s\"",
        ),
    ],
};

/// `chain`.
pub(crate) static CHAIN: Shape = Shape {
    name: "chain",
    what: "`chain`",
    doc: "Chains that run together; each awaits its stages one after the other.",
    keys: &[
        Key::required("for", Binding, "One chain for each.", "for: n in args"),
        Key::required("stages", List(&STAGE), "The stages, in order.", "stages: [{name: first}, {name: second}]"),
        Key::optional(
            "done",
            Text,
            "Printed at the end of each chain: `results` holds each stage's value, `took` the seconds.",
            "done: \"{n} => {results[0]} (took {took:0.2f} s)\"",
        ),
    ],
};

/// One of `stages`.
pub(crate) static STAGE: Shape = Shape {
    name: "stage",
    what: "a stage",
    doc: "One stage of a chain.",
    keys: &[
        Key::required("name", Name, "Its name.", "name: first"),
        DRAW,
        Key::optional("sleep", Duration, "How long it sleeps.", "sleep: seconds(i)"),
        SLEEPING,
        Key::optional("returning", Text, "Printed after the sleep.", "returning: \"Returning first({n})\""),
        Key::optional(
            "result",
            Expression,
            "What it returns; `value` is the result of the stage before, or None.",
            "result: value",
        ),
    ],
};
