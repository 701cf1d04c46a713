//! Timers: when they are due, and in which order they fire.

/// Some sleepers are cancelled, spread over the heap, before the first is due.
macro_rules! cancelled_among_others {
    ($sleepers:literal, $lengths:literal, $cancelled:literal) => {
        concat!(
            "
main:
  - spawn: say(number, 10 + number * 5 % ",
            $lengths,
            ") for number in range(",
            $sleepers,
            ")
    as: tasks
  - sleep: 1s
  - for: number in ",
            $cancelled,
            "
    do:
      - call: tasks[number].cancel()
  - gather: tasks
    return_exceptions: true
"
        )
    };
}

pub(super) const PROBES: &[(&str, &str)] = &[
    (
        "equal_deadlines_of_four",
        "
main:
  - gather: say(number, 1) for number in range(4)
",
    ),
    (
        "equal_deadlines_of_ten_and_others",
        "
main:
  - gather: \"say(f'{number} at {delay}', delay) for number, delay in enumerate([3, 1, 2] * 5)\"
",
    ),
    (
        "equal_deadlines_reached_on_different_ways",
        "
  steps(name, lengths):
    - for: length in lengths
      do:
        - sleep: seconds(length)
    - print: '{name} {now()}'
main:
  - gather: \"steps('4', [4]), steps('1+3', [1, 3]), steps('2+2', [2, 2]), steps('1+1+2', [1, 1, 2]), steps('3+1', [3, 1])\"
",
    ),
    (
        "ten_tenths_are_not_one",
        "
  tenths():
    - repeat: 10
      do:
        - sleep: 100ms
    - print: 'ten tenths at {now()}'
main:
  - gather: say('one', 1.0), tenths()
",
    ),
    (
        "a_timer_beyond_a_year_fires",
        "
main:
  - sleep: seconds(40000000)
  - print: '{now()}'
  - gather: say('later', 0.5), say('sooner', 0.25)
  - print: '{now()}'
",
    ),
    (
        "cancelled_timers_stay_in_a_small_heap",
        cancelled_among_others!("60", "2", "[number for number in range(60) if number % 3]"),
    ),
    (
        "cancelled_timers_are_filtered_out_of_a_large_heap",
        cancelled_among_others!("154", "7", "[number for number in range(154) if number not in range(3, 154, 6)][:130]"),
    ),
    (
        "timers_are_filtered_once_more_than_half_are_cancelled",
        cancelled_among_others!("120", "7", "[number for number in range(120) if number % 2]"),
    ),
];
