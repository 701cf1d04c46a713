//! Turns, and after how many of them a task hears of what it awaits.

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "turns_are_first_in_first_out",
        "
  worker(name):
    - for: turn in range(3)
      do:
        - print: '{name} {turn}'
        - sleep: 0s
main:
  - gather: worker(name) for name in 'abc'
",
    ),
    (
        "zero_and_negative_sleeps_take_one_turn",
        "
  sleeper(delay):
    - sleep: seconds(delay)
    - print: 'slept {delay}'
main:
  - gather: ticker(3), sleeper(0), sleeper(-1), sleeper(0.0)
",
    ),
    (
        "awaiting_a_coroutine_takes_no_turn",
        "
main:
  - spawn: ticker(2)
    as: tick
  - await: value('value')
    as: got
  - print: '{got}'
  - await: tick
",
    ),
    (
        "awaiting_a_task_takes_one_hop",
        "
main:
  - spawn: ticker(6)
    as: tick
  - sleep: 0s
  - spawn: value('awaited')
    as: task
  - await: task
    as: got
  - print: '{got}'
  - await: tick
",
    ),
    (
        "awaiting_a_finished_task_takes_no_turn",
        "
main:
  - spawn: value('finished')
    as: task
  - spawn: ticker(4)
    as: tick
  - sleep: 0s
  - sleep: 0s
  - repeat: 2
    do:
      - await: task
        as: got
      - print: '{got}'
  - await: tick
",
    ),
    (
        "gather_takes_two_hops",
        "
main:
  - spawn: ticker(7)
    as: tick
  - sleep: 0s
  - gather: value(1), value(2)
    as: got
  - print: '{got}'
  - await: tick
",
    ),
    (
        "gather_of_gather_takes_three_hops",
        "
main:
  - spawn: ticker(8)
    as: tick
  - sleep: 0s
  - gather: gather(value(1), value(2)), value(3)
    as: got
  - print: '{got}'
  - await: tick
",
    ),
    (
        "a_kept_gather_wakes_those_who_await_it_in_order",
        "
  late(result):
    - sleep: 0s
    - sleep: 0s
    - return: result
  waiter(name, gathered):
    - await: gathered
      as: got
    - print: '{name} {got}'
  callback(future):
    - print: 'callback {future.result()}'
main:
  - let: both = gather(late(1), value(2))
  - spawn: waiter('first', both)
    as: first
  - spawn: ticker(6)
    as: tick
  - sleep: 0s
  - call: both.add_done_callback(callback)
  - spawn: waiter('second', both)
    as: second
  - print: 'done: {both.done()}'
  - gather: first, second, tick
  - await: both
    as: got
  - print: 'again {got}'
",
    ),
    (
        "gather_of_nothing",
        "
main:
  - spawn: ticker(4)
    as: tick
  - sleep: 0s
  - gather: '[]'
    as: got
  - print: '{got}'
  - await: tick
",
    ),
    (
        "gather_of_finished_tasks",
        "
main:
  - spawn: value(number) for number in range(2)
    as: tasks
  - spawn: ticker(6)
    as: tick
  - sleep: 0s
  - sleep: 0s
  - gather: tasks
    as: got
  - print: '{got}'
  - await: tick
",
    ),
    (
        "as_completed_takes_two_hops",
        "
main:
  - spawn: ticker(7)
    as: tick
  - sleep: 0s
  - as_completed: '[value(1)]'
    as: completed
    do:
      - await: completed
        as: got
      - print: '{got}'
  - await: tick
",
    ),
    (
        "as_completed_starts_in_the_order_given",
        "
  worker(number):
    - print: 'started {number}'
    - sleep: seconds(number % 3)
    - return: number
main:
  - as_completed: worker(number) for number in range(6)
    as: completed
    do:
      - await: completed
        as: got
      - print: 'completed {got}'
",
    ),
    (
        "as_completed_of_finished_tasks",
        "
main:
  - spawn: value(number) for number in range(6)
    as: tasks
  - sleep: 1s
  - as_completed: reversed(tasks)
    as: completed
    do:
      - await: completed
        as: got
      - print: '{got}'
",
    ),
    (
        "waiters_of_one_task_wake_in_the_order_of_waiting",
        "
  waiter(name, task):
    - await: task
    - print: '{name} heard of it'
main:
  - spawn: say('slept', 1)
    as: task
  - gather: waiter(name, task) for name in 'cab'
",
    ),
    (
        "a_block_holds_everyone_up",
        "
  blocker():
    - sleep: 0s
    - print: 'blocks at {now()}'
    - spawn: say('child', 0)
    - block: 3s
    - for: turn in range(2)
      do:
        - sleep: 0s
        - print: 'blocker {turn} at {now()}'
  beside():
    - sleep: 0s
    - print: 'ready in the same turn, at {now()}'
    - sleep: 0s
    - print: 'one turn later'
  sleeper(delay):
    - sleep: seconds(delay)
    - print: 'slept {delay} until {now()}'
main:
  - gather: blocker(), beside(), sleeper(3), sleeper(1), sleeper(2), sleeper(4)
",
    ),
    (
        "a_print_costs_after_its_effect",
        "
  speaker(name):
    - print: '{name} {now()}'
    - print: '{name} {now()}'
    - sleep: 250ms
    - print: '{name} {now()}'
main:
  - gather: speaker('a'), speaker('b')
",
    ),
];
