//! What is wrong with a scenario file: one problem, with its place, what was expected, and how to mend it.
//!
//! [`crate::report::render`] shows problems as rustc shows its own.

use crate::source::Span;

/// One problem of a scenario file.
///
/// ```
/// let problems = timeskip_scenario::load("main:\n  - slep: 1s\n").expect_err("no step is called so");
/// assert_eq!(problems[0].title, "unknown key `slep`");
/// assert_eq!(problems[0].help.as_deref(), Some("did you mean `sleep`?"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: the bytes under the caret.
    pub span: Span,
    /// What is wrong, as one clause: ``unknown key `slep` ``.
    pub title: String,
    /// What stands under the caret: what was expected there.
    pub label: String,
    /// A second place that explains the first: `first given here`.
    pub related: Option<(Span, String)>,
    /// What to do about it: ``did you mean `sleep`?``.
    pub help: Option<String>,
    /// The text that would mend it, shown as a patch of the source line.
    pub patch: Option<(Span, String)>,
}

impl Problem {
    /// A problem with its place and what was expected there.
    pub(crate) fn new(span: Span, title: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem { span, title: title.into(), label: label.into(), related: None, help: None, patch: None }
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// Adds a second place.
    pub(crate) fn related(mut self, span: Span, label: impl Into<String>) -> Problem {
        self.related = Some((span, label.into()));
        self
    }

    /// Adds the text that would mend it, where it is known.
    pub(crate) fn patch(mut self, patch: Option<(Span, String)>) -> Problem {
        self.patch = patch;
        self
    }
}
