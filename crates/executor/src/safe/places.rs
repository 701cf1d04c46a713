//! Memory for tasks: there is none but the general allocator's.

/// As long as it lives, memory stays for the next tasks: nothing, here.
pub(crate) struct Kept;

/// A run begins.
pub(crate) fn keep() -> Kept {
    Kept
}
