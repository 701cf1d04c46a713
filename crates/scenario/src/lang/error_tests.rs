//! Mistakes and what is said of them: `testdata/mistakes.txt`, whose head explains its entries.

use super::error::{Cause, SyntaxError};
use super::{
    parse_arguments, parse_assignment, parse_binding, parse_duration, parse_expression, parse_seconds, parse_signature,
    parse_targets, parse_text,
};

const MISTAKES: &str = include_str!("testdata/mistakes.txt");

/// The error for this source, or its tree if there is none.
fn read(reader: &str, source: &str) -> Result<String, SyntaxError> {
    match reader {
        "expression" => parse_expression(source).map(|tree| format!("{tree:?}")),
        "text" => parse_text(source).map(|tree| format!("{tree:?}")),
        "assignment" => parse_assignment(source).map(|tree| format!("{tree:?}")),
        "binding" => parse_binding(source).map(|tree| format!("{tree:?}")),
        "arguments" => parse_arguments(source).map(|tree| format!("{tree:?}")),
        "signature" => parse_signature(source).map(|tree| format!("{tree:?}")),
        "duration" => parse_duration(source).map(|tree| format!("{tree:?}")),
        "targets" => parse_targets(source).map(|tree| format!("{tree:?}")),
        "seconds" => parse_seconds(source).map(|tree| format!("{tree:?}")),
        other => panic!("no reader is called {other}"),
    }
}

/// The entry for this error, in the form of the data file.
fn show(reader: &str, source: &str, error: &SyntaxError) -> String {
    let (start, end) = (error.at.start as usize, error.at.end as usize);
    let indent = " ".repeat(source[..start].chars().count());
    let carets = "^".repeat(source[start..end].chars().count().max(1));
    let mut lines =
        vec![(reader, source.to_owned()), ("", format!("{indent}{carets} {}: {}", error.title, error.label))];
    if let Some(help) = &error.help {
        lines.push(("help", help.clone()));
    }
    if let Some((at, text)) = &error.patch {
        let mut mended = source.to_owned();
        mended.replace_range(at.start as usize..at.end as usize, text);
        lines.push(("mended", mended));
    }
    if error.cause == Cause::Cut {
        lines.push(("cut", String::new()));
    }
    let lines: Vec<String> =
        lines.iter().map(|(key, value)| format!("{key:>10} | {value}").trim_end().to_owned()).collect();
    lines.join("\n")
}

#[test]
fn mistakes_are_explained() {
    let entries = MISTAKES.split("\n\n").filter(|entry| !entry.starts_with('#'));
    let mut count = 0;
    for entry in entries.map(|entry| entry.trim_end_matches('\n')).filter(|entry| !entry.is_empty()) {
        let first = entry.lines().next().unwrap_or_default();
        let (reader, source) = first.split_once('|').expect("an entry begins with its reader");
        let source = source.strip_prefix(' ').unwrap_or(source);
        match read(reader.trim(), source) {
            Ok(tree) => panic!("{source} was accepted: {tree}"),
            Err(error) => assert_eq!(show(reader.trim(), source, &error), entry),
        }
        count += 1;
    }
    assert!(count > 200, "only {count} entries were found");
}

fn looks_cut(source: &str) -> bool {
    parse_arguments(source).is_err_and(|error| error.looks_cut())
}

#[test]
fn what_yaml_cut_is_recognised() {
    for part in ["f(0", "9)", "x == \"a", "Queue(maxsize", "a +", "[Lock() for i in range(5", ""] {
        assert!(looks_cut(part), "{part}");
    }
    for whole in ["f(0)", "a, b", "f(n) for n in xs", "a b", "(1]", "lambda x: x"] {
        assert!(!looks_cut(whole), "{whole}");
    }
}

/// Whatever the input: an answer, and a place that lies in the source.
#[test]
fn every_prefix_and_every_gap_has_an_answer() {
    const READERS: [&str; 9] =
        ["expression", "text", "assignment", "binding", "arguments", "signature", "duration", "targets", "seconds"];
    let source =
        "é = [f'{x!r:>{w}} é' 'a\\n', -1.5e3 ** 2 if not a is not b else {k: xs[1:2]}, 1m30s, q.f(*y, z=0x1F)]";
    let places: Vec<usize> = source.char_indices().map(|(place, _)| place).chain([source.len()]).collect();
    let prefixes = places.iter().map(|end| source[..*end].to_owned());
    let suffixes = places.iter().map(|start| source[*start..].to_owned());
    let gaps = places.windows(2).map(|gap| format!("{}{}", &source[..gap[0]], &source[gap[1]..]));
    for broken in prefixes.chain(suffixes).chain(gaps) {
        for reader in READERS {
            if let Err(error) = read(reader, &broken) {
                assert!(show(reader, &broken, &error).contains('^'));
            }
        }
    }
}
