//! `timeskip-bench WORKLOAD N [K] [--peer NAME]`: one measurement, one line of JSON. `timeskip-bench compare`: all of
//! them, interleaved, as ratios. `timeskip-bench scenarios`: whole scenarios beside asyncio and SimPy. `instructions` counts
//! what no clock disturbs; `plot` draws how costs grow.

mod compare;
mod floor;
mod instructions;
mod measure;
mod peers;
mod plot;
mod prefetch;
mod scenarios;
mod timeskip;
mod workload;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some("compare") => compare::run(&arguments[1..]),
        Some("scenarios") => scenarios::run(&arguments[1..]),
        Some("instructions") => instructions::run(arguments.get(1).map_or("timeskip", String::as_str)),
        Some("plot") => plot::run(&arguments[1..]),
        _ => measure::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}
