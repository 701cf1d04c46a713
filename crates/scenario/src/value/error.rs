//! Exceptions that the values themselves raise. All of it is off the fast paths.

use std::rc::Rc;

use super::{Exception, ExceptionKind, Value};

/// What an integer beyond 64 bits is answered with.
pub(crate) const BEYOND_64_BITS: &str = "integer beyond 64 bits: timeskip's integers have 64 bits";

/// An exception of a kind with one text.
#[cold]
pub(crate) fn error(kind: ExceptionKind, message: impl Into<Rc<str>>) -> Rc<Exception> {
    Rc::new(Exception::new(kind, vec![Value::Str(message.into())]))
}

/// Declares one constructor for each kind that the values raise.
macro_rules! errors {
    ($($function:ident => $kind:ident;)*) => {
        $(
            #[doc = concat!("A `", stringify!($kind), "` with a message.")]
            #[cold]
            pub(crate) fn $function(message: impl Into<Rc<str>>) -> Rc<Exception> {
                error(ExceptionKind::$kind, message)
            }
        )*
    };
}

errors! {
    attribute_error => AttributeError;
    index_error => IndexError;
    memory_error => MemoryError;
    overflow_error => OverflowError;
    recursion_error => RecursionError;
    runtime_error => RuntimeError;
    type_error => TypeError;
    value_error => ValueError;
    zero_division_error => ZeroDivisionError;
}

/// A `KeyError` of the key that is not there.
#[cold]
pub(crate) fn key_error(key: &Value) -> Rc<Exception> {
    Rc::new(Exception::new(ExceptionKind::KeyError, vec![key.clone()]))
}

/// The `OverflowError` of an integer that does not fit.
#[cold]
pub(crate) fn beyond_64_bits() -> Rc<Exception> {
    overflow_error(BEYOND_64_BITS)
}

/// The `TypeError` of an operator between types that do not know it.
#[cold]
pub(crate) fn unsupported(operator: &str, left: &Value, right: &Value) -> Rc<Exception> {
    let (left, right) = (left.type_name(), right.type_name());
    type_error(format!("unsupported operand type(s) for {operator}: '{left}' and '{right}'"))
}

/// The `TypeError` of a value that is no integer where one is needed.
#[cold]
pub(crate) fn not_an_integer(value: &Value) -> Rc<Exception> {
    type_error(format!("'{}' object cannot be interpreted as an integer", value.type_name()))
}
