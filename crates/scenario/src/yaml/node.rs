//! A YAML document as a tree that remembers where everything stood.

use crate::source::{Scalar, Span, Style};

/// A value of the document.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where it stands: of a scalar the text with its quotes, of a list or mapping everything from its first byte.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: Kind,
}

/// The kinds of value.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A single value.
    Scalar(Scalar, Resolved),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order written; no key occurs twice.
    Mapping(Vec<Entry>),
}

/// One key of a mapping, with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key; whatever YAML takes it for, it is a text here.
    pub(crate) key: Scalar,
    /// The value.
    pub(crate) value: Node,
}

/// What YAML takes a scalar for. The text of a number is kept as it was written (`0x10`, `1_000`, `1e999`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// Anything that YAML takes for a number.
    Number,
    /// Anything else.
    Text,
}

impl Node {
    /// Nothing, at the beginning of the file: what an empty text holds.
    pub(crate) fn nothing() -> Node {
        let span = Span::default();
        let scalar = Scalar { value: String::new(), span, style: Style::Plain, origin: Vec::new() };
        Node { span, kind: Kind::Scalar(scalar, Resolved::Null) }
    }

    /// What it is, for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(scalar, Resolved::Null) if scalar.value.is_empty() => "nothing",
            Kind::Scalar(_, Resolved::Null) => "null",
            Kind::Scalar(_, Resolved::Bool) => "true or false",
            Kind::Scalar(_, Resolved::Number) => "a number",
            Kind::Scalar(_, Resolved::Text) => "a text",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }

    /// Whether nothing was written: a key with an empty rest of the line.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(scalar, Resolved::Null) if scalar.value.is_empty())
    }
}
