//! Tasks that nobody takes a list of, started one after the other: a line each, or a loop.
//!
//! A scenario makes all its calls before it starts the first task. Where making them raises nothing, a call may as well
//! be made when the task before has been started, which reads better.

use super::expression::{Level, Quotes};
use super::plural::{self, Plural};
use super::spawning::one;
use super::writer::Writer;
use crate::lang;
use crate::lang::ast::{Arg, BinaryOp, Clause, Expr, ExprKind, Piece, Target};
use crate::source::Scalar;

impl<'a> Writer<'a> {
    /// The lines that start a group's tasks.
    pub(super) fn start_in_group(&mut self, arguments: &'a Scalar, group: &str) {
        let function = format!("{group}.create_task");
        let start =
            |writer: &mut Writer<'a>, call: &Expr| format!("{function}({})", writer.top(call, Level::Conditional));
        if !self.calls_in_turn(arguments, start) {
            self.start_all(arguments, &function);
        }
    }

    /// The lines that start tasks which nobody takes.
    pub(super) fn start_unnamed(&mut self, arguments: &'a Scalar) {
        self.modules.insert("asyncio");
        if self.calls_in_turn(arguments, |writer, call| writer.started(call)) {
            return;
        }
        match self.is_list_of_coroutines(arguments) {
            Some(true) => self.start_all(arguments, "asyncio.create_task"),
            Some(false) => self.start_all(arguments, "asyncio.ensure_future"),
            None => {
                let tasks = self.spawned(arguments);
                self.line(&tasks);
            }
        }
    }

    /// A loop over what has all been made before the first task is started.
    fn start_all(&mut self, arguments: &'a Scalar, function: &str) {
        let all = self.completed(arguments);
        let coroutine = self.names.fresh("coroutine");
        self.line(&format!("for {coroutine} in {all}:"));
        self.inside(|writer| writer.line(&format!("{function}({coroutine})")));
    }

    /// Whether a list is seen to hold nothing but coroutines; none if it may be no list.
    fn is_list_of_coroutines(&mut self, arguments: &'a Scalar) -> Option<bool> {
        let args = self.parse(arguments, lang::parse_arguments)?;
        match args.positional.as_slice() {
            [Arg::One(one)] => match &one.kind {
                ExprKind::Generator(element, _) | ExprKind::ListComprehension(element, _) => {
                    Some(self.is_coroutine(element))
                }
                _ => (plural::of(one, &self.plurals, self.names) == Plural::Many).then_some(false),
            },
            several => Some(several.iter().all(|call| one(call).is_some_and(|call| self.is_coroutine(call)))),
        }
    }

    fn calls_in_turn(&mut self, arguments: &'a Scalar, start: impl Fn(&mut Writer<'a>, &Expr) -> String) -> bool {
        let Some(args) = self.parse(arguments, lang::parse_arguments) else { return false };
        if let [Arg::One(Expr { kind: ExprKind::Generator(element, clauses), .. })] = args.positional.as_slice() {
            let is_quiet = self.is_quiet_call(element) && goes_quietly(clauses) && self.binds_nothing(clauses);
            if is_quiet {
                self.nested(clauses, &|writer| {
                    let line = start(writer, element);
                    writer.line(&line);
                });
            }
            return is_quiet;
        }
        let calls: Option<Vec<&Expr>> = args.positional.iter().map(one).collect();
        let quiet = calls.filter(|calls| calls.iter().all(|call| self.is_quiet_call(call)));
        for call in quiet.iter().flatten() {
            let line = start(self, call);
            self.line(&line);
        }
        quiet.is_some()
    }

    fn is_quiet_call(&self, call: &Expr) -> bool {
        let is_one = plural::of(call, &self.plurals, self.names) == Plural::One;
        is_one && matches!(call.kind, ExprKind::Call(..)) && makes_quietly(call)
    }

    /// Whether a loop in place of a comprehension, whose variables are its own, would change no other variable.
    fn binds_nothing(&self, clauses: &[Clause]) -> bool {
        clauses.iter().all(|clause| match &clause.target {
            Target::Name(name) => !self.names.is_global(&name.text) && !self.locals.contains(&name.text),
            Target::Tuple(targets, _) => targets.iter().all(|target| match target {
                Target::Name(name) => !self.names.is_global(&name.text) && !self.locals.contains(&name.text),
                _ => false,
            }),
            Target::Index(..) => false,
        })
    }

    fn nested(&mut self, clauses: &[Clause], write: &dyn Fn(&mut Writer<'a>)) {
        let [clause, inner @ ..] = clauses else { return write(self) };
        let target = self.target(&clause.target);
        let iterable = self.iterated(&clause.iterable, Level::Tuple, Quotes::Any).unwrap_or_default();
        self.line(&format!("for {target} in {iterable}:"));
        self.inside(|writer| writer.nested(inner, write));
    }
}

/// Whether a comprehension raises nothing once it goes through its first iterable.
pub(super) fn goes_quietly(clauses: &[Clause]) -> bool {
    let inner = clauses.iter().skip(1).all(|clause| makes_quietly(&clause.iterable));
    inner && clauses.iter().all(|clause| clause.conditions.is_empty())
}

/// Whether the arguments of a call raise nothing, so that it is the same whether a task is started when the calls before
/// it have been made or after all of them.
pub(super) fn makes_quietly(call: &Expr) -> bool {
    match &call.kind {
        ExprKind::Call(_, args) | ExprKind::Method(_, _, args) => {
            let positional = args.positional.iter().all(|argument| one(argument).is_some_and(is_quiet));
            positional && args.named.iter().all(|(_, value)| is_quiet(value))
        }
        _ => is_quiet(call),
    }
}

fn is_quiet(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::None | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Duration(_) => true,
        ExprKind::Str(_) | ExprKind::Name(_) => true,
        ExprKind::FString(text) => text.pieces.iter().all(|piece| match piece {
            Piece::Literal(_) => true,
            Piece::Hole { value, spec, .. } => spec.pieces.is_empty() && is_quiet(value),
        }),
        ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().all(is_quiet),
        ExprKind::Unary(_, operand) => is_quiet(operand),
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul, left, right) => {
            is_quiet(left) && is_quiet(right)
        }
        _ => false,
    }
}
