//! Input that was made to break things: nothing panics, nothing runs for ever, every problem has its place.

use proptest::prelude::*;
use proptest::sample::select;
use timeskip_scenario::report::{Style, render};
use timeskip_scenario::{Options, load};

use crate::support::{scenario, scenario_names, timeskip_with_input};

/// Loads a text, and runs it within small limits if it can be loaded.
fn load_and_run(source: &str) -> Result<(), TestCaseError> {
    match load(source) {
        Err(problems) => {
            prop_assert!(!problems.is_empty());
            for problem in &problems {
                let span = problem.span;
                prop_assert!(span.start <= span.end && span.end as usize <= source.len(), "{problem:?}");
            }
            prop_assert!(!render(&problems, source, "it", Style::Plain).is_empty());
        }
        Ok(scenario) => {
            let mut options = Options { instructions: 10_000, memory: 1_000_000, ..Options::default() };
            options.limits.events = 10_000;
            options.limits.turns_at_one_instant = 1_000;
            options.limits.tasks = 1_000;
            // An unknown case or a seed that is none are answered as well.
            let _ = scenario.run(&options, std::rc::Rc::new(std::cell::RefCell::new(String::new())));
        }
    }
    Ok(())
}

/// What one change does to the lines of a file.
fn changed(source: &str, kind: u8, one: usize, two: usize, text: &str) -> String {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    let (first, second) = (one % lines.len().max(1), two % lines.len().max(1));
    if lines.is_empty() {
        return text.to_owned();
    }
    match kind {
        0 => lines.swap(first, second),
        1 => drop(lines.remove(first)),
        2 => lines.insert(first, lines[second].clone()),
        3 => lines[first] = format!("{}{}", " ".repeat(two % 9), lines[first].trim_start()),
        4 => lines[first] = lines[first].replace(|digit: char| digit.is_ascii_digit(), text),
        5 => lines[first].push_str(text),
        _ => {
            let characters: Vec<char> = lines[first].chars().collect();
            let cut = two % (characters.len() + 1);
            let (before, after) = characters.split_at(cut);
            let rest = &after[usize::from(kind == 6 && !after.is_empty())..];
            lines[first] = before.iter().collect::<String>() + text + &rest.iter().collect::<String>();
        }
    }
    lines.join("\n") + "\n"
}

const TEXTS: [&str; 32] = [
    "",
    "é",
    "日",
    "\t",
    "\u{feff}",
    "\0",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    ": ",
    " #",
    ",",
    "*",
    "&a ",
    "!",
    "%",
    "-",
    "99999999999999999999",
    "0",
    "1e999",
    "true",
    "\\",
    "{{",
    "|",
    "\r\n",
    "---\n",
];

proptest! {
    #[test]
    fn changed_scenarios(
        name in select(scenario_names().into_iter().filter(|name| name != "many_tasks").collect::<Vec<_>>()),
        changes in prop::collection::vec((0..8_u8, any::<usize>(), any::<usize>(), select(&TEXTS[..])), 1..6),
    ) {
        let source = changes
            .iter()
            .fold(scenario(&name), |source, (kind, one, two, text)| changed(&source, *kind, *one, *two, text));
        load_and_run(&source)?;
    }

    #[test]
    fn random_texts(text in ".{0,200}", step in "[ -~é日]{0,60}") {
        load_and_run(&text)?;
        load_and_run(&format!("main:\n  - let: {step}\n  - print: \"{step}\"\n"))?;
        load_and_run(&format!("main:\n  - {step}\n"))?;
    }
}

/// The answer is a problem with a place, at once.
#[track_caller]
fn refused(source: &str, title: &str) {
    let ran = timeskip_with_input(&["run", "-"], source);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with(&format!("error: {title}")), "{}", ran.stderr);
    assert!(ran.stderr.len() < 2_000, "a message fits a screen: {} bytes", ran.stderr.len());
}

#[test]
fn depth_without_end() {
    let many = 100_000;
    let nested = |open: &str, close: &str, count: usize| format!("{}1{}", open.repeat(count), close.repeat(count));
    refused(&format!("params: {{a: {}}}\nmain:\n  - pass:\n", nested("[", "]", many)), "lists and mappings are nested");
    refused(&format!("params: {{a: {}}}\nmain:\n  - pass:\n", "[".repeat(many)), "lists and mappings are nested");
    refused(&format!("params: {}\nmain:\n  - pass:\n", nested("{a: ", "}", many)), "lists and mappings are nested");
    refused(&format!("main:\n  - let: x = {}\n", nested("(", ")", many)), "an expression or text of more than 64 KiB");
    for (open, close) in
        [("(", ")"), ("[", "]"), ("-", ""), ("not ", ""), ("abs(", ")"), ("1 if 1 else ", ""), ("2 ** ", "")]
    {
        let source = format!("main:\n  - let: 'x = {}'\n", nested(open, close, 5_000));
        refused(&source, "");
    }
    let mut steps = String::from("main:\n");
    (0..2_000).for_each(|depth| {
        let blank = "  ".repeat(depth);
        steps.push_str(&format!("{blank}- if: true\n{blank}  do:\n"));
    });
    refused(&steps, "lists and mappings are nested");
}

#[test]
fn one_long_line() {
    let long = "x".repeat(1_000_000);
    refused(&format!("main:\n  - print: \"{long}{{y}}\"\n"), "an expression or text of more than 64 KiB");
    refused(&format!("main:\n  - {long}: 1\n"), "");
    refused(&format!("main:\n  - let: x = {long}\n"), "");
    refused(&format!("# {long}\nmain:\n  - slep: 1s # {long}\n"), "unknown key `slep`");
}
