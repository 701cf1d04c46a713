//! The functions of Python's `random` module, as `Lib/random.py` of CPython 3.13 computes them from the bits of any
//! generator: the same draws in the same order, and the same errors. Here those that draw numbers; those that draw from
//! sequences stand in [`sequences`](super::sequences).

use std::f64::consts::TAU;
use std::num::NonZeroU64;

use super::error::DrawError;

/// What a generator gives to the distributions.
pub(crate) trait Bits {
    /// `bits` random bits, at most 64, as the low bits of the result.
    fn getrandbits(&mut self, bits: u32) -> u64;

    /// A float in `[0, 1)`, a multiple of 2^-53.
    fn random(&mut self) -> f64;

    /// The natural logarithm, in the generator's own arithmetic.
    fn ln(&self, x: f64) -> f64;

    /// The sine, in the generator's own arithmetic.
    fn sin(&self, x: f64) -> f64;

    /// The cosine, in the generator's own arithmetic.
    fn cos(&self, x: f64) -> f64;

    /// The second result of the last pair that [`gauss`] computed, until it is used.
    fn spare_gauss(&mut self) -> &mut Option<f64>;
}

/// CPython's `NV_MAGICCONST`, `4 * exp(-0.5) / sqrt(2.0)`, written out because `exp` differs between platforms.
const NORMAL_FACTOR: f64 = f64::from_bits(0x3ffb_72cd_3f33_1398);

/// `_randbelow`: a number below `bound`, by drawing as many bits as `bound` has until they are small enough.
#[inline]
pub(super) fn below(bits: &mut (impl Bits + ?Sized), bound: NonZeroU64) -> u64 {
    let width = bound.ilog2() + 1;
    loop {
        let drawn = bits.getrandbits(width);
        if drawn < bound.get() {
            return drawn;
        }
    }
}

/// `_randbelow` of 2^64, the width of the widest range of two ints: 65 bits, of which the highest must be zero.
fn below_two_to_64(bits: &mut (impl Bits + ?Sized)) -> u64 {
    loop {
        let drawn = bits.getrandbits(64);
        if bits.getrandbits(1) == 0 {
            return drawn;
        }
    }
}

/// A number of `count` of them from `start` on, in steps of `step`; none if `count` is not positive. The caller sees to
/// it that all of them are ints.
fn in_range(bits: &mut (impl Bits + ?Sized), start: i64, step: i64, count: i128) -> Option<i64> {
    if count <= 0 {
        return None;
    }
    let offset = match u64::try_from(count).ok().and_then(NonZeroU64::new) {
        Some(bound) => below(bits, bound),
        None => below_two_to_64(bits),
    };
    // What it wraps to is right, because the number itself lies in the range.
    Some(start.wrapping_add(step.wrapping_mul(offset as i64)))
}

/// `randint(low, high)`: an int from `low` to `high`, both included.
///
/// # Errors
///
/// `ValueError` when `low` is greater than `high`.
#[inline]
pub(crate) fn randint(bits: &mut (impl Bits + ?Sized), low: i64, high: i64) -> Result<i64, DrawError> {
    if let Some(width @ 0..) = high.checked_sub(low) {
        let bound = NonZeroU64::MIN.saturating_add(width.unsigned_abs());
        return Ok(low.wrapping_add(below(bits, bound) as i64));
    }
    randint_of_many(bits, low, high)
}

/// From none at all, or from more ints than half of them.
#[cold]
fn randint_of_many(bits: &mut (impl Bits + ?Sized), low: i64, high: i64) -> Result<i64, DrawError> {
    let stop = i128::from(high) + 1;
    let error = DrawError::EmptyRange { start: low, stop, step: None };
    in_range(bits, low, 1, stop - i128::from(low)).ok_or(error)
}

/// `randrange(start)`, `randrange(start, stop)` or `randrange(start, stop, step)`: one number of that range.
///
/// # Errors
///
/// `ValueError` when the range is empty or `step` is zero; `TypeError` for a step without a stop.
pub(crate) fn randrange(
    bits: &mut (impl Bits + ?Sized),
    start: i64,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<i64, DrawError> {
    let step = step.unwrap_or(1);
    let Some(stop) = stop else {
        if step != 1 {
            return Err(DrawError::MissingStop);
        }
        return in_range(bits, 0, 1, i128::from(start)).ok_or(DrawError::EmptyUpTo);
    };
    if step == 0 {
        return Err(DrawError::ZeroStep);
    }
    let distance = (i128::from(stop) - i128::from(start)) * i128::from(step.signum());
    let stride = i128::from(step.unsigned_abs());
    let count = (distance + stride - 1).div_euclid(stride);
    let shown_step = (step != 1).then_some(step);
    let error = DrawError::EmptyRange { start, stop: i128::from(stop), step: shown_step };
    in_range(bits, start, step, count).ok_or(error)
}

/// `uniform(low, high)`: a float between two ends, in either order.
pub(crate) fn uniform(bits: &mut (impl Bits + ?Sized), low: f64, high: f64) -> f64 {
    low + (high - low) * bits.random()
}

/// `gauss(mu, sigma)`: a normally distributed float. Two come at a time, and the second is kept for the next call.
pub(crate) fn gauss(bits: &mut (impl Bits + ?Sized), mu: f64, sigma: f64) -> f64 {
    let deviation = match bits.spare_gauss().take() {
        Some(spare) => spare,
        None => {
            let angle = bits.random() * TAU;
            let share = 1.0 - bits.random();
            let radius = (-2.0 * bits.ln(share)).sqrt();
            *bits.spare_gauss() = Some(bits.sin(angle) * radius);
            bits.cos(angle) * radius
        }
    };
    mu + deviation * sigma
}

/// `normalvariate(mu, sigma)`: a normally distributed float, by the ratio of uniform deviates (Kinderman and Monahan,
/// 1977).
pub(crate) fn normalvariate(bits: &mut (impl Bits + ?Sized), mu: f64, sigma: f64) -> f64 {
    loop {
        let first = bits.random();
        let second = 1.0 - bits.random();
        let deviation = NORMAL_FACTOR * (first - 0.5) / second;
        if deviation * deviation / 4.0 <= -bits.ln(second) {
            return mu + deviation * sigma;
        }
    }
}

/// `expovariate(rate)`: an exponentially distributed float, 1 / `rate` on average.
///
/// # Errors
///
/// `ZeroDivisionError` for a rate of zero; a number is drawn all the same, as in CPython.
pub(crate) fn expovariate(bits: &mut (impl Bits + ?Sized), rate: f64) -> Result<f64, DrawError> {
    let drawn = bits.random();
    if rate == 0.0 {
        return Err(DrawError::ZeroRate);
    }
    Ok(-bits.ln(1.0 - drawn) / rate)
}
