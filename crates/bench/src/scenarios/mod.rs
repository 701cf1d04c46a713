//! Whole scenarios: written in YAML and run by `timeskip run`, the same in Rust, as the exported program on CPython's own
//! loop with a virtual clock, and in SimPy.

mod rust;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use timeskip_scenario::{Options, export, parse_literal, read};

use crate::measure::now;

const USAGE: &str = "usage: timeskip-bench scenarios [--items N] [--rounds N] [--python PROGRAM] [--simpy]
       N is the number of items in all; what runs in Python does a tenth of them
       --simpy needs `pip install simpy` for that Python";

/// The scenarios, each with the events of one of its items: timers that fire and items that are handed over.
const SCENARIOS: [(&str, u64); 2] = [("producer_consumer", 3), ("chain", 3)];
/// How many tasks share the items.
const ACTORS: u64 = 10;
/// Python does so much less: it would take minutes.
const LESS_IN_PYTHON: u64 = 10;

struct Plan {
    items: u64,
    rounds: usize,
    python: String,
    with_simpy: bool,
}

/// Who runs a scenario.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runner {
    Timeskip,
    Rust,
    Asyncio,
    SimPy,
}

const RUNNERS: [(&str, Runner); 4] = [
    ("timeskip run", Runner::Timeskip),
    ("the same in Rust", Runner::Rust),
    ("asyncio, virtual clock", Runner::Asyncio),
    ("SimPy", Runner::SimPy),
];

/// Measures, and prints a table of nanoseconds an event, with how many times as long as `timeskip run` each takes.
///
/// # Errors
/// A bad argument, or what cannot be run.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let plan = parse(arguments)?;
    let runners: Vec<_> = RUNNERS.iter().filter(|(_, runner)| plan.with_simpy || *runner != Runner::SimPy).collect();
    let names: Vec<&str> = runners.iter().map(|(name, _)| *name).collect();
    println!("| scenario, {} items | {} |", plan.items, names.join(" | "));
    println!("|---|{}", "---|".repeat(runners.len()));
    for (name, events) in SCENARIOS {
        let mut found: Vec<Vec<f64>> = runners.iter().map(|_| Vec::new()).collect();
        for _ in 0..plan.rounds {
            for (found, (_, runner)) in found.iter_mut().zip(&runners) {
                found.push(nanos_an_event(*runner, name, events, &plan)?);
            }
        }
        let medians: Vec<f64> = found.iter_mut().map(|nanos| median(nanos)).collect();
        let cells = medians.iter().map(|nanos| format!("{nanos:.0} ({:.1}x)", nanos / medians[0]));
        println!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<Plan, String> {
    let mut plan = Plan { items: 1_000_000, rounds: 5, python: "python3".to_owned(), with_simpy: false };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` takes a value\n{USAGE}"));
        let number = |text: &str| text.parse::<u64>().map_err(|error| format!("`{text}`: {error}\n{USAGE}"));
        match argument.as_str() {
            "--items" => plan.items = number(value()?)?,
            "--rounds" => plan.rounds = number(value()?)?.max(1) as usize,
            "--python" => plan.python = value()?.clone(),
            "--simpy" => plan.with_simpy = true,
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(plan)
}

fn median(nanos: &mut [f64]) -> f64 {
    nanos.sort_by(f64::total_cmp);
    nanos[nanos.len() / 2]
}

fn nanos_an_event(runner: Runner, name: &str, events: u64, plan: &Plan) -> Result<f64, String> {
    let is_python = matches!(runner, Runner::Asyncio | Runner::SimPy);
    let each = plan.items / ACTORS / if is_python { LESS_IN_PYTHON } else { 1 };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut command = match runner {
        Runner::Timeskip => {
            let mut command = Command::new(timeskip()?);
            command.arg("run").arg(folder.join(format!("{name}.yaml"))).arg("--set").arg(format!("items={each}"));
            command
        }
        Runner::Rust => {
            let start = now();
            rust::run(name, each).ok_or_else(|| format!("no {name} in Rust"))?;
            return Ok(start.elapsed().as_secs_f64() * 1e9 / (each * ACTORS * events) as f64);
        }
        Runner::Asyncio => {
            let mut command = Command::new(&plan.python);
            command.arg(folder.join("virtual.py")).arg(exported(&folder, name, each)?);
            command
        }
        Runner::SimPy => {
            let mut command = Command::new(&plan.python);
            command.arg(folder.join(format!("{name}_simpy.py"))).arg(each.to_string());
            command
        }
    };
    let start = now();
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output();
    let output = output.map_err(|error| format!("{command:?}: {error}"))?;
    let wall = start.elapsed().as_secs_f64();
    if runner == Runner::Asyncio {
        fs::remove_file(exported_path(name)).map_err(|error| error.to_string())?;
    }
    if !output.status.success() {
        return Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(wall * 1e9 / (each * ACTORS * events) as f64)
}

/// The command line, which is built into the same folder.
fn timeskip() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let path = own.with_file_name("timeskip");
    if path.exists() { Ok(path) } else { Err("build it first: cargo build --release --workspace".to_owned()) }
}

/// The scenario as a program in Python, in a file.
fn exported(folder: &Path, name: &str, items: u64) -> Result<PathBuf, String> {
    let source = fs::read_to_string(folder.join(format!("{name}.yaml"))).map_err(|error| error.to_string())?;
    let spec = read(&source).map_err(|problems| problems[0].title.clone())?;
    let items = parse_literal(&items.to_string()).map_err(|problem| problem.title)?;
    let options = Options { set: vec![("items".to_owned(), items)], ..Options::default() };
    let program = export::python(&spec, &source, &options).map_err(|error| error.to_string())?;
    let path = exported_path(name);
    fs::write(&path, program).map_err(|error| error.to_string())?;
    Ok(path)
}

fn exported_path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("timeskip-bench-{name}-{}.py", std::process::id()))
}
