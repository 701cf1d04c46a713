//! The functions that need nothing but their arguments.

mod collections;
mod conversions;
mod numbers;

pub(super) use collections::direction;

use std::rc::Rc;

use super::arguments::{Arguments, Arity};
use super::{Result, Value};

/// Declares the functions by name, with what they take and what computes them: one table, so that nothing is forgotten.
macro_rules! builtins {
    ($($(#[$doc:meta])* $builtin:ident = $name:literal, $arity:expr, $call:path;)*) => {
        /// A function of the language that needs nothing but its arguments.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Builtin { $($(#[$doc])* $builtin,)* }

        impl Builtin {
            /// Every function.
            pub(crate) const ALL: &[Builtin] = &[$(Builtin::$builtin),*];

            /// Its name in programs.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Builtin::$builtin => $name,)* }
            }

            /// What it takes.
            pub(crate) fn arity(self) -> Arity {
                match self { $(Builtin::$builtin => $arity,)* }
            }

            #[inline]
            fn body(self) -> fn(&Arguments<'_>) -> Result<Value> {
                match self { $(Builtin::$builtin => $call,)* }
            }
        }
    };
}

builtins! {
    /// `abs(x)`
    Abs = "abs", Arity::exactly(1), numbers::abs;
    /// `all(xs)`
    All = "all", Arity::exactly(1), collections::all;
    /// `any(xs)`
    Any = "any", Arity::exactly(1), collections::any;
    /// `ascii(x)`
    Ascii = "ascii", Arity::exactly(1), conversions::ascii;
    /// `bin(n)`
    Bin = "bin", Arity::exactly(1), numbers::bin;
    /// `bool(x)`
    Bool = "bool", Arity::between(0, 1), conversions::bool;
    /// `chr(n)`
    Chr = "chr", Arity::exactly(1), conversions::chr;
    /// `dict(pairs)`, `dict(a=1)` (any names)
    Dict = "dict", Arity::between(0, 1).with_any_name(), conversions::dict;
    /// `divmod(a, b)`
    Divmod = "divmod", Arity::exactly(2), numbers::divmod;
    /// `enumerate(xs, start=0)`: a list of pairs
    Enumerate = "enumerate", Arity::between(1, 2).with_names(&["start"]), collections::enumerate;
    /// `float(x)`
    Float = "float", Arity::between(0, 1), conversions::float;
    /// `format(x, spec)`
    Format = "format", Arity::between(1, 2), conversions::format;
    /// `hex(n)`
    Hex = "hex", Arity::exactly(1), numbers::hex;
    /// `int(x)`, `int(text, base)`
    Int = "int", Arity::between(0, 2).with_names(&["base"]), conversions::int;
    /// `len(xs)`
    Len = "len", Arity::exactly(1), collections::len;
    /// `list(xs)`
    List = "list", Arity::between(0, 1), collections::list;
    /// `max(xs, default=None)`, `max(a, b)`
    Max = "max", Arity::at_least(1).with_names(&["default"]), collections::max;
    /// `min(xs, default=None)`, `min(a, b)`
    Min = "min", Arity::at_least(1).with_names(&["default"]), collections::min;
    /// `ms(x)`: milliseconds as float seconds
    Milliseconds = "ms", Arity::exactly(1), numbers::milliseconds;
    /// `ord(c)`
    Ord = "ord", Arity::exactly(1), conversions::ord;
    /// `pow(x, y)`, `pow(x, y, modulus)`
    Pow = "pow", Arity::between(2, 3), numbers::pow;
    /// `range(stop)`, `range(start, stop, step)`
    Range = "range", Arity::between(1, 3), collections::range;
    /// `repr(x)`
    Repr = "repr", Arity::exactly(1), conversions::repr;
    /// `reversed(xs)`: a list
    Reversed = "reversed", Arity::exactly(1), collections::reversed;
    /// `round(x)`, `round(x, digits)`
    Round = "round", Arity::between(1, 2).with_names(&["ndigits"]), numbers::round;
    /// `seconds(x)`: a float
    Seconds = "seconds", Arity::exactly(1), numbers::seconds;
    /// `sorted(xs, reverse=False)`
    Sorted = "sorted", Arity::exactly(1).with_names(&["reverse"]), collections::sorted;
    /// `str(x)`
    Str = "str", Arity::between(0, 1), conversions::str;
    /// `sum(xs, start=0)`
    Sum = "sum", Arity::between(1, 2).with_names(&["start"]), collections::sum;
    /// `tuple(xs)`
    Tuple = "tuple", Arity::between(0, 1), collections::tuple;
    /// `zip(xs, ys)`: a list of tuples, as long as the shortest
    Zip = "zip", Arity::at_least(0).with_names(&["strict"]), collections::zip;
}

impl Builtin {
    /// The function of a name.
    pub(crate) fn from_name(name: &str) -> Option<Builtin> {
        Builtin::ALL.iter().copied().find(|builtin| builtin.name() == name)
    }

    /// Calls one that takes a single argument, with that.
    #[inline]
    pub(crate) fn of_one(self, argument: &Value) -> Result<Value> {
        let positional = std::slice::from_ref(argument);
        self.body()(&Arguments { owner: "", function: self.name(), positional, named: &[] })
    }

    /// Calls it.
    pub(crate) fn call(self, positional: &[Value], named: &[(Rc<str>, Value)]) -> Result<Value> {
        let arguments = Arguments { owner: "", function: self.name(), positional, named };
        arguments.check(self.arity())?;
        self.body()(&arguments)
    }
}
