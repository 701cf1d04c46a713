//! Patterns: short forms of common programs, and the programs that they stand for.
//!
//! [`expand`] is a function from a [`Spec`] to a [`Spec`], so a pattern needs nothing of the checker or the interpreter.
//! What the file wrote keeps its place, so that a message about an expanded step points at the pattern's own line; what
//! the pattern adds stands at the pattern's key. Each variable that the pattern adds gets a name that the file does not use.

mod chain;
mod producer_consumer;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::source::{Scalar, Span, Style};
use crate::spec::{Body, Literal, Place, Spec, Step, StepKind};

/// The scenario with its pattern written out as `shared`, `tasks` and `main`; everything else, and a scenario that has no
/// pattern, stays as it is.
///
/// This cannot fail: where the file's part of an expression is wrong, the program holds it as it was written, and the
/// checker reports it at its place.
///
/// ```
/// use timeskip_scenario::{expand, print, read};
/// let short = "chain: {for: n in range(3), stages: [{name: wait, sleep: seconds(n)}]}\n";
/// let long = print(&expand(&read(short).expect("a good file")));
/// assert!(long.contains("tasks:") && long.contains("main:") && !long.contains("stages:"), "{long}");
/// ```
pub fn expand(spec: &Spec) -> Spec {
    let program = match &spec.body {
        Body::Program(_) => return spec.clone(),
        Body::ProducerConsumer(pattern) => producer_consumer::expand(pattern, &spec.params),
        Body::Chain(pattern) => chain::expand(pattern, &spec.params),
    };
    Spec { body: Body::Program(program), ..spec.clone() }
}

/// Chooses names for what a pattern adds, beside the names of the file.
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Names that are none of the parameters.
    fn new(params: &[(Scalar, Literal)]) -> Names {
        Names { taken: params.iter().map(|(name, _)| name.value.clone()).collect() }
    }

    /// From here on, none of the identifiers in `text` is chosen.
    fn avoid(&mut self, text: &str) {
        self.taken.extend(identifiers(text).map(|(_, name)| name.to_owned()));
    }

    /// `base`, with as many `_` behind it as make it free.
    fn choose(&mut self, base: &str) -> String {
        let mut name = base.to_owned();
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

/// The identifiers of a text or expression and where they start; those within quotes are among them, which costs at
/// most an underscore.
pub(crate) fn identifiers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start_of = move |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| word.chars().next().is_some_and(|first| !first.is_numeric()))
        .map(move |word| (start_of(word), word))
}

/// The part of an assignment that names what it assigns: `a = b` of `a = b = f(x=1)`.
fn assigned(assignment: &str) -> &str {
    let mut end = 0;
    let mut bytes = assignment.bytes().enumerate().peekable();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'=' if bytes.peek().is_some_and(|(_, next)| *next == b'=') => break,
            b'=' => end = index,
            b'(' | b'[' | b'{' | b'\'' | b'"' | b'<' | b'>' | b'!' => break,
            _ => {}
        }
    }
    &assignment[..end]
}

/// A scalar put together from pieces of the file and words of the pattern.
struct Phrase {
    place: Span,
    value: String,
    origin: Vec<u32>,
    /// Where in the file the last piece ended; nothing before the first one.
    position: Option<u32>,
    span: Option<Span>,
    knows_origin: bool,
}

impl Phrase {
    /// A phrase that stands at `place` for as long as it holds nothing of the file.
    fn at(place: Place) -> Phrase {
        Phrase {
            place: place.0,
            value: String::new(),
            origin: Vec::new(),
            position: None,
            span: None,
            knows_origin: true,
        }
    }

    /// Adds words of the pattern. They stand where the piece before them ends, or the one behind them begins.
    fn made(mut self, words: &str) -> Phrase {
        self.value.push_str(words);
        if let Some(position) = self.position {
            self.origin.resize(self.value.len(), position);
        }
        self
    }

    /// Adds a scalar of the file.
    fn kept(self, scalar: &Scalar) -> Phrase {
        self.piece(scalar, 0..scalar.value.len())
    }

    /// Adds a scalar of the file as one operand: bracketed where it would fall apart among other words.
    fn operand(self, scalar: &Scalar, range: Range<usize>) -> Phrase {
        match Shape::of(&scalar.value[range.clone()]) {
            Shape::Loose => self.made("(").piece(scalar, range).made(")"),
            Shape::Closed | Shape::Unbalanced => self.piece(scalar, range),
        }
    }

    fn piece(mut self, scalar: &Scalar, range: Range<usize>) -> Phrase {
        let span = self.span.unwrap_or(scalar.span);
        self.span = Some(Span { start: span.start.min(scalar.span.start), end: span.end.max(scalar.span.end) });
        match scalar.origin.get(range.start..=range.end) {
            Some(origin) => {
                self.origin.resize(self.value.len(), origin[0]);
                self.origin.extend_from_slice(&origin[..range.len()]);
                self.position = Some(origin[range.len()]);
            }
            None => self.knows_origin = false,
        }
        self.value.push_str(&scalar.value[range]);
        self
    }

    /// The phrase as a scalar.
    fn scalar(mut self) -> Scalar {
        match self.position {
            Some(position) if self.knows_origin => self.origin.push(position),
            _ => self.origin.clear(),
        }
        Scalar { value: self.value, span: self.span.unwrap_or(self.place), style: Style::Unknown, origin: self.origin }
    }
}

/// How an expression behaves among other words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    /// As one operand.
    Closed,
    /// It has a comma, `=` or star outside of all brackets, which would mean something else as a part of a larger one.
    Loose,
    /// A bracket or quote is not closed, or never opened, so that it would swallow what stands around it.
    Unbalanced,
}

impl Shape {
    fn of(expression: &str) -> Shape {
        let mut depth = 0_usize;
        let mut quote = None;
        let mut shape = if expression.trim_start().starts_with('*') { Shape::Loose } else { Shape::Closed };
        let mut characters = expression.chars();
        while let Some(character) = characters.next() {
            match (quote, character) {
                (Some(_), '\\') => drop(characters.next()),
                (Some(open), _) if open == character => quote = None,
                (None, '\'' | '"') => quote = Some(character),
                (None, '(' | '[' | '{') => depth += 1,
                (None, ')' | ']' | '}') => match depth.checked_sub(1) {
                    Some(outer) => depth = outer,
                    None => return Shape::Unbalanced,
                },
                (None, ',' | '=') if depth == 0 => shape = Shape::Loose,
                _ => {}
            }
        }
        if depth > 0 || quote.is_some() { Shape::Unbalanced } else { shape }
    }
}

/// Something of the pattern's own at the pattern's key.
fn made(place: Place, words: &str) -> Scalar {
    Phrase::at(place).made(words).scalar()
}

/// A step that stands where `scalar` does.
fn step_at(scalar: &Scalar, kind: StepKind) -> Step {
    Step { place: Place(scalar.span), kind }
}

/// `print` of a text slot, or nothing where the file leaves it out.
fn print(text: Option<&Scalar>) -> Option<Step> {
    text.map(|text| step_at(text, StepKind::Print { text: text.clone() }))
}

/// What both patterns do before their work: draw, say for how long, and sleep.
fn draw_and_sleep(draw: Option<&Scalar>, sleeping: Option<&Scalar>, sleep: Option<&Scalar>) -> Vec<Step> {
    let draw = draw.map(|draw| step_at(draw, StepKind::Let { assignment: draw.clone() }));
    let sleep = sleep.map(|sleep| step_at(sleep, StepKind::Sleep { duration: sleep.clone() }));
    [draw, print(sleeping), sleep].into_iter().flatten().collect()
}
