//! CPython's draws and errors, and what parts the portable streams.

use std::fmt::Debug;

use super::distributions::*;
use super::python::PythonRandom;
use super::recorded::RECORDED;
use super::seed::SeedError;
use super::sequences::*;
use super::{DrawError, Random, Seed};

fn python(seed: &str) -> PythonRandom {
    PythonRandom::new(&Seed::parse(seed).expect("a seed"))
}

/// Draws as often as there are expected values, from a fresh generator.
#[track_caller]
fn check<T, const N: usize>(seed: &str, expected: [T; N], mut draw: impl FnMut(&mut PythonRandom) -> T)
where
    T: PartialEq + Debug,
{
    let mut bits = python(seed);
    let drawn: [T; N] = std::array::from_fn(|_| draw(&mut bits));
    assert_eq!(drawn, expected, "seed {seed}");
}

/// Checks a function that draws all its values at once.
#[track_caller]
fn check_all<T>(seed: &str, expected: &[T], draw: impl FnOnce(&mut PythonRandom) -> Vec<T>)
where
    T: PartialEq + Debug,
{
    assert_eq!(draw(&mut python(seed)), expected, "seed {seed}");
}

#[track_caller]
fn check_error<T: Debug>(drawn: Result<T, DrawError>, exception: &str, message: &str) {
    let error = drawn.expect_err("nothing to draw");
    assert_eq!((error.exception(), error.to_string().as_str()), (exception, message));
}

#[test]
fn the_documents_seeds() {
    let draw = |bits: &mut PythonRandom| randint(bits, 0, 10).expect("not empty");
    check("100", [2, 7, 7, 2, 6, 5, 6, 8, 1, 8], draw);
    check("444", [4, 4, 0, 4, 7, 4, 4, 8, 10, 7, 8, 4, 7, 1, 6, 9, 3, 9, 7, 10], draw);
    check("50", [7, 4, 5, 10, 3, 7, 5, 1], draw);
}

#[test]
fn ints_are_cpythons() {
    for recorded in &RECORDED {
        let mut widths = [0, 1, 7, 31, 32, 33, 40, 63, 64].into_iter();
        check(recorded.seed, recorded.getrandbits, |bits| bits.getrandbits(widths.next().expect("nine widths")));
        check(recorded.seed, recorded.randint.map(Ok), |bits| randint(bits, 0, 10));
        check(recorded.seed, recorded.randint_of_all.map(Ok), |bits| randint(bits, i64::MIN, i64::MAX));
        check(recorded.seed, recorded.randrange_down.map(Ok), |bits| randrange(bits, 10, Some(-10), Some(-3)));
        check(recorded.seed, recorded.randrange_up.map(Ok), |bits| randrange(bits, 3, Some(50), Some(7)));
        check(recorded.seed, recorded.randrange_of_one.map(Ok), |bits| randrange(bits, 100, None, None));
    }
}

#[test]
fn floats_are_cpythons_bit_for_bit() {
    for recorded in &RECORDED {
        check(recorded.seed, recorded.random, |bits| bits.random().to_bits());
        check(recorded.seed, recorded.uniform, |bits| uniform(bits, -2.5, 10.0).to_bits());
    }
}

/// These use the platform's logarithm, sine and cosine, so what was recorded with glibc holds there.
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
#[test]
fn floats_with_logarithms_are_cpythons_with_the_same_library() {
    for recorded in &RECORDED {
        check(recorded.seed, recorded.gauss, |bits| gauss(bits, 10.0, 2.0).to_bits());
        check(recorded.seed, recorded.normalvariate, |bits| normalvariate(bits, 10.0, 2.0).to_bits());
        check(recorded.seed, recorded.expovariate, |bits| expovariate(bits, 0.5).expect("a rate").to_bits());
    }
}

#[test]
fn indexes_are_cpythons() {
    for recorded in &RECORDED {
        let seed = recorded.seed;
        check(seed, recorded.choice.map(Ok), |bits| choice(bits, 9));
        check_all(seed, &recorded.choices, |bits| choices(bits, 9, None, 8).expect("nine"));
        check_all(seed, &recorded.choices_by_weight, |bits| {
            choices(bits, 4, Some(&[1.0, 0.0, 2.5, 3.0]), 12).expect("four")
        });
        check_all(seed, &recorded.choices_by_odd_weight, |bits| {
            choices(bits, 6, Some(&[3.0, -2.0, 4.0, -1.0, 0.5, 2.0]), 16).expect("six")
        });
        check_all(seed, &recorded.shuffle, |bits| {
            let mut items: Vec<usize> = (0..10).collect();
            shuffle(bits, &mut items);
            items
        });
        let sizes = [(21, 5), (22, 5), (85, 6), (86, 6), (1_000_000_000_000, 4)];
        for ((length, count), expected) in sizes.into_iter().zip(recorded.sample) {
            check_all(seed, expected, |bits| sample(bits, length, count).expect("enough"));
        }
    }
}

#[test]
fn a_range_of_one_number_still_draws() {
    // `randint(5, 5)` takes one word from the generator, as CPython's does: 3255389356 is the second after seed 0.
    let mut bits = python("0");
    assert_eq!(randint(&mut bits, 5, 5), Ok(5));
    assert_eq!(bits.getrandbits(32), 3_255_389_356);
}

#[test]
fn ends_of_the_ints_are_reached_without_overflow() {
    let mut bits = python("1");
    assert_eq!(randint(&mut bits, i64::MAX, i64::MAX), Ok(i64::MAX));
    assert_eq!(randrange(&mut bits, i64::MIN, Some(i64::MAX), Some(i64::MAX)).map(|drawn| drawn % 2), Ok(0));
    assert_eq!(randrange(&mut bits, i64::MAX, Some(i64::MIN), Some(i64::MIN)), Ok(i64::MAX));
}

#[test]
fn errors_are_cpythons() {
    let mut bits = python("0");
    let bits = &mut bits;
    check_error(randint(bits, 5, 3), "ValueError", "empty range in randrange(5, 4)");
    check_error(randrange(bits, 0, None, None), "ValueError", "empty range for randrange()");
    check_error(randrange(bits, 5, Some(9), Some(0)), "ValueError", "zero step for randrange()");
    check_error(randrange(bits, 5, Some(5), Some(1)), "ValueError", "empty range in randrange(5, 5)");
    check_error(randrange(bits, 5, Some(9), Some(-2)), "ValueError", "empty range in randrange(5, 9, -2)");
    check_error(randrange(bits, 5, None, Some(2)), "TypeError", "Missing a non-None stop argument");
    check_error(choice(bits, 0), "IndexError", "Cannot choose from an empty sequence");
    check_error(choices(bits, 0, None, 1), "IndexError", "list index out of range");
    check_error(choices(bits, 0, Some(&[]), 0), "IndexError", "list index out of range");
    let mismatch = "The number of weights does not match the population";
    check_error(choices(bits, 2, Some(&[1.0]), 1), "ValueError", mismatch);
    let nothing = "Total of weights must be greater than zero";
    check_error(choices(bits, 1, Some(&[0.0]), 0), "ValueError", nothing);
    let infinite = choices(bits, 2, Some(&[1.0, f64::INFINITY]), 1);
    check_error(infinite, "ValueError", "Total of weights must be finite");
    let too_large = "Sample larger than population or is negative";
    check_error(sample(bits, 1, 2), "ValueError", too_large);
    check_error(sample(bits, 1, -2), "ValueError", too_large);
    check_error(expovariate(bits, 0.0), "ZeroDivisionError", "float division by zero");
    assert_eq!(choices(bits, 0, None, 0), Ok(vec![]));
    assert_eq!(choices(bits, 1, None, -3), Ok(vec![]));
}

#[test]
fn the_size_of_a_result_is_bounded() {
    let mut bits = python("0");
    let message = "1000000000000 results in one call: at most 1048576";
    check_error(choices(&mut bits, 2, None, 1_000_000_000_000), "MemoryError", message);
    check_error(sample(&mut bits, usize::MAX, 1_000_000_000_000), "MemoryError", message);
    let mut random = Random::chacha(&Seed::from(1));
    check_error(random.token_hex(0, || "main".to_owned(), 1_000_000_000_000), "MemoryError", message);
    check_error(random.token_hex(0, || "main".to_owned(), -1), "ValueError", "negative argument not allowed");
}

#[test]
fn seeds_are_read_as_python_reads_ints() {
    let parsed = |text: &str| Seed::parse(text);
    assert_eq!(parsed("+444"), Ok(Seed::from(444)));
    assert_eq!(parsed("-0"), Ok(Seed::from(0)));
    assert_eq!(parsed("00018446744073709551616"), Ok(Seed::from(1 << 64)));
    assert_eq!(parsed("-170141183460469231731687303715884105728"), Ok(Seed::from(i128::MIN)));
    for text in ["", "-", "4.5", "0x10", " 4", "--4"] {
        assert_eq!(parsed(text), Err(SeedError::NotAnInteger), "{text:?}");
    }
    assert!(parsed(&"9".repeat(4300)).is_ok());
    assert_eq!(parsed(&"9".repeat(4301)), Err(SeedError::TooLong));
}

#[test]
fn folded_seeds_are_themselves_where_they_fit() {
    assert_eq!(Seed::from(0).folded(), 0);
    assert_eq!(Seed::from(444).folded(), 444);
    assert_eq!(Seed::from(i128::from(u64::MAX)).folded(), u64::MAX);
    let hashed = [-1, -444, 1 << 64, -(1 << 64)].map(|seed| Seed::from(seed).folded());
    assert_eq!(
        hashed,
        [1_506_243_043_368_540_329, 29_969_874_643_215, 3_306_102_456_177_592_379, 14_860_053_362_262_739_881]
    );
}

#[test]
fn portable_draws_are_fixed_for_ever() {
    let mut random = Random::chacha(&Seed::from(7));
    let bits = random.bits(3, || "main/producer-0".to_owned());
    let ints: [i64; 8] = std::array::from_fn(|_| randint(bits, 0, 10).expect("not empty"));
    assert_eq!(ints, [4, 4, 3, 6, 5, 3, 9, 2]);
    let floats = [
        bits.random(),
        uniform(bits, -2.5, 10.0),
        gauss(bits, 10.0, 2.0),
        gauss(bits, 10.0, 2.0),
        normalvariate(bits, 10.0, 2.0),
        expovariate(bits, 0.5).expect("a rate"),
    ];
    let expected = [
        0x3fed_9595_cc3a_dad8,
        0x4020_1095_a842_3f78,
        0x4025_c605_6339_6887,
        0x4025_98b6_be1a_f6c1,
        0x4021_68e2_7faf_b1dd,
        0x3fe6_06fc_9246_0193,
    ];
    assert_eq!(floats.map(f64::to_bits), expected);
    assert_eq!(bits.getrandbits(0), 0);
    assert_eq!(random.token_hex(3, || "main/producer-0".to_owned(), 5).expect("five bytes"), "adbcef2919");
}

#[test]
fn a_portable_draw_in_one_task_never_shifts_another() {
    let mut alone = Random::chacha(&Seed::from(7));
    let mut beside = Random::chacha(&Seed::from(7));
    beside.bits(0, || "main".to_owned()).random();
    beside.token_hex(1, || "main/one".to_owned(), 5).expect("five bytes");
    let expected = alone.bits(1, || "main/one".to_owned()).random();
    assert_eq!(beside.bits(1, || "main/one".to_owned()).random(), expected);
    assert_ne!(beside.bits(0, || "main".to_owned()).random(), expected);
    // The path decides, not the number.
    assert_eq!(beside.bits(9, || "main/one".to_owned()).random(), expected);
}

#[test]
fn pythons_generator_is_shared_and_tokens_leave_it_alone() {
    let mut random = Random::python(&Seed::from(444));
    let mut drawn = Vec::new();
    for task in [0, 1, 1, 0] {
        random.token_hex(task, || "main".to_owned(), 16).expect("sixteen bytes");
        drawn.push(randint(random.bits(task, || "main".to_owned()), 0, 10));
    }
    assert_eq!(drawn, [Ok(4), Ok(4), Ok(0), Ok(4)]);
}

#[test]
fn a_seed_is_shown_in_decimal_digits() {
    for text in ["0", "444", "-1", "4294967296", "-18446744073709551617", "123456789012345678901234567890"] {
        assert_eq!(Seed::parse(text).map(|seed| seed.to_string()), Ok(text.to_owned()));
    }
    assert_eq!(Seed::parse("+007").map(|seed| seed.to_string()), Ok("7".to_owned()));
}
