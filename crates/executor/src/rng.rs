//! Random numbers whose bits never change: [`Rng`], a named stream of ChaCha8 with sampling of its own.
//!
//! General crates keep the right to change how they sample between releases, which would move every recorded run.
//! So only the cipher comes from a crate (ChaCha is fixed by its specification), and what is built upon it stands
//! here, fixed for ever:
//!
//! | step | algorithm |
//! |---|---|
//! | key | four outputs of SplitMix64 (Steele, Lea, Flood 2014) started at the seed, little endian |
//! | stream number | FNV-1a, 64 bits, of the bytes of the name |
//! | [`next_u64`](Rng::next_u64) | the next two words of the ChaCha8 key stream, the low one first |
//! | [`below`](Rng::below) | Lemire's multiplication with rejection (2019) |
//! | [`between`](Rng::between) | `low + below(high - low + 1)`; the full range takes one `next_u64` |
//! | [`unit`](Rng::unit) | the upper 53 bits, divided by 2^53 |
//! | [`shuffle`](Rng::shuffle) | Fisher-Yates from the end: `i` changes places with `below(i + 1)` |

use std::fmt;
use std::num::NonZeroU64;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A stream of random numbers that a seed and a name determine, the same on every platform and in every release.
///
/// Streams of one seed with different names are independent: what is drawn from one never shifts another.
///
/// ```
/// use timeskip_executor::Rng;
///
/// let mut producer = Rng::stream(7, "main/producer-0");
/// let mut again = Rng::stream(7, "main/producer-0");
/// let mut consumer = Rng::stream(7, "main/consumer-0");
/// let drawn = producer.next_u64();
/// assert_eq!(drawn, again.next_u64());
/// assert_ne!(drawn, consumer.next_u64());
/// ```
#[derive(Clone, Debug)]
pub struct Rng {
    words: ChaCha8Rng,
}

impl Rng {
    /// The stream called `name` of the seed `seed`, at its beginning.
    ///
    /// ```
    /// # use timeskip_executor::Rng;
    /// let mut first = |seed, name| Rng::stream(seed, name).next_u64();
    /// assert_eq!(first(7, "rain"), first(7, "rain"));
    /// assert_ne!(first(7, "rain"), first(7, "wind"));
    /// assert_ne!(first(7, "rain"), first(8, "rain"));
    /// ```
    #[must_use]
    pub fn stream(seed: u64, name: &str) -> Self {
        let mut state = seed;
        let mut key = [0; 32];
        for part in key.chunks_exact_mut(8) {
            part.copy_from_slice(&split_mix(&mut state).to_le_bytes());
        }
        let mut words = ChaCha8Rng::from_seed(key);
        words.set_stream(fnv1a(name.as_bytes()));
        Self { words }
    }

    /// The next 64 bits.
    ///
    /// ```
    /// # use timeskip_executor::Rng;
    /// assert_eq!(Rng::stream(0, "docs").next_u64(), 0x8de4_77b6_0cce_86fa);
    /// ```
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.words.next_u64()
    }

    /// A number from 0 up to, not including, `bound`, each equally likely.
    ///
    /// ```
    /// # use timeskip_executor::Rng;
    /// # use std::num::NonZeroU64;
    /// let six = NonZeroU64::new(6).unwrap();
    /// assert!(Rng::stream(1, "die").below(six) < 6);
    /// ```
    #[inline]
    pub fn below(&mut self, bound: NonZeroU64) -> u64 {
        let bound = bound.get();
        let mut product = u128::from(self.next_u64()) * u128::from(bound);
        if (product as u64) < bound {
            // The products below 2^64 mod bound are those that some results have more of than others.
            let surplus = bound.wrapping_neg() % bound;
            while (product as u64) < surplus {
                product = u128::from(self.next_u64()) * u128::from(bound);
            }
        }
        (product >> 64) as u64
    }

    /// A number from `low` to `high`, both included, each equally likely.
    ///
    /// # Errors
    ///
    /// [`EmptyRange`] when `low` is greater than `high`.
    ///
    /// ```
    /// # use timeskip_executor::{EmptyRange, Rng};
    /// let mut rng = Rng::stream(1, "die");
    /// let rolled = rng.between(1, 6)?;
    /// assert!((1..=6).contains(&rolled));
    /// assert_eq!(rng.between(3, 2), Err(EmptyRange { low: 3, high: 2 }));
    /// # Ok::<(), EmptyRange>(())
    /// ```
    pub fn between(&mut self, low: i64, high: i64) -> Result<i64, EmptyRange> {
        if low > high {
            return Err(EmptyRange { low, high });
        }
        // In wrapping arithmetic the width of the full range is 0, and every 64 bits are a result.
        let width = high.wrapping_sub(low).wrapping_add(1) as u64;
        let offset = match NonZeroU64::new(width) {
            Some(width) => self.below(width),
            None => self.next_u64(),
        };
        Ok(low.wrapping_add(offset as i64))
    }

    /// A float in `[0, 1)`: a multiple of 2^-53, each equally likely.
    ///
    /// ```
    /// # use timeskip_executor::Rng;
    /// let share = Rng::stream(1, "share").unit();
    /// assert!((0.0..1.0).contains(&share));
    /// ```
    #[inline]
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * STEP
    }

    /// Puts `items` into one of their permutations, each equally likely.
    ///
    /// ```
    /// # use timeskip_executor::Rng;
    /// let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
    /// Rng::stream(1, "order").shuffle(&mut order);
    /// assert_ne!(order, [0, 1, 2, 3, 4, 5, 6, 7]);
    /// order.sort();
    /// assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let choices = NonZeroU64::MIN.saturating_add(last as u64);
            items.swap(last, self.below(choices) as usize);
        }
    }
}

/// A range that holds no number, because its low end lies above its high end.
///
/// ```
/// # use timeskip_executor::{EmptyRange, Rng};
/// let empty = Rng::stream(1, "die").between(6, 1);
/// assert_eq!(empty, Err(EmptyRange { low: 6, high: 1 }));
/// assert_eq!(EmptyRange { low: 6, high: 1 }.to_string(), "no number lies between 6 and 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyRange {
    /// The low end asked for.
    pub low: i64,
    /// The high end asked for.
    pub high: i64,
}

impl fmt::Display for EmptyRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no number lies between {} and {}", self.low, self.high)
    }
}

impl std::error::Error for EmptyRange {}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_match_their_published_test_values() {
        // SplitMix64 from state 0, and FNV-1a of "" and "foobar", as their authors publish them.
        let mut state = 0;
        assert_eq!(split_mix(&mut state), 0xe220_a839_7b1d_cdaf);
        assert_eq!(split_mix(&mut state), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    // The figures of this test come from a separate implementation of the table above, in Python.
    #[test]
    fn the_first_values_are_fixed_for_ever() {
        let mut rng = Rng::stream(7, "main/producer-0");
        let words = [0x0d59_b551_4479_3a79, 0x965f_d4c5_8520_0960, 0xbed9_9852_f9fd_e0bc];
        assert_eq!(std::array::from_fn(|_| rng.next_u64()), words);
        let ten = NonZeroU64::new(10).expect("ten is not zero");
        assert_eq!(std::array::from_fn(|_| rng.below(ten)), [0, 7, 1, 4, 5, 2, 4, 7]);
        let near_zero = [1, 1, 1, 0, -1, -2, 3, 3].map(Ok);
        assert_eq!(std::array::from_fn(|_| rng.between(-3, 3)), near_zero);
        assert_eq!(rng.between(i64::MIN, i64::MAX), Ok(-7_841_716_872_457_011_869));
        let units = [0x3fd4_509e_7b13_4522, 0x3fb3_2e3f_f927_6680].map(f64::from_bits);
        assert_eq!(std::array::from_fn(|_| rng.unit()), units);
        let mut order = std::array::from_fn(|index| index);
        rng.shuffle(&mut order);
        assert_eq!(order, [1, 2, 0, 6, 4, 5, 7, 3]);
    }

    #[test]
    fn below_rejects_what_would_favour_some_results() {
        // Below 3 * 2^62 a quarter of all words must be drawn again, as four are here.
        let bound = NonZeroU64::new(3 << 62).expect("not zero");
        let mut rng = Rng::stream(3, "below");
        let drawn = [
            0x2e41_b1b2_2564_6317,
            0x4e8d_5fb6_3b79_3d2d,
            0x7e97_d8e6_6709_0c91,
            0x6673_e014_2304_29f1,
            0x6e15_89fd_25a6_6947,
            0x0531_cba1_e561_b053,
        ];
        assert_eq!(std::array::from_fn(|_| rng.below(bound)), drawn);
        assert_eq!(rng.next_u64(), 0x3eee_985f_8097_6309);
    }

    #[test]
    fn names_and_seeds_part_the_streams() {
        let first = |seed, name| Rng::stream(seed, name).next_u64();
        assert_ne!(first(1, "ties"), first(2, "ties"));
        assert_ne!(first(1, "ties"), first(1, "tie"));
        assert_ne!(first(1, ""), first(1, "ties"));
    }

    #[test]
    fn a_range_of_one_number_and_an_empty_one() {
        let mut rng = Rng::stream(5, "between");
        assert_eq!(rng.between(4, 4), Ok(4));
        assert_eq!(rng.between(i64::MAX, i64::MAX), Ok(i64::MAX));
        let empty = rng.between(1, 0).expect_err("nothing between 1 and 0");
        assert_eq!(empty.to_string(), "no number lies between 1 and 0");
    }
}
