//! A scenario for both sides: checked for this one, exported for the other.

use timeskip_scenario::report::{Style, render};
use timeskip_scenario::{Options, Problem, Scenario, check, export, read};

/// The scenario, and the program as `timeskip export python` prints it.
///
/// # Errors
/// What is wrong with the scenario, or foreign to Python, in words.
pub(crate) fn both(yaml: &str) -> Result<(Scenario, String), String> {
    let in_words = |problems: Vec<Problem>| render(&problems, yaml, "scenario.yaml", Style::Plain);
    let spec = read(yaml).map_err(in_words)?;
    let scenario = check(&spec, yaml).map_err(in_words)?;
    let python = export::checked(&spec, &scenario, &Options::default()).map_err(|error| error.to_string())?;
    Ok((scenario, python))
}
