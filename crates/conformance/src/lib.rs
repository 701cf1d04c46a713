//! Compares timeskip with CPython on programs that nobody chose.
//!
//! A program is generated, written out as a scenario, run here under `ties: heapq`, exported to Python and run there by
//! CPython's own asyncio on virtual time. Both must print the same and end in the same way. `docs/conformance.md` tells the
//! whole story.

pub mod compare;
pub mod coverage;
pub mod features;
pub mod fuzz;
mod lowering;
pub mod oracle;
mod program;
pub mod report;
mod sides;
mod statement;
mod strategy;
mod yaml;
