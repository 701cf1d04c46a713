//! What Rust has no safe form for: a waker out of a number, and a hint to the memory. The one module with unsafe code, of
//! which each block has its argument.
#![allow(unsafe_code)]

pub(crate) mod prefetch;
pub(crate) mod waker;
