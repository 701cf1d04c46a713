//! What may stand on the command line.

mod limits;
mod number;

use clap::{Args as ArgGroup, Parser, Subcommand, ValueEnum};
use timeskip_scenario::{Literal, Options, Record, Ties, parse_literal};

use limits::LimitArgs;
use number::number;

/// Runs asyncio-style programs on a virtual clock: where a task would sleep, time skips.
#[derive(Debug, Parser)]
#[command(name = "timeskip", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a scenario and prints what it prints.
    Run(Box<RunArgs>),
    /// Checks scenario files without running them, and lists all their problems.
    Lint(LintArgs),
    /// Prints a scenario whose pattern is written out as the program it stands for.
    Expand(ExpandArgs),
    /// Prints a scenario as a program in another language.
    Export(ExportArgs),
    /// Prints the JSON Schema of scenario files, for editors.
    Schema,
}

/// Exit code 0: it ended as expected; 1: it ran, but failed, deadlocked, reached a limit or missed an expectation;
/// 2: it could not run.
#[derive(Debug, ArgGroup)]
#[command(allow_negative_numbers = true)]
pub(crate) struct RunArgs {
    /// The scenario file; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    #[command(flatten)]
    choice: ChoiceArgs,
    /// What to print: the program's output, every event, or every event as JSON.
    #[arg(long, value_name = "VIEW", default_value = "output")]
    pub(crate) view: View,
    /// Runs it N times, with seeds that count up, and prints a line for each: the seed, a digest of the run, its end.
    #[arg(long, value_name = "N", value_parser = number::<u32>)]
    pub(crate) repeat: Option<u32>,
    /// How many of the repeated runs go on at once; the lines are the same for any number [default: one per core].
    #[arg(short, long, value_name = "J", requires = "repeat", value_parser = number::<usize>)]
    pub(crate) jobs: Option<usize>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// What replaces what the file says.
#[derive(Debug, ArgGroup)]
pub(crate) struct ChoiceArgs {
    /// Replaces the seed of the file's random numbers.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<String>,
    /// Replaces the order of timers with equal deadlines.
    #[arg(long, value_name = "RULE")]
    ties: Option<TiesArg>,
    /// Replaces a param of the file; VALUE is read as YAML. May be given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    set: Vec<(String, Literal)>,
    /// Takes one of the file's cases.
    #[arg(long, value_name = "NAME")]
    case: Option<String>,
}

/// What a run prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum View {
    /// What the program prints.
    Output,
    /// A line for every event: time, task, what happened.
    Trace,
    /// The same as JSON Lines.
    Jsonl,
}

/// The tie rules, by the names of the file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TiesArg {
    /// Scheduled first, fires first.
    Fifo,
    /// Scheduled last, fires first.
    Lifo,
    /// As CPython's heap yields them.
    Heapq,
    /// In an order drawn from the seed.
    Seeded,
}

impl From<TiesArg> for Ties {
    fn from(ties: TiesArg) -> Ties {
        match ties {
            TiesArg::Fifo => Ties::Fifo,
            TiesArg::Lifo => Ties::Lifo,
            TiesArg::Heapq => Ties::Heapq,
            TiesArg::Seeded => Ties::Seeded,
        }
    }
}

#[derive(Debug, ArgGroup)]
pub(crate) struct LintArgs {
    /// The scenario files; `-` reads standard input.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,
}

#[derive(Debug, ArgGroup)]
pub(crate) struct ExpandArgs {
    /// The scenario file; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
}

#[derive(Debug, ArgGroup)]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    pub(crate) language: Language,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Language {
    /// Prints the scenario as a plain asyncio program for CPython 3.11 or later.
    Python(Box<PythonArgs>),
}

#[derive(Debug, ArgGroup)]
pub(crate) struct PythonArgs {
    /// The scenario file; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    #[command(flatten)]
    choice: ChoiceArgs,
}

impl PythonArgs {
    pub(crate) fn options(&self) -> Options {
        self.choice.options()
    }
}

impl ChoiceArgs {
    fn options(&self) -> Options {
        Options {
            seed: self.seed.clone(),
            ties: self.ties.map(Ties::from),
            set: self.set.clone(),
            case: self.case.clone(),
            ..Options::default()
        }
    }
}

impl RunArgs {
    pub(crate) fn options(&self) -> Options {
        let record = if self.view == View::Output { Record::Nothing } else { Record::Trace };
        self.limits.bound(Options { record, ..self.choice.options() })
    }
}

fn assignment(text: &str) -> Result<(String, Literal), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let literal = parse_literal(value).map_err(|problem| format!("{}: {}", problem.title, problem.label))?;
    Ok((name.trim().to_owned(), literal))
}
