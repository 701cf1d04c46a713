//! `is`: whether two values are one.

use std::rc::Rc;

use super::Value;

/// Where a shared value lives: a number that tells it from every other one alive, and that is never shown.
pub(crate) fn address<T: ?Sized>(shared: &Rc<T>) -> usize {
    Rc::as_ptr(shared).cast::<()>().addr()
}

/// `a is b`. What cannot change has no identity of its own: equal ints, floats (by their bits) and texts are one.
pub(crate) fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::None, Value::None) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
        (Value::Str(left), Value::Str(right)) => left == right,
        (Value::List(left), Value::List(right)) => Rc::ptr_eq(left, right),
        // There is one empty tuple.
        (Value::Tuple(left), Value::Tuple(right)) => {
            Rc::ptr_eq(left, right) || (left.items().is_empty() && right.items().is_empty())
        }
        (Value::Dict(left), Value::Dict(right)) => Rc::ptr_eq(left, right),
        (Value::Range(left), Value::Range(right)) => Rc::ptr_eq(left, right),
        (Value::Exception(left), Value::Exception(right)) => Rc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => left.is_same(&**right),
        _ => false,
    }
}
