//! Evaluating expressions: everything that cannot suspend.

use std::rc::Rc;

use smallvec::SmallVec;

use crate::code::{
    Argument, Arguments, Attribute, Callee, Clause, Comprehension, Conversion, Expr, Form, MethodName, Piece, Slot,
    Target, Text,
};
use crate::lang::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::machine::context::Context;
use crate::machine::{functions, methods, objects};
use crate::value::error::error;
use crate::value::{
    Dict, Exception, ExceptionKind, Result, Value, binary, compare, format, index, iterate, set_index, slice, unary,
    unpack, write_repr, write_str,
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
            Expr::Method(object, method, arguments) => self.method(object, *method, arguments),
            Expr::Attribute(object, attribute) => self.attribute(object, *attribute),
            Expr::Index(parts) => self.index(parts),
            Expr::Slice(parts) => self.slice(parts),
            Expr::Comprehension(comprehension) => self.list_of(comprehension),
            Expr::Text(text) => self.filled(text),
        }
    }

    #[inline(never)]
    fn binary(&mut self, operator: BinaryOp, operands: &(Expr, Expr)) -> Result<Value> {
        let left = self.value(&operands.0)?;
        let right = self.value(&operands.1)?;
        binary(operator, &left, &right)
    }

    #[inline(never)]
    fn tuple(&mut self, items: &[Expr]) -> Result<Value> {
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
    fn method(&mut self, object: &Expr, method: MethodName, arguments: &Arguments) -> Result<Value> {
        let object = self.value(object)?;
        self.with_arguments(arguments, |evaluator, given| methods::call(evaluator.context, &object, method, given))
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
        Ok(Value::list(self.comprehension(comprehension)?))
    }

    #[inline(never)]
    fn filled(&mut self, text: &Text) -> Result<Value> {
        Ok(Value::text(self.text(text)?))
    }

    fn values(&mut self, exprs: &[Expr]) -> Result<Vec<Value>> {
        exprs.iter().map(|expr| self.value(expr)).collect()
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
        let globals = self.context.globals.borrow();
        globals[number as usize].clone().ok_or_else(|| {
            let name = &self.context.code.globals[number as usize];
            error(ExceptionKind::NameError, format!("name '{name}' is not defined"))
        })
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

    #[inline(never)]
    fn call(&mut self, callee: Callee, arguments: &Arguments) -> Result<Value> {
        if let Callee::Builtin(builtin) = callee
            && let [Argument::One(Expr::Comprehension(comprehension))] = arguments.positional.as_slice()
            && arguments.named.is_empty()
            && comprehension.form == Form::Generator
            && let Some(decisive) = functions::stops_at(builtin)
        {
            // `any` and `all` over a generator draw no further than they must.
            return Ok(Value::Bool(self.truth(comprehension, decisive)?));
        }
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

    fn comprehension(&mut self, comprehension: &Comprehension) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        self.rounds(&comprehension.clauses, &mut |evaluator| {
            let value = evaluator.value(&comprehension.element)?;
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

    /// Binds a value to a target.
    pub(crate) fn bind(&mut self, target: &Target, value: Value) -> Result<()> {
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

    /// The text with its holes filled.
    pub(crate) fn text(&mut self, text: &Text) -> Result<String> {
        let mut filled = String::new();
        self.fill(text, &mut filled)?;
        Ok(filled)
    }

    fn fill(&mut self, text: &Text, filled: &mut String) -> Result<()> {
        for piece in &text.pieces {
            match piece {
                Piece::Literal(literal) => filled.push_str(literal),
                Piece::Hole { value, conversion, spec } => self.hole(value, *conversion, spec, filled)?,
            }
        }
        Ok(())
    }

    fn hole(&mut self, value: &Expr, conversion: Conversion, spec: &Text, filled: &mut String) -> Result<()> {
        let value = self.value(value)?;
        if spec.pieces.is_empty() {
            return match conversion {
                Conversion::None | Conversion::Str => write_str(&value, filled),
                Conversion::Repr => write_repr(&value, filled),
                Conversion::Ascii => {
                    filled.push_str(&crate::value::ascii(&value)?);
                    Ok(())
                }
            };
        }
        let converted = match conversion {
            Conversion::None => value,
            Conversion::Str => Value::text(crate::value::str(&value)?),
            Conversion::Repr => Value::text(crate::value::repr(&value)?),
            Conversion::Ascii => Value::text(crate::value::ascii(&value)?),
        };
        let spec = self.text(spec)?;
        format(&converted, &spec, filled)
    }
}
