//! `timeskip`: runs scenarios of asyncio-style programs on virtual time.
//!
//! The only crate that reads files, writes to streams and knows exit codes: 0 as expected; 1 it ran, but failed,
//! deadlocked, reached a limit or missed an expectation; 2 it could not run.

mod args;
mod commands;
mod input;
mod output;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// A scenario makes and frees many small values and tasks: this takes less for each than the C library does, and asks the
/// system for memory in larger pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Deeply nested files and expressions are refused, and what is allowed fits into the smallest usual stack; the
    // parser's bound has room in a thread of this size on every platform.
    let args = Args::parse();
    match args.command {
        Command::Run(run) => commands::run::run(&run),
        Command::Lint(lint) => commands::lint::run(&lint),
        Command::Expand(expand) => commands::expand::run(&expand),
        Command::Export(export) => commands::export::run(&export),
        Command::Schema => commands::schema::run(),
    }
}

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Everything as expected.
    Fine,
    /// It ran, but not as expected.
    Unexpected,
    /// It could not run.
    Unusable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Unexpected => 1,
            Exit::Unusable => 2,
        })
    }
}
