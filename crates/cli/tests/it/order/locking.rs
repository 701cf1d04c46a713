//! Locks, semaphores, events, conditions and barriers: who is let in, and when.

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "a_lock_is_not_overtaken",
        "
  worker(name, lock):
    - for: turn in range(2)
      do:
        - with: lock
          do:
            - print: '{name} {turn}'
            - sleep: 0s
main:
  - let: lock = Lock()
  - gather: worker(name, lock) for name in 'abc'
",
    ),
    (
        "a_free_lock_takes_no_turn",
        "
main:
  - let: lock = Lock()
  - spawn: ticker(2)
    as: tick
  - with: lock
    do:
      - print: 'locked'
  - await: tick
",
    ),
    (
        "a_semaphore_serves_in_order",
        "
  worker(name, semaphore):
    - for: turn in range(2)
      do:
        - with: semaphore
          do:
            - print: '{name} {turn}'
            - sleep: 1s
main:
  - let: semaphore = Semaphore(2)
  - gather: worker(name, semaphore) for name in 'abcd'
",
    ),
    (
        "an_event_wakes_in_the_order_of_waiting",
        "
  waiter(name, event):
    - await: event.wait()
    - print: '{name} woke'
main:
  - let: event = Event()
  - spawn: waiter(name, event) for name in 'cab'
    as: waiters
  - spawn: ticker(4)
    as: tick
  - sleep: 0s
  - call: event.set()
  - call: event.clear()
  - gather: tick, *waiters
",
    ),
    (
        "a_condition_wakes_who_waited_first",
        "
  waiter(name, condition):
    - with: condition
      do:
        - await: condition.wait()
        - print: '{name} woke'
main:
  - let: condition = Condition()
  - spawn: waiter(name, condition) for name in 'abc'
    as: waiters
  - spawn: ticker(8)
    as: tick
  - sleep: 0s
  - with: condition
    do:
      - call: condition.notify(2)
      - print: 'notified two'
  - sleep: 0s
  - with: condition
    do:
      - call: condition.notify_all()
      - print: 'notified all'
  - gather: tick, *waiters
",
    ),
    (
        "a_cancelled_waiter_passes_the_notification_on",
        "
  waiter(name, condition):
    - with: condition
      do:
        - await: condition.wait()
        - print: '{name} woke'
main:
  - let: condition = Condition()
  - spawn: waiter(name, condition) for name in 'ab'
    as: waiters
  - sleep: 0s
  - with: condition
    do:
      - call: condition.notify()
      - call: waiters[0].cancel()
  - sleep: 1s
  - print: '{[task.done() for task in waiters]}'
",
    ),
    (
        "a_barrier_lets_the_last_one_through_first",
        "
  worker(name, barrier):
    - print: '{name} arrives'
    - await: barrier.wait()
      as: place
    - print: '{name} passes with {place}'
main:
  - let: barrier = Barrier(3)
  - gather: ticker(5), *[worker(name, barrier) for name in 'abc']
",
    ),
];
