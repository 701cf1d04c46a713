//! The values against CPython 3.13: each line of `testdata` is an operation, its operands, and what Python answered.
//!
//! Fields are separated by tabs: the operation, the operands as literals, the `repr` of the result (of a method: the result
//! and the receiver afterwards). An exception is written `!KeyError: 'x'`. Where the language parts from Python on purpose
//! (64 bits, no complex numbers) the lines hold this language's answer.

mod bounds;
mod exceptions;

use std::rc::Rc;

use super::builtins::Builtin;
use super::methods::{Method, call_method};
use super::testing::literal;
use super::{Exception, Iter, Result, Value, binary, compare, format, index, iterate, repr, set_index, slice, unary};
use crate::lang::ast::{BinaryOp, CompareOp, UnaryOp};

#[test]
fn operators_answer_as_python() {
    check_file(include_str!("testdata/operators.txt"), 1000);
}

#[test]
fn comparisons_answer_as_python() {
    check_file(include_str!("testdata/comparisons.txt"), 500);
}

#[test]
fn sequences_answer_as_python() {
    check_file(include_str!("testdata/sequences.txt"), 200);
}

#[test]
fn formats_answer_as_python() {
    check_file(include_str!("testdata/formats.txt"), 1000);
}

#[test]
fn texts_answer_as_python() {
    check_file(include_str!("testdata/texts.txt"), 100);
}

#[test]
fn functions_answer_as_python() {
    check_file(include_str!("testdata/functions.txt"), 300);
}

#[test]
fn methods_answer_as_python() {
    check_file(include_str!("testdata/methods.txt"), 200);
}

/// Checks every line and shows all that differ; `least` guards against a file that was cut.
#[track_caller]
fn check_file(data: &str, least: usize) {
    let mut differences = Vec::new();
    let mut count = 0;
    for line in data.lines().filter(|line| !line.is_empty()) {
        count += 1;
        let fields: Vec<&str> = line.split('\t').collect();
        let (expected, fields) = fields.split_last().expect("a line has fields");
        let found = shown(evaluate(fields));
        if found != **expected {
            differences.push(format!("{}\n  python: {expected}\n  here:   {found}", fields.join("  ")));
        }
    }
    assert!(count >= least, "only {count} lines");
    assert!(differences.is_empty(), "{} of {count} differ:\n{}", differences.len(), differences.join("\n"));
}

fn shown(result: Result<String>) -> String {
    result.unwrap_or_else(|exception| failure(&exception))
}

fn failure(exception: &Rc<Exception>) -> String {
    format!("!{}: {}", exception.kind.name(), exception.message())
}

/// Carries out the operation of a line.
fn evaluate(fields: &[&str]) -> Result<String> {
    let operand = |number: usize| literal(fields[number]);
    match fields[0] {
        "binary" => repr(&binary(binary_operator(fields[1]), &operand(2), &operand(3))?),
        "unary" => repr(&unary(unary_operator(fields[1]), &operand(2))?),
        "compare" => repr(&Value::Bool(compare(compare_operator(fields[1]), &operand(2), &operand(3))?)),
        "index" => repr(&index(&operand(1), &operand(2))?),
        "slice" => repr(&slice(&operand(1), &operand(2), &operand(3), &operand(4))?),
        "set" => {
            let receiver = operand(1);
            set_index(&receiver, &operand(2), operand(3))?;
            repr(&receiver)
        }
        "iterate" => repr(&Value::list(elements(iterate(&operand(1))?)?)),
        "unpack" => {
            let mut items = Vec::new();
            super::unpack(&operand(1), fields[2].parse().expect("a count"), &mut items)?;
            repr(&Value::list(items))
        }
        "format" => {
            let Value::Str(spec) = operand(2) else { panic!("{} is no text", fields[2]) };
            let mut text = String::new();
            format(&operand(1), &spec, &mut text)?;
            repr(&Value::text(text))
        }
        "truth" => repr(&Value::Bool(operand(1).is_true())),
        "str" => repr(&Value::text(super::str(&operand(1))?)),
        "repr" => repr(&operand(1)),
        "call" => {
            let builtin = Builtin::from_name(fields[1]).expect("a function");
            repr(&builtin.call(&positional(&operand(2)), &named(&operand(3)))?)
        }
        "method" => {
            let receiver = operand(2);
            let method = Method::from_name(fields[1]).expect("a method");
            let result = call_method(&receiver, method, &positional(&operand(3)), &named(&operand(4)))?;
            Ok(format!("{} {}", repr(&result)?, repr(&receiver)?))
        }
        other => panic!("{other} is no operation"),
    }
}

fn elements(mut iterator: Iter) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    while let Some(item) = iterator.next()? {
        items.push(item);
    }
    Ok(items)
}

fn positional(value: &Value) -> Vec<Value> {
    match value {
        Value::Tuple(tuple) => tuple.items().to_vec(),
        other => panic!("{other:?} are no arguments"),
    }
}

fn named(value: &Value) -> Vec<(Rc<str>, Value)> {
    let Value::Dict(dict) = value else { panic!("{value:?} are no named arguments") };
    let name = |key: Value| match key {
        Value::Str(name) => name,
        other => panic!("{other:?} is no name"),
    };
    dict.to_pairs().into_iter().map(|(key, value)| (name(key), value)).collect()
}

fn binary_operator(symbol: &str) -> BinaryOp {
    match symbol {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "/" => BinaryOp::Div,
        "//" => BinaryOp::FloorDiv,
        "%" => BinaryOp::Mod,
        "**" => BinaryOp::Pow,
        "&" => BinaryOp::And,
        "|" => BinaryOp::Or,
        "^" => BinaryOp::Xor,
        "<<" => BinaryOp::ShiftLeft,
        ">>" => BinaryOp::ShiftRight,
        _ => panic!("{symbol} is no operator"),
    }
}

fn unary_operator(symbol: &str) -> UnaryOp {
    match symbol {
        "-" => UnaryOp::Negative,
        "+" => UnaryOp::Positive,
        "~" => UnaryOp::Invert,
        "not" => UnaryOp::Not,
        _ => panic!("{symbol} is no operator"),
    }
}

fn compare_operator(symbol: &str) -> CompareOp {
    match symbol {
        "==" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterEqual,
        "in" => CompareOp::In,
        "not in" => CompareOp::NotIn,
        "is" => CompareOp::Is,
        "is not" => CompareOp::IsNot,
        _ => panic!("{symbol} is no comparison"),
    }
}
