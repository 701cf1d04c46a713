//! Random programs and what CPython 3.13 prints for them, line for line.
//!
//! `corpus.txt` is written by `tests/oracle/random_programs.py`. A program stands in a line that begins with `>`, its
//! bodies separated by `/` and their steps by `;`. Then come, for each tie rule, a line that begins with `=`, and what
//! is printed; a rule that prints what the rule before it does says `same`.

use timeskip_executor::{Simulation, TieRule};

use crate::random_program::{Bodies, Step, run};

const CORPUS: &str = include_str!("corpus.txt");

fn parse_step(text: &str) -> Option<Step> {
    let mut words = text.split_whitespace();
    let verb = words.next()?;
    let mut number = || words.next()?.parse::<u8>().ok();
    Some(match verb {
        "sleep" => Step::Sleep { quarters: number()? },
        "block" => Step::Block { quarters: number()? },
        "yield" => Step::Yield,
        "put" => Step::Put { queue: number()?.into() },
        "get" => Step::Get { queue: number()?.into() },
        "getnow" => Step::GetNowait { queue: number()?.into() },
        "spawn" => Step::Spawn { body: number()?.into() },
        "join" => Step::Join { task: number()?.into() },
        "gather" => Step::Gather { from: number()?.into(), count: number()?.into() },
        "cancel" => Step::Cancel { task: number()?.into() },
        "catch" => Step::CatchSleep { quarters: number()? },
        _ => return None,
    })
}

fn parse_program(text: &str) -> Option<Bodies> {
    let body = |text: &str| text.split(';').filter(|step| !step.trim().is_empty()).map(parse_step).collect();
    text.split('/').map(body).collect()
}

fn parse_rule(text: &str) -> Option<TieRule> {
    Some(match text {
        "heapq" => TieRule::Heapq,
        "fifo" => TieRule::Fifo,
        "lifo" => TieRule::Lifo,
        _ => return None,
    })
}

/// Checks the runs of one program; gives how many there are.
fn check(section: &str) -> usize {
    let (program, runs) = section.split_once('\n').expect("a program is followed by its runs");
    let bodies = parse_program(program).unwrap_or_else(|| panic!("not a program: {program}"));
    let mut expected = "";
    let mut checked = 0;
    for run_text in runs.split("= ").skip(1) {
        let (head, lines) = run_text.split_once('\n').expect("a run begins with a line of its own");
        let mut words = head.split(' ');
        let rule = words.next().and_then(parse_rule).unwrap_or_else(|| panic!("not a tie rule: {head}"));
        let ending = words.next().expect("the ending follows the rule");
        if words.next() != Some("same") {
            expected = lines;
        }
        let seen = run(Simulation::new().ties(rule), &bodies);
        let expected: Vec<&str> = expected.lines().collect();
        assert_eq!(seen.lines, expected, "{program} under {rule:?}: {}", seen.ending);
        assert_eq!(seen.ending.kind(), ending, "{program} under {rule:?}: {}", seen.ending);
        checked += 1;
    }
    checked
}

#[test]
fn random_programs_print_what_cpython_prints() {
    let runs: usize = CORPUS.split("> ").skip(1).map(check).sum();
    assert!(runs >= 100, "{runs} runs");
}
