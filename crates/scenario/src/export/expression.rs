//! Expressions: from the parser's tree to text, with the brackets that Python needs.

use super::fstring;
use super::literal;
use super::writer::Writer;
use crate::lang;
use crate::lang::ast::{BinaryOp, Clause, CompareOp, Expr, ExprKind, Target, UnaryOp};
use crate::source::Scalar;

/// How tightly an expression holds together: Python's levels of precedence, loose ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `a, b`
    Tuple,
    Conditional,
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Unary,
    Power,
    /// A number, which needs brackets in front of a dot.
    Number,
    Primary,
}

/// Which quotes the strings of an expression may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Any, with backslashes where they need some.
    Any,
    /// Those of the list, and no backslashes: it stands in the braces of an f-string.
    Only(&'static [char]),
}

impl Quotes {
    pub(super) fn allow(self, quote: char) -> bool {
        match self {
            Quotes::Any => true,
            Quotes::Only(list) => list.contains(&quote),
        }
    }

    /// What is left within an f-string that has this one.
    pub(super) fn without(self, quote: char) -> Quotes {
        match (self, quote) {
            (Quotes::Any, '"') => Quotes::Only(&['\'']),
            (Quotes::Any, _) => Quotes::Only(&['"']),
            (Quotes::Only(_), _) => Quotes::Only(&[]),
        }
    }
}

/// An expression needs quotes or backslashes that it cannot have where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unquotable;

/// A text and its level.
pub(super) type Written = Result<(String, Level), Unquotable>;

impl<'a> Writer<'a> {
    /// A scalar's expression; a tuple stands bare.
    pub(super) fn expression(&mut self, scalar: &'a Scalar) -> String {
        match self.parse(scalar, lang::parse_expression) {
            Some(expr) => self.top(&expr, Level::Tuple),
            None => "None".to_owned(),
        }
    }

    /// A scalar's expression of seconds, where nobody sees whether it is an int.
    pub(super) fn seconds(&mut self, scalar: &'a Scalar) -> String {
        let Some(expr) = self.parse(scalar, lang::parse_seconds) else { return "0".to_owned() };
        self.seconds_of(&expr)
    }
}

impl Writer<'_> {
    /// An expression outside of f-strings.
    pub(super) fn top(&mut self, expr: &Expr, level: Level) -> String {
        // Without bounds on quotes nothing is refused.
        self.within(expr, level, Quotes::Any).unwrap_or_default()
    }

    /// An expression that must hold together at least as tightly as `level`.
    pub(super) fn within(&mut self, expr: &Expr, level: Level, quotes: Quotes) -> Result<String, Unquotable> {
        let (text, own) = self.bare(expr, quotes)?;
        Ok(if own < level { format!("({text})") } else { text })
    }

    fn bare(&mut self, expr: &Expr, quotes: Quotes) -> Written {
        let primary = |text: String| Ok((text, Level::Primary));
        match &expr.kind {
            ExprKind::None => primary("None".to_owned()),
            ExprKind::Bool(flag) => primary(if *flag { "True" } else { "False" }.to_owned()),
            ExprKind::Int(number) => Ok((number.to_string(), Level::Number)),
            ExprKind::Float(number) | ExprKind::Duration(number) => match (literal::float(*number), quotes) {
                (text, Quotes::Only(_)) if text.contains('"') => Err(Unquotable),
                (text, _) => Ok((text, Level::Number)),
            },
            ExprKind::Str(content) => primary(fstring::string(content, quotes)?),
            ExprKind::FString(text) => primary(self.text(text, quotes)?),
            ExprKind::Name(name) if crate::check::constant(name).is_some() && !self.names.is_variable(name) => {
                self.modules.insert("asyncio");
                primary(format!("asyncio.{name}"))
            }
            ExprKind::Name(name) if self.hidden.contains(name) => {
                let name = fstring::string(&self.names.variable(name), quotes)?;
                primary(format!("globals()[{name}]"))
            }
            ExprKind::Name(name) => primary(self.names.variable(name)),
            ExprKind::List(items) => primary(format!("[{}]", self.list(items, quotes)?)),
            ExprKind::Tuple(items) => match items.as_slice() {
                [] => primary("()".to_owned()),
                [one] => Ok((format!("{},", self.within(one, Level::Conditional, quotes)?), Level::Tuple)),
                _ => Ok((self.list(items, quotes)?, Level::Tuple)),
            },
            ExprKind::Dict(pairs) => {
                let mut written = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    let key = self.within(key, Level::Conditional, quotes)?;
                    written.push(format!("{key}: {}", self.within(value, Level::Conditional, quotes)?));
                }
                primary(format!("{{{}}}", written.join(", ")))
            }
            ExprKind::Index(object, index) => {
                let object = self.within(object, Level::Primary, quotes)?;
                primary(format!("{object}[{}]", self.within(index, Level::Tuple, quotes)?))
            }
            ExprKind::Slice(object, bounds) => {
                let object = self.within(object, Level::Primary, quotes)?;
                primary(format!("{object}[{}]", self.bounds(bounds, quotes)?))
            }
            ExprKind::Attribute(object, name) => {
                primary(format!("{}.{}", self.within(object, Level::Primary, quotes)?, name.text))
            }
            ExprKind::Call(name, args) => self.call(name, args, quotes),
            ExprKind::Method(object, name, args) => self.method(object, name, args, quotes),
            // A generator of ours is a list, which can be printed and used twice.
            ExprKind::ListComprehension(element, clauses) | ExprKind::Generator(element, clauses) => {
                primary(format!("[{}]", self.comprehension(element, clauses, quotes)?))
            }
            _ => self.operation(expr, quotes),
        }
    }

    fn operation(&mut self, expr: &Expr, quotes: Quotes) -> Written {
        match &expr.kind {
            ExprKind::Unary(operator, operand) => {
                let (sign, level) = match operator {
                    UnaryOp::Negative => ("-", Level::Unary),
                    UnaryOp::Positive => ("+", Level::Unary),
                    UnaryOp::Invert => ("~", Level::Unary),
                    UnaryOp::Not => ("not ", Level::Not),
                };
                Ok((format!("{sign}{}", self.within(operand, level, quotes)?), level))
            }
            ExprKind::Binary(operator, left, right) => {
                let (sign, level, left_level, right_level) = binary(*operator);
                let left = self.within(left, left_level, quotes)?;
                Ok((format!("{left} {sign} {}", self.within(right, right_level, quotes)?), level))
            }
            ExprKind::Compare(first, rest) => {
                let mut written = self.within(first, Level::BitOr, quotes)?;
                for (operator, operand) in rest {
                    let operand = match operator {
                        CompareOp::In | CompareOp::NotIn => self.iterated(operand, Level::BitOr, quotes)?,
                        _ => self.within(operand, Level::BitOr, quotes)?,
                    };
                    written.push_str(&format!(" {} {operand}", comparison(*operator)));
                }
                Ok((written, Level::Comparison))
            }
            ExprKind::And(items) => Ok((self.joined(items, " and ", Level::Not, quotes)?, Level::And)),
            ExprKind::Or(items) => Ok((self.joined(items, " or ", Level::And, quotes)?, Level::Or)),
            ExprKind::IfElse { test, then, otherwise } => {
                let then = self.within(then, Level::Or, quotes)?;
                let test = self.within(test, Level::Or, quotes)?;
                let otherwise = self.within(otherwise, Level::Conditional, quotes)?;
                Ok((format!("{then} if {test} else {otherwise}"), Level::Conditional))
            }
            _ => Ok(("None".to_owned(), Level::Primary)),
        }
    }

    /// Expressions with commas between them.
    pub(super) fn list(&mut self, items: &[Expr], quotes: Quotes) -> Result<String, Unquotable> {
        self.joined(items, ", ", Level::Conditional, quotes)
    }

    fn joined(&mut self, items: &[Expr], between: &str, level: Level, quotes: Quotes) -> Result<String, Unquotable> {
        let written = items.iter().map(|item| self.within(item, level, quotes)).collect::<Result<Vec<_>, _>>()?;
        Ok(written.join(between))
    }

    fn bounds(&mut self, bounds: &[Option<Box<Expr>>; 3], quotes: Quotes) -> Result<String, Unquotable> {
        let mut written = [const { String::new() }; 3];
        for (bound, text) in bounds.iter().zip(&mut written) {
            if let Some(bound) = bound {
                *text = self.within(bound, Level::Conditional, quotes)?;
            }
        }
        let [start, stop, step] = written;
        Ok(if step.is_empty() { format!("{start}:{stop}") } else { format!("{start}:{stop}:{step}") })
    }

    /// `element for target in iterable if condition`, without brackets.
    pub(super) fn comprehension(
        &mut self,
        element: &Expr,
        clauses: &[Clause],
        quotes: Quotes,
    ) -> Result<String, Unquotable> {
        let element = self.within(element, Level::Conditional, quotes)?;
        Ok(format!("{element}{}", self.clauses(clauses, quotes)?))
    }

    /// What follows the element of a comprehension.
    pub(super) fn clauses(&mut self, clauses: &[Clause], quotes: Quotes) -> Result<String, Unquotable> {
        let mut written = String::new();
        for clause in clauses {
            let target = self.target_within(&clause.target, quotes)?;
            let iterable = self.iterated(&clause.iterable, Level::Or, quotes)?;
            written.push_str(&format!(" for {target} in {iterable}"));
            for condition in &clause.conditions {
                written.push_str(&format!(" if {}", self.within(condition, Level::Or, quotes)?));
            }
        }
        Ok(written)
    }

    /// What a value is bound to.
    pub(super) fn target(&mut self, target: &Target) -> String {
        self.target_within(target, Quotes::Any).unwrap_or_default()
    }

    fn target_within(&mut self, target: &Target, quotes: Quotes) -> Result<String, Unquotable> {
        match target {
            Target::Name(name) => Ok(self.names.variable(&name.text)),
            Target::Index(object, index) => {
                let object = self.within(object, Level::Primary, quotes)?;
                Ok(format!("{object}[{}]", self.within(index, Level::Tuple, quotes)?))
            }
            Target::Tuple(targets, _) => {
                let mut written = Vec::with_capacity(targets.len());
                for target in targets {
                    let text = self.target_within(target, quotes)?;
                    written.push(if matches!(target, Target::Tuple(..)) { format!("({text})") } else { text });
                }
                Ok(match written.as_slice() {
                    [] => "[]".to_owned(),
                    [one] => format!("{one},"),
                    _ => written.join(", "),
                })
            }
        }
    }
}

/// The operator, its level, and the levels that its operands need.
fn binary(operator: BinaryOp) -> (&'static str, Level, Level, Level) {
    use Level::{BitAnd, BitOr, BitXor, Number, Power, Product, Shift, Sum, Unary};
    match operator {
        BinaryOp::Or => ("|", BitOr, BitOr, BitXor),
        BinaryOp::Xor => ("^", BitXor, BitXor, BitAnd),
        BinaryOp::And => ("&", BitAnd, BitAnd, Shift),
        BinaryOp::ShiftLeft => ("<<", Shift, Shift, Sum),
        BinaryOp::ShiftRight => (">>", Shift, Shift, Sum),
        BinaryOp::Add => ("+", Sum, Sum, Product),
        BinaryOp::Sub => ("-", Sum, Sum, Product),
        BinaryOp::Mul => ("*", Product, Product, Unary),
        BinaryOp::Div => ("/", Product, Product, Unary),
        BinaryOp::FloorDiv => ("//", Product, Product, Unary),
        BinaryOp::Mod => ("%", Product, Product, Unary),
        BinaryOp::Pow => ("**", Power, Number, Unary),
    }
}

fn comparison(operator: CompareOp) -> &'static str {
    match operator {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        CompareOp::In => "in",
        CompareOp::NotIn => "not in",
        CompareOp::Is => "is",
        CompareOp::IsNot => "is not",
    }
}
