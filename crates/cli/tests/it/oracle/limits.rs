//! Cancels that race timeouts: random programs about time limits, shields and cancels, as scenarios and in Python.
//!
//! Deadlines, sleeps and cancels fall on a few instants, so that most of them meet. What is drawn depends on the seed
//! alone.

mod program;
mod python;
mod yaml;

use timeskip_scenario::Options;

use super::cpython::CPython;
use crate::support::{TIES, ending_in_words, run};

/// How many programs are compared, under two tie rules each.
const PROGRAMS: u64 = 300;

#[test]
fn time_limits_and_cancels() {
    let Some(mut cpython) = CPython::start("programs about time limits") else { return };
    if !cpython.is_at_least(3, 13) {
        return cpython.leave("what a cancel says and when a limit is over are as in 3.13");
    }
    for seed in 0..PROGRAMS {
        let program = program::draw(seed);
        let (scenario, python) = (yaml::text(&program), python::text(&program));
        for (ties, rule) in TIES {
            if ties == "fifo" && !program::has_quarters_alone(seed) {
                // This rule's clock counts nanoseconds, where CPython's adds floats.
                continue;
            }
            let ours = run(&scenario, &Options { ties: Some(rule), ..Options::default() });
            let theirs = cpython.run(&python, ties, 0);
            let shown = format!("program {seed} under {ties}:\n{scenario}\n{python}");
            assert_eq!(ours.output, theirs.output, "ours (left), CPython's (right), {shown}");
            assert_eq!(ending_in_words(&ours.outcome.ending), theirs.ending, "{shown}");
        }
    }
    cpython.finish("time limits, shields and cancels, two tie rules");
}
