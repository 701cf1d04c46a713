//! The arguments of a call, and how many there may be.

use std::rc::Rc;

use super::error::{not_an_integer, type_error};
use super::number::as_int;
use super::{Result, Value};

/// What a function or method takes: the checker reads it at load time, and calls read it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arity {
    /// The fewest arguments by position.
    pub(crate) least: usize,
    /// The most arguments by position; none where any number will do.
    pub(crate) most: Option<usize>,
    /// The arguments by name. (Every argument by position is by position alone, except where it is named here too.)
    pub(crate) names: Names,
}

/// The names that arguments may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// These; most functions take none.
    Only(&'static [&'static str]),
    /// Any: `dict(a=1)`.
    Any,
}

impl Arity {
    /// So many to so many by position.
    pub(crate) const fn between(least: usize, most: usize) -> Arity {
        Arity { least, most: Some(most), names: Names::Only(&[]) }
    }

    /// Exactly so many.
    pub(crate) const fn exactly(count: usize) -> Arity {
        Arity::between(count, count)
    }

    /// So many or more.
    pub(crate) const fn at_least(least: usize) -> Arity {
        Arity { least, most: None, names: Names::Only(&[]) }
    }

    /// And these by name.
    pub(crate) const fn with_names(self, names: &'static [&'static str]) -> Arity {
        Arity { names: Names::Only(names), ..self }
    }

    /// And any by name.
    pub(crate) const fn with_any_name(self) -> Arity {
        Arity { names: Names::Any, ..self }
    }
}

/// The arguments of one call.
#[derive(Clone, Copy)]
pub(crate) struct Arguments<'a> {
    /// The type whose method it is; empty for a function.
    pub(crate) owner: &'a str,
    /// Its name.
    pub(crate) function: &'a str,
    /// By position.
    pub(crate) positional: &'a [Value],
    /// By name, in the order written.
    pub(crate) named: &'a [(Rc<str>, Value)],
}

impl<'a> Arguments<'a> {
    /// Refuses too few, too many and unknown ones.
    #[inline]
    pub(crate) fn check(&self, arity: Arity) -> Result<()> {
        if !self.named.is_empty() {
            self.check_names(arity.names)?;
        }
        let count = self.positional.len();
        if count < arity.least || arity.most.is_some_and(|most| count > most) {
            return Err(self.wrong_count(arity));
        }
        Ok(())
    }

    fn check_names(&self, names: Names) -> Result<()> {
        for (number, (name, _)) in self.named.iter().enumerate() {
            if names == Names::Only(&[]) {
                return Err(type_error(format!("{}() takes no keyword arguments", self.full_name())));
            }
            if matches!(names, Names::Only(names) if !names.contains(&&**name)) {
                let function = if self.function == "sorted" { "sort" } else { self.function };
                return Err(type_error(format!("{function}() got an unexpected keyword argument '{name}'")));
            }
            if self.named[..number].iter().any(|(earlier, _)| earlier == name) {
                return Err(type_error(format!("{}() got multiple values for argument '{name}'", self.function)));
            }
        }
        Ok(())
    }

    #[cold]
    fn wrong_count(&self, arity: Arity) -> Rc<super::Exception> {
        let (count, name) = (self.positional.len(), self.function);
        let plural = |number: usize| if number == 1 { "" } else { "s" };
        type_error(match (arity.least, arity.most) {
            (0, Some(0)) if name == "sort" => format!("{name}() takes no positional arguments"),
            (0, Some(0)) => format!("{}() takes no arguments ({count} given)", self.full_name()),
            (1, Some(1)) if !matches!(name, "sorted" | "reversed") => {
                format!("{}() takes exactly one argument ({count} given)", self.full_name())
            }
            (least, Some(most)) if least == most => {
                format!("{name} expected {least} argument{}, got {count}", plural(least))
            }
            (least, _) if count < least => {
                format!("{name} expected at least {least} argument{}, got {count}", plural(least))
            }
            (_, most) => {
                let most = most.unwrap_or(count);
                format!("{name} expected at most {most} argument{}, got {count}", plural(most))
            }
        })
    }

    /// `len`, `list.append`.
    fn full_name(&self) -> String {
        let dot = if self.owner.is_empty() { "" } else { "." };
        format!("{}{dot}{}", self.owner, self.function)
    }

    /// The argument at a position.
    #[inline]
    pub(crate) fn get(&self, position: usize) -> Option<&'a Value> {
        self.positional.get(position)
    }

    /// The argument at a position that [`check`](Arguments::check) found to be there.
    #[inline]
    pub(crate) fn required(&self, position: usize) -> Result<&'a Value> {
        self.positional
            .get(position)
            .ok_or_else(|| type_error(format!("{}() missing required argument (pos {})", self.function, position + 1)))
    }

    /// The argument by a name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&'a Value> {
        self.named.iter().find(|(given, _)| &**given == name).map(|(_, value)| value)
    }

    /// The argument at a position or by a name; a TypeError where it is given both ways.
    pub(crate) fn either(&self, position: usize, name: &str) -> Result<Option<&'a Value>> {
        match (self.get(position), self.by_name(name)) {
            (Some(_), Some(_)) => {
                let number = position + 1;
                let function = self.function;
                Err(type_error(format!("argument for {function}() given by name ('{name}') and position ({number})")))
            }
            (by_position, by_name) => Ok(by_position.or(by_name)),
        }
    }
}

/// An argument that must be an int.
pub(crate) fn integer(value: &Value) -> Result<i64> {
    as_int(value).ok_or_else(|| not_an_integer(value))
}
