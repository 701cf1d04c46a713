//! The values of scenario programs, with Python's meaning.
//!
//! What these modules answer is what CPython 3.13 answers, message texts included. Where the two part, they part on purpose:
//! an int has 64 bits (beyond that is an `OverflowError` that says so); `enumerate`, `zip`, `reversed` and a dict's `keys`,
//! `values` and `items` are lists; a result that would need more than [`limits`] allows is a `MemoryError`; nesting beyond
//! 200 levels is a `RecursionError`; a float is identical to every float of the same bits, since floats have no identity
//! here; and `**` has no complex results.

pub(crate) mod arguments;
pub(crate) mod builtins;
mod compare;
mod contains;
mod dict;
mod divide;
pub(crate) mod error;
mod exception;
mod float_text;
mod format;
mod identity;
mod iterate;
mod key;
mod kind;
pub(crate) mod limits;
mod list;
pub(crate) mod meter;
pub(crate) mod methods;
mod number;
mod operators;
mod power;
mod precise;
mod range;
mod release;
mod repeat;
mod sequence;
mod slice;
mod sort;
mod text;
mod tuple;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::rc::Rc;

use smallvec::SmallVec;

pub(crate) use compare::compare;
pub(crate) use dict::Dict;
pub(crate) use exception::Exception;
pub(crate) use format::format;
pub(crate) use iterate::{Iter, collect, iterate, unpack};
pub(crate) use kind::ExceptionKind;
pub(crate) use list::List;
pub(crate) use operators::{binary, integers, unary};
pub(crate) use range::Range;
pub(crate) use release::{is_nested, let_go, put, put_int, release};
pub(crate) use sequence::{index, set_index};
pub(crate) use slice::slice;
pub(crate) use text::{ascii, repr, str, write_repr, write_str};
pub(crate) use tuple::Tuple;

/// What a step of a program gives: a value, or the exception that it raises.
pub(crate) type Result<T> = std::result::Result<T, Rc<Exception>>;

/// A value. Cloning is cheap: containers are shared, as in Python.
///
/// Its tag takes a word, so that a value is moved in whole words: no variant's payload shares the word of the tag.
#[repr(u64)]
#[derive(Clone)]
pub(crate) enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of 64 bits; what goes beyond is an OverflowError.
    Int(i64),
    /// A float.
    Float(f64),
    /// A str.
    Str(Rc<str>),
    /// A list.
    List(Rc<List>),
    /// A tuple.
    Tuple(Rc<Tuple>),
    /// A dict, in order of insertion.
    Dict(Rc<Dict>),
    /// A range.
    Range(Rc<Range>),
    /// An exception.
    Exception(Rc<Exception>),
    /// A handle, a queue, a coroutine: what the machine defines.
    Object(Rc<dyn Object>),
}

/// What the machine defines beyond plain data: handles, coroutines, queues, locks.
pub(crate) trait Object: Any {
    /// The name of its type, as Python's messages show it: `Queue`.
    fn type_name(&self) -> &'static str;
    /// Its `repr`: `<Queue q maxsize=0>`; deterministic, never an address.
    fn repr(&self) -> String;
    /// Its truth.
    fn is_true(&self) -> bool {
        true
    }
    /// Its `len`, where it has one.
    fn len(&self) -> Option<usize> {
        None
    }
    /// Whether it is the same thing to a program as another object.
    fn is_same(&self, other: &dyn Object) -> bool {
        std::ptr::addr_eq(std::ptr::from_ref(self), std::ptr::from_ref(other))
    }
}

impl dyn Object {
    /// What it is, if it is of this type.
    #[inline]
    pub(crate) fn downcast<T: Object>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}

impl From<i64> for Value {
    #[inline]
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl Value {
    /// A str.
    pub(crate) fn text(text: impl Into<Rc<str>>) -> Value {
        Value::Str(text.into())
    }

    /// A new list.
    pub(crate) fn list(items: Vec<Value>) -> Value {
        Value::List(Rc::new(List::new(items)))
    }

    /// A tuple.
    pub(crate) fn tuple(items: impl Into<SmallVec<[Value; 2]>>) -> Value {
        Value::Tuple(Rc::new(Tuple::new(items)))
    }

    /// The name of its type, as Python's messages show it: `NoneType`, `int`, `Queue`.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "dict",
            Value::Range(_) => "range",
            Value::Exception(exception) => exception.kind.name(),
            Value::Object(object) => object.type_name(),
        }
    }

    /// Whether a condition that is this value holds: empty, zero and None are false.
    #[inline]
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Value::Bool(flag) => *flag,
            Value::None => false,
            Value::Int(number) => *number != 0,
            Value::Float(number) => *number != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::List(list) => !list.is_empty(),
            Value::Tuple(tuple) => !tuple.items().is_empty(),
            Value::Dict(dict) => !dict.is_empty(),
            Value::Range(range) => range.length() != 0,
            Value::Exception(_) => true,
            Value::Object(object) => object.is_true(),
        }
    }
}

/// As `repr` shows it, so that a failed assertion reads like the program.
impl std::fmt::Debug for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match repr(self) {
            Ok(text) => formatter.write_str(&text),
            Err(exception) => write!(formatter, "<{} without a repr: {}>", self.type_name(), exception.kind.name()),
        }
    }
}
