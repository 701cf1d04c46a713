//! Evaluating expressions: everything that cannot suspend.

use std::num::NonZeroU64;
use std::rc::Rc;

use smallvec::SmallVec;
use timeskip_executor::Delay;

use crate::code::{Attribute, Clause, Comprehension, Expr, Slot, Target, Text};
use crate::lang::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::machine::context::Context;
use crate::machine::{functions, methods};
use crate::value::error::error;
use crate::value::{
    Dict, Exception, ExceptionKind, Result, Value, binary, compare, index, integers, iterate, put, put_int, set_index,
    slice, unary, unpack,
};

/// Evaluates the expressions of one frame.
pub(crate) struct Evaluator<'a> {
    pub(crate) context: &'a Rc<Context>,
    /// The number of the task.
    pub(crate) task: u32,
    /// The frame's variables.
    pub(crate) slots: &'a mut [Option<Value>],
    /// Whose names they have: a function of the program, or those of `result` and what an expectation binds.
    pub(crate) names: Names,
}

/// Where the names of variables are found, when one is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Names {
    /// In the function of this number.
    Function(u32),
    /// Nowhere: it is an expression outside of all tasks, whose one name is `result`.
    Outside,
}

impl Names {
    pub(crate) fn of(self, context: &Context, slot: Slot) -> Rc<str> {
        let name = match self {
            Names::Function(function) => context.code.functions[function as usize].slots.get(slot as usize),
            Names::Outside => None,
        };
        name.map_or_else(|| Rc::from("result"), Rc::clone)
    }
}

impl Evaluator<'_> {
    /// The value of an expression, or the exception that it raises.
    ///
    /// Most expressions are a name or a constant, which are read in place; a call of a large function costs more.
    #[inline]
    pub(crate) fn value(&mut self, expr: &Expr) -> Result<Value> {
        match expr {
            Expr::Constant(value) => Ok(value.clone()),
            Expr::Local(slot) => self.local(*slot),
            _ => self.compound(expr),
        }
    }

    /// Each kind has a function of its own, so that none pays for the registers and the stack of another.
    fn compound(&mut self, expr: &Expr) -> Result<Value> {
        match expr {
            Expr::Constant(value) => Ok(value.clone()),
            Expr::Local(slot) => self.local(*slot),
            Expr::Global(number) => self.global(*number),
            Expr::Binary(operator, operands) => self.binary(*operator, operands),
            Expr::Compare(first, rest) => self.comparison(first, rest),
            Expr::Tuple(items) => self.tuple(items),
            Expr::List(items) => self.list(items),
            Expr::Dict(pairs) => self.dict(pairs),
            Expr::Unary(operator, operand) => self.unary(*operator, operand),
            Expr::And(items) => self.first_that(items, |value| !value.is_true()),
            Expr::Or(items) => self.first_that(items, Value::is_true),
            Expr::IfElse(parts) => self.if_else(parts),
            Expr::Call(callee, arguments) => self.call(*callee, arguments),
            Expr::Now => Ok(functions::now(self.context)),
            Expr::Randint(ends) => self.randint(ends),
            Expr::RandintFrom(low, bound) => Ok(Value::Int(self.randint_from(*low, *bound))),
            Expr::Seconds(argument) => self.seconds(argument),
            Expr::Milliseconds(argument) => self.milliseconds(argument),
            Expr::Builtin(builtin, argument) => self.builtin(*builtin, argument),
            Expr::Decide { decisive, comprehension } => self.truth(comprehension, *decisive).map(Value::Bool),
            Expr::Method(object, method, arguments) => self.method(object, *method, arguments),
            Expr::Attribute(object, attribute) => self.attribute(object, *attribute),
            Expr::Index(parts) => self.index(parts),
            Expr::Slice(parts) => self.slice(parts),
            Expr::Comprehension(comprehension) => self.list_of(comprehension),
            Expr::Text(text) => self.filled(text),
        }
    }

    /// Most often a sum, a difference or a product of two ints that are at hand.
    #[inline(never)]
    fn binary(&mut self, operator: BinaryOp, operands: &(Expr, Expr)) -> Result<Value> {
        match self.int_of(operator, operands) {
            Some(number) => Ok(Value::Int(number)),
            None => self.binary_of(operator, operands),
        }
    }

    #[inline(never)]
    fn binary_of(&mut self, operator: BinaryOp, operands: &(Expr, Expr)) -> Result<Value> {
        if let (Some(left), Some(right)) = (self.here(&operands.0), self.here(&operands.1)) {
            return binary(operator, left, right);
        }
        let left = self.value(&operands.0)?;
        let right = self.value(&operands.1)?;
        binary(operator, &left, &right)
    }

    #[inline(never)]
    fn tuple(&mut self, items: &[Expr]) -> Result<Value> {
        if let [first, second] = items {
            return Ok(Value::tuple([self.value(first)?, self.value(second)?]));
        }
        Ok(Value::tuple(items.iter().map(|item| self.value(item)).collect::<Result<SmallVec<_>>>()?))
    }

    #[inline(never)]
    fn list(&mut self, items: &[Expr]) -> Result<Value> {
        Ok(Value::list(self.values(items)?))
    }

    #[inline(never)]
    fn dict(&mut self, pairs: &[(Expr, Expr)]) -> Result<Value> {
        let mut values = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            values.push((self.value(key)?, self.value(value)?));
        }
        Ok(Value::Dict(Rc::new(Dict::from_pairs(values)?)))
    }

    #[inline(never)]
    fn unary(&mut self, operator: UnaryOp, operand: &Expr) -> Result<Value> {
        unary(operator, &self.value(operand)?)
    }

    #[inline(never)]
    fn if_else(&mut self, parts: &[Expr; 3]) -> Result<Value> {
        let [test, then, otherwise] = parts;
        if self.value(test)?.is_true() { self.value(then) } else { self.value(otherwise) }
    }

    #[inline(never)]
    fn attribute(&mut self, object: &Expr, attribute: Attribute) -> Result<Value> {
        methods::attribute(&self.value(object)?, attribute)
    }

    #[inline(never)]
    fn index(&mut self, parts: &(Expr, Expr)) -> Result<Value> {
        let object = self.value(&parts.0)?;
        index(&object, &self.value(&parts.1)?)
    }

    #[inline(never)]
    fn slice(&mut self, parts: &[Expr; 4]) -> Result<Value> {
        let [object, start, stop, step] = parts;
        let object = self.value(object)?;
        let (start, stop, step) = (self.value(start)?, self.value(stop)?, self.value(step)?);
        slice(&object, &start, &stop, &step)
    }

    #[inline(never)]
    fn list_of(&mut self, comprehension: &Comprehension) -> Result<Value> {
        Ok(Value::list(self.collect(comprehension, |_, value| Ok(value))?))
    }

    #[inline(never)]
    fn filled(&mut self, text: &Text) -> Result<Value> {
        Ok(Value::text(self.text(text)?))
    }

    fn values(&mut self, exprs: &[Expr]) -> Result<Vec<Value>> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    /// An int that is at hand, one operation away, or drawn; where there is none, nothing has been done. It comes in a
    /// register: a value goes through memory, and is read there before it has quite arrived.
    #[inline]
    pub(super) fn int(&self, expr: &Expr) -> Option<i64> {
        match expr {
            Expr::Binary(operator, operands) => self.int_of(*operator, operands),
            Expr::RandintFrom(low, bound) => Some(self.randint_from(*low, *bound)),
            _ => self.int_here(expr),
        }
    }

    #[inline]
    fn randint_from(&self, low: i64, bound: NonZeroU64) -> i64 {
        functions::randint_from(self.context, self.task, low, bound)
    }

    #[inline]
    fn int_of(&self, operator: BinaryOp, operands: &(Expr, Expr)) -> Option<i64> {
        integers(operator, self.int_here(&operands.0)?, self.int_here(&operands.1)?)
    }

    #[inline]
    fn int_here(&self, expr: &Expr) -> Option<i64> {
        match self.here(expr)? {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The value of a name or a constant where it stands, so that none is cloned.
    #[inline]
    pub(super) fn here<'b>(&'b self, expr: &'b Expr) -> Option<&'b Value> {
        match expr {
            Expr::Constant(value) => Some(value),
            Expr::Local(slot) => self.slots[*slot as usize].as_ref(),
            _ => None,
        }
    }

    fn local(&self, slot: Slot) -> Result<Value> {
        self.slots[slot as usize].clone().ok_or_else(|| self.unbound(slot))
    }

    #[cold]
    fn unbound(&self, slot: Slot) -> Rc<Exception> {
        let name = self.names.of(self.context, slot);
        let text = format!("cannot access local variable '{name}' where it is not associated with a value");
        error(ExceptionKind::UnboundLocalError, text)
    }

    #[inline(never)]
    fn global(&self, number: u32) -> Result<Value> {
        match &self.context.globals.borrow()[number as usize] {
            // Most that is shared is a queue, a lock or the like.
            Some(Value::Object(object)) => Ok(Value::Object(Rc::clone(object))),
            Some(value) => Ok(value.clone()),
            None => Err(self.undefined(number)),
        }
    }

    #[cold]
    fn undefined(&self, number: u32) -> Rc<Exception> {
        let name = &self.context.code.globals[number as usize];
        error(ExceptionKind::NameError, format!("name '{name}' is not defined"))
    }

    #[inline(never)]
    fn comparison(&mut self, first: &Expr, rest: &[(CompareOp, Expr)]) -> Result<Value> {
        let mut left = self.value(first)?;
        for (operator, expr) in rest {
            let right = self.value(expr)?;
            if !compare(*operator, &left, &right)? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    /// The first operand that decides, else the last: `and` and `or`.
    fn first_that(&mut self, items: &[Expr], decides: impl Fn(&Value) -> bool) -> Result<Value> {
        let mut last = Value::None;
        for item in items {
            last = self.value(item)?;
            if decides(&last) {
                break;
            }
        }
        Ok(last)
    }

    /// The elements of a comprehension, or what `keep` makes of each.
    pub(super) fn collect(
        &mut self,
        comprehension: &Comprehension,
        mut keep: impl FnMut(&Rc<Context>, Value) -> Result<Value>,
    ) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        self.rounds(&comprehension.clauses, &mut |evaluator| {
            let value = keep(evaluator.context, evaluator.value(&comprehension.element)?)?;
            crate::value::limits::check_elements(Some(found.len() + 1))?;
            found.push(value);
            Ok(true)
        })?;
        Ok(found)
    }

    /// `decisive` where some element has this truth, and otherwise its opposite.
    fn truth(&mut self, comprehension: &Comprehension, decisive: bool) -> Result<bool> {
        let mut truth = !decisive;
        self.rounds(&comprehension.clauses, &mut |evaluator| {
            if evaluator.value(&comprehension.element)?.is_true() == decisive {
                truth = decisive;
            }
            Ok(truth != decisive)
        })?;
        Ok(truth)
    }

    /// Goes through the rounds of a comprehension while `round` says so; tells whether it did to the end.
    fn rounds(&mut self, clauses: &[Clause], round: &mut dyn FnMut(&mut Self) -> Result<bool>) -> Result<bool> {
        let Some((clause, inner)) = clauses.split_first() else { return round(self) };
        let iterable = self.value(&clause.iterable)?;
        let mut iterator = iterate(&iterable)?;
        'elements: while let Some(element) = iterator.next()? {
            self.context.spend()?;
            self.bind(&clause.target, element)?;
            for condition in &clause.conditions {
                if !self.value(condition)?.is_true() {
                    continue 'elements;
                }
            }
            if !self.rounds(inner, round)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Takes one from a count, while something is left; a count that is over goes.
    #[inline]
    pub(super) fn count_down(&mut self, slot: Slot) -> bool {
        match &mut self.slots[slot as usize] {
            Some(Value::Int(left)) if *left > 0 => {
                *left -= 1;
                true
            }
            counted => {
                *counted = None;
                false
            }
        }
    }

    /// How long a sleep takes.
    #[inline]
    pub(super) fn delay(&mut self, seconds: &Expr) -> Result<Delay> {
        let quick = match seconds {
            Expr::Milliseconds(argument) => self.int(argument).map(|milliseconds| milliseconds as f64 / 1000.0),
            Expr::Seconds(argument) => self.int(argument).map(|seconds| seconds as f64),
            _ => None,
        };
        match quick {
            Some(seconds) => functions::delay_of(seconds),
            None => self.delay_of_value(seconds),
        }
    }

    #[inline(never)]
    fn delay_of_value(&mut self, seconds: &Expr) -> Result<Delay> {
        match self.here(seconds) {
            Some(value) => functions::delay(value),
            None => functions::delay(&self.value(seconds)?),
        }
    }

    /// Whether a condition holds.
    #[inline]
    pub(super) fn holds(&mut self, condition: &Expr) -> Result<bool> {
        match self.here(condition) {
            Some(value) => Ok(value.is_true()),
            None => Ok(self.value(condition)?.is_true()),
        }
    }

    /// Binds the value of an expression to a target.
    #[inline]
    pub(super) fn assign(&mut self, target: &Target, value: &Expr) -> Result<()> {
        // A number may be drawn, and only once.
        if let Target::Local(slot) = target
            && let Some(number) = self.int(value)
        {
            put_int(&mut self.slots[*slot as usize], number);
            return Ok(());
        }
        self.assign_any(target, value)
    }

    #[inline(never)]
    fn assign_any(&mut self, target: &Target, value: &Expr) -> Result<()> {
        let value = self.value(value)?;
        self.bind(target, value)
    }

    /// Puts a value into a variable.
    #[inline]
    pub(super) fn set(&mut self, slot: Slot, value: Value) {
        put(&mut self.slots[slot as usize], value);
    }

    /// Binds a value to a target.
    #[inline]
    pub(crate) fn bind(&mut self, target: &Target, value: Value) -> Result<()> {
        match target {
            Target::Local(slot) => {
                self.set(*slot, value);
                Ok(())
            }
            _ => self.bind_elsewhere(target, value),
        }
    }

    #[inline(never)]
    fn bind_elsewhere(&mut self, target: &Target, value: Value) -> Result<()> {
        match target {
            Target::Local(slot) => self.slots[*slot as usize] = Some(value),
            Target::Global(number) => {
                // The old value is dropped when nothing is borrowed: it may end a coroutine, which warns.
                let old = self.context.globals.borrow_mut()[*number as usize].replace(value);
                drop(old);
            }
            Target::Index(parts) => {
                let object = self.value(&parts.0)?;
                let place = self.value(&parts.1)?;
                set_index(&object, &place, value)?;
            }
            Target::Unpack(targets) => {
                let mut values = Vec::with_capacity(targets.len());
                unpack(&value, targets.len(), &mut values)?;
                for (target, value) in targets.iter().zip(values) {
                    self.bind(target, value)?;
                }
            }
        }
        Ok(())
    }
}
