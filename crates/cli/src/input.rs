//! Reading scenario files.

use std::fs::{self, File};
use std::io::{self, Read};

use timeskip_scenario::report::{self, Style};
use timeskip_scenario::{Problem, decode_utf8};

/// Larger files are not read: no scenario needs it.
const LARGEST: u64 = 16 << 20;

/// A file's text, and the name that messages give it.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// The message for the person who asked for it.
pub(crate) fn read(path: &str) -> Result<Source, String> {
    let name = if path == "-" { "standard input".to_owned() } else { path.to_owned() };
    let bytes = read_bytes(path).map_err(|error| format!("error: cannot read {name}: {error}\n"))?;
    match decode_utf8(&bytes) {
        Ok(text) => Ok(Source { text: text.to_owned(), name }),
        Err(problem) => {
            let text = String::from_utf8_lossy(&bytes);
            Err(report::render(&[problem], &text, &name, style()))
        }
    }
}

fn read_bytes(path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == "-" {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)?;
    } else {
        if fs::metadata(path)?.is_dir() {
            return Err(io::Error::other("it is a folder; name a scenario file in it"));
        }
        File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    Ok(bytes)
}

impl Source {
    /// Problems of this file as text for standard error.
    pub(crate) fn report(&self, problems: &[Problem]) -> String {
        report::render(problems, &self.text, &self.name, style())
    }
}

/// Whether messages are coloured: on a terminal that wants it.
fn style() -> Style {
    match anstream::AutoStream::choice(&io::stderr()) {
        anstream::ColorChoice::Never => Style::Plain,
        _ => Style::Colour,
    }
}
