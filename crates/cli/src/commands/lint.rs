//! `timeskip lint`

use std::process::ExitCode;

use timeskip_scenario::load;

use crate::Exit;
use crate::args::LintArgs;
use crate::input;

pub(crate) fn run(args: &LintArgs) -> ExitCode {
    let checks = args.files.iter().map(|file| lint(file));
    checks.max().unwrap_or(Exit::Fine).into()
}

fn lint(file: &str) -> Exit {
    let source = match input::read(file) {
        Ok(source) => source,
        Err(message) => {
            eprint!("{message}");
            return Exit::Unusable;
        }
    };
    match load(&source.text) {
        Ok(_) => Exit::Fine,
        Err(problems) => {
            eprintln!("{}", source.report(&problems));
            Exit::Unusable
        }
    }
}
