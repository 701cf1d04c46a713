//! The scenario file as it was written: every value a string with its place, nothing yet resolved.
//!
//! Expressions and texts stay strings here; `check` parses and resolves them. Two Specs are equal when they say the
//! same, wherever it stands.

pub(crate) mod decode;
pub(crate) mod keys;
mod print;
mod schema;

use crate::source::{Scalar, Span};

pub use print::print;
pub use schema::schema;

/// A scenario file.
///
/// ```
/// use timeskip_scenario::read;
/// let written = read("main:\n  - sleep: 1s\n");
/// let spread = read("main:\n\n  # A short one.\n  - {sleep: 1s}\n");
/// assert_eq!(written, spread, "they say the same");
/// ```
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Spec {
    /// `about`: what the scenario shows.
    pub(crate) about: Option<Scalar>,
    /// `random`: `{python: SEED}` or `{chacha: SEED}`.
    pub(crate) random: Option<Random>,
    /// `ties`: `fifo`, `lifo`, `heapq` or `seeded`.
    pub(crate) ties: Option<(Ties, Place)>,
    /// `cost`: virtual time that each print, or each step of a task, takes.
    pub(crate) cost: Cost,
    /// `params`: constants that `--set` and cases may replace, in the order written.
    pub(crate) params: Vec<(Scalar, Literal)>,
    /// The program, or the pattern that stands for one.
    pub(crate) body: Body,
    /// `after`: steps that run when the run has ended.
    pub(crate) after: Vec<Step>,
    /// `expect`: what must hold at the end of every run.
    pub(crate) expect: Vec<Expectation>,
    /// `cases`: further runs of the same program.
    pub(crate) cases: Vec<Case>,
}

/// A place that takes no part in comparisons.
///
/// ```
/// use timeskip_scenario::{Literal, parse_literal};
/// assert_eq!(parse_literal("[1]"), parse_literal("  [1]"));
/// let Ok(Literal::List(_, place)) = parse_literal("  [1]") else { panic!("a list") };
/// assert_eq!(place.0.start, 2);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Place(pub Span);

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

/// What a scenario runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// `shared`, `tasks` and `main`, written out.
    Program(Program),
    /// `producer_consumer`.
    ProducerConsumer(Box<ProducerConsumer>),
    /// `chain`.
    Chain(Box<Chain>),
}

impl Default for Body {
    fn default() -> Body {
        Body::Program(Program::default())
    }
}

/// `shared`, `tasks` and `main`.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Program {
    /// `shared`: variables and primitives in order, each with its constructor expression.
    pub shared: Vec<(Scalar, Scalar)>,
    /// `tasks`: `name(parameters)` and the steps.
    pub tasks: Vec<(Scalar, Vec<Step>)>,
    /// `main`: the steps of the main task.
    pub main: Vec<Step>,
}

/// `random:` with its seed (an integer, kept as written).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Random {
    /// Which generator.
    pub generator: Generator,
    /// The seed.
    pub seed: Scalar,
}

/// The random generators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generator {
    /// CPython's `random`: one Mersenne Twister shared by all tasks.
    Python,
    /// ChaCha8: a stream per task and purpose.
    ChaCha,
}

/// The order of timers with equal deadlines.
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use timeskip_scenario::{Options, Ties, load};
/// let source = "
/// tasks:
///   nap(n):
///     - sleep: 1s
///     - print: \"{n}\"
/// main:
///   - gather: nap(n) for n in range(4)
/// ";
/// let printed = |ties| {
///     let output = Rc::new(RefCell::new(String::new()));
///     let options = Options { ties: Some(ties), ..Options::default() };
///     load(source).expect("a good file").run(&options, output.clone()).expect("good options");
///     output.take().replace('\n', "")
/// };
/// assert_eq!([Ties::Fifo, Ties::Lifo, Ties::Heapq].map(printed), ["0123", "3210", "0213"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Ties {
    /// Scheduled first, fires first.
    #[default]
    Fifo,
    /// Scheduled last, fires first.
    Lifo,
    /// As CPython's heap yields them.
    Heapq,
    /// In an order drawn from the seed.
    Seeded,
}

/// `cost`: virtual time charged for each print and for each step of a task, after its effect.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Cost {
    /// `print`: a duration literal.
    pub print: Option<Scalar>,
    /// `step`: a duration literal, charged after each step of a task on the event loop.
    pub step: Option<Scalar>,
}

/// A value in `params`, `set` and `--set`. A plain number with a unit is a duration, held as the scalar that it is.
///
/// ```
/// use timeskip_scenario::{Literal, parse_literal};
/// let Ok(Literal::Map(entries, _)) = parse_literal("{delay: 250ms, hosts: [a, b]}") else { panic!("a map") };
/// assert!(matches!(&entries[0].1, Literal::Scalar(delay) if delay.value == "250ms"));
/// assert!(matches!(&entries[1].1, Literal::List(hosts, _) if hosts.len() == 2));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`, `true`, `5`, `0.5`, `250ms` or a quoted text: which one is decided by value and style.
    Scalar(Scalar),
    /// A list.
    List(Vec<Literal>, Place),
    /// A mapping, in the order written; it becomes a dict.
    Map(Vec<(Scalar, Literal)>, Place),
}

/// One step: what it does, and the place of its key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// The key that names the step.
    pub place: Place,
    /// What it does.
    pub kind: StepKind,
}

/// The steps. `targets` are `as: item, t`; `steps` are `do:`. T marks a text, E an expression, A an argument list
/// (`a, b`, one iterable, or `f(n) for n in xs`), D an expression of seconds or a duration literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum StepKind {
    /// `print: T`
    Print { text: Scalar },
    /// `let: targets = E`
    Let { assignment: Scalar },
    /// `sleep: D`
    Sleep { duration: Scalar },
    /// `block: D`: the blocking sleep; nobody else runs meanwhile.
    Block { duration: Scalar },
    /// `await: E`, `as: targets`
    Await { value: Scalar, targets: Option<Scalar> },
    /// `call: E`, `as: targets`
    Call { value: Scalar, targets: Option<Scalar> },
    /// `spawn: A`, `as: targets`: one handle for one call, a list for a generator or several.
    Spawn { arguments: Scalar, targets: Option<Scalar> },
    /// `gather: A`, `as: targets`, `return_exceptions: true`
    Gather { arguments: Scalar, targets: Option<Scalar>, return_exceptions: Option<Scalar> },
    /// `as_completed: A`, `as: targets` (each in turn an awaitable), `timeout: D`, `do: steps`
    AsCompleted { arguments: Scalar, targets: Scalar, timeout: Option<Scalar>, steps: Vec<Step> },
    /// `for: targets in E`, `do: steps`
    For { binding: Scalar, steps: Vec<Step> },
    /// `async for: targets in E`, `do: steps`: over an async generator (a task with `yield`).
    AsyncFor { binding: Scalar, steps: Vec<Step> },
    /// `while: E`, `do: steps`
    While { condition: Scalar, steps: Vec<Step> },
    /// `repeat: E`, `do: steps`
    Repeat { count: Scalar, steps: Vec<Step> },
    /// `if: E`, `do: steps`, `else: steps`
    If { condition: Scalar, steps: Vec<Step>, otherwise: Vec<Step> },
    /// `try: steps`, `except: [{on: Name, as: name, do: steps}]`, `else: steps`, `finally: steps`
    Try { steps: Vec<Step>, handlers: Vec<Handler>, otherwise: Vec<Step>, finally: Vec<Step> },
    /// `raise: E`, or `raise:` alone to raise the one being handled again.
    Raise { value: Option<Scalar> },
    /// `return: E`, or `return:` alone.
    Return { value: Option<Scalar> },
    /// `yield: E`: the async generator's.
    Yield { value: Option<Scalar> },
    /// `break:`
    Break,
    /// `continue:`
    Continue,
    /// `pass:`
    Pass,
    /// `mark: T`: an event for invariants to name.
    Mark { text: Scalar },
    /// `with: E`, `as: targets`, `do: steps`: `async with`.
    With { context: Scalar, targets: Option<Scalar>, steps: Vec<Step> },
    /// `timeout: D`, `do: steps`: `async with asyncio.timeout(D)`.
    Timeout { duration: Scalar, targets: Option<Scalar>, steps: Vec<Step> },
    /// `timeout_at: T`, `do: steps`: `async with asyncio.timeout_at(T)`.
    TimeoutAt { when: Scalar, targets: Option<Scalar>, steps: Vec<Step> },
    /// `group: A`, or `group:` alone, `as: targets` (the group), `do: steps`: `async with asyncio.TaskGroup()`.
    Group { arguments: Option<Scalar>, targets: Option<Scalar>, steps: Vec<Step> },
}

/// One `except` clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Handler {
    /// `on`: an exception's name, or several separated by commas; absent catches `Exception`.
    pub on: Option<Scalar>,
    /// `as`: the variable that holds it.
    pub name: Option<Scalar>,
    /// `do`: what to do.
    pub steps: Vec<Step>,
    /// Where it stands.
    pub place: Place,
}

/// One entry of `expect`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expectation {
    /// The key that names it.
    pub place: Place,
    /// What must hold.
    pub kind: ExpectationKind,
}

/// What may be expected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExpectationKind {
    /// `takes: D`: the virtual time at the end.
    Takes(Scalar),
    /// `ends: finished | failed | deadlock | livelock | limit`
    Ends(Scalar),
    /// `prints: "a line"` or a list of lines, which appear in this order, perhaps with others between.
    Prints(Vec<Scalar>),
    /// `result: E`: what main returns.
    Result(Scalar),
    /// `no_loss: q`: every item put into the queue was got from it.
    NoLoss(Scalar),
    /// `that: E`: an expression over params, shared variables, `result` and `now()`.
    That(Scalar),
}

/// One of `cases`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    /// `name`.
    pub name: Scalar,
    /// `set`: parameters replaced.
    pub set: Vec<(Scalar, Literal)>,
    /// `seed`: replaces the seed of `random`.
    pub seed: Option<Scalar>,
    /// `ties`: replaces the tie rule.
    pub ties: Option<(Ties, Place)>,
    /// `expect`: in place of the file's expectations, where given.
    pub expect: Option<Vec<Expectation>>,
}

/// The `producer_consumer` pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProducerConsumer {
    /// The pattern's key.
    pub place: Place,
    /// `queue`: a constructor; `Queue()` where absent.
    pub queue: Option<Scalar>,
    /// `producers`.
    pub producers: Producers,
    /// `consumers`.
    pub consumers: Consumers,
}

/// `producers` of a `producer_consumer`.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Producers {
    /// `count`: how many (an expression).
    pub count: Option<Scalar>,
    /// `items.count`: how many items each puts (an expression, evaluated once per producer, first of all).
    pub item_count: Option<Scalar>,
    /// `items.value`: what each item is: an expression.
    pub item_value: Option<Scalar>,
    /// `items.value` as a list of expressions, handed out in order over all producers.
    pub item_values: Option<Vec<Scalar>>,
    /// `draw`: an assignment made before each sleep.
    pub draw: Option<Scalar>,
    /// `sleep`: before each item.
    pub sleep: Option<Scalar>,
    /// `sleeping`: printed before the sleep.
    pub sleeping: Option<Scalar>,
    /// `added`: printed after the put.
    pub added: Option<Scalar>,
    /// `done`: printed when a producer has put its last item.
    pub done: Option<Scalar>,
}

/// `consumers` of a `producer_consumer`.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Consumers {
    /// `count`: how many (an expression).
    pub count: Option<Scalar>,
    /// `draw`: an assignment made before each sleep.
    pub draw: Option<Scalar>,
    /// `sleep`: before each get.
    pub sleep: Option<Scalar>,
    /// `sleeping`: printed before the sleep.
    pub sleeping: Option<Scalar>,
    /// `got`: printed after the get; `waited` is the time the item sat in the queue.
    pub got: Option<Scalar>,
}

/// The `chain` pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chain {
    /// The pattern's key.
    pub place: Place,
    /// `for: n in args`: one chain for each.
    pub binding: Scalar,
    /// `stages`, in order; each awaits the one before.
    pub stages: Vec<Stage>,
    /// `done`: printed at the end of each chain; `results` holds each stage's value, `took` the seconds.
    pub done: Option<Scalar>,
}

/// One stage of a `chain`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stage {
    /// `name`.
    pub name: Scalar,
    /// `draw`: an assignment made before the sleep.
    pub draw: Option<Scalar>,
    /// `sleep`.
    pub sleep: Option<Scalar>,
    /// `sleeping`: printed before the sleep.
    pub sleeping: Option<Scalar>,
    /// `returning`: printed after the sleep.
    pub returning: Option<Scalar>,
    /// `result`: what the stage returns (an expression; `value` is the stage before's result, or None).
    /// Where absent: `first-{n}`, then `second-first-{n}` and so on.
    pub result: Option<Scalar>,
}
