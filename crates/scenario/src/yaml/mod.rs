//! YAML: the only module that knows which library reads it.
//!
//! [`parse`] makes a tree of [`Node`]s in which every scalar keeps its text, its style and its place. What YAML allows
//! and a scenario does not is refused here with a place: duplicate keys, tags, several documents, tabs as
//! indentation, control characters, and whatever is larger or deeper than [`Limits`].
//!
//! serde-saphyr's own parser is read event by event rather than through serde: its deserializer recurses, at 60 kB of
//! stack a level in a debug build, and forgets how a scalar was quoted and what a tag stood on.
//!
//! Anchors and aliases are allowed within the limits. Merge keys (`<<`) are keys like others, which the decoder refuses.

#![allow(clippy::result_large_err, reason = "a file is refused once, and its problem is what the caller shows")]

mod indentation;
#[cfg(test)]
pub(crate) mod independent;
mod node;
mod origin;
mod reader;
mod resolve;
mod scan;
mod syntax;
#[cfg(test)]
mod tests;

pub(crate) use node::{Entry, Kind, Node, Resolved};
pub(crate) use scan::decode_utf8;

use crate::problem::Problem;
use crate::source::Span;

/// What a document may be at most, so that no input takes long or much memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The size of the text in bytes.
    pub(crate) bytes: usize,
    /// The number of scalars, lists and mappings, keys and repetitions by aliases included.
    pub(crate) nodes: usize,
    /// How deep lists and mappings may nest; decoding recurses as deep.
    pub(crate) depth: usize,
    /// The number of nodes that anchors and aliases may copy in all.
    pub(crate) alias_nodes: usize,
}

impl Default for Limits {
    /// 16 MiB, two million nodes, 64 levels, a hundred thousand repetitions.
    fn default() -> Limits {
        Limits { bytes: 16 << 20, nodes: 2_000_000, depth: 64, alias_nodes: 100_000 }
    }
}

/// Reads a scenario file, whose top level is a mapping.
///
/// # Errors
/// The first thing that is not YAML, or that no scenario may contain.
pub(crate) fn parse(source: &str) -> Result<Node, Problem> {
    parse_within(source, &Limits::default())
}

/// [`parse`] with other limits.
pub(crate) fn parse_within(source: &str, limits: &Limits) -> Result<Node, Problem> {
    let node = parse_any(source, limits)?;
    let help = "a scenario begins with keys such as `main:`";
    match &node.kind {
        Kind::Mapping(_) => Ok(node),
        Kind::Scalar(..) if node.is_nothing() => {
            Err(Problem::new(Span::default(), "the file is empty", "expected a scenario here").help(help))
        }
        _ => {
            let title = format!("expected a mapping at the top level, found {}", node.describe());
            Err(Problem::new(node.span, title, "expected `key: value` here").help(help))
        }
    }
}

/// Reads a single value, such as that of `--set NAME=VALUE`. Places count in `source`.
///
/// # Errors
/// As of [`parse`]; but any value will do, also none.
pub(crate) fn parse_value(source: &str) -> Result<Node, Problem> {
    parse_any(source, &Limits::default())
}

fn parse_any(source: &str, limits: &Limits) -> Result<Node, Problem> {
    scan::check(source, limits)?;
    Ok(reader::read(source, limits)?.unwrap_or_else(Node::nothing))
}
