//! `--repeat` and `--jobs`.

use crate::support::{Process, timeskip, timeskip_with_input};

/// How long it takes is up to the seed.
const PROGRAM: &str = "
random: {python: 3}
main:
  - let: n = randint(0, 1000)
  - sleep: ms(n)
  - print: \"{n}\"
expect:
  - that: result is None
cases:
  - name: later
    seed: 100
";

fn repeat(arguments: &[&str]) -> Process {
    timeskip_with_input(&[&["run", "-", "--repeat"], arguments].concat(), PROGRAM)
}

/// The seeds and the endings, without the digests.
fn columns(ran: &Process) -> Vec<String> {
    let without_digest = |line: &str| {
        let (seed, rest) = line.split_once(' ').expect("a seed");
        let (digest, ending) = rest.split_once(' ').expect("a digest");
        assert_eq!(digest.len(), 16, "{line}");
        format!("{seed} {ending}")
    };
    ran.stdout.lines().map(without_digest).collect()
}

#[test]
fn seeds_count_up_from_the_first() {
    let ran = repeat(&["3"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let alone = |seed: &str| timeskip_with_input(&["run", "-", "--seed", seed], PROGRAM).stderr;
    let expected: Vec<String> =
        ["3", "4", "5"].map(|seed| format!("{seed} {}", alone(seed).trim().trim_start_matches("-- "))).into();
    assert_eq!(columns(&ran), expected);
    assert!(columns(&repeat(&["1", "--case", "later"]))[0].starts_with("100 "));
    assert!(columns(&repeat(&["2", "--seed=-1"]))[1].starts_with("0 "));
}

#[test]
fn lines_are_the_same_for_any_number_of_jobs() {
    let expected = repeat(&["100", "--jobs", "1"]);
    assert_eq!(expected.stdout.lines().count(), 100);
    for jobs in ["2", "3", "16", "1000"] {
        assert_eq!(repeat(&["100", "-j", jobs]).stdout, expected.stdout, "with {jobs} jobs");
    }
}

#[test]
fn a_digest_is_of_what_the_run_does() {
    let digest = |arguments: &[&str]| repeat(arguments).stdout.split(' ').nth(1).map(str::to_owned);
    let output = digest(&["1"]);
    assert_eq!(digest(&["1"]), output);
    assert_eq!(digest(&["1", "--seed", "-3"]), output, "CPython seeds with the absolute value");
    assert_ne!(digest(&["1", "--seed", "4"]), output);
    assert_ne!(digest(&["1", "--view", "trace"]), output);
}

#[test]
fn one_unexpected_run_makes_the_exit_code() {
    let program = PROGRAM.replace("result is None", "now() < 0.9");
    let ran = timeskip_with_input(&["run", "-", "--repeat", "60"], &program);
    assert_eq!(ran.code, 1);
    let unexpected = ran.stdout.lines().filter(|line| line.ends_with(", not as expected")).count();
    assert!((1..60).contains(&unexpected), "{}", ran.stdout);
    assert!(ran.stderr.contains(&format!("{unexpected} of 60 runs did not end as expected")), "{}", ran.stderr);
}

#[test]
fn jobs_need_runs_and_seeds_need_room() {
    assert_eq!(timeskip(&["run", "scenarios/hello.yaml", "-j", "2"]).code, 2);
    let none = repeat(&["0"]);
    assert!(
        none.code == 2 && none.stderr.contains("'0' for '--repeat <N>': expected a whole number"),
        "{}",
        none.stderr
    );
    let ran = repeat(&["2", "--seed", "123456789012345678901234567890"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("an integer of 64 bits"), "{}", ran.stderr);
    assert_eq!(repeat(&["2", "--set", "x=1"]).code, 2);
}
