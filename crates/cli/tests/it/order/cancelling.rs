//! Cancelling: who is hit first, and when each level hears of it.

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "a_cancel_reaches_the_innermost_first",
        "
main:
  - spawn: say_cancelled('sleeper', sleep(9))
    as: sleeper
  - spawn: say_cancelled('middle', sleeper)
    as: middle
  - spawn: say_cancelled('outer', middle)
    as: outer
  - spawn: ticker(6)
    as: tick
  - sleep: 0s
  - call: outer.cancel()
  - print: 'cancel was called'
  - gather: outer, tick
    return_exceptions: true
",
    ),
    (
        "a_cancel_through_a_gather",
        "
  gatherer():
    - spawn: say_cancelled(name, sleep(9)) for name in 'abc'
      as: tasks
    - try:
        - gather: tasks
      except:
        - on: CancelledError
          do:
            - print: 'gatherer cancelled'
            - raise:
main:
  - spawn: gatherer()
    as: outer
  - spawn: ticker(8)
    as: tick
  - sleep: 0s
  - sleep: 0s
  - call: outer.cancel()
  - print: 'cancel was called'
  - gather: outer, tick
    return_exceptions: true
",
    ),
    (
        "a_kept_gather_is_cancelled_by_itself",
        "
  cleaner(name):
    - try:
        - sleep: 9s
      finally:
        - sleep: 0s
        - print: '{name} has cleaned up'
main:
  - let: both = gather(cleaner('a'), say_cancelled('b', sleep(9)))
  - spawn: ticker(7)
    as: tick
  - sleep: 0s
  - sleep: 0s
  - call: both.cancel('enough')
    as: cancelled
  - print: 'cancelled: {cancelled} {both.done()}'
  - try:
      - await: both
    except:
      - on: CancelledError
        as: error
        do:
          - print: '{error!r}'
  - call: both.cancel()
    as: cancelled
  - print: '{both.done()} {both.cancelled()} {both.exception()!r} {cancelled}'
  - await: tick
",
    ),
    (
        "a_cancel_through_a_gather_of_a_gather",
        "
  gatherer(inner):
    - let: both = gather(inner, say_cancelled('c', sleep(9)))
    - await: say_cancelled('gatherer', both)
main:
  - let: inner = gather(*[say_cancelled(name, sleep(9)) for name in 'ab'])
  - spawn: gatherer(inner)
    as: outer
  - spawn: ticker(8)
    as: tick
  - sleep: 0s
  - sleep: 0s
  - call: outer.cancel()
  - print: 'cancel was called'
  - gather: outer, tick
    return_exceptions: true
  - print: '{inner.done()} {inner.cancelled()}'
",
    ),
    (
        "a_cancel_before_the_first_step",
        "
main:
  - spawn: say('never', 0)
    as: task
  - call: task.cancel()
  - print: 'done: {task.done()}'
  - sleep: 0s
  - print: 'done: {task.done()} cancelled: {task.cancelled()}'
",
    ),
    (
        "a_cleanup_may_await",
        "
  worker():
    - try:
        - sleep: 9s
      finally:
        - sleep: 1s
        - print: 'cleaned up at {now()}'
main:
  - spawn: worker()
    as: task
  - sleep: 1s
  - call: task.cancel()
  - try:
      - await: task
    except:
      - on: CancelledError
        do:
          - print: 'main heard of it at {now()}'
",
    ),
    (
        "a_failure_in_a_gather_leaves_the_others",
        "
  fail():
    - sleep: 1s
    - raise: ValueError('bad')
main:
  - spawn: say('other went on', 2)
    as: other
  - try:
      - gather: fail(), other, value(1)
    except:
      - on: ValueError
        as: problem
        do:
          - print: 'main: {problem} at {now()} other done: {other.done()}'
  - await: other
",
    ),
    (
        // A task in place of a timer's callback: it cancels a turn later, which nothing here can tell.
        "a_gather_may_return_exceptions",
        "
  fail(delay):
    - sleep: seconds(delay)
    - raise: ValueError(f'bad {delay}')
  cancel_later(task):
    - sleep: 1s
    - call: task.cancel()
main:
  - spawn: sleep(9)
    as: cancelled
  - spawn: cancel_later(cancelled)
  - gather: fail(2), value(1), cancelled
    return_exceptions: true
    as: results
  - print: '{[repr(result) for result in results]}'
",
    ),
];
