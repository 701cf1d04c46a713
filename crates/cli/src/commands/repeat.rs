//! `timeskip run --repeat N -j J`: the same scenario under many seeds, on many cores.
//!
//! Simulations share nothing: each worker loads the file for itself and takes the next run that nobody has taken. The
//! lines come out in the order of the seeds, so that nothing tells how many workers there were.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;

use timeskip_scenario::{Options, Outcome, Record, Scenario, Sink, load};
use timeskip_trace::{ending_line, jsonl, text};

use crate::Exit;
use crate::args::{RunArgs, View};
use crate::commands::run::{Silent, unusable};
use crate::input::Source;
use crate::output::Lines;

/// As much as the main thread of a process usually has: files may be nested as deeply here as there.
const STACK: usize = 8 << 20;

/// What one run came to.
struct Line {
    text: String,
    is_as_expected: bool,
}

pub(super) fn run(source: &Source, scenario: &Scenario, args: &RunArgs, runs: u32) -> ExitCode {
    let options = args.options();
    let first = match &options.seed {
        Some(seed) => seed.parse::<i64>().ok(),
        None => scenario.seed(options.case.as_deref()),
    };
    let Some(first) = first else {
        return unusable(
            "error: with --repeat seeds count up from the first one, which has to be an integer of 64 bits\n",
        );
    };
    let job = Job { source: &source.text, options, view: args.view, first: i128::from(first), runs };
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let workers = args.jobs.unwrap_or_else(cores);
    match job.run(workers.min(runs as usize)) {
        Ok(0) => Exit::Fine.into(),
        Ok(unexpected) => {
            eprintln!("-- {unexpected} of {runs} runs did not end as expected; run one alone with its --seed");
            Exit::Unexpected.into()
        }
        Err(message) => unusable(&format!("error: {message}\n")),
    }
}

struct Job<'a> {
    source: &'a str,
    options: Options,
    view: View,
    first: i128,
    runs: u32,
}

type Numbered = (u32, Result<Line, String>);

impl Job<'_> {
    /// How many runs did not end as expected.
    fn run(&self, workers: usize) -> Result<u32, String> {
        let (next, stop) = (AtomicU32::new(0), AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..workers {
                let (sender, next, stop) = (sender.clone(), &next, &stop);
                let worker = thread::Builder::new().stack_size(STACK);
                let started = worker.spawn_scoped(scope, move || self.work(next, stop, &sender));
                started.map_err(|error| format!("cannot start a worker: {error}"))?;
            }
            drop(sender);
            let written = write_in_order(&receiver);
            // Nobody reads any more, or a run could not be made: what is still to come is of no use.
            stop.store(true, Ordering::Relaxed);
            written
        })
    }

    /// Takes the next run that nobody has taken, until none is left.
    fn work(&self, next: &AtomicU32, stop: &AtomicBool, sender: &mpsc::Sender<Numbered>) {
        let Ok(scenario) = load(self.source) else { return };
        while !stop.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= self.runs || sender.send((number, self.one(&scenario, number))).is_err() {
                return;
            }
        }
    }

    fn one(&self, scenario: &Scenario, number: u32) -> Result<Line, String> {
        let seed = (self.first + i128::from(number)).to_string();
        let options = Options { seed: Some(seed.clone()), ..self.options.clone() };
        let digest = Rc::new(RefCell::new(Digest::default()));
        let run = match options.record {
            Record::Nothing => scenario.run(&options, digest.clone()),
            Record::Trace => scenario.run(&options, Rc::new(RefCell::new(Silent))),
        };
        let outcome = run.map_err(|error| error.to_string())?;
        digest.borrow_mut().view(&outcome, self.view);
        let ending = ending_line(&outcome.ending);
        digest.borrow_mut().add(ending.as_bytes());
        let is_as_expected = outcome.is_as_expected();
        let verdict = if is_as_expected { "" } else { ", not as expected" };
        let ending = ending.trim_start_matches("-- ").lines().next().unwrap_or_default();
        let text = format!("{seed} {:016x} {ending}{verdict}", digest.borrow().0);
        Ok(Line { text, is_as_expected })
    }
}

/// Writes the lines as their turn comes, and counts the unexpected ones.
fn write_in_order(receiver: &mpsc::Receiver<Numbered>) -> Result<u32, String> {
    let mut lines = Lines::new();
    let (mut early, mut next, mut unexpected) = (BTreeMap::new(), 0, 0);
    for (number, line) in receiver {
        early.insert(number, line?);
        while let Some(line) = early.remove(&next) {
            lines.line(0, &line.text);
            unexpected += u32::from(!line.is_as_expected);
            next += 1;
        }
    }
    lines.finish().map_err(|error| format!("cannot write: {error}"))?;
    Ok(unexpected)
}

/// FNV-1a (Fowler, Noll and Vo), 64 bits, of what is printed and how the run ended, or of its trace.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn view(&mut self, outcome: &Outcome, view: View) {
        let view = outcome.trace.as_ref().map(if view == View::Jsonl { jsonl } else { text });
        self.add(view.unwrap_or_default().as_bytes());
    }
}

impl Sink for Digest {
    fn line(&mut self, _: u32, text: &str) {
        self.add(text.as_bytes());
        self.add(b"\n");
    }
}
