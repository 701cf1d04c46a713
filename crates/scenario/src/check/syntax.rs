//! Parsing the scalars of a Spec, with the parser's errors as problems of the file.

use crate::lang::ast::Range;
use crate::lang::{self, SyntaxError};
use crate::problem::Problem;
use crate::quote;
use crate::source::{Scalar, Span, Style};

/// The place in the file of a range in a scalar's value.
pub(crate) fn place(scalar: &Scalar, at: Range) -> Span {
    scalar.locate(at.start as usize, at.end as usize)
}

/// A problem at a range of a scalar.
pub(crate) fn problem(scalar: &Scalar, at: Range, title: impl Into<String>, label: impl Into<String>) -> Problem {
    Problem::new(place(scalar, at), title, label)
}

/// The parser's error as a problem of the file.
///
/// Where the expression looks like a part of a longer one and stands there without quotes, YAML has probably cut it:
/// the help then shows the whole line in quotes.
pub(crate) fn from_syntax(scalar: &Scalar, error: SyntaxError, source: &str) -> Problem {
    let mut problem = problem(scalar, error.at, error.title.clone(), error.label.clone());
    problem.help = error.help.clone();
    problem.patch = error.patch.as_ref().map(|(at, text)| (place(scalar, *at), text.clone()));
    if error.looks_cut() && scalar.style == Style::Plain {
        let rest = quote::rest_of_line(source, scalar.span.start as usize);
        if let Some((span, text)) = rest.filter(|(span, _)| span.end > scalar.span.end) {
            problem.help = Some("YAML cut this expression short: put it in quotes".to_owned());
            problem.patch = Some((span, text));
        }
    }
    problem
}

/// Reads one scalar with one of the parser's functions.
pub(crate) fn parse<T>(
    scalar: &Scalar,
    source: &str,
    parser: impl FnOnce(&str) -> Result<T, SyntaxError>,
) -> Result<T, Problem> {
    parser(&scalar.value).map_err(|error| from_syntax(scalar, error, source))
}

/// Reads a literal duration.
pub(crate) fn duration(scalar: &Scalar, source: &str) -> Result<lang::Duration, Problem> {
    parse(scalar, source, lang::parse_duration)
}
