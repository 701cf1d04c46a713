//! Single values, by the kind that the table gives their key.

use super::Decoder;
use super::cut::Remnant;
use super::fields::{Fields, listed};
use crate::problem::Problem;
use crate::quote;
use crate::source::{Scalar, Style};
use crate::spec::keys::{Key, ValueKind, Word};
use crate::suggest;
use crate::yaml::{Entry, Kind, Node, Resolved};

/// The only version of the format.
const VERSION: &str = "1";

impl Decoder<'_> {
    /// The value of a key as a scalar; `None` where it is absent or wrong.
    pub(super) fn scalar(&mut self, fields: &Fields<'_>, name: &str) -> Option<Scalar> {
        let (key, entry) = fields.get(name)?;
        let value = self.value(key, entry);
        if value.is_none() && matches!(key.value, ValueKind::Assignment | ValueKind::Targets | ValueKind::Binding) {
            self.unread.add(&entry.value);
        }
        value
    }

    /// The values of a key that takes one or a list.
    pub(super) fn scalars(&mut self, fields: &Fields<'_>, name: &str) -> Option<Vec<Scalar>> {
        let (key, entry) = fields.get(name)?;
        let Kind::Sequence(items) = &entry.value.kind else {
            return Some(vec![self.value(key, entry)?]);
        };
        if items.is_empty() {
            self.mismatch(key, entry);
            return None;
        }
        let mut values = Vec::new();
        let mut remnant = Remnant::default();
        for item in items {
            if !remnant.covers_item(item) {
                values.extend(self.item(key, item));
            }
        }
        Some(values)
    }

    fn item(&mut self, key: &'static Key, item: &Node) -> Option<Scalar> {
        match key.value {
            ValueKind::Texts => self.text(key, item),
            _ => self.expression(key, item),
        }
    }

    /// One value, of the kind that the table says.
    fn value(&mut self, key: &'static Key, entry: &Entry) -> Option<Scalar> {
        if entry.value.is_nothing() {
            self.nothing(key, entry);
            return None;
        }
        let node = &entry.value;
        match key.value {
            ValueKind::Text | ValueKind::Texts => self.text(key, node),
            ValueKind::Nothing => {
                if !matches!(node.kind, Kind::Scalar(_, Resolved::Null)) {
                    self.report(needless(key, node));
                }
                None
            }
            ValueKind::Count => {
                let count = self.expression(key, node)?;
                match count_problem(key, &count) {
                    Some(problem) => {
                        self.report(problem);
                        None
                    }
                    None => Some(count),
                }
            }
            ValueKind::Truth => {
                self.single(key, entry, |scalar, resolved| resolved == Resolved::Bool && scalar.style != Style::Quoted)
            }
            ValueKind::Integer => self.single(key, entry, |scalar, _| is_integer(scalar)),
            ValueKind::Name => self.single(key, entry, |scalar, _| is_identifier(&scalar.value)),
            ValueKind::CaseName => self.single(key, entry, |scalar, _| is_case_name(&scalar.value)),
            ValueKind::Version => {
                let version = self.single(key, entry, |scalar, _| is_integer(scalar))?;
                self.version(&version);
                Some(version)
            }
            ValueKind::Word(words) => {
                let word = self.single(key, entry, |_, _| true)?;
                self.word(key, words, word)
            }
            _ => self.expression(key, node),
        }
    }

    /// A scalar that passes a test.
    fn single(
        &mut self,
        key: &'static Key,
        entry: &Entry,
        passes: impl Fn(&Scalar, Resolved) -> bool,
    ) -> Option<Scalar> {
        match &entry.value.kind {
            Kind::Scalar(scalar, resolved) if passes(scalar, *resolved) => Some(scalar.clone()),
            Kind::Scalar(scalar, Resolved::Text) if matches!(key.value, ValueKind::Name | ValueKind::CaseName) => {
                self.report(no_name(key, scalar));
                None
            }
            _ => {
                self.mismatch(key, entry);
                None
            }
        }
    }

    /// A text: quoted, so that YAML takes nothing of it for something else.
    fn text(&mut self, key: &'static Key, node: &Node) -> Option<Scalar> {
        match &node.kind {
            _ if self.is_full() => None,
            Kind::Scalar(scalar, _) if scalar.style != Style::Plain => Some(scalar.clone()),
            Kind::Scalar(scalar, _) => {
                let patch = quote::line_value(self.source, scalar.span.start as usize)
                    .filter(|(span, _)| span.start == scalar.span.start)
                    .or_else(|| Some((scalar.span, quote::quoted(&scalar.value))));
                // A text over several lines has no one line to show.
                let patch = patch.filter(|_| !self.slice(scalar.span).contains('\n'));
                self.report(
                    Problem::new(scalar.span, "a text without quotes", format!("`{}` takes a quoted text", key.name))
                        .help("put it in quotes: YAML ends a plain text at ` #` and `: `, and drops blanks around it")
                        .patch(patch),
                );
                None
            }
            _ => {
                self.report(self.collection(key, node));
                None
            }
        }
    }

    /// An expression, or one of the forms made of expressions.
    pub(super) fn expression(&mut self, key: &'static Key, node: &Node) -> Option<Scalar> {
        match &node.kind {
            _ if self.is_full() => None,
            Kind::Scalar(scalar, _) => match self.cut_short(scalar) {
                Some(problem) => {
                    self.report(problem);
                    None
                }
                None => Some(scalar.clone()),
            },
            _ => {
                self.report(self.collection(key, node));
                None
            }
        }
    }

    /// Reports a key with nothing behind it, where something is needed.
    fn nothing(&mut self, key: &'static Key, entry: &Entry) {
        if matches!(key.value, ValueKind::OptionalExpression | ValueKind::OptionalArguments | ValueKind::Nothing) {
            return;
        }
        let expected = key.value.expected();
        let title = format!("expected {expected}, found nothing");
        let comment = self.comment_behind(entry);
        let problem = match &comment {
            Some((span, _)) => Problem::new(*span, title, "YAML takes this for a comment"),
            None => Problem::new(entry.key.span, title, format!("`{}` takes {expected}", key.name)),
        };
        let problem = match comment {
            Some(_) => problem.help("put it in quotes").patch(comment),
            None => problem.help(format!("for example `{}`", key.example)),
        };
        self.report(problem);
    }

    fn version(&mut self, version: &Scalar) {
        if version.value != VERSION {
            let title = format!("version {} of the format is unknown", version.value);
            self.report(Problem::new(version.span, title, format!("this timeskip reads version {VERSION}")));
        }
    }

    fn word(&mut self, key: &'static Key, words: &'static [Word], word: Scalar) -> Option<Scalar> {
        if words.iter().any(|known| known.name == word.value) {
            return Some(word);
        }
        let names: Vec<&str> = words.iter().map(|known| known.name).collect();
        let shown: String = word.value.chars().take(60).collect();
        let title = format!("`{}` cannot be `{shown}`", key.name);
        let label = format!("expected one of {}", listed(&names));
        let near = suggest::nearest(&word.value, names.iter().copied());
        let mut problem = Problem::new(word.span, title, label);
        if let Some(near) = near {
            problem = problem.help(format!("did you mean `{near}`?")).patch(Some((word.span, near.to_owned())));
        }
        self.report(problem);
        None
    }

    /// Reports a key of a mapping that is to be a variable's name.
    pub(super) fn variable(&mut self, name: &Scalar) {
        if !is_identifier(&name.value) {
            let title = format!("`{}` is no name", name.value.chars().take(60).collect::<String>());
            self.report(Problem::new(name.span, title, NAME));
        }
    }
}

/// What is wrong with a literal count.
fn count_problem(key: &'static Key, count: &Scalar) -> Option<Problem> {
    let written = count.value.trim();
    let digits = written.strip_prefix('-').map_or(written, str::trim_start);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || digits.trim_matches('0').is_empty() {
        return None;
    }
    if written.starts_with('-') {
        let title = format!("`{}` cannot be negative", key.name);
        return Some(Problem::new(count.span, title, "expected 0 or more"));
    }
    // The parser would advise a float, which is no count.
    let beyond = digits.parse::<i64>().is_err();
    beyond.then(|| {
        let problem = Problem::new(count.span, "a count beyond 64 bits", "counts go to 2**63 - 1");
        match key.name {
            "repeat" => problem.help("for steps without end write `while: true` in place of `repeat`"),
            _ => problem,
        }
    })
}

const NAME: &str = "a name has letters, digits and `_`, and begins with no digit";

fn no_name(key: &'static Key, scalar: &Scalar) -> Problem {
    let title = format!("`{}` is no name", scalar.value.chars().take(60).collect::<String>());
    let label = match key.value {
        ValueKind::CaseName => "the name of a case has letters, digits, `_` and `-`",
        _ => NAME,
    };
    Problem::new(scalar.span, title, label)
}

fn needless(key: &'static Key, node: &Node) -> Problem {
    let title = format!("`{}` takes no value", key.name);
    Problem::new(node.span, title, format!("expected nothing behind `{}:`", key.name))
}

/// A whole number as written in YAML without quotes.
fn is_integer(scalar: &Scalar) -> bool {
    let digits = scalar.value.strip_prefix('-').unwrap_or(&scalar.value);
    let plain = scalar.style != Style::Quoted && scalar.style != Style::Block;
    let grouped = |digits: &str, hex: bool| {
        let digit = |byte: u8| byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit());
        !digits.is_empty() && digits.split('_').all(|group| !group.is_empty() && group.bytes().all(digit))
    };
    plain
        && match digits.strip_prefix("0x") {
            Some(digits) => grouped(digits, true),
            None => grouped(digits, false),
        }
}

/// A name as Python allows it.
fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_alphabetic() || c == '_') && letters.all(|c| c.is_alphanumeric() || c == '_')
}

/// A name that can be a part of a file's name everywhere.
fn is_case_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !text.is_empty() && text.len() <= 60 && !text.starts_with('-') && text.chars().all(allowed)
}
