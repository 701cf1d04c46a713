//! The scenarios beside CPython itself, with other seeds, counts and arguments than the document's.
//!
//! `tests/oracle` holds the same programs in Python and runs them on virtual time. `PYTHON` in the environment chooses an
//! interpreter, `python3` is the default; where there is none of 3.11 or later, the tests say so and compare nothing.
//! Under `ties: heapq` CPython is as it is; under `ties: fifo` it is given a stable heap of timers.

mod blocks;
mod callbacks;
pub(crate) mod cpython;
pub(crate) mod exported;
mod generated;
mod groups;
mod limits;
mod locking;

use timeskip_scenario::Options;

use crate::support::{TIES, ending_in_words, run, scenario, scenario_names, set, with_items_numbered};
use cpython::{Answer, CPython, Question};

/// A variant of a scenario: what is asked of both sides.
struct Variant<'a> {
    scenario: &'a str,
    seed: String,
    /// A duration, and the same in seconds.
    print_cost: Option<(&'a str, &'a str)>,
    params: &'a [(&'a str, &'a str)],
}

/// Scenarios of what earlier releases do not have.
const SINCE_3_13: [&str; 1] = ["queue_shutdown"];
const NO_COST: &str = "0";

/// Small numbers that differ from seed to seed, for counts and arguments.
fn varied(seed: u64, purpose: u64, below: u64) -> u64 {
    // Knuth's multiplicative hashing: any spread will do.
    ((seed * 31 + purpose).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) % below
}

#[track_caller]
fn check(cpython: &mut CPython, variant: &Variant<'_>, ties: &str) {
    let name = variant.scenario;
    let source = match variant.print_cost {
        Some((cost, _)) => format!("cost: {{print: {cost}}}\n{}", scenario(name)),
        None => scenario(name),
    };
    let rule = TIES.iter().find(|(known, _)| *known == ties).expect("it is known").1;
    let options = Options { seed: Some(variant.seed.clone()), ties: Some(rule), ..set(variant.params) };
    let ours = run(&source, &options);
    let seconds = match (variant.print_cost, name) {
        (Some((_, seconds)), _) => seconds,
        (None, "asyncq-slow") => "0.001",
        (None, _) => NO_COST,
    };
    let program = name.replace('-', "_");
    let question =
        Question { program: &program, ties, seed: &variant.seed, print_cost: seconds, params: variant.params };
    let theirs = cpython.ask(&question);
    let is_queue = name.starts_with("asyncq");
    let shown = |output: &str| if is_queue { with_items_numbered(output) } else { output.to_owned() };
    assert_eq!(shown(&ours.output), shown(&theirs.output), "{name} (left) and CPython (right): {question:?}");
    check_ending(&ours.outcome, &theirs, seconds, &question);
}

/// Prints of `after` come when the run has ended, and cost nothing there any more: with a cost the times differ by them.
#[track_caller]
fn check_ending(ours: &timeskip_scenario::Outcome, theirs: &Answer, print_cost: &str, question: &Question<'_>) {
    assert_eq!(ending_in_words(&ours.ending), theirs.ending, "{question:?}");
    if print_cost == NO_COST {
        let now = ours.ending.at().as_secs_f64();
        assert!((now - theirs.now).abs() < 1e-6, "{now} and {}: {question:?}", theirs.now);
    }
}

/// Scenarios without a program written by hand: `exported` compares what they are in Python.
const AS_EXPORTED: &[&str] = &["cancel_message", "shield", "timeout_race", "timeouts_nested", "wait_for"];

#[test]
fn every_scenario() {
    let Some(mut cpython) = CPython::start("the scenario files") else { return };
    let names = scenario_names();
    let (known, unknown): (Vec<&String>, Vec<&String>) =
        names.iter().partition(|name| cpython.has(&name.replace('-', "_")));
    assert_eq!(unknown, AS_EXPORTED, "the oracle has no program for these");
    let too_new = |name: &str| SINCE_3_13.contains(&name) && !cpython.is_at_least(3, 13);
    let known: Vec<&String> = known.into_iter().filter(|name| !too_new(name)).collect();
    for name in known {
        for seed in ["0", "1", "100", "444", "-7", "123456789012345678901234567890"] {
            // As many as the file says would take CPython seconds each.
            let params: &[_] = if name == "many_tasks" { &[("count", "1000")] } else { &[] };
            let variant = Variant { scenario: name, seed: seed.to_owned(), print_cost: None, params };
            for (ties, _) in TIES {
                // A cost of a millisecond is no whole number of float seconds: only `heapq` counts those.
                if name != "asyncq-slow" || ties == "heapq" {
                    check(&mut cpython, &variant, ties);
                }
            }
        }
    }
    cpython.finish("every scenario file, six seeds, two tie rules");
}

#[test]
fn producers_and_consumers() {
    let Some(mut cpython) = CPython::start("asyncq with other seeds and counts") else { return };
    for seed in 0..250 {
        let nprod = varied(seed, 1, 6).to_string();
        let ncon = (1 + varied(seed, 2, 15)).to_string();
        let params = [("nprod", nprod.as_str()), ("ncon", ncon.as_str())];
        let name = if seed % 2 == 0 { "asyncq" } else { "asyncq-steps" };
        let mut variant = Variant { scenario: name, seed: seed.to_string(), print_cost: None, params: &params };
        check(&mut cpython, &variant, "heapq");
        check(&mut cpython, &variant, "fifo");
        variant.print_cost = Some(("1ms", "0.001"));
        check(&mut cpython, &variant, "heapq");
        // Halves add up to the same times in nanoseconds and in floats, and meet the sleeps of whole seconds.
        variant.print_cost = Some(("500ms", "0.5"));
        check(&mut cpython, &variant, if seed % 3 == 0 { "heapq" } else { "fifo" });
    }
    cpython.finish("asyncq: 250 seeds and counts, two tie rules, costs of a print");
}

#[test]
fn chains() {
    let Some(mut cpython) = CPython::start("chained with other seeds and arguments") else { return };
    let fixed = ["[]", "[3, 1, 2]", "[0]", "[7, 7, 7]", r#"["a", "b", null, true, 1.5, [1, "x"]]"#];
    for seed in 0..200 {
        let drawn: Vec<String> = (0..varied(seed, 0, 9)).map(|n| varied(seed, 10 + n, 20).to_string()).collect();
        let drawn = format!("[{}]", drawn.join(", "));
        let args = fixed.get(seed as usize).copied().unwrap_or(&drawn);
        for name in ["chained", "chained-steps"] {
            let seed = seed.to_string();
            let mut variant = Variant { scenario: name, seed, print_cost: None, params: &[("args", args)] };
            check(&mut cpython, &variant, "heapq");
            check(&mut cpython, &variant, "fifo");
            variant.print_cost = Some(("1ms", "0.001"));
            check(&mut cpython, &variant, "heapq");
        }
    }
    cpython.finish("chained: 200 seeds and lists of arguments, two tie rules, a cost of a print");
}

#[test]
fn retry_loops_and_counters() {
    let Some(mut cpython) = CPython::start("makerandom, asyncq-sync and the counters with other seeds") else { return };
    for seed in 0..150_u64 {
        let counts = [("nprod", &*varied(seed, 1, 5).to_string()), ("ncon", &*(1 + varied(seed, 2, 9)).to_string())];
        let variants: [(&str, &[_]); 4] =
            [("makerandom", &[]), ("asyncq-sync", &counts), ("countasync", &[]), ("countblock", &[])];
        for (name, params) in variants {
            let mut variant = Variant { scenario: name, seed: seed.to_string(), print_cost: None, params };
            check(&mut cpython, &variant, "heapq");
            check(&mut cpython, &variant, "fifo");
            variant.print_cost = Some(("1ms", "0.001"));
            check(&mut cpython, &variant, "heapq");
            variant.print_cost = Some(("250ms", "0.25"));
            check(&mut cpython, &variant, "fifo");
        }
    }
    cpython.finish("makerandom, asyncq-sync, countasync, countblock: 150 seeds, two tie rules, costs of a print");
}
