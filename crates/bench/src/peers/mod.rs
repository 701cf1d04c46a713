//! Published executors with a virtual clock, each driven as its documentation shows.

pub(crate) mod tokio;
