//! The tables of CPython's tests name tests of ours that exist.

use std::fs;
use std::path::Path;

use crate::support::top_level;

/// Every source text below a folder.
fn sources(folder: &Path, texts: &mut String) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push_str(&fs::read_to_string(&path).expect("it can be read"));
        }
    }
}

#[test]
fn tables_name_tests_that_exist() {
    let mut texts = String::new();
    for folder in ["crates/executor/tests/it", "crates/cli/tests/it"] {
        sources(&top_level().join(folder), &mut texts);
    }
    let mut names = 0;
    for entry in fs::read_dir(top_level().join("docs/cpython-tests")).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        let table = fs::read_to_string(&path).expect("it can be read");
        let quoted = table.split('`').skip(1).step_by(2);
        for name in quoted.filter_map(|quoted| quoted.split_once("::")).map(|(_, name)| name) {
            let is_test = texts.contains(&format!("#[test]\nfn {name}(")) || !name.contains('_');
            let is_ours = is_test || name.starts_with("from_");
            assert!(is_ours, "{}: no test of ours is called {name}", path.display());
            names += usize::from(is_test);
        }
    }
    assert!(names > 50, "the tables have been read");
}
