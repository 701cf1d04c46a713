//! Generated programs: all of them are whole scenarios, and what they do is what CPython does.

use std::io::Write;
use std::path::PathBuf;

use timeskip_conformance::compare::Difference;
use timeskip_conformance::features::Feature;
use timeskip_conformance::fuzz::{Plan, fuzz, scenario};
use timeskip_conformance::oracle::{Answer, Oracle};
use timeskip_conformance::report;
use timeskip_scenario::{Options, export, load, read};

/// The interpreter that `PYTHON` names, else `python3`, with its release.
fn interpreter() -> Option<(PathBuf, (u32, u32))> {
    let python = PathBuf::from(std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned()));
    let version = Oracle::start(&python).ok()?.version().ok()?;
    (version >= (3, 11)).then_some((python, version))
}

/// Speaks past the test runner, which keeps what a passing test prints to itself.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[test]
fn programs_do_as_they_do_in_cpython() {
    let Some((python, version)) = interpreter() else {
        return say("skipped: no python3 of 3.11 or later, so no generated programs were compared with CPython");
    };
    let features: Vec<Feature> = Feature::ALL.iter().copied().filter(|feature| feature.since() <= version).collect();
    let plan = Plan { programs: 300, seed: 1, python, jobs: 2, features, enough: 1 };
    let findings = fuzz(&plan, |_| {}).expect("the interpreter answers");
    let shown: Vec<String> = findings
        .mismatches
        .iter()
        .map(|mismatch| format!("{}\n{}", report::first(&mismatch.difference), mismatch.difference.yaml))
        .collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    assert_eq!(findings.compared, 300);
    for ending in ["finished", "failed", "deadlock", "livelock", "limit"] {
        assert!(findings.coverage.endings.of(ending) > 0, "no program ended so: {ending}");
    }
    say(&format!("compared with CPython {}.{}: {} generated programs", version.0, version.1, findings.compared));
}

#[test]
fn every_program_is_a_whole_scenario_that_python_can_say() {
    for number in 0..200 {
        let yaml = scenario(Feature::ALL, 7, number).expect("it can be generated");
        load(&yaml).unwrap_or_else(|problems| panic!("{}\n{yaml}", problems[0].title));
        let spec = read(&yaml).expect("it was read a moment ago");
        export::python(&spec, &yaml, &Options::default()).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    }
}

#[test]
fn the_same_seed_gives_the_same_programs() {
    assert_eq!(scenario(Feature::ALL, 3, 5), scenario(Feature::ALL, 3, 5));
    assert_ne!(scenario(Feature::ALL, 3, 5), scenario(Feature::ALL, 3, 6));
    assert_ne!(scenario(Feature::ALL, 3, 5), scenario(Feature::ALL, 4, 5));
}

#[test]
fn features_that_are_off_are_not_used() {
    let without: Vec<Feature> = Feature::ALL.iter().copied().filter(|feature| *feature != Feature::Callbacks).collect();
    let uses_callbacks = |features: &[Feature]| {
        (0..50).filter_map(|number| scenario(features, 9, number)).any(|yaml| yaml.contains("call_soon"))
    };
    assert!(uses_callbacks(Feature::ALL));
    assert!(!uses_callbacks(&without));
}

#[test]
fn the_first_difference_is_a_line_or_the_ending() {
    let answer = |output: &str, ending: &str| Answer { output: output.to_owned(), ending: ending.to_owned() };
    let difference = |ours, theirs| Difference { yaml: String::new(), python: String::new(), ours, theirs };
    let lines = difference(answer("a\nb\n", "finished"), answer("a\nc\n", "finished"));
    assert_eq!(lines.first(), (2, "b".to_owned(), "c".to_owned()));
    let longer = difference(answer("a\nb\n", "finished"), answer("a\n", "deadlock"));
    assert_eq!(longer.first(), (2, "b".to_owned(), "-- deadlock".to_owned()));
}
