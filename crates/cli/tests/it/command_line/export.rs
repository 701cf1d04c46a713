//! `timeskip export python` on the command line.

use crate::support::{timeskip, timeskip_with_input};

#[test]
fn help() {
    insta::assert_snapshot!(timeskip(&["export", "python", "--help"]).stdout, @r#"
    Prints the scenario as a plain asyncio program for CPython 3.11 or later

    Usage: timeskip export python [OPTIONS] <FILE>

    Arguments:
      <FILE>
              The scenario file; `-` reads standard input

    Options:
          --seed <N>
              Replaces the seed of the file's random numbers

          --ties <RULE>
              Replaces the order of timers with equal deadlines

              Possible values:
              - fifo:   Scheduled first, fires first
              - lifo:   Scheduled last, fires first
              - heapq:  As CPython's heap yields them
              - seeded: In an order drawn from the seed

          --set <NAME=VALUE>
              Replaces a param of the file; VALUE is read as YAML. May be given several times

          --case <NAME>
              Takes one of the file's cases

      -h, --help
              Print help (see a summary with '-h')
    "#);
}

#[test]
fn options_are_written_in() {
    let source = "\
random: {python: 1}
params: {n: 1}
main:
  - print: \"{n} {randint(1, 6)}\"
cases:
  - name: more
    set: {n: 2}
    seed: 3
";
    let exported = |options: &[&str]| {
        let process = timeskip_with_input(&[&["export", "python", "-"], options].concat(), source);
        assert_eq!((process.code, process.stderr.as_str()), (0, ""));
        process.stdout
    };
    assert!(exported(&[]).contains("\nn = 1\nrandom.seed(1)\n"));
    assert!(exported(&["--case", "more"]).contains("\nn = 2\nrandom.seed(3)\n"));
    let replaced = exported(&["--seed", "-12345678901234567890", "--set", "n=[1.5, \"x\", null, {a: true}]"]);
    assert!(replaced.contains("\nn = [1.5, \"x\", None, {\"a\": True}]\nrandom.seed(-12345678901234567890)\n"));
    assert!(exported(&["--ties", "lifo"]).contains("by the rule `lifo`, CPython by `heapq`"));
    assert!(!exported(&["--ties", "heapq"]).contains("heapq"));
}

#[test]
fn what_python_cannot_say_is_refused() {
    let source = "random: {chacha: 1}\nmain:\n  - let: n = 1\n  - sleep: seconds(n + randint(0, 9))\n";
    let process = timeskip_with_input(&["export", "python", "-"], source);
    assert_eq!((process.code, process.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(process.stderr, @r#"
    error: `randint` draws from `chacha`, which Python does not have
     --> standard input:4:24
      |
    4 |   - sleep: seconds(n + randint(0, 9))
      |                        ^^^^^^^ a program in Python would draw other numbers
      |
    help: choose Python's own generator: `random: {python: 1}`
    "#);
    let process = timeskip_with_input(&["export", "python", "-", "--set", "n=1"], source);
    assert_eq!((process.code, process.stderr.as_str()), (2, "error: no param `n` to set; known: none\n"));
}
