//! Operators, by Python's precedence: climbing over one table of levels.

use super::ast::{BinaryOp, CompareOp, Expr, ExprKind, UnaryOp};
use super::error::Parsed;
use super::number::beyond_64_bits;
use super::parser::Parser;
use super::token::TokenKind;

/// How tightly an operator binds; Python's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Sign,
    Power,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Infix {
    Or,
    And,
    Compare,
    Binary(BinaryOp, Level),
}

impl Infix {
    fn level(self) -> Level {
        match self {
            Infix::Or => Level::Or,
            Infix::And => Level::And,
            Infix::Compare => Level::Compare,
            Infix::Binary(_, level) => level,
        }
    }
}

impl Parser<'_> {
    /// An expression, or several with commas between them: a tuple without brackets.
    pub(super) fn tuple_expression(&mut self) -> Parsed<Expr> {
        let start = self.start();
        let mark = self.mark();
        let mut expression = self.expression()?;
        if self.is(",") {
            let mut elements = vec![expression];
            while self.eat(",")? && !self.at_closer() && !matches!(self.word(), Some("=" | ":" | "!")) {
                elements.push(self.expression()?);
            }
            expression = self.node(ExprKind::Tuple(elements), start)?;
        }
        self.merge(mark);
        Ok(expression)
    }

    /// `then if test else otherwise`, or anything that binds more tightly.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        let start = self.start();
        let mark = self.mark();
        let mut expression = self.binary(Level::Or)?;
        if self.eat("if")? {
            let inner = self.enter()?;
            let test = Box::new(self.binary(Level::Or)?);
            if !self.eat("else")? {
                return Err(self.else_missing());
            }
            let otherwise = Box::new(self.expression()?);
            self.leave(inner);
            let then = Box::new(expression);
            expression = self.node(ExprKind::IfElse { test, then, otherwise }, start)?;
        }
        self.merge(mark);
        Ok(expression)
    }

    /// Operands and operators that bind at least as tightly as `least`.
    pub(super) fn binary(&mut self, least: Level) -> Parsed<Expr> {
        let start = self.start();
        let mark = self.enter()?;
        let mut left = self.prefix(least)?;
        while let Some(infix) = self.infix()?.filter(|infix| infix.level() >= least) {
            let kind = match infix {
                Infix::Or => ExprKind::Or(self.operands(left, "or", Level::And)?),
                Infix::And => ExprKind::And(self.operands(left, "and", Level::Not)?),
                Infix::Compare => self.comparisons(left)?,
                Infix::Binary(operator, level) => {
                    self.advance()?;
                    let right = self.binary(right_level(level))?;
                    ExprKind::Binary(operator, Box::new(left), Box::new(right))
                }
            };
            left = self.node(kind, start)?;
        }
        self.leave(mark);
        Ok(left)
    }

    /// `not x`, `-x`, or an operand without operators.
    fn prefix(&mut self, least: Level) -> Parsed<Expr> {
        let start = self.start();
        let (operator, level) = match self.word() {
            Some("-") => (UnaryOp::Negative, Level::Sign),
            Some("+") => (UnaryOp::Positive, Level::Sign),
            Some("~") => (UnaryOp::Invert, Level::Sign),
            Some("not") if least <= Level::Not => (UnaryOp::Not, Level::Not),
            Some("not") => return Err(self.not_needs_brackets()),
            _ => return self.postfix(),
        };
        self.advance()?;
        if operator == UnaryOp::Negative && self.token.kind == TokenKind::Int(i64::MIN.unsigned_abs()) {
            return self.smallest_integer(start);
        }
        let operand = Box::new(self.binary(level)?);
        self.node(ExprKind::Unary(operator, operand), start)
    }

    /// `-9223372036854775808`: its digits alone are beyond 64 bits.
    fn smallest_integer(&mut self, start: u32) -> Parsed<Expr> {
        let digits = self.token.at;
        self.advance()?;
        if self.is("**") {
            return Err(beyond_64_bits(digits));
        }
        self.leaf(ExprKind::Int(i64::MIN), start)
    }

    /// The rest of `a and b and c`, which is one node.
    fn operands(&mut self, first: Expr, word: &str, level: Level) -> Parsed<Vec<Expr>> {
        let mut operands = vec![first];
        while self.eat(word)? {
            operands.push(self.binary(level)?);
        }
        Ok(operands)
    }

    /// The rest of `a < b <= c`, which is one node.
    fn comparisons(&mut self, first: Expr) -> Parsed<ExprKind> {
        let mut rest = Vec::new();
        while let Some(operator) = self.comparison()? {
            rest.push((operator, self.binary(Level::BitOr)?));
        }
        Ok(ExprKind::Compare(Box::new(first), rest))
    }

    /// Takes a comparison operator, where one is at hand.
    fn comparison(&mut self) -> Parsed<Option<CompareOp>> {
        if self.infix()? != Some(Infix::Compare) {
            return Ok(None);
        }
        let word = self.word();
        self.advance()?;
        Ok(Some(match word {
            Some("==") => CompareOp::Equal,
            Some("!=") => CompareOp::NotEqual,
            Some("<") => CompareOp::Less,
            Some("<=") => CompareOp::LessEqual,
            Some(">") => CompareOp::Greater,
            Some(">=") => CompareOp::GreaterEqual,
            Some("in") => CompareOp::In,
            Some("not") => {
                self.advance()?;
                CompareOp::NotIn
            }
            _ if self.eat("not")? => CompareOp::IsNot,
            _ => CompareOp::Is,
        }))
    }

    /// The operator at hand. `not` is one only in `not in`.
    fn infix(&self) -> Parsed<Option<Infix>> {
        let Some(word) = self.word() else { return Ok(None) };
        let infix = match word {
            "or" => Infix::Or,
            "and" => Infix::And,
            "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "is" => Infix::Compare,
            "not" if self.peek()?.kind == TokenKind::Keyword("in") => Infix::Compare,
            "|" => Infix::Binary(BinaryOp::Or, Level::BitOr),
            "^" => Infix::Binary(BinaryOp::Xor, Level::BitXor),
            "&" => Infix::Binary(BinaryOp::And, Level::BitAnd),
            "<<" => Infix::Binary(BinaryOp::ShiftLeft, Level::Shift),
            ">>" => Infix::Binary(BinaryOp::ShiftRight, Level::Shift),
            "+" => Infix::Binary(BinaryOp::Add, Level::Sum),
            "-" => Infix::Binary(BinaryOp::Sub, Level::Sum),
            "*" => Infix::Binary(BinaryOp::Mul, Level::Product),
            "/" => Infix::Binary(BinaryOp::Div, Level::Product),
            "//" => Infix::Binary(BinaryOp::FloorDiv, Level::Product),
            "%" => Infix::Binary(BinaryOp::Mod, Level::Product),
            "**" => Infix::Binary(BinaryOp::Pow, Level::Power),
            _ => return Ok(None),
        };
        Ok(Some(infix))
    }
}

/// The level of the right operand: one tighter, so that a row of operators groups from the left. `2 ** -3 ** 4` is
/// `2 ** (-(3 ** 4))`: to the right of `**` a sign may stand, and further powers belong to it.
fn right_level(level: Level) -> Level {
    match level {
        Level::BitOr => Level::BitXor,
        Level::BitXor => Level::BitAnd,
        Level::BitAnd => Level::Shift,
        Level::Shift => Level::Sum,
        Level::Sum => Level::Product,
        _ => Level::Sign,
    }
}
