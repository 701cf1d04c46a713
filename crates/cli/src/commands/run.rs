//! `timeskip run`

use std::cell::RefCell;
use std::process::ExitCode;
use std::rc::Rc;

use timeskip_executor::{Ending, Limit};
use timeskip_scenario::{OptionError, Outcome, Scenario, Sink, load};
use timeskip_trace::{ending_line, jsonl, text};

use crate::Exit;
use crate::args::{RunArgs, View};
use crate::commands::repeat;
use crate::input::{self, Source};
use crate::output::{self, Lines};

pub(crate) fn run(args: &RunArgs) -> ExitCode {
    let source = match input::read(&args.file) {
        Ok(source) => source,
        Err(message) => return unusable(&message),
    };
    let scenario = match load(&source.text) {
        Ok(scenario) => scenario,
        Err(problems) => return unusable(&source.report(&problems)),
    };
    if let Some(runs) = args.repeat {
        return repeat::run(&source, &scenario, args, runs);
    }
    match execute(&scenario, args) {
        Ok((outcome, written)) => {
            report(&source, &outcome);
            if let Err(error) = written {
                return unusable(&format!("error: cannot write: {error}\n"));
            }
            let fine = outcome.is_as_expected();
            if fine { Exit::Fine.into() } else { Exit::Unexpected.into() }
        }
        Err(error) => unusable(&format!("error: {error}\n")),
    }
}

pub(super) fn unusable(message: &str) -> ExitCode {
    eprint!("{message}");
    Exit::Unusable.into()
}

/// Runs it and writes the view that was asked for.
fn execute(scenario: &Scenario, args: &RunArgs) -> Result<(Outcome, std::io::Result<()>), OptionError> {
    let options = args.options();
    if args.view == View::Output {
        let lines = Rc::new(RefCell::new(Lines::new()));
        let outcome = scenario.run(&options, lines.clone())?;
        let written = lines.borrow_mut().finish();
        return Ok((outcome, written));
    }
    let outcome = scenario.run(&options, Rc::new(RefCell::new(Silent)))?;
    let view = outcome.trace.as_ref().map(if args.view == View::Trace { text } else { jsonl });
    let written = output::write_all(&view.unwrap_or_default());
    Ok((outcome, written))
}

/// The trace holds what is printed.
pub(super) struct Silent;

impl Sink for Silent {
    fn line(&mut self, _: u32, _: &str) {}
}

/// Everything that is not the program's own output.
fn report(source: &Source, outcome: &Outcome) {
    for warning in &outcome.warnings {
        eprintln!("warning: {warning}");
    }
    if let Some(failure) = &outcome.failure {
        eprintln!("{}", source.report(std::slice::from_ref(failure)));
    }
    if !outcome.missed.is_empty() {
        eprintln!("{}", source.report(&outcome.missed));
    }
    eprintln!("{}", ending_line(&outcome.ending));
    if let Some(advice) = advice(&outcome.ending)
        && !outcome.is_as_expected()
    {
        eprintln!("{advice}");
    }
}

/// Which option raises the limit that was reached.
fn advice(ending: &Ending) -> Option<String> {
    let option = match ending {
        Ending::LimitReached { limit: Limit::Events(_), .. } => "--max-events",
        Ending::LimitReached { limit: Limit::Time(_), .. } => "--max-time",
        Ending::LimitReached { limit: Limit::Tasks(_), .. } => "--max-tasks",
        Ending::LimitReached { limit: Limit::Memory(_), .. } => "--max-memory",
        Ending::EndlessStep { .. } => "--max-instructions",
        Ending::Livelock { .. } => "--max-turns",
        _ => return None,
    };
    Some(format!("if the program is meant to go on, raise the limit with {option}"))
}
