//! What the command line says about files that are wrong, and about programs that go wrong: `tests/bad/NAME.yaml` and,
//! whole, what is said about it in `NAME.txt`.
//!
//! A first line `# options: ..` gives the run options. Files called `run-..` are loaded and fail in the run (exit code 1);
//! all others are refused (exit code 2). `UPDATE_BAD_INPUT=1` writes the texts anew: read the difference.

mod hostile;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::support::{Process, command, top_level};

fn folder() -> PathBuf {
    top_level().join("crates/cli/tests/bad")
}

/// The files of the folder with this extension, without it.
fn names(extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned());
    names.filter_map(|name| name.strip_suffix(extension).map(str::to_owned)).collect()
}

fn run_file(name: &str) -> Process {
    let bytes = fs::read(folder().join(format!("{name}.yaml"))).expect("it can be read");
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let options = source.lines().next().and_then(|line| line.strip_prefix("# options: ")).unwrap_or_default();
    let file = format!("{name}.yaml");
    let arguments: Vec<&str> = ["run", file.as_str()].into_iter().chain(options.split_whitespace()).collect();
    command(&arguments).current_dir(folder()).output().expect("the binary is there").into()
}

fn check(name: &str, different: &mut Vec<String>) {
    let ran = run_file(name);
    // A failed task that nobody awaited is a warning, as in CPython: the run itself finishes.
    let code = match (name.strip_prefix("run-"), ran.stderr.starts_with("warning")) {
        (None, _) => 2,
        (Some(_), false) => 1,
        (Some(_), true) => 0,
    };
    assert_eq!(ran.code, code, "{name}: {}", ran.stderr);
    assert!(code != 2 || ran.stdout.is_empty(), "{name} prints nothing: {}", ran.stdout);
    assert!(code != 2 || ran.stderr.contains(&format!("--> {name}.yaml:")), "{name}: where? {}", ran.stderr);
    let path = folder().join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_BAD_INPUT").is_some() {
        fs::write(path, &ran.stderr).expect("it can be written");
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected != ran.stderr {
        different.push(format!("==== {name}: expected\n{expected}\n---- found\n{}", ran.stderr));
    }
}

#[test]
fn messages() {
    let mut different = Vec::new();
    let files = names(".yaml");
    files.iter().for_each(|name| check(name, &mut different));
    assert!(files.len() > 50, "the files are found");
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert_eq!(files, names(".txt"), "each file has its message, each message its file");
}
