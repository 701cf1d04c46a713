//! Virtual time: a point on the clock, and a delay in front of one.

use std::fmt;
use std::time::Duration;

/// Set in a time that counts float seconds and is not below zero; the rest are the bits of the float.
const FLOAT: u64 = 1 << 63;
/// Times below this count nanoseconds; those from here to [`FLOAT`] are float seconds before the start.
const EARLY: u64 = 1 << 62;
/// The bits of 2^-511. What lies less than that before the start counts as that, and more than 2^513 s as that: one bit
/// of the exponent has no room.
const LEAST_EARLY: u64 = 512 << 52;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

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
    fn is_float(self) -> bool {
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

/// 2^52: from here to 2^53 floats are the whole numbers, and count up with their bits.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// To the nearest, ties to even; only an infinite number of seconds never ends.
#[inline]
fn seconds_to_nanos(seconds: f64) -> u64 {
    let nanos = seconds * NANOS_PER_SECOND as f64;
    if (0.0..WHOLE).contains(&nanos) {
        // The sum is rounded as the result is to be, and needs no conversion.
        return (nanos + WHOLE).to_bits() - WHOLE.to_bits();
    }
    seconds_to_many_nanos(seconds)
}

#[cold]
fn seconds_to_many_nanos(seconds: f64) -> u64 {
    let nanos = (seconds * NANOS_PER_SECOND as f64).round_ties_even() as u64;
    if seconds.is_infinite() { nanos.min(Ticks::ENDLESS.0) } else { nanos.min(Ticks::LONGEST) }
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

/// How long to sleep or to block: a [`Duration`], or float seconds as asyncio takes them.
///
/// Float seconds become nanoseconds by rounding to the nearest, ties to even, except under the `heapq` rule, whose
/// clock counts float seconds itself. Seconds below zero count as zero; NaN is refused.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Delay;
/// assert_eq!(Delay::from_secs_f64(0.25), Ok(Delay::from(Duration::from_millis(250))));
/// assert!(Delay::from_secs_f64(f64::NAN).is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Delay(Amount);

#[derive(Clone, Copy, Debug)]
enum Amount {
    Exact(Duration),
    Seconds(f64),
}

/// A delay that is not a number.
///
/// ```
/// use timeskip_executor::{Delay, InvalidDelay};
/// assert_eq!(Delay::from_secs_f64(f64::NAN), Err(InvalidDelay));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDelay;

impl fmt::Display for InvalidDelay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Invalid delay: NaN (not a number)")
    }
}

impl std::error::Error for InvalidDelay {}

impl Delay {
    /// No delay: gives up the turn, nothing more.
    ///
    /// ```
    /// use timeskip_executor::{Delay, SimTime, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let task = sim.spawn(async {});
    ///     sim.sleep(Delay::ZERO).await;
    ///     (task.done(), sim.now())
    /// });
    /// assert_eq!(run.output, Some((true, SimTime::ZERO)));
    /// ```
    pub const ZERO: Delay = Delay(Amount::Exact(Duration::ZERO));

    /// A delay of that many seconds.
    ///
    /// # Errors
    /// [`InvalidDelay`] when `seconds` is NaN.
    ///
    /// An infinite delay never ends; one below zero is none.
    ///
    /// ```
    /// use timeskip_executor::{Delay, Simulation};
    /// assert_eq!(Delay::from_secs_f64(-1.0), Ok(Delay::ZERO));
    /// let run = Simulation::new().run(|sim| async move {
    ///     sim.sleep(Delay::from_secs_f64(0.75)?).await;
    ///     Ok::<_, timeskip_executor::InvalidDelay>(sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some(Ok(0.75)));
    /// ```
    #[inline]
    pub fn from_secs_f64(seconds: f64) -> Result<Delay, InvalidDelay> {
        if seconds.is_nan() { Err(InvalidDelay) } else { Ok(Delay(Amount::Seconds(seconds))) }
    }

    /// The deadline of a timer that is armed now. One below zero lies in the past and keeps its place there in the
    /// order of a clock of float seconds.
    pub(crate) fn deadline(self, now: SimTime) -> SimTime {
        match self.0 {
            Amount::Seconds(seconds) if seconds < 0.0 && now.is_float() => {
                SimTime::from_float_seconds(now.as_secs_f64() + seconds)
            }
            _ => now.after(self.ticks(now)),
        }
    }

    /// In the units of the clock that `start` belongs to.
    #[inline]
    pub(crate) fn ticks(self, now: SimTime) -> Ticks {
        match (self.0, now.is_float()) {
            (Amount::Exact(duration), false) => Ticks(saturating_nanos(duration)),
            (Amount::Exact(duration), true) => Ticks(duration.as_secs_f64().to_bits()),
            (Amount::Seconds(seconds), true) => Ticks(seconds.max(0.0).to_bits()),
            (Amount::Seconds(seconds), false) => Ticks(seconds_to_nanos(seconds)),
        }
    }
}

#[inline]
fn saturating_nanos(duration: Duration) -> u64 {
    // A century and more.
    if duration.as_secs() < 1 << 32 {
        duration.as_secs() * NANOS_PER_SECOND + u64::from(duration.subsec_nanos())
    } else {
        u64::try_from(duration.as_nanos()).map_or(Ticks::LONGEST, |nanos| nanos.min(Ticks::LONGEST))
    }
}

impl From<Duration> for Delay {
    #[inline]
    fn from(duration: Duration) -> Delay {
        Delay(Amount::Exact(duration))
    }
}

impl PartialEq for Delay {
    fn eq(&self, other: &Delay) -> bool {
        self.ticks(SimTime::ZERO) == other.ticks(SimTime::ZERO)
    }
}

/// A delay in the units of one clock: nanoseconds, or the bits of float seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticks(pub(crate) u64);

impl Ticks {
    /// On a clock of nanoseconds: a delay that never ends.
    const ENDLESS: Ticks = Ticks(i64::MAX as u64);
    /// The longest that does; more counts as that.
    const LONGEST: u64 = Ticks::ENDLESS.0 - 1;

    /// Whether it moves the clock at all.
    #[inline]
    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn rounds_seconds_to_the_nearest_nanosecond() {
        let ticks = |seconds| Delay::from_secs_f64(seconds).map(|delay| delay.ticks(SimTime::ZERO));
        assert_eq!(ticks(0.1 + 0.2), Ok(Ticks(300_000_000)));
        assert_eq!(ticks(-1.0), Ok(Ticks(0)));
        assert_eq!(ticks(1e300), Ok(Ticks(Ticks::LONGEST)), "saturates, and `after` ends at the end of time");
        assert_eq!(ticks(f64::INFINITY), Ok(Ticks::ENDLESS), "never");
    }

    #[test]
    fn few_nanoseconds_are_rounded_as_many_are() {
        let rounded = |seconds: f64| (seconds * 1e9).round_ties_even() as u64;
        // Halves of nanoseconds are ties; the last ones lie around 2^52 nanoseconds.
        let halves = (0..40_u32).map(|half| f64::from(half) / 2e9);
        let days = [0.1, 1e-9, 86_400.3, WHOLE / 1e9, WHOLE.next_down() / 1e9, WHOLE.next_up() / 1e9, 1e7];
        for seconds in halves.chain(days).flat_map(|seconds| [seconds.next_down(), seconds, seconds.next_up()]) {
            let seconds = seconds.max(0.0);
            assert_eq!(seconds_to_nanos(seconds), rounded(seconds), "{seconds:e}");
        }
        assert_eq!(seconds_to_nanos(-0.0), 0);
    }
}
