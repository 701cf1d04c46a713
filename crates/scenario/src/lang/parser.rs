//! The parser's state: the token at hand, the brackets that are open, and the bounds.
//!
//! It is a recursive descent with one token of look-ahead. What the grammar says is in [`super::expression`] and its
//! neighbours; here is what they share.

use super::ast::{Expr, ExprKind, Range};
use super::error::{Parsed, SyntaxError, range};
use super::lexer::Lexer;
use super::token::{Token, TokenKind};

/// The longest source, in bytes.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// How deep an expression may be: brackets, minus signs, right operands and the like inside of each other, and equally
/// the operators, calls and indexes in a row (`a + b + c` is `(a + b) + c`). Whoever walks a tree may thus recurse.
pub(super) const MAX_DEPTH: u32 = 128;

/// How many nodes a tree may have.
pub(super) const MAX_NODES: u32 = 20_000;

/// How many parameters a task, and named arguments a call may have.
pub(super) const MAX_NAMES: usize = 255;

/// Reads one source.
#[derive(Debug)]
pub(super) struct Parser<'s> {
    /// What comes behind the token at hand.
    pub(super) lexer: Lexer<'s>,
    /// The token at hand: read, but not yet taken.
    pub(super) token: Token,
    /// The token that was taken last.
    pub(super) previous: Range,
    /// The brackets that are open, the innermost last.
    pub(super) open: Vec<(Bracket, Range)>,
    /// How deep the parser is in the grammar.
    depth: u32,
    /// The height of the highest tree among those that were read since the last [`Parser::mark`].
    height: u32,
    nodes: u32,
}

/// The kinds of bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `(`
    Round,
    /// `[`
    Square,
    /// `{` of a dict.
    Curly,
    /// `{` in a text.
    Hole,
}

impl Bracket {
    /// The symbol that closes it.
    pub(super) fn closer(self) -> &'static str {
        match self {
            Bracket::Round => ")",
            Bracket::Square => "]",
            Bracket::Curly | Bracket::Hole => "}",
        }
    }
}

/// What [`Parser::leave`] or [`Parser::merge`] takes back.
#[must_use]
pub(super) struct Mark {
    height: u32,
}

impl<'s> Parser<'s> {
    /// Stands before the first byte, with no token read.
    pub(super) fn new(source: &'s str) -> Parsed<Parser<'s>> {
        check_length(source)?;
        let token = Token { kind: TokenKind::End, at: Range::default() };
        let lexer = Lexer::new(source);
        Ok(Parser { lexer, token, previous: Range::default(), open: Vec::new(), depth: 0, height: 0, nodes: 0 })
    }

    /// Stands at the first token.
    pub(super) fn started(source: &'s str) -> Parsed<Parser<'s>> {
        let mut parser = Parser::new(source)?;
        parser.advance()?;
        Ok(parser)
    }

    /// Takes the token at hand and reads the next.
    pub(super) fn advance(&mut self) -> Parsed<()> {
        self.previous = self.token.at;
        self.token = self.lexer.next()?;
        Ok(())
    }

    /// The token behind the one at hand.
    pub(super) fn peek(&self) -> Parsed<Token> {
        let mut lexer = self.lexer;
        lexer.next()
    }

    /// Whether the token at hand is this symbol or keyword.
    pub(super) fn is(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    /// The symbol or keyword at hand.
    pub(super) fn word(&self) -> Option<&'static str> {
        match self.token.kind {
            TokenKind::Symbol(word) | TokenKind::Keyword(word) => Some(word),
            _ => None,
        }
    }

    /// Takes this symbol or keyword where it is at hand, and says whether it was.
    pub(super) fn eat(&mut self, word: &str) -> Parsed<bool> {
        let found = self.is(word);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Where the token at hand begins.
    pub(super) fn start(&self) -> u32 {
        self.token.at.start
    }

    /// From there to the end of the token that was taken last.
    pub(super) fn since(&self, start: u32) -> Range {
        Range { start, end: self.previous.end.max(start) }
    }

    /// What the source says there.
    pub(super) fn text(&self, at: Range) -> &'s str {
        self.lexer.source().get(at.start as usize..at.end as usize).unwrap_or_default()
    }

    /// Takes the opening bracket at hand.
    pub(super) fn open(&mut self, bracket: Bracket) -> Parsed<()> {
        self.open.push((bracket, self.token.at));
        self.advance()
    }

    /// Takes the bracket that closes the innermost open one.
    pub(super) fn close(&mut self) -> Parsed<()> {
        match self.open.last() {
            Some((bracket, _)) if self.is(bracket.closer()) => {
                self.open.pop();
                self.advance()
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Whether nothing more can belong to what is being listed: the end, or a closing bracket.
    pub(super) fn at_closer(&self) -> bool {
        self.token.kind == TokenKind::End || matches!(self.word(), Some(")" | "]" | "}"))
    }

    /// The end of the source must be at hand.
    pub(super) fn finish(&self) -> Parsed<()> {
        if self.token.kind == TokenKind::End { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Goes a level deeper: where the grammar can call itself without end. Begins a count of the height, too.
    pub(super) fn enter(&mut self) -> Parsed<Mark> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too_deep(self.token.at, "nested too deeply from here on"));
        }
        Ok(self.mark())
    }

    /// Comes back from there.
    pub(super) fn leave(&mut self, mark: Mark) {
        self.depth -= 1;
        self.merge(mark);
    }

    /// Counts the height anew, for a node that grows from its own children, whatever was read beside it.
    pub(super) fn mark(&mut self) -> Mark {
        Mark { height: std::mem::take(&mut self.height) }
    }

    /// Ends that count: the node is one of several beside each other.
    pub(super) fn merge(&mut self, mark: Mark) {
        self.height = self.height.max(mark.height);
    }

    /// A node without children, from `start` to the token that was taken last.
    pub(super) fn leaf(&mut self, kind: ExprKind, start: u32) -> Parsed<Expr> {
        let at = self.since(start);
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(SyntaxError::new(at, "an expression with too many parts", format!("at most {MAX_NODES}"))
                .help("compute it in several steps, or in a loop"));
        }
        Ok(Expr { kind, at })
    }

    /// A node whose children are what was read since the last [`Parser::mark`].
    pub(super) fn node(&mut self, kind: ExprKind, start: u32) -> Parsed<Expr> {
        self.height += 1;
        if self.height > MAX_DEPTH {
            return Err(too_deep(self.previous, "too many operators, calls or indexes in a row"));
        }
        self.leaf(kind, start)
    }
}

fn too_deep(at: Range, label: &str) -> Box<SyntaxError> {
    SyntaxError::new(at, format!("an expression of more than {MAX_DEPTH} levels"), label)
        .help("compute a part of it in a `let` step of its own")
}

/// Sources that are too long are not read at all.
pub(super) fn check_length(source: &str) -> Parsed<()> {
    if source.len() <= MAX_BYTES {
        return Ok(());
    }
    let mut start = MAX_BYTES;
    while !source.is_char_boundary(start) {
        start -= 1;
    }
    let first = source[start..].chars().next().map_or(0, char::len_utf8);
    let title = format!("an expression or text of more than {} KiB", MAX_BYTES / 1024);
    Err(SyntaxError::new(range(start, start + first), title, "too long from here on")
        .help("split it between several steps; a long list or text may stand in `params`"))
}
