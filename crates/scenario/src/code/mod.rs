//! A checked program: one flat list of instructions for each task, with every name resolved to a place.
//!
//! The checker makes it and the machine runs it. Nothing here can be misspelt or missing any more; what can still go
//! wrong (a type, an index, a division) is an exception of the program.
//!
//! What programs do most is told apart here and not while they run: an awaited call, `put` and `get`, a drawn number, an
//! assignment to one variable, `task_done` have instructions or forms of expressions of their own.

mod assign;
mod call;
mod names;

use std::num::NonZeroU64;
use std::rc::Rc;

pub(crate) use names::{Attribute, Constructor, MethodName, ObjectMethod, RunFunction};

use crate::lang::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::source::Span;
use crate::value::builtins::Builtin;
use crate::value::{ExceptionKind, Value};

/// A whole program.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(crate) functions: Vec<Function>,
    /// The number of the main task's function.
    pub(crate) main: u32,
    /// The number of the function of `after`.
    pub(crate) after: u32,
    /// The number of the function that closes the generator it is given: `await generator.aclose()`.
    pub(crate) closer: u32,
    /// The number of the function that `wait_for` is.
    pub(crate) wait_for: u32,
    /// Names of params and shared variables, params first.
    pub(crate) globals: Vec<Rc<str>>,
    /// How many of them are params.
    pub(crate) params: usize,
    /// What the shared variables begin as, in order.
    pub(crate) shared: Vec<Shared>,
}

/// What a shared variable begins as.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) value: Expr,
    pub(crate) place: Place,
    /// How many slots its comprehensions need.
    pub(crate) slots: usize,
}

/// The instructions of one task, or of main, or of `after`.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: Rc<str>,
    /// Its first slots are its parameters; each with its default.
    pub(crate) parameters: Vec<(Rc<str>, Option<Expr>)>,
    /// The names of its variables; made-up ones for what a loop keeps.
    pub(crate) slots: Vec<Rc<str>>,
    /// Whether it yields: then a call makes an async generator.
    pub(crate) is_generator: bool,
    /// Whether the loop calls it.
    pub(crate) is_callback: bool,
    pub(crate) body: Vec<Instruction>,
    /// The place of each instruction's step.
    pub(crate) places: Vec<Place>,
}

impl Function {
    /// `aclose(generator)`: awaits `generator.aclose()`, as a task that closes a generator does.
    pub(crate) fn closer() -> Function {
        let method = MethodName { plain: None, object: Some(ObjectMethod::Aclose) };
        let closing = Expr::Method(Box::new(Expr::Local(0)), method, Box::default());
        Function {
            name: "aclose".into(),
            parameters: vec![("generator".into(), None)],
            slots: vec!["generator".into()],
            is_generator: false,
            is_callback: false,
            body: vec![Instruction::Await(closing, None)],
            places: vec![Place::default()],
        }
    }
}

/// Where a step stands in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The line, from 1.
    pub(crate) line: u32,
    /// The step's key.
    pub(crate) span: Span,
}

/// The number of an instruction in its function.
pub(crate) type Address = u32;
/// The number of a variable in its function.
pub(crate) type Slot = u32;

/// One instruction. Its tag is a byte of its own, not a niche of some field: the machine reads it once for every step.
#[repr(u8)]
#[derive(Debug)]
pub(crate) enum Instruction {
    Print(Text),
    Mark(Text),
    /// Binds a value to the target.
    Assign(Target, Expr),
    /// Binds a value, from the left, to each of the targets.
    AssignEach(Vec<Target>, Expr),
    /// Binds a value that makes primitives, which are called after the target.
    Make(Target, Expr),
    Evaluate(Expr),
    /// Calls `object.task_done()`, most often of a queue.
    TaskDone(Expr),
    Sleep(Expr),
    Block(Expr),
    /// Awaits a value; its result goes to the target.
    Await(Expr, Option<Target>),
    /// Awaits the call of a task with one plain argument for each parameter, which is no coroutine first.
    AwaitCall {
        function: u32,
        arguments: Vec<Expr>,
        target: Option<Target>,
    },
    /// Awaits `object.put(item)`, most often of a queue.
    AwaitPut {
        object: Expr,
        item: Expr,
        target: Option<Target>,
    },
    /// Awaits `object.get()`, most often of a queue.
    AwaitGet {
        object: Expr,
        target: Option<Target>,
    },
    Spawn {
        arguments: Arguments,
        target: Option<Target>,
    },
    Gather {
        arguments: Arguments,
        collect: Collect,
        target: Option<Target>,
    },
    Jump(Address),
    JumpUnless(Expr, Address),
    /// Puts an iteration over the value into the slot.
    Iterate(Expr, Slot),
    /// Binds the next element, or jumps where there is none.
    Next {
        slot: Slot,
        target: Target,
        exit: Address,
    },
    /// Puts a count into the slot.
    Repeat(Expr, Slot),
    /// Counts down, or jumps where nothing is left.
    CountDown {
        slot: Slot,
        exit: Address,
    },
    /// Puts an async generator into the slot.
    AsyncIterate(Expr, Slot),
    /// Asks the generator for its next value, or jumps at its end.
    AsyncNext {
        slot: Slot,
        target: Target,
        exit: Address,
    },
    /// Lets go of the generator in the slot: its loop was left.
    Forget(Slot),
    /// Puts an `as_completed` over the tasks into the slot.
    Complete {
        arguments: Arguments,
        timeout: Option<Expr>,
        slot: Slot,
    },
    /// Binds an awaitable of the next task to end, or jumps where all have been given.
    NextCompleted {
        slot: Slot,
        target: Target,
        exit: Address,
    },
    /// Puts a new task group into the slot, and binds it.
    EnterGroup {
        slot: Slot,
        target: Option<Target>,
    },
    /// Starts tasks in the group.
    StartInGroup {
        slot: Slot,
        arguments: Arguments,
    },
    /// In a `finally`: waits for the members of the group, and raises what comes of them.
    ExitGroup(Slot),
    /// Exceptions that are raised from here on go to `address`.
    PushHandler {
        address: Address,
        kind: HandlerKind,
    },
    /// The handler's steps are over.
    PopHandler,
    /// In a handler: goes on when the exception is one of these, else jumps.
    Catch {
        kinds: Vec<ExceptionKind>,
        name: Option<Target>,
        next: Address,
    },
    /// The exception has been handled.
    EndCatch,
    /// No handler took it: it is raised on.
    Reraise,
    /// The steps of a `finally` begin after a plain end of what it guards.
    BeginFinally,
    /// They are over: what they interrupted goes on.
    EndFinally,
    /// Begins to hold the value in a slot; what entering it gives goes to another one.
    Enter {
        held: Slot,
        entered: Slot,
    },
    /// Ends holding it.
    Exit(Slot),
    /// Puts a condition that will be waited for into the slot.
    Condition(Expr, Slot),
    /// Puts a timeout into the slot, and the running task into its block.
    EnterTimeout {
        deadline: Deadline,
        limit: Expr,
        slot: Slot,
        target: Option<Target>,
    },
    /// The block of the timeout in the slot is over; its end is what the innermost `finally` has interrupted.
    ExitTimeout(Slot),
    /// Cancels the task that the value is or becomes, awaits its end, and raises TimeoutError if it ended so.
    Expire(Expr, Option<Target>),
    Raise(Expr),
    /// Raises the exception that is being handled again.
    RaiseAgain,
    Return(Expr),
    Yield(Option<Expr>),
    /// Leaves a loop, or goes to its next round: past what was put in place inside it, through its `finally` steps.
    Leave {
        address: Address,
        depth: Depth,
    },
}

/// What is in place at a point of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Depth {
    /// Handlers.
    pub(crate) handlers: u32,
    /// `except` clauses, each with its exception.
    pub(crate) handling: u32,
    /// `finally` steps, each with what it interrupted.
    pub(crate) interrupted: u32,
}

/// What a handler does with an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HandlerKind {
    /// Looks at it.
    Except,
    /// Runs its steps and lets it go on; the same for a return, a break or a plain end.
    Finally,
}

/// How the limit of a timeout is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deadline {
    /// So many seconds from now.
    After,
    /// When the clock shows so many seconds.
    At,
}

/// What a gather does with failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collect {
    /// The first one is raised.
    Results,
    /// They are results like others.
    ResultsAndExceptions,
}

/// What a value is bound to.
#[derive(Debug)]
pub(crate) enum Target {
    Local(Slot),
    Global(u32),
    Index(Box<(Expr, Expr)>),
    Unpack(Vec<Target>),
}

/// An expression; its tag is a byte of its own, as that of an instruction.
#[repr(u8)]
#[derive(Debug)]
pub(crate) enum Expr {
    Constant(Value),
    Local(Slot),
    Global(u32),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<(Expr, Expr)>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    IfElse(Box<[Expr; 3]>),
    Call(Callee, Box<Arguments>),
    /// `now()`
    Now,
    /// `randint(low, high)`
    Randint(Box<(Expr, Expr)>),
    /// The same of two numbers that the file gives: the first, and how many there are from it to the second.
    RandintFrom(i64, NonZeroU64),
    /// `seconds(x)`
    Seconds(Box<Expr>),
    /// `ms(x)`
    Milliseconds(Box<Expr>),
    /// Another function of one value.
    Builtin(Builtin, Box<Expr>),
    /// Whether an element of a generator has the truth that decides: `any` and `all`.
    Decide {
        decisive: bool,
        comprehension: Box<Comprehension>,
    },
    Method(Box<Expr>, MethodName, Box<Arguments>),
    Attribute(Box<Expr>, Attribute),
    Index(Box<(Expr, Expr)>),
    Slice(Box<[Expr; 4]>),
    Comprehension(Box<Comprehension>),
    Text(Text),
}

/// `element for ... in ... if ...`: its value is a list, whatever brackets it has.
#[derive(Debug)]
pub(crate) struct Comprehension {
    pub(crate) form: Form,
    pub(crate) element: Expr,
    pub(crate) clauses: Vec<Clause>,
}

impl Comprehension {
    /// Whether its elements are calls of tasks that raise nothing once the round has begun.
    pub(crate) fn makes_calls_quietly(&self) -> bool {
        let ([Clause { target: Target::Local(bound), conditions, .. }], Expr::Call(Callee::Task(_), arguments)) =
            (self.clauses.as_slice(), &self.element)
        else {
            return false;
        };
        let is_quiet = |argument: &Argument| match argument {
            Argument::One(Expr::Constant(_)) => true,
            Argument::One(Expr::Local(slot)) => slot == bound,
            _ => false,
        };
        conditions.is_empty() && arguments.named.is_empty() && arguments.positional.iter().all(is_quiet)
    }
}

/// The forms of comprehensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `[... for ...]`
    List,
    /// `(... for ...)`: `any` and `all` draw no more of it than they need.
    Generator,
}

/// One `for` of a comprehension.
#[derive(Debug)]
pub(crate) struct Clause {
    pub(crate) target: Target,
    pub(crate) iterable: Expr,
    pub(crate) conditions: Vec<Expr>,
}

/// The arguments of a call.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Argument>,
    pub(crate) named: Vec<(Rc<str>, Expr)>,
}

/// One argument by position.
#[derive(Debug)]
pub(crate) enum Argument {
    One(Expr),
    Spread(Expr),
}

/// What is called by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Callee {
    /// A function of its arguments alone.
    Builtin(Builtin),
    /// A function of the run.
    Function(RunFunction),
    /// A task: the call makes a coroutine or an async generator.
    Task(u32),
    /// A primitive.
    Constructor(Constructor),
    /// An exception.
    Exception(ExceptionKind),
}

/// A text with holes.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Debug)]
pub(crate) enum Piece {
    Literal(Rc<str>),
    Hole { value: Expr, conversion: Conversion, spec: Text },
}

/// `!s`, `!r`, `!a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}
