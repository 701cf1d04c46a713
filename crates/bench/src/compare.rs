//! All peers beside each other: each job by each peer in a process of its own, round after round, and the medians.

use std::process::Command;

use serde::Deserialize;

use crate::measure::PEERS;

/// The rows, as the arguments of a measurement.
const ROWS: [&str; 10] = [
    "W1 1000 1000",
    "W1 100000 10",
    "W1 1000000 3",
    "W1N 100000 10",
    "W2 10 1000000",
    "W2B 10 1000000",
    "W3 1000000",
    "W4 1000000",
    "W4B 1000000",
    "W5 100000",
];

const ROUNDS: usize = 5;

/// What is read of a measurement.
#[derive(Deserialize)]
pub(crate) struct Line {
    events: f64,
    wall_s: f64,
    bytes_per_task: f64,
    checksum: String,
}

impl Line {
    /// Nanoseconds an event.
    pub(crate) fn nanos(&self) -> f64 {
        self.wall_s * 1e9 / self.events
    }
}

/// Measures, and prints a table of nanoseconds an event, with how many times as long as timeskip each peer takes.
///
/// # Errors
/// A bad argument, a measurement that cannot be made, or peers whose checksums differ.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let rounds = arguments.first().and_then(|rounds| rounds.parse().ok());
    let wanted = if rounds.is_some() { &arguments[1..] } else { arguments };
    let names: Vec<&str> = PEERS.iter().map(|(name, _)| *name).collect();
    println!("| workload | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(PEERS.len()));
    for row in ROWS {
        let workload = row.split(' ').next().unwrap_or_default();
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == workload) {
            println!("{}", row_of(row, rounds.unwrap_or(ROUNDS))?);
        }
    }
    Ok(())
}

fn row_of(row: &str, rounds: usize) -> Result<String, String> {
    let mut lines: Vec<Vec<Line>> = PEERS.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (found, (name, _)) in lines.iter_mut().zip(PEERS) {
            found.extend(measure(row, name)?);
        }
    }
    let expected = lines[0].first().map(|line| line.checksum.clone());
    let mut ours = None;
    let mut cells = Vec::new();
    for (found, (name, _)) in lines.iter_mut().zip(PEERS) {
        if found.iter().any(|line| Some(&line.checksum) != expected.as_ref()) {
            return Err(format!("{row}: the checksum of {name} differs from timeskip's"));
        }
        found.sort_by(|one, other| one.wall_s.total_cmp(&other.wall_s));
        let Some(median) = found.get(found.len() / 2) else {
            cells.push("-".to_owned());
            continue;
        };
        let nanos = median.nanos();
        let ratio = nanos / *ours.get_or_insert(nanos);
        cells.push(format!("{nanos:.1} ({ratio:.2}x, {:.0} B)", median.bytes_per_task));
    }
    Ok(format!("| {row} | {} |", cells.join(" | ")))
}

/// One measurement; none where the peer does not have the workload.
///
/// # Errors
/// The measurement cannot be made.
pub(crate) fn measure(row: &str, peer: &str) -> Result<Option<Line>, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program)
        .args(row.split(' '))
        .args(["--peer", peer])
        .output()
        .map_err(|error| format!("{row} by {peer}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("does not run") {
        return Ok(None);
    }
    let line = serde_json::from_slice(&output.stdout);
    line.map(Some).map_err(|error| format!("{row} by {peer}: {error}\n{said}"))
}
