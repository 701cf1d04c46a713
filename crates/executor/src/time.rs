//! Virtual time: a point on the clock.

use crate::delay::{Delay, Ticks, seconds_to_nanos};
use std::fmt;

/// Set in a time that counts float seconds and is not below zero; the rest are the bits of the float.
const FLOAT: u64 = 1 << 63;
/// Times below this count nanoseconds; those from here to [`FLOAT`] are float seconds before the start.
const EARLY: u64 = 1 << 62;
/// The bits of 2^-511. What lies less than that before the start counts as that, and more than 2^513 s as that: one bit
/// of the exponent has no room.
const LEAST_EARLY: u64 = 512 << 52;
pub(crate) const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A point of virtual time, counted from the start of the run.
///
/// One number orders all times of a run. Under the tie rules `fifo`, `lifo` and `seeded` it counts nanoseconds (up to
/// 2^62, some 146 years). Under `heapq` it holds a float of seconds, as asyncio's `loop.time()` does; for floats that
/// are not negative the order of the bits is the order of the numbers, so that comparing stays one integer comparison.
/// A deadline may lie before the start there (`call_later(-1, ...)`), and comes before all others then.
/// Within a run all times are of one clock.
///
/// ```
/// use timeskip_executor::SimTime;
/// let time = SimTime::from_nanos(1_500_000_000);
/// assert_eq!(time.as_secs_f64(), 1.5);
/// assert_eq!(time.to_string(), "1.500");
/// assert!(time > SimTime::ZERO);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(u64);

impl SimTime {
    /// The start of a run whose clock counts nanoseconds.
    ///
    /// ```
    /// use timeskip_executor::SimTime;
    /// assert_eq!(SimTime::ZERO, SimTime::from_nanos(0));
    /// ```
    pub const ZERO: SimTime = SimTime(0);
    /// The start of a run whose clock counts float seconds.
    pub(crate) const ZERO_SECONDS: SimTime = SimTime(FLOAT);
    /// The last time that a run of any clock gets to. What ends later on a clock of nanoseconds, after some 146 years, ends at
    /// one single time after this: nobody may see that.
    pub(crate) const LAST: SimTime = SimTime(EARLY - 3);
    /// When an infinite delay ends on a clock of nanoseconds: later than any time that it reaches.
    pub(crate) const NEVER: SimTime = SimTime(EARLY - 1);

    /// The time that many nanoseconds after the start; more than 2^62 - 2 count as that.
    ///
    /// ```
    /// use timeskip_executor::SimTime;
    /// assert_eq!(SimTime::from_nanos(1_500_000_000).to_string(), "1.500");
    /// assert_eq!(SimTime::from_nanos(u64::MAX).as_nanos(), (1 << 62) - 2);
    /// ```
    pub const fn from_nanos(nanos: u64) -> SimTime {
        SimTime(if nanos < EARLY - 1 { nanos } else { EARLY - 2 })
    }

    /// The time that many seconds after the start on a clock of float seconds.
    #[inline]
    pub(crate) fn from_float_seconds(seconds: f64) -> SimTime {
        if seconds < 0.0 { SimTime::before_start(seconds) } else { SimTime(FLOAT | seconds.max(0.0).to_bits()) }
    }

    #[cold]
    fn before_start(seconds: f64) -> SimTime {
        let early = (-seconds).to_bits().saturating_sub(LEAST_EARLY);
        SimTime(FLOAT - 1 - early.min(FLOAT - 1 - EARLY))
    }

    /// The time at which a delay ends that began with the run, on a clock of nanoseconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::SimTime;
    /// assert_eq!(SimTime::after_start(Duration::from_secs(2)), SimTime::from_nanos(2_000_000_000));
    /// ```
    pub fn after_start(delay: impl Into<Delay>) -> SimTime {
        SimTime::ZERO.after(delay.into().ticks(SimTime::ZERO))
    }

    /// The time at which a clock shows that many seconds, as asyncio's `call_at` takes it; not below zero. Under every
    /// rule but `heapq` it is rounded to the nearest nanosecond where it is used.
    ///
    /// ```
    /// use timeskip_executor::SimTime;
    /// assert_eq!(SimTime::from_secs_f64(1.5).as_secs_f64(), 1.5);
    /// ```
    pub fn from_secs_f64(seconds: f64) -> SimTime {
        SimTime::from_float_seconds(seconds)
    }

    #[inline]
    pub(crate) fn is_float(self) -> bool {
        self.0 >= EARLY
    }

    fn is_before_start(self) -> bool {
        (EARLY..FLOAT).contains(&self.0)
    }

    /// The seconds since the start, as Python's `loop.time()` tells them.
    ///
    /// ```
    /// use timeskip_executor::SimTime;
    /// assert_eq!(SimTime::from_nanos(250_000_000).as_secs_f64(), 0.25);
    /// ```
    pub fn as_secs_f64(self) -> f64 {
        if self.is_before_start() {
            return -f64::from_bits(FLOAT - 1 - self.0 + LEAST_EARLY);
        }
        if self.is_float() { f64::from_bits(self.0 & !FLOAT) } else { self.0 as f64 / NANOS_PER_SECOND as f64 }
    }

    /// The whole nanoseconds since the start, to the nearest.
    ///
    /// ```
    /// use timeskip_executor::SimTime;
    /// assert_eq!(SimTime::after_start(std::time::Duration::from_millis(250)).as_nanos(), 250_000_000);
    /// ```
    #[inline]
    pub fn as_nanos(self) -> u64 {
        if self.is_float() { seconds_to_nanos(self.as_secs_f64()) } else { self.0 }
    }

    /// The time `delay` later; never beyond the clock's end.
    #[inline]
    pub(crate) fn after(self, delay: Ticks) -> SimTime {
        self.soon_after(delay).unwrap_or_else(|| self.long_after(delay))
    }

    /// As [`after`](SimTime::after) on a clock of nanoseconds, within its reach. None on a clock of float seconds, whose
    /// times have the highest bit set.
    #[inline]
    pub(crate) fn soon_after(self, delay: Ticks) -> Option<SimTime> {
        self.0.checked_add(delay.0).filter(|&end| end < SimTime::NEVER.0).map(SimTime)
    }

    /// As [`soon_after`](SimTime::soon_after), for a time on a clock of nanoseconds.
    #[inline]
    pub(crate) fn plainly_after(self, delay: Ticks) -> Option<SimTime> {
        // Ticks have 63 bits, and so have the nanoseconds of a time.
        let end = self.0.wrapping_add(delay.0);
        (end < SimTime::NEVER.0).then_some(SimTime(end))
    }

    fn long_after(self, delay: Ticks) -> SimTime {
        if self.is_float() {
            SimTime::from_float_seconds(self.as_secs_f64() + f64::from_bits(delay.0))
        } else {
            let end = if delay == Ticks::ENDLESS { SimTime::NEVER.0 } else { SimTime::NEVER.0 - 1 };
            SimTime(self.0.saturating_add(delay.0).min(end))
        }
    }

    /// Whether this is the end of a delay that never ends.
    #[inline]
    pub(crate) fn is_never(self) -> bool {
        if self.is_float() { self.as_secs_f64().is_infinite() } else { self == SimTime::NEVER }
    }

    /// The same time on the clock that `now` belongs to.
    #[inline]
    pub(crate) fn on_clock_of(self, now: SimTime) -> SimTime {
        match (self.is_float(), now.is_float()) {
            (false, true) => SimTime::from_float_seconds(self.as_secs_f64()),
            (true, false) => SimTime::from_nanos(self.as_nanos()),
            _ => self,
        }
    }

    /// The key by which timers are ordered: nanoseconds, or the bits of the seconds; for a time before the start, of
    /// which only a clock of float seconds has any, a number that is negative as an `i64`.
    #[inline]
    pub(crate) fn key(self) -> u64 {
        if self.is_before_start() { self.0.wrapping_sub(FLOAT) } else { self.0 & !FLOAT }
    }

    /// [`key`](SimTime::key) of a time on a clock of nanoseconds.
    #[inline]
    pub(crate) fn plain_key(self) -> u64 {
        self.0
    }

    /// The time on a clock of nanoseconds that has this key.
    #[inline]
    pub(crate) fn of_plain_key(key: u64) -> SimTime {
        SimTime(key)
    }

    /// The time of the same clock as `self` that has this key.
    #[inline]
    pub(crate) fn with_key(self, key: u64) -> SimTime {
        if key & FLOAT != 0 { SimTime(key.wrapping_add(FLOAT)) } else { SimTime(self.0 & FLOAT | key) }
    }
}

/// Seconds with three, six or nine decimals: as many as the nanoseconds need.
impl fmt::Display for SimTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.as_nanos();
        let (seconds, rest) = (nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
        if rest % 1_000_000 == 0 {
            write!(formatter, "{seconds}.{:03}", rest / 1_000_000)
        } else if rest % 1_000 == 0 {
            write!(formatter, "{seconds}.{:06}", rest / 1_000)
        } else {
            write!(formatter, "{seconds}.{rest:09}")
        }
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self} s")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn check(nanos: u64, shown: &str) {
        assert_eq!(SimTime::from_nanos(nanos).to_string(), shown);
        let seconds = SimTime::from_float_seconds(nanos as f64 / 1e9);
        assert_eq!(seconds.to_string(), shown, "the same on a clock of float seconds");
    }

    #[test]
    fn shows_as_many_decimals_as_it_needs() {
        check(0, "0.000");
        check(13_000_000_000, "13.000");
        check(23_010_000_000, "23.010");
        check(1_000_250_000, "1.000250");
        check(1, "0.000000001");
    }

    #[test]
    fn orders_float_seconds_as_their_bits() {
        let times = [0.0, 1e-9, 0.1 + 0.2, 0.3, 1.0, 1e9].map(SimTime::from_float_seconds);
        assert!(times[2] > times[3], "0.1 + 0.2 is later than 0.3");
        assert!(times[0] < times[1] && times[3] < times[4] && times[4] < times[5]);
    }

    #[test]
    fn adds_in_the_units_of_its_clock() {
        let tenth = Delay::from(Duration::from_millis(100));
        let mut float = SimTime::ZERO_SECONDS;
        let mut exact = SimTime::ZERO;
        for _ in 0..10 {
            float = float.after(tenth.ticks(float));
            exact = exact.after(tenth.ticks(exact));
        }
        assert_eq!(float.as_secs_f64(), 0.999_999_999_999_999_9, "as in Python");
        assert_eq!(exact.as_nanos(), 1_000_000_000);
    }

    #[test]
    fn never_wraps() {
        let late = SimTime::from_nanos(u64::MAX);
        assert!(late.after(Delay::from(Duration::MAX).ticks(late)) < SimTime::NEVER);
    }

    #[test]
    fn times_before_the_start_order_as_their_numbers_do() {
        let seconds = [-1e300, -1e9, -5.0, -1.0, -0.1, -1e-9, -1e-150, 0.0, 1e-300, 0.1, 1.0, 1e9];
        let times = seconds.map(SimTime::from_float_seconds);
        assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
        let keys = times.map(|time| time.key().cast_signed());
        assert!(keys.is_sorted_by(|earlier, later| earlier < later), "{keys:?}");
        for (time, seconds) in times.into_iter().zip(seconds).filter(|(_, seconds)| *seconds > -1e100) {
            assert_eq!(time.as_secs_f64().to_bits(), seconds.to_bits(), "{seconds}");
            assert_eq!(SimTime::ZERO_SECONDS.with_key(time.key()), time, "{seconds}");
        }
        assert!(times.into_iter().all(|time| time.is_float() && time > SimTime::NEVER));
    }
}
