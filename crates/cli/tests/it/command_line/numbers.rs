//! Every option that takes a number says what it expects, in the same words.

use crate::support::timeskip;

#[track_caller]
fn check(option: &str, refused: &str) {
    let ran = timeskip(&["run", "scenarios/hello.yaml", "--repeat", "1", option, refused]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{option} {refused}: {}", ran.stderr);
    let start = format!("error: invalid value '{refused}' for '{option} <");
    assert!(ran.stderr.starts_with(&start), "{option} {refused}: {}", ran.stderr);
    assert!(ran.stderr.contains(">': expected a whole number from 1 to "), "{option} {refused}: {}", ran.stderr);
}

#[test]
fn what_is_no_number_of_things_is_refused() {
    for option in ["--max-events", "--max-turns", "--max-tasks", "--max-memory", "--max-instructions", "--jobs"] {
        for refused in ["0", "-1", "1K", "1.5", "1_000", "", "99999999999999999999"] {
            check(option, refused);
        }
    }
}

#[test]
fn repeat_counts_in_32_bits() {
    let ran = timeskip(&["run", "scenarios/hello.yaml", "--repeat", "4294967296"]);
    assert!(ran.stderr.contains(": expected a whole number from 1 to 4294967295, in digits\n"), "{}", ran.stderr);
}
