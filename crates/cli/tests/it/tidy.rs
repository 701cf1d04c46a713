//! The rules of this project that no compiler and no lint holds.

mod examples;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A file is one idea.
const LONGEST_FILE: usize = 450;
/// A function fits a screen.
const LONGEST_FUNCTION: usize = 70;
/// What a newcomer reads first is short.
const LONGEST_GUIDE: usize = 240;

const CRATES: [&str; 4] = ["executor", "trace", "scenario", "cli"];

fn top_level() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(top_level().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below a folder with one of these endings, as paths from the top level, sorted.
fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(top_level().join(&folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        for entry in entries {
            let entry = entry.expect("a folder can be listed");
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().expect("an entry is a file or a folder").is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// All Rust files of the project.
fn sources() -> Vec<String> {
    [files("crates", &[".rs"]), files("snapshots", &[".rs"])].concat()
}

/// Whether a file below `src` belongs to unit tests.
fn is_test(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    path.contains("/tests/") || file.ends_with("tests.rs") || TEST_FILES.contains(&file)
}

/// The lines of code that a crate ships: no tests, no comments.
fn shipped_lines(name: &str) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for path in files(&format!("crates/{name}/src"), &[".rs"]).into_iter().filter(|path| !is_test(path)) {
        let text = read(&path);
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            lines.push((format!("{path}:{}", number + 1), line.to_owned()));
        }
    }
    lines
}

/// Files that belong to unit tests without saying so in their names.
const TEST_FILES: [&str; 5] = ["testing.rs", "reference.rs", "recorded.rs", "independent.rs", "cases.rs"];

/// Fails with a list, so that everything can be mended at once.
#[track_caller]
fn none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn files_are_short() {
    let texts =
        [sources(), files("crates", &[".py"]), files("scenarios", &[".yaml"]), files("docs", &[".md"])].concat();
    let long = texts.iter().map(|path| (path, read(path).lines().count())).filter(|(_, lines)| *lines > LONGEST_FILE);
    none("a file has too many lines", &long.map(|(path, lines)| format!("{path}: {lines}")).collect::<Vec<_>>());
    for guide in ["README.md", "ARCHITECTURE.md"] {
        let lines = read(guide).lines().count();
        assert!(lines <= LONGEST_GUIDE, "{guide} has {lines} lines");
    }
}

/// rustfmt puts the brace that ends a function below the first letter of its head.
fn function_lengths(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut lengths = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indentation = &line[..line.len() - code.len()];
        let declared = code.strip_prefix("pub(").and_then(|rest| Some(rest.split_once(") ")?.1)).unwrap_or(code);
        let head = declared.split('(').next().unwrap_or_default();
        if !head.split(' ').any(|word| word == "fn") || code.starts_with("//") || line.ends_with(['}', ';']) {
            continue;
        }
        let end = format!("{indentation}}}");
        if let Some(length) = lines[start..].iter().position(|line| *line == end) {
            lengths.push((start + 1, length + 1));
        }
    }
    lengths
}

#[test]
fn functions_fit_a_screen() {
    let mut long = Vec::new();
    for path in sources() {
        let lengths = function_lengths(&read(&path));
        let found = lengths.iter().filter(|(_, lines)| *lines > LONGEST_FUNCTION);
        long.extend(found.map(|(line, lines)| format!("{path}:{line}: {lines}")));
    }
    none("a function has too many lines", &long);
}

#[test]
fn function_lengths_are_measured() {
    let text =
        "impl X {\n    pub(crate) fn a() {\n        b();\n    }\n\n    fn c() {}\n}\n\nfn d(\n    e: F,\n) {\n}\n";
    assert_eq!(function_lengths(text), [(2, 3), (9, 4)]);
}

#[test]
fn nothing_is_left_undone() {
    // Put together here, so that this file does not find itself.
    let banned =
        [["to", "do!("].concat(), ["un", "implemented!("].concat(), ["#[ig", "nore"].concat(), ["db", "g!("].concat()];
    let mut found = Vec::new();
    for path in sources() {
        for (number, line) in read(&path).lines().enumerate() {
            let hits = banned.iter().filter(|word| line.contains(word.as_str()));
            found.extend(hits.map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    none("work is left undone", &found);
}

/// The `timeskip-*` crates under `[dependencies]`: what tests use points where it likes.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = read(&format!("crates/{name}/Cargo.toml"));
    let (_, after) = manifest.split_once("[dependencies]").unwrap_or_else(|| panic!("{name} has dependencies"));
    let section = after.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next()?.strip_prefix("timeskip-"));
    names.map(str::to_owned).collect()
}

#[test]
fn no_arrow_between_crates_goes_back() {
    for (place, name) in CRATES.iter().enumerate() {
        let allowed: BTreeSet<String> = CRATES[..place].iter().map(|&name| name.to_owned()).collect();
        let found = dependencies(name);
        assert!(found.is_subset(&allowed), "{name} depends on {found:?}, may depend on {allowed:?}");
    }
    // What measures and compares is no part of what is shipped: it may depend on all of it, and nothing on it.
    let is_shipped = |path: &&String| !read(path).contains("\npublish = false\n");
    let manifests = files("crates", &["Cargo.toml"]);
    let shipped = manifests.iter().filter(is_shipped);
    let folders: BTreeSet<String> = shipped.filter_map(|path| Some(path.split('/').nth(1)?.to_owned())).collect();
    assert_eq!(folders, CRATES.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>());
}

#[test]
fn only_the_command_line_does_input_and_output() {
    let banned =
        ["std::fs", "std::io", "std::env", "std::net", "std::process", "std::thread::", "print!(", "println!("];
    let mut found = Vec::new();
    for name in CRATES.iter().filter(|name| **name != "cli") {
        for (place, line) in shipped_lines(name) {
            let hits = banned.iter().filter(|word| line.contains(*word));
            // The type of a caught panic lives in that module; it is no thread.
            let hits = hits.filter(|word| **word != "std::thread::" || !line.contains("std::thread::Result"));
            found.extend(hits.map(|word| format!("{place}: {word}")));
        }
    }
    none("a crate below the command line touches the outside world", &found);
}

#[test]
fn unsafe_code_stands_in_one_small_module() {
    let mut homes = BTreeSet::new();
    for name in CRATES {
        for (place, line) in shipped_lines(name) {
            if line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == "unsafe") {
                homes.insert(place.split(':').next().unwrap_or_default().to_owned());
            }
        }
    }
    assert!(!homes.is_empty() && homes.iter().all(|home| home.starts_with("crates/executor/src/raw/")), "{homes:?}");
}

/// The modules that a crate's root declares, those of unit tests aside.
fn declared_modules(name: &str) -> BTreeSet<String> {
    let root = if name == "cli" { "main.rs" } else { "lib.rs" };
    let text = read(&format!("crates/{name}/src/{root}"));
    let lines: Vec<&str> = text.lines().collect();
    let mut modules = BTreeSet::new();
    for (number, line) in lines.iter().enumerate() {
        let is_test = number > 0 && lines[number - 1] == "#[cfg(test)]";
        let declared = ["mod ", "pub mod ", "pub(crate) mod "].iter().find_map(|start| line.strip_prefix(start));
        if let Some(module) = declared.and_then(|rest| rest.strip_suffix(';')).filter(|_| !is_test) {
            modules.insert(module.to_owned());
        }
    }
    modules
}

/// The modules in the tables of the code map, by crate.
fn mapped_modules() -> BTreeMap<String, BTreeSet<String>> {
    let mut map: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in read("ARCHITECTURE.md").lines() {
        if let Some(rest) = line.strip_prefix("### `crates/") {
            current = rest.split('`').next().unwrap_or_default().to_owned();
        } else if line.starts_with('#') {
            current.clear();
        } else if let (false, Some(row)) = (current.is_empty(), line.strip_prefix("| `")) {
            let cell = row.split('|').next().unwrap_or_default();
            let names = cell.split(['`', ',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned);
            map.entry(current.clone()).or_default().extend(names);
        }
    }
    map
}

#[test]
fn the_code_map_is_true() {
    let map = mapped_modules();
    for name in CRATES {
        assert_eq!(map.get(name), Some(&declared_modules(name)), "ARCHITECTURE.md and the root of {name} differ");
    }
}

#[test]
fn every_scenario_says_what_it_shows() {
    let mut found = Vec::new();
    for path in files("scenarios", &[".yaml"]) {
        let text = read(&path);
        let comment = text.lines().take_while(|line| line.starts_with("# ")).count();
        if comment < 2 {
            found.push(format!("{path}: begins with {comment} lines of comment, expected a few"));
        }
        if !text.lines().any(|line| line.starts_with("about: ")) {
            found.push(format!("{path}: has no `about`"));
        }
        if !text.lines().any(|line| line.starts_with("expect:")) {
            found.push(format!("{path}: expects nothing"));
        }
    }
    none("a scenario does not say what it shows", &found);
}
