//! Seeds: integers of any size, as they stand in a scenario file.

use std::fmt;

/// No seed has more digits; Python's `int` refuses longer texts too.
const MAXIMUM_DIGITS: usize = 4300;

/// An integer of any size that seeds the generators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    is_negative: bool,
    /// The absolute value in words of 32 bits, the lowest first, without zeros at the end; none for zero.
    words: Vec<u32>,
}

/// What a text is instead of a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeedError {
    /// Something other than a decimal integer.
    NotAnInteger,
    /// An integer with more than 4300 digits.
    TooLong,
}

impl fmt::Display for SeedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnInteger => formatter.write_str("a seed is an integer, such as 444"),
            Self::TooLong => write!(formatter, "a seed has at most {MAXIMUM_DIGITS} digits"),
        }
    }
}

impl std::error::Error for SeedError {}

/// In decimal digits.
impl fmt::Display for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = self.words.clone();
        let mut digits = Vec::new();
        while !words.is_empty() {
            digits.push(pop_digit(&mut words));
        }
        let digits: String = digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
        formatter.pad_integral(!self.is_negative, "", if digits.is_empty() { "0" } else { &digits })
    }
}

/// Takes off the last decimal digit.
fn pop_digit(words: &mut Vec<u32>) -> u8 {
    let mut rest = 0_u64;
    for word in words.iter_mut().rev() {
        let value = rest << 32 | u64::from(*word);
        *word = (value / 10) as u32;
        rest = value % 10;
    }
    while words.last() == Some(&0) {
        words.pop();
    }
    rest as u8
}

impl Seed {
    /// The seed as a number, where it fits.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        let size = match *self.words.as_slice() {
            [] => 0,
            [low] => u64::from(low),
            [low, high] => u64::from(high) << 32 | u64::from(low),
            _ => return None,
        };
        let size = i64::try_from(size).ok()?;
        Some(if self.is_negative { -size } else { size })
    }

    /// Reads a decimal integer with an optional sign.
    ///
    /// # Errors
    ///
    /// [`SeedError`] when the text is anything else, or too long.
    pub(crate) fn parse(text: &str) -> Result<Self, SeedError> {
        let (is_negative, digits) = match text.as_bytes() {
            [b'-', digits @ ..] => (true, digits),
            [b'+', digits @ ..] | digits => (false, digits),
        };
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(SeedError::NotAnInteger);
        }
        if digits.len() > MAXIMUM_DIGITS {
            return Err(SeedError::TooLong);
        }
        let mut words = Vec::new();
        for digit in digits {
            push_digit(&mut words, digit - b'0');
        }
        Ok(Self { is_negative: is_negative && !words.is_empty(), words })
    }

    /// The absolute value in words of 32 bits, the lowest first, at least one: the key that CPython makes of a seed.
    pub(super) fn key(&self) -> &[u32] {
        if self.words.is_empty() { &[0] } else { &self.words }
    }

    /// The seed in 64 bits, for the streams of ChaCha: itself from 0 to 2^64 - 1, any other seed as a hash (FNV-1a of
    /// its sign and words), so that every seed is good and the usual ones are what they seem.
    pub(crate) fn folded(&self) -> u64 {
        match (self.is_negative, self.words.as_slice()) {
            (false, []) => 0,
            (false, [low]) => u64::from(*low),
            (false, [low, high]) => u64::from(*high) << 32 | u64::from(*low),
            (is_negative, words) => {
                let bytes = words.iter().flat_map(|word| word.to_le_bytes());
                let sign = if is_negative { b'-' } else { b'+' };
                std::iter::once(sign)
                    .chain(bytes)
                    .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
            }
        }
    }
}

impl From<i128> for Seed {
    fn from(value: i128) -> Self {
        let mut rest = value.unsigned_abs();
        let mut words = Vec::new();
        while rest != 0 {
            words.push(rest as u32);
            rest >>= 32;
        }
        Self { is_negative: value < 0, words }
    }
}

/// Appends a decimal digit to a number.
fn push_digit(words: &mut Vec<u32>, digit: u8) {
    let mut carry = u64::from(digit);
    for word in words.iter_mut() {
        let sum = u64::from(*word) * 10 + carry;
        *word = sum as u32;
        carry = sum >> 32;
    }
    if carry != 0 {
        words.push(carry as u32);
    }
}
