//! What each pattern stands for, as the file that would say the same.

use super::{Names, Phrase, Shape, assigned, expand};
use crate::source::{Scalar, Span, Style};
use crate::spec::print;
use crate::spec::{Body, Place, ProducerConsumer, Spec, StepKind};

fn read(source: &str) -> Spec {
    let node = crate::yaml::parse(source).expect("the tests' files are YAML");
    let crate::spec::decode::Decoded { spec, problems, .. } = crate::spec::decode::decode(&node, source);
    assert!(problems.is_empty(), "{problems:?}");
    spec
}

/// The pattern's file, written out, is the program's file.
#[track_caller]
fn check(pattern: &str, program: &str) {
    let expanded = expand(&read(pattern));
    let expected = read(program);
    assert_eq!(print(&expanded), print(&expected));
    assert_eq!(expanded, expected);
}

#[test]
fn producer_consumer_written_in_full() {
    check(
        r#"
params: {nprod: 2}
producer_consumer:
  queue: PriorityQueue()
  producers:
    count: nprod
    items: {count: "randint(0, 10)", value: token_hex(5)}
    draw: i = randint(0, 10)
    sleep: seconds(i)
    sleeping: "{name} sleeps {i}"
    added: "{name} added {item}"
    done: "{name} is done"
  consumers:
    count: 10
    draw: j = randint(0, 5)
    sleep: ms(j)
    sleeping: "{name} sleeps {j}"
    got: "{name} got {item} in {waited}"
"#,
        r#"
params: {nprod: 2}
shared:
  q: PriorityQueue()
tasks:
  produce(name):
    - repeat: randint(0, 10)
      do:
        - let: i = randint(0, 10)
        - print: "{name} sleeps {i}"
        - sleep: seconds(i)
        - let: item = token_hex(5)
        - await: q.put((item, now()))
        - print: "{name} added {item}"
    - print: "{name} is done"
  consume(name):
    - while: true
      do:
        - let: j = randint(0, 5)
        - print: "{name} sleeps {j}"
        - sleep: ms(j)
        - await: q.get()
          as: item, t
        - let: waited = now() - t
        - print: "{name} got {item} in {waited}"
        - call: q.task_done()
main:
  - spawn: produce(n) for n in range(nprod)
    as: producers
  - spawn: consume(n) for n in range(10)
    as: consumers
  - gather: producers
  - await: q.join()
  - for: consumer in consumers
    do:
      - call: consumer.cancel()
"#,
    );
}

/// The part of a `producer_consumer` without texts that follows its producers.
const SILENT_CONSUMERS: &str = "
  consume(name):
    - while: true
      do:
        - await: q.get()
        - call: q.task_done()
main:
  - spawn: produce(n) for n in range(1)
    as: producers
  - spawn: consume(n) for n in range(1)
    as: consumers
  - gather: producers
  - await: q.join()
  - for: consumer in consumers
    do:
      - call: consumer.cancel()
";

#[test]
fn what_is_left_out_makes_no_step() {
    let program = "
shared: {q: Queue(), handed_out: 0}
tasks:
  produce(name):
    - repeat: 3
      do:
        - let: handed_out = handed_out + 1
        - let: item = f'item-{handed_out}'
        - await: q.put((item, now()))";
    let pattern = "producer_consumer: {producers: {items: {count: 3}}, consumers: {count: 1}}";
    check(pattern, &format!("{program}{SILENT_CONSUMERS}"));
}

#[test]
fn a_list_of_values_is_handed_out_and_then_numbered() {
    let program = r#"
shared:
  q: Queue()
  values: "[token_hex(5), (1, 2), 'c']"
  handed_out: 0
tasks:
  produce(name):
    - repeat: 9
      do:
        - let: handed_out = handed_out + 1
        - let: item = values[handed_out - 1] if handed_out <= len(values) else f'item-{handed_out}'
        - await: q.put((item, now()))"#;
    let pattern = r#"
producer_consumer:
  producers:
    items:
      count: 9
      value: ["token_hex(5)", "1, 2", "'c'"]
  consumers: {count: 1}
"#;
    check(pattern, &format!("{program}{SILENT_CONSUMERS}"));
}

#[test]
fn a_list_of_values_without_a_count_is_handed_out_to_its_end() {
    let program = r#"
shared:
  q: Queue()
  values: "[1, 2]"
  handed_out: 0
tasks:
  produce(name):
    - while: handed_out < len(values)
      do:
        - let: handed_out = handed_out + 1
        - let: item = values[handed_out - 1]
        - sleep: 1s
        - await: q.put((item, now()))"#;
    let pattern = "
producer_consumer:
  producers: {items: {value: ['1', '2']}, sleep: 1s}
  consumers: {count: 1}";
    check(pattern, &format!("{program}{SILENT_CONSUMERS}"));
}

#[test]
fn the_names_of_the_file_win() {
    check(
        r#"
params: {name: 1, q: 2, produce: 3}
producer_consumer:
  producers:
    count: producers + t
    draw: item = n
    items: {count: 1, value: item}
    added: "{name} {item_}"
  consumers:
    got: "{item_} {waited}"
"#,
        r#"
params: {name: 1, q: 2, produce: 3}
shared:
  q_: Queue()
tasks:
  produce_(name_):
    - repeat: 1
      do:
        - let: item = n
        - let: item_ = item
        - await: q_.put((item_, now()))
        - print: "{name} {item_}"
  consume(name_):
    - while: true
      do:
        - await: q_.get()
          as: item_, t_
        - let: waited = now() - t_
        - print: "{item_} {waited}"
        - call: q_.task_done()
main:
  - spawn: produce_(n_) for n_ in range(producers + t)
    as: producers_
  - spawn: consume(n_) for n_ in range(1)
    as: consumers
  - gather: producers_
  - await: q_.join()
  - for: consumer in consumers
    do:
      - call: consumer.cancel()
"#,
    );
}

#[test]
fn chain_written_in_full() {
    check(
        r#"
chain:
  for: n in args
  stages:
    - name: first
      draw: i = randint(0, 10)
      sleep: seconds(i)
      sleeping: "{n} sleeps {i}"
      returning: "{n} returns"
    - name: second
    - name: third
      result: value + '!'
  done: "{n} => {results[2]} in {took}"
"#,
        r#"
tasks:
  first(n):
    - let: i = randint(0, 10)
    - print: "{n} sleeps {i}"
    - sleep: seconds(i)
    - print: "{n} returns"
    - return: f'first-{n}'
  second(n, value):
    - return: f'second-{value}'
  third(n, value):
    - return: value + '!'
  chain(n):
    - let: start = now()
    - let: results = []
    - await: first(n)
      as: value
    - call: results.append(value)
    - await: second(n, value)
      as: value
    - call: results.append(value)
    - await: third(n, value)
      as: value
    - call: results.append(value)
    - let: took = now() - start
    - print: "{n} => {results[2]} in {took}"
    - return: results
main:
  - gather: chain(n) for n in args
    as: chains
  - return: chains
"#,
    );
}

#[test]
fn chain_of_several_names_that_clash() {
    check(
        r#"
params: {took: 1}
chain:
  for: a, (chain, value) in 1, 2
  stages:
    - name: start
      result: value_
"#,
        r#"
params: {took: 1}
tasks:
  start(a, chain, value, value_=None):
    - return: value_
  chain_(a, chain, value):
    - let: results = []
    - await: start(a, chain, value)
      as: value_
    - call: results.append(value_)
    - return: results
main:
  - gather: chain_(a, chain, value) for a, (chain, value) in (1, 2)
    as: chains
  - return: chains
"#,
    );
}

#[test]
fn everything_else_stays() {
    let rest = "random: {python: 1}\nafter: [{print: 'a'}]\nexpect: [{takes: 0s}]\n";
    let pattern = read(&format!("{rest}chain: {{for: n in x, stages: [{{name: a}}]}}"));
    let program = expand(&pattern);
    let body = program.body.clone();
    assert!(matches!(body, Body::Program(_)));
    assert_eq!(program, Spec { body, ..pattern });
    assert_eq!(expand(&program), program, "a program stands for itself");
}

/// A scalar that stands at `start`, and each byte of it where it should.
fn scalar(value: &str, start: u32) -> Scalar {
    let end = start + u32::try_from(value.len()).expect("a short text");
    Scalar { value: value.to_owned(), span: Span { start, end }, style: Style::Plain, origin: (start..=end).collect() }
}

#[test]
fn a_phrase_points_at_what_the_file_wrote() {
    let phrase = Phrase::at(Place(Span { start: 7, end: 9 }));
    let whole = phrase.made("range(").kept(&scalar("nprod", 40)).made(")").scalar();
    assert_eq!(whole.value, "range(nprod)");
    assert_eq!(whole.span, Span { start: 40, end: 45 });
    assert_eq!(whole.locate(6, 11), Span { start: 40, end: 45 });
    assert_eq!(whole.locate(8, 10), Span { start: 42, end: 44 });
    assert_eq!(whole.locate(0, 12), Span { start: 40, end: 45 }, "made-up words add nothing");
}

#[test]
fn a_phrase_without_origin_points_at_the_whole() {
    let unknown = Scalar { origin: Vec::new(), ..scalar("nprod", 40) };
    let phrase = Phrase::at(Place::default()).kept(&scalar("f", 3)).kept(&unknown).scalar();
    assert_eq!(phrase.locate(0, 1), Span { start: 3, end: 45 });
    let place = Span { start: 7, end: 9 };
    let made = Phrase::at(Place(place)).made("Queue()").scalar();
    assert_eq!((made.locate(0, 3), made.style), (place, Style::Unknown));
}

#[test]
fn a_broken_count_is_kept_as_it_was_written() {
    let mut pattern = ProducerConsumer {
        place: Place::default(),
        queue: None,
        producers: Default::default(),
        consumers: Default::default(),
    };
    pattern.producers.count = Some(scalar("2) + range(3", 40));
    let body = Body::ProducerConsumer(Box::new(pattern));
    let expanded = expand(&Spec { body, ..Spec::default() });
    let Body::Program(program) = expanded.body else { panic!("not expanded") };
    let StepKind::Spawn { arguments, .. } = &program.main[0].kind else { panic!("no spawn") };
    assert_eq!((arguments.value.as_str(), arguments.locate(1, 2).start), ("2) + range(3", 41));
}

#[test]
fn the_shape_of_an_expression() {
    #[track_caller]
    fn check(expression: &str, shape: Shape) {
        assert_eq!(Shape::of(expression), shape, "{expression}");
    }
    check("nprod", Shape::Closed);
    check("f(a, b=1)[2]", Shape::Closed);
    check("a + ',' + \")\"", Shape::Closed);
    check(r"'\'' + x", Shape::Closed);
    check("a, b", Shape::Loose);
    check("a = b", Shape::Loose);
    check("*a", Shape::Loose);
    check("f(a", Shape::Unbalanced);
    check("f)a(", Shape::Unbalanced);
    check("'a", Shape::Unbalanced);
}

#[test]
fn the_targets_of_an_assignment() {
    #[track_caller]
    fn check(assignment: &str, targets: &str) {
        assert_eq!(assigned(assignment).trim_end(), targets, "{assignment}");
    }
    check("i = f(x=1)", "i");
    check("i, j = 1, 2", "i, j");
    check("a = b = g == h", "a = b");
    check("total += 1", "total +");
    check("f(x=1)", "");
    check("nothing", "");
}

#[test]
fn names_are_chosen_once() {
    let mut names = Names::new(&[]);
    names.avoid("t = t_ + '{n}'");
    assert_eq!(["t", "n", "n", "q"].map(|base| names.choose(base)), ["t__", "n_", "n__", "q"]);
}
