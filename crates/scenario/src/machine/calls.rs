//! Calls: of functions and of methods, with their arguments.

use std::rc::Rc;

use smallvec::SmallVec;

use crate::code::{Argument, Arguments, Callee, Expr, MethodName, RunFunction};
use crate::machine::evaluate::Evaluator;
use crate::machine::{functions, methods, objects};
use crate::value::builtins::Builtin;
use crate::value::{Exception, Result, Value};

/// The values of a call's arguments: a few of them take no allocation.
#[derive(Default)]
pub(crate) struct Values {
    pub(crate) positional: SmallVec<[Value; 3]>,
    pub(crate) named: Vec<(Rc<str>, Value)>,
}

/// The same, where somebody else holds them.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) positional: &'a [Value],
    pub(crate) named: &'a [(Rc<str>, Value)],
}

impl Values {
    pub(crate) fn given(&self) -> Given<'_> {
        Given { positional: &self.positional, named: &self.named }
    }
}

impl Evaluator<'_> {
    /// `randint(low, high)`, most often of two ints that are at hand.
    #[inline(never)]
    pub(super) fn randint(&mut self, ends: &(Expr, Expr)) -> Result<Value> {
        match (self.here(&ends.0), self.here(&ends.1)) {
            (Some(Value::Int(low)), Some(Value::Int(high))) => functions::randint(self.context, self.task, *low, *high),
            _ => self.randint_of(ends),
        }
    }

    #[inline(never)]
    fn randint_of(&mut self, ends: &(Expr, Expr)) -> Result<Value> {
        let values = [self.value(&ends.0)?, self.value(&ends.1)?];
        let given = Given { positional: &values, named: &[] };
        functions::call(self.context, self.task, RunFunction::Randint, given)
    }

    /// A function of one value; the checker has counted the arguments.
    #[inline(never)]
    pub(super) fn builtin(&mut self, builtin: Builtin, argument: &Expr) -> Result<Value> {
        let value = self.value(argument)?;
        builtin.of_one(&value)
    }

    /// `seconds(x)`, most often of an int.
    #[inline(never)]
    pub(super) fn seconds(&mut self, argument: &Expr) -> Result<Value> {
        match self.int(argument) {
            Some(seconds) => Ok(Value::Float(seconds as f64)),
            None => Builtin::Seconds.of_one(&self.value(argument)?),
        }
    }

    /// `ms(x)`, most often of an int.
    #[inline(never)]
    pub(super) fn milliseconds(&mut self, argument: &Expr) -> Result<Value> {
        match self.int(argument) {
            Some(milliseconds) => Ok(Value::Float(milliseconds as f64 / 1000.0)),
            None => Builtin::Milliseconds.of_one(&self.value(argument)?),
        }
    }

    #[inline(never)]
    pub(super) fn call(&mut self, callee: Callee, arguments: &Arguments) -> Result<Value> {
        self.with_arguments(arguments, |evaluator, given| match callee {
            Callee::Builtin(builtin) => builtin.call(given.positional, given.named),
            Callee::Function(function) => functions::call(evaluator.context, evaluator.task, function, given),
            Callee::Task(task) => objects::make_coroutine(evaluator.context, task, given),
            Callee::Constructor(constructor) => objects::construct(evaluator.context, constructor, given),
            Callee::Exception(kind) => Ok(Value::Exception(Exception::construct(kind, given.positional)?)),
        })
    }

    /// Evaluates the arguments and hands them on; one or two plain ones stay on the stack.
    #[inline]
    fn with_arguments(
        &mut self,
        arguments: &Arguments,
        call: impl FnOnce(&mut Self, Given<'_>) -> Result<Value>,
    ) -> Result<Value> {
        let given = |positional| Given { positional, named: &[] };
        if arguments.named.is_empty() {
            match arguments.positional.as_slice() {
                [] => return call(self, given(&[])),
                [Argument::One(one)] => {
                    let values = [self.value(one)?];
                    return call(self, given(&values));
                }
                [Argument::One(one), Argument::One(two)] => {
                    let values = [self.value(one)?, self.value(two)?];
                    return call(self, given(&values));
                }
                _ => {}
            }
        }
        let values = self.arguments(arguments)?;
        call(self, values.given())
    }

    /// The values of a call's arguments, from the left; spread ones element by element.
    pub(crate) fn arguments(&mut self, arguments: &Arguments) -> Result<Values> {
        let mut values = Values::default();
        for argument in &arguments.positional {
            match argument {
                Argument::One(expr) => values.positional.push(self.value(expr)?),
                Argument::Spread(expr) => values.positional.extend(crate::value::collect(&self.value(expr)?)?),
            }
        }
        for (name, expr) in &arguments.named {
            values.named.push((name.clone(), self.value(expr)?));
        }
        Ok(values)
    }

    #[inline(never)]
    pub(super) fn method(&mut self, object: &Expr, method: MethodName, arguments: &Arguments) -> Result<Value> {
        let object = self.value(object)?;
        self.with_arguments(arguments, |evaluator, given| methods::call(evaluator.context, &object, method, given))
    }
}
