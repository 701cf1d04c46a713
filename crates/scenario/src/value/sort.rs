//! Sorting, stable, with comparisons that may fail or contradict each other.

use super::compare::compare;
use super::{Result, Value};
use crate::lang::ast::CompareOp;

/// Which way a sort goes. Equal elements keep their order both ways, as in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

/// Sorts with `<` alone. The standard library's sort may panic where there is no total order, and a program can sort NaN:
/// hence a merge sort of our own, bottom up. With such values Python's result depends on its algorithm, and ours on this.
pub(crate) fn sort(items: &mut Vec<Value>, direction: Direction) -> Result<()> {
    if direction == Direction::Descending {
        items.reverse();
    }
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for block in items.chunks(2 * width) {
            let (left, right) = block.split_at(width.min(block.len()));
            merge(left, right, &mut merged)?;
        }
        *items = merged;
        width *= 2;
    }
    if direction == Direction::Descending {
        items.reverse();
    }
    Ok(())
}

fn merge(mut left: &[Value], mut right: &[Value], merged: &mut Vec<Value>) -> Result<()> {
    while let ([first_left, rest_left @ ..], [first_right, rest_right @ ..]) = (left, right) {
        // Only a smaller one overtakes: equal elements keep their order.
        if compare(CompareOp::Less, first_right, first_left)? {
            merged.push(first_right.clone());
            right = rest_right;
        } else {
            merged.push(first_left.clone());
            left = rest_left;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    Ok(())
}
