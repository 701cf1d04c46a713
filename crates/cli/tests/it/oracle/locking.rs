//! Programs around locks, semaphores, events, conditions and barriers that nobody thought of: tasks hold, wait, notify,
//! abort and cancel one another. Each is written down as a scenario and in Python, and both must print the same.

mod program;
mod texts;

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};
use timeskip_scenario::Options;

use super::cpython::CPython;
use crate::support::{TIES, ending_in_words, run};
use program::{Program, program};

fn compare(cpython: &RefCell<CPython>, program: &Program) -> Result<(), TestCaseError> {
    let (scenario, python) = texts::of(program);
    for (ties, rule) in TIES {
        let options = Options { ties: Some(rule), ..Options::default() };
        let ours = run(&scenario, &options);
        let theirs = cpython.borrow_mut().run(&python, ties, 0);
        let shown = format!("under {ties}:\n{scenario}\n{python}");
        prop_assert_eq!(&ours.output, &theirs.output, "ours (left), CPython's (right), {}", shown);
        let ending = ending_in_words(&ours.outcome.ending);
        prop_assert_eq!(ending, theirs.ending, "ours (left), CPython's (right), {}", shown);
    }
    Ok(())
}

#[test]
fn programs_around_locks() {
    let Some(cpython) = CPython::start("programs around locks") else { return };
    if !cpython.is_at_least(3, 13) {
        // It loses the notification of a waiter that is cancelled.
        return cpython.leave("programs around locks were not compared: that release loses wake-ups of conditions");
    }
    let cpython = RefCell::new(cpython);
    let persistence = FileFailurePersistence::WithSource("regressions");
    let config =
        Config { failure_persistence: Some(Box::new(persistence)), source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&program(), |program| compare(&cpython, &program));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    cpython.into_inner().finish("programs around locks, two tie rules");
}
