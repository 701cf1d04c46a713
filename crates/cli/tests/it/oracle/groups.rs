//! Task groups, `wait`, `as_completed` with a time limit and queues that are shut down, in programs that are drawn.

use timeskip_scenario::Options;

use super::cpython::CPython;
use crate::support::{TIES, ending_in_words, run};

const SCENARIO: &str = include_str!("groups/program.yaml");
const PYTHON: &str = include_str!("groups/program.py");

/// The lists that tasks and blocks of groups draw from, and others that make failures within failures more likely.
const DRAWS: [(&str, &str); 2] = [
    ("randint(0, 15 if depth < 3 else 7)", "[2, 2, 2, 0, 7, 3, 8, 9, 10, 11][randint(0, 9 if depth < 3 else 5)]"),
    ("body = randint(0, 7)", "body = [0, 1, 2, 5, 5, 5, 6, 7][randint(0, 7)]"),
];

#[test]
fn drawn_groups_and_waits() {
    let Some(mut cpython) = CPython::start("drawn groups and waits") else { return };
    if !cpython.is_at_least(3, 13) {
        return cpython.leave("groups and queues that are shut down behave as here from 3.13 on");
    }
    let rougher = |text: &str| DRAWS.iter().fold(text.to_owned(), |text, (plain, rough)| text.replace(plain, rough));
    let variants = [(SCENARIO.to_owned(), PYTHON.to_owned()), (rougher(SCENARIO), rougher(PYTHON))];
    let mut refused = 0;
    for (scenario, python) in &variants {
        for seed in 0..100 {
            for (ties, rule) in TIES {
                let options = Options { seed: Some(seed.to_string()), ties: Some(rule), ..Options::default() };
                let ours = run(scenario, &options);
                let theirs = cpython.run(python, ties, seed);
                assert_eq!(ours.output, theirs.output, "ours (left) and CPython (right): seed {seed}, {ties}");
                assert_eq!(ending_in_words(&ours.outcome.ending), theirs.ending, "seed {seed}, {ties}");
                refused += ours.output.matches("is shutting down").count();
            }
        }
    }
    assert!(refused > 10, "the programs come to the rarer paths");
    cpython.finish("drawn groups, waits and queues that are shut down: two programs, 100 seeds, two tie rules");
}
