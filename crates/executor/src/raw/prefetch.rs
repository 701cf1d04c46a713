//! Asking for memory before it is needed.
//!
//! Above some ten thousand tasks a step waits longest for the memory of its own future. Whoever is woken by a timer steps
//! in the turn after: time enough to fetch it. There is no safe form of the instruction.

/// So many cache lines of a value are fetched at most, and one more where it does not begin with a line.
const LINES: usize = 3;
const LINE: usize = 64;

/// Fetches a value, or its first cache lines. Where the machine has no such instruction, nothing.
#[inline(always)]
pub(crate) fn fetch<T: ?Sized>(value: &T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let first = std::ptr::from_ref(value).cast::<i8>();
        let size = size_of_val(value);
        // SAFETY: a prefetch is a hint: it changes nothing that a program could see, and faults on no address.
        let line = |distance| unsafe { _mm_prefetch::<_MM_HINT_T0>(first.wrapping_add(distance)) };
        line(0);
        if size > LINE {
            line(LINE);
        }
        if size > 2 * LINE {
            line(2 * LINE);
        }
        // Where it does not begin with a line, it ends in one more.
        line(size.min(LINES * LINE));
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = (value, LINES, LINE);
}
