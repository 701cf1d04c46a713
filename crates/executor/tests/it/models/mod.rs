//! State machines: each primitive beside a reference model that is written to be read, through random lists of what a
//! program may do to it, cancels at every await among them.
//!
//! A model is told what the primitive is told, and after each move both must show the same: the counts, and how each
//! task ended. Beside that stand invariants that know nothing of the model: no item, permit or wake-up is lost or
//! doubled, nobody waits for what is free, and in the end everybody can be let go.

mod barrier;
mod barrier_model;
mod condition;
mod condition_model;
mod coverage;
mod driver;
mod event;
mod lock;
mod lock_model;
mod machine;
mod queue;
mod queue_model;
mod semaphore;
mod turns;
