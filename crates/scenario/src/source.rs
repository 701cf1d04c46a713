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
/// use timeskip_scenario::{Style, read};
/// let spec = read("about: \"A nap.\"\nmain:\n  - sleep: 1s\n").expect("a good file");
/// assert_eq!(spec.about.map(|about| about.style), Some(Style::Quoted));
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
/// use timeskip_scenario::read;
/// let about = |source| read(source).expect("a good file").about.expect("it says what it is about");
/// let quoted = about("about: \"A nap.\"\nmain:\n  - sleep: 1s\n");
/// let block = about("main:\n  - sleep: 1s\nabout: |-\n  A nap.\n");
/// assert_eq!(quoted, block);
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
    /// let source = "about: \"tab\\tnap\"\nmain:\n  - sleep: 1s\n";
    /// let about = timeskip_scenario::read(source).expect("a good file").about.expect("it says what it is about");
    /// assert_eq!(&about.value[4..7], "nap");
    /// let place = about.locate(4, 7);
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
