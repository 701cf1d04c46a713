//! Random files of the two patterns.

use proptest::collection::vec;
use proptest::prelude::*;

/// In which order a queue hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    FirstInFirstOut,
    Otherwise,
}

/// A file, and what it comes to.
#[derive(Clone, Debug)]
pub(super) struct PatternFile {
    pub(super) text: String,
    /// The order of its queue.
    pub(super) kind: Kind,
    /// The places of its queue, where they are bounded.
    pub(super) capacity: Option<u64>,
    /// How many items are made in all; of a chain: how many chains there are.
    pub(super) items: u64,
}

/// What both patterns share: randomness and the order of timers.
fn head() -> impl Strategy<Value = String> {
    let generator = prop::sample::select(&["python", "chacha"][..]);
    let ties = prop::sample::select(&["fifo", "lifo", "heapq", "seeded"][..]);
    let cost = prop::sample::select(&["", "cost: {print: 250ms}\n", "cost: {step: 1ms}\n"][..]);
    (generator, any::<u32>(), ties)
        .prop_map(|(generator, seed, ties)| format!("random: {{{generator}: {seed}}}\nties: {ties}\n"))
        .prop_flat_map(move |head| cost.clone().prop_map(move |cost| format!("{head}{cost}")))
}

/// Lines of a draw and a sleep, a fixed sleep, or none.
fn sleep() -> impl Strategy<Value = Vec<String>> {
    let line = |line: &str| line.to_owned();
    prop_oneof![
        Just(Vec::new()),
        Just(vec![line("sleep: 0s")]),
        (1..2000_u32).prop_map(|milliseconds| vec![format!("sleep: {milliseconds}ms")]),
        (0..3_u32, 3..9_u32)
            .prop_map(move |(low, high)| vec![format!("draw: i = randint({low}, {high})"), line("sleep: seconds(i)")]),
        Just(vec![line("draw: d = uniform(0, 2)"), line("sleep: d"), line("sleeping: \"sleeps for {d:0.3f}\"")]),
    ]
}

fn text_slot(key: &'static str, text: &'static str) -> impl Strategy<Value = Vec<String>> {
    prop_oneof![Just(Vec::new()), Just(vec![format!("{key}: \"{text}\"")])]
}

fn indented(depth: usize, lines: &[String]) -> String {
    lines.iter().map(|line| format!("{}{line}\n", " ".repeat(depth))).collect()
}

/// A `producer_consumer` whose producers and consumers both exist, so that it finishes.
pub(super) fn producer_consumer() -> impl Strategy<Value = PatternFile> {
    let queue = (prop::sample::select(&["Queue", "LifoQueue", "PriorityQueue"][..]), 0..4_u64);
    let producer =
        (sleep(), text_slot("added", "{name} added {item} at {now():0.3f}"), text_slot("done", "{name} is done"));
    let consumer = (sleep(), text_slot("got", "{name} got {item} after {waited:0.3f}"));
    (head(), queue, 0..4_u64, 0..5_u64, 1..4_u64, producer, consumer).prop_map(
        |(head, (class, capacity), producers, items, consumers, (pause, added, done), (work, got))| {
            let mut text = format!("{head}producer_consumer:\n  queue: {class}(maxsize={capacity})\n  producers:\n");
            text += &format!("    count: {producers}\n    items: {{count: {items}}}\n");
            text += &indented(4, &[pause, added, done].concat());
            text += &format!("  consumers:\n    count: {consumers}\n");
            text += &indented(4, &[work, got].concat());
            let kind = if class == "Queue" { Kind::FirstInFirstOut } else { Kind::Otherwise };
            let capacity = (capacity > 0).then_some(capacity);
            PatternFile { text, kind, capacity, items: producers * items }
        },
    )
}

/// A `chain` without a cost: what it takes is its sleeps alone.
pub(super) fn chain() -> impl Strategy<Value = PatternFile> {
    let stage = (sleep(), text_slot("returning", "returning {n} at {now():0.3f}"));
    let done = text_slot("done", "{n} {results} took {took:0.3f}");
    (head(), vec(0..9_u32, 0..6), vec(stage, 1..4), done).prop_map(|(head, args, stages, done)| {
        let head: String =
            head.lines().filter(|line| !line.starts_with("cost")).map(|line| format!("{line}\n")).collect();
        let mut text = format!("{head}params:\n  args: {args:?}\nchain:\n  for: n in args\n  stages:\n");
        for (number, (pause, returning)) in stages.iter().enumerate() {
            text += &format!("    - name: stage{number}\n");
            text += &indented(6, pause);
            text += &indented(6, returning);
        }
        text += &indented(2, &done);
        PatternFile { text, kind: Kind::Otherwise, capacity: None, items: args.len() as u64 }
    })
}
