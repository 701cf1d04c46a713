//! Strings and texts. A string literal, an f-string, a scenario's text and a format specification are read by one
//! scanner, character by character; where a hole opens, the parser goes on in the same source behind its brace.

use super::ast::{Expr, ExprKind, Piece, Range, Text};
use super::error::{Parsed, SyntaxError, range};
use super::escape;
use super::lexer::word_length;
use super::parser::{Bracket, Parser};
use super::token::{Braces, Escapes, Quote, Token, TokenKind};

/// What is being scanned, and so what ends it.
#[derive(Clone, Copy, Debug)]
struct Scan {
    /// The quote around it, and where that stands; none around a scenario's text.
    quote: Option<(Quote, Range)>,
    /// Which part of it.
    part: Part,
}

/// The parts of a text: each may have holes whose specifications are the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Body,
    Specification,
    /// The specification of a hole in a specification, which has no holes.
    InnerSpecification,
}

/// Collects the pieces of a text.
#[derive(Debug, Default)]
struct Pieces {
    pieces: Vec<Piece>,
    literal: String,
}

impl Pieces {
    fn hole(&mut self, hole: Piece) {
        self.end_literal();
        self.pieces.push(hole);
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            self.pieces.push(Piece::Literal(std::mem::take(&mut self.literal)));
        }
    }

    fn finish(mut self) -> Text {
        self.end_literal();
        Text { pieces: self.pieces }
    }
}

impl Parser<'_> {
    /// A scenario's text, from the first byte of the source to its last.
    pub(super) fn whole_text(&mut self) -> Parsed<Text> {
        let mut pieces = Pieces::default();
        self.scan(Scan { quote: None, part: Part::Body }, &mut pieces)?;
        Ok(pieces.finish())
    }

    /// One string literal or several side by side, which are one string.
    pub(super) fn strings(&mut self) -> Parsed<Expr> {
        let start = self.start();
        let mut pieces = Pieces::default();
        let mut braces = Braces::Plain;
        while let TokenKind::Quote(quote) = self.token.kind {
            if quote.braces == Braces::Holes {
                braces = Braces::Holes;
            }
            let opening = self.token.at;
            self.scan(Scan { quote: Some((quote, opening)), part: Part::Body }, &mut pieces)?;
            // The whole literal becomes the token that is taken, so that ranges end behind its closing quote.
            self.token.at = range(opening.start as usize, self.lexer.position());
            self.advance()?;
        }
        match braces {
            Braces::Plain => self.leaf(ExprKind::Str(pieces.literal), start),
            Braces::Holes => self.node(ExprKind::FString(pieces.finish()), start),
        }
    }

    /// Reads up to the end of the part; a closing quote is read too, the brace behind a specification is not.
    fn scan(&mut self, scan: Scan, pieces: &mut Pieces) -> Parsed<()> {
        let mark = scan.quote.map(|(quote, _)| char::from(quote.mark));
        let escapes = scan.quote.map_or(Escapes::Kept, |(quote, _)| quote.escapes);
        let holes = scan.quote.is_none_or(|(quote, _)| quote.braces == Braces::Holes);
        loop {
            let Some(character) = self.lexer.rest().chars().next() else { return self.at_end(scan) };
            match character {
                '{' if holes => self.opening_brace(scan, pieces)?,
                '}' if holes && scan.part != Part::Body => return Ok(()),
                '}' if holes => self.closing_brace(pieces)?,
                '\\' if mark.is_some() => self.backslash(escapes, &mut pieces.literal)?,
                '\n' if mark.is_some() => return Err(self.not_closed(scan)),
                _ if Some(character) == mark && scan.part == Part::Body => {
                    self.lexer.skip(1);
                    return Ok(());
                }
                _ if Some(character) == mark => return Err(self.not_closed(scan)),
                _ => {
                    self.lexer.skip(character.len_utf8());
                    pieces.literal.push(character);
                }
            }
        }
    }

    /// The end of the source ends a text, and nothing else.
    fn at_end(&self, scan: Scan) -> Parsed<()> {
        if scan.quote.is_none() && scan.part == Part::Body { Ok(()) } else { Err(self.not_closed(scan)) }
    }

    fn not_closed(&self, scan: Scan) -> Box<SyntaxError> {
        match (scan.part, scan.quote) {
            (Part::Body, Some((_, opening))) => {
                SyntaxError::new(opening, "this string is never closed", "its closing quote is missing").cut()
            }
            _ => self.bracket_not_closed(),
        }
    }

    fn backslash(&mut self, escapes: Escapes, literal: &mut String) -> Parsed<()> {
        let rest = self.lexer.rest();
        let length = match escapes {
            Escapes::Resolved => escape::resolve(rest, self.lexer.position(), literal)?,
            Escapes::Kept => {
                // Even a raw string does not end at a quote behind a backslash; both characters stay.
                let length = if rest[1..].starts_with(['\\', '\'', '"']) { 2 } else { 1 };
                literal.push_str(&rest[..length]);
                length
            }
        };
        self.lexer.skip(length);
        Ok(())
    }

    /// `{{` in a body is a brace; anything else opens a hole. A specification knows no doubled braces.
    fn opening_brace(&mut self, scan: Scan, pieces: &mut Pieces) -> Parsed<()> {
        if scan.part == Part::Body && self.lexer.rest().starts_with("{{") {
            self.lexer.skip(2);
            pieces.literal.push('{');
            return Ok(());
        }
        self.hole(scan, pieces)
    }

    fn closing_brace(&mut self, pieces: &mut Pieces) -> Parsed<()> {
        let start = self.lexer.position();
        if !self.lexer.rest().starts_with("}}") {
            let at = range(start, start + 1);
            let error = SyntaxError::new(at, "a lone `}` in a text", "closes no hole");
            return Err(error.help("write `}}` for a brace").patch(at, "}}"));
        }
        self.lexer.skip(2);
        pieces.literal.push('}');
        Ok(())
    }

    /// `{value!r:spec}`, at its opening brace; the closing one is the token at hand afterwards.
    fn hole(&mut self, scan: Scan, pieces: &mut Pieces) -> Parsed<()> {
        let start = self.lexer.position();
        let part = self.part_inside(scan)?;
        let mark = self.enter()?;
        let value = self.hole_value(start)?;
        let documented = self.is("=");
        if documented {
            self.advance()?;
            let shown = range(start + 1, self.token.at.start as usize);
            pieces.literal.push_str(self.text(shown));
        }
        let mut conversion = self.conversion()?;
        let specified = self.is(":");
        let mut specification = Pieces::default();
        if specified {
            self.scan(Scan { quote: scan.quote, part }, &mut specification)?;
            self.advance()?;
        }
        if !self.is("}") {
            return Err(self.unexpected());
        }
        self.open.pop();
        self.leave(mark);
        if documented && !specified {
            // `{x=}` shows how x is written, unless it is told otherwise.
            conversion = conversion.or(Some('r'));
        }
        let at = range(start, self.lexer.position());
        pieces.hole(Piece::Hole { value, conversion, spec: specification.finish(), at });
        Ok(())
    }

    /// What the specification of a hole in this part would be.
    fn part_inside(&self, scan: Scan) -> Parsed<Part> {
        match scan.part {
            Part::Body => Ok(Part::Specification),
            Part::Specification => Ok(Part::InnerSpecification),
            Part::InnerSpecification => {
                let at = range(self.lexer.position(), self.lexer.position() + 1);
                let error = SyntaxError::new(at, "holes nested too deeply", "a third hole inside of a hole");
                Err(error.help("compute the format specification in a `let` step"))
            }
        }
    }

    fn hole_value(&mut self, start: usize) -> Parsed<Expr> {
        self.lexer.skip(1);
        self.token = Token { kind: TokenKind::Symbol("{"), at: range(start, start + 1) };
        self.open(Bracket::Hole)?;
        if matches!(self.word(), Some("}" | ":" | "!" | "=")) {
            let at = range(start, self.token.at.end as usize);
            let error = SyntaxError::new(at, "an empty hole in a text", "expected an expression");
            return Err(error.help("write `{{` and `}}` for braces"));
        }
        self.tuple_expression()
    }

    /// `!r`, `!s` or `!a`.
    fn conversion(&mut self) -> Parsed<Option<char>> {
        if !self.is("!") {
            return Ok(None);
        }
        let rest = self.lexer.rest();
        let written = rest.chars().next().filter(|letter| matches!(letter, 'r' | 's' | 'a'));
        let alone = rest.chars().nth(1).is_some_and(|next| next != '_' && !next.is_alphanumeric());
        if let Some(letter) = written.filter(|_| alone) {
            self.lexer.skip(1);
            self.advance()?;
            return Ok(Some(letter));
        }
        let length = word_length(rest);
        let at = range(self.token.at.start as usize, self.token.at.end as usize + length);
        Err(SyntaxError::new(at, "an unknown conversion", "expected `!r`, `!s` or `!a`"))
    }
}
