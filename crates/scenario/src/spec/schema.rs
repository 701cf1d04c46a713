//! The JSON Schema of a scenario file, for editors: made from the tables that decoding uses.

use serde_json::{Map, Value, json};

use super::keys::program::SCENARIO;
use super::keys::steps::STEPS;
use super::keys::{Key, Need, Shape, ValueKind, Word};

/// The JSON Schema (draft 2020-12) of a scenario file.
///
/// It says what the tables say: which keys there are, which are needed, and what kind of value each takes. What is
/// within expressions, and whether a text is quoted, a schema cannot say.
///
/// ```
/// let schema = timeskip_scenario::schema();
/// assert_eq!(schema["title"], "timeskip scenario");
/// assert_eq!(schema["properties"]["main"]["type"], "array");
/// ```
pub fn schema() -> Value {
    let mut definitions = Map::new();
    let step = alternatives(STEPS.iter().map(|step| &step.shape), "step", &mut definitions);
    definitions.insert("step".to_owned(), step);
    let mut root = object(&SCENARIO, &mut definitions);
    root.insert("oneOf".to_owned(), bodies());
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!("timeskip scenario"));
    schema.extend(root);
    definitions.sort_keys();
    schema.insert("$defs".to_owned(), Value::Object(definitions));
    Value::Object(schema)
}

/// A scenario has a program or one pattern.
fn bodies() -> Value {
    let without = |keys: &[&str]| {
        let any: Vec<Value> = keys.iter().map(|key| json!({"required": [key]})).collect();
        json!({"anyOf": any})
    };
    let program = ["shared", "tasks", "main"];
    json!([
        {"required": ["main"], "not": without(&["producer_consumer", "chain"])},
        {"required": ["producer_consumer"], "not": without(&[&program[..], &["chain"]].concat())},
        {"required": ["chain"], "not": without(&[&program[..], &["producer_consumer"]].concat())},
    ])
}

/// One mapping.
fn object(shape: &'static Shape, definitions: &mut Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    for key in shape.keys {
        properties.insert(key.name.to_owned(), property(key, definitions));
    }
    let required: Vec<&str> = shape.keys.iter().filter(|key| key.need == Need::Required).map(|key| key.name).collect();
    let mut object = Map::new();
    object.insert("description".to_owned(), json!(shape.doc));
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
    object.insert("minProperties".to_owned(), json!(1));
    object.insert("additionalProperties".to_owned(), json!(false));
    object
}

/// The value of a key, with what it means.
fn property(key: &'static Key, definitions: &mut Map<String, Value>) -> Value {
    let mut described = Map::new();
    let text = format!("{} Example: `{}`", key.doc, key.example);
    described.insert("description".to_owned(), json!(text));
    if let Value::Object(value) = value(key.value, definitions) {
        described.extend(value);
    }
    if let (true, ValueKind::Mapping(shape)) = (key.may_be_bare(), key.value) {
        let defined = definitions.get_mut(shape.name).and_then(Value::as_object_mut);
        defined.and_then(|defined| defined.remove("minProperties"));
    }
    Value::Object(described)
}

/// The kind of a value.
fn value(kind: ValueKind, definitions: &mut Map<String, Value>) -> Value {
    match kind {
        ValueKind::Text | ValueKind::Assignment | ValueKind::Binding | ValueKind::Exceptions => {
            json!({"type": "string"})
        }
        ValueKind::Arguments | ValueKind::Targets => json!({"type": "string", "minLength": 1}),
        ValueKind::Texts => json!({"oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
        ]}),
        ValueKind::Expression => expression(),
        ValueKind::OptionalExpression | ValueKind::OptionalArguments => {
            json!({"type": ["string", "number", "boolean", "null"]})
        }
        ValueKind::Expressions => json!({"oneOf": [
            expression(),
            {"type": "array", "items": expression(), "minItems": 1},
        ]}),
        ValueKind::Count => json!({"type": ["string", "integer"], "minimum": 0}),
        ValueKind::Duration | ValueKind::DurationLiteral => json!({"type": ["string", "number"], "minimum": 0}),
        ValueKind::Name => json!({"type": "string", "pattern": "^[^\\W\\d]\\w*$"}),
        ValueKind::CaseName => json!({"type": ["string", "integer"], "pattern": "^[A-Za-z0-9_][A-Za-z0-9_-]*$"}),
        ValueKind::Truth => json!({"type": "boolean"}),
        ValueKind::Integer => json!({"type": "integer"}),
        ValueKind::Version => json!({"const": 1}),
        ValueKind::Word(words) => word(words),
        ValueKind::Nothing => json!({"type": "null"}),
        ValueKind::Steps => steps(),
        ValueKind::Mapping(shape) => define(shape, shape.name, definitions),
        ValueKind::List(shape) => {
            let item = define(shape, shape.name, definitions);
            json!({"type": "array", "items": item, "minItems": 1})
        }
        ValueKind::Variants(shapes) => {
            let item = alternatives(shapes.iter(), "expect", definitions);
            json!({"type": "array", "items": item, "minItems": 1})
        }
        ValueKind::Literals => json!({"type": "object", "minProperties": 1}),
        ValueKind::Shared => json!({"type": "object", "minProperties": 1, "additionalProperties": expression()}),
        ValueKind::Tasks => json!({"type": "object", "minProperties": 1, "additionalProperties": steps()}),
    }
}

/// An expression: YAML takes some for numbers or truths.
fn expression() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

fn steps() -> Value {
    json!({"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1})
}

fn word(words: &'static [Word]) -> Value {
    let words: Vec<Value> = words.iter().map(|word| json!({"const": word.name, "description": word.doc})).collect();
    json!({"oneOf": words})
}

/// One of several shapes, each told by its first key.
fn alternatives(
    shapes: impl Iterator<Item = &'static Shape>,
    prefix: &str,
    definitions: &mut Map<String, Value>,
) -> Value {
    let references: Vec<Value> = shapes
        .map(|shape| {
            let name = format!("{prefix}-{}", shape.name.replace(' ', "-"));
            define(shape, &name, definitions)
        })
        .collect();
    json!({"oneOf": references})
}

/// A reference to a shape, which is defined once. Shapes do not contain themselves: steps are referred to by name.
fn define(shape: &'static Shape, name: &str, definitions: &mut Map<String, Value>) -> Value {
    if !definitions.contains_key(name) {
        let mut defined = object(shape, definitions);
        if name == "random" {
            defined.insert("maxProperties".to_owned(), json!(1));
        }
        definitions.insert(name.to_owned(), Value::Object(defined));
    }
    json!({"$ref": format!("#/$defs/{name}")})
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The properties of a definition.
    fn properties<'a>(schema: &'a Value, name: &str) -> &'a Map<String, Value> {
        let defined = match name {
            "" => schema,
            _ => &schema["$defs"][name],
        };
        defined["properties"].as_object().expect("every definition of a shape has properties")
    }

    #[track_caller]
    fn check(schema: &Value, name: &str, shape: &Shape) {
        let found: Vec<&str> = properties(schema, name).keys().map(String::as_str).collect();
        let expected: Vec<&str> = shape.names().collect();
        assert_eq!(found, expected, "{name}");
        for key in shape.keys {
            let text = properties(schema, name)[key.name]["description"].as_str().unwrap_or("");
            assert!(text.starts_with(key.doc) && text.contains(key.example), "{name}.{}", key.name);
        }
    }

    #[test]
    fn every_key_of_the_tables_is_in_it() {
        let schema = schema();
        check(&schema, "", &SCENARIO);
        for step in STEPS {
            check(&schema, &format!("step-{}", step.shape.name.replace(' ', "-")), &step.shape);
        }
        for shape in crate::spec::keys::program::EXPECTATIONS {
            check(&schema, &format!("expect-{}", shape.name), shape);
        }
        use crate::spec::keys::{patterns, program, steps};
        for shape in [
            &program::RANDOM,
            &program::COST,
            &program::CASE,
            &steps::HANDLER,
            &patterns::PRODUCER_CONSUMER,
            &patterns::PRODUCERS,
            &patterns::ITEMS,
            &patterns::CONSUMERS,
            &patterns::CHAIN,
            &patterns::STAGE,
        ] {
            check(&schema, shape.name, shape);
        }
    }

    #[test]
    fn a_mapping_may_be_empty_where_that_says_something() {
        let schema = schema();
        let least = |name: &str| schema["$defs"][name]["minProperties"].as_u64();
        assert_eq!(["producers", "consumers", "items", "cost"].map(least), [None, None, Some(1), Some(1)]);
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_definition_is_referred_to() {
        let schema = schema();
        let text = schema.to_string();
        let definitions = schema["$defs"].as_object().expect("definitions are an object");
        let mut referred: Vec<&str> =
            text.split("\"#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        referred.sort_unstable();
        referred.dedup();
        let defined: Vec<&str> = definitions.keys().map(String::as_str).collect();
        assert_eq!(referred, defined);
    }
}
