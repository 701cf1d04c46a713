//! The limits of a run, as `timeskip run --help` lists them, and those of a file, as its messages name them.

use super::code;
use crate::support::{file, timeskip, timeskip_with_input};

/// The options under `Limits:`, as a table.
pub(super) fn table() -> String {
    let help = timeskip(&["run", "--help"]).stdout;
    let (_, limits) = help.split_once("\nLimits:\n").expect("the limits have a heading of their own");
    let mut table = String::from("| option | bounds | unless changed |\n|---|---|---|\n");
    for option in limits.split("      --").skip(1) {
        let (name, said) = option.split_once(" <").expect("each limit takes a value");
        let (_, said) = said.split_once(">\n").expect("what it bounds stands below");
        let said = said.split_whitespace().collect::<Vec<&str>>().join(" ");
        let (bounds, default) = said.split_once(" [default: ").expect("each limit has a default");
        let default = readable(default.trim_end_matches(']'));
        table.push_str(&format!("| {} | {bounds} | {default} |\n", code(&format!("--{name}"))));
    }
    table
}

/// A round number in words.
fn readable(default: &str) -> String {
    let in_words = |number: &str, length: u64, word: &str| {
        let number = number.parse::<u64>().ok().filter(|number| number.is_multiple_of(length));
        number.map(|number| format!("{} {word}", number / length))
    };
    let years = default.strip_suffix('h').and_then(|hours| in_words(hours, 365 * 24, "years"));
    let count = || in_words(default, 1 << 30, "GiB").or_else(|| in_words(default, 1_000_000, "million"));
    years.or_else(count).unwrap_or_else(|| default.to_owned())
}

/// What is refused names its bound, and the page names it, too.
#[track_caller]
fn check_bound(expression: &str, said: &str, documented: &str) {
    let source = format!("main:\n  - let: 'x = {expression}'\n");
    let refused = timeskip_with_input(&["run", "-"], &source).stderr;
    assert!(refused.contains(said), "expected {said}: {refused}");
    assert!(file("docs/runs.md").contains(documented), "docs/runs.md says nothing of {documented}");
}

#[test]
fn bounds_of_expressions_are_documented() {
    check_bound(&"-".repeat(200), "more than 128 levels", "128 levels");
    check_bound(&"1".repeat(100_000), "more than 64 KiB", "64 KiB");
    check_bound(&format!("[{}]", "1,".repeat(30_000)), "at most 20000", "20,000 parts");
}
