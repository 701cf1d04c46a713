//! CPython on virtual time, asked over a pipe: `tests/oracle/server.py` answers, one JSON line for another.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// What CPython is asked to run, and how.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    /// A program of the oracle by its name.
    pub(crate) program: &'a str,
    pub(crate) ties: &'a str,
    /// A decimal integer of any size.
    pub(crate) seed: &'a str,
    /// Virtual seconds, as a decimal number.
    pub(crate) print_cost: &'a str,
    /// Names and values, in what is both JSON and YAML.
    pub(crate) params: &'a [(&'a str, &'a str)],
}

/// What CPython did.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) output: String,
    pub(crate) ending: String,
    pub(crate) now: f64,
}

/// A running server.
pub(crate) struct CPython {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    version: String,
    programs: Vec<String>,
    compared: usize,
}

impl CPython {
    /// Starts the interpreter; where there is none, says so and what is left out.
    pub(crate) fn start(left_out: &str) -> Option<CPython> {
        let Some(python) = interpreter() else {
            say(&format!("skipped: no python3 of 3.11 or later, so {left_out} were not compared with CPython"));
            return None;
        };
        Some(CPython::running(&python))
    }

    /// Starts an interpreter of each release that is found: only the one that `PYTHON` names, if it does, else `python3`
    /// and those that are called by their release.
    pub(crate) fn start_each(left_out: &str) -> Vec<CPython> {
        let mut started: Vec<CPython> = CPython::start(left_out).into_iter().collect();
        if started.is_empty() || env::var_os("PYTHON").is_some() {
            return started;
        }
        for python in ["python3.11", "python3.12", "python3.13"].into_iter().filter(|python| is_usable(python)) {
            let another = CPython::running(python);
            let is_new = started.iter().all(|known| known.release() != another.release());
            if is_new { started.push(another) } else { another.end() }
        }
        started
    }

    fn running(python: &str) -> CPython {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
        let mut command = Command::new(python);
        // Bytecode would be left in the project; the environment could change the interpreter.
        command.args(["-B", "-E", "server.py"]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("it has run a moment ago");
        let questions = process.stdin.take().expect("it is piped");
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        let (version, programs) = (String::new(), Vec::new());
        let mut cpython = CPython { process, questions, answers, version, programs, compared: 0 };
        let hello = cpython.exchange(r#"{"hello": true}"#);
        cpython.version = hello["python"].as_str().expect("it says its version").to_owned();
        let names = hello["programs"].as_array().expect("it lists its programs").iter();
        cpython.programs = names.map(|name| name.as_str().expect("a name").to_owned()).collect();
        cpython
    }

    /// Whether the interpreter is of this release or a later one.
    pub(crate) fn is_at_least(&self, major: u32, minor: u32) -> bool {
        self.release() >= (major, minor)
    }

    fn release(&self) -> (u32, u32) {
        let mut parts = self.version.split('.').map(|part| part.parse().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    }

    /// Ends the interpreter without a comparison, and says why.
    pub(crate) fn leave(self, why: &str) {
        let version = self.version.clone();
        self.end();
        say(&format!("skipped: {why}, and python3 is {version}"));
    }

    fn end(self) {
        let CPython { mut process, questions, .. } = self;
        drop(questions);
        process.wait().expect("it ends when nobody asks any more");
    }

    /// Whether the oracle has a program of this name.
    pub(crate) fn has(&self, program: &str) -> bool {
        self.programs.iter().any(|name| name == program)
    }

    /// Runs a program of the oracle.
    #[track_caller]
    pub(crate) fn ask(&mut self, question: &Question<'_>) -> Answer {
        let Question { program, ties, seed, print_cost, params } = question;
        let params: Vec<String> = params.iter().map(|(name, value)| format!("{name:?}: {value}")).collect();
        let params = params.join(", ");
        let fields = format!(r#""ties": "{ties}", "seed": {seed}, "print_cost": {print_cost}, "params": {{{params}}}"#);
        self.answer(&format!(r#"{{"program": "{program}", {fields}}}"#))
    }

    /// Runs the text of a Python program.
    #[track_caller]
    pub(crate) fn run(&mut self, source: &str, ties: &str, seed: u64) -> Answer {
        self.answer(&serde_json::json!({"source": source, "ties": ties, "seed": seed}).to_string())
    }

    /// Runs the text of a Python program as it is, where each print takes so many seconds.
    #[track_caller]
    pub(crate) fn run_with_print_cost(&mut self, source: &str, seconds: f64) -> Answer {
        self.answer(&serde_json::json!({"source": source, "print_cost": seconds}).to_string())
    }

    #[track_caller]
    fn answer(&mut self, question: &str) -> Answer {
        let answer = self.exchange(question);
        self.compared += 1;
        let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{question}: {answer}")).to_owned();
        let now = answer["now"].as_f64().unwrap_or_else(|| panic!("{question}: {answer}"));
        Answer { output: text("output"), ending: text("ending"), now }
    }

    fn exchange(&mut self, question: &str) -> Value {
        writeln!(self.questions, "{question}").expect("the server reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the server answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{question}: {error} in {line:?}"))
    }

    /// Ends the interpreter, and says how many programs were compared.
    pub(crate) fn finish(self, what: &str) {
        let (version, compared) = (self.version.clone(), self.compared);
        self.end();
        assert!(compared > 0, "something was compared");
        say(&format!("compared with CPython {version}: {compared} programs ({what})"));
    }
}

/// The interpreter that `PYTHON` names, else `python3`, if it is recent enough.
fn interpreter() -> Option<String> {
    let chosen = env::var("PYTHON").ok();
    let python = chosen.clone().unwrap_or_else(|| "python3".to_owned());
    let is_usable = is_usable(&python);
    // Who names an interpreter wants a comparison.
    assert!(is_usable || chosen.is_none(), "PYTHON={python} is no CPython of 3.11 or later");
    is_usable.then_some(python)
}

fn is_usable(python: &str) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Speaks past the test runner, which keeps what a passing test prints to itself.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
