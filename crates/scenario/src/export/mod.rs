//! A scenario as a plain asyncio program: what `timeskip export python` prints.
//!
//! The way is that of a run up to the checked file; behind it stands a printer in place of the machine. Expressions are
//! Python's already, so the printer goes from the parser's tree to text: `expression` and `fstring` write what stands
//! within a line, `steps` the lines of a task, `program` the whole file. `calls` is the table of what our functions are
//! called in Python; a function of asyncio's that has its own name there needs no line in it.

mod block;
mod callbacks;
mod calls;
mod clock;
mod expression;
mod fstring;
mod layout;
mod literal;
mod names;
mod plural;
mod prelude;
mod program;
mod spawning;
mod steps;
mod turns;
mod variables;
mod waiting;
mod writer;

use std::fmt;

use crate::problem::Problem;
use crate::run::{OptionError, Options};
use crate::scenario::Scenario;
use crate::spec::Spec;
use crate::{check, pattern};

/// Why a scenario was not exported.
///
/// ```
/// use timeskip_scenario::export::{ExportError, python};
/// use timeskip_scenario::{OptionError, Options, read};
/// let source = "main:\n  - sleep: 1s\n";
/// let options = Options { case: Some("fast".to_owned()), ..Options::default() };
/// let error = python(&read(source).expect("a good file"), source, &options).expect_err("no such case");
/// assert_eq!(error, ExportError::Option(OptionError::UnknownCase("fast".to_owned(), Vec::new())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportError {
    /// What is wrong with the file, or cannot be said in Python.
    Problems(Vec<Problem>),
    /// An option names what the scenario does not have.
    Option(OptionError),
}

impl fmt::Display for ExportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::Problems(problems) => {
                let titles: Vec<&str> = problems.iter().map(|problem| problem.title.as_str()).collect();
                formatter.write_str(&titles.join("; "))
            }
            ExportError::Option(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ExportError {}

/// The scenario as a program for CPython 3.11 or later; `source` is the text of its file, for the places of problems.
///
/// The program prints what a run with the same options prints under `ties: heapq`, and ends as it ends. Patterns are
/// written out, params stand with their values, and the seed is written in. Of the options `seed`, `set`, `case` and `ties`
/// count; a tie rule other than `heapq` can only be told in a comment, since CPython has but its own.
///
/// # Errors
/// All problems of the file, or those parts of it that Python cannot say (draws from `chacha`); or an option that names what
/// the scenario does not have.
///
/// ```
/// use timeskip_scenario::{Options, export, read};
/// let source = "main:\n  - print: \"Hello ...\"\n  - sleep: 1s\n  - print: \"World!\"\n";
/// let spec = read(source).expect("a good file");
/// let program = export::python(&spec, source, &Options::default()).expect("nothing in it is foreign to Python");
/// assert!(program.contains("\n    await asyncio.sleep(1)\n    print(\"World!\")\n"));
/// assert!(program.ends_with("\nif __name__ == \"__main__\":\n    asyncio.run(main())\n"));
/// ```
pub fn python(spec: &Spec, source: &str, options: &Options) -> Result<String, ExportError> {
    checked(spec, &check(spec, source).map_err(ExportError::Problems)?, options)
}

/// The same where the file is checked already: `scenario` is what [`check`] made of this `spec`.
///
/// # Errors
/// Parts of the file that Python cannot say, or an option that names what the scenario does not have.
///
/// ```
/// use timeskip_scenario::{Options, check, export, read};
/// let source = "main:\n  - sleep: 1s\n";
/// let spec = read(source).expect("a good file");
/// let scenario = check(&spec, source).expect("nothing is misspelt");
/// let options = Options::default();
/// assert_eq!(export::checked(&spec, &scenario, &options), export::python(&spec, source, &options));
/// ```
pub fn checked(spec: &Spec, scenario: &Scenario, options: &Options) -> Result<String, ExportError> {
    let setting = scenario.setting(options).map_err(ExportError::Option)?;
    program::write(&pattern::expand(spec), &setting).map_err(ExportError::Problems)
}
