//! Expressions whose values are written down, one a line: `EXPRESSION => VALUE`.

use std::fs;
use std::path::PathBuf;

use super::{evaluated, evaluated_by};
use crate::oracle::cpython::CPython;
use crate::support::top_level;

const SEPARATOR: &str = " => ";

/// One file: its lines, of which those that are neither blank nor comments are rows.
struct Table {
    path: PathBuf,
    lines: Vec<String>,
}

impl Table {
    fn rows(&self) -> impl Iterator<Item = (&str, &str)> {
        let rows = self.lines.iter().filter(|line| !line.is_empty() && !line.starts_with('#'));
        rows.map(|row| row.split_once(SEPARATOR).unwrap_or((row, "")))
    }
}

fn tables() -> Vec<Table> {
    let folder = top_level().join("crates/cli/tests/expressions");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    paths.sort();
    let read = |path: &PathBuf| fs::read_to_string(path).expect("it is a text").lines().map(str::to_owned).collect();
    paths.into_iter().map(|path| Table { lines: read(&path), path }).collect()
}

#[test]
fn pinned_expressions_have_cpythons_values() {
    let mut rows = 0;
    let mut different = Vec::new();
    for table in tables() {
        for (expression, expected) in table.rows() {
            let found = evaluated(expression);
            rows += 1;
            if found != expected {
                different.push(format!("{expression}\n    CPython: {expected}\n    found:   {found}"));
            }
        }
    }
    assert!(rows > 400, "the tables are found: {rows} rows");
    assert!(different.is_empty(), "{} of {rows} differ:\n{}", different.len(), different.join("\n"));
}

/// What is written down is what CPython says, and not what somebody believed.
#[test]
fn pinned_values_are_cpythons() {
    let Some(mut cpython) = CPython::start("the pinned values of expressions") else { return };
    if !cpython.is_at_least(3, 13) {
        return cpython.leave("the pinned values of expressions need 3.13");
    }
    for table in tables() {
        let (expressions, pinned): (Vec<String>, Vec<&str>) =
            table.rows().map(|(expression, value)| (expression.to_owned(), value)).unzip();
        let values = evaluated_by(&mut cpython, &expressions);
        if std::env::var_os("UPDATE_EXPRESSIONS").is_none() {
            assert_eq!(pinned, values, "{}: UPDATE_EXPRESSIONS=1 writes it anew", table.path.display());
            continue;
        }
        let mut values = values.iter();
        let mut text = String::new();
        for line in &table.lines {
            if !line.is_empty() && !line.starts_with('#') {
                let expression = line.split_once(SEPARATOR).map_or(line.as_str(), |(expression, _)| expression);
                text.push_str(&format!("{expression}{SEPARATOR}{}", values.next().expect("a value for each row")));
            } else {
                text.push_str(line);
            }
            text.push('\n');
        }
        fs::write(&table.path, text).expect("it can be written");
    }
    cpython.finish("the pinned values of expressions");
}
