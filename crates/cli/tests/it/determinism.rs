//! The same scenario does the same, always: twice in one process, in two processes, watched or not, wherever it stands.

use std::process::Command;

use timeskip_scenario::Options;
use timeskip_trace::{jsonl, text};

use crate::support::{Process, Ran, command, run, scenario, scenario_names, set, timeskip, top_level, watch};

const VIEWS: [&str; 3] = ["output", "trace", "jsonl"];

/// A hundred thousand tasks show no more than a thousand do.
const FEWER: [(&str, &str); 1] = [("count", "1000")];

fn options(name: &str) -> Options {
    if name == "many_tasks" { set(&FEWER) } else { Options::default() }
}

fn arguments<'a>(file: &'a str, view: &'a str) -> Vec<&'a str> {
    let mut arguments = vec!["run", file, "--view", view];
    if file.ends_with("many_tasks.yaml") {
        arguments.extend(["--set", "count=1000"]);
    }
    arguments
}

/// All that can be seen of a run.
fn seen(ran: &Ran) -> [String; 4] {
    let Ran { output, outcome } = ran;
    let trace = outcome.trace.as_ref().expect("it was recorded");
    let rest = format!("{:?} {:?} {:?} {:?}", outcome.ending, outcome.failure, outcome.missed, outcome.warnings);
    [output.clone(), text(trace), jsonl(trace), rest]
}

#[test]
fn twice_in_one_process() {
    for name in scenario_names() {
        for seed in ["0", "7"] {
            let options = Options { seed: Some(seed.to_owned()), ..options(&name) };
            let (first, second) = (watch(&scenario(&name), &options), watch(&scenario(&name), &options));
            assert_eq!(seen(&first), seen(&second), "{name}");
        }
    }
}

/// What ran before in the same process leaves nothing behind: neither names, nor numbers, nor draws.
#[test]
fn after_other_scenarios() {
    let names = scenario_names();
    let alone: Vec<[String; 4]> = names.iter().map(|name| seen(&watch(&scenario(name), &options(name)))).collect();
    let backwards: Vec<[String; 4]> =
        names.iter().rev().map(|name| seen(&watch(&scenario(name), &options(name)))).collect();
    assert!(alone.iter().eq(backwards.iter().rev()));
}

#[test]
fn watching_changes_nothing() {
    for name in scenario_names() {
        let (watched, alone) = (watch(&scenario(&name), &options(&name)), run(&scenario(&name), &options(&name)));
        assert_eq!(watched.output, alone.output, "{name}");
        assert_eq!(watched.outcome.ending, alone.outcome.ending, "{name}");
        assert_eq!(watched.outcome.warnings, alone.outcome.warnings, "{name}");
        assert!(watched.outcome.trace.is_some() && alone.outcome.trace.is_none());
    }
}

/// A second process, with another environment, in another folder.
fn elsewhere(arguments: &[&str]) -> Process {
    let mut elsewhere: Command = command(arguments);
    elsewhere.current_dir(top_level().join("scenarios"));
    let other = [("HOME", "nowhere"), ("LANG", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu"), ("PYTHONHASHSEED", "1")];
    elsewhere.envs(other).env("RUST_MIN_STACK", "100000").env("NO_COLOR", "1").env("TERM", "dumb");
    elsewhere.output().expect("the binary is there").into()
}

#[test]
fn in_two_processes_and_everywhere() {
    for name in scenario_names() {
        let (here, there) = (format!("scenarios/{name}.yaml"), format!("{name}.yaml"));
        for view in VIEWS {
            let first = timeskip(&arguments(&here, view));
            assert_eq!(first.code, 0, "{name}: {}", first.stderr);
            assert_eq!(first, elsewhere(&arguments(&there, view)), "{name} as {view}");
        }
    }
}

/// The binary shows what the library says.
#[test]
fn the_binary_and_the_library() {
    for name in scenario_names() {
        let file = format!("scenarios/{name}.yaml");
        let [output, trace, jsonl, _] = seen(&watch(&scenario(&name), &options(&name)));
        for (view, expected) in VIEWS.iter().zip([output, trace, jsonl]) {
            assert_eq!(timeskip(&arguments(&file, view)).stdout, expected, "{name} as {view}");
        }
    }
}
