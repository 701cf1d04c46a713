//! How a call is run: the commonest shapes have a form of their own, which makes no list of arguments.

use std::num::NonZeroU64;

use super::{Argument, Arguments, Callee, Expr, Form, Instruction, MethodName, ObjectMethod, RunFunction, Target};
use crate::value::Value;
use crate::value::builtins::Builtin;

impl Expr {
    /// A call; the checker has seen to the number of its arguments.
    pub(crate) fn call(callee: Callee, arguments: Arguments) -> Expr {
        if !arguments.are_plain() {
            return Expr::Call(callee, Box::new(arguments));
        }
        match (callee, arguments.positional.len()) {
            (Callee::Function(RunFunction::Now), 0) => Expr::Now,
            (Callee::Function(RunFunction::Randint), 2) | (Callee::Builtin(_), 1) => of_plain(callee, arguments),
            _ => Expr::Call(callee, Box::new(arguments)),
        }
    }
}

impl Instruction {
    /// Awaits a value; `put` and `get` without more arguments than they need have instructions of their own.
    pub(crate) fn awaiting(value: Expr, target: Option<Target>) -> Instruction {
        let Expr::Method(object, name, mut arguments) = value else { return Instruction::Await(value, target) };
        if arguments.are_plain() {
            match (name.object, arguments.positional.pop(), arguments.positional.is_empty()) {
                (Some(ObjectMethod::Get), None, _) => return Instruction::AwaitGet { object: *object, target },
                (Some(ObjectMethod::Put), Some(Argument::One(item)), true) => {
                    return Instruction::AwaitPut { object: *object, item, target };
                }
                (_, last, _) => arguments.positional.extend(last),
            }
        }
        Instruction::Await(Expr::Method(object, name, arguments), target)
    }
}

impl Instruction {
    /// Evaluates an expression for what it does; `task_done()` has an instruction of its own.
    pub(crate) fn evaluating(value: Expr) -> Instruction {
        match value {
            Expr::Method(object, MethodName { object: Some(ObjectMethod::TaskDone), .. }, arguments)
                if arguments.positional.is_empty() && arguments.named.is_empty() =>
            {
                Instruction::TaskDone(*object)
            }
            _ => Instruction::Evaluate(value),
        }
    }
}

impl Arguments {
    /// Whether each is one value, given by position.
    fn are_plain(&self) -> bool {
        let is_one = |argument: &Argument| matches!(argument, Argument::One(_));
        self.named.is_empty() && self.positional.iter().all(is_one)
    }

    /// The plain arguments of a call, or all of them as they were.
    pub(crate) fn into_plain(self: Box<Arguments>) -> Result<Vec<Expr>, Box<Arguments>> {
        if !self.are_plain() {
            return Err(self);
        }
        let value = |argument| match argument {
            Argument::One(value) | Argument::Spread(value) => value,
        };
        Ok(self.positional.into_iter().map(value).collect())
    }
}

/// A call with as many plain arguments as it takes.
fn of_plain(callee: Callee, mut arguments: Arguments) -> Expr {
    match (callee, arguments.positional.pop(), arguments.positional.pop()) {
        (Callee::Builtin(builtin), Some(Argument::One(argument)), None) => of_one(builtin, argument),
        (_, Some(Argument::One(high)), Some(Argument::One(low))) => match (low, high) {
            (Expr::Constant(Value::Int(low)), Expr::Constant(Value::Int(high))) => randint(low, high),
            (low, high) => Expr::Randint(Box::new((low, high))),
        },
        (_, last, first) => {
            arguments.positional.extend([first, last].into_iter().flatten());
            Expr::Call(callee, Box::new(arguments))
        }
    }
}

/// A draw between two numbers of the file: nothing can go wrong, unless there is none between them. More than half of all
/// ints are drawn in the general way, too.
fn randint(low: i64, high: i64) -> Expr {
    match high.checked_sub(low) {
        Some(width @ 0..) => Expr::RandintFrom(low, NonZeroU64::MIN.saturating_add(width.unsigned_abs())),
        _ => Expr::Randint(Box::new((Expr::Constant(Value::Int(low)), Expr::Constant(Value::Int(high))))),
    }
}

fn of_one(builtin: Builtin, argument: Expr) -> Expr {
    match (argument, stops_at(builtin)) {
        // `any` and `all` over a generator draw no further than they must.
        (Expr::Comprehension(comprehension), Some(decisive)) if comprehension.form == Form::Generator => {
            Expr::Decide { decisive, comprehension }
        }
        (argument, _) => match builtin {
            Builtin::Seconds => Expr::Seconds(Box::new(argument)),
            Builtin::Milliseconds => Expr::Milliseconds(Box::new(argument)),
            _ => Expr::Builtin(builtin, Box::new(argument)),
        },
    }
}

/// The truth at which a function of a generator stops looking: `any` at the first true element, `all` at a false one.
fn stops_at(builtin: Builtin) -> Option<bool> {
    match builtin {
        Builtin::Any => Some(true),
        Builtin::All => Some(false),
        _ => None,
    }
}
