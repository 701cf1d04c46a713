//! `format(value, spec)`: Python's format specification mini-language.
//!
//! The algorithm is that of CPython's Python/formatter_unicode.c, its order of complaints included.

mod field;
mod float;
mod int;
mod spec;

use super::error::{type_error, value_error};
use super::text::write_str;
use super::{Exception, Result, Value};
use field::{Field, pad};
use spec::{Sign, Spec};
use std::rc::Rc;

/// Appends `format(value, spec)` to a text.
pub(crate) fn format(value: &Value, spec: &str, text: &mut String) -> Result<()> {
    if spec.is_empty() {
        return write_str(value, text);
    }
    let formatted = match value {
        Value::Str(own) => format_str(own, &Spec::parse(spec, "str", '<')?),
        Value::Int(number) => int::format_int(*number, "int", &Spec::parse(spec, "int", '>')?),
        Value::Bool(flag) => int::format_int(i64::from(*flag), "bool", &Spec::parse(spec, "bool", '>')?),
        Value::Float(number) => float::format_float(*number, "float", &Spec::parse(spec, "float", '>')?),
        _ => {
            let kind = value.type_name();
            Err(type_error(format!("unsupported format string passed to {kind}.__format__")))
        }
    }?;
    text.push_str(&formatted);
    Ok(())
}

fn format_str(text: &str, spec: &Spec) -> Result<String> {
    if spec.code != Some('s') {
        return Err(unknown_code(spec.code, "str"));
    }
    match spec.sign {
        Some(Sign::Space) => return Err(value_error("Space not allowed in string format specifier")),
        Some(_) => return Err(value_error("Sign not allowed in string format specifier")),
        None => {}
    }
    if spec.no_negative_zero {
        return Err(value_error("Negative zero coercion (z) not allowed in string format specifier"));
    }
    if spec.alternate {
        return Err(value_error("Alternate form (#) not allowed in string format specifier"));
    }
    if spec.align == '=' {
        return Err(value_error("'=' alignment not allowed in string format specifier"));
    }
    let shown = match spec.precision {
        Some(precision) => text.char_indices().nth(precision).map_or(text, |(end, _)| &text[..end]),
        None => text,
    };
    pad(&Field { sign: "", prefix: "", body: shown }, spec)
}

/// The ValueError of a letter that the type does not know.
#[cold]
fn unknown_code(code: Option<char>, kind: &str) -> Rc<Exception> {
    let code = code.map_or_else(String::new, spec::shown_code);
    value_error(format!("Unknown format code '{code}' for object of type '{kind}'"))
}
