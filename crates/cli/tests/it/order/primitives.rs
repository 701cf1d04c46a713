//! Queues: who is served, and when; and the list of all tasks.

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "a_queue_hands_over_in_one_hop",
        "
  get(name, queue):
    - await: queue.get()
      as: item
    - print: '{name} got {item}'
main:
  - let: queue = Queue()
  - spawn: get(name, queue) for name in 'abc'
    as: getters
  - spawn: ticker(5)
    as: tick
  - sleep: 0s
  - for: item in range(3)
    do:
      - call: queue.put_nowait(item)
  - print: 'put three'
  - gather: tick, *getters
",
    ),
    (
        "get_nowait_overtakes_a_woken_getter",
        "
  get(queue):
    - await: queue.get()
      as: item
    - print: 'getter got {item}'
main:
  - let: queue = Queue()
  - spawn: get(queue)
    as: getter
  - sleep: 0s
  - call: queue.put_nowait('first')
  - call: queue.get_nowait()
    as: item
  - print: 'overtaken by {item}'
  - sleep: 0s
  - call: queue.put_nowait('second')
  - await: getter
",
    ),
    (
        "a_full_queue_wakes_its_putters_in_order",
        "
  put(name, queue):
    - await: queue.put(name)
    - print: 'put {name}'
main:
  - let: queue = Queue(maxsize=1)
  - spawn: put(name, queue) for name in 'abc'
    as: putters
  - spawn: ticker(8)
    as: tick
  - repeat: 3
    do:
      - sleep: 0s
      - await: queue.get()
        as: item
      - print: 'got {item}'
  - gather: tick, *putters
",
    ),
    (
        "join_returns_a_hop_after_the_last_task_done",
        "
  consume(queue):
    - sleep: 1s
    - await: queue.get()
    - call: queue.task_done()
    - print: 'done'
main:
  - let: queue = Queue()
  - call: queue.put_nowait('item')
  - spawn: consume(queue)
    as: consumer
  - await: queue.join()
  - print: 'joined at {now()} consumer done: {consumer.done()}'
",
    ),
    (
        "priority_and_last_in_first_out_queues",
        "
main:
  - for: queue in [PriorityQueue(), LifoQueue()]
    do:
      - for: item in [5, 1, 4, 1, 3]
        do:
          - await: queue.put(item)
      - let: items = []
      - repeat: queue.qsize()
        do:
          - await: queue.get()
            as: item
          - call: items.append(item)
      - print: '{items}'
",
    ),
    (
        "a_cancelled_getter_is_skipped",
        "
  get(name, queue):
    - await: queue.get()
      as: item
    - print: '{name} got {item}'
main:
  - let: queue = Queue()
  - spawn: get(name, queue) for name in 'ab'
    as: getters
  - sleep: 0s
  - call: queue.put_nowait('item')
  - call: getters[0].cancel()
  - sleep: 1s
  - print: '{[task.done() for task in getters]} {queue.qsize()}'
",
    ),
    (
        // Tasks cannot be given names: they are named here by their place among those that were started.
        "all_tasks_in_the_order_of_creation",
        "
main:
  - let: tasks = []
  - for: number in range(4)
    do:
      - spawn: sleep(number)
        as: task
      - call: tasks.append(task)
  - sleep: 1500ms
  - let: me = current_task()
  - print: \"{['Task-1' if task == me else f'sleep {tasks.index(task)}' for task in all_tasks()]}\"
",
    ),
];
