//! A delay in front of a point of virtual time, and how it counts on each clock.

use std::fmt;
use std::time::Duration;

use crate::time::{NANOS_PER_SECOND, SimTime};

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

    /// In the units of the clock that `now` belongs to.
    #[inline]
    pub(crate) fn ticks(self, now: SimTime) -> Ticks {
        match self.whole_nanos(now) {
            Ok(nanos) => nanos.of_nanos(now),
            Err(ticks) => ticks,
        }
    }

    /// As nanoseconds, whatever the clock, where they say all there is to say; else in the units of the clock that `now`
    /// belongs to.
    #[inline]
    pub(crate) fn whole_nanos(self, now: SimTime) -> Result<Ticks, Ticks> {
        match self.0 {
            Amount::Exact(duration) => Ok(Ticks(saturating_nanos(duration))),
            Amount::Seconds(seconds) if now.is_float() => Err(Ticks(seconds.max(0.0).to_bits())),
            Amount::Seconds(seconds) => Ok(Ticks(seconds_to_nanos(seconds))),
        }
    }
}

/// What a duration of more than two centuries is not told apart from is beyond the end of time.
///
/// The whole of it is asked for once and nothing else, so that the compiler sees that what `Duration::from_nanos` has taken
/// apart comes together again.
#[inline]
fn saturating_nanos(duration: Duration) -> u64 {
    let all = duration.as_nanos();
    if all < u128::from(Ticks::LONGEST) { all as u64 } else { Ticks::LONGEST }
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
    pub(crate) const ENDLESS: Ticks = Ticks(i64::MAX as u64);
    /// The longest that does; more counts as that.
    const LONGEST: u64 = Ticks::ENDLESS.0 - 1;

    /// What are nanoseconds, in the units of the clock that `now` belongs to.
    #[inline]
    pub(crate) fn of_nanos(self, now: SimTime) -> Ticks {
        if now.is_float() { self.in_seconds() } else { self }
    }

    #[inline(never)]
    fn in_seconds(self) -> Ticks {
        Ticks(Duration::from_nanos(self.0).as_secs_f64().to_bits())
    }

    /// Whether it moves the clock at all.
    #[inline]
    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// 2^52: from here to 2^53 floats are the whole numbers, and count up with their bits.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// To the nearest, ties to even; only an infinite number of seconds never ends.
#[inline]
pub(crate) fn seconds_to_nanos(seconds: f64) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_seconds_to_the_nearest_nanosecond() {
        let ticks = |seconds| Delay::from_secs_f64(seconds).map(|delay| delay.ticks(SimTime::ZERO));
        assert_eq!(ticks(0.1 + 0.2), Ok(Ticks(300_000_000)));
        assert_eq!(ticks(-1.0), Ok(Ticks(0)));
        assert_eq!(ticks(1e300), Ok(Ticks(Ticks::LONGEST)), "saturates, and `after` ends at the end of time");
        assert_eq!(ticks(f64::INFINITY), Ok(Ticks::ENDLESS), "never");
    }

    #[test]
    fn nanoseconds_stay_what_they_were() {
        let ticks = |duration| Delay::from(duration).ticks(SimTime::ZERO);
        for nanos in [0, 1, 999_999_999, 1_000_000_000, 1 << 32, 1 << 62, Ticks::LONGEST - 1, Ticks::LONGEST] {
            assert_eq!(ticks(Duration::from_nanos(nanos)), Ticks(nanos));
        }
        for nanos in [Ticks::LONGEST + 1, u64::MAX] {
            assert_eq!(ticks(Duration::from_nanos(nanos)), Ticks(Ticks::LONGEST));
        }
        assert_eq!(ticks(Duration::MAX), Ticks(Ticks::LONGEST));
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
