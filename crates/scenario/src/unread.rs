//! What of a file could not be read, as far as the rest of the file may refer to it.
//!
//! A step with a misspelt key may have bound a variable, an unreadable entry may have declared one. So that the rest can
//! be checked all the same without a complaint about what is there, every word of what was passed over counts as a name
//! that it may have given.

use std::collections::BTreeSet;

use crate::pattern::identifiers;
use crate::yaml::{Entry, Kind, Node};

/// The names that unreadable parts of a file may have given.
#[derive(Debug, Default)]
pub(crate) struct Unread {
    words: BTreeSet<String>,
}

impl Unread {
    /// Passes over a value with everything in it; the recursion is as deep as the limit under which it was read.
    pub(crate) fn add(&mut self, node: &Node) {
        match &node.kind {
            Kind::Scalar(scalar, _) => self.add_text(&scalar.value),
            Kind::Sequence(items) => items.iter().for_each(|item| self.add(item)),
            Kind::Mapping(entries) => entries.iter().for_each(|entry| self.add_entry(entry)),
        }
    }

    /// Passes over a key and its value.
    pub(crate) fn add_entry(&mut self, entry: &Entry) {
        self.add_text(&entry.key.value);
        self.add(&entry.value);
    }

    fn add_text(&mut self, text: &str) {
        self.words.extend(identifiers(text).map(|(_, word)| word.to_owned()));
    }

    /// Whether this may be the name of something that could not be read.
    pub(crate) fn may_name(&self, name: &str) -> bool {
        self.words.contains(name)
    }
}
