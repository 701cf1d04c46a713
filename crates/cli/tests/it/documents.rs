//! The document's listings, line by line: the scenario of the same name prints exactly them.
//!
//! `tests/documents/README.md` says what each listing is and how it was prepared.

use timeskip_scenario::Options;

use crate::support::{file, run, scenario, set, with_items_numbered};

fn listing(name: &str) -> String {
    file(&format!("crates/cli/tests/documents/{name}.txt"))
}

/// What a scenario prints under the options, having ended as its file expects.
#[track_caller]
fn printed(name: &str, options: &Options) -> String {
    let ran = run(&scenario(name), options);
    let outcome = ran.outcome;
    assert!(outcome.is_as_expected(), "{name}: {:?} {:?}", outcome.failure, outcome.missed);
    ran.output
}

/// Line by line, so that a difference names its line.
#[track_caller]
fn check_lines(ours: &str, expected: &str) {
    for (number, (ours, expected)) in ours.lines().zip(expected.lines()).enumerate() {
        assert_eq!(ours, expected, "in line {}", number + 1);
    }
    assert_eq!(ours.lines().count(), expected.lines().count(), "{ours}");
}

#[test]
fn these_print_their_listings() {
    for name in ["countasync", "chained", "gather", "task_awaited", "task_forgotten", "task_outlived"] {
        check_lines(&printed(name, &Options::default()), &listing(name));
    }
}

#[test]
fn chained_prints_the_same_as_steps() {
    check_lines(&printed("chained-steps", &Options::default()), &listing("chained"));
}

#[test]
fn countblock_takes_three_seconds() {
    let expected = "One\nTwo\nOne\nTwo\nOne\nTwo\ncountblock.py executed in 3.00 seconds.\n";
    check_lines(&printed("countblock", &Options::default()), expected);
}

/// The arguments change who draws which number, so the file's own expectations do not hold; both forms print the same.
#[test]
fn chained_takes_other_arguments() {
    let expected = "\
first(3) sleeping for 2 seconds.
first(1) sleeping for 7 seconds.
first(2) sleeping for 7 seconds.

Returning first(3)
second(3) sleeping for 2 seconds.
Returning second(3)

-->Chained: 3 => first-3 => second-first-3 (took 4.00 seconds).


Returning first(2)
second(2) sleeping for 6 seconds.

Returning first(1)
second(1) sleeping for 5 seconds.
Returning second(1)

-->Chained: 1 => first-1 => second-first-1 (took 12.00 seconds).

Returning second(2)

-->Chained: 2 => first-2 => second-first-2 (took 13.00 seconds).

Program finished in 13.00 seconds.
";
    let options = set(&[("args", "[3, 1, 2]")]);
    for name in ["chained", "chained-steps"] {
        check_lines(&run(&scenario(name), &options).output, expected);
    }
}

#[test]
fn every_chain_prints_the_same_as_steps() {
    for args in ["[]", "[1]", "[3, 1, 2]", "[5, 5, 5, 5, 5]", "['a', null, 1.5, [2]]"] {
        for seed in 0..20 {
            let options = Options { seed: Some(seed.to_string()), ..set(&[("args", args)]) };
            let by_pattern = run(&scenario("chained"), &options);
            let by_steps = run(&scenario("chained-steps"), &options);
            check_lines(&by_pattern.output, &by_steps.output);
            assert_eq!(by_pattern.outcome.ending, by_steps.outcome.ending);
        }
    }
}

/// The document abridged this listing: its 18 lines stand in this order among our 33.
#[test]
fn makerandom_holds_its_listing() {
    let ours = printed("makerandom", &Options::default());
    let mut lines = ours.lines();
    for expected in listing("makerandom").lines() {
        assert!(lines.any(|line| line == expected), "{expected:?} is missing, or comes too early, in\n{ours}");
    }
    assert_eq!(listing("makerandom").lines().count(), 18);
    assert_eq!(ours.lines().count(), 33);
}

#[test]
fn asyncq_prints_its_listing() {
    let expected = with_items_numbered(&listing("asyncq"));
    assert_eq!(expected.lines().count(), 27);
    for name in ["asyncq", "asyncq-steps"] {
        check_lines(&with_items_numbered(&printed(name, &Options::default())), &expected);
    }
    check_lines(&printed("asyncq", &Options::default()), &printed("asyncq-steps", &Options::default()));
}

#[test]
fn asyncq_items_are_five_bytes_in_hexadecimal() {
    let output = printed("asyncq", &Options::default());
    let items: Vec<&str> =
        output.lines().filter_map(|line| line.split_once("added <")?.1.split_once('>')).map(|pair| pair.0).collect();
    assert_eq!(items.len(), 4);
    for item in items {
        assert!(item.len() == 10 && item.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{item:?}");
    }
}

/// With a cost for each print, the very items of the document, and latencies of its size: they are the only difference.
#[test]
fn asyncq_slow_prints_its_listing_with_latencies() {
    let expected = listing("asyncq")
        .replace("<0b9807dd12> in 0.00000", "<0b9807dd12> in 0.00200")
        .replace("<d67f8f6be5> in 0.00000", "<d67f8f6be5> in 0.00200")
        .replace("<58399ec238> in 0.00000", "<58399ec238> in 0.00200")
        .replace("<9f817e84e4> in 0.00000", "<9f817e84e4> in 0.00100")
        .replace("in 23.00000", "in 23.01000");
    check_lines(&printed("asyncq-slow", &Options::default()), &expected);
}
