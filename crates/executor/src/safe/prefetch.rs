//! Asking for memory before it is needed: the instruction has no safe form.

/// Nothing.
#[inline(always)]
pub(crate) fn fetch<T: ?Sized>(_: &T) {}
