//! What Rust has no safe form for: a waker out of a number, a task's future and what it returned in one place, a hint to the
//! memory, and lists that need no borrowing. The one module with unsafe code, of which each block has its argument.
#![allow(unsafe_code)]

pub(crate) mod list;
mod memory;
pub(crate) mod places;
pub(crate) mod prefetch;
pub(crate) mod table;
pub(crate) mod task_box;
pub(crate) mod waker;

#[cfg(test)]
mod tests;
