//! What the command line says to people.

use crate::support::timeskip;

fn said(arguments: &[&str]) -> String {
    let ran = timeskip(arguments);
    ran.stdout + &ran.stderr
}

#[test]
fn help() {
    insta::assert_snapshot!(said(&["--help"]), @r#"
    Runs asyncio-style programs on a virtual clock: where a task would sleep, time skips

    Usage: timeskip <COMMAND>

    Commands:
      run     Runs a scenario and prints what it prints
      lint    Checks scenario files without running them, and lists all their problems
      expand  Prints a scenario whose pattern is written out as the program it stands for
      export  Prints a scenario as a program in another language
      schema  Prints the JSON Schema of scenario files, for editors
      help    Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version
    "#);
    insta::assert_snapshot!(said(&["lint", "--help"]), @r#"
    Checks scenario files without running them, and lists all their problems

    Usage: timeskip lint <FILE>...

    Arguments:
      <FILE>...  The scenario files; `-` reads standard input

    Options:
      -h, --help  Print help
    "#);
}

/// The help of `run`, and what stands below its heading of the limits.
fn help_of_run_with_limits() -> (String, String) {
    let help = said(&["run", "--help"]);
    let (before, limits) = help.split_once("Limits:\n").expect("they have a heading");
    (before.to_owned(), limits.to_owned())
}

#[test]
fn help_of_run() {
    insta::assert_snapshot!(help_of_run_with_limits().0, @r#"
    Runs a scenario and prints what it prints

    Usage: timeskip run [OPTIONS] <FILE>

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

          --view <VIEW>
              What to print: the program's output, every event, or every event as JSON

              Possible values:
              - output: What the program prints
              - trace:  A line for every event: time, task, what happened
              - jsonl:  The same as JSON Lines
              
              [default: output]

          --repeat <N>
              Runs it N times, with seeds that count up, and prints a line for each: the seed, a digest
              of the run, its end

      -j, --jobs <J>
              How many of the repeated runs go on at once; the lines are the same for any number
              [default: one per core]

      -h, --help
              Print help (see a summary with '-h')

    "#);
}

#[test]
fn help_of_the_limits() {
    insta::assert_snapshot!(help_of_run_with_limits().1, @r#"
          --max-events <N>
              What the event loop runs: steps of tasks, callbacks, and timers that fire. A sleep is two:
              its timer, and the step behind it
              
              [default: 100000000]

          --max-turns <N>
              Turns in a row without time moving
              
              [default: 1000000]

          --max-time <DURATION>
              Virtual time, with a unit; 146 years at most
              
              [default: 87600h]

          --max-tasks <N>
              Tasks alive at once
              
              [default: 1000000]

          --max-memory <BYTES>
              Bytes of the program's own values, by a measure that is the same on every machine
              
              [default: 1073741824]

          --max-instructions <N>
              Instructions that one step of a task may run
              
              [default: 50000000]
    "#);
}

#[test]
fn unknown_names_list_the_known_ones() {
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--set", "nproc=3"]), @"error: no param `nproc` to set; known: nprod, ncon");
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--case", "busy"]), @"error: no case `busy`; known: none");
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--ties", "random"]), @r#"
    error: invalid value 'random' for '--ties <RULE>'
      [possible values: fifo, lifo, heapq, seeded]

    For more information, try '--help'.
    "#);
}

#[test]
fn values_that_cannot_be_read() {
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--set", "nprod"]), @r#"
    error: invalid value 'nprod' for '--set <NAME=VALUE>': expected NAME=VALUE

    For more information, try '--help'.
    "#);
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--set", "nprod=007"]), @"error: the value of `nprod`: an integer with leading zeros, Python does not allow them");
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--set", "nprod=[1, 5y]"]), @"error: the value of `nprod`: `y` is not a unit of time, expected one of `h`, `m`, `s`, `ms`, `us` and `ns`");
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--set", "nprod=-.inf"]), @"error: the value of `nprod`: `-.inf` is no value, expected a number, a duration, true, false, null or a quoted text");
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--set", "nprod=[1"]), @r#"
    error: invalid value 'nprod=[1' for '--set <NAME=VALUE>': this bracket is never closed: opened here

    For more information, try '--help'.
    "#);
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--seed", "1x"]), @"error: a seed is an integer, such as 444");
    insta::assert_snapshot!(said(&["run", "scenarios/asyncq.yaml", "--max-time", "5"]), @r#"
    error: invalid value '5' for '--max-time <DURATION>': a duration without unit: missing unit; write `5s` or `5ms`; units are `h`, `m`, `s`, `ms`, `us` and `ns`

    For more information, try '--help'.
    "#);
}

#[test]
fn files_that_cannot_be_read() {
    insta::assert_snapshot!(said(&["run", "scenarios"]), @"error: cannot read scenarios: it is a folder; name a scenario file in it");
    assert!(said(&["run", "nowhere.yaml"]).starts_with("error: cannot read nowhere.yaml: "));
}
