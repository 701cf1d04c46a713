//! Sentence 2: which of several timers with one deadline fires first.

use std::collections::BTreeSet;

use timeskip_executor::{Simulation, TieRule};

use crate::support::{Program, check_under, observe};

/// Sleepers of the same second, each of which prints its number.
async fn equal_sleepers(program: Program, count: u32) {
    let tasks: Vec<_> = (0..count).map(|number| program.spawn(program.clone().say(number, 1.0))).collect();
    assert!(program.gather(tasks).await.is_ok());
}

#[test]
fn fifo_fires_first_what_was_scheduled_first() {
    check_under(TieRule::Fifo, |program| equal_sleepers(program, 8), &["0", "1", "2", "3", "4", "5", "6", "7"]);
}

#[test]
fn lifo_fires_first_what_was_scheduled_last() {
    check_under(TieRule::Lifo, |program| equal_sleepers(program, 8), &["7", "6", "5", "4", "3", "2", "1", "0"]);
}

#[test]
fn heapq_fires_in_the_order_of_cpython() {
    check_under(TieRule::Heapq, |program| equal_sleepers(program, 4), &["0", "2", "1", "3"]);
    check_under(TieRule::Heapq, |program| equal_sleepers(program, 8), &["0", "2", "6", "5", "7", "4", "1", "3"]);
}

#[test]
fn seeded_is_a_permutation_that_its_seed_decides() {
    let order =
        |seed| observe(Simulation::new().ties(TieRule::Seeded { seed }), |program| equal_sleepers(program, 8)).0;
    let all: BTreeSet<String> = (0..8).map(|number| number.to_string()).collect();
    let mut orders = BTreeSet::new();
    for seed in 0..20 {
        let lines = order(seed);
        assert_eq!(lines, order(seed), "the same seed, the same order");
        assert_eq!(lines.len(), 8);
        assert_eq!(lines.iter().cloned().collect::<BTreeSet<_>>(), all);
        orders.insert(lines);
    }
    assert!(orders.len() > 15, "different seeds give different orders");
}

/// Sleepers of 3, 1 and 2 seconds, five of each.
async fn three_lengths(program: Program) {
    let lengths = [3, 1, 2].repeat(5).into_iter().enumerate();
    let tasks: Vec<_> = lengths
        .map(|(number, length)| program.spawn(program.clone().say(format!("{number} at {length}"), f64::from(length))))
        .collect();
    assert!(program.gather(tasks).await.is_ok());
}

#[test]
fn the_shape_of_the_heap_decides_among_others() {
    let heapq = [
        "1 at 1", "13 at 1", "4 at 1", "10 at 1", "7 at 1", "2 at 2", "14 at 2", "5 at 2", "8 at 2", "11 at 2",
        "6 at 3", "9 at 3", "12 at 3", "0 at 3", "3 at 3",
    ];
    let fifo = [
        "1 at 1", "4 at 1", "7 at 1", "10 at 1", "13 at 1", "2 at 2", "5 at 2", "8 at 2", "11 at 2", "14 at 2",
        "0 at 3", "3 at 3", "6 at 3", "9 at 3", "12 at 3",
    ];
    check_under(TieRule::Heapq, three_lengths, &heapq);
    check_under(TieRule::Fifo, three_lengths, &fifo);
}

/// One instant, reached by different numbers of steps.
async fn different_ways(program: Program) {
    let ways: [(&str, &[u32]); 5] =
        [("4", &[4]), ("1+3", &[1, 3]), ("2+2", &[2, 2]), ("1+1+2", &[1, 1, 2]), ("3+1", &[3, 1])];
    let tasks = ways.map(|(name, lengths)| {
        program.task(|program| async move {
            for &length in lengths {
                program.pause(f64::from(length)).await;
            }
            program.print(name);
        })
    });
    assert!(program.gather(tasks).await.is_ok());
}

#[test]
fn an_instant_reached_on_different_ways() {
    check_under(TieRule::Heapq, different_ways, &["4", "1+1+2", "3+1", "1+3", "2+2"]);
    check_under(TieRule::Fifo, different_ways, &["4", "1+3", "2+2", "1+1+2", "3+1"]);
    check_under(TieRule::Lifo, different_ways, &["3+1", "2+2", "1+1+2", "1+3", "4"]);
}

/// Sleepers of a few different lengths; some are cancelled, spread over the heap, before the first is due.
async fn cancelled_among_others(program: Program, sleepers: u32, lengths: u32, cancelled: impl Fn(u32) -> bool) {
    let task = |number| program.spawn(program.clone().say(number, 10.0 + f64::from(number * 5 % lengths)));
    let tasks: Vec<_> = (0..sleepers).map(task).collect();
    program.pause(1.0).await;
    for (number, task) in (0..).zip(&tasks) {
        if cancelled(number) {
            assert!(task.cancel());
        }
    }
    assert!(program.gather_all(tasks).await.is_ok());
}

#[test]
fn cancelled_timers_stay_in_a_small_heap() {
    let expected = [
        "12", "54", "24", "48", "0", "42", "18", "36", "6", "30", "57", "51", "39", "3", "15", "27", "9", "33", "45",
        "21",
    ];
    check_under(TieRule::Heapq, |program| cancelled_among_others(program, 60, 2, |number| number % 3 != 0), &expected);
}

#[test]
fn cancelled_timers_are_filtered_out_of_a_large_heap() {
    let expected = [
        "63", "21", "147", "105", "45", "87", "129", "3", "69", "27", "153", "111", "135", "51", "93", "9", "75", "33",
        "117", "141", "15", "57", "99", "123", "81", "39",
    ];
    // CPython: 128 of 154 timers are cancelled, more than 100 and more than half.
    check_under(
        TieRule::Heapq,
        |program| cancelled_among_others(program, 154, 7, |number| number < 3 || number % 6 != 3),
        &expected,
    );
}
