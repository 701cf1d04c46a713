//! Literal durations: `250ms`, `1m30s`.

use timeskip_executor::SimTime;

use super::ast::Range;
use super::error::{Parsed, SyntaxError, range};
use super::lexer::word_length;
use super::number::Decimal;

/// A literal duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Duration {
    /// Its length in seconds: the float nearest to what is written.
    pub seconds: f64,
    /// Its length in nanoseconds, where a part of one counts as a whole one.
    pub nanoseconds: u64,
}

impl Duration {
    /// No time at all.
    pub(crate) const ZERO: Duration = Duration { seconds: 0.0, nanoseconds: 0 };
}

/// The units, for messages.
pub(super) const UNIT_NAMES: &str = "`h`, `m`, `s`, `ms`, `us` and `ns`";

/// The units from large to small, in nanoseconds.
const UNITS: [(&str, u128); 6] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// What people write for the units.
const SYNONYMS: [(&str, &str); 6] = [
    ("h", "hr hrs hour hours H"),
    ("m", "min mins minute minutes Min"),
    ("s", "sec secs second seconds S Sec"),
    ("ms", "msec msecs milli millis millisecond milliseconds mS MS Ms"),
    ("us", "\u{b5}s \u{3bc}s usec usecs micro micros microsecond microseconds uS US"),
    ("ns", "nsec nsecs nano nanos nanosecond nanoseconds nS NS"),
];

/// Lengths are added up in these parts of a nanosecond, so that decimal fractions are exact.
const PARTS: u128 = 1_000_000_000_000_000_000;
const FRACTION_DIGITS: usize = 18;

/// A longer text than this many bytes is no duration with blanks.
const MOST_WORDS: usize = 100;

/// Reads the duration that begins at this byte with a digit: its value and its length in bytes.
pub(super) fn read(source: &str, start: usize) -> Parsed<(Duration, usize)> {
    let mut end = start;
    let mut total: u128 = 0;
    let mut smallest: Option<usize> = None;
    while source[end..].trim_start_matches('.').starts_with(|digit: char| digit.is_ascii_digit()) {
        let (number, at) = Decimal::read(source, end)?;
        let unit_start = end + number.text.len();
        let word = unit_word(&source[unit_start..]);
        let unit_at = range(unit_start, unit_start + word.len());
        end = unit_start + word.len();
        let index = unit_index(word, unit_at, number)?;
        let name = UNITS[index].0;
        if smallest.is_some_and(|smallest| index <= smallest) {
            return Err(SyntaxError::new(
                unit_at,
                format!("the unit `{name}` is out of order"),
                "larger or named before",
            )
            .help(format!("units go from large to small, each once: {UNIT_NAMES}")));
        }
        smallest = Some(index);
        let length = parts(number, UNITS[index].1, at)?;
        total = total.checked_add(length).ok_or_else(|| too_long(range(start, end)))?;
    }
    let nanoseconds =
        u64::try_from(total.div_ceil(PARTS)).ok().filter(|nanoseconds| *nanoseconds <= end_of_time().as_nanos());
    let nanoseconds = nanoseconds.ok_or_else(|| too_long(range(start, end)))?;
    Ok((Duration { seconds: seconds(total), nanoseconds }, end - start))
}

/// The letters behind a number: not the digits of the number that may follow (`1m30s`).
fn unit_word(text: &str) -> &str {
    let word = &text[..word_length(text)];
    &word[..word.find(|letter: char| letter.is_ascii_digit()).unwrap_or(word.len())]
}

fn unit_index(word: &str, at: Range, number: Decimal<'_>) -> Parsed<usize> {
    match UNITS.iter().position(|(name, _)| *name == word) {
        Some(index) => Ok(index),
        None if word.is_empty() => {
            Err(missing_unit(range(at.start as usize - number.text.len(), at.end as usize), number.text))
        }
        None => Err(unknown_unit(word, at, number.text)),
    }
}

/// The length of one number with its unit, exactly.
fn parts(number: Decimal<'_>, unit: u128, at: Range) -> Parsed<u128> {
    if number.exponent.is_some() {
        return Err(SyntaxError::new(at, "a duration with an exponent", "write it without `e`, in another unit"));
    }
    let fraction = number.fraction.unwrap_or_default().replace('_', "");
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > FRACTION_DIGITS {
        let label = format!("at most {FRACTION_DIGITS} digits after the point");
        return Err(SyntaxError::new(at, "a duration with too many digits", label));
    }
    let digits = number.whole.chars().chain(fraction.chars()).filter_map(|digit| digit.to_digit(10));
    let mut scale = PARTS;
    for _ in fraction.chars() {
        scale /= 10;
    }
    digits
        .map(u128::from)
        .try_fold(0_u128, |value, digit| value.checked_mul(10)?.checked_add(digit))
        .and_then(|value| value.checked_mul(unit)?.checked_mul(scale))
        .ok_or_else(|| too_long(at))
}

/// The float nearest to this many parts of a nanosecond: by way of the decimal text, because dividing by 1e9 would
/// round twice where the nanoseconds have more than 53 bits.
fn seconds(total: u128) -> f64 {
    let second = PARTS * 1_000_000_000;
    let text = format!("{}.{:027}", total / second, total % second);
    text.parse().expect("digits, a point and digits are a float")
}

/// What a clock of nanoseconds counts all later times as.
fn end_of_time() -> SimTime {
    SimTime::from_nanos(u64::MAX)
}

fn too_long(at: Range) -> Box<SyntaxError> {
    SyntaxError::new(at, "a duration beyond the end of time", "virtual time ends after 2**62 ns: 146 years")
}

/// The error for a number below zero.
pub(super) fn negative(at: Range) -> Box<SyntaxError> {
    SyntaxError::new(at, "a negative duration", "time only goes forward")
}

/// The error for a number of what?
pub(super) fn missing_unit(at: Range, number: &str) -> Box<SyntaxError> {
    let error = SyntaxError::new(at, "a duration without unit", "missing unit");
    if is_duration(&format!("{number}s")) {
        return error
            .help(format!("write `{number}s` or `{number}ms`; units are {UNIT_NAMES}"))
            .patch(at, format!("{number}s"));
    }
    // A unit alone would not mend it.
    let seconds: Option<f64> = number.replace('_', "").parse().ok();
    if seconds.is_some_and(|seconds| seconds > end_of_time().as_secs_f64()) {
        return too_long(at);
    }
    error.help(format!("write it in plain digits with its unit, as in `5s` or `0.25ms`; units are {UNIT_NAMES}"))
}

fn is_duration(text: &str) -> bool {
    read(text, 0).is_ok_and(|(_, length)| length == text.len())
}

/// The error for a duration in several words, `1m 30s`, from its first number to the end of the source; `None` where
/// they make no duration together.
pub(super) fn in_words(source: &str, start: u32) -> Option<Box<SyntaxError>> {
    let written = source.get(start as usize..)?.trim_end();
    if written.len() > MOST_WORDS {
        return None;
    }
    let whole: String = written.split_ascii_whitespace().collect();
    if !is_duration(&whole) {
        return None;
    }
    let at = range(start as usize, start as usize + written.len());
    Some(SyntaxError::new(at, "a blank in a duration", format!("write `{whole}`")).patch(at, whole))
}

/// The error for a word behind a number that is no unit of time.
pub(super) fn unknown_unit(word: &str, at: Range, number: &str) -> Box<SyntaxError> {
    let error =
        SyntaxError::new(at, format!("`{word}` is not a unit of time"), format!("expected one of {UNIT_NAMES}"));
    let meant = SYNONYMS.iter().find(|(_, words)| words.split(' ').any(|synonym| synonym == word));
    match (meant, word) {
        (Some((unit, _)), _) => error.help(format!("write `{number}{unit}`")).patch(at, *unit),
        (None, "d" | "day" | "days") => error.help("a day is `24h`"),
        (None, "M") => error.help(format!("write `{number}m` for minutes, `{number}ms` for milliseconds")),
        (None, "j" | "J") => error.help("there are no complex numbers in this language"),
        (None, "if" | "else" | "and" | "or" | "not" | "in" | "is" | "for") => {
            error.help(format!("a blank is missing between `{number}` and `{word}`")).patch(at, format!(" {word}"))
        }
        _ => error,
    }
}

/// Whether this word is a unit, or is often written for one.
pub(super) fn names_unit(word: &str) -> bool {
    let synonym = SYNONYMS.iter().any(|(_, words)| words.split(' ').any(|synonym| synonym == word));
    synonym || UNITS.iter().any(|(name, _)| *name == word)
}

/// The error for a number and a word with a blank between them: `5 s`, `5 parsecs`.
pub(super) fn detached_unit(number: &str, word: &str, at: Range) -> Box<SyntaxError> {
    if names_unit(word) {
        let unit = SYNONYMS.iter().find(|(_, words)| words.split(' ').any(|synonym| synonym == word));
        let unit = unit.map_or(word, |(unit, _)| unit);
        return SyntaxError::new(at, "a blank between a number and its unit", format!("write `{number}{unit}`"))
            .patch(at, format!("{number}{unit}"));
    }
    let error =
        SyntaxError::new(at, format!("`{word}` is not a unit of time"), format!("expected one of {UNIT_NAMES}"));
    error.help("write the unit directly after the number, as in `5s`")
}
