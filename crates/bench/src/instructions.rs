//! Instructions for each event, counted by valgrind: the same on every run, so that a test can hold them.
//!
//! A workload is run with two sizes; what the larger one takes more, divided by the events it has more, is free of what
//! starting and ending cost.

use std::process::Command;

use crate::workload::Job;

/// A workload, its two sizes, and the most instructions that an event may take: some five in a hundred above what it
/// does take, since compilers and C libraries differ a little.
const ROWS: [(&str, [&str; 2], f64); 8] = [
    ("W1", ["1000 50", "1000 150"], 332.0),
    ("W1N", ["1000 50", "1000 150"], 369.0),
    ("W2", ["10 10000", "10 40000"], 277.0),
    ("W2B", ["10 10000", "10 40000"], 292.0),
    ("W3", ["10000", "60000"], 286.0),
    ("W4", ["32768", "65536"], 556.0),
    ("W4B", ["32768", "65536"], 920.0),
    ("W5", ["16384", "32768"], 482.0),
];

/// Counts, prints a table, and holds the limits; where there is no valgrind, it says so and holds nothing.
///
/// # Errors
/// A workload that takes more instructions than it may, or a count that cannot be made.
pub(crate) fn run(peer: &str) -> Result<(), String> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: no valgrind here, so that no instructions can be counted");
        return Ok(());
    }
    println!("| workload | instructions an event | at most |\n|---|---|---|");
    let mut over = Vec::new();
    for (workload, [small, large], most) in ROWS {
        let taken = an_event(workload, small, large, peer)?;
        println!("| {workload} | {taken:.0} | {most:.0} |");
        if peer == "timeskip" && taken > most {
            over.push(format!("{workload} takes {taken:.0} instructions an event, more than {most:.0}"));
        }
    }
    if over.is_empty() { Ok(()) } else { Err(over.join("\n")) }
}

fn an_event(workload: &str, small: &str, large: &str, peer: &str) -> Result<f64, String> {
    let [small, large] = [small, large].map(|size| counted(workload, size, peer));
    let ((few, events), (many, more)) = (small?, large?);
    Ok((many - few) / (more - events))
}

/// How many instructions a run takes, and how many events it has.
fn counted(workload: &str, size: &str, peer: &str) -> Result<(f64, f64), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg(workload)
        .args(size.split(' '))
        .args(["--peer", peer])
        .output()
        .map_err(|error| format!("{workload}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    let count = collected.ok_or_else(|| format!("{workload} {size}: valgrind did not count\n{said}"))?;
    let sizes: Vec<u64> = size.split(' ').filter_map(|number| number.parse().ok()).collect();
    let job = Job { workload: workload.parse()?, n: sizes[0], k: sizes.get(1).copied().unwrap_or(1) };
    Ok((count, job.events() as f64))
}
