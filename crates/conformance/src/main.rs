//! `timeskip-conformance`: any number of generated programs on both sides.

use std::io::{IsTerminal, Write, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use timeskip_conformance::features::Feature;
use timeskip_conformance::fuzz::{Findings, Mismatch, News, Plan, fuzz};
use timeskip_conformance::oracle::Oracle;
use timeskip_conformance::report;

/// Compares timeskip with CPython on generated programs, byte for byte.
#[derive(Debug, Parser)]
#[command(name = "timeskip-conformance")]
struct Arguments {
    /// How many programs to compare.
    #[arg(long, default_value_t = 1000)]
    programs: u64,
    /// Which programs: the same seed gives the same ones, in any number of jobs.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The interpreter: CPython 3.13, or an older one with fewer features.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Workers, each with an interpreter of its own.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Where mismatches are written, each into a folder of its own.
    #[arg(long, default_value = "target/conformance")]
    out: PathBuf,
    /// Features that no program shall use.
    #[arg(long, value_parser = feature)]
    without: Vec<Feature>,
    /// Features that programs may use, in place of all.
    #[arg(long, value_parser = feature)]
    only: Vec<Feature>,
    /// Stops after so many mismatches.
    #[arg(long, default_value_t = 10)]
    enough: usize,
    /// Prints how often each thing was exercised.
    #[arg(long)]
    show_coverage: bool,
}

fn feature(word: &str) -> Result<Feature, String> {
    let known = || Feature::ALL.iter().map(|feature| feature.name()).collect::<Vec<_>>().join(", ");
    Feature::ALL.iter().copied().find(|feature| feature.name() == word).ok_or_else(|| format!("known: {}", known()))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(findings) if findings.mismatches.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(problem) => {
            let _ = writeln!(stderr(), "error: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<Findings, String> {
    let plan = plan(arguments)?;
    let total = plan.programs;
    let is_terminal = stderr().is_terminal();
    let started = now();
    let findings = fuzz(&plan, |news| match news {
        News::Compared(done, mismatches) if is_terminal && (done % 50 == 0 || done == total) => {
            let _ = write!(stderr(), "\r{}", bar(done, total, mismatches));
        }
        News::Compared(done, mismatches) if !is_terminal && done % 5000 == 0 => {
            let _ = writeln!(stderr(), "{done}/{total}, {mismatches} mismatches");
        }
        News::Compared(..) => {}
        News::Found(mismatch) => say_found(arguments, mismatch),
    });
    if is_terminal {
        let _ = writeln!(stderr());
    }
    let findings = findings.map_err(|silence| format!("CPython: {silence:?}"))?;
    let seconds = started.elapsed().as_secs_f64();
    if arguments.show_coverage {
        say(&findings.coverage.to_string());
    }
    say(&format!("{} programs, {} mismatches", findings.compared, findings.mismatches.len()));
    // The only line that another run with the same seed need not print; so it stands beside the bar.
    let _ = writeln!(stderr(), "{:.0} programs/s", findings.compared as f64 / seconds);
    Ok(findings)
}

/// At once: a run may take hours, and be stopped in the middle.
fn say_found(arguments: &Arguments, mismatch: &Mismatch) {
    let name = format!("{}-{}", arguments.seed, mismatch.number);
    let folder = match report::write(&arguments.out, &name, &mismatch.difference) {
        Ok(folder) => folder.display().to_string(),
        Err(error) => format!("{name}, not written to {} ({error})", arguments.out.display()),
    };
    say(&format!("{folder}: {}", report::first(&mismatch.difference)));
}

fn plan(arguments: &Arguments) -> Result<Plan, String> {
    let problem = |what: String| format!("{}: {what}", arguments.python.display());
    let mut oracle = Oracle::start(&arguments.python).map_err(|error| problem(error.to_string()))?;
    let version = oracle.version().map_err(|silence| problem(format!("{silence:?}")))?;
    let wanted = if arguments.only.is_empty() { Feature::ALL } else { &arguments.only };
    let (features, left_out): (Vec<Feature>, Vec<Feature>) =
        wanted.iter().filter(|feature| !arguments.without.contains(feature)).partition(|it| it.since() <= version);
    for feature in left_out {
        let (major, minor) = feature.since();
        say(&format!("left out: {}, which CPython does so since {major}.{minor}", feature.name()));
    }
    Ok(Plan {
        programs: arguments.programs,
        seed: arguments.seed,
        python: arguments.python.clone(),
        jobs: arguments.jobs,
        features,
        enough: arguments.enough,
    })
}

fn bar(done: u64, total: u64, mismatches: usize) -> String {
    let width = 40;
    let filled = (done * width).checked_div(total).unwrap_or(width) as usize;
    let rest = width as usize - filled;
    format!("[{}{}] {done}/{total}, {mismatches} mismatches", "#".repeat(filled), " ".repeat(rest))
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[expect(clippy::disallowed_methods, reason = "programs per second are those of the real world")]
fn now() -> Instant {
    Instant::now()
}
