//! The tree that a file is written as, and its layout.

use super::scalar::{flow_entries, flow_literal, literal, plain_or_quoted, text};
use crate::source::Scalar;
use crate::spec::Literal;

/// The entries as the text of a file.
pub(super) fn lay_out(entries: &[(String, Item<'_>)]) -> String {
    let mut printer = Printer { out: String::new() };
    printer.mapping(0, entries);
    printer.out
}

/// What stands behind a key or a dash.
pub(super) enum Item<'a> {
    /// Nothing: `break:`.
    Nothing,
    /// A word of the format: `fifo`.
    Word(&'static str),
    /// A text.
    Text(&'a Scalar),
    /// An expression, an assignment, a name.
    Expression(&'a Scalar),
    /// A value of `params` or `set`.
    Literal(&'a Literal),
    /// A sequence.
    Sequence(Vec<Item<'a>>),
    /// A mapping, its keys as YAML has them.
    Mapping(Entries<'a>),
    /// The same in one line, where that is safe.
    Flow(Entries<'a>),
}

pub(super) type Entries<'a> = Vec<(String, Item<'a>)>;

struct Printer {
    out: String,
}

impl Printer {
    /// Entries one below the other. Sections of the file that take several lines stand apart.
    fn mapping(&mut self, indent: usize, entries: &[(String, Item<'_>)]) {
        for (index, (key, item)) in entries.iter().enumerate() {
            let is_section = matches!(item, Item::Mapping(_) | Item::Sequence(_));
            if indent == 0 && index > 0 && is_section {
                self.out.push('\n');
            }
            self.margin(indent);
            self.entry(indent, key, item);
        }
    }

    /// `key: item`, the margin before it being written.
    fn entry(&mut self, indent: usize, key: &str, item: &Item<'_>) {
        self.out.push_str(key);
        self.out.push(':');
        self.behind(indent, item);
    }

    fn sequence(&mut self, indent: usize, items: &[Item<'_>]) {
        for item in items {
            self.margin(indent);
            self.out.push('-');
            match item {
                Item::Mapping(entries) => self.compact(indent, entries),
                _ => self.behind(indent, item),
            }
        }
    }

    /// A mapping whose first key stands behind the dash.
    fn compact(&mut self, indent: usize, entries: &[(String, Item<'_>)]) {
        let Some(((key, item), rest)) = entries.split_first() else {
            return self.line(" {}");
        };
        self.out.push(' ');
        self.entry(indent + 2, key, item);
        self.mapping(indent + 2, rest);
    }

    /// What follows `key:` or `-`, to the end of its last line.
    fn behind(&mut self, indent: usize, item: &Item<'_>) {
        match item {
            Item::Nothing => self.line(""),
            Item::Word(word) => self.line(&format!(" {word}")),
            Item::Text(scalar) => self.line(&format!(" {}", text(&scalar.value, indent + 2))),
            Item::Expression(scalar) => self.line(&format!(" {}", plain_or_quoted(&scalar.value))),
            Item::Literal(literal) => self.literal(indent, literal),
            Item::Sequence(items) if items.is_empty() => self.line(" []"),
            Item::Mapping(entries) | Item::Flow(entries) if entries.is_empty() => self.line(" {}"),
            Item::Sequence(items) => {
                self.line("");
                self.sequence(indent + 2, items);
            }
            Item::Mapping(entries) => {
                self.line("");
                self.mapping(indent + 2, entries);
            }
            Item::Flow(entries) => match flow_entries(&scalars(entries)) {
                Some(flow) => self.line(&format!(" {flow}")),
                None => {
                    self.line("");
                    self.mapping(indent + 2, entries);
                }
            },
        }
    }

    fn literal(&mut self, indent: usize, value: &Literal) {
        if let Some(flow) = flow_literal(value) {
            return self.line(&format!(" {flow}"));
        }
        match value {
            Literal::Scalar(scalar) => self.line(&format!(" {}", literal(scalar))),
            Literal::List(items, _) => {
                self.line("");
                self.sequence(indent + 2, &items.iter().map(Item::Literal).collect::<Vec<_>>());
            }
            Literal::Map(entries, _) => {
                self.line("");
                self.mapping(indent + 2, &literal_entries(entries));
            }
        }
    }

    fn margin(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn line(&mut self, rest: &str) {
        self.out.push_str(rest);
        self.out.push('\n');
    }
}

/// The entries that are plain scalars, for a mapping in one line.
fn scalars<'a>(entries: &'a [(String, Item<'a>)]) -> Vec<(&'a str, &'a Scalar)> {
    let pair = |(key, item): &'a (String, Item<'a>)| match item {
        Item::Expression(scalar) => Some((key.as_str(), *scalar)),
        _ => None,
    };
    entries.iter().filter_map(pair).collect()
}

/// A scalar that a mapping must or may have.
pub(super) trait IntoOption<'a> {
    fn into_option(self) -> Option<&'a Scalar>;
}

impl<'a> IntoOption<'a> for &'a Scalar {
    fn into_option(self) -> Option<&'a Scalar> {
        Some(self)
    }
}

impl<'a> IntoOption<'a> for &'a Option<Scalar> {
    fn into_option(self) -> Option<&'a Scalar> {
        self.as_ref()
    }
}

/// A mapping in the making: absent parts leave no entry.
#[derive(Default)]
pub(super) struct Fields<'a>(pub(super) Entries<'a>);

impl<'a> Fields<'a> {
    pub(super) fn item(mut self, key: &str, item: Item<'a>) -> Self {
        self.0.push((key.to_owned(), item));
        self
    }

    pub(super) fn item_if(self, key: &str, item: Option<Item<'a>>) -> Self {
        match item {
            Some(item) => self.item(key, item),
            None => self,
        }
    }

    pub(super) fn text(self, key: &str, scalar: impl IntoOption<'a>) -> Self {
        self.item_if(key, scalar.into_option().map(Item::Text))
    }

    pub(super) fn expression(self, key: &str, scalar: impl IntoOption<'a>) -> Self {
        self.item_if(key, scalar.into_option().map(Item::Expression))
    }

    /// A key that names its mapping, so that it stands even when nothing follows it.
    pub(super) fn named(self, key: &str, scalar: Option<&'a Scalar>) -> Self {
        self.item(key, scalar.map_or(Item::Nothing, Item::Expression))
    }

    /// A list that is left out when it is empty.
    pub(super) fn list(self, key: &str, items: Vec<Item<'a>>) -> Self {
        if items.is_empty() { self } else { self.item(key, Item::Sequence(items)) }
    }

    /// A mapping that is left out when it is empty.
    pub(super) fn map(self, key: &str, entries: Entries<'a>) -> Self {
        if entries.is_empty() { self } else { self.item(key, Item::Mapping(entries)) }
    }
}

/// `params` and `set`: each value under its name.
pub(super) fn literal_entries(entries: &[(Scalar, Literal)]) -> Entries<'_> {
    entries.iter().map(|(name, value)| (plain_or_quoted(&name.value), Item::Literal(value))).collect()
}
