//! What the documentation shows is what happens.
//!
//! - ```` ```console ````: each line `$ timeskip ..` (or `$ cargo run --release -- ..`) is run at the top level, and what
//!   follows it is what it prints, standard output first. A line `...` stands for any lines, `$ echo $?` shows the
//!   exit code. `$ cargo test` is not run from within itself.
//! - ```` ```yaml ````: a whole scenario is checked; with ```` ```text ```` right below it is run, and prints that.
//! - a table headed `expression | value`: each expression has that value, or raises that.
//! - between `<!-- keys: NAME -->` or `<!-- steps -->` and `<!-- end -->`: made from the parser's own tables; below
//!   `<!-- limits -->` from what `timeskip run --help` says.
//!   `UPDATE_DOCS=1 cargo test --test it documentation` writes them anew.

mod limits;

use std::fs;

use serde_json::Value;

use crate::support::{Process, file, scenario_names, timeskip, timeskip_with_input, top_level};

const PAGES: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "docs/scenarios.md",
    "docs/expressions.md",
    "docs/runs.md",
    "docs/traces.md",
    "docs/export.md",
];

/// A fenced block.
struct Block {
    language: String,
    lines: Vec<String>,
    /// The line of its first line in the page.
    line: usize,
    /// Whether nothing but a blank line stands between it and the block before.
    follows: bool,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let mut follows = false;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                open = Some(Block { language: language.to_owned(), lines: Vec::new(), line: number + 2, follows });
            }
            (Some(_), Some(_)) => {
                blocks.extend(open.take());
                follows = true;
            }
            (Some(block), None) => block.lines.push(line.to_owned()),
            (None, None) => follows &= line.trim().is_empty(),
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// What a process printed, as a terminal shows it: the output is written before anything else is said.
fn shown(process: &Process) -> Vec<String> {
    let both = [process.stdout.as_str(), process.stderr.as_str()].concat();
    both.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// Whether the lines are the expected ones, in which `...` stands for any lines.
fn fits(expected: &[String], found: &[String]) -> bool {
    match expected {
        [] => found.is_empty(),
        [dots, rest @ ..] if dots == "..." => (0..=found.len()).any(|start| fits(rest, &found[start..])),
        [first, rest @ ..] => found.first() == Some(first) && fits(rest, &found[1..]),
    }
}

#[track_caller]
fn check_shown(place: &str, expected: &[String], found: &[String]) {
    let expected: Vec<String> = expected.iter().map(|line| line.trim_end().to_owned()).collect();
    assert!(fits(&expected, found), "{place} shows\n{}\n\nfound\n{}\n", expected.join("\n"), found.join("\n"));
}

/// The words of a command, where only single quotes quote.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in command.split('\'').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

fn check_console(place: &str, lines: &[String]) {
    let mut code = 0;
    let mut rest = lines;
    while let Some((command, after)) = rest.split_first() {
        let command = command.strip_prefix("$ ").unwrap_or_else(|| panic!("{place}: expected `$ `, found {command}"));
        let length = after.iter().position(|line| line.starts_with("$ ")).unwrap_or(after.len());
        let (expected, next) = after.split_at(length);
        rest = next;
        let arguments = ["timeskip ", "cargo run --release -- "].iter().find_map(|start| command.strip_prefix(start));
        match (arguments, command) {
            (Some(arguments), _) => {
                let arguments = words(arguments);
                let process = timeskip(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
                code = process.code;
                check_shown(&format!("{place}: {command}"), expected, &shown(&process));
            }
            (None, "echo $?") => check_shown(place, expected, &[code.to_string()]),
            (None, other) => assert!(other.starts_with("cargo "), "{place}: who runs `{other}`?"),
        }
    }
}

#[test]
fn commands_print_what_is_shown() {
    let mut commands = 0;
    for page in PAGES {
        for block in blocks(&file(page)).iter().filter(|block| block.language == "console") {
            check_console(&format!("{page}:{}", block.line), &block.lines);
            commands += 1;
        }
    }
    assert!(commands > 0, "the pages show commands");
}

#[test]
fn scenarios_load_and_print_what_is_shown() {
    let mut scenarios = 0;
    for page in PAGES {
        let blocks = blocks(&file(page));
        for (number, block) in blocks.iter().enumerate().filter(|(_, block)| block.language == "yaml") {
            let source = block.lines.join("\n") + "\n";
            let place = format!("{page}:{}", block.line);
            let output = blocks.get(number + 1).filter(|next| next.follows && next.language == "text");
            match output {
                Some(output) => {
                    check_shown(&place, &output.lines, &shown(&timeskip_with_input(&["run", "-"], &source)));
                }
                None => check_shown(&place, &[], &shown(&timeskip_with_input(&["lint", "-"], &source))),
            }
            scenarios += 1;
        }
    }
    assert!(scenarios > 0, "the pages show scenarios");
}

/// The cells of a table's row, without their backticks.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{0}");
    row.split('|').map(|cell| cell.trim().trim_matches('`').trim().replace('\u{0}', "|")).collect()
}

/// The value of an expression as `repr` shows it, or the exception that it raises.
fn evaluate(expression: &str) -> String {
    let quoted = expression.replace('\'', "''");
    let source = format!("random: {{python: 1}}\nmain:\n  - return: '{quoted}'\nafter:\n  - print: \"{{result!r}}\"\n");
    let process = timeskip_with_input(&["run", "-"], &source);
    match process.stderr.lines().last().and_then(|line| line.split_once(" s: main: ")) {
        Some((_, exception)) => exception.to_owned(),
        None => shown(&process).first().cloned().unwrap_or_default(),
    }
}

#[test]
fn expressions_have_the_values_shown() {
    let mut rows = 0;
    for page in PAGES {
        let text = file(page);
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if cells(line).starts_with(&["expression".to_owned(), "value".to_owned()]) {
                for row in lines.by_ref().skip(1).take_while(|row| row.starts_with('|')) {
                    let cells = cells(row);
                    assert_eq!(evaluate(&cells[0]), cells[1], "{page}: {row}");
                    rows += 1;
                }
            }
        }
    }
    assert!(rows > 0, "the pages show expressions");
}

/// The names in a table of the source, from the line that opens it to the line that closes it.
fn names_between(path: &str, open: &str) -> Vec<String> {
    let text = file(path);
    let (_, table) = text.split_once(open).unwrap_or_else(|| panic!("{path} has {open}"));
    let table = table.split("\n    }\n").next().and_then(|table| table.split("\n}\n").next()).unwrap_or_default();
    let names = table.split(" = \"").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(str::to_owned).collect()
}

#[test]
fn every_name_of_the_language_is_documented() {
    let page = file("docs/expressions.md");
    let source = |path: &str| format!("crates/scenario/src/{path}");
    let called = [
        names_between(&source("value/builtins/mod.rs"), "\nbuiltins! {"),
        names_between(&source("code/names.rs"), "RunFunction {"),
        names_between(&source("code/names.rs"), "Constructor {"),
    ];
    let methods = [
        names_between(&source("value/methods/mod.rs"), "\nmethods! {"),
        names_between(&source("code/names.rs"), "ObjectMethod {"),
    ];
    let kinds = file(&source("value/kind.rs"));
    let (_, kinds) = kinds.split_once("\nkinds! {").expect("the table is there");
    let kinds = kinds.split("\n}\n").next().unwrap_or_default().lines().filter(|line| line.ends_with(';'));
    let kinds: Vec<&str> = kinds.filter_map(|line| line.trim().split([':', ',', ';']).next()).collect();
    assert!(called.concat().len() > 40 && methods.concat().len() > 40 && kinds.len() > 30, "the tables are found");
    let missing: Vec<String> = called
        .concat()
        .iter()
        .map(|name| format!("`{name}("))
        .chain(methods.concat().iter().map(|name| format!("`{name}(")))
        .chain(kinds.iter().map(|name| format!("`{name}`")))
        .filter(|written| !page.contains(written.as_str()))
        .collect();
    assert!(missing.is_empty(), "docs/expressions.md says nothing of {missing:?}");
}

/// A description of the schema: the sentence and the example.
fn described(value: &Value) -> (String, String) {
    let text = value["description"].as_str().unwrap_or_default();
    match text.split_once(" Example: `") {
        Some((meaning, example)) => (meaning.to_owned(), example.trim_end_matches('`').to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

fn properties(shape: &Value) -> Vec<(String, &Value)> {
    let properties = shape["properties"].as_object().expect("a mapping has keys");
    properties.iter().map(|(name, value)| (name.clone(), value)).collect()
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// The keys of one shape, as a table.
fn keys_table(shape: &Value) -> String {
    let needed: Vec<&str> = shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut table = String::from("| key | meaning | example |\n|---|---|---|\n");
    for (name, value) in properties(shape) {
        let (meaning, example) = described(value);
        let need = if needed.contains(&name.as_str()) { " (needed)" } else { "" };
        table.push_str(&format!("| `{name}`{need} | {} | {} |\n", meaning.replace('|', "\\|"), code(&example)));
    }
    table
}

/// Shapes told by their first key, as a table.
fn variants_table(schema: &Value, definitions: &[Value]) -> String {
    let mut table = String::from("| key | meaning | example | beside it |\n|---|---|---|---|\n");
    for reference in definitions {
        let pointer = reference["$ref"].as_str().expect("a variant is a reference").trim_start_matches('#');
        let shape = schema.pointer(pointer).expect("a reference leads somewhere");
        let properties = properties(shape);
        let (name, value) = &properties[0];
        let (meaning, example) = (described(shape).0, described(value).1);
        let others = properties[1..].iter().map(|(name, value)| format!("`{name}`: {}", described(value).0));
        let others = others.collect::<Vec<String>>().join(" ");
        table.push_str(&format!("| `{name}` | {meaning} | {} | {others} |\n", code(&example)));
    }
    table
}

/// The table that belongs under a marker.
fn table_of(schema: &Value, marker: &str) -> String {
    let variants = |list: &Value| variants_table(schema, list.as_array().expect("alternatives are a list"));
    match marker {
        "steps" => variants(&schema["$defs"]["step"]["oneOf"]),
        "expectations" => variants(&schema["properties"]["expect"]["items"]["oneOf"]),
        "limits" => limits::table(),
        "keys: scenario" => keys_table(schema),
        _ => keys_table(&schema["$defs"][marker.trim_start_matches("keys: ")]),
    }
}

/// A page with its generated tables as they should be, and how many there are.
fn with_tables(page: &str, schema: &Value) -> (String, usize) {
    let mut written = String::new();
    let mut rest = page;
    let mut tables = 0;
    while let Some((before, after)) = rest.split_once("<!-- ") {
        let (marker, after) = after.split_once(" -->\n").expect("a marker stands on a line of its own");
        let (_, after) = after.split_once("<!-- end -->").unwrap_or_else(|| panic!("{marker} has no end"));
        written.push_str(&format!("{before}<!-- {marker} -->\n{}<!-- end -->", table_of(schema, marker)));
        rest = after;
        tables += 1;
    }
    written.push_str(rest);
    (written, tables)
}

#[test]
fn the_reference_says_what_the_parser_reads() {
    let schema = timeskip_scenario::schema();
    let mut tables = 0;
    for page in PAGES {
        let text = file(page);
        let (written, found) = with_tables(&text, &schema);
        tables += found;
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(top_level().join(page), &written).expect("the page can be written");
        } else {
            assert!(written == text, "{page} differs from the parser's tables: UPDATE_DOCS=1 writes it anew");
        }
    }
    let shapes = schema["$defs"].as_object().expect("definitions are an object");
    // Steps share one table and so do expectations; the definitions `step` and each of theirs are in those two. The
    // top level and the limits are no definitions.
    let single =
        shapes.keys().filter(|name| *name != "step" && !name.starts_with("step-") && !name.starts_with("expect-"));
    assert_eq!(
        tables,
        single.count() + 4,
        "each shape of the grammar has its table, and so have the top level and the limits"
    );
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in PAGES {
        let folder = top_level().join(page).parent().map(std::path::Path::to_path_buf).unwrap_or_default();
        let text = file(page);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !link.is_empty() && !link.contains("://") && !folder.join(link).exists() {
                broken.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere: {broken:#?}");
}

#[test]
fn the_readme_names_every_scenario() {
    let readme = file("README.md");
    let missing: Vec<String> =
        scenario_names().into_iter().filter(|name| !readme.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "README.md says nothing of {missing:?}");
}
