//! Published executors with a virtual clock, each driven as its documentation shows.

#[cfg(feature = "odem")]
pub(crate) mod odem;
pub(crate) mod tokio;
