//! Programs that nobody thought of: each is written down as a scenario and in Python, and both must print the same.
//!
//! Tasks sleep, block, spawn, await and cancel one another, share queues, fail, catch and clean up. A program that differs
//! is made smaller before it is shown, in both languages.

mod program;
mod python;
mod yaml;

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};
use timeskip_scenario::Options;
use timeskip_scenario::Ties;

use super::cpython::CPython;
use super::exported::exported;
use crate::support::{TIES, ending_in_words, run};
use program::{Program, program};

/// The seed of both generators.
const SEED: u64 = 5;

fn compare(cpython: &RefCell<CPython>, program: &Program) -> Result<(), TestCaseError> {
    let (scenario, python) = (yaml::text(program), python::text(program));
    for (ties, rule) in TIES {
        let options = Options { seed: Some(SEED.to_string()), ties: Some(rule), ..Options::default() };
        let ours = run(&scenario, &options);
        let theirs = cpython.borrow_mut().run(&python, ties, SEED);
        let shown = format!("under {ties}:\n{scenario}\n{python}");
        prop_assert_eq!(&ours.output, &theirs.output, "ours (left), CPython's (right), {}", shown);
        let ending = ending_in_words(&ours.outcome.ending);
        prop_assert_eq!(ending, theirs.ending, "ours (left), CPython's (right), {}", shown);
        let now = ours.outcome.ending.at().as_secs_f64();
        prop_assert!((now - theirs.now).abs() < 1e-9, "{} and {}, {}", now, theirs.now, shown);
    }
    compare_exported(cpython, &scenario)
}

/// The same with the program that the scenario is exported as.
fn compare_exported(cpython: &RefCell<CPython>, scenario: &str) -> Result<(), TestCaseError> {
    let options = Options { seed: Some(SEED.to_string()), ties: Some(Ties::Heapq), ..Options::default() };
    let ours = run(scenario, &options);
    let python = exported(scenario, &options);
    let theirs = cpython.borrow_mut().run(&python, "heapq", 0);
    let shown = format!("exported:\n{scenario}\n{python}");
    prop_assert_eq!(&ours.output, &theirs.output, "ours (left), CPython's (right), {}", shown);
    let ending = ending_in_words(&ours.outcome.ending);
    prop_assert_eq!(ending, theirs.ending, "ours (left), CPython's (right), {}", shown);
    Ok(())
}

#[test]
fn generated_programs() {
    let Some(cpython) = CPython::start("generated programs") else { return };
    let cpython = RefCell::new(cpython);
    let persistence = FileFailurePersistence::WithSource("regressions");
    let config =
        Config { failure_persistence: Some(Box::new(persistence)), source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&program(), |program| compare(&cpython, &program));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    cpython.into_inner().finish("generated programs, two tie rules");
}
