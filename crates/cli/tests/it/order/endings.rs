//! How a run ends, and what still prints.

/// A generator that says when it is closed.
macro_rules! with_generator {
    ($main:literal) => {
        concat!(
            "
  generate(name, count):
    - try:
        - for: number in range(count)
          do:
            - yield: number
            - sleep: 1s
      finally:
        - print: '{name} is closed at {now()}'
        - sleep: 0s
        - print: '{name} has ended'
",
            $main
        )
    };
}

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "what_is_left_is_cancelled_in_the_order_of_creation",
        "
  worker(name, delay):
    - try:
        - sleep: 9s
      except:
        - on: CancelledError
          do:
            - print: '{name} cancelled at {now()}'
            - sleep: seconds(delay)
            - print: '{name} cleaned up at {now()}'
main:
  - spawn: worker('a', 2), worker('b', 0), worker('c', 1)
    as: tasks
  - spawn: say_cancelled('waits for a', tasks[0])
  - sleep: 1s
  - print: 'main returns'
",
    ),
    (
        "a_task_that_has_not_begun_when_main_returns",
        "
main:
  - spawn: ticker(5)
  - sleep: 0s
  - spawn: say_cancelled('late', sleep(1))
  - print: 'main returns'
",
    ),
    (
        "a_task_created_in_a_cleanup",
        "
  worker():
    - try:
        - sleep: 9s
      finally:
        - spawn: ticker(9)
        - sleep: 0s
        - print: 'cleaned up'
main:
  - spawn: worker()
  - sleep: 1s
",
    ),
    (
        "a_failure_of_main_cancels_the_rest",
        "
main:
  - spawn: say_cancelled('other', sleep(9))
  - sleep: 1s
  - print: 'main fails'
  - raise: ValueError('bad')
",
    ),
    (
        "a_failed_task_that_nobody_awaits",
        "
  fail():
    - raise: ValueError('unheard')
main:
  - spawn: fail()
    as: task
  - sleep: 1s
  - print: 'main returns; failed: {task.done()}'
",
    ),
    (
        // An empty queue in place of an event that nobody sets.
        "a_deadlock_prints_nothing_more",
        "
  worker():
    - try:
        - await: Queue().get()
      finally:
        - print: 'this is not printed'
main:
  - gather: worker(), say_cancelled('neither is this', Queue().get())
",
    ),
    (
        "a_generator_that_is_used_up",
        with_generator!(
            "
main:
  - async for: number in generate('generator', 2)
    do:
      - print: '{number}'
  - print: 'after the loop'
"
        ),
    ),
    (
        "a_generator_that_is_left_is_closed_by_a_task",
        with_generator!(
            "
main:
  - async for: number in generate('generator', 5)
    do:
      - print: '{number}'
      - if: number == 1
        do:
          - break:
  - print: 'after the loop at {now()}'
  - await: ticker(4)
"
        ),
    ),
    (
        "a_generator_that_is_closed_by_hand",
        with_generator!(
            "
main:
  - let: generator = generate('generator', 5)
  - async for: number in generator
    do:
      - print: '{number}'
      - break:
  - await: generator.aclose()
  - print: 'after aclose at {now()}'
"
        ),
    ),
    (
        "generators_that_are_open_when_main_returns",
        with_generator!(
            "
  keep(generators):
    - for: generator in generators
      do:
        - async for: number in generator
          do:
            - break:
main:
  - let: kept = [generate(name, 5) for name in 'abc']
  - await: keep(kept)
  - print: 'main returns'
  - return: kept
"
        ),
    ),
];
