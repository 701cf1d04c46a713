//! The scenario files are ordinary YAML: `serde_yaml`, which shares no code with our reader, sees the same Specs.

use std::path::Path;

use super::*;
use crate::yaml::{self, independent};

/// The text of every scenario file, by its name.
fn scenarios() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let yaml = paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    let read = |path: std::path::PathBuf| std::fs::read_to_string(&path).expect("it can be read");
    let mut files: Vec<_> = yaml.map(|path| (path.display().to_string(), read(path))).collect();
    files.sort();
    files
}

#[track_caller]
fn spec(name: &str, node: &Node) -> Spec {
    let Decoded { spec, problems, .. } = decode(node, "");
    assert_eq!(problems, [], "{name}");
    spec
}

#[test]
fn every_scenario_is_ordinary_yaml() {
    let files = scenarios();
    assert!(files.len() >= 20, "{} scenarios", files.len());
    for (name, text) in files {
        let theirs = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let theirs = spec(&name, &independent::from_serde_yaml(&theirs));
        let node = yaml::parse(&text).unwrap_or_else(|problem| panic!("{name}: {}", problem.title));
        assert_eq!(spec(&name, &independent::normalised(&node)), theirs, "{name}");
        // Nothing is lost by writing a plain scalar as the other reader does, but for the spelling of some numbers.
        let Decoded { spec: ours, problems, .. } = decode(&node, &text);
        assert_eq!(problems, [], "{name}");
        assert_eq!(ours, theirs, "{name}");
    }
}
