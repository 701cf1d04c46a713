//! Asking for memory before it is needed.
//!
//! Above some ten thousand tasks a step waits longest for the memory of its own future. Whoever is woken by a timer steps
//! in the turn after: time enough to fetch it. There is no safe form of the instruction.

/// So many cache lines of a value are fetched at most.
const LINES: usize = 4;
const LINE: usize = 64;

/// Fetches a value, or its first cache lines. Where the machine has no such instruction, nothing.
#[inline(always)]
pub(crate) fn fetch<T: ?Sized>(value: &T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let first = std::ptr::from_ref(value).cast::<i8>();
        let last = size_of_val(value).clamp(1, LINES * LINE) - 1;
        // Where it does not begin with a line, it ends in one more.
        for distance in (0..last).step_by(LINE).chain([last]) {
            // SAFETY: a prefetch is a hint: it changes nothing that a program could see, and faults on no address.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(first.wrapping_add(distance)) };
        }
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = (value, LINES, LINE);
}
