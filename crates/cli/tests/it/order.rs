//! The law of order as CPython keeps it: the probes of `tests/oracle/order.json`, written as scenarios.
//!
//! order.json holds what CPython 3.13 prints for each probe under both tie rules. Each is written as a scenario, and where
//! that prints something else, this is counted by name below.

mod callbacks;
mod cancelling;
mod endings;
mod groups;
mod locking;
mod primitives;
mod timeouts;
mod timers;
mod turns;

use serde_json::Value;
use timeskip_scenario::{Options, Ties};

use crate::support::{TIES, ending_in_words, file, run};

/// Tasks that many probes use: those of `tests/oracle/probes`.
const HELPERS: &str = "
tasks:
  ticker(turns):
    - for: turn in range(turns)
      do:
        - print: 'tick {turn}'
        - sleep: 0s
  value(result):
    - return: result
  say(text, delay):
    - sleep: seconds(delay)
    - print: '{text}'
    - return: text
  say_cancelled(text, awaited):
    - try:
        - await: awaited
      except:
        - on: CancelledError
          do:
            - print: '{text} cancelled'
            - raise:
";

/// Where we print something else, and why; who mends one of them takes it out of here.
const DIFFERING: &[(&str, &str, &str)] = &[
    ("deadlines_in_the_past_keep_their_order", "fifo", "a deadline in the past counts as now: the law, sentence 7"),
    ("a_nanosecond_is_the_same_time", "fifo", "the clock counts nanoseconds, and half of one is none: the design"),
    ("ten_tenths_are_not_one", "fifo", "the clock counts nanoseconds, in which ten tenths are one: the design"),
];

fn recorded() -> Value {
    serde_json::from_str(&file("crates/cli/tests/oracle/order.json")).expect("it is JSON")
}

fn probes() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let all: [&[(&str, &str)]; 9] = [
        turns::PROBES,
        timers::PROBES,
        callbacks::PROBES,
        primitives::PROBES,
        locking::PROBES,
        endings::PROBES,
        groups::PROBES,
        cancelling::PROBES,
        timeouts::PROBES,
    ];
    all.into_iter().flatten()
}

/// What a probe does otherwise than recorded under a tie rule.
fn difference(probe: &Value, source: &str, (ties, rule): (&str, Ties)) -> Option<String> {
    let cost = probe["print_cost"].as_f64().expect("a cost is a number");
    let cost = if cost > 0.0 { format!("cost: {{print: {cost}s}}\n") } else { String::new() };
    let source = format!("{cost}{HELPERS}{source}");
    let ran = run(&source, &Options { ties: Some(rule), ..Options::default() });
    let lines: Vec<&str> = ran.output.lines().collect();
    let ending = ending_in_words(&ran.outcome.ending);
    let expected = &probe["runs"][ties];
    let is_same = expected["lines"] == serde_json::json!(lines) && expected["ending"] == ending.as_str();
    (!is_same).then(|| format!("{lines:#?} {ending}\nCPython: {expected:#}"))
}

#[test]
fn probes_print_what_cpython_prints() {
    let recorded = recorded();
    for (name, source) in probes() {
        let probe = &recorded["programs"][name];
        assert!(probe.is_object(), "{name} is recorded");
        for rule in TIES {
            let is_known = DIFFERING.iter().any(|(known, ties, _)| known == name && *ties == rule.0);
            let difference = difference(probe, source, rule);
            assert_eq!(difference.is_some(), is_known, "{name} under {}: {}", rule.0, difference.unwrap_or_default());
        }
    }
}

#[test]
fn no_probe_is_forgotten() {
    let recorded = recorded();
    let mut known: Vec<&str> = probes().map(|(name, _)| *name).collect();
    known.sort_unstable();
    let mut names: Vec<&str> =
        recorded["programs"].as_object().expect("programs by name").keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(known, names);
}
