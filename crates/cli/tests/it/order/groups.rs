//! Task groups and waits: the turns that they take, and the order in which they go through their tasks.

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "a_task_group_takes_two_hops",
        "
main:
  - spawn: ticker(7)
    as: tick
  - sleep: 0s
  - group: value(1), value(2)
  - print: 'group is over'
  - await: tick
",
    ),
    (
        "wait_takes_two_hops",
        "
main:
  - spawn: ticker(7)
    as: tick
  - sleep: 0s
  - spawn: value(1)
    as: task
  - await: wait([task])
    as: done, pending
  - print: '{len(done)} {len(pending)}'
  - await: tick
",
    ),
    (
        "a_failing_group_cancels_in_the_order_of_creation",
        "
  fail():
    - sleep: 1s
    - raise: ValueError('bad')
main:
  - try:
      - group:
        as: group
        do:
          - for: number in range(3)
            do:
              - call: group.create_task(say_cancelled(f'sibling {number}', sleep(9)))
          - call: group.create_task(fail())
          - for: number in range(3, 6)
            do:
              - call: group.create_task(say_cancelled(f'sibling {number}', sleep(9)))
    except:
      - on: ExceptionGroup
        as: problems
        do:
          - print: '{len(problems.exceptions)} failed at {now()}'
",
    ),
    (
        "wait_gives_its_sets_in_the_order_given",
        "
main:
  - spawn: say(str(number), 1 + number % 2) for number in range(6)
    as: tasks
  - let: name = dict([(tasks[number].get_name(), f'task {number}') for number in range(6)])
  - await: wait(reversed(tasks), return_when=FIRST_COMPLETED)
    as: done, pending
  - for: kind, some in [('done', done), ('pending', pending)]
    do:
      - print: '{kind} {[name[task.get_name()] for task in some]}'
  - await: wait(pending, timeout=0.5)
    as: done, pending
  - print: '{len(done)} {len(pending)} at {now()}'
  - await: wait(pending)
    as: done, pending
  - print: '{[name[task.get_name()] for task in done]} at {now()}'
",
    ),
    (
        "a_cancel_through_a_group",
        "
  grouper():
    - group: say_cancelled(name, sleep(9)) for name in 'abc'
main:
  - spawn: say_cancelled('grouper', grouper())
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
        "an_outer_cancel_while_a_child_fails",
        "
  fail():
    - sleep: 1s
    - raise: ValueError('child')
  slow_cleanup():
    - try:
        - sleep: 9s
      finally:
        - sleep: 2s
  grouper():
    - try:
        - group: fail(), slow_cleanup()
      except:
        - on: ExceptionGroup
          do:
            - print: 'the group failed at {now()}'
    - await: say_cancelled('grouper', sleep(1))
    - print: 'the cancel was lost'
main:
  - spawn: grouper()
    as: outer
  - sleep: 2s
  - call: outer.cancel()
  - await: wait([outer])
  - print: 'cancelled: {outer.cancelled()}'
",
    ),
];
