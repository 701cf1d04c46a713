//! What the tests share: the project's own files, runs in this process, and runs of the binary.

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::rc::Rc;

use timeskip_executor::Ending;
use timeskip_scenario::report::{Style, render};
use timeskip_scenario::{Options, Outcome, Record, Ties, load, parse_literal};

/// The top level of the project.
pub(crate) fn top_level() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of a file of the project, by its path from the top level.
pub(crate) fn file(path: &str) -> String {
    fs::read_to_string(top_level().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text of `scenarios/NAME.yaml`.
pub(crate) fn scenario(name: &str) -> String {
    file(&format!("scenarios/{name}.yaml"))
}

/// The names of all scenario files, sorted.
pub(crate) fn scenario_names() -> Vec<String> {
    let entries = fs::read_dir(top_level().join("scenarios")).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned)).collect();
    names.sort();
    assert!(!names.is_empty(), "there are scenarios");
    names
}

/// Options that replace params; each value is YAML.
pub(crate) fn set(params: &[(&str, &str)]) -> Options {
    let literal = |text| parse_literal(text).unwrap_or_else(|problem| panic!("{text}: {}", problem.title));
    let set = params.iter().map(|(name, text)| ((*name).to_owned(), literal(text))).collect();
    Options { set, ..Options::default() }
}

/// The rules that CPython can be held to.
pub(crate) const TIES: [(&str, Ties); 2] = [("heapq", Ties::Heapq), ("fifo", Ties::Fifo)];

/// What a run printed, and what came of it.
pub(crate) struct Ran {
    pub(crate) output: String,
    pub(crate) outcome: Outcome,
}

/// Runs the text of a scenario in this process.
#[track_caller]
pub(crate) fn run(source: &str, options: &Options) -> Ran {
    let scenario = load(source)
        .unwrap_or_else(|problems| panic!("{source}\n{}", render(&problems, source, "the scenario", Style::Plain)));
    let output = Rc::new(RefCell::new(String::new()));
    let outcome = scenario.run(options, output.clone()).unwrap_or_else(|error| panic!("{error}"));
    Ran { output: output.take(), outcome }
}

/// Runs the text of a scenario in this process, and keeps its trace.
#[track_caller]
pub(crate) fn watch(source: &str, options: &Options) -> Ran {
    run(source, &Options { record: Record::Trace, ..options.clone() })
}

/// An ending in the words of the oracle: `finished`, `deadlock`, `failed: ValueError: bad`.
pub(crate) fn ending_in_words(ending: &Ending) -> String {
    match ending {
        Ending::Failed { reason, .. } => format!("failed: {reason}"),
        other => other.kind().to_owned(),
    }
}

/// What stands between `<` and `>`, numbered in order of first appearance: which bytes an item is made of has no
/// influence on anything.
pub(crate) fn with_items_numbered(text: &str) -> String {
    let mut items: Vec<&str> = Vec::new();
    let mut numbered = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (item, after) = after.split_once('>').expect("an item ends where it began, in one line");
        let number = items.iter().position(|known| *known == item).unwrap_or_else(|| {
            items.push(item);
            items.len() - 1
        });
        numbered.push_str(&format!("{before}<item-{number}>"));
        rest = after;
    }
    numbered + rest
}

/// The binary with these arguments, at the top level, with no input and without the tester's own colours.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_timeskip"));
    command.args(arguments).current_dir(top_level()).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// What a process did: its exit code and both streams.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Process {
    fn from(output: Output) -> Process {
        Process {
            code: output.status.code().expect("no signal ended it"),
            stdout: String::from_utf8(output.stdout).expect("it writes UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("it writes UTF-8"),
        }
    }
}

/// Runs the binary.
pub(crate) fn timeskip(arguments: &[&str]) -> Process {
    command(arguments).output().expect("the binary is there").into()
}

/// Runs the binary with a text as its standard input.
pub(crate) fn timeskip_with_input(arguments: &[&str], input: &str) -> Process {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary is there");
    // A process that refuses its arguments does not read; what matters then is what it answers.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it can be waited for").into()
}
