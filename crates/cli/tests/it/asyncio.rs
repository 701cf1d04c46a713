//! What lies between the parts of asyncio: futures, shields and gathers wherever tasks may stand, the messages and counts of
//! cancels on their ways, and what misuse raises.
//!
//! `tests/asyncio` holds programs with what CPython 3.13.0 prints for each, how it ends, and how many exceptions it reports
//! as never retrieved. Where there is such a python3, the exported programs are run by it once more.

use timeskip_scenario::{Options, Ties};

use crate::oracle::cpython::CPython;
use crate::oracle::exported;
use crate::support::{Ran, ending_in_words, file, run};

struct Program {
    name: String,
    source: String,
    ending: String,
    output: String,
}

/// The programs of a file: `=== NAME`, the scenario without the tasks that all of them share, `--- ENDING`, the output.
fn programs(name: &str) -> Vec<Program> {
    let tasks = file("crates/cli/tests/asyncio/tasks.yaml");
    let text = file(&format!("crates/cli/tests/asyncio/{name}.txt"));
    let parsed = text.split("=== ").skip(1).map(|section| {
        let (name, rest) = section.split_once('\n').expect("a name");
        let (source, rest) = rest.split_once("--- ").expect("an ending");
        let (ending, output) = rest.split_once('\n').expect("a line");
        let output = output.trim_end();
        Program {
            name: name.to_owned(),
            source: format!("{tasks}{source}"),
            ending: ending.to_owned(),
            output: output.to_owned(),
        }
    });
    parsed.collect()
}

fn ending(ran: &Ran) -> String {
    let ending = ending_in_words(&ran.outcome.ending);
    match ran.outcome.warnings.iter().filter(|warning| warning.contains("was never retrieved")).count() {
        0 => ending,
        count => format!("{ending}, {count} never retrieved"),
    }
}

#[track_caller]
fn check(name: &str, at_least: usize) {
    let programs = programs(name);
    assert!(programs.len() >= at_least, "{} programs", programs.len());
    let options = Options { ties: Some(Ties::Heapq), ..Options::default() };
    for program in &programs {
        let ran = run(&program.source, &options);
        assert_eq!(ran.output.trim_end(), program.output, "ours (left) and CPython's (right): {}", program.name);
        assert_eq!(ending(&ran), program.ending, "{}", program.name);
    }
    let Some(mut cpython) = CPython::start(name) else { return };
    if !cpython.is_at_least(3, 13) {
        return cpython.leave("this is how 3.13 does it");
    }
    for program in &programs {
        exported::check(&mut cpython, &program.source, &options, 0.0);
    }
    cpython.finish(&format!("{name}: {} programs", programs.len()));
}

#[test]
fn futures_and_shields_stand_where_tasks_do() {
    check("shields", 40);
}

#[test]
fn gathers_are_kept_as_futures() {
    check("gathers", 45);
}

#[test]
fn cancels_carry_messages_and_are_counted_on_each_of_their_ways() {
    check("cancels", 15);
}

#[test]
fn misuse_raises_what_asyncio_raises() {
    check("misuse", 40);
}
