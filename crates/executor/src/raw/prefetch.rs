//! Asking for memory before it is needed.
//!
//! Above some ten thousand tasks a step waits longest for the memory of its own future. Whoever is woken by a timer steps
//! in the turn after: time enough to fetch it. There is no safe form of the instruction.

/// Fetches the first two cache lines of a value. Where the machine has no such instruction, nothing.
#[inline(always)]
pub(crate) fn fetch<T: ?Sized>(value: &T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let first = std::ptr::from_ref(value).cast::<i8>();
        // SAFETY: a prefetch is a hint: it changes nothing that a program could see, and faults on no address, so that
        // the second one may be beyond the value.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(first);
            _mm_prefetch::<_MM_HINT_T0>(first.wrapping_add(64));
        }
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = value;
}
