//! Expressions, texts and targets as they were written: what the parser makes and the checker reads.

/// A range of bytes in the text that was parsed (not in the file: `Scalar::locate` translates).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub at: Range,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    /// The identifier.
    pub text: String,
    /// Where it stands.
    pub at: Range,
}

/// The kinds of expression: a subset of Python's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExprKind {
    /// `None`.
    None,
    /// `True` and `False` (also `true` and `false`, as YAML writes them).
    Bool(bool),
    /// `42`, `0x2a`, `1_000`.
    Int(i64),
    /// `0.5`, `1e3`.
    Float(f64),
    /// `250ms`, `1m30s`: a number of seconds.
    Duration(f64),
    /// `'text'`, `"text"`.
    Str(String),
    /// `f'{x} texts'`.
    FString(Text),
    /// `x`.
    Name(String),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `(a, b)`, and `a, b` where a tuple may stand bare.
    Tuple(Vec<Expr>),
    /// `{a: b}`.
    Dict(Vec<(Expr, Expr)>),
    /// `-x`, `+x`, `~x`, `not x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a < b <= c`: each operand is evaluated once, from the left, until one comparison fails.
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `a and b and c`, at least two.
    And(Vec<Expr>),
    /// `a or b or c`, at least two.
    Or(Vec<Expr>),
    /// `then if test else otherwise`.
    IfElse {
        /// Evaluated first.
        test: Box<Expr>,
        /// The value where the test holds.
        then: Box<Expr>,
        /// The value where it does not.
        otherwise: Box<Expr>,
    },
    /// `f(a, k=b)`: a call of a function, a task or a constructor by name.
    Call(Name, Args),
    /// `object.name(a, k=b)`.
    Method(Box<Expr>, Name, Args),
    /// `object.name` without a call.
    Attribute(Box<Expr>, Name),
    /// `a[i]`.
    Index(Box<Expr>, Box<Expr>),
    /// `a[start:stop:step]`.
    Slice(Box<Expr>, [Option<Box<Expr>>; 3]),
    /// `[x for x in xs if p]`.
    ListComprehension(Box<Expr>, Vec<Clause>),
    /// `x for x in xs if p`, bare as an argument or in brackets.
    Generator(Box<Expr>, Vec<Clause>),
}

/// One `for target in iterable if condition...` of a comprehension.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clause {
    /// What each element is bound to.
    pub target: Target,
    /// What is iterated.
    pub iterable: Expr,
    /// The conditions behind it.
    pub conditions: Vec<Expr>,
}

/// The arguments of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Args {
    /// By position; `*xs` is spread.
    pub positional: Vec<Arg>,
    /// By name, in the order written.
    pub named: Vec<(Name, Expr)>,
}

/// One argument by position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Arg {
    /// One value.
    One(Expr),
    /// `*xs`.
    Spread(Expr),
}

/// What a value is bound to: `x`, `a, b`, `xs[0]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// A variable.
    Name(Name),
    /// An element of a list or dict.
    Index(Expr, Expr),
    /// Several, which take the elements of an iterable.
    Tuple(Vec<Target>, Range),
}

/// `-`, `+`, `~`, `not`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    /// `-x`
    Negative,
    /// `+x`
    Positive,
    /// `~x`
    Invert,
    /// `not x`
    Not,
}

/// The arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompareOp {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `is`
    Is,
    /// `is not`
    IsNot,
}

/// A text with holes: the body of an f-string, or a scenario's text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    /// Literal pieces and holes, in order; no two literals side by side.
    pub pieces: Vec<Piece>,
}

/// One piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// Text as it stands, with `{{` and `}}` resolved.
    Literal(String),
    /// `{value!r:spec}`.
    Hole {
        /// What is shown.
        value: Expr,
        /// `!r`, `!s` or `!a`.
        conversion: Option<char>,
        /// The format specification, itself a text: `{x:{width}}`; empty when there is none.
        spec: Text,
        /// The specification with its braces, for messages.
        at: Range,
    },
}

/// The head of a task: `produce(name)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    /// The task's name.
    pub name: Name,
    /// Its parameters, with their defaults.
    pub parameters: Vec<(Name, Option<Expr>)>,
}
