//! One module for each command.

pub(crate) mod expand;
pub(crate) mod export;
pub(crate) mod lint;
mod repeat;
pub(crate) mod run;
pub(crate) mod schema;

use std::process::ExitCode;

use crate::{Exit, output};

/// Prints a text to standard output and ends.
fn print(text: &str) -> ExitCode {
    match output::write_all(text) {
        Ok(()) => Exit::Fine.into(),
        Err(error) => {
            eprintln!("error: cannot write: {error}");
            Exit::Unusable.into()
        }
    }
}
