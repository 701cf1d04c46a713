//! What a printed file looks like, and that YAML reads it back.

use proptest::prelude::*;

use super::print;
use super::scalar::{plain_or_quoted, text};
use crate::source::{Scalar, Span, Style};
use crate::spec::{Body, Literal, Place, Program, Spec, Step, StepKind};

fn read(source: &str) -> Spec {
    let node = crate::yaml::parse(source).expect("a printed file is YAML");
    let crate::spec::decode::Decoded { spec, problems, .. } = crate::spec::decode::decode(&node, source);
    assert!(problems.is_empty(), "{problems:?}");
    spec
}

fn scalar(value: &str, style: Style) -> Scalar {
    Scalar { value: value.to_owned(), span: Span::default(), style, origin: Vec::new() }
}

/// This file is laid out as `print` does it: reading and printing gives the same bytes.
#[track_caller]
fn check_layout(file: &str) {
    assert_eq!(print(&read(file)), file);
}

#[test]
fn a_file_with_everything_a_program_has() {
    check_layout(
        r#"about: "Two words."
random: {python: 444}
ties: heapq
cost: {print: 1ms, step: 2us}

params:
  nprod: 2
  word: "5"
  list: [1, "two, three", [250ms]]
  table: {a: 1, b: -2.5}

shared:
  q: Queue(maxsize=16)
  forks: "[Lock() for i in range(n)]"

tasks:
  consume(name, k=2):
    - while: true
      do:
        - await: q.get()
          as: item, t
        - if: item is None
          do:
            - break:
          else:
            - continue:
  nothing():
    - pass:

main:
  - gather: consume(n) for n in range(nprod)
    as: results
    return_exceptions: true
  - return: results

after:
  - print: "Program completed in {now():0.5f} seconds."

expect:
  - takes: 23s
  - ends: finished
  - prints: "one"
  - prints:
      - "one"
      - "two"
  - result: "[1, 2]"
  - no_loss: q
  - that: len(q) <= 16

cases:
  - name: busy
    set:
      nprod: 6
    seed: 5
    ties: lifo
    expect:
      - takes: 1s
"#,
    );
}

#[test]
fn every_step() {
    check_layout(
        r#"main:
  - print: "text"
  - mark: "paid"
  - let: i = 'text'
  - sleep: 0s
  - block: 1s
  - await: f()
  - call: q.task_done()
    as: x
  - spawn: f(0), f(1)
    as: a, b
  - gather: a, b
  - as_completed: f(), g()
    as: next_one
    do:
      - await: next_one
  - for: c in consumers
    do:
      - call: c.cancel()
  - async for: i in numbers()
    do:
      - yield: i
  - repeat: 3
    do:
      - yield:
  - try:
      - raise: ValueError('x')
    except:
      - on: ValueError, KeyError
        as: e
        do:
          - raise:
      - do:
          - return:
    else:
      - pass:
    finally:
      - sleep: 1s
  - with: lock
    as: held
    do:
      - pass:
  - timeout_at: now() + 1
    do:
      - pass:
  - timeout: 1s
    as: limit
    do:
      - pass:
  - group:
    as: tg
    do:
      - spawn: f()
"#,
    );
}

#[test]
fn the_patterns() {
    check_layout(
        r#"producer_consumer:
  queue: Queue(maxsize=16)
  producers:
    count: nprod
    items:
      count: randint(0, 10)
      value:
        - "'a'"
        - token_hex(5)
    draw: i = randint(0, 10)
    sleep: seconds(i)
    sleeping: "sleeping"
    added: "added"
    done: "done"
  consumers:
    count: ncon
    draw: i = randint(0, 10)
    sleep: seconds(i)
    sleeping: "sleeping"
    got: "got"
"#,
    );
    check_layout("producer_consumer:\n  producers: {}\n  consumers: {}\n");
    check_layout(
        r#"chain:
  for: n in args
  stages:
    - name: first
      draw: i = randint(0, 10)
      sleep: seconds(i)
      sleeping: "sleeping"
      returning: "\nreturning"
      result: i
    - name: second
  done: "done"
"#,
    );
}

#[test]
fn expressions_that_yaml_would_misread_are_quoted() {
    #[track_caller]
    fn check(value: &str, written: &str) {
        assert_eq!(plain_or_quoted(value), written);
    }
    for plain in ["i = f(x, y)", "-1", "0x10", "true", "x[0]", "f'{x}'", "a if b else c", "x<y"] {
        check(plain, plain);
    }
    check("[1, 2]", r#""[1, 2]""#);
    check("{'a': 1}", r#""{'a': 1}""#);
    check("x['a: b']", r#""x['a: b']""#);
    check(r#""a" in x"#, r#"'"a" in x'"#);
    check(r"x == '\n # '", r#""x == '\\n # '""#);
    check("x #y", r#""x #y""#);
    check("- x", r#""- x""#);
    check("*xs", r#""*xs""#);
    check("x:", r#""x:""#);
    check(" x", r#"" x""#);
    check("null", r#""null""#);
    check("", r#""""#);
    check("a\nb\u{7}\u{202e}", r#""a\nb\x07\u202e""#);
}

#[test]
fn texts_of_several_lines_are_blocks() {
    #[track_caller]
    fn check(value: &str, written: &str) {
        assert_eq!(text(value, 4), written);
    }
    check("one", r#""one""#);
    check("one\n", r#""one\n""#);
    check("one\n\ntwo # three", "|-\n    one\n\n    two # three");
    check("one\ntwo\n", "|\n    one\n    two");
    check("\none\ntwo", r#""\none\ntwo""#);
    check("one\ntwo ", r#""one\ntwo ""#);
    check("one\ntwo\n\n", r#""one\ntwo\n\n""#);
}

#[test]
fn quotes_are_a_part_of_what_a_parameter_means() {
    #[track_caller]
    fn check(literal: Literal, written: &str) {
        let params = vec![(scalar("x", Style::Plain), literal)];
        let spec = Spec { params, ..Spec::default() };
        assert_eq!(print(&spec), format!("params:\n  x:{written}\n\nmain: []\n"));
    }
    check(Literal::Scalar(scalar("5", Style::Plain)), " 5");
    check(Literal::Scalar(scalar("5", Style::Quoted)), " \"5\"");
    check(Literal::Scalar(scalar("null", Style::Plain)), " null");
    check(Literal::Scalar(scalar("null", Style::Quoted)), " \"null\"");
    let list = |values: &[&str]| {
        let items = values.iter().map(|value| Literal::Scalar(scalar(value, Style::Plain)));
        Literal::List(items.collect(), Place::default())
    };
    check(list(&[]), " []");
    check(list(&["1", "2"]), " [1, 2]");
    check(list(&["a b", "2"]), "\n    - a b\n    - 2");
    let long = ["1234567890"; 8];
    let lines = long.map(|line| format!("\n    - {line}")).concat();
    check(list(&long), &lines);
}

/// A text, an expression and a parameter with this value, wherever they may stand.
fn spec_of(value: &str) -> Spec {
    let plain = || scalar(value, Style::Unknown);
    let step = |kind| Step { place: Place::default(), kind };
    let main = vec![
        step(StepKind::Print { text: plain() }),
        step(StepKind::Await { value: plain(), targets: Some(plain()) }),
        step(StepKind::If {
            condition: plain(),
            steps: vec![step(StepKind::Mark { text: plain() })],
            otherwise: vec![step(StepKind::Return { value: Some(plain()) })],
        }),
    ];
    let quoted = || Literal::Scalar(scalar(value, Style::Quoted));
    let literals = vec![quoted(), Literal::List(vec![quoted()], Place::default())];
    Spec {
        about: Some(plain()),
        params: vec![(scalar("p", Style::Plain), Literal::List(literals, Place::default()))],
        body: Body::Program(Program { main, ..Program::default() }),
        ..Spec::default()
    }
}

/// Values made of what YAML and Python care about.
fn value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            " ", "\n", "\t", ":", "#", ": ", " #", "-", "- ", "?", "'", "\"", "\\", "{", "}", "[", "]", ",", "&", "*",
            "!", "|", ">", "%", "@", "`", "~", "null", "true", "0", "1.5", "=", "<<", "---", "...", "\u{85}",
            "\u{2028}", "\u{feff}", "\r", "é", "a", "😀",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9 ]{0,6}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(value in value()) {
        let spec = spec_of(&value);
        prop_assert_eq!(read(&print(&spec)), spec);
    }

    /// The same with another reader: every scalar is one scalar there, with the same text.
    #[test]
    fn another_reader_agrees(value in value()) {
        let printed = print(&spec_of(&value));
        let file: serde_yaml::Value = serde_yaml::from_str(&printed).expect("YAML");
        let steps = &file["main"];
        let places = [
            &file["about"], &file["params"]["p"][0], &file["params"]["p"][1][0], &steps[0]["print"],
            &steps[1]["await"], &steps[1]["as"], &steps[2]["if"], &steps[2]["do"][0]["mark"],
            &steps[2]["else"][0]["return"],
        ];
        for place in places {
            let same = match place {
                serde_yaml::Value::String(text) => *text == value,
                // An expression that YAML also knows: the file holds its text.
                serde_yaml::Value::Bool(_) | serde_yaml::Value::Number(_) => {
                    printed.contains(&format!("await: {value}\n"))
                }
                _ => false,
            };
            prop_assert!(same, "{place:?} in\n{printed}");
        }
    }
}
