//! Time limits, shields, and the count of cancels.

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "a_cancel_that_is_swallowed",
        "
  stubborn():
    - try:
        - sleep: 5s
      except:
        - on: CancelledError
          do:
            - print: 'swallowed; cancelling: {current_task().cancelling()}'
    - sleep: 1s
    - print: 'went on until {now()} uncancel: {current_task().uncancel()}'
main:
  - spawn: stubborn()
    as: task
  - sleep: 1s
  - call: task.cancel()
  - await: task
  - print: 'cancelled: {task.cancelled()}'
",
    ),
    (
        "two_cancels_in_one_turn_are_one",
        "
  stubborn():
    - repeat: 2
      do:
        - try:
            - sleep: 5s
            - print: 'slept until {now()}'
          except:
            - on: CancelledError
              do:
                - print: 'cancelled; cancelling: {current_task().cancelling()}'
main:
  - spawn: stubborn()
    as: task
  - sleep: 1s
  - print: '{task.cancel()} {task.cancel()} {task.cancelling()}'
  - await: task
",
    ),
    (
        "a_shield_keeps_the_inner_task",
        "
main:
  - spawn: say('inner went on', 2)
    as: inner
  - spawn: say_cancelled('outer', shield(inner))
    as: outer
  - sleep: 1s
  - call: outer.cancel()
  - sleep: 0s
  - print: 'outer: {outer.cancelled()} inner: {inner.done()}'
  - await: inner
    as: result
  - print: '{result}'
",
    ),
    (
        "shield_takes_two_hops",
        "
main:
  - spawn: ticker(7)
    as: tick
  - sleep: 0s
  - await: shield(value('shielded'))
    as: result
  - print: '{result}'
  - await: tick
",
    ),
    (
        "wait_for_a_coroutine_takes_no_hop",
        "
main:
  - spawn: ticker(5)
    as: tick
  - sleep: 0s
  - await: wait_for(value('in time'), 1)
    as: result
  - print: '{result}'
  - await: tick
",
    ),
    (
        "wait_for_a_task_due_at_the_same_instant",
        "
main:
  - spawn: say('slept', 1)
    as: task
  - sleep: 0s
  - try:
      - await: wait_for(task, 1)
        as: result
      - print: '{result}'
    except:
      - on: TimeoutError
        do:
          - print: 'too late at {now()} cancelled: {task.cancelled()}'
",
    ),
    (
        "a_timeout_at_the_instant_of_completion_wins",
        "
  guarded(name, delay):
    - try:
        - timeout: 1s
          do:
            - sleep: seconds(delay)
        - print: '{name} in time'
      except:
        - on: TimeoutError
          do:
            - print: '{name} too late at {now()}'
main:
  - gather: guarded('shorter', 0.5), guarded('equal', 1), guarded('longer', 2)
",
    ),
    (
        "a_timeout_at_the_instant_of_a_put_leaves_the_item",
        "
  put(queue):
    - sleep: 1s
    - call: queue.put_nowait('item')
    - print: 'put at {now()}'
main:
  - let: queue = Queue()
  - spawn: put(queue)
    as: putter
  - sleep: 0s
  - try:
      - timeout: 1s
        do:
          - await: queue.get()
            as: item
          - print: 'got {item}'
    except:
      - on: TimeoutError
        do:
          - print: 'too late at {now()} with {queue.qsize()} in the queue'
  - await: putter
  - print: '{queue.qsize()} in the queue'
",
    ),
    (
        "a_timeout_that_is_not_later_than_now",
        "
  guarded(delay):
    - try:
        - timeout: seconds(delay)
          do:
            - print: '{delay}: body begins'
            - sleep: 0s
            - print: '{delay}: one turn later'
            - sleep: 0s
            - print: '{delay}: two turns later'
      except:
        - on: TimeoutError
          do:
            - print: '{delay}: timed out'
main:
  - gather: ticker(4), guarded(0), guarded(-1)
",
    ),
    (
        "nested_timeouts_due_together",
        "
main:
  - try:
      - timeout: 1s
        do:
          - try:
              - timeout: 1s
                do:
                  - sleep: 5s
            except:
              - on: TimeoutError
                do:
                  - print: 'inner at {now()}'
                  - sleep: 0s
                  - print: 'after the inner one'
    except:
      - on: TimeoutError
        do:
          - print: 'outer at {now()}'
",
    ),
];
