//! The literal values of `params`, `set` and `--set`.

use std::rc::Rc;

use crate::check::syntax;
use crate::lang;
use crate::lang::ast::{ExprKind, UnaryOp};
use crate::problem::Problem;
use crate::quote;
use crate::source::{Scalar, Style};
use crate::spec::Literal;
use crate::value::{Dict, Value};

/// The literal as a value.
pub(crate) fn value(literal: &Literal) -> Result<Value, Problem> {
    match literal {
        Literal::Scalar(scalar) => scalar_value(scalar),
        Literal::List(items, _) => {
            let items = items.iter().map(value).collect::<Result<Vec<Value>, Problem>>()?;
            Ok(Value::list(items))
        }
        Literal::Map(entries, _) => {
            let pairs = entries.iter().map(|(key, item)| Ok((Value::text(key.value.as_str()), value(item)?)));
            let pairs = pairs.collect::<Result<Vec<_>, Problem>>()?;
            let dict = Dict::from_pairs(pairs).expect("texts can be keys");
            Ok(Value::Dict(Rc::new(dict)))
        }
    }
}

fn scalar_value(scalar: &Scalar) -> Result<Value, Problem> {
    if matches!(scalar.style, Style::Quoted | Style::Block) {
        return Ok(Value::text(scalar.value.as_str()));
    }
    match scalar.value.as_str() {
        "" | "~" | "null" | "Null" | "NULL" | "None" => return Ok(Value::None),
        _ => {}
    }
    let parsed = lang::parse_expression(&scalar.value);
    if let Some(value) = parsed.as_ref().ok().and_then(number) {
        return Ok(value);
    }
    match parsed {
        Err(error) if is_one_number(&scalar.value) => Err(faulty_number(scalar, error)),
        _ => Err(no_value(scalar)),
    }
}

/// Whether this is hardly meant as a text: a number with or without a unit, or a duration with blanks in it.
fn is_one_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_word = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
        && digits.matches('.').count() < 2;
    is_word || lang::parse_duration(&text.replace(' ', "")).is_ok()
}

/// What is wrong with a number; it may have been meant as a text all the same.
fn faulty_number(scalar: &Scalar, error: lang::SyntaxError) -> Problem {
    let problem = syntax::from_syntax(scalar, error, "");
    match (problem.help.clone(), &problem.patch) {
        (Some(help), _) => problem.help(format!("{help}; {TEXT_HELP}")),
        (None, Some(_)) => problem,
        (None, None) => in_quotes(problem, scalar),
    }
}

const TEXT_HELP: &str = "a text stands in quotes";

fn in_quotes(problem: Problem, scalar: &Scalar) -> Problem {
    problem.help(TEXT_HELP).patch(Some((scalar.span, quote::quoted(&scalar.value))))
}

fn no_value(scalar: &Scalar) -> Problem {
    let title = format!("`{}` is no value", scalar.value.chars().take(60).collect::<String>());
    let problem = Problem::new(scalar.span, title, "expected a number, a duration, true, false, null or a quoted text");
    in_quotes(problem, scalar)
}

/// A number, a duration in seconds, or a truth value, with a sign perhaps.
fn number(expr: &lang::ast::Expr) -> Option<Value> {
    Some(match &expr.kind {
        ExprKind::None => Value::None,
        ExprKind::Bool(flag) => Value::Bool(*flag),
        ExprKind::Int(number) => Value::Int(*number),
        ExprKind::Float(number) | ExprKind::Duration(number) => Value::Float(*number),
        ExprKind::Unary(UnaryOp::Negative, operand) => match number(operand)? {
            Value::Int(number) => Value::Int(number.checked_neg()?),
            Value::Float(number) => Value::Float(-number),
            _ => return None,
        },
        ExprKind::Unary(UnaryOp::Positive, operand) => number(operand)?,
        _ => return None,
    })
}
