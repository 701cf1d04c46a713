//! What Rust has no safe form for: a waker out of a number, a hint to the memory, and a list that grows while it is looked
//! at. The one module with unsafe code, of which each block has its argument.
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
