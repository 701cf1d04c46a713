//! Callbacks of the loop, of tasks and of timers.

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "a_cancel_of_a_task_that_is_ready",
        "
  sleeps():
    - sleep: 1s
  worker():
    - await: say_cancelled('worker', sleeps())
    - print: 'worker went on'
  cancels(task):
    - print: 'cancel: {task.cancel()}'
main:
  - spawn: worker()
    as: task
  - call: call_at(1.0, cancels, task)
  - sleep: 2s
  - print: 'cancelled: {task.cancelled()}'
",
    ),
    (
        "a_fired_timer_wakes_its_task_a_turn_later",
        "
  note(text):
    - print: '{text}'
  callback():
    - print: 'callback at {now()}'
    - call: call_soon(note, 'made ready by the callback')
main:
  - call: call_later(1.0, callback)
  - spawn: say('sleeper', 1)
    as: sleeper
  - sleep: 0s
  - call: call_later(1.0, note, 'second callback')
  - await: sleeper
",
    ),
    (
        "a_nanosecond_is_the_same_time",
        "
  note(deadline):
    - print: '{deadline} at {now()}'
main:
  - for: deadline in [1.000000002, 1.0000000004, 1.0]
    do:
      - call: call_at(deadline, note, deadline)
  - sleep: 2s
",
    ),
    (
        "a_spawned_task_steps_in_the_next_turn",
        "
  note(task):
    - print: '{task.get_name()} child is done'
  parent(name):
    - print: '{name} spawns'
    - spawn: value(None)
      as: child
    - call: child.set_name(name)
    - call: child.add_done_callback(note)
    - sleep: 0s
    - print: '{name} goes on; child done: {child.done()}'
main:
  - gather: parent('a'), parent('b'), ticker(4)
",
    ),
    (
        "deadlines_in_the_past_keep_their_order",
        "
  note(deadline):
    - print: '{deadline}'
main:
  - sleep: 20s
  - for: deadline in [9, 3, 10, 7, 20, 7]
    do:
      - call: call_at(deadline, note, deadline)
  - sleep: 0s
  - print: 'main'
  - sleep: 1s
",
    ),
    (
        "timers_join_behind_what_is_ready",
        "
  note(text):
    - print: '{text}'
  note_soon():
    - call: call_soon(note, 'ready in the next turn')
main:
  - call: call_later(0, note, 'timer of 0 s')
  - call: call_soon(note, 'ready first')
  - call: call_soon(note_soon)
  - await: ticker(3)
",
    ),
];
