//! A mismatch as files: the scenario made small, both programs' outputs, and where they part.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::compare::Difference;
use crate::oracle::Answer;

/// Writes a mismatch into a folder of its own below `out`; where.
///
/// # Errors
/// A file cannot be written.
pub fn write(out: &Path, name: &str, difference: &Difference) -> io::Result<PathBuf> {
    let folder = out.join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("scenario.yaml"), &difference.yaml)?;
    fs::write(folder.join("program.py"), &difference.python)?;
    fs::write(folder.join("timeskip.txt"), shown(&difference.ours))?;
    fs::write(folder.join("cpython.txt"), shown(&difference.theirs))?;
    fs::write(folder.join("difference.txt"), first(difference))?;
    Ok(folder)
}

fn shown(answer: &Answer) -> String {
    format!("{}-- {}\n", answer.output, answer.ending)
}

/// The first difference in three lines.
pub fn first(difference: &Difference) -> String {
    let (line, ours, theirs) = difference.first();
    format!("line {line}\ntimeskip: {ours}\nCPython:  {theirs}\n")
}
