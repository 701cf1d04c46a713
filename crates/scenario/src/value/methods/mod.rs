//! The methods of texts, lists, tuples and dicts.

mod dicts;
mod lists;
mod positions;
mod search;
mod texts;

use std::rc::Rc;

pub(super) use dicts::pairs_of;

use super::arguments::{Arguments, Arity};
use super::error::attribute_error;
use super::{Exception, Result, Value};

/// Declares the names of methods.
macro_rules! methods {
    ($($method:ident = $name:literal;)*) => {
        /// The name of a method that some plain value has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Method {
            $(#[doc = concat!("`", $name, "`")] $method,)*
        }

        impl Method {
            /// Every name.
            pub(crate) const ALL: &[Method] = &[$(Method::$method),*];

            /// The name in programs.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Method::$method => $name,)* }
            }
        }
    };
}

methods! {
    Append = "append";
    Capitalize = "capitalize";
    Center = "center";
    Clear = "clear";
    Copy = "copy";
    Count = "count";
    EndsWith = "endswith";
    Extend = "extend";
    Find = "find";
    Get = "get";
    Index = "index";
    Insert = "insert";
    IsDigit = "isdigit";
    Items = "items";
    Join = "join";
    Keys = "keys";
    LeftJustify = "ljust";
    LeftStrip = "lstrip";
    Lower = "lower";
    Pop = "pop";
    Remove = "remove";
    Replace = "replace";
    Reverse = "reverse";
    RightFind = "rfind";
    RightJustify = "rjust";
    RightSplit = "rsplit";
    RightStrip = "rstrip";
    SetDefault = "setdefault";
    Sort = "sort";
    Split = "split";
    StartsWith = "startswith";
    Strip = "strip";
    Title = "title";
    Update = "update";
    Upper = "upper";
    Values = "values";
    ZeroFill = "zfill";
}

impl Method {
    /// The method of a name, whatever type has it.
    pub(crate) fn from_name(name: &str) -> Option<Method> {
        Method::ALL.iter().copied().find(|method| method.name() == name)
    }

    /// What it takes, for each type that has it: what the checker can know before the type is known.
    pub(crate) fn arities(self) -> impl Iterator<Item = (&'static str, Arity)> {
        let each = [
            ("str", texts::find(self).map(|(arity, _)| arity)),
            ("list", lists::find(self).map(|(arity, _)| arity)),
            ("tuple", lists::find_of_tuple(self).map(|(arity, _)| arity)),
            ("dict", dicts::find(self).map(|(arity, _)| arity)),
        ];
        each.into_iter().filter_map(|(kind, arity)| Some((kind, arity?)))
    }
}

/// What computes a method of a type.
type Body<T> = fn(&T, &Arguments<'_>) -> Result<Value>;

/// Calls a method of a plain value; an AttributeError where its type does not have it. The machine asks its own objects
/// first: they have methods of their own.
pub(crate) fn call_method(
    receiver: &Value,
    method: Method,
    positional: &[Value],
    named: &[(Rc<str>, Value)],
) -> Result<Value> {
    let arguments = Arguments { owner: receiver.type_name(), function: method.name(), positional, named };
    match receiver {
        Value::Str(text) => call(texts::find(method), text, &arguments),
        Value::List(list) => call(lists::find(method), list, &arguments),
        Value::Tuple(tuple) => call(lists::find_of_tuple(method), tuple, &arguments),
        Value::Dict(dict) => call(dicts::find(method), dict, &arguments),
        _ => None,
    }
    .unwrap_or_else(|| Err(no_attribute(receiver, method.name())))
}

fn call<T: ?Sized>(
    found: Option<(Arity, Body<Rc<T>>)>,
    receiver: &Rc<T>,
    arguments: &Arguments<'_>,
) -> Option<Result<Value>> {
    let (arity, body) = found?;
    Some(arguments.check(arity).and_then(|()| body(receiver, arguments)))
}

/// The AttributeError of a name that a value does not have.
#[cold]
pub(crate) fn no_attribute(value: &Value, name: &str) -> Rc<Exception> {
    attribute_error(format!("'{}' object has no attribute '{name}'", value.type_name()))
}
