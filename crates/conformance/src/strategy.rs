//! All programs, as a strategy that makes them smaller step by step.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;

use crate::features::{Feature, Step, generators};
use crate::program::{Care, Cost, Pick, Program, Queue, Seconds};

/// Steps with the weight of their being chosen.
pub(crate) type Weighted = Vec<(u32, BoxedStrategy<Step>)>;

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
    let tasks = vec(vec(step, 1..7), 2..6);
    let generators = vec(vec(yielding, 1..5), most.min(1)..=most);
    (any::<u16>(), cost, care, vec(queue(), 1..3), 1..4_usize, tasks, generators)
        .prop_map(|(seed, cost, care, queues, permits, tasks, generators)| Program {
            seed,
            cost,
            care,
            queues,
            permits,
            tasks,
            generators,
        })
        .boxed()
}

fn step(features: &[Feature]) -> BoxedStrategy<Step> {
    let leaves = Union::new_weighted(features.iter().flat_map(|feature| feature.leaves()).collect());
    let features = features.to_vec();
    leaves
        .prop_recursive(3, 16, 4, move |inner| {
            let nested: Weighted = features.iter().flat_map(|feature| feature.nested(&inner)).collect();
            Union::new_weighted([vec![(6, inner.clone())], nested].concat())
        })
        .boxed()
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

/// A few steps.
pub(crate) fn steps(inner: &BoxedStrategy<Step>) -> BoxedStrategy<Vec<Step>> {
    vec(inner.clone(), 0..4).boxed()
}
