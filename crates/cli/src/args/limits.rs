//! The options that bound a run. Their defaults are those of [`Options`], so that the help cannot say otherwise.

use std::fmt;
use std::time::Duration;

use clap::Args as ArgGroup;
use timeskip_executor::Limits;
use timeskip_scenario::{Options, parse_duration};

use super::number::number;

#[derive(Debug, ArgGroup)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// What the event loop runs: steps of tasks, callbacks, and timers that fire. A sleep is two: its timer, and the step
    /// behind it.
    #[arg(long, value_name = "N", value_parser = number::<u64>, default_value_t = limits().events)]
    max_events: u64,
    /// Turns in a row without time moving.
    #[arg(long, value_name = "N", value_parser = number::<u64>, default_value_t = limits().turns_at_one_instant)]
    max_turns: u64,
    /// Virtual time, with a unit; 146 years at most.
    #[arg(long, value_name = "DURATION", value_parser = time, default_value_t = Time(limits().time))]
    max_time: Time,
    /// Tasks alive at once.
    #[arg(long, value_name = "N", value_parser = number::<usize>, default_value_t = limits().tasks)]
    max_tasks: usize,
    /// Bytes of the program's own values, by a measure that is the same on every machine.
    #[arg(long, value_name = "BYTES", value_parser = number::<u64>, default_value_t = Options::default().memory)]
    max_memory: u64,
    /// Instructions that one step of a task may run.
    #[arg(long, value_name = "N", value_parser = number::<u64>, default_value_t = Options::default().instructions)]
    max_instructions: u64,
}

fn limits() -> Limits {
    Options::default().limits
}

impl LimitArgs {
    /// The options with these bounds in place of theirs.
    pub(super) fn bound(&self, options: Options) -> Options {
        let limits = Limits {
            events: self.max_events,
            turns_at_one_instant: self.max_turns,
            time: self.max_time.0,
            tasks: self.max_tasks,
        };
        Options { limits, memory: self.max_memory, instructions: self.max_instructions, ..options }
    }
}

/// A duration that is shown as it may be written.
#[derive(Clone, Copy, Debug)]
struct Time(Duration);

/// Units from large to small, in nanoseconds.
const UNITS: [(&str, u128); 3] = [("h", 3_600_000_000_000), ("s", 1_000_000_000), ("ns", 1)];

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.0.as_nanos();
        let fits = UNITS.iter().find(|(_, length)| nanoseconds.is_multiple_of(*length));
        let (unit, length) = fits.unwrap_or(&("ns", 1));
        write!(formatter, "{}{unit}", nanoseconds / length)
    }
}

fn time(text: &str) -> Result<Time, String> {
    parse_duration(text).map(Time).map_err(|problem| {
        let help = problem.help.map(|help| format!("; {help}"));
        format!("{}: {}{}", problem.title, problem.label, help.unwrap_or_default())
    })
}
