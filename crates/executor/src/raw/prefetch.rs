//! Asking for memory before it is needed.
//!
//! Above some ten thousand tasks a step waits longest for the memory of its own future. Whoever is woken by a timer steps
//! in the turn after: time enough to fetch it. There is no safe form of the instruction.

use std::ptr::NonNull;

/// How many cache lines are fetched of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines(u8);

/// So many at most.
const MOST: usize = 4;
const LINE: usize = 64;
const WORD: usize = 8;

impl Lines {
    /// For a value of that many bytes, which may begin with any word of a line.
    pub(super) const fn of(bytes: usize) -> Lines {
        let lines = bytes.saturating_sub(WORD).div_ceil(LINE) + 1;
        Lines(if lines > MOST { MOST as u8 } else { lines as u8 })
    }
}

/// Fetches the first cache line of a value. Where the machine has no such instruction, nothing.
#[inline(always)]
pub(crate) fn fetch<T>(value: &T) {
    fetch_lines(NonNull::from(value), Lines(1));
}

/// Fetches the cache lines of what is said to lie there.
#[inline(always)]
pub(super) fn fetch_lines<T>(value: NonNull<T>, lines: Lines) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let first = value.as_ptr().cast::<i8>();
        let Lines(lines) = lines;
        // SAFETY: a prefetch is a hint: it changes nothing that a program could see, and faults on no address.
        let line = |number: usize| unsafe { _mm_prefetch::<_MM_HINT_T0>(first.wrapping_add(number * LINE)) };
        line(0);
        if lines > 1 {
            line(1);
        }
        if lines > 2 {
            line(2);
        }
        if lines > 3 {
            line(3);
        }
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = (value, lines);
}
