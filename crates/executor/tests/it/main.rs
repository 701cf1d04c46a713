//! The law of order, sentence by sentence, against what CPython 3.13 does; and what must hold of every run.

#![allow(missing_docs, reason = "tests")]

mod blocking;
mod callbacks;
mod cancelling;
mod catching;
mod clocks;
mod corpus;
mod deadlocks;
mod destructors;
mod drops;
mod endings;
mod foreign;
mod foreign_cancels;
mod futures;
mod gathering;
mod properties;
mod queues;
mod random_program;
mod run_end;
mod support;
mod ties;
mod turns;
mod wakers;
mod watching;
