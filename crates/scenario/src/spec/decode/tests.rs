use super::*;
use crate::report::{self, cases};
use crate::spec::keys::steps::STEPS;
use crate::spec::keys::{Shape, patterns};
use crate::spec::{Body, Literal};
use crate::yaml::{self, independent};

const WHOLE: &str = include_str!("testdata/whole.yaml");

const QUEUE: &str = "\
random: {python: 444}
producer_consumer:
  queue: Queue(maxsize=16)
  producers:
    count: nprod
    items: {count: \"randint(0, 10)\", value: token_hex(5)}
    draw: i = randint(0, 10)
    sleep: seconds(i)
    sleeping: \"Producer {name}\"
    added: \"{item}\"
    done: \"{name}\"
  consumers:
    count: 0x10
    draw: i = 1
    sleep: 1s
    sleeping: \"s\"
    got: \"g\"
";

const CHAIN: &str = "\
chain:
  for: n in args
  stages:
    - name: first
      draw: i = 1
      sleep: seconds(i)
      sleeping: \"s\"
      returning: \"r\"
      result: value + 1
    - name: second
  done: \"d\"
";

/// The messages of a text.
fn messages(source: &str) -> String {
    match yaml::parse(source) {
        Ok(node) => report::render(&decode(&node, source).problems, source, "f.yaml", report::Style::Plain),
        Err(problem) => report::render(&[problem], source, "f.yaml", report::Style::Plain),
    }
}

#[test]
fn all_that_is_wrong_is_reported_with_its_place_and_its_cure() {
    cases::check_all(include_str!("testdata/refused.txt"), messages);
}

/// The Spec of a text that has no problems.
#[track_caller]
fn read(source: &str) -> Spec {
    assert_eq!(messages(source), "", "{source}");
    let node = yaml::parse(source).unwrap_or_else(|problem| panic!("{}", problem.title));
    decode(&node, source).spec
}

/// A Spec's Debug with every scalar as its value alone.
fn brief(value: &impl std::fmt::Debug) -> String {
    let mut brief = String::new();
    let text = format!("{value:?}");
    let mut rest = text.as_str();
    while let Some((before, scalar)) = rest.split_once("Scalar { value: ") {
        let (value, behind) = scalar.split_once(", span: ").expect("a scalar has a place");
        let (_, behind) = behind.split_once("] }").expect("a scalar has an origin");
        brief.push_str(before);
        brief.push_str(value);
        rest = behind;
    }
    brief + rest
}

/// The one step of a main task, without its place.
#[track_caller]
fn check_step(step: &str, expected: &str) {
    let spec = read(&format!("main:\n  - {}\n", step.replace('\n', "\n    ")));
    let Body::Program(program) = spec.body else {
        panic!("a program is no pattern");
    };
    assert_eq!(brief(&program.main[0].kind), expected, "{step}");
}

#[test]
fn steps_keep_what_was_written() {
    check_step("print: \"a\\n{x}\"", r#"Print { text: "a\n{x}" }"#);
    check_step("let: a, b = f(1, 2)  # why", r#"Let { assignment: "a, b = f(1, 2)" }"#);
    check_step("sleep: 0", r#"Sleep { duration: "0" }"#);
    check_step("block: 1m30s", r#"Block { duration: "1m30s" }"#);
    check_step("await: q.get()\nas: item, t", r#"Await { value: "q.get()", targets: Some("item, t") }"#);
    check_step("call: 'f(\"a: b\")'", r#"Call { value: "f(\"a: b\")", targets: None }"#);
    check_step("spawn: f(n) for n in [1, 2]", r#"Spawn { arguments: "f(n) for n in [1, 2]", targets: None }"#);
    check_step(
        "gather: f(), g()\nreturn_exceptions: false",
        r#"Gather { arguments: "f(), g()", targets: None, return_exceptions: Some("false") }"#,
    );
    check_step("raise:", "Raise { value: None }");
    check_step("return: null", r#"Return { value: Some("null") }"#);
    check_step("yield: 1e999", r#"Yield { value: Some("1e999") }"#);
    check_step("break:", "Break");
    check_step("continue: null", "Continue");
    check_step("pass:", "Pass");
    check_step("mark: |-\n  paid", r#"Mark { text: "paid" }"#);
    check_step(
        "repeat: 010\ndo: [{pass: }]",
        r#"Repeat { count: "010", steps: [Step { place: Place(Span { start: 32, end: 36 }), kind: Pass }] }"#,
    );
}

#[test]
fn the_whole_grammar_is_read() {
    let spec = read(WHOLE);
    let Body::Program(program) = &spec.body else {
        panic!("a program is no pattern");
    };
    assert_eq!((program.shared.len(), program.tasks.len(), program.main.len()), (2, 2, 21));
    assert_eq!(brief(&spec.random), r#"Some(Random { generator: ChaCha, seed: "0x7" })"#);
    assert_eq!(spec.ties.map(|(ties, _)| ties), Some(Ties::Seeded));
    assert_eq!(brief(&spec.cost), r#"Cost { print: Some("1ms"), step: Some("10us") }"#);
    assert_eq!((spec.params.len(), spec.after.len(), spec.expect.len()), (6, 1, 7));
    let Literal::Scalar(wait) = &spec.params[4].1 else {
        panic!("a duration is a scalar");
    };
    assert_eq!(wait.value, "250ms");
    let case = &spec.cases[0];
    let seed = case.seed.as_ref().map(|seed| seed.value.as_str());
    assert_eq!((case.name.value.as_str(), seed, case.set.len()), ("busy-2", Some("-7"), 1));
    assert_eq!(case.expect.as_ref().map(Vec::len), Some(1));
}

#[test]
fn patterns_are_read() {
    let Body::ProducerConsumer(queue) = read(QUEUE).body else {
        panic!("this is a producer_consumer");
    };
    let places = Place::default();
    assert_eq!(queue.place, places);
    assert_eq!(
        brief(&queue.producers),
        r#"Producers { count: Some("nprod"), item_count: Some("randint(0, 10)"), item_value: Some("token_hex(5)"), item_values: None, draw: Some("i = randint(0, 10)"), sleep: Some("seconds(i)"), sleeping: Some("Producer {name}"), added: Some("{item}"), done: Some("{name}") }"#
    );
    assert_eq!(
        brief(&queue.consumers),
        r#"Consumers { count: Some("0x10"), draw: Some("i = 1"), sleep: Some("1s"), sleeping: Some("s"), got: Some("g") }"#
    );
    let Body::Chain(chain) = read(CHAIN).body else {
        panic!("this is a chain");
    };
    assert_eq!(brief(&(&chain.binding, &chain.done)), r#"("n in args", Some("d"))"#);
    assert_eq!(
        brief(&chain.stages[0]),
        r#"Stage { name: "first", draw: Some("i = 1"), sleep: Some("seconds(i)"), sleeping: Some("s"), returning: Some("r"), result: Some("value + 1") }"#
    );
    let listed = QUEUE.replace("token_hex(5)", "[\"'a'\", n, 5]");
    let Body::ProducerConsumer(queue) = read(&listed).body else {
        panic!("this is a producer_consumer");
    };
    assert_eq!(brief(&queue.producers.item_values), r#"Some(["'a'", "n", "5"])"#);
}

/// Whether every key of a shape occurs in a text.
#[track_caller]
fn check_covered(source: &str, shape: &Shape) {
    for key in shape.names() {
        assert!(source.contains(&format!("{key}:")), "{}.{key}", shape.name);
    }
}

#[test]
fn these_tests_use_every_key() {
    let texts = [WHOLE, QUEUE, CHAIN].concat();
    check_covered(&texts, &program::SCENARIO);
    for step in STEPS {
        check_covered(WHOLE, &step.shape);
    }
    for shape in program::EXPECTATIONS {
        check_covered(WHOLE, shape);
    }
    for shape in [&program::COST, &program::CASE, &crate::spec::keys::steps::HANDLER] {
        check_covered(WHOLE, shape);
    }
    for shape in [&patterns::PRODUCERS, &patterns::ITEMS, &patterns::CONSUMERS] {
        check_covered(QUEUE, shape);
    }
    check_covered(CHAIN, &patterns::CHAIN);
    check_covered(CHAIN, &patterns::STAGE);
}

#[test]
fn an_independent_reader_sees_the_same() {
    for source in [WHOLE, QUEUE, CHAIN] {
        let other = serde_yaml::from_str(source).expect("the texts are ordinary YAML");
        let other = decode(&independent::from_serde_yaml(&other), "");
        assert_eq!(other.problems, []);
        let ours = yaml::parse(source).unwrap_or_else(|problem| panic!("{}", problem.title));
        let ours = decode(&independent::normalised(&ours), "");
        assert_eq!(ours.problems, []);
        assert_eq!(ours.spec, other.spec);
    }
}

#[test]
fn no_prefix_of_a_file_is_too_much() {
    for source in [WHOLE, QUEUE, CHAIN] {
        for (end, _) in source.char_indices() {
            messages(&source[..end]);
        }
    }
}

#[test]
fn no_more_than_a_thousand_problems_are_collected() {
    let source = "main: [{pass: }]\n".to_owned() + &(0..2000).map(|n| format!("k{n}: 1\n")).collect::<String>();
    let node = yaml::parse(&source).unwrap_or_else(|problem| panic!("{}", problem.title));
    assert_eq!(decode(&node, &source).problems.len(), MOST);
    assert!(messages(&source).ends_with("\nand 950 more\n"));
}

#[test]
fn a_value_of_the_command_line_needs_no_quotes() {
    for (source, expected) in [
        ("bob", "Quoted"),
        ("'5'", "Quoted"),
        ("5", "Plain"),
        ("250ms", "Plain"),
        ("-.5", "Plain"),
        ("true", "Plain"),
        ("", "Plain"),
    ] {
        let node = yaml::parse_value(source).unwrap_or_else(|problem| panic!("{}", problem.title));
        let Literal::Scalar(scalar) = decode_value(&node) else {
            panic!("{source:?} is a scalar");
        };
        assert_eq!(format!("{:?}", scalar.style), expected, "{source:?}");
    }
    let node = yaml::parse_value("[3, x, {k: v}]").unwrap_or_else(|problem| panic!("{}", problem.title));
    assert_eq!(
        brief(&decode_value(&node)).replace("Place(Span { start: 0, end: 14 })", "_"),
        r#"List([Scalar("3"), Scalar("x"), Map([("k", Scalar("v"))], Place(Span { start: 7, end: 13 }))], _)"#
    );
}
