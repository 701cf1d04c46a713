//! The scenario in Python.

use timeskip_scenario::report::{Style, render};
use timeskip_scenario::{Options, export, read};

/// The program as `timeskip export python` prints it.
///
/// # Errors
/// What is wrong with the scenario, or foreign to Python, in words.
pub(crate) fn export(yaml: &str) -> Result<String, String> {
    let spec = read(yaml).map_err(|problems| render(&problems, yaml, "scenario.yaml", Style::Plain))?;
    export::python(&spec, yaml, &Options::default()).map_err(|error| error.to_string())
}
