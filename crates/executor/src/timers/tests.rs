//! Each rule against a plain reference, under random programs and at the places that CPython's loop was observed.

use proptest::prelude::*;

use super::reference::{Listed, Loop};
use super::{Entry, TieRule, TimerId, Timers};
use crate::chunks::CHUNK;
use crate::rng::Rng;
use crate::time::SimTime;

/// One thing that a program does with its timers.
#[derive(Clone, Debug)]
enum Action {
    /// Arms a timer so much after now.
    Arm(u64),
    /// Arms several timers so much after now and close together: so many of a unit apart from that.
    ArmSome(u64, u32, Vec<u8>),
    /// Arms more timers than one chunk holds so much after now, so many of a unit apart, and again.
    ArmMany(u64, u32, usize),
    /// Arms a timer so much before now.
    ArmInThePast(u64),
    /// Cancels one of the timers armed so far.
    Cancel(prop::sample::Index),
    /// Time jumps to the earliest deadline, as when nothing is ready.
    Jump,
    /// The same, where the next timers are known, by those alone.
    JumpToFew,
    /// The same, where so many of the timers may be handled as they come.
    JumpAndHandle(usize),
    /// A step takes time.
    Consume(u64),
    /// The dead are dropped.
    Compact,
}

/// Lengths of every size, and so few digits that many are equal.
fn length() -> impl Strategy<Value = u64> {
    (0_u64..4, 0_u32..62).prop_map(|(digit, places)| digit << places)
}

fn actions(most: usize) -> impl Strategy<Value = Vec<Action>> {
    let short = 0_u64..6;
    // Such as lie in one bucket, as many as are sorted, and more.
    let some = (length(), 0_u32..30, prop::collection::vec(0_u8..100, 10..80));
    let many = (length(), 0_u32..30, 1_usize..5);
    let action = prop_oneof![
        6 => short.clone().prop_map(Action::Arm),
        6 => length().prop_map(Action::Arm),
        1 => some.prop_map(|(length, places, apart)| Action::ArmSome(length, places, apart)),
        1 => many.prop_map(|(length, places, apart)| Action::ArmMany(length, places, apart)),
        1 => length().prop_map(Action::ArmInThePast),
        4 => any::<prop::sample::Index>().prop_map(Action::Cancel),
        4 => Just(Action::Jump),
        4 => Just(Action::JumpToFew),
        4 => (0_usize..1000).prop_map(Action::JumpAndHandle),
        1 => short.prop_map(Action::Consume),
        1 => length().prop_map(Action::Consume),
        1 => Just(Action::Compact),
    ];
    prop::collection::vec(action, 0..most)
}

/// The time so much later on a clock of nanoseconds, which stops at its end.
fn later(now: u64, length: u64) -> u64 {
    now.saturating_add(length).min(SimTime::NEVER.plain_key())
}

/// The deadlines of the timers that are armed.
fn deadlines(action: &Action, now: u64) -> Vec<u64> {
    let some = |length: u64, apart: &mut dyn Iterator<Item = u64>, places: u32| {
        apart.map(|apart| later(later(now, length), apart << places)).collect()
    };
    match action {
        Action::Arm(length) => vec![later(now, *length)],
        Action::ArmInThePast(length) => vec![now.saturating_sub(*length)],
        Action::ArmSome(length, places, apart) => some(*length, &mut apart.iter().copied().map(u64::from), *places),
        Action::ArmMany(length, places, apart) => {
            some(*length, &mut (0..2 * CHUNK).map(|number| (number % apart) as u64), *places)
        }
        _ => Vec::new(),
    }
}

/// Jumps to `now`, and handles so many of the timers as they come; they are first in the batch thereafter.
fn jump_and_handle(timers: &mut Timers<usize>, now: u64, most: usize, batch: &mut Vec<usize>) {
    let mut handled = Vec::new();
    let handle = |due: &[Entry<usize>]| {
        let taken = due.len().min(most - handled.len());
        handled.extend(due[..taken].iter().map(|timer| timer.payload));
        taken
    };
    let count = timers.handle_due(now, handle, batch);
    batch.splice(0..0, handled);
    assert_eq!(count, batch.len());
}

/// Runs a program under a radix rule beside the reference; `arrange` does to a run what the rule should.
fn check_radix(
    rule: TieRule,
    actions: &[Action],
    mut arrange: impl FnMut(&mut Vec<usize>),
) -> Result<(), TestCaseError> {
    let mut timers = Timers::new(rule);
    let mut listed = Listed::default();
    let mut batch = Vec::new();
    for action in actions {
        for deadline in deadlines(action, listed.now) {
            timers.arm(deadline, listed.arm(deadline));
        }
        let earliest = listed.live().into_iter().min().map(|(deadline, _)| deadline);
        let now = match action {
            Action::Cancel(index) => {
                if !listed.is_live.is_empty() {
                    let number = index.index(listed.is_live.len());
                    listed.is_live[number] = false;
                }
                continue;
            }
            Action::Compact => {
                timers.compact(|number| listed.is_live[number]);
                prop_assert_eq!(timers.len(), listed.live().len());
                continue;
            }
            Action::Jump => {
                let next = timers.next_deadline(|number| listed.is_live[number]);
                prop_assert_eq!(next, earliest);
                earliest.unwrap_or(listed.now)
            }
            Action::JumpToFew => {
                timers.next_deadline(|number| listed.is_live[number]);
                let Some((first, others)) = timers.few().filter(|_| timers.are_in_order()) else { continue };
                let now = first.deadline;
                batch.push(first.payload);
                batch.extend(others.iter().take_while(|other| other.deadline == now).map(|other| other.payload));
                timers.forget_few(batch.len(), now);
                now
            }
            Action::JumpAndHandle(most) => {
                let next = timers.next_deadline(|number| listed.is_live[number]);
                let Some(now) = next.filter(|next| *next >= listed.now) else { continue };
                jump_and_handle(&mut timers, now, *most, &mut batch);
                now
            }
            Action::Consume(length) => later(listed.now, *length),
            _ => continue,
        };
        timers.begin_turn();
        timers.take_due(now, &mut batch);
        batch.retain(|&number| listed.is_live[number]);
        let mut runs = listed.take_due(now);
        runs.iter_mut().for_each(&mut arrange);
        prop_assert_eq!(&batch, &runs.concat());
        prop_assert!(timers.len() >= listed.live().len());
        batch.clear();
    }
    Ok(())
}

fn check_heapq(actions: &[Action], unit: f64) -> Result<(), TestCaseError> {
    let mut timers = Timers::new(TieRule::Heapq);
    let mut reference = Loop::default();
    let mut ids = Vec::new();
    let mut now = 0.0;
    for action in actions {
        match action {
            Action::Arm(length) | Action::ArmInThePast(length) => {
                let length = *length as f64 * unit;
                let when = match action {
                    Action::Arm(_) => now + length,
                    _ => f64::max(0.0, now - length),
                };
                ids.push(timers.arm(when.to_bits(), reference.heappush(when)));
                continue;
            }
            Action::ArmMany(..) => continue,
            Action::ArmSome(length, _, apart) => {
                for apart in apart {
                    let when = now + (*length as f64 + f64::from(*apart)) * unit;
                    ids.push(timers.arm(when.to_bits(), reference.heappush(when)));
                }
                continue;
            }
            Action::Cancel(index) => {
                if !ids.is_empty() {
                    let number = index.index(ids.len());
                    timers.cancel(ids[number]);
                    reference.cancel(number);
                }
                continue;
            }
            Action::Jump | Action::JumpToFew | Action::JumpAndHandle(_) | Action::Consume(_) | Action::Compact => {}
        }
        timers.begin_turn();
        reference.begin_turn();
        let next = timers.next_deadline(|_| unreachable!("heapq knows itself who is live"));
        prop_assert_eq!(next.map(f64::from_bits), reference.scheduled.first().map(|head| head.0));
        match action {
            Action::Consume(length) => now += *length as f64 * unit,
            _ => now = next.map_or(now, |next| f64::max(now, f64::from_bits(next))),
        }
        let mut batch = Vec::new();
        timers.take_due(now.to_bits(), &mut batch);
        prop_assert_eq!(batch, reference.take_due(now));
        prop_assert_eq!(timers.len(), reference.scheduled.len());
    }
    Ok(())
}

proptest! {
    #[test]
    fn fifo_is_a_stable_sort(actions in actions(200)) {
        check_radix(TieRule::Fifo, &actions, |_| {})?;
    }

    #[test]
    fn lifo_reverses_what_falls_due_together(actions in actions(200)) {
        check_radix(TieRule::Lifo, &actions, |run| run.reverse())?;
    }

    #[test]
    fn seeded_permutes_with_its_own_stream(actions in actions(200), seed: u64) {
        // Dead timers take part in the permutation, so without them it is known.
        let actions: Vec<_> =
            actions.into_iter().filter(|action| !matches!(action, Action::Cancel(_))).collect();
        let mut rng = Rng::stream(seed, "ties");
        check_radix(TieRule::Seeded { seed }, &actions, |run| rng.shuffle(run))?;
    }

    #[test]
    fn heapq_is_cpythons(actions in actions(1000)) {
        check_heapq(&actions, 0.25)?;
    }

    #[test]
    fn heapq_is_cpythons_about_the_resolution_of_the_clock(actions in actions(200)) {
        check_heapq(&actions, 4e-10)?;
    }
}

/// Arms timers of whole seconds under `heapq`, as `call_at` would.
fn armed(seconds: impl IntoIterator<Item = u32>) -> (Timers<usize>, Vec<TimerId>) {
    let mut timers = Timers::new(TieRule::Heapq);
    let arm = |(number, seconds)| timers.arm(f64::to_bits(f64::from(seconds)), number);
    let ids = seconds.into_iter().enumerate().map(arm).collect();
    (timers, ids)
}

/// Turns until no timer is left; `on_fire` may cancel others.
fn fire_all(timers: &mut Timers<usize>, mut on_fire: impl FnMut(usize, &mut Timers<usize>)) -> Vec<usize> {
    let mut fired = Vec::new();
    loop {
        timers.begin_turn();
        let Some(now) = timers.next_deadline(|_| true) else {
            return fired;
        };
        let start = fired.len();
        timers.take_due(now, &mut fired);
        for &number in &fired[start..] {
            on_fire(number, timers);
        }
    }
}

#[track_caller]
fn check_heapq_order(seconds: &[u32], expected: &[usize]) {
    let (mut timers, _) = armed(seconds.iter().copied());
    assert_eq!(fire_all(&mut timers, |_, _| {}), expected);
}

#[test]
fn equal_sleepers_leave_as_from_cpythons_heapq() {
    // Recorded from heappush and heappop of CPython 3.13.0.
    check_heapq_order(&[1; 8], &[0, 2, 6, 5, 7, 4, 1, 3]);
    check_heapq_order(&[1; 20], &[0, 2, 6, 14, 19, 18, 17, 16, 13, 15, 12, 11, 10, 9, 8, 5, 7, 4, 1, 3]);
    check_heapq_order(&[3, 1, 2, 3, 1, 2, 3, 1, 2, 1, 1, 3], &[1, 4, 9, 10, 7, 2, 5, 8, 11, 6, 0, 3]);
}

/// Zero, one or two seconds, without much of a pattern.
fn scattered(number: usize) -> u32 {
    (number * number % 11 % 3) as u32
}

#[test]
fn many_cancelled_timers_are_compacted_as_by_asyncios_loop() {
    // Recorded from the event loop of CPython 3.13.0: 154 timers, 130 of them cancelled; without the compaction the
    // rest leaves in another order. The loop held one more timer, the first, that stopped it.
    let survives = |number: usize| number % 6 == 3 && number < 144;
    let (mut timers, ids) = armed([9].into_iter().chain((0..154).map(|number| 1 + scattered(number))));
    for (number, id) in ids[1..].iter().enumerate() {
        if !survives(number) {
            timers.cancel(*id);
        }
    }
    timers.begin_turn();
    assert_eq!(timers.len(), 25);
    let expected =
        [39, 33, 3, 135, 69, 27, 129, 105, 99, 63, 93, 21, 9, 87, 141, 75, 123, 57, 111, 45, 15, 81, 51, 117];
    let fired = fire_all(&mut timers, |_, _| {});
    assert_eq!(fired[..24].iter().map(|number| number - 1).collect::<Vec<_>>(), expected);
}

/// Arms `count` timers, cancels the last `cancelled` of them, and begins a turn.
#[track_caller]
fn check_compaction(count: usize, cancelled: usize, left: usize) -> Timers<usize> {
    let (mut timers, ids) = armed((0..count).map(|_| 1));
    ids[count - cancelled..].iter().for_each(|id| timers.cancel(*id));
    timers.begin_turn();
    assert_eq!(timers.len(), left, "{cancelled} of {count} cancelled");
    timers
}

#[test]
fn a_compaction_takes_more_than_a_hundred_timers_and_more_than_half_of_them() {
    check_compaction(100, 99, 100);
    check_compaction(101, 50, 101);
    let mut timers = check_compaction(101, 51, 50);
    // Thereafter the count starts at zero again.
    let ids: Vec<_> = (0..51).map(|number| timers.arm(2.0_f64.to_bits(), number)).collect();
    ids[..26].iter().for_each(|id| timers.cancel(*id));
    timers.begin_turn();
    assert_eq!(timers.len(), 101);
}

#[test]
fn cancelled_timers_that_were_due_still_count() {
    // Recorded likewise. The first timer hides 59 cancelled ones that fall due with it; it cancels ten more, and only
    // because the 59 are still counted does the next turn compact the 111 timers left.
    let seconds = (0..170).map(|number| if number < 60 { 1 } else { 2 + scattered(number) });
    let (mut timers, ids) = armed([9].into_iter().chain(seconds));
    ids[2..61].iter().for_each(|id| timers.cancel(*id));
    let mut fired = fire_all(&mut timers, |number, timers| {
        if number == 1 {
            (60..170).filter(|number| number % 11 == 5).for_each(|number| timers.cancel(ids[number + 1]));
        }
    });
    fired.iter_mut().for_each(|number| *number = number.saturating_sub(1));
    let expected = [
        0, 143, 72, 138, 154, 77, 61, 66, 132, 129, 63, 168, 121, 157, 69, 118, 162, 116, 110, 113, 151, 105, 107, 124,
        102, 99, 146, 96, 149, 94, 135, 88, 91, 140, 127, 83, 80, 165, 85, 160, 74, 112, 76, 155, 167, 163, 64, 156,
        79, 164, 142, 111, 123, 109, 108, 101, 98, 144, 153, 152, 100, 67, 65, 134, 97, 131, 89, 145, 90, 166, 68, 75,
        141, 120, 86, 133, 87, 130, 119, 78, 122, 150, 161, 103, 106, 169, 62, 95, 114, 139, 73, 158, 117, 147, 136,
        128, 70, 92, 84, 81, 125,
    ];
    assert_eq!(fired[..101], expected);
}

#[test]
fn a_cancel_of_a_fired_timer_spares_the_one_that_took_its_slot() {
    let (mut timers, ids) = armed([1]);
    assert_eq!(fire_all(&mut timers, |_, _| {}), [0]);
    timers.arm(2.0_f64.to_bits(), 1);
    timers.cancel(ids[0]);
    assert_eq!(fire_all(&mut timers, |_, _| {}), [1]);
}

#[test]
fn a_million_cancelled_timers_do_not_stay() {
    let mut timers = Timers::new(TieRule::Fifo);
    let is_live = |number: u32| number == 0;
    timers.arm(SimTime::NEVER.plain_key(), 0);
    let mut longest = 0;
    for number in 1..=1_000_000 {
        let id = timers.arm(1 << 40 | u64::from(number), number);
        timers.cancel(id);
        if timers.wants_compaction() {
            timers.compact(is_live);
        }
        longest = longest.max(timers.len());
    }
    assert!(longest <= 1026, "{longest} timers held");
    assert_eq!(timers.next_deadline(is_live), Some(SimTime::NEVER.plain_key()));
    assert_eq!(timers.len(), 1);
}

#[test]
fn whoever_asks_for_the_next_deadline_may_still_arm_an_earlier_one() {
    let mut timers = Timers::new(TieRule::Fifo);
    timers.arm(1_000_000, "late");
    assert_eq!(timers.next_deadline(|_| true), Some(1_000_000));
    timers.arm(999_999, "early");
    assert_eq!(timers.next_deadline(|_| true), Some(999_999));
    let mut batch = Vec::new();
    timers.take_due(5, &mut batch);
    assert_eq!(batch, Vec::<&str>::new());
    timers.arm(3, "past");
    assert_eq!(timers.next_deadline(|_| true), Some(5));
    timers.take_due(u64::MAX, &mut batch);
    assert_eq!(batch, ["past", "early", "late"]);
}
