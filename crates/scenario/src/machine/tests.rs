//! What has a short way of its own does as the long way does.

use std::cell::RefCell;
use std::rc::Rc;

use crate::{Options, load};

fn printed(source: &str) -> String {
    let scenario = load(source).expect("a good file");
    let output = Rc::new(RefCell::new(String::new()));
    scenario.run(&Options::default(), output.clone()).expect("good options");
    output.take()
}

#[test]
fn draws_between_numbers_of_the_file_are_those_between_variables() {
    let program = |generator: &str, draw: &str| {
        format!(
            "
random: {generator}
params: {{one: 1, ten: 10, least: -9223372036854775807}}
shared: {{last: 0, all: \"[0]\"}}
main:
  - repeat: 100
    do:
      - let: drawn = {draw}
      - let: last = {draw}
      - let: all[0] = {draw}
      - sleep: ms({draw})
      - print: \"{{drawn}} {{last}} {{all}} {{{draw} + 1}} {{now()}}\"
"
        )
    };
    for generator in ["{python: 7}", "{chacha: 7}"] {
        for (known, asked) in [
            ("randint(1, 10)", "randint(one, ten)"),
            ("randint(10, 10)", "randint(ten, ten)"),
            ("randint(-9223372036854775807, 10) % 1000", "randint(least, ten) % 1000"),
        ] {
            let lines = printed(&program(generator, known));
            assert_eq!(lines.lines().count(), 100, "{known}");
            assert_eq!(lines, printed(&program(generator, asked)), "{known}, {generator}");
        }
    }
}

#[test]
fn only_queues_have_the_methods_of_queues() {
    let refused = |step: &str| {
        printed(&format!(
            "
shared: {{lock: Lock(), d: \"{{'a': 1}}\"}}
main:
  - try:
      - {step}
    except:
      - on: Exception
        as: e
        do: [{{print: \"{{e!r}}\"}}]
"
        ))
    };
    assert_eq!(refused("await: d.put(1)"), "AttributeError(\"'dict' object has no attribute 'put'\")\n");
    assert_eq!(refused("await: d.get()"), "TypeError('get expected at least 1 argument, got 0')\n");
    assert_eq!(refused("await: lock.get()"), "AttributeError(\"'Lock' object has no attribute 'get'\")\n");
    assert_eq!(refused("call: d.task_done()"), "AttributeError(\"'dict' object has no attribute 'task_done'\")\n");
    assert_eq!(refused("call: lock.task_done()"), "AttributeError(\"'Lock' object has no attribute 'task_done'\")\n");
}

#[test]
fn a_queue_may_come_out_of_any_expression() {
    let source = "
shared: {queues: \"[Queue(), Queue()]\"}
main:
  - await: queues[1].put('a')
  - let: local = queues[1]
  - await: local.put('b')
  - await: queues[-1].get()
    as: first
  - await: local.get()
    as: second
  - call: queues[1].task_done()
  - call: local.task_done()
  - await: local.join()
  - print: \"{first} {second}\"
";
    assert_eq!(printed(source), "a b\n");
}
