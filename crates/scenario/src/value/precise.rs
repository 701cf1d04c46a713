//! Powers in about twice the precision of a float, rounded once: the nearest float in all but a vanishing share of cases,
//! and the same one on every platform, which a platform's own `pow` is not.
//!
//! A number is an unevaluated sum of two floats; products and their exact errors come from a fused multiplication (Dekker
//! 1971; Ogita, Rump and Oishi 2005), sums and theirs from Knuth's two-sum.

/// The natural logarithm of 2.
const LN_2: Precise = Precise { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };
const ONE: Precise = Precise { high: 1.0, low: 0.0 };

/// `high + low`, where `low` is less than half a unit in the last place of `high`.
#[derive(Clone, Copy)]
struct Precise {
    high: f64,
    low: f64,
}

impl Precise {
    fn new(number: f64) -> Precise {
        Precise { high: number, low: 0.0 }
    }

    fn plus(self, other: Precise) -> Precise {
        let sum = self.high + other.high;
        let part = sum - self.high;
        let error = (self.high - (sum - part)) + (other.high - part);
        Precise::normal(sum, error + self.low + other.low)
    }

    fn times(self, other: Precise) -> Precise {
        let product = self.high * other.high;
        let error = self.high.mul_add(other.high, -product);
        Precise::normal(product, self.high.mul_add(other.low, self.low.mul_add(other.high, error)))
    }

    fn over(self, divisor: Precise) -> Precise {
        let high = self.high / divisor.high;
        let rest = self.plus(divisor.times(Precise::new(-high)));
        let low = rest.high / divisor.high;
        let rest = rest.plus(divisor.times(Precise::new(-low)));
        Precise::normal(high, low).plus(Precise::new(rest.high / divisor.high))
    }

    fn scaled(self, factor: f64) -> Precise {
        Precise { high: self.high * factor, low: self.low * factor }
    }

    fn negated(self) -> Precise {
        self.scaled(-1.0)
    }

    fn normal(high: f64, low: f64) -> Precise {
        let sum = high + low;
        Precise { high: sum, low: low - (sum - high) }
    }

    /// The number times a power of two, as a float.
    fn round(self, scale: i64) -> f64 {
        let scale = i32::try_from(scale.clamp(-2200, 2200)).expect("clamped");
        if self.high.abs() * power_of_two(scale) >= f64::MIN_POSITIVE && scale.abs() <= 1000 {
            return (self.high + self.low) * power_of_two(scale);
        }
        // Two steps, since 2**scale may be no float where the result is one. Among subnormal numbers the second step
        // rounds again.
        let half = scale / 2;
        (self.high + self.low) * power_of_two(half) * power_of_two(scale - half)
    }
}

/// 2**exponent, also beyond the floats: then infinite or zero.
fn power_of_two(exponent: i32) -> f64 {
    match exponent {
        1024.. => f64::INFINITY,
        -1022.. => f64::from_bits(((exponent + 1023) as u64) << 52),
        -1074..=-1023 => f64::from_bits(1 << (exponent + 1074)),
        _ => 0.0,
    }
}

/// A positive finite float as a mantissa from 1/2 to 1 and a power of two.
fn split(number: f64) -> (f64, i32) {
    const EXPONENT: u64 = 0x7ff << 52;
    // A subnormal number is brought among the normal ones first.
    let (number, shift) = if number < f64::MIN_POSITIVE { (number * power_of_two(54), -54) } else { (number, 0) };
    let exponent = ((number.to_bits() & EXPONENT) >> 52) as i32 - 1022;
    (number * power_of_two(-(exponent / 2)) * power_of_two(-(exponent - exponent / 2)), exponent + shift)
}

/// A positive finite base to a whole exponent, by squaring: exact where the result is short.
pub(super) fn whole_power(base: f64, exponent: i32) -> f64 {
    let (mantissa, scale) = split(base);
    let mut square = (Precise::new(mantissa), i64::from(scale));
    let mut result = (ONE, 0);
    let mut remaining = exponent.unsigned_abs();
    while remaining > 0 {
        if remaining % 2 == 1 {
            result = normal_product(result, square);
        }
        square = normal_product(square, square);
        remaining /= 2;
    }
    let (result, scale) = result;
    if exponent < 0 { ONE.over(result).round(-scale) } else { result.round(scale) }
}

/// A product with its mantissa brought back between 1/2 and 1.
fn normal_product((left, left_scale): (Precise, i64), (right, right_scale): (Precise, i64)) -> (Precise, i64) {
    let product = left.times(right);
    let (_, shift) = split(product.high);
    (product.scaled(power_of_two(-shift)), left_scale + right_scale + i64::from(shift))
}

/// A positive finite base to a finite exponent.
pub(super) fn broken_power(base: f64, exponent: f64) -> f64 {
    let logarithm = logarithm(base);
    // Far beyond what a float holds, where the product itself might overflow.
    if (logarithm.high * exponent).abs() > 2000.0 {
        return if logarithm.high * exponent > 0.0 { f64::INFINITY } else { 0.0 };
    }
    let (result, scale) = exponential(logarithm.times(Precise::new(exponent)));
    result.round(scale)
}

/// e to a power within -2000..2000, as a number near 1 and a power of two.
fn exponential(power: Precise) -> (Precise, i64) {
    const HALVINGS: i32 = 6;
    let scale = (power.high / LN_2.high).round();
    let reduced = power.plus(LN_2.times(Precise::new(-scale))).scaled(power_of_two(-HALVINGS));
    // Below 0.006, fifteen terms of the series reach beyond the precision. What is summed is e**x - 1, so that the
    // squarings do not lose what is small beside 1.
    let mut term = reduced;
    let mut sum = reduced;
    for number in 2..=15 {
        term = term.times(reduced).over(Precise::new(f64::from(number)));
        sum = sum.plus(term);
    }
    for _ in 0..HALVINGS {
        sum = sum.scaled(2.0).plus(sum.times(sum));
    }
    (ONE.plus(sum), scale as i64)
}

/// The natural logarithm of a positive finite float, by Halley's iteration on the exponential.
fn logarithm(number: f64) -> Precise {
    let (mut mantissa, mut scale) = split(number);
    if mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        scale -= 1;
    }
    let target = Precise::new(mantissa);
    let mut logarithm = Precise::new(2.0 * (mantissa - 1.0) / (mantissa + 1.0));
    // Each step cubes the error: from 4e-3 in three steps beyond the precision.
    for _ in 0..3 {
        let (power, shift) = exponential(logarithm);
        let power = power.scaled(power_of_two(shift as i32));
        let correction = target.plus(power.negated()).scaled(2.0).over(target.plus(power));
        logarithm = logarithm.plus(correction);
    }
    LN_2.times(Precise::new(f64::from(scale))).plus(logarithm)
}
