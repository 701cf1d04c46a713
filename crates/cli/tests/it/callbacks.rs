//! What scenarios say of callbacks and futures: the checker's messages, asyncio's errors, and which failures are reported.

use timeskip_scenario::{Options, load};

use crate::support::run;

/// The titles and labels of a bad file's problems.
#[track_caller]
fn check_refused(source: &str, expected: &[(&str, &str)]) {
    let problems = load(source).expect_err("there is a problem in it");
    let found: Vec<(&str, &str)> =
        problems.iter().map(|problem| (problem.title.as_str(), problem.label.as_str())).collect();
    assert_eq!(found, expected, "{source}");
}

#[test]
fn a_callback_cannot_wait_however_deep_it_stands() {
    let source = "
tasks:
  note(text):
    - print: '{text}'
    - if: text
      do:
        - try:
            - sleep: 1s
          finally:
            - for: x in range(2)
              do:
                - await: sleep(1)
main:
  - call: call_soon(note, 'x')
";
    let title = "`note` is a callback and cannot wait";
    check_refused(source, &[(title, "this step waits"), (title, "this step waits")]);
}

#[test]
fn a_callback_is_a_task_that_is_named_without_a_call() {
    let source = |call: &str| {
        format!("tasks:\n  note(text):\n    - print: '{{text}}'\nmain:\n  - let: x = Future()\n  - call: {call}\n")
    };
    let label = "expected the name of a task of this file";
    for call in ["call_soon(note('x'))", "call_later(1.0, 'note')", "call_at(1.0, x)", "x.add_done_callback(nobody)"] {
        check_refused(&source(call), &[("this is no callback", label)]);
    }
    let count = "wrong number of arguments for `note`";
    check_refused(&source("call_soon(note)"), &[(count, "expected 1 argument (text), found 0")]);
    check_refused(&source("call_later(1, note, 1, 2)"), &[(count, "expected 1 argument (text), found 2")]);
    check_refused(
        &source("call_later(note, 'x')"),
        &[
            ("`note` is a task, not a value", "it can only be called"),
            ("this is no callback", "expected the name of a task of this file"),
        ],
    );
    let few = [("wrong number of arguments for `call_later`", "expected at least 2 arguments, found 1")];
    check_refused(&source("call_later(1)"), &few);
    assert!(load(&source("x.add_done_callback(note)")).is_ok());
}

#[test]
fn a_callback_is_nothing_else() {
    let source = "
tasks:
  note():
    - print: 'x'
main:
  - call: call_soon(note)
  - await: note()
";
    check_refused(source, &[("`note` is a callback and a coroutine", "called as a coroutine here")]);
}

/// Prints what an expression raises.
#[track_caller]
fn check_raises(prepare: &str, call: &str, expected: &str) {
    let source = format!(
        "
tasks:
  note(x=1):
    - pass:
  work():
    - sleep: 9s
main:
{prepare}  - try:
      - call: {call}
    except:
      - on: BaseException
        as: e
        do:
          - print: '{{e!r}}'
"
    );
    assert_eq!(run(&source, &Options::default()).output.trim_end(), expected, "{source}");
}

#[test]
fn errors_have_asyncios_texts() {
    let future = "  - let: f = Future()\n";
    let done = "  - let: f = Future()\n  - call: f.set_result(1)\n";
    let cancelled = "  - let: f = Future()\n  - call: f.cancel()\n";
    let task = "  - spawn: work()\n    as: f\n";
    check_raises(future, "f.result()", "InvalidStateError('Result is not set.')");
    check_raises(future, "f.exception()", "InvalidStateError('Exception is not set.')");
    check_raises(future, "f.set_exception(3)", "TypeError('invalid exception object')");
    check_raises(done, "f.set_result(1)", "InvalidStateError('invalid state')");
    check_raises(done, "f.set_exception(ValueError())", "InvalidStateError('invalid state')");
    check_raises(cancelled, "f.set_result(1)", "InvalidStateError('invalid state')");
    check_raises(cancelled, "f.result()", "CancelledError()");
    check_raises(cancelled, "f.exception()", "CancelledError()");
    check_raises(task, "f.result()", "InvalidStateError('Result is not set.')");
    check_raises(task, "f.set_result(1)", "RuntimeError('Task does not support set_result operation')");
    check_raises(task, "f.set_exception(OSError())", "RuntimeError('Task does not support set_exception operation')");
    check_raises("", "call_later('x', note)", r#"TypeError("unsupported operand type(s) for +: 'float' and 'str'")"#);
    check_raises("", "call_later(None, note)", "TypeError('delay must not be None')");
    check_raises("", "call_at(None, note)", "TypeError('when cannot be None')");
}

/// A program whose failing tasks are called after what they raise, and those that are reported at its end.
#[track_caller]
fn check_reported(main: &str, expected: &[&str]) {
    let source = format!(
        "
tasks:
  fail(name, delay):
    - sleep: seconds(delay)
    - raise: ValueError(name)
  fail_when_cancelled(name):
    - try:
        - sleep: 9s
      except:
        - on: CancelledError
          do:
            - raise: ValueError(name)
  pass_on(task):
    - await: task
  gather_all(tasks):
    - gather: tasks
  ignore(ended):
    - pass:
  look(ended):
    - print: '{{ended.exception()!r}}'
main:
{main}"
    );
    let outcome = run(&source, &Options::default()).outcome;
    let reported = outcome.warnings.iter().map(|warning| {
        assert!(warning.contains("was never retrieved"), "{warning}");
        let what = warning.split("ValueError: ").nth(1).expect("it says with what");
        what.split(' ').next().expect("a name").to_owned()
    });
    assert_eq!(reported.collect::<Vec<String>>(), expected, "{source}");
}

const CAUGHT: &str = "
    except:
      - on: BaseException
        do:
          - pass:
";

#[test]
fn failures_are_reported_where_cpython_reports_them() {
    let caught = |step: &str| format!("  - try:\n      - {step}{CAUGHT}");
    let gathered = "fail('a', 1), fail('b', 2), fail('c', 1)";
    check_reported(&(caught(&format!("gather: {gathered}")) + "  - sleep: 3s\n"), &[]);
    check_reported(&caught(&format!("gather: {gathered}")), &[]);
    check_reported("  - gather: fail('a', 1), fail('b', 2)\n    return_exceptions: true\n", &[]);
    let first = "  - spawn: fail('a', 1), fail('b', 1), fail('c', 2)\n    as: tasks\n  - as_completed: tasks\n    \
                 as: next\n    do:\n      - try:\n          - await: next\n        except:\n          - on: ValueError\n            \
                 do:\n              - break:\n  - sleep: 3s\n";
    check_reported(first, &["b", "c"]);
    let three = "  - spawn: fail('a', 1), fail('b', 1), fail('c', 1)\n    as: a, b, c\n  - sleep: 2s\n";
    check_reported(&(three.to_owned() + &caught("call: a.result()") + "  - call: b.exception()\n"), &["c"]);
    check_reported(&(three.to_owned() + "  - print: '{a.done()} {b.cancelled()}'\n"), &["a", "b", "c"]);
    check_reported(&(three.to_owned() + &caught("await: a") + &caught("await: c")), &["b"]);
    check_reported("  - spawn: pass_on(sleep(9))\n    as: t\n  - sleep: 1s\n  - call: t.cancel()\n", &[]);
    let cancelled = "  - spawn: fail_when_cancelled('a')\n    as: t\n  - sleep: 1s\n";
    check_reported(&(cancelled.to_owned() + "  - call: t.cancel()\n  - sleep: 1s\n"), &["a"]);
    check_reported(cancelled, &["a"]);
    let futures = "  - let: f = Future()\n  - call: f.set_exception(ValueError('a'))\n  - let: g = Future()\n  \
                   - call: g.set_exception(ValueError('b'))\n  - call: g.exception()\n";
    check_reported(futures, &["a"]);
    let watched = "  - spawn: fail('a', 1), fail('b', 1)\n    as: a, b\n  - call: a.add_done_callback(ignore)\n  \
                   - call: b.add_done_callback(look)\n  - sleep: 2s\n";
    check_reported(watched, &["a"]);
    check_reported("  - spawn: fail('a', 1)\n    as: t\n  - spawn: pass_on(t)\n  - sleep: 2s\n", &["a"]);
    let given_up = "  - spawn: fail('a', 2), fail('b', 3)\n    as: tasks\n  - spawn: gather_all(tasks)\n    as: t\n  \
                    - sleep: 1s\n  - call: t.cancel()\n  - sleep: 3s\n";
    check_reported(given_up, &[]);
}

#[test]
fn a_report_tells_the_way_of_the_failure() {
    let source = "tasks:\n  inner():\n    - raise: ValueError('why')\n  outer():\n    - await: inner()\nmain:\n  - spawn: outer()\n  - sleep: 1s\n";
    let outcome = run(source, &Options::default()).outcome;
    let expected =
        "the exception of main/outer-0 was never retrieved: ValueError: why (line 3, awaited at line 5 in outer)";
    assert_eq!(outcome.warnings, [expected]);
    let source = "main:\n  - let: news = Future()\n  - call: news.set_exception(ValueError('why'))\n";
    let outcome = run(source, &Options::default()).outcome;
    assert_eq!(outcome.warnings, ["the exception of future news was never retrieved: ValueError: why"]);
}
