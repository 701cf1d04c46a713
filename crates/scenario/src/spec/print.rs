//! A Spec as a scenario file: what `timeskip expand` prints.
//!
//! Reading the file that [`print()`] writes gives an equal Spec. Comments and the choice of quotes are not kept: texts come
//! out in double quotes or as blocks, expressions plain wherever YAML would not cut or misread them.

mod layout;
mod scalar;
#[cfg(test)]
mod tests;

use self::layout::{Entries, Fields, Item, lay_out, literal_entries};
pub(super) use self::scalar::plain_or_quoted;
use super::{Body, Case, Chain, Consumers, Cost, Expectation, ExpectationKind, Generator, Handler};
use super::{ProducerConsumer, Producers, Program, Random, Spec, Stage, Step, StepKind, Ties};
use crate::source::Scalar;

/// The scenario as the text of a file, two spaces to a level.
///
/// Reading it gives an equal Spec; comments are lost.
///
/// ```
/// use timeskip_scenario::{print, read};
/// let spec = read("main: [{sleep: 1s}, {print: 'done'}] # in one line\n").expect("a good file");
/// assert_eq!(print(&spec), "main:\n  - sleep: 1s\n  - print: \"done\"\n");
/// assert_eq!(read(&print(&spec)), Ok(spec));
/// ```
pub fn print(spec: &Spec) -> String {
    lay_out(&top_level(spec))
}

fn top_level(spec: &Spec) -> Entries<'_> {
    let mut fields = Fields::default().text("about", &spec.about);
    if let Some(random) = &spec.random {
        fields = fields.item("random", random_item(random));
    }
    fields = fields.item_if("ties", spec.ties.map(|(ties, _)| ties_word(ties)));
    if spec.cost != Cost::default() {
        let cost = Fields::default().expression("print", &spec.cost.print).expression("step", &spec.cost.step);
        fields = fields.item("cost", Item::Flow(cost.0));
    }
    fields = fields.map("params", literal_entries(&spec.params));
    fields = match &spec.body {
        Body::Program(program) => program_fields(fields, program),
        Body::ProducerConsumer(pattern) => fields.item("producer_consumer", producer_consumer(pattern)),
        Body::Chain(pattern) => fields.item("chain", chain(pattern)),
    };
    fields = fields.list("after", spec.after.iter().map(step).collect());
    fields = fields.list("expect", spec.expect.iter().map(expectation).collect());
    fields.list("cases", spec.cases.iter().map(case).collect()).0
}

fn ties_word(ties: Ties) -> Item<'static> {
    Item::Word(match ties {
        Ties::Fifo => "fifo",
        Ties::Lifo => "lifo",
        Ties::Heapq => "heapq",
        Ties::Seeded => "seeded",
    })
}

fn random_item(random: &Random) -> Item<'_> {
    let generator = match random.generator {
        Generator::Python => "python",
        Generator::ChaCha => "chacha",
    };
    Item::Flow(Fields::default().expression(generator, &random.seed).0)
}

fn program_fields<'a>(fields: Fields<'a>, program: &'a Program) -> Fields<'a> {
    let named = |name: &Scalar| plain_or_quoted(&name.value);
    let shared = program.shared.iter().map(|(name, value)| (named(name), Item::Expression(value)));
    let tasks = program.tasks.iter().map(|(head, list)| (named(head), sequence(list)));
    fields.map("shared", shared.collect()).map("tasks", tasks.collect()).item("main", sequence(&program.main))
}

fn producer_consumer(pattern: &ProducerConsumer) -> Item<'_> {
    let fields = Fields::default().expression("queue", &pattern.queue);
    // Both are there even where they say nothing.
    let fields = fields.item("producers", Item::Mapping(producers(&pattern.producers)));
    Item::Mapping(fields.item("consumers", Item::Mapping(consumers(&pattern.consumers))).0)
}

fn producers(producers: &Producers) -> Entries<'_> {
    let mut items = Fields::default().expression("count", &producers.item_count);
    items = items.expression("value", &producers.item_value);
    if let Some(values) = &producers.item_values {
        items = items.item("value", Item::Sequence(values.iter().map(Item::Expression).collect()));
    }
    let fields = Fields::default().expression("count", &producers.count).map("items", items.0);
    let fields = fields.expression("draw", &producers.draw).expression("sleep", &producers.sleep);
    fields.text("sleeping", &producers.sleeping).text("added", &producers.added).text("done", &producers.done).0
}

fn consumers(consumers: &Consumers) -> Entries<'_> {
    let fields = Fields::default().expression("count", &consumers.count).expression("draw", &consumers.draw);
    let fields = fields.expression("sleep", &consumers.sleep);
    fields.text("sleeping", &consumers.sleeping).text("got", &consumers.got).0
}

fn chain(chain: &Chain) -> Item<'_> {
    let stages = chain.stages.iter().map(stage).collect();
    let fields = Fields::default().expression("for", &chain.binding).item("stages", Item::Sequence(stages));
    Item::Mapping(fields.text("done", &chain.done).0)
}

fn stage(stage: &Stage) -> Item<'_> {
    let fields = Fields::default().expression("name", &stage.name).expression("draw", &stage.draw);
    let fields = fields.expression("sleep", &stage.sleep).text("sleeping", &stage.sleeping);
    Item::Mapping(fields.text("returning", &stage.returning).expression("result", &stage.result).0)
}

fn sequence(steps: &[Step]) -> Item<'_> {
    Item::Sequence(steps.iter().map(step).collect())
}

fn step(step: &Step) -> Item<'_> {
    Item::Mapping(simple_step(&step.kind).or_else(|| block_step(&step.kind)).unwrap_or_default().0)
}

/// The steps that hold no others.
fn simple_step(kind: &StepKind) -> Option<Fields<'_>> {
    let fields = Fields::default();
    Some(match kind {
        StepKind::Print { text } => fields.text("print", text),
        StepKind::Mark { text } => fields.text("mark", text),
        StepKind::Let { assignment } => fields.expression("let", assignment),
        StepKind::Sleep { duration } => fields.expression("sleep", duration),
        StepKind::Block { duration } => fields.expression("block", duration),
        StepKind::Await { value, targets } => fields.expression("await", value).expression("as", targets),
        StepKind::Call { value, targets } => fields.expression("call", value).expression("as", targets),
        StepKind::Spawn { arguments, targets } => fields.expression("spawn", arguments).expression("as", targets),
        StepKind::Gather { arguments, targets, return_exceptions } => {
            let fields = fields.expression("gather", arguments).expression("as", targets);
            fields.expression("return_exceptions", return_exceptions)
        }
        StepKind::Raise { value } => fields.named("raise", value.as_ref()),
        StepKind::Return { value } => fields.named("return", value.as_ref()),
        StepKind::Yield { value } => fields.named("yield", value.as_ref()),
        StepKind::Break => fields.item("break", Item::Nothing),
        StepKind::Continue => fields.item("continue", Item::Nothing),
        StepKind::Pass => fields.item("pass", Item::Nothing),
        _ => return None,
    })
}

/// The steps that hold others.
fn block_step(kind: &StepKind) -> Option<Fields<'_>> {
    let fields = Fields::default();
    Some(match kind {
        StepKind::AsCompleted { arguments, targets, timeout, steps } => {
            let fields = fields.expression("as_completed", arguments).expression("as", targets);
            fields.expression("timeout", timeout).item("do", sequence(steps))
        }
        StepKind::For { binding, steps } => fields.expression("for", binding).item("do", sequence(steps)),
        StepKind::AsyncFor { binding, steps } => fields.expression("async for", binding).item("do", sequence(steps)),
        StepKind::While { condition, steps } => fields.expression("while", condition).item("do", sequence(steps)),
        StepKind::Repeat { count, steps } => fields.expression("repeat", count).item("do", sequence(steps)),
        StepKind::If { condition, steps, otherwise } => fields
            .expression("if", condition)
            .item("do", sequence(steps))
            .list("else", otherwise.iter().map(step).collect()),
        StepKind::Try { steps, handlers, otherwise, finally } => {
            let fields = fields.item("try", sequence(steps)).list("except", handlers.iter().map(handler).collect());
            fields
                .list("else", otherwise.iter().map(step).collect())
                .list("finally", finally.iter().map(step).collect())
        }
        StepKind::With { context, targets, steps } => {
            fields.expression("with", context).expression("as", targets).item("do", sequence(steps))
        }
        StepKind::Timeout { duration, targets, steps } => {
            fields.expression("timeout", duration).expression("as", targets).item("do", sequence(steps))
        }
        StepKind::TimeoutAt { when, targets, steps } => {
            fields.expression("timeout_at", when).expression("as", targets).item("do", sequence(steps))
        }
        StepKind::Group { arguments, targets, steps } => {
            let fields = fields.named("group", arguments.as_ref()).expression("as", targets);
            fields.list("do", steps.iter().map(step).collect())
        }
        _ => return None,
    })
}

fn handler(handler: &Handler) -> Item<'_> {
    let fields = Fields::default().expression("on", &handler.on).expression("as", &handler.name);
    Item::Mapping(fields.item("do", sequence(&handler.steps)).0)
}

fn expectation(expectation: &Expectation) -> Item<'_> {
    let fields = Fields::default();
    let fields = match &expectation.kind {
        ExpectationKind::Takes(duration) => fields.expression("takes", duration),
        ExpectationKind::Ends(ending) => fields.expression("ends", ending),
        ExpectationKind::Prints(lines) => match lines.as_slice() {
            [line] => fields.text("prints", line),
            lines => fields.item("prints", Item::Sequence(lines.iter().map(Item::Text).collect())),
        },
        ExpectationKind::Result(value) => fields.expression("result", value),
        ExpectationKind::NoLoss(queue) => fields.expression("no_loss", queue),
        ExpectationKind::That(condition) => fields.expression("that", condition),
    };
    Item::Mapping(fields.0)
}

fn case(case: &Case) -> Item<'_> {
    let fields = Fields::default().expression("name", &case.name).map("set", literal_entries(&case.set));
    let fields = fields.expression("seed", &case.seed);
    let mut fields = fields.item_if("ties", case.ties.map(|(ties, _)| ties_word(ties)));
    if let Some(expect) = &case.expect {
        fields = fields.item("expect", Item::Sequence(expect.iter().map(expectation).collect()));
    }
    Item::Mapping(fields.0)
}
