//! `timeskip expand`

use std::process::ExitCode;

use timeskip_scenario::{check, expand, print, read};

use crate::args::ExpandArgs;
use crate::{Exit, input};

pub(crate) fn run(args: &ExpandArgs) -> ExitCode {
    let source = match input::read(&args.file) {
        Ok(source) => source,
        Err(message) => {
            eprint!("{message}");
            return Exit::Unusable.into();
        }
    };
    let checked = read(&source.text).and_then(|spec| check(&spec, &source.text).map(|_| spec));
    match checked {
        Ok(spec) => super::print(&print(&expand(&spec))),
        Err(problems) => {
            eprintln!("{}", source.report(&problems));
            Exit::Unusable.into()
        }
    }
}
