//! An independent reader: the same files through `serde_yaml`, as a test that they are ordinary YAML.

use serde_yaml::Value;

use super::{Entry, Kind, Node, Resolved};
use crate::source::{Scalar, Span, Style};

/// A document as `serde_yaml` reads it: no places, no styles, and numbers in its own notation.
pub(crate) fn from_serde_yaml(value: &Value) -> Node {
    let kind = match value {
        Value::Sequence(items) => Kind::Sequence(items.iter().map(from_serde_yaml).collect()),
        Value::Mapping(pairs) => Kind::Mapping(
            pairs.iter().map(|(key, value)| Entry { key: scalar(key).0, value: from_serde_yaml(value) }).collect(),
        ),
        other => {
            let (scalar, resolved) = scalar(other);
            Kind::Scalar(scalar, resolved)
        }
    };
    let span = Span::default();
    Node { span, kind }
}

/// Our own reading in the same terms: every plain scalar is written as `serde_yaml` writes what it takes it for
/// (`0x10` becomes `16`, `~` becomes nothing), and styles are forgotten. Equal documents give equal trees then.
pub(crate) fn normalised(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::Sequence(items) => Kind::Sequence(items.iter().map(normalised).collect()),
        Kind::Mapping(entries) => Kind::Mapping(
            entries.iter().map(|entry| Entry { key: renamed(&entry.key).0, value: normalised(&entry.value) }).collect(),
        ),
        Kind::Scalar(scalar, _) => {
            let (scalar, resolved) = renamed(scalar);
            Kind::Scalar(scalar, resolved)
        }
    };
    let span = Span::default();
    Node { span, kind }
}

fn renamed(written: &Scalar) -> (Scalar, Resolved) {
    let value = match written.style {
        Style::Plain => serde_yaml::from_str(&written.value),
        _ => Ok(Value::String(written.value.clone())),
    };
    // What is no document by itself (`a: b` from a folded line) is a text.
    match value {
        Ok(value) if !matches!(value, Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_)) => {
            match value {
                // Only what is not a text changes: `x  # y` would lose its end here.
                Value::String(_) => scalar(&Value::String(written.value.clone())),
                other => scalar(&other),
            }
        }
        _ => scalar(&Value::String(written.value.clone())),
    }
}

fn scalar(value: &Value) -> (Scalar, Resolved) {
    let (value, resolved) = match value {
        Value::Null => (String::new(), Resolved::Null),
        Value::Bool(truth) => (truth.to_string(), Resolved::Bool),
        Value::Number(number) => (number.to_string(), Resolved::Number),
        Value::String(text) => (text.clone(), Resolved::Text),
        other => (format!("{other:?}"), Resolved::Text),
    };
    let scalar = Scalar { value, span: Span::default(), style: Style::Unknown, origin: Vec::new() };
    (scalar, resolved)
}
