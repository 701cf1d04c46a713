//! What happened in a run, and the ways to show it.
//!
//! A [`Recorder`] watches a simulation and keeps a [`Trace`]: every event with its time, its task, the line of its
//! step and its cause, and how the run ended. [`text`] shows it as canonical lines, [`jsonl`] for programs.
//!
//! An event is named by its task and its number in that task (`main/producer-0#12`), so that nothing that happens
//! elsewhere shifts its name.
//!
//! ```
//! use timeskip_executor::Simulation;
//! use timeskip_trace::{Recorder, text};
//! let recorder = Recorder::new();
//! let run = Simulation::new().observer(recorder.clone()).run(|sim| async move {
//!     sim.sleep(std::time::Duration::from_secs(1)).await;
//! });
//! let trace = recorder.finish(run.ending);
//! assert_eq!(
//!     text(&trace),
//!     "# timeskip trace 1\n\
//!      0.000 main sleep until 1.000\n\
//!      1.000 main wake\n\
//!      1.000 main end finished\n\
//!      -- finished at 1.000 s\n",
//! );
//! ```

mod json;
mod recorder;
mod text;
mod trace;

pub use json::jsonl;
pub use recorder::Recorder;
pub use text::{ending_line, line, text};
pub use trace::{Note, Record, Trace};
