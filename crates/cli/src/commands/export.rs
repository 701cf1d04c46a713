//! `timeskip export`

use std::process::ExitCode;

use timeskip_scenario::export::{self, ExportError};
use timeskip_scenario::read;

use crate::args::{ExportArgs, Language};
use crate::input::{self, Source};
use crate::{Exit, commands};

pub(crate) fn run(args: &ExportArgs) -> ExitCode {
    let Language::Python(python) = &args.language;
    let written = input::read(&python.file).and_then(|source| {
        let spec = read(&source.text).map_err(ExportError::Problems);
        let program = spec.and_then(|spec| export::python(&spec, &source.text, &python.options()));
        program.map_err(|error| explain(&source, error))
    });
    match written {
        Ok(program) => commands::print(&program),
        Err(message) => {
            eprint!("{message}");
            Exit::Unusable.into()
        }
    }
}

fn explain(source: &Source, error: ExportError) -> String {
    match error {
        ExportError::Problems(problems) => format!("{}\n", source.report(&problems)),
        ExportError::Option(error) => format!("error: {error}\n"),
    }
}
