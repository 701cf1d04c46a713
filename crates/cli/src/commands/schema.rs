//! `timeskip schema`

use std::process::ExitCode;

pub(crate) fn run() -> ExitCode {
    let schema = timeskip_scenario::schema();
    super::print(&format!("{schema:#}\n"))
}
