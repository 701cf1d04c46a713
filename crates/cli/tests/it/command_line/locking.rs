//! What is said about mistakes around locks, before a run and in it.

use crate::support::timeskip_with_input;

/// A file with these steps in a task, and what `lint` says about it.
fn said(steps: &str) -> String {
    let source = format!("shared: {{cond: Condition()}}\nmain:\n{steps}");
    let process = timeskip_with_input(&["lint", "-"], &source);
    assert_eq!(process.code, 2, "{source}\n{}", process.stderr);
    process.stdout + &process.stderr
}

#[track_caller]
fn check(steps: &str, expected: &[&str]) {
    let said = said(steps);
    for line in expected {
        assert!(said.contains(line), "{line} in\n{said}");
    }
}

#[test]
fn a_predicate_is_only_evaluated_again_right_behind_await() {
    let title = "error: `wait_for` of a condition stands right behind `await:`";
    let help = "help: write `await: condition.wait_for(predicate)`, in a task of its own if need be";
    check("  - gather: cond.wait_for(True)\n", &[title, "standard input:3:18", help]);
    check("  - call: cond.wait_for(True)\n", &[title, help]);
    check(
        "  - await: cond.wait_for()\n",
        &["wrong number of arguments for `wait_for`", "expected 1 argument, found 0"],
    );
    check("  - await: cond.wait_for(unknown)\n", &["unknown name `unknown`"]);
}

#[test]
fn misspelt_names_of_primitives_and_methods() {
    check("  - await: cond.aquire()\n", &["unknown method `aquire`", "did you mean `acquire`?"]);
    check(
        "  - let: x = BoundSemaphore(2)\n",
        &["unknown function `BoundSemaphore`", "did you mean `BoundedSemaphore`?"],
    );
    check("  - let: x = Lock(1)\n", &["wrong number of arguments for `Lock`", "expected 0 arguments, found 1"]);
    check("  - let: x = Condition(loop=1)\n", &["`Condition` has no argument `loop`", "known names: lock"]);
    check("  - let: x = cond.parties()\n", &["unknown method `parties`"]);
}

#[test]
fn expectations_only_look() {
    let purity = "would change the run";
    check("  - pass:\nexpect:\n  - that: cond.release()\n", &["`release` ", purity]);
    check("  - pass:\nafter:\n  - with: cond\n    do: [{pass: }]\n", &["`after` cannot wait"]);
}

#[test]
fn a_deadlock_says_who_holds_the_lock() {
    let source = "
shared: {locks: '[Lock(), Lock()]'}
tasks:
  keeps(n):
    - await: locks[n].acquire()
main:
  - await: keeps(0)
  - spawn: keeps(1)
    as: keeper
  - sleep: 1s
  - with: locks[1]
    do: [{pass: }]
";
    let process = timeskip_with_input(&["run", "-"], source);
    let expected =
        "main waits for locks[1].acquire() since 1.000 s, held by main/keeps-0, which has ended, since 0.000 s";
    assert!(process.stderr.contains(expected), "{}", process.stderr);
}
