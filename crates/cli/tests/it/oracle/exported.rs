//! What `timeskip export python` prints, run by CPython: the same lines and the same end as a run under `ties: heapq`.

use std::fs;

use timeskip_scenario::Ties;
use timeskip_scenario::{Options, export, read};

use super::SINCE_3_13;
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
pub(super) fn check(cpython: &mut CPython, source: &str, options: &Options, print_cost: f64) -> Answer {
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

#[test]
fn every_scenario_as_a_program() {
    let Some(mut cpython) = CPython::start("exported scenarios") else { return };
    let too_new = |name: &str| SINCE_3_13.contains(&name) && !cpython.is_at_least(3, 13);
    let names: Vec<String> = scenario_names().into_iter().filter(|name| !too_new(name)).collect();
    for name in names {
        let source = scenario(&name);
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
    cpython.finish("exported scenarios");
}

#[test]
fn everything_that_a_scenario_can_say() {
    let Some(mut cpython) = CPython::start("exported pieces") else { return };
    let folder = top_level().join("crates/cli/tests/exported");
    let entries = fs::read_dir(folder).expect("the folder is there");
    for entry in entries {
        let path = entry.expect("it can be listed").path();
        check(&mut cpython, &fs::read_to_string(path).expect("it can be read"), &Options::default(), 0.0);
    }
    cpython.finish("exported pieces");
}
