//! Every scenario, and every case of one, beside its accepted snapshots: one for each view.
//!
//! A new scenario is one YAML file and its accepted snapshots: `cargo insta review`, or `INSTA_UPDATE=always cargo test
//! --test snapshots`. A scenario without a snapshot fails the test, and so does a snapshot without a scenario.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use timeskip_scenario::{Options, Record, Scenario, export, load, read};
use timeskip_trace::{ending_line, jsonl, text};

const VIEWS: [&str; 4] = ["output", "trace", "jsonl", "export"];

/// A view of more lines than this is kept as its beginning, its end and a digest.
const LONGEST: usize = 2000;

fn top_level() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a folder with this ending, sorted by name.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(top_level().join(folder)).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

/// The views of one run, and the scenario as a program in Python.
fn views(source: &str, scenario: &Scenario, case: Option<&str>) -> [String; 4] {
    let options = Options { case: case.map(str::to_owned), record: Record::Trace, ..Options::default() };
    let printed = Rc::new(RefCell::new(String::new()));
    let outcome = scenario.run(&options, printed.clone()).expect("the case is there");
    assert!(outcome.is_as_expected(), "{:?} {:?}", outcome.failure, outcome.missed);
    let mut output = printed.take();
    for warning in &outcome.warnings {
        output.push_str(&format!("-- warning: {warning}\n"));
    }
    output.push_str(&ending_line(&outcome.ending));
    let trace = outcome.trace.expect("it was recorded");
    let spec = read(source).expect("it was read a moment ago");
    let export = export::python(&spec, source, &options).unwrap_or_else(|error| panic!("{error}"));
    [output, text(&trace), jsonl(&trace), export].map(abbreviate)
}

fn abbreviate(view: String) -> String {
    let lines: Vec<&str> = view.lines().collect();
    if lines.len() <= LONGEST {
        return view;
    }
    // FNV-1a: every byte of the view counts.
    let digest = view
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let (head, tail) = (&lines[..20], &lines[lines.len() - 20..]);
    let between = lines.len() - 40;
    format!("{}\n... {between} lines, digest of all {digest:016x} ...\n{}", head.join("\n"), tail.join("\n"))
}

#[test]
fn every_scenario_matches_its_snapshots() {
    let mut expected = BTreeSet::new();
    let mut failed = Vec::new();
    // What the comparison with CPython has found stays, in a folder of its own.
    for path in [files("scenarios", ".yaml"), files("scenarios/found", ".yaml")].concat() {
        let source = fs::read_to_string(&path).expect("it can be read");
        let scenario = load(&source).unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()));
        let cases: Vec<Option<&str>> = [None].into_iter().chain(scenario.cases().map(Some)).collect();
        for case in cases {
            let name = case.map_or_else(|| stem(&path), |case| format!("{}@{case}", stem(&path)));
            for (view, content) in VIEWS.iter().zip(views(&source, &scenario, case)) {
                let snapshot = format!("{name}.{view}");
                if catch_unwind(AssertUnwindSafe(|| compare(&snapshot, &content))).is_err() {
                    failed.push(snapshot.clone());
                }
                expected.insert(snapshot);
            }
        }
    }
    let orphans: Vec<String> =
        files("snapshots", ".snap").iter().map(|path| stem(path)).filter(|name| !expected.contains(name)).collect();
    assert!(failed.is_empty(), "snapshots that differ or are missing: {failed:#?}");
    assert!(orphans.is_empty(), "snapshots without a scenario: {orphans:#?}");
}

fn compare(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(top_level().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}
