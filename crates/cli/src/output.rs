//! What a program prints, on its way to standard output.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use timeskip_scenario::Sink;

/// Colours that can be read on light and dark grounds; tasks take them in turn.
const COLOURS: [&str; 6] = ["\x1b[36m", "\x1b[35m", "\x1b[33m", "\x1b[32m", "\x1b[34m", "\x1b[31m"];
const PLAIN: &str = "\x1b[0m";

/// Whether lines are coloured by the task that printed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colouring {
    ByTask,
    None,
}

/// Writes lines to standard output, each task's in a colour of its own on a terminal that wants colours.
pub(crate) struct Lines<W: Write = BufWriter<Stdout>> {
    writer: W,
    colouring: Colouring,
    /// The first error; nothing is written after it.
    error: Option<io::Error>,
}

impl Lines {
    pub(crate) fn new() -> Lines {
        let colours = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        let colouring = if colours && io::stdout().is_terminal() { Colouring::ByTask } else { Colouring::None };
        Lines { writer: BufWriter::with_capacity(1 << 16, io::stdout()), colouring, error: None }
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    /// The first error of all writing; a reader who has gone away is none.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        let result = match self.error.take() {
            Some(error) => Err(error),
            None => self.writer.flush(),
        };
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

impl<W: Write> Lines<W> {
    fn write(&mut self, task: u32, text: &str) -> io::Result<()> {
        // Main prints plainly; the first task of the program takes the first colour.
        match (self.colouring, task.checked_sub(1)) {
            (Colouring::ByTask, Some(number)) => {
                let colour = COLOURS[number as usize % COLOURS.len()];
                writeln!(self.writer, "{colour}{text}{PLAIN}")
            }
            _ => writeln!(self.writer, "{text}"),
        }
    }
}

impl<W: Write> Sink for Lines<W> {
    fn line(&mut self, task: u32, text: &str) {
        if self.error.is_none() {
            self.error = self.write(task, text).err();
        }
    }
}

/// Writes a whole text to standard output.
///
/// # Errors
/// What writing met; a reader who has gone away is no error.
pub(crate) fn write_all(text: &str) -> io::Result<()> {
    let result = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(colouring: Colouring, expected: &str) {
        let mut lines = Lines { writer: Vec::new(), colouring, error: None };
        for (task, text) in [(0, "main"), (1, "first"), (2, "second"), (7, "first again")] {
            lines.line(task, text);
        }
        assert_eq!(String::from_utf8(lines.writer).as_deref(), Ok(expected));
    }

    #[test]
    fn colours_by_task() {
        check(Colouring::ByTask, "main\n\x1b[36mfirst\x1b[0m\n\x1b[35msecond\x1b[0m\n\x1b[36mfirst again\x1b[0m\n");
    }

    #[test]
    fn leaves_pipes_plain() {
        check(Colouring::None, "main\nfirst\nsecond\nfirst again\n");
    }
}
