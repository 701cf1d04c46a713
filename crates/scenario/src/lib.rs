//! YAML scenarios of asyncio-style programs: loading, checking, and running them on virtual time.
//!
//! The way of the data, each arrow a plain function from a value to a value:
//!
//! ```text
//! YAML text --load--> Spec --check--> Scenario --run--> Outcome, with output and trace
//! ```
//!
//! [`load`] goes the first two steps at once:
//!
//! ```
//! use std::{cell::RefCell, rc::Rc};
//! use timeskip_scenario::{Options, load};
//!
//! let scenario = load("
//! tasks:
//!   count():
//!     - print: \"One\"
//!     - sleep: 1s
//!     - print: \"Two\"
//! main:
//!   - gather: count() for n in range(2)
//! ").expect("a good file");
//!
//! let output = Rc::new(RefCell::new(String::new()));
//! let outcome = scenario.run(&Options::default(), output.clone()).expect("good options");
//! assert_eq!(*output.borrow(), "One\nOne\nTwo\nTwo\n");
//! assert_eq!(outcome.ending.to_string(), "finished at 1.000 s");
//! ```

mod check;
mod code;
pub mod export;
mod lang;
mod machine;
mod pattern;
mod problem;
mod quote;
mod random;
pub mod report;
mod run;
mod scenario;
mod source;
mod spec;
mod suggest;
mod unread;
mod value;
mod yaml;

use std::time::Duration;

pub use check::check;
pub use pattern::expand;
pub use problem::Problem;
pub use run::{OptionError, Options, Outcome, Record, Sink};
pub use scenario::Scenario;
pub use source::{Scalar, Span, Style};
pub use spec::{Literal, Place, Spec, Ties, print, schema};

/// Reads a file's bytes as text.
///
/// # Errors
/// The first byte that is no UTF-8; its place counts in what [`String::from_utf8_lossy`] makes of the bytes.
///
/// ```
/// use timeskip_scenario::decode_utf8;
/// assert_eq!(decode_utf8(b"main:"), Ok("main:"));
/// assert_eq!(decode_utf8(b"ab\xff").map_err(|problem| problem.span.start), Err(2));
/// ```
pub fn decode_utf8(bytes: &[u8]) -> Result<&str, Problem> {
    yaml::decode_utf8(bytes)
}

/// Reads the value of a param as it stands behind `--set NAME=`: as YAML, where a text needs no quotes.
///
/// # Errors
/// A fault of its YAML.
///
/// ```
/// use timeskip_scenario::{Literal, parse_literal};
/// assert!(matches!(parse_literal("[3, 1, 2]"), Ok(Literal::List(items, _)) if items.len() == 3));
/// assert!(parse_literal("[3, 1").is_err());
/// ```
pub fn parse_literal(text: &str) -> Result<Literal, Problem> {
    yaml::parse_value(text).map(|node| spec::decode::decode_value(&node))
}

/// Reads a literal duration, as `--max-time` takes it: `250ms`, `1m30s`, or a bare `0`. A part of a nanosecond counts as
/// a whole one.
///
/// # Errors
/// What is no duration, or one of more than 2^62 - 2 nanoseconds (146 years); a number lacks its unit.
///
/// ```
/// use std::time::Duration;
/// use timeskip_scenario::parse_duration;
/// assert_eq!(parse_duration("1m30s"), Ok(Duration::from_secs(90)));
/// assert_eq!(parse_duration("0.5ns"), Ok(Duration::from_nanos(1)));
/// assert_eq!(parse_duration("5").expect_err("five of what?").label, "missing unit");
/// ```
pub fn parse_duration(text: &str) -> Result<Duration, Problem> {
    let duration = lang::parse_duration(text).map_err(|error| {
        let problem = Problem::new(Span { start: error.at.start, end: error.at.end }, error.title, error.label);
        Problem { help: error.help, ..problem }
    })?;
    Ok(Duration::from_nanos(duration.nanoseconds))
}

/// Reads a scenario file into a Spec: its shape is checked, its names and expressions are not yet.
///
/// # Errors
/// All problems found in the file's shape; a fault of its YAML is reported alone.
///
/// ```
/// use timeskip_scenario::{load, read};
/// let source = "main:\n  - return: nobody\n";
/// assert!(read(source).is_ok() && load(source).is_err());
/// let problems = read("main:\n  - slep: 1s\n").expect_err("no step is called so");
/// assert_eq!(problems[0].title, "unknown key `slep`");
/// ```
pub fn read(source: &str) -> Result<Spec, Vec<Problem>> {
    let node = yaml::parse(source).map_err(|problem| vec![problem])?;
    let decoded = spec::decode::decode(&node, source);
    if decoded.problems.is_empty() { Ok(decoded.spec) } else { Err(decoded.problems) }
}

/// Reads and checks a scenario file. What cannot be read does not keep the rest from being checked.
///
/// # Errors
/// All problems found; a fault of the file's YAML is reported alone. [`report::render`] shows them.
///
/// ```
/// use timeskip_scenario::load;
/// let problems = load("main:\n  - slep: 1s\n  - return: nobody\n").expect_err("a misspelt key, an unknown name");
/// let titles: Vec<&str> = problems.iter().map(|problem| problem.title.as_str()).collect();
/// assert_eq!(titles, ["unknown key `slep`", "unknown name `nobody`"]);
/// ```
pub fn load(source: &str) -> Result<Scenario, Vec<Problem>> {
    let node = yaml::parse(source).map_err(|problem| vec![problem])?;
    check::check_decoded(spec::decode::decode(&node, source), source)
}
