//! The law of order, sentence by sentence, against what CPython 3.13 does; and what must hold of every run.

#![allow(missing_docs, reason = "tests")]

mod barriers;
mod blocking;
mod callbacks;
mod cancel_requests;
mod cancelling;
mod catching;
mod clocks;
mod conditions;
mod corpus;
mod deadlocks;
mod destructors;
mod drops;
mod endings;
mod flags;
mod foreign;
mod foreign_cancels;
mod futures;
mod gather_handles;
mod gather_messages;
mod gathering;
mod jumps;
mod locks;
mod many;
mod models;
mod properties;
mod queue_lines;
mod queue_shutdown;
mod queues;
mod random_program;
mod run_end;
mod semaphores;
mod shields;
mod support;
mod task_group_cancels;
mod task_groups;
mod ties;
mod timeouts;
mod turns;
mod wait_for;
mod waiting;
mod wakers;
mod wakes;
mod watching;
