//! What holds of every run: random pattern files, each with random counts, capacities, sleeps, seeds and tie rules.

mod files;

use proptest::prelude::*;
use timeskip_executor::{Ending, Event, SimTime, Status, Waiting};
use timeskip_scenario::{Options, Spec, expand, print, read};
use timeskip_trace::{Record, Trace, text};

use crate::support::{Ran, watch};
use files::{Kind, PatternFile, chain, producer_consumer};

/// Runs a file, which finishes, and keeps its trace.
fn watched(source: &str) -> (Ran, Trace) {
    let mut ran = watch(source, &Options::default());
    assert!(matches!(ran.outcome.ending, Ending::Finished { .. }), "{source}\n{}", ran.outcome.ending);
    let trace = ran.outcome.trace.take().expect("it was recorded");
    (ran, trace)
}

fn parsed(source: &str) -> Spec {
    read(source).unwrap_or_else(|problems| panic!("{source}\n{problems:#?}"))
}

fn any_file() -> impl Strategy<Value = PatternFile> {
    prop_oneof![producer_consumer(), chain()]
}

/// The records of a trace without the lines of the file that their steps stand in.
fn without_lines(trace: &Trace) -> Vec<Record> {
    let without_line = |record: &Record| {
        let mut record = record.clone();
        record.line = 0;
        record
    };
    trace.records().iter().map(without_line).collect()
}

/// Asserts what a queue promises, event by event; how many items were put and got.
fn check_queue(trace: &Trace, kind: Kind) -> Result<(u64, u64), TestCaseError> {
    let (mut put, mut got) = (0_u64, 0_u64);
    for record in trace.records() {
        match record.event {
            Event::Put { item, .. } => {
                prop_assert_eq!(item, put, "items are numbered in the order of putting");
                put += 1;
            }
            Event::Got { item, .. } => {
                if kind == Kind::FirstInFirstOut {
                    prop_assert_eq!(item, got, "first in, first out");
                }
                got += 1;
            }
            _ => {}
        }
        prop_assert!(got <= put, "nothing is got before it was put");
    }
    Ok((put, got))
}

/// How long each chain slept in all, and when it ended.
fn sleeps_and_ends(trace: &Trace) -> Vec<(f64, f64)> {
    let mut chains: Vec<(&str, f64, Option<f64>)> = Vec::new();
    for record in trace.records().iter().filter(|record| trace.task_of(record) != "main") {
        let path = trace.task_of(record);
        if !chains.iter().any(|(known, ..)| *known == path) {
            chains.push((path, 0.0, None));
        }
        let chain = chains.iter_mut().find(|(known, ..)| *known == path).expect("it has just been put there");
        match record.event {
            Event::Waits { on: Waiting::Sleep { until } } => chain.1 += until.as_secs_f64() - record.time.as_secs_f64(),
            Event::Ended { status: Status::Finished } => chain.2 = Some(record.time.as_secs_f64()),
            _ => {}
        }
    }
    chains.into_iter().map(|(path, slept, end)| (slept, end.unwrap_or_else(|| panic!("{path} ended")))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(proptest::test_runner::FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn time_never_goes_back(file in any_file()) {
        let (ran, trace) = watched(&file.text);
        let mut before = trace.records().first().map_or(SimTime::ZERO, |record| record.time);
        for record in trace.records() {
            prop_assert!(record.time >= before, "{} after {}", record.time, before);
            before = record.time;
        }
        prop_assert!(ran.outcome.ending.at() >= before);
    }

    #[test]
    fn a_queue_loses_nothing(file in producer_consumer()) {
        let (_, trace) = watched(&file.text);
        let (put, got) = check_queue(&trace, file.kind)?;
        // Main waits for the producers, then joins the queue: all that was put is worked off.
        prop_assert_eq!(put, got);
        prop_assert_eq!(put, file.items);
        let done = trace.records().iter().filter(|record| matches!(record.event, Event::TaskDone { .. })).count();
        prop_assert_eq!(done as u64, put);
    }

    #[test]
    fn a_queue_keeps_to_its_capacity(file in producer_consumer()) {
        let (_, trace) = watched(&file.text);
        let mut length = 0_u64;
        for record in trace.records() {
            match record.event {
                Event::Put { .. } => length += 1,
                Event::Got { .. } => length -= 1,
                _ => {}
            }
            prop_assert!(file.capacity.is_none_or(|capacity| length <= capacity), "{} items", length);
        }
    }

    #[test]
    fn a_chain_takes_the_sum_and_a_gather_the_longest(file in chain()) {
        let (ran, trace) = watched(&file.text);
        let chains = sleeps_and_ends(&trace);
        prop_assert_eq!(chains.len() as u64, file.items);
        for (slept, end) in &chains {
            prop_assert!((slept - end).abs() < 1e-6, "it slept for {} s and ended at {} s", slept, end);
        }
        let longest = chains.iter().map(|(slept, _)| *slept).fold(0.0, f64::max);
        let took = ran.outcome.ending.at().as_secs_f64();
        prop_assert!((took - longest).abs() < 1e-6, "gather took {} s, the slowest {} s", took, longest);
    }

    #[test]
    fn expanding_changes_nothing(file in any_file()) {
        let (by_pattern, trace) = watched(&file.text);
        let expanded = print(&expand(&parsed(&file.text)));
        let (by_program, expanded_trace) = watched(&expanded);
        prop_assert_eq!(by_pattern.output, by_program.output);
        prop_assert_eq!(by_pattern.outcome.ending, by_program.outcome.ending);
        prop_assert_eq!(text(&trace), text(&expanded_trace));
        prop_assert_eq!(without_lines(&trace), without_lines(&expanded_trace));
    }

    #[test]
    fn a_file_survives_printing(file in any_file()) {
        let written = parsed(&file.text);
        prop_assert_eq!(&parsed(&print(&written)), &written);
        let expanded = expand(&written);
        prop_assert_eq!(&parsed(&print(&expanded)), &expanded);
        prop_assert_eq!(&expand(&expanded), &expanded);
    }
}
