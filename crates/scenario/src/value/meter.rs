//! How much memory a program's own values take, by a measure that is the same on every machine.
//!
//! Only what can grow is counted: containers and what they hold. What a variable holds by itself is bounded by the number
//! of variables and by [`limits`](super::limits). The real size of an allocation would depend on the platform, so the unit is
//! nominal: a program trips its limit at the same event everywhere.

use std::cell::Cell;

use super::Value;

/// What a container takes by itself, in bytes.
pub(crate) const CONTAINER: u64 = 48;
/// What a future takes that waits for others, and lives until they have ended, whoever holds it.
pub(crate) const WAITING_FUTURE: u64 = 512;
/// What each element takes, in bytes; a str element takes its text besides.
const ELEMENT: u64 = 16;

thread_local! {
    /// Everything alive in this thread.
    static TOTAL: Cell<u64> = const { Cell::new(0) };
    /// What was alive at the last reset.
    static BASELINE: Cell<u64> = const { Cell::new(0) };
}

/// The bytes that this thread's values have come to take since the last [`reset`].
pub(crate) fn used() -> u64 {
    TOTAL.get().saturating_sub(BASELINE.get())
}

/// Starts to count from here: what is alive now (a program's constants) is no longer part of [`used`].
pub(crate) fn reset() {
    BASELINE.set(TOTAL.get());
}

/// What one value takes as an element of a container.
#[inline]
pub(crate) fn weight(value: &Value) -> u64 {
    match value {
        Value::Str(text) => ELEMENT + text.len() as u64,
        _ => ELEMENT,
    }
}

/// What values take as the elements of a container.
pub(crate) fn weight_of_all<'a>(values: impl IntoIterator<Item = &'a Value>) -> u64 {
    values.into_iter().map(weight).sum()
}

/// Counts bytes that came to be taken.
#[inline]
pub(crate) fn add(bytes: u64) {
    TOTAL.set(TOTAL.get().wrapping_add(bytes));
}

/// Bytes that are taken as long as this lives.
pub(crate) struct Held(u64);

impl Held {
    pub(crate) fn new(bytes: u64) -> Held {
        add(bytes);
        Held(bytes)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        subtract(self.0);
    }
}

/// Counts bytes that were given back.
#[inline]
pub(crate) fn subtract(bytes: u64) {
    TOTAL.set(TOTAL.get().wrapping_sub(bytes));
}
