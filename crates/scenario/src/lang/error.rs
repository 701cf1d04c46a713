//! What is wrong with an expression or a text: one error, its place, and how to mend it.

use super::ast::Range;

/// The first thing that could not be read, in words for somebody who is new to the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// The bytes of the source under the caret; empty at the end of the source.
    pub at: Range,
    /// What is wrong, as one clause.
    pub title: String,
    /// What stands under the caret: what was expected there.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The text that would mend it, and the bytes that it replaces.
    pub patch: Option<(Range, String)>,
    /// Whether the source itself is at fault, or looks like a part of a longer one.
    pub cause: Cause,
}

/// Where the fault of a [`SyntaxError`] probably lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// In what is written.
    Written,
    /// In what is missing at an end: a bracket or a string that is not closed, a closing bracket without its opening
    /// one, an operator without its operand. In an unquoted YAML scalar it was probably YAML that cut there: at a comma
    /// of a flow list, at `: ` or at ` #`.
    Cut,
}

/// What the parser's functions return. The error is boxed because every level of the recursion keeps room for several.
pub(super) type Parsed<T> = Result<T, Box<SyntaxError>>;

impl From<Box<SyntaxError>> for SyntaxError {
    fn from(error: Box<SyntaxError>) -> SyntaxError {
        *error
    }
}

impl SyntaxError {
    /// An error in what is written.
    #[cold]
    pub(super) fn new(at: Range, title: impl Into<String>, label: impl Into<String>) -> Box<SyntaxError> {
        let (title, label) = (title.into(), label.into());
        Box::new(SyntaxError { at, title, label, help: None, patch: None, cause: Cause::Written })
    }

    /// The same with advice.
    pub(super) fn help(mut self: Box<Self>, help: impl Into<String>) -> Box<SyntaxError> {
        self.help = Some(help.into());
        self
    }

    /// The same with advice, where there is some.
    pub(super) fn help_if(mut self: Box<Self>, help: Option<&str>) -> Box<SyntaxError> {
        self.help = help.map(str::to_owned);
        self
    }

    /// The same with the text that should stand in place of `at`.
    pub(super) fn patch(mut self: Box<Self>, at: Range, text: impl Into<String>) -> Box<SyntaxError> {
        self.patch = Some((at, text.into()));
        self
    }

    /// The same, as one that a cut would explain.
    pub(super) fn cut(mut self: Box<Self>) -> Box<SyntaxError> {
        self.cause = Cause::Cut;
        self
    }

    /// Whether the source looks like a part of a longer one, see [`Cause::Cut`].
    pub(crate) fn looks_cut(&self) -> bool {
        self.cause == Cause::Cut
    }
}

/// The range of these bytes. The length of a source is bounded before it is read, so they fit.
pub(super) fn range(start: usize, end: usize) -> Range {
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Range { start: narrow(start), end: narrow(end) }
}
