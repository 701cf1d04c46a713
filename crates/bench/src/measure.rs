//! One measurement: a job, run once by one peer in this process.

use std::time::Instant;

use serde::Serialize;
use timeskip_executor::TieRule;

use crate::floor::{self, heap::StdHeap, radix::Radix};
use crate::workload::{Checksum, Job, Workload};
use crate::{peers, timeskip};

const USAGE: &str = "usage: timeskip-bench WORKLOAD N [K] [--peer NAME]
       timeskip-bench compare [ROUNDS] [WORKLOAD...]
       timeskip-bench scenarios [--items N] [--rounds N] [--python PROGRAM] [--simpy]
       timeskip-bench instructions [PEER]
       timeskip-bench plot FILE.svg
workloads: W1 W1N W2 W2B W3 W4 W4B W5";

/// Who runs a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// timeskip, with ties first in first out.
    Timeskip,
    /// timeskip with CPython's heap.
    TimeskipHeapq,
    /// tokio with paused time.
    Tokio,
    /// odem-rs.
    #[cfg(feature = "odem")]
    Odem,
    /// The standard library's heap and no tasks.
    FloorHeap,
    /// A radix heap and no tasks.
    FloorRadix,
    /// The smallest executor of futures.
    FloorAsync,
}

/// All peers that are built in, by name; timeskip first.
pub(crate) const PEERS: &[(&str, Peer)] = &[
    ("timeskip", Peer::Timeskip),
    ("timeskip-heapq", Peer::TimeskipHeapq),
    ("tokio", Peer::Tokio),
    #[cfg(feature = "odem")]
    ("odem-rs", Peer::Odem),
    ("floor-heap", Peer::FloorHeap),
    ("floor-radix", Peer::FloorRadix),
    ("floor-async", Peer::FloorAsync),
];

/// The peers that a feature builds in, each with what has to follow `cargo`.
const OPTIONAL: [(&str, &str); 1] = [("odem-rs", "run --release -p timeskip-bench --features odem")];

#[derive(Serialize)]
struct Line {
    peer: &'static str,
    workload: String,
    n: u64,
    k: u64,
    events: u64,
    wall_s: f64,
    events_per_s: f64,
    peak_rss_kb: u64,
    bytes_per_task: f64,
    checksum: String,
}

/// Measures what the arguments say, and prints it.
///
/// # Errors
/// What is wrong with the arguments, or that the peer does not have the workload.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (job, name, peer) = parse(arguments)?;
    let before = peak_rss_kb();
    let start = now();
    let checksum = execute(peer, job).ok_or_else(|| format!("{name} does not run {}", job.workload))?;
    let wall_s = start.elapsed().as_secs_f64();
    let peak = peak_rss_kb();
    let line = Line {
        peer: name,
        workload: job.workload.to_string(),
        n: job.n,
        k: job.k,
        events: job.events(),
        wall_s,
        events_per_s: job.events() as f64 / wall_s,
        peak_rss_kb: peak,
        bytes_per_task: peak.saturating_sub(before) as f64 * 1024.0 / job.tasks().max(1) as f64,
        checksum: format!("{:016x}", checksum.0),
    };
    println!("{}", serde_json::to_string(&line).map_err(|error| error.to_string())?);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is about real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn execute(peer: Peer, job: Job) -> Option<Checksum> {
    match peer {
        Peer::Timeskip => Some(timeskip::run(job, TieRule::Fifo)),
        // Seconds in floating point do not hold every nanosecond, so that its times would differ.
        Peer::TimeskipHeapq if job.workload == Workload::W1N => None,
        Peer::TimeskipHeapq => Some(timeskip::run(job, TieRule::Heapq)),
        Peer::Tokio => peers::tokio::run(job),
        #[cfg(feature = "odem")]
        Peer::Odem => Some(peers::odem::run(job)),
        Peer::FloorHeap => floor::heap::run::<StdHeap>(job),
        Peer::FloorRadix => floor::heap::run::<Radix>(job),
        Peer::FloorAsync => Some(floor::minimal::run(job)),
    }
}

fn parse(arguments: &[String]) -> Result<(Job, &'static str, Peer), String> {
    let mut plain = Vec::new();
    let mut name = "timeskip";
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--peer" => name = arguments.next().ok_or_else(usage)?,
            "--help" => return Err(usage()),
            _ => plain.push(argument.as_str()),
        }
    }
    let (name, peer) = *PEERS.iter().find(|(known, _)| *known == name).ok_or_else(|| no_peer(name))?;
    let number = |text: &str| text.parse::<u64>().map_err(|error| format!("`{text}`: {error}"));
    let (workload, n, k) = match plain.as_slice() {
        [workload, n] => (workload, number(n)?, 1),
        [workload, n, k] => (workload, number(n)?, number(k)?),
        _ => return Err(usage()),
    };
    Ok((Job { workload: workload.parse()?, n, k }, name, peer))
}

fn usage() -> String {
    let names: Vec<&str> = PEERS.iter().map(|(name, _)| *name).collect();
    format!("{USAGE}\npeers: {}; the first one unless said otherwise", names.join(", "))
}

fn no_peer(name: &str) -> String {
    match OPTIONAL.iter().find(|(known, _)| *known == name) {
        Some((_, command)) => format!("{name} is not built in: use `cargo {command} -- ...`"),
        None => format!("no peer `{name}`\n{}", usage()),
    }
}

/// The most memory this process has had, as Linux tells it; 0 elsewhere.
fn peak_rss_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each workload, small.
    const JOBS: [&str; 8] = ["W1 20 30", "W1N 20 30", "W2 3 60", "W2B 2 200", "W3 50", "W4 40", "W4B 40", "W5 30"];

    /// What a peer does not run.
    const MISSING: [(&str, &str); 4] = [
        ("timeskip-heapq", "W1N"),
        ("tokio", "W1N"),
        ("floor-heap", "W2 W2B W3 W4 W4B W5"),
        ("floor-radix", "W2 W2B W3 W4 W4B W5"),
    ];

    fn arguments(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn all_peers_see_the_same() {
        for line in JOBS {
            let (job, _, timeskip) = parse(&arguments(line)).expect(line);
            let expected = execute(timeskip, job);
            let workload = job.workload.to_string();
            for (name, peer) in PEERS {
                let missing = MISSING.iter().find(|(known, _)| known == name).map_or("", |(_, missing)| missing);
                let runs = !missing.split(' ').any(|missing| missing == workload);
                assert_eq!(execute(*peer, job), expected.filter(|_| runs), "{line} by {name}");
            }
        }
    }

    #[test]
    fn a_peer_that_is_not_built_in_is_named_with_its_feature() {
        for (name, command) in OPTIONAL {
            let found = parse(&arguments(&format!("W1 1 --peer {name}"))).map(|(_, name, _)| name);
            let expected = format!("{name} is not built in: use `cargo {command} -- ...`");
            let is_built_in = PEERS.iter().any(|(known, _)| *known == name);
            assert_eq!(found, if is_built_in { Ok(name) } else { Err(expected) });
        }
    }
}
