//! `==`, `<` and the other comparisons.

use std::cmp::Ordering;

use super::contains::contains;
use super::error::{recursion_error, runtime_error, type_error};
use super::identity::is_same;
use super::number::{Number, compare_numbers};
use super::{Result, Value, limits};
use crate::lang::ast::CompareOp;

/// Applies a comparison; a TypeError where the types have no order, or the right side of `in` holds nothing.
#[inline]
pub(crate) fn compare(operator: CompareOp, left: &Value, right: &Value) -> Result<bool> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => match by_order(operator, a.cmp(b)) {
            Some(answer) => Ok(answer),
            None => compare_any(operator, left, right),
        },
        (Value::Float(a), Value::Float(b)) => match a.partial_cmp(b).and_then(|order| by_order(operator, order)) {
            Some(answer) => Ok(answer),
            None => compare_any(operator, left, right),
        },
        _ => compare_any(operator, left, right),
    }
}

/// What an order says about a comparison; none for `in` and `is`.
#[inline]
fn by_order(operator: CompareOp, order: Ordering) -> Option<bool> {
    match operator {
        CompareOp::Equal => Some(order.is_eq()),
        CompareOp::NotEqual => Some(order.is_ne()),
        CompareOp::Less => Some(order.is_lt()),
        CompareOp::LessEqual => Some(order.is_le()),
        CompareOp::Greater => Some(order.is_gt()),
        CompareOp::GreaterEqual => Some(order.is_ge()),
        CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot => None,
    }
}

#[inline(never)]
fn compare_any(operator: CompareOp, left: &Value, right: &Value) -> Result<bool> {
    match operator {
        CompareOp::Equal => equal(left, right),
        CompareOp::NotEqual => equal(left, right).map(|answer| !answer),
        CompareOp::In => contains(right, left),
        CompareOp::NotIn => contains(right, left).map(|answer| !answer),
        CompareOp::Is => Ok(is_same(left, right)),
        CompareOp::IsNot => Ok(!is_same(left, right)),
        CompareOp::Less | CompareOp::LessEqual | CompareOp::Greater | CompareOp::GreaterEqual => {
            Comparison::default().order(operator, left, right, 0)
        }
    }
}

/// `left == right`.
pub(crate) fn equal(left: &Value, right: &Value) -> Result<bool> {
    Comparison::default().equal(left, right, 0)
}

/// Whether an element counts as found: the same one, or an equal one. (So that NaN is found in a list that holds it.)
pub(crate) fn is_found(element: &Value, wanted: &Value) -> Result<bool> {
    Ok(is_same(element, wanted) || equal(element, wanted)?)
}

/// One comparison of nested values, which counts what it visits: lists that hold one list twice, forty levels deep, are
/// small in memory and endless to compare.
#[derive(Default)]
struct Comparison {
    visited: usize,
}

impl Comparison {
    fn visit(&mut self, depth: usize) -> Result<()> {
        self.visited += 1;
        if depth > limits::DEPTH {
            return Err(recursion_error("maximum recursion depth exceeded in comparison"));
        }
        if self.visited > limits::ELEMENTS {
            return Err(runtime_error(format!("a comparison of more than {} elements", limits::ELEMENTS)));
        }
        Ok(())
    }

    fn equal(&mut self, left: &Value, right: &Value, depth: usize) -> Result<bool> {
        if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
            return Ok(compare_numbers(left, right) == Some(Ordering::Equal));
        }
        match (left, right) {
            (Value::Str(left), Value::Str(right)) => Ok(left == right),
            (Value::List(left), Value::List(right)) => self.all_equal(&left.items(), &right.items(), depth),
            (Value::Tuple(left), Value::Tuple(right)) => self.all_equal(left.items(), right.items(), depth),
            (Value::Dict(left), Value::Dict(right)) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (key, value) in left.to_pairs() {
                    match right.get(&key)? {
                        Some(other) if self.same_or_equal(&value, &other, depth + 1)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            (Value::Range(left), Value::Range(right)) => Ok(left.canonical() == right.canonical()),
            _ => Ok(is_same(left, right)),
        }
    }

    fn all_equal(&mut self, left: &[Value], right: &[Value], depth: usize) -> Result<bool> {
        if left.len() != right.len() {
            return Ok(false);
        }
        self.first_difference(left, right, depth).map(|difference| difference.is_none())
    }

    fn same_or_equal(&mut self, left: &Value, right: &Value, depth: usize) -> Result<bool> {
        self.visit(depth)?;
        Ok(is_same(left, right) || self.equal(left, right, depth)?)
    }

    /// The first position at which both have an element and the two differ.
    fn first_difference(&mut self, left: &[Value], right: &[Value], depth: usize) -> Result<Option<usize>> {
        for (position, (left, right)) in left.iter().zip(right).enumerate() {
            if !self.same_or_equal(left, right, depth + 1)? {
                return Ok(Some(position));
            }
        }
        Ok(None)
    }

    /// `<`, `<=`, `>` or `>=`.
    fn order(&mut self, operator: CompareOp, left: &Value, right: &Value, depth: usize) -> Result<bool> {
        if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
            // NaN stands in no order to anything.
            return Ok(compare_numbers(left, right).and_then(|order| by_order(operator, order)).unwrap_or(false));
        }
        match (left, right) {
            // UTF-8 sorts as the code points do.
            (Value::Str(left), Value::Str(right)) => Ok(by_order(operator, left.cmp(right)).unwrap_or(false)),
            (Value::List(left), Value::List(right)) => {
                self.order_sequences(operator, &left.items(), &right.items(), depth)
            }
            (Value::Tuple(left), Value::Tuple(right)) => {
                self.order_sequences(operator, left.items(), right.items(), depth)
            }
            _ => Err(no_order(operator, left, right)),
        }
    }

    fn order_sequences(&mut self, operator: CompareOp, left: &[Value], right: &[Value], depth: usize) -> Result<bool> {
        match self.first_difference(left, right, depth)? {
            Some(position) => self.order(operator, &left[position], &right[position], depth + 1),
            None => Ok(by_order(operator, left.len().cmp(&right.len())).unwrap_or(false)),
        }
    }
}

#[cold]
fn no_order(operator: CompareOp, left: &Value, right: &Value) -> std::rc::Rc<super::Exception> {
    let symbol = match operator {
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        _ => "<",
    };
    let (left, right) = (left.type_name(), right.type_name());
    type_error(format!("'{symbol}' not supported between instances of '{left}' and '{right}'"))
}
