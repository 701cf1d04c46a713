//! The expression language: a subset of Python's own expressions, and f-strings.
//!
//! Whatever is accepted here means what it means in Python 3.13, down to precedence and evaluation order; what is not
//! part of the language is refused with a message that says what to write instead.
//!
//! # What is in
//!
//! - Literals: `None`, `True`, `False` (and YAML's `null`, `true`, `false`), integers of 64 bits (`42`, `0x2a`, `0o52`,
//!   `0b101`, `1_000`), floats, strings (`'..'`, `".."`, `r'..'`, `f'..'`, several side by side are one).
//! - Durations, which Python does not have: `250ms`, `1m30s`, `1.5s` are floats of seconds. Units are `h`, `m`, `s`,
//!   `ms`, `us` and `ns`, from large to small, each once.
//! - Lists, tuples, dicts, `[x for x in xs if p]`, `(x for x in xs)`.
//! - `or`, `and`, `not`, comparisons and their chains, `in`, `is`, `| ^ & << >> + - * / // % **`, `a if test else b`.
//! - Calls of names and of methods, with arguments by position, by name, spread (`*xs`), or one generator; attributes,
//!   indexes, slices.
//!
//! # What is not
//!
//! `lambda`, `await`, `yield`, `:=` and other assignments inside an expression: steps of the scenario do that. Sets,
//! dict comprehensions, `**` and `*` displays, bytes, complex numbers, triple quotes, comments. What is called is
//! always a name or a method, never the result of an expression. Names are ASCII.
//!
//! Line breaks are blanks, also outside of brackets: YAML has already said where an expression ends.
//!
//! # Texts
//!
//! A text is the body of an f-string: `{value!r:spec}` with `{{` and `}}` for braces, `{x=}`, and holes in the
//! specification, one level deep. Backslashes in it are YAML's business and stand for themselves.
//!
//! # Entry points
//!
//! | function | reads | for |
//! |---|---|---|
//! | [`parse_expression`] | `a, b` | `if`, `while`, `return`, `call` ... |
//! | [`parse_seconds`] | `seconds(i)`, `250ms`, not `5` | `sleep`, `block`, `timeout` |
//! | [`parse_duration`] | `250ms` | `cost`, `takes`: no calculation |
//! | [`parse_text`] | `Order {n}` | `print`, `mark` |
//! | [`parse_assignment`] | `a, b = e`, `a += e` | `let` |
//! | [`parse_targets`] | `item, t` | `as` |
//! | [`parse_binding`] | `x, y in e` | `for` |
//! | [`parse_arguments`] | `f(0), g(1)`, `f(n) for n in xs` | `spawn`, `gather` |
//! | [`parse_signature`] | `produce(name, k=2)` | `tasks` |
//!
//! All of them stop at the first [`SyntaxError`]; [`SyntaxError::looks_cut`] says whether YAML probably cut the source. Sources are
//! bounded in bytes, trees in depth and size, so that no input exhausts the stack of the parser or of those who walk a
//! tree.
//!
//! # How it works
//!
//! `lexer` makes tokens, one at a time and on demand; `expression` climbs over the levels of precedence, `operand` and
//! `arguments` read what lies between operators, `text` reads strings and hands their holes back to `expression` in the
//! same source, so that every range is one of the source. `hints` and `foreign` word the messages.

mod arguments;
pub(crate) mod ast;
mod duration;
mod error;
mod escape;
mod expression;
mod foreign;
mod forms;
mod hints;
mod lexer;
mod number;
mod operand;
mod parser;
mod target;
mod text;
mod token;

#[cfg(test)]
mod error_tests;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_tests;

pub(crate) use duration::Duration;
pub(crate) use error::SyntaxError;
pub(crate) use forms::{
    parse_arguments, parse_assignment, parse_binding, parse_duration, parse_expression, parse_seconds, parse_signature,
    parse_targets, parse_text,
};
