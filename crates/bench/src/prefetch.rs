//! Asking for memory before it is needed.
#![allow(unsafe_code, reason = "a prefetch instruction has no safe form, and cannot fault")]

/// Fetches the cache line of a value.
#[inline]
pub(crate) fn fetch<T: ?Sized>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch is a hint: it reads nothing that a program could see, and faults on no address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}
