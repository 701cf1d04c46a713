//! The module `raw` without unsafe code, for who would rather have that than speed: the feature `safe`.
#![forbid(unsafe_code)]

pub(crate) mod list;
pub(crate) mod places;
pub(crate) mod prefetch;
pub(crate) mod table;
pub(crate) mod task_box;
pub(crate) mod waker;

#[cfg(test)]
#[path = "../raw/tests.rs"]
mod tests;
