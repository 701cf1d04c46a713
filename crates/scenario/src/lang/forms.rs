//! The entry points: one for each form in which a scenario's key takes the language.

use super::ast::{Args, BinaryOp, Expr, ExprKind, Name, Range, Signature, Target, Text, UnaryOp};
use super::duration::{self, Duration};
use super::error::{Parsed, SyntaxError, range};
use super::lexer::Lexer;
use super::parser::{Bracket, MAX_NAMES, Parser, check_length};
use super::target::{reading, target};
use super::token::TokenKind;

/// Reads an expression; `a, b` without brackets is a tuple.
pub(crate) fn parse_expression(source: &str) -> Result<Expr, SyntaxError> {
    whole(source, |parser| parser.tuple_expression())
}

/// Reads a text: the body of an f-string, without quotes and escapes (YAML has resolved its own).
pub(crate) fn parse_text(source: &str) -> Result<Text, SyntaxError> {
    Ok(Parser::new(source)?.whole_text()?)
}

/// Reads an assignment: `x = e`, `a, b = e`, `a = b = e`, and `x += e`, which is `x = x + e`. Targets from the left.
pub(crate) fn parse_assignment(source: &str) -> Result<(Vec<Target>, Expr), SyntaxError> {
    whole(source, assignment)
}

/// Reads targets alone: `item, t`.
pub(crate) fn parse_targets(source: &str) -> Result<Target, SyntaxError> {
    Ok(target(parse_expression(source)?)?)
}

/// Reads what a loop binds and what it goes over: `x, y in e`.
pub(crate) fn parse_binding(source: &str) -> Result<(Target, Expr), SyntaxError> {
    whole(source, |parser| Ok((parser.target_before_in()?, parser.tuple_expression()?)))
}

/// Reads arguments without the brackets of a call: `f(0), g(1)`, one iterable, `f(n) for n in xs`, `*xs`.
pub(crate) fn parse_arguments(source: &str) -> Result<Args, SyntaxError> {
    whole(source, |parser| match parser.token.kind {
        TokenKind::End => Err(parser.operand_missing()),
        _ => parser.arguments(),
    })
}

/// Reads the head of a task: `produce(name, k=2)`.
pub(crate) fn parse_signature(source: &str) -> Result<Signature, SyntaxError> {
    whole(source, signature)
}

/// Reads a literal duration: `250ms`, `1m30s`, or a bare `0`.
pub(crate) fn parse_duration(source: &str) -> Result<Duration, SyntaxError> {
    Ok(literal_duration(source)?)
}

/// Reads an expression of seconds, as `sleep` takes it: a bare literal number other than 0 lacks its unit, and one below
/// zero is none.
pub(crate) fn parse_seconds(source: &str) -> Result<Expr, SyntaxError> {
    let expression = parse_expression(source)?;
    let mut literal = &expression;
    let mut is_negative = false;
    while let ExprKind::Unary(sign @ (UnaryOp::Negative | UnaryOp::Positive), operand) = &literal.kind {
        is_negative ^= *sign == UnaryOp::Negative;
        literal = operand;
    }
    let bare = match literal.kind {
        ExprKind::Int(value) => value != 0,
        ExprKind::Float(value) => value != 0.0,
        _ => false,
    };
    if is_negative && (bare || matches!(literal.kind, ExprKind::Duration(_))) {
        return Err(duration::negative(expression.at).into());
    }
    if bare {
        let at = literal.at;
        return Err(duration::missing_unit(at, text(source, at)).into());
    }
    Ok(expression)
}

/// Reads a whole source.
fn whole<T>(source: &str, read: impl FnOnce(&mut Parser<'_>) -> Parsed<T>) -> Result<T, SyntaxError> {
    let mut parser = Parser::started(source)?;
    let value = read(&mut parser)?;
    parser.finish()?;
    Ok(value)
}

fn text(source: &str, at: Range) -> &str {
    source.get(at.start as usize..at.end as usize).unwrap_or_default()
}

fn assignment(parser: &mut Parser<'_>) -> Parsed<(Vec<Target>, Expr)> {
    let mut value = parser.tuple_expression()?;
    if let Some(operator) = parser.word().and_then(augmented) {
        return in_place(parser, operator, value);
    }
    if parser.finish().is_ok() {
        return Err(equals_missing(&value, parser.token.at));
    }
    let mut targets = Vec::new();
    while parser.is("=") {
        targets.push(target(value)?);
        parser.advance()?;
        value = parser.tuple_expression()?;
    }
    Ok((targets, value))
}

/// `x += e`, at its operator.
fn in_place(parser: &mut Parser<'_>, operator: BinaryOp, left: Expr) -> Parsed<(Vec<Target>, Expr)> {
    let at = left.at;
    let bound = target(left)?;
    let left = Box::new(reading(&bound, at)?);
    parser.advance()?;
    let right = Box::new(parser.tuple_expression()?);
    let value = parser.node(ExprKind::Binary(operator, left, right), at.start)?;
    Ok((vec![bound], value))
}

fn signature(parser: &mut Parser<'_>) -> Parsed<Signature> {
    if let Some(error) = definition(parser) {
        return Err(error);
    }
    let name = parser.name("the name of a task")?;
    if parser.token.kind == TokenKind::End {
        let brackets = format!("{}()", name.text);
        let error = SyntaxError::new(name.at, "a task without its parameters", "expected `(` after the name");
        return Err(error.help(format!("write `{brackets}`")).patch(name.at, brackets));
    }
    if !parser.is("(") {
        return Err(parser.unexpected());
    }
    parser.open(Bracket::Round)?;
    let mut parameters = Vec::new();
    while !parser.at_closer() {
        parameter(parser, &mut parameters)?;
        if !parser.eat(",")? {
            break;
        }
    }
    parser.close()?;
    Ok(Signature { name, parameters })
}

/// `def f(x)`, as Python has it.
fn definition(parser: &Parser<'_>) -> Option<Box<SyntaxError>> {
    let source = parser.lexer.source();
    let (words, head) = source.split_once("def ").filter(|(words, _)| matches!(words.trim(), "" | "async"))?;
    let at = range(0, words.len() + "def".len());
    let error = SyntaxError::new(at, "the head of a task has no `def`", "expected the name of a task");
    Some(error.patch(range(0, source.len()), head.trim()))
}

fn parameter(parser: &mut Parser<'_>, parameters: &mut Vec<(Name, Option<Expr>)>) -> Parsed<()> {
    let name = parser.name("the name of a parameter")?;
    if parameters.iter().any(|(earlier, _)| earlier.text == name.text) {
        let title = format!("the parameter `{}` is named twice", name.text);
        return Err(SyntaxError::new(name.at, title, "named before"));
    }
    if parameters.len() >= MAX_NAMES {
        return Err(SyntaxError::new(name.at, "too many parameters", format!("at most {MAX_NAMES}")));
    }
    let default = if parser.eat("=")? { Some(parser.expression()?) } else { None };
    if default.is_none() && parameters.last().is_some_and(|(_, default)| default.is_some()) {
        let title = format!("the parameter `{}` needs a default", name.text);
        return Err(SyntaxError::new(name.at, title, "the one before it has one"));
    }
    parameters.push((name, default));
    Ok(())
}

fn literal_duration(source: &str) -> Parsed<Duration> {
    check_length(source)?;
    let mut lexer = Lexer::new(source);
    let (token, rest) = (lexer.next()?, lexer.next()?);
    let at = Range { start: token.at.start, end: rest.at.end.max(token.at.end) };
    let number = text(source, token.at);
    if rest.kind != TokenKind::End
        && let Some(error) = duration::in_words(source, token.at.start)
    {
        return Err(error);
    }
    match (token.kind, rest.kind) {
        (TokenKind::Duration(duration), TokenKind::End) => Ok(duration),
        (TokenKind::Int(0) | TokenKind::Float(0.0), TokenKind::End) => Ok(Duration::ZERO),
        (TokenKind::Int(_) | TokenKind::Float(_), TokenKind::End) => Err(duration::missing_unit(token.at, number)),
        (TokenKind::Int(_) | TokenKind::Float(_), TokenKind::Name) => {
            Err(duration::detached_unit(number, text(source, rest.at), at))
        }
        (TokenKind::Symbol("-"), TokenKind::Duration(_) | TokenKind::Int(_) | TokenKind::Float(_)) => {
            Err(duration::negative(at))
        }
        (TokenKind::End, _) => Err(SyntaxError::new(token.at, "a duration is missing", "expected one such as `250ms`")),
        _ => Err(SyntaxError::new(at, "this is not a duration", "expected one such as `250ms` or `1m30s`")
            .help("no calculation may stand here; several units are written without blanks")),
    }
}

/// The operator of an assignment in place.
pub(super) fn augmented(word: &str) -> Option<BinaryOp> {
    Some(match word {
        "+=" => BinaryOp::Add,
        "-=" => BinaryOp::Sub,
        "*=" => BinaryOp::Mul,
        "/=" => BinaryOp::Div,
        "//=" => BinaryOp::FloorDiv,
        "%=" => BinaryOp::Mod,
        "**=" => BinaryOp::Pow,
        "&=" => BinaryOp::And,
        "|=" => BinaryOp::Or,
        "^=" => BinaryOp::Xor,
        "<<=" => BinaryOp::ShiftLeft,
        ">>=" => BinaryOp::ShiftRight,
        _ => return None,
    })
}

fn equals_missing(value: &Expr, end: Range) -> Box<SyntaxError> {
    let error = SyntaxError::new(end, "an assignment without `=`", "expected `=` and a value");
    match value.kind {
        ExprKind::Compare(..) => error.help("`==` compares; write one `=` to assign"),
        _ => error.help("write `name = value`; a call without a result is a `call` step"),
    }
}
