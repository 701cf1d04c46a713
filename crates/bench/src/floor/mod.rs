//! The floors: how fast the same work can be without an executor, and with the smallest one.
//!
//! They have no cancelling, no names, no limits, no deadlock reports, no watching and no foreign futures; they say how
//! near an executor that has all of it comes to what the machine allows.

pub(crate) mod heap;
pub(crate) mod minimal;
pub(crate) mod radix;
