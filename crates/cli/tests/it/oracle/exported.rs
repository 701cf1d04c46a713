//! What `timeskip export python` prints, run by CPython: the same lines and the same end as a run under `ties: heapq`.

use std::fs;

use timeskip_scenario::Ties;
use timeskip_scenario::{Options, export, read};

use super::cpython::{Answer, CPython};
use crate::support::{ending_in_words, run, scenario, scenario_names, set, top_level, with_items_numbered};

/// The scenario as a program in Python.
#[track_caller]
pub(super) fn exported(source: &str, options: &Options) -> String {
    let spec = read(source).unwrap_or_else(|problems| panic!("{source}\n{problems:#?}"));
    export::python(&spec, source, options).unwrap_or_else(|error| panic!("{source}\n{error}"))
}

/// Runs both and compares what they print and how they end; tokens are numbered, since Python's come from outside.
#[track_caller]
pub(crate) fn check(cpython: &mut CPython, source: &str, options: &Options, print_cost: f64) -> Answer {
    let options = Options { ties: Some(Ties::Heapq), ..options.clone() };
    let ours = run(source, &options);
    let program = exported(source, &options);
    let theirs = cpython.run_with_print_cost(&program, print_cost);
    let shown = |output: &str| {
        if source.contains("token_hex") { with_items_numbered(output) } else { output.to_owned() }
    };
    assert_eq!(shown(&ours.output), shown(&theirs.output), "ours (left) and CPython's (right):\n{source}\n{program}");
    assert_eq!(ending_in_words(&ours.outcome.ending), theirs.ending, "{source}\n{program}");
    theirs
}

/// Whether a program needs a later release than this, as its first lines say.
fn is_too_new(program: &str, cpython: &CPython) -> bool {
    let (_, since) = program.split_once("for CPython 3.").expect("it says so");
    let minor = since.split(' ').next().and_then(|minor| minor.parse().ok()).expect("a number");
    !cpython.is_at_least(3, minor)
}

#[test]
fn every_scenario_as_a_program() {
    for mut cpython in CPython::start_each("exported scenarios") {
        let mut left_out = 0;
        for name in scenario_names() {
            let source = scenario(&name);
            if is_too_new(&exported(&source, &Options::default()), &cpython) {
                left_out += 1;
                continue;
            }
            let cost = if source.contains("\ncost: {print: 1ms}\n") { 0.001 } else { 0.0 };
            // As many as the file says would take CPython seconds.
            let params: &[_] = if name == "many_tasks" { &[("count", "1000")] } else { &[] };
            check(&mut cpython, &source, &set(params), cost);
            if source.contains("\nrandom: ") {
                for seed in ["0", "-7", "123456789012345678901234567890"] {
                    check(&mut cpython, &source, &Options { seed: Some(seed.to_owned()), ..set(params) }, cost);
                }
            }
        }
        cpython.finish(&format!("exported scenarios; {left_out} need a later release"));
    }
}

/// Scenarios that say everything that can be said, and then some; and those that are measured.
fn pieces() -> Vec<String> {
    let files = |folder: &str| fs::read_dir(top_level().join(folder)).expect("the folder is there");
    let entries = files("crates/cli/tests/exported").chain(files("crates/bench/scenarios"));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    paths.into_iter().map(|path| fs::read_to_string(path).expect("it can be read")).collect()
}

#[test]
fn everything_that_a_scenario_can_say() {
    for mut cpython in CPython::start_each("exported pieces") {
        let mut left_out = 0;
        for source in pieces() {
            if is_too_new(&exported(&source, &Options::default()), &cpython) {
                left_out += 1;
            } else {
                check(&mut cpython, &source, &Options::default(), 0.0);
            }
        }
        cpython.finish(&format!("exported pieces; {left_out} need a later release"));
    }
}

/// What stands at the top of a program is needed below.
#[test]
fn programs_hold_nothing_that_they_do_not_use() {
    let sources = scenario_names().into_iter().map(|name| scenario(&name)).chain(pieces());
    for program in sources.map(|source| exported(&source, &Options::default())) {
        let uses = |name: &str, ending: &str| program.matches(&format!("{name}{ending}")).count();
        for module in program.lines().filter_map(|line| line.strip_prefix("import ")) {
            assert!(uses(module, ".") > 0, "{module} is imported for nothing:\n{program}");
        }
        for helper in ["now", "mark", "each", "spawn", "wait", "wait_for", "on_loop_clock", "since_start"] {
            let is_given = ["def", "async def"].iter().any(|def| program.contains(&format!("\n{def} {helper}(")));
            let is_called = uses(&format!(" {helper}"), "(") + uses(&format!("({helper}"), "(") > 1;
            assert!(
                !is_given || is_called || uses(&format!("{{{helper}"), "(") > 0,
                "{helper} for nothing:\n{program}"
            );
        }
    }
}
