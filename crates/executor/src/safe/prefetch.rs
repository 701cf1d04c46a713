//! Asking for memory before it is needed: the instruction has no safe form.

/// How many cache lines are fetched of a value: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines;

/// Nothing.
#[inline(always)]
pub(crate) fn fetch<T>(_: &T) {}
