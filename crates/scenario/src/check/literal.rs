//! The literal values of `params`, `set` and `--set`.

use std::rc::Rc;

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
    if let Some(value) = lang::parse_expression(&scalar.value).ok().and_then(|expr| number(&expr)) {
        return Ok(value);
    }
    let title = format!("`{}` is no value", scalar.value.chars().take(60).collect::<String>());
    let problem = Problem::new(scalar.span, title, "expected a number, a duration, true, false, null or a quoted text");
    Err(problem.help("a text stands in quotes").patch(Some((scalar.span, quote::quoted(&scalar.value)))))
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
