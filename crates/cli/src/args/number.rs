//! Numbers on the command line.

use std::fmt::Display;

/// What counts things to run, or to allow.
pub(super) trait Number: TryFrom<u64> + Display {
    /// The largest one.
    const MOST: Self;
}

impl Number for u32 {
    const MOST: u32 = u32::MAX;
}

impl Number for u64 {
    const MOST: u64 = u64::MAX;
}

impl Number for usize {
    const MOST: usize = usize::MAX;
}

/// None at all is never meant: a script that has computed 0 has gone wrong.
pub(super) fn number<N: Number>(text: &str) -> Result<N, String> {
    let positive = text.parse::<u64>().ok().filter(|number| *number > 0);
    let number = positive.and_then(|number| N::try_from(number).ok());
    number.ok_or_else(|| format!("expected a whole number from 1 to {}, in digits", N::MOST))
}
