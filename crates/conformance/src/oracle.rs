//! CPython on virtual time, asked over a pipe: `server.py` of the command line's tests answers, one JSON line for another.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::Builder;
use std::time::Duration;

use serde_json::{Value, json};
use timeskip_executor::Limits;

/// An answer takes milliseconds; beyond this the interpreter is stuck in something that no turn bounds.
const PATIENCE: Duration = Duration::from_secs(20);

/// Limits that both sides keep, so that both stop at the same point of an endless program.
pub fn limits() -> Limits {
    // A time that no sum of the generated durations comes near to: one side counts it in nanoseconds.
    Limits { turns_at_one_instant: 200, time: Duration::from_micros(5_043_700), ..Limits::default() }
}

/// What CPython did.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it printed.
    pub output: String,
    /// `finished`, `deadlock`, `livelock`, `limit` or `failed: TypeName: message`.
    pub ending: String,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Silence {
    /// The interpreter could not be started, or has gone.
    Gone(String),
    /// It did not answer in time, and was stopped.
    Hung,
    /// It does not understand the program.
    Refused(String),
}

/// A running interpreter.
pub struct Oracle {
    python: PathBuf,
    server: Server,
    /// What was handed over and is not answered yet, in order: a line each.
    asked: VecDeque<String>,
}

struct Server {
    process: Child,
    questions: ChildStdin,
    answers: Receiver<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(python: &Path) -> io::Result<Server> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/oracle");
        let mut command = Command::new(python);
        // Bytecode would be left in the project; the environment could change the interpreter.
        command.args(["-B", "-E", "server.py"]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let missing = || io::Error::other("the interpreter has no pipes");
        let questions = process.stdin.take().ok_or_else(missing)?;
        let mut lines = BufReader::new(process.stdout.take().ok_or_else(missing)?);
        let (sender, answers) = channel();
        // A pipe cannot be read with a time limit: a thread reads it, and ends with the interpreter.
        Builder::new().spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                if sender.send(std::mem::take(&mut line)).is_err() {
                    break;
                }
            }
        })?;
        Ok(Server { process, questions, answers })
    }
}

impl Oracle {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(python: &Path) -> io::Result<Oracle> {
        Ok(Oracle { python: python.to_owned(), server: Server::start(python)?, asked: VecDeque::new() })
    }

    /// Its release, as `(3, 13)`.
    ///
    /// # Errors
    /// It does not answer.
    pub fn version(&mut self) -> Result<(u32, u32), Silence> {
        self.send("{\"hello\": true}\n")?;
        let answer = self.receive()?;
        let mut parts = answer["python"].as_str().unwrap_or_default().split('.').map(str::parse);
        match (parts.next(), parts.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => Ok((major, minor)),
            _ => Err(Silence::Gone(format!("no release in {answer}"))),
        }
    }

    /// Hands over a program; it runs while the caller does something else.
    ///
    /// # Errors
    /// The interpreter has gone.
    pub fn ask(&mut self, source: &str, print_cost: f64) -> Result<(), Silence> {
        let limits = limits();
        let question = json!({
            "source": source,
            "ties": "heapq",
            "print_cost": print_cost,
            "turns_at_one_instant": limits.turns_at_one_instant,
            "latest": limits.time.as_secs_f64(),
        });
        let question = format!("{question}\n");
        self.send(&question)?;
        self.asked.push_back(question);
        Ok(())
    }

    /// The answer to the first program that was handed over and has none.
    ///
    /// # Errors
    /// There is none; the interpreter is a new one then.
    pub fn answer(&mut self) -> Result<Answer, Silence> {
        let answer = self.receive();
        self.asked.pop_front();
        if answer.is_err() {
            self.server = Server::start(&self.python).map_err(|error| Silence::Gone(error.to_string()))?;
            let asked = std::mem::take(&mut self.asked);
            asked.iter().try_for_each(|question| self.send(question))?;
            self.asked = asked;
        }
        let answer = answer?;
        match (answer["output"].as_str(), answer["ending"].as_str()) {
            (Some(output), Some(ending)) => Ok(Answer { output: output.to_owned(), ending: ending.to_owned() }),
            _ => Err(Silence::Refused(answer["error"].as_str().unwrap_or("no answer").to_owned())),
        }
    }

    /// A whole line at once: to be written piece by piece would wake the interpreter for each piece.
    fn send(&mut self, line: &str) -> Result<(), Silence> {
        self.server.questions.write_all(line.as_bytes()).map_err(|error| Silence::Gone(error.to_string()))
    }

    fn receive(&mut self) -> Result<Value, Silence> {
        let line = self.server.answers.recv_timeout(PATIENCE).map_err(|_| Silence::Hung)?;
        serde_json::from_str(&line).map_err(|error| Silence::Gone(error.to_string()))
    }
}
