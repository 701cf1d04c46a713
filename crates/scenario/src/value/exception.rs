//! Exceptions.

use std::cell::Cell;
use std::rc::Rc;

use super::error::{memory_error, type_error, value_error};
use super::text::Writer;
use super::{ExceptionKind, Result, Value, iterate, limits, meter, release};

/// An exception: its kind, what its constructor was called with, and where it was raised.
pub(crate) struct Exception {
    /// Its kind.
    pub kind: ExceptionKind,
    args: Vec<Value>,
    /// The line of the scenario file where it was first raised, once it was; the machine sets it.
    pub place: Cell<Option<u32>>,
}

impl Exception {
    /// An exception that was not raised yet. [`construct`](Exception::construct) is what a program's call does.
    pub(crate) fn new(kind: ExceptionKind, args: Vec<Value>) -> Exception {
        meter::add(meter::CONTAINER + meter::weight_of_all(&args));
        Exception { kind, args, place: Cell::new(None) }
    }

    /// What a program's call `ValueError('boom', 1)` gives; a group checks that it is given exceptions.
    pub(crate) fn construct(kind: ExceptionKind, args: &[Value]) -> Result<Rc<Exception>> {
        let kind = match kind {
            ExceptionKind::ExceptionGroup | ExceptionKind::BaseExceptionGroup => group_kind(kind, args)?,
            _ => kind,
        };
        Ok(Rc::new(Exception::new(kind, args.to_vec())))
    }

    /// The exceptions of a group, in order; none for any other kind.
    pub(crate) fn exceptions(&self) -> Vec<Rc<Exception>> {
        if !self.kind.is_a(ExceptionKind::BaseExceptionGroup) {
            return Vec::new();
        }
        let members = match self.args.get(1) {
            Some(Value::List(list)) => list.to_vec(),
            Some(Value::Tuple(tuple)) => tuple.items().to_vec(),
            _ => Vec::new(),
        };
        let exceptions = members.into_iter().filter_map(|member| match member {
            Value::Exception(exception) => Some(exception),
            _ => None,
        });
        exceptions.collect()
    }

    /// Its `str`: the message.
    pub(crate) fn write_message(&self, writer: &mut Writer<'_>) -> Result<()> {
        match (self.kind, self.args.as_slice()) {
            (_, []) => Ok(()),
            (ExceptionKind::ExceptionGroup | ExceptionKind::BaseExceptionGroup, [message, ..]) => {
                writer.write_str(message)?;
                let count = self.exceptions().len();
                let plural = if count == 1 { "" } else { "s" };
                writer.push(&format!(" ({count} sub-exception{plural})"))
            }
            (ExceptionKind::KeyError, [key]) => writer.write_repr(key),
            (_, [message]) => writer.write_str(message),
            (kind, [number, text]) if kind.is_a(ExceptionKind::OSError) => {
                writer.push("[Errno ")?;
                writer.write_str(number)?;
                writer.push("] ")?;
                writer.write_str(text)
            }
            (_, several) => writer.write_sequence("(", several, ")"),
        }
    }

    /// Its `repr`: `ValueError('boom', 1)`.
    pub(crate) fn write_call(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.push(self.kind.name())?;
        writer.write_sequence("(", &self.args, ")")
    }

    /// Whether it was made with anything at all.
    pub(crate) fn has_arguments(&self) -> bool {
        !self.args.is_empty()
    }

    /// Its message, for a report; an exception whose message cannot be shown says so.
    pub(crate) fn message(&self) -> String {
        let mut text = String::new();
        match self.write_message(&mut Writer::new(&mut text)) {
            Ok(()) => text,
            Err(_) => format!("<a {} whose message is too large to show>", self.kind.name()),
        }
    }

    /// `e.args`, `e.exceptions` of a group, `e.message` of a group, `e.value` of StopIteration.
    pub(crate) fn attribute(&self, name: &str) -> Option<Value> {
        let is_group = self.kind.is_a(ExceptionKind::BaseExceptionGroup);
        match name {
            "args" => Some(Value::tuple(self.args.clone())),
            "exceptions" if is_group => {
                Some(Value::tuple(self.exceptions().into_iter().map(Value::Exception).collect::<Vec<_>>()))
            }
            "message" if is_group => self.args.first().cloned(),
            "value" if self.kind == ExceptionKind::StopIteration => {
                Some(self.args.first().cloned().unwrap_or(Value::None))
            }
            _ => None,
        }
    }
}

impl Drop for Exception {
    fn drop(&mut self) {
        let args = std::mem::take(&mut self.args);
        meter::subtract(meter::CONTAINER + meter::weight_of_all(&args));
        release(args);
    }
}

/// As `repr` shows it.
impl std::fmt::Debug for Exception {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}({})", self.kind.name(), self.message())
    }
}

/// The kind that a call of a group's constructor makes: a `BaseExceptionGroup` of nothing but `Exception`s is an
/// `ExceptionGroup` (PEP 654).
fn group_kind(kind: ExceptionKind, args: &[Value]) -> Result<ExceptionKind> {
    let [message, members] = args else {
        return Err(type_error(format!(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
            args.len()
        )));
    };
    if !matches!(message, Value::Str(_)) {
        let found = message.type_name();
        return Err(type_error(format!("BaseExceptionGroup.__new__() argument 1 must be str, not {found}")));
    }
    if !matches!(members, Value::List(_) | Value::Tuple(_)) {
        return Err(type_error("second argument (exceptions) must be a sequence"));
    }
    let mut iterator = iterate(members)?;
    let (mut count, mut only_exceptions) = (0, true);
    while let Some(member) = iterator.next()? {
        let Value::Exception(exception) = member else {
            return Err(value_error(format!("Item {count} of second argument (exceptions) is not an exception")));
        };
        only_exceptions &= exception.kind.is_a(ExceptionKind::Exception);
        count += 1;
    }
    match kind {
        _ if count == 0 => Err(value_error("second argument (exceptions) must be a non-empty sequence")),
        _ if count > limits::ELEMENTS => Err(memory_error("a group of too many exceptions")),
        ExceptionKind::ExceptionGroup if !only_exceptions => {
            Err(type_error("Cannot nest BaseExceptions in an ExceptionGroup"))
        }
        _ if only_exceptions => Ok(ExceptionKind::ExceptionGroup),
        _ => Ok(ExceptionKind::BaseExceptionGroup),
    }
}
