//! Literal values: parameters and what replaces them.

use super::Decoder;
use super::fields::Fields;
use crate::problem::Problem;
use crate::quote;
use crate::source::{Scalar, Style};
use crate::spec::keys::NO_MERGE;
use crate::spec::{Literal, Place};
use crate::yaml::{Kind, Node, Resolved};

/// Reads the value of `--set NAME=VALUE`. On a command line a text needs no quotes of YAML's, but where it looks like a
/// number: that is more likely a mistake.
pub(crate) fn decode_value(node: &Node) -> Literal {
    match &node.kind {
        Kind::Scalar(scalar, resolved) => {
            let mut scalar = scalar.clone();
            if *resolved == Resolved::Text && !is_numeric(&scalar.value) {
                scalar.style = Style::Quoted;
            }
            Literal::Scalar(scalar)
        }
        Kind::Sequence(items) => Literal::List(items.iter().map(decode_value).collect(), Place(node.span)),
        Kind::Mapping(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.clone(), decode_value(&entry.value)));
            Literal::Map(entries.collect(), Place(node.span))
        }
    }
}

/// Whether a plain scalar is a number, or a number with a unit, as far as it concerns its quotes.
fn is_numeric(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-', '.']);
    let is_number = text.len() - digits.len() <= 2 && digits.starts_with(|c: char| c.is_ascii_digit());
    is_number || [".inf", ".nan"].iter().any(|word| text.ends_with(*word) && text.len() <= word.len() + 1)
}

impl Decoder<'_> {
    /// Names with literal values.
    pub(super) fn literals(&mut self, fields: &Fields<'_>, name: &str) -> Vec<(Scalar, Literal)> {
        let Some((key, entry)) = fields.get(name) else {
            return Vec::new();
        };
        match &entry.value.kind {
            Kind::Mapping(entries) if !entries.is_empty() => {
                let mut literals = Vec::new();
                for entry in entries {
                    self.variable(&entry.key);
                    literals.push((entry.key.clone(), self.literal(&entry.value)));
                }
                literals
            }
            _ => {
                self.mismatch(key, entry);
                self.unread.add(&entry.value);
                Vec::new()
            }
        }
    }

    fn literal(&mut self, node: &Node) -> Literal {
        match &node.kind {
            Kind::Scalar(scalar, resolved) => {
                let text = *resolved == Resolved::Text && scalar.style == Style::Plain;
                if text && !is_numeric(&scalar.value) && !self.is_full() {
                    let patch = Some((scalar.span, quote::quoted(&scalar.value)));
                    let one_line = !self.slice(scalar.span).contains('\n');
                    self.report(
                        Problem::new(scalar.span, "a text without quotes", "a parameter is a value, not an expression")
                            .help("put a text in quotes")
                            .patch(patch.filter(|_| one_line)),
                    );
                }
                Literal::Scalar(scalar.clone())
            }
            Kind::Sequence(items) => {
                let items = items.iter().map(|item| self.literal(item)).collect();
                Literal::List(items, Place(node.span))
            }
            Kind::Mapping(entries) => {
                let entries = entries.iter().map(|entry| {
                    self.no_merge(&entry.key);
                    (entry.key.clone(), self.literal(&entry.value))
                });
                Literal::Map(entries.collect(), Place(node.span))
            }
        }
    }

    /// A key that other readers of YAML take for an order to merge mappings.
    fn no_merge(&mut self, key: &Scalar) {
        if key.value == "<<" && key.style == Style::Plain && !self.is_full() {
            self.report(Problem::new(key.span, "a merge key", "YAML 1.2 has none").help(NO_MERGE));
        }
    }
}
