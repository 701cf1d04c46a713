//! Expressions, evaluated by a program's own steps, beside what CPython makes of them.
//!
//! `tests/expressions/*.txt` pins some hundred by class; `generated` makes up thousands where a `python3` is found.
//! `UPDATE_EXPRESSIONS=1` with a CPython of 3.13 writes the pinned values anew.

mod generated;
mod generator;
mod pinned;

use timeskip_scenario::Options;

use crate::oracle::cpython::CPython;
use crate::support::run;

/// What every expression finds, in what both languages read.
const VARIABLES: [&str; 13] = [
    "a = 3",
    "b = -7",
    "z = 0",
    "x = 2.5",
    "s = 'Hello, world'",
    "e = ''",
    "u = 'naïve 日本 ß'",
    "xs = [3, 1, 2, 1]",
    "ys = ['b', 'a', 'ab']",
    "t = (1, 'one', None)",
    "d = {'k': 1, 2: 'two', (1, 2): [3]}",
    "n = [[1, 2], [3], []]",
    "f = False",
];

/// A text as a scalar of YAML in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The `repr` of an expression's value, or of the exception that it raises, in a program of its own.
#[track_caller]
fn evaluated(expression: &str) -> String {
    let mut program = String::from("main:\n");
    for variable in VARIABLES {
        program.push_str(&format!("  - let: {}\n", quoted(variable)));
    }
    program.push_str(&format!("  - try:\n      - let: {}\n", quoted(&format!("value = {expression}"))));
    program.push_str("      - print: '{value!r}'\n");
    program.push_str("    except:\n      - as: error\n        do:\n          - print: 'raises {error!r}'\n");
    let output = run(&program, &Options::default()).output;
    output.strip_suffix('\n').unwrap_or(&output).to_owned()
}

/// The same from CPython, for each of them.
fn evaluated_by(cpython: &mut CPython, expressions: &[String]) -> Vec<String> {
    let literal = |value: &serde_json::Value| value.to_string();
    let variables = literal(&VARIABLES.join("\n").into());
    let source = format!("import expressions\nexpressions.show({variables}, {})", literal(&expressions.into()));
    let answer = cpython.run(&source, "fifo", 0);
    assert_eq!(answer.ending, "finished", "{expressions:?}");
    answer.output.lines().map(str::to_owned).collect()
}
