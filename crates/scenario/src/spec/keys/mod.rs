//! The grammar of a scenario file as data: one table for each shape of mapping.
//!
//! Decoding, the messages about unknown and missing keys, and the JSON Schema all read these tables, so that they
//! cannot disagree. A key is documented here, in one sentence and an example, and nowhere else.

pub(crate) mod patterns;
pub(crate) mod program;
pub(crate) mod steps;

/// One shape of mapping: what it is called, and which keys it takes.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its name: of a step and an expectation the key that tells it, else the name in the schema.
    pub(crate) name: &'static str,
    /// What it is, for messages: `a stage`.
    pub(crate) what: &'static str,
    /// What it means, in one sentence.
    pub(crate) doc: &'static str,
    /// Its keys, in the order in which one would write them.
    pub(crate) keys: &'static [Key],
}

/// One key.
#[derive(Debug)]
pub(crate) struct Key {
    /// The key itself.
    pub(crate) name: &'static str,
    /// What kind of value it takes.
    pub(crate) value: ValueKind,
    /// Whether it may be left out.
    pub(crate) need: Need,
    /// What it means, in one sentence.
    pub(crate) doc: &'static str,
    /// A line that uses it.
    pub(crate) example: &'static str,
}

/// Whether a key may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// It may not.
    Required,
    /// It may.
    Optional,
}

/// The kinds of value that a key may take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ValueKind {
    /// A text with holes, quoted or a block.
    Text,
    /// One text, or a list of them.
    Texts,
    /// An expression.
    Expression,
    /// An expression, or nothing.
    OptionalExpression,
    /// An expression, or a list of them.
    Expressions,
    /// An expression for how many; a literal may not be negative.
    Count,
    /// `targets = expression`.
    Assignment,
    /// `a, b`, one iterable, or `f(n) for n in xs`.
    Arguments,
    /// The same, or nothing.
    OptionalArguments,
    /// `item, t`.
    Targets,
    /// `targets in expression`.
    Binding,
    /// A number of seconds: an expression, or a literal with a unit.
    Duration,
    /// A literal with a unit: `250ms`.
    DurationLiteral,
    /// The name of a variable, a task or a queue.
    Name,
    /// The name of a case, which becomes a part of a file's name.
    CaseName,
    /// The name of an exception, or several separated by commas.
    Exceptions,
    /// `true` or `false`.
    Truth,
    /// A whole number.
    Integer,
    /// The version of the format.
    Version,
    /// One of a few words.
    Word(&'static [Word]),
    /// Nothing: the key says it all.
    Nothing,
    /// A list of steps.
    Steps,
    /// A mapping of one shape.
    Mapping(&'static Shape),
    /// A list of mappings of one shape.
    List(&'static Shape),
    /// A list of mappings, each with one key that tells its shape.
    Variants(&'static [Shape]),
    /// Names with literal values: `{nprod: 2, names: [a, b]}`.
    Literals,
    /// Names with expressions, in order.
    Shared,
    /// Signatures with lists of steps, in order.
    Tasks,
}

/// One of the words that a key may take.
#[derive(Debug)]
pub(crate) struct Word {
    /// The word.
    pub(crate) name: &'static str,
    /// What it means.
    pub(crate) doc: &'static str,
}

impl Key {
    const fn required(name: &'static str, value: ValueKind, doc: &'static str, example: &'static str) -> Key {
        Key { name, value, need: Need::Required, doc, example }
    }

    const fn optional(name: &'static str, value: ValueKind, doc: &'static str, example: &'static str) -> Key {
        Key { name, value, need: Need::Optional, doc, example }
    }
}

impl Key {
    /// Whether `{}` says something: that the key is there, with the defaults of all that its mapping may hold.
    pub(crate) fn may_be_bare(&self) -> bool {
        let of_defaults = |shape: &Shape| shape.keys.iter().all(|key| key.need == Need::Optional);
        self.need == Need::Required && matches!(self.value, ValueKind::Mapping(shape) if of_defaults(shape))
    }
}

impl Shape {
    /// The key with a name.
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The names of all keys.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.keys.iter().map(|key| key.name)
    }
}

impl ValueKind {
    /// What it is, for messages: `expected ...`.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            ValueKind::Text => "a quoted text",
            ValueKind::Texts => "a quoted text or a list of them",
            ValueKind::Expression | ValueKind::OptionalExpression => "an expression",
            ValueKind::Expressions => "an expression or a list of them",
            ValueKind::Count => "a count",
            ValueKind::Assignment => "an assignment",
            ValueKind::Arguments | ValueKind::OptionalArguments => "arguments",
            ValueKind::Targets => "variables",
            ValueKind::Binding => "`variable in expression`",
            ValueKind::Duration | ValueKind::DurationLiteral => "a duration",
            ValueKind::Name | ValueKind::CaseName => "a name",
            ValueKind::Exceptions => "the name of an exception",
            ValueKind::Truth => "true or false",
            ValueKind::Integer | ValueKind::Version => "a whole number",
            ValueKind::Word(_) => "a word",
            ValueKind::Nothing => "nothing",
            ValueKind::Steps => "a list of steps",
            ValueKind::Mapping(_) => "a mapping",
            ValueKind::List(_) | ValueKind::Variants(_) => "a list",
            ValueKind::Literals => "a mapping of names and values",
            ValueKind::Shared => "a mapping of names and expressions",
            ValueKind::Tasks => "a mapping of tasks",
        }
    }
}

/// What to do without merge keys.
pub(crate) const NO_MERGE: &str = "timeskip does not merge mappings: write the keys out";

/// What people write who know another language or tool, and what is written here.
pub(crate) const HABITS: &[(&str, &str)] = &[
    ("elif", "put another `if` under `else:`"),
    ("else if", "put another `if` under `else:`"),
    ("then", "the steps of an `if` stand under `do:`"),
    ("body", "the steps stand under `do:`"),
    ("steps", "the steps stand under `do:`"),
    ("async with", "write `with:`"),
    ("taskgroup", "write `group:`"),
    ("task_group", "write `group:`"),
    ("create_task", "write `spawn:`"),
    ("set", "write `let: name = value`"),
    ("assign", "write `let: name = value`"),
    ("var", "write `let: name = value`"),
    ("log", "write `print:`"),
    ("echo", "write `print:`"),
    ("get", "write `await: q.get()` and `as: item`"),
    ("put", "write `await: q.put(item)`"),
    ("wait", "write `await: wait(tasks)`"),
    ("join", "write `await: q.join()`"),
    ("cancel", "write `call: task.cancel()`"),
    ("lock", "write `with: lock` and `do:`"),
    ("acquire", "write `with: lock` and `do:`"),
    ("catch", "write `except:`, a list with `on:`, `as:` and `do:`"),
    ("throw", "write `raise:`"),
    ("<<", NO_MERGE),
    ("always", "this release checks `expect:`, at the end of every run"),
    ("seed", "write `random: {python: SEED}` or `random: {chacha: SEED}`"),
    ("name", "the name of a scenario is its file's; `about:` says what it shows"),
    ("description", "write `about:`"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Every shape of the grammar, found from the top.
    fn shapes() -> Vec<&'static Shape> {
        let mut found: Vec<&'static Shape> = vec![&program::SCENARIO];
        found.extend(steps::STEPS.iter().map(|step| &step.shape));
        let mut next = 0;
        while let Some(shape) = found.get(next).copied() {
            for key in shape.keys {
                match key.value {
                    ValueKind::Mapping(inner) | ValueKind::List(inner) => found.push(inner),
                    ValueKind::Variants(inner) => found.extend(inner),
                    _ => {}
                }
            }
            next += 1;
        }
        found
    }

    #[test]
    fn every_key_is_documented_with_an_example_that_shows_it() {
        for shape in shapes() {
            assert!(shape.doc.ends_with('.'), "{}", shape.name);
            for key in shape.keys {
                assert!(key.doc.ends_with('.'), "{}.{}", shape.name, key.name);
                assert!(key.example.contains(key.name), "{}.{}", shape.name, key.name);
                let read = crate::yaml::parse(key.example);
                assert!(read.is_ok(), "{}.{}: {read:?}", shape.name, key.name);
            }
        }
    }

    #[test]
    fn no_shape_has_a_key_twice() {
        for shape in shapes() {
            let mut names: Vec<_> = shape.names().collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), shape.keys.len(), "{}", shape.name);
        }
    }

    #[test]
    fn the_key_that_tells_a_variant_comes_first() {
        for step in steps::STEPS {
            assert_eq!(step.shape.keys[0].name, step.shape.name);
        }
        for shape in program::EXPECTATIONS {
            assert_eq!(shape.keys[0].name, shape.name);
        }
    }

    #[test]
    fn habits_are_no_steps() {
        for (habit, _) in HABITS {
            assert!(steps::STEPS.iter().all(|step| step.shape.key(habit).is_none()), "{habit}");
        }
    }
}
