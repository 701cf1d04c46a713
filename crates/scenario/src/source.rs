//! Places in a scenario file, and scalars that remember theirs.

/// A range of bytes in the text of a scenario file.
///
/// ```
/// let source = "main:\n  - slep: 1s\n";
/// let span = timeskip_scenario::load(source).expect_err("no such step")[0].span;
/// assert_eq!(&source[span.start as usize..span.end as usize], "slep");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// How a scalar was written: YAML forgets it, but a text must be quoted and an expression is best left plain.
///
/// ```
/// use timeskip_scenario::{Literal, Style, parse_literal};
/// let style = |text| match parse_literal(text) {
///     Ok(Literal::Scalar(scalar)) => Some(scalar.style),
///     _ => None,
/// };
/// assert_eq!((style("5"), style("'5'")), (Some(Style::Plain), Some(Style::Quoted)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block: `|` or `>`.
    Block,
    /// Written by a pattern's expansion, or read by a reader that does not tell.
    Unknown,
}

/// A scalar of the file: its value, and where each of its bytes came from.
///
/// ```
/// use timeskip_scenario::{Literal, parse_literal};
/// let Ok(Literal::Scalar(scalar)) = parse_literal("\"A nap.\"") else { panic!("one text") };
/// assert_eq!(scalar.value, "A nap.");
/// assert_eq!((scalar.span.start, scalar.span.end), (0, 8), "the quotes included");
/// ```
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The value, with YAML's escapes resolved.
    pub value: String,
    /// The whole scalar in the file, quotes included.
    pub span: Span,
    /// How it was written.
    pub style: Style,
    /// For each byte of `value`, and its end, the byte of the file that it came from; empty when unknown.
    pub origin: Vec<u32>,
}

impl Scalar {
    /// The place in the file of the bytes `start..end` of the value; the whole scalar where that is not known.
    ///
    /// ```
    /// use timeskip_scenario::{Literal, parse_literal};
    /// let source = "\"tab\\tnap\"";
    /// let Ok(Literal::Scalar(scalar)) = parse_literal(source) else { panic!("one text") };
    /// assert_eq!(&scalar.value[4..7], "nap");
    /// let place = scalar.locate(4, 7);
    /// assert_eq!(&source[place.start as usize..place.end as usize], "nap");
    /// ```
    pub fn locate(&self, start: usize, end: usize) -> Span {
        match (self.origin.get(start), self.origin.get(end)) {
            (Some(&start), Some(&end)) => Span { start, end: end.max(start) },
            _ => self.span,
        }
    }
}

/// Two scalars are equal when their values are: places do not matter to what a scenario means.
impl PartialEq for Scalar {
    fn eq(&self, other: &Scalar) -> bool {
        self.value == other.value
    }
}
