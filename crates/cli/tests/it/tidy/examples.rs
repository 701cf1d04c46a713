//! Every public item has an example that asserts.

use super::{CRATES, files, is_test, none, read};

/// What may follow `pub `. A module has its own head; a field and a variant belong to the example of their type.
const KINDS: [&str; 10] = ["fn", "const", "async", "struct", "enum", "union", "trait", "type", "static", "unsafe"];

/// The public items of a file whose doc comments lack an example that asserts: the numbers and text of their lines.
///
/// Public is what begins with `pub `: the lint `unreachable_pub` sees to it that this can be reached from outside. An
/// example is a plain code block, which rustdoc compiles and runs, with an `assert` in it.
fn without_example(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut doc = Vec::new();
    let mut in_attribute = false;
    for (number, line) in text.lines().map(str::trim).enumerate() {
        if let Some(words) = line.strip_prefix("///") {
            doc.push(words.trim());
        } else if in_attribute || line.starts_with("#[") {
            in_attribute = !line.ends_with(']');
        } else {
            let kind = line.strip_prefix("pub ").and_then(|rest| rest.split([' ', '(', '<']).next());
            if kind.is_some_and(|kind| KINDS.contains(&kind)) && !asserts(&doc) {
                found.push((number + 1, line));
            }
            doc.clear();
        }
    }
    found
}

fn asserts(doc: &[&str]) -> bool {
    // What stands in the opening fence's own line says that rustdoc does not run the code, or runs it otherwise.
    let mut fence = None;
    for line in doc {
        if line.starts_with("```") {
            fence = fence.is_none().then_some(*line);
        } else if fence == Some("```") && line.contains("assert") {
            return true;
        }
    }
    false
}

#[test]
fn finds_what_has_no_example() {
    let text = "
/// Is used so.
///
/// ```text
/// a drawing
/// ```
///
/// ```
/// assert!(true);
/// ```
#[derive(Clone)]
pub struct Good;

/// Says nothing more.
#[allow(
    dead_code,
    reason = \"long\"
)]
pub const fn bare() {}

impl Good {
    /// ```
    /// let shows = \"and claims nothing\";
    /// ```
    pub fn idle(&self) {}

    /// ```text
    /// assert!(false);
    /// ```
    pub fn not_run(&self) {}

    pub(crate) fn inside(&self) {}

    /// Speaks of `assert`.
    pub type Spoken = ();

    pub field: u32,
}

/// Has its own head.
pub mod other;
";
    let names =
        ["pub const fn bare() {}", "pub fn idle(&self) {}", "pub fn not_run(&self) {}", "pub type Spoken = ();"];
    assert_eq!(without_example(text).into_iter().map(|(_, line)| line).collect::<Vec<_>>(), names);
}

#[test]
fn every_public_item_has_an_example_that_asserts() {
    let mut missing = Vec::new();
    // The command line is no library: nothing of it can be called.
    for name in CRATES.iter().filter(|name| **name != "cli") {
        for path in files(&format!("crates/{name}/src"), &[".rs"]).into_iter().filter(|path| !is_test(path)) {
            let text = read(&path);
            missing.extend(without_example(&text).iter().map(|(number, line)| format!("{path}:{number}: {line}")));
        }
    }
    none("a public item has no example that asserts", &missing);
}
