//! All programs, as a strategy that makes them smaller step by step.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;

use crate::features::{Feature, Step, generators};
use crate::program::{Care, Cost, Pick, Program, Queue, Seconds};

/// Steps with the weight of their being chosen.
pub(crate) type Weighted = Vec<(u32, BoxedStrategy<Step>)>;

/// How many steps a step stands in at most.
const DEPTH: usize = 3;

/// Programs that use no other features than these.
pub(crate) fn programs(features: &[Feature]) -> BoxedStrategy<Program> {
    let step = step(features);
    let yielding = prop_oneof![2 => generators::yields(), 3 => step.clone()].boxed();
    let most = usize::from(features.contains(&Feature::Generators)) * 2;
    let costs = features.contains(&Feature::Costs);
    let cost = prop::bool::weighted(0.1).prop_map(move |is_drawn| match is_drawn && costs {
        true => Cost::Millisecond,
        false => Cost::Nothing,
    });
    let most_care = if features.contains(&Feature::Timeouts) { Care::Limits } else { Care::Wakes };
    let care = prop_oneof![1 => Just(Care::None), 1 => Just(Care::Wakes), 2 => Just(Care::Limits)];
    let care = care.prop_map(move |care| care.min(most_care));
    let linger = prop::sample::select(&["0", "0.3", "0.7", "1.0"][..]).prop_map(Seconds);
    let launched = (vec(pick(), 0..8), linger);
    let tasks = vec(vec(step, 1..4), 2..5);
    let generators = vec(vec(yielding, 1..4), most.min(1)..=most);
    (any::<u16>(), cost, care, vec(queue(), 1..3), 1..4_usize, launched, tasks, generators)
        .prop_map(|(seed, cost, care, queues, permits, (launched, linger), tasks, generators)| Program {
            seed,
            cost,
            care,
            queues,
            permits,
            tasks,
            launched,
            linger,
            generators,
        })
        .boxed()
}

/// Steps in steps. The levels are made once, where `prop_recursive` would make them anew for each step that it draws.
fn step(features: &[Feature]) -> BoxedStrategy<Step> {
    let leaves = one_of(features.iter().map(|feature| feature.leaves()));
    // `costs` alone has no steps.
    let leaves = leaves.unwrap_or_else(|| Union::new_weighted(Feature::Basics.leaves()).boxed());
    let mut step = leaves.clone();
    for _ in 0..DEPTH {
        let Some(nested) = one_of(features.iter().map(|feature| feature.nested(&step))) else { break };
        step = prop_oneof![2 => leaves.clone(), 1 => nested].boxed();
    }
    step
}

/// A choice between features first and between the steps of one of them then: of each choice proptest keeps all
/// alternatives before the chosen one, for shrinking.
fn one_of(features: impl Iterator<Item = Weighted>) -> Option<BoxedStrategy<Step>> {
    let features = features.filter(|steps| !steps.is_empty());
    let weighted = |steps: Weighted| (steps.iter().map(|(weight, _)| weight).sum(), Union::new_weighted(steps).boxed());
    let features: Weighted = features.map(weighted).collect();
    (!features.is_empty()).then(|| Union::new_weighted(features).boxed())
}

fn queue() -> impl Strategy<Value = Queue> {
    let classes = prop::sample::select(&["Queue", "Queue", "PriorityQueue", "LifoQueue"][..]);
    (classes, 0..3_usize).prop_map(|(class, maxsize)| Queue { class, maxsize })
}

/// Few distinct durations, so that deadlines coincide, and some that nearly do.
pub(crate) fn seconds() -> BoxedStrategy<Seconds> {
    const COMMON: &[&str] = &["0", "0", "0.1", "0.1", "0.2", "0.3", "0.1 + 0.2", "0.5", "0.5", "1.0"];
    const RARE: &[&str] = &["0.7", "0.9", "0.25", "-1", "1e-09", "2e-09", "5e-10", "0.30000000000000004", "0.6", "0.8"];
    prop_oneof![5 => prop::sample::select(COMMON), 1 => prop::sample::select(RARE)].prop_map(Seconds).boxed()
}

/// Any of the things there are.
pub(crate) fn pick() -> BoxedStrategy<Pick> {
    (0..6_usize).prop_map(Pick).boxed()
}

/// A few of the things there are.
pub(crate) fn picks() -> BoxedStrategy<Vec<Pick>> {
    vec(pick(), 0..4).boxed()
}

/// The steps of a block.
pub(crate) fn steps(inner: &BoxedStrategy<Step>) -> BoxedStrategy<Vec<Step>> {
    vec(inner.clone(), 1..4).boxed()
}

/// The steps of a block that is often left out.
pub(crate) fn few_steps(inner: &BoxedStrategy<Step>) -> BoxedStrategy<Vec<Step>> {
    vec(inner.clone(), 0..2).boxed()
}
