//! Operands: names, literals, lists, tuples, dicts, comprehensions, and what may follow them: calls, indexes,
//! attributes.

use super::ast::{Clause, Expr, ExprKind, Name};
use super::error::{Parsed, SyntaxError};
use super::expression::Level;
use super::number::beyond_64_bits;
use super::parser::{Bracket, Parser};
use super::token::TokenKind;

impl Parser<'_> {
    /// An operand with its calls, indexes and attributes.
    pub(super) fn postfix(&mut self) -> Parsed<Expr> {
        let start = self.start();
        let mut operand = self.atom()?;
        loop {
            operand = match self.word() {
                Some("(") => self.call(operand, start)?,
                Some("[") => self.subscript(operand, start)?,
                Some(".") => {
                    self.advance()?;
                    let name = self.name("an attribute or a method")?;
                    self.node(ExprKind::Attribute(Box::new(operand), name), start)?
                }
                _ => return Ok(operand),
            };
        }
    }

    /// A name at hand, where only a name may stand.
    pub(super) fn name(&mut self, role: &str) -> Parsed<Name> {
        let at = self.token.at;
        if self.token.kind != TokenKind::Name {
            return Err(self.name_missing(role));
        }
        self.advance()?;
        Ok(Name { text: self.text(at).to_owned(), at })
    }

    fn atom(&mut self) -> Parsed<Expr> {
        let at = self.token.at;
        let kind = match self.token.kind {
            TokenKind::Name => ExprKind::Name(self.text(at).to_owned()),
            TokenKind::Int(value) => ExprKind::Int(i64::try_from(value).map_err(|_| beyond_64_bits(at))?),
            TokenKind::Float(value) => ExprKind::Float(value),
            TokenKind::Duration(duration) => ExprKind::Duration(duration.seconds),
            TokenKind::Keyword("None" | "null") => ExprKind::None,
            TokenKind::Keyword("True" | "true") => ExprKind::Bool(true),
            TokenKind::Keyword("False" | "false") => ExprKind::Bool(false),
            TokenKind::Quote(_) => return self.strings(),
            TokenKind::Symbol("(") => return self.round(),
            TokenKind::Symbol("[") => return self.square(),
            TokenKind::Symbol("{") => return self.dict(),
            TokenKind::Symbol(_) | TokenKind::Keyword(_) | TokenKind::End => return Err(self.operand_missing()),
        };
        self.advance()?;
        self.leaf(kind, at.start)
    }

    /// `f(..)` or `object.name(..)`: what is called is always named, so that it can be resolved before a run.
    fn call(&mut self, operand: Expr, start: u32) -> Parsed<Expr> {
        let kind = match operand.kind {
            ExprKind::Name(text) => ExprKind::Call(Name { text, at: operand.at }, self.bracketed_arguments()?),
            ExprKind::Attribute(object, name) => ExprKind::Method(object, name, self.bracketed_arguments()?),
            _ => {
                let error = SyntaxError::new(self.token.at, "this cannot be called", "only a name or a method can be");
                return Err(error.help("an operator or a comma may be missing before the bracket"));
            }
        };
        self.node(kind, start)
    }

    /// `a[i]`, `a[i, j]` or `a[start:stop:step]`.
    fn subscript(&mut self, object: Expr, start: u32) -> Parsed<Expr> {
        self.open(Bracket::Square)?;
        let object = Box::new(object);
        let first = if self.is(":") { None } else { Some(self.expression()?) };
        let kind = match first {
            Some(first) if self.is(",") => {
                let first_start = first.at.start;
                let elements = self.elements(first)?;
                let index = self.node(ExprKind::Tuple(elements), first_start)?;
                ExprKind::Index(object, Box::new(index))
            }
            Some(index) if !self.is(":") => ExprKind::Index(object, Box::new(index)),
            first => ExprKind::Slice(object, self.slice(first.map(Box::new))?),
        };
        self.close()?;
        self.node(kind, start)
    }

    /// The bounds of a slice, from the first colon on.
    fn slice(&mut self, first: Option<Box<Expr>>) -> Parsed<[Option<Box<Expr>>; 3]> {
        let mut bounds = [first, None, None];
        for bound in &mut bounds[1..] {
            if self.eat(":")? && !self.is(":") && !self.is("]") {
                *bound = Some(Box::new(self.expression()?));
            }
        }
        Ok(bounds)
    }

    /// `(a)`, `(a, b)`, `()` or `(x for x in xs)`.
    fn round(&mut self) -> Parsed<Expr> {
        let start = self.start();
        self.open(Bracket::Round)?;
        if self.is(")") {
            self.close()?;
            return self.leaf(ExprKind::Tuple(Vec::new()), start);
        }
        let first = self.expression()?;
        let kind = match self.word() {
            Some("for") => ExprKind::Generator(Box::new(first), self.clauses()?),
            Some(",") => ExprKind::Tuple(self.elements(first)?),
            _ => {
                self.close()?;
                return Ok(first);
            }
        };
        self.close()?;
        self.node(kind, start)
    }

    /// `[a, b]` or `[x for x in xs]`.
    fn square(&mut self) -> Parsed<Expr> {
        let start = self.start();
        self.open(Bracket::Square)?;
        if self.is("]") {
            self.close()?;
            return self.leaf(ExprKind::List(Vec::new()), start);
        }
        let first = self.expression()?;
        let kind = match self.word() {
            Some("for") => ExprKind::ListComprehension(Box::new(first), self.clauses()?),
            _ => ExprKind::List(self.elements(first)?),
        };
        self.close()?;
        self.node(kind, start)
    }

    /// The elements behind the first one, up to the closing bracket.
    fn elements(&mut self, first: Expr) -> Parsed<Vec<Expr>> {
        let mut elements = vec![first];
        while self.eat(",")? && !self.at_closer() {
            elements.push(self.expression()?);
        }
        Ok(elements)
    }

    /// `{a: b}`.
    fn dict(&mut self) -> Parsed<Expr> {
        let start = self.start();
        self.open(Bracket::Curly)?;
        let mut entries = Vec::new();
        while !self.is("}") {
            let key = self.expression()?;
            if !self.eat(":")? {
                return Err(self.colon_missing());
            }
            entries.push((key, self.expression()?));
            if !self.eat(",")? {
                break;
            }
        }
        self.close()?;
        self.node(ExprKind::Dict(entries), start)
    }

    /// `for target in iterable if condition...`, once or more often. A choice (`a if b else c`) needs brackets here.
    pub(super) fn clauses(&mut self) -> Parsed<Vec<Clause>> {
        let mut clauses = Vec::new();
        while self.eat("for")? {
            let target = self.target_before_in()?;
            let iterable = self.binary(Level::Or)?;
            let mut conditions = Vec::new();
            while self.eat("if")? {
                conditions.push(self.binary(Level::Or)?);
            }
            clauses.push(Clause { target, iterable, conditions });
        }
        Ok(clauses)
    }
}
