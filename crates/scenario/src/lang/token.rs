//! The words of the language.

use super::ast::Range;
use super::duration::Duration;

/// One token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Where it stands.
    pub(super) at: Range,
}

/// The kinds of token. A name's text is read from the source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// An identifier that is no keyword.
    Name,
    /// A word of Python's that cannot be a name, or one of YAML's `true`, `false`, `null`.
    Keyword(&'static str),
    /// An operator, a bracket, punctuation.
    Symbol(&'static str),
    /// An integer up to 2**63, which only a minus sign brings into range.
    Int(u64),
    /// A float.
    Float(f64),
    /// A number with a unit of time.
    Duration(Duration),
    /// A string's prefix and opening quote. The body is not a token: it may have holes with expressions in them.
    Quote(Quote),
    /// The end of the source.
    End,
}

/// How a string literal begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    /// The quote that ends it: `'` or `"`.
    pub(super) mark: u8,
    /// Whether backslashes stand for themselves.
    pub(super) escapes: Escapes,
    /// Whether `{` opens a hole.
    pub(super) braces: Braces,
}

/// What a backslash does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// It begins an escape sequence.
    Resolved,
    /// Nothing: `r''`, and the texts of a scenario, whose escapes YAML has resolved.
    Kept,
}

/// What a brace does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Braces {
    /// It opens a hole: `f''`.
    Holes,
    /// Nothing.
    Plain,
}

/// Python's keywords, and YAML's three words for `True`, `False` and `None`.
pub(super) const KEYWORDS: [&str; 38] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "true", "false", "null",
];

/// Operators and punctuation, a longer one before its own beginning. Those that Python does not have (`&&`, `===`,
/// `=>` ...) are here so that a message can name them. `:=` and `++` are not: `{x:=5}` and `a++b` are good Python.
pub(super) const SYMBOLS: [&str; 58] = [
    "**=", "//=", "<<=", ">>=", "===", "!==", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=", "*=",
    "/=", "%=", "&=", "|=", "^=", "@=", "<>", "&&", "||", "->", "=>", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";",
    "=", "+", "-", "*", "/", "%", "&", "|", "^", "~", "<", ">", "!", "@", "?", "$", "`", "\\", "#",
];
