//! `spawn`, `gather` and `as_completed`, whose argument lists are Python's or one iterable.

use super::expression::{Level, Quotes};
use super::plural::{self, Plural};
use super::prelude::Helper;
use super::writer::Writer;
use crate::lang;
use crate::lang::ast::{Arg, Args, BinaryOp, Clause, Expr, ExprKind, Piece};
use crate::source::Scalar;

impl<'a> Writer<'a> {
    /// `asyncio.create_task(..)`, or a list of those.
    pub(super) fn spawned(&mut self, arguments: &'a Scalar) -> String {
        let Some(args) = self.parse(arguments, lang::parse_arguments) else { return String::new() };
        match args.positional.as_slice() {
            [Arg::One(one)] => self.spawned_one(one),
            several => {
                let calls: Vec<&Expr> = several.iter().filter_map(one).collect();
                if calls.len() == several.len() {
                    return self.spawned_list(&calls);
                }
                let all = self.elements(&args);
                self.started_each(&format!("[{all}]"))
            }
        }
    }

    fn spawned_one(&mut self, one: &Expr) -> String {
        match (&one.kind, plural::of(one, &self.plurals, self.names)) {
            (ExprKind::Generator(element, clauses) | ExprKind::ListComprehension(element, clauses), _) => {
                self.spawned_comprehension(element, clauses)
            }
            (ExprKind::List(items), _) => self.spawned_list(&items.iter().collect::<Vec<&Expr>>()),
            (_, Plural::One) => self.started(one),
            (_, Plural::Many) => {
                let all = self.top(one, Level::Or);
                self.started_each(&all)
            }
            (_, Plural::Unknown) => {
                self.helpers.insert(Helper::Spawn);
                format!("spawn({})", self.top(one, Level::Conditional))
            }
        }
    }

    fn spawned_comprehension(&mut self, element: &Expr, clauses: &[Clause]) -> String {
        let clauses_are_quiet = clauses.iter().all(|clause| clause.conditions.is_empty());
        if clauses_are_quiet && makes_quietly(element) {
            let started = self.started(element);
            let clauses = self.clauses(clauses, Quotes::Any).unwrap_or_default();
            return format!("[{started}{clauses}]");
        }
        let all = self.comprehension(element, clauses, Quotes::Any).unwrap_or_default();
        self.started_each(&format!("[{all}]"))
    }

    fn spawned_list(&mut self, calls: &[&Expr]) -> String {
        if calls.iter().all(|call| makes_quietly(call)) {
            let started: Vec<String> = calls.iter().map(|call| self.started(call)).collect();
            return format!("[{}]", started.join(", "));
        }
        let all: Vec<String> = calls.iter().map(|call| self.top(call, Level::Conditional)).collect();
        self.started_each(&format!("[{}]", all.join(", ")))
    }

    /// Tasks for the elements of a list, all of which are there before the first one is started.
    fn started_each(&mut self, all: &str) -> String {
        self.modules.insert("asyncio");
        let name = self.names.fresh("awaitable");
        format!("[asyncio.ensure_future({name}) for {name} in {all}]")
    }

    fn started(&mut self, call: &Expr) -> String {
        self.modules.insert("asyncio");
        let is_coroutine = match &call.kind {
            ExprKind::Call(name, _) => {
                self.names.is_task(&name.text) || matches!(&*name.text, "sleep" | "wait" | "wait_for")
            }
            // Closing a generator is awaitable, and no coroutine.
            ExprKind::Method(_, name, _) if name.text == "aclose" => false,
            ExprKind::Method(_, name, _) => plural::is_awaitable_method(&name.text),
            _ => false,
        };
        let function = if is_coroutine { "create_task" } else { "ensure_future" };
        format!("asyncio.{function}({})", self.top(call, Level::Conditional))
    }

    /// The arguments of `asyncio.gather`.
    pub(super) fn gathered(&mut self, arguments: &'a Scalar) -> String {
        let Some(args) = self.parse(arguments, lang::parse_arguments) else { return String::new() };
        let [Arg::One(one)] = args.positional.as_slice() else { return self.elements(&args) };
        match (&one.kind, plural::of(one, &self.plurals, self.names)) {
            (ExprKind::Generator(element, clauses), _) => {
                format!("*({})", self.comprehension(element, clauses, Quotes::Any).unwrap_or_default())
            }
            (ExprKind::List(items), _) => self.list(items, Quotes::Any).unwrap_or_default(),
            (_, Plural::One) => self.top(one, Level::Conditional),
            (_, Plural::Many) => format!("*{}", self.top(one, Level::BitOr)),
            (_, Plural::Unknown) => format!("*{}", self.each(one)),
        }
    }

    /// The list that `asyncio.as_completed` goes through.
    pub(super) fn completed(&mut self, arguments: &'a Scalar) -> String {
        let Some(args) = self.parse(arguments, lang::parse_arguments) else { return String::new() };
        let [Arg::One(one)] = args.positional.as_slice() else { return format!("[{}]", self.elements(&args)) };
        match plural::of(one, &self.plurals, self.names) {
            Plural::One => format!("[{}]", self.top(one, Level::Conditional)),
            Plural::Many => self.top(one, Level::Conditional),
            Plural::Unknown => self.each(one),
        }
    }

    /// Calls that may as well be made one after the other, each when the one before has been used.
    pub(super) fn quiet_calls(&mut self, arguments: &'a Scalar) -> Option<Vec<String>> {
        let args = self.parse(arguments, lang::parse_arguments)?;
        let calls: Option<Vec<&Expr>> = args.positional.iter().map(one).collect();
        let calls = calls?;
        let is_quiet = |call: &&Expr| {
            let is_one = plural::of(call, &self.plurals, self.names) == Plural::One;
            is_one && matches!(call.kind, ExprKind::Call(..)) && makes_quietly(call)
        };
        let all = calls.iter().all(is_quiet);
        all.then(|| calls.into_iter().map(|call| self.top(call, Level::Conditional)).collect())
    }

    fn elements(&mut self, args: &Args) -> String {
        let written = args.positional.iter().map(|argument| match argument {
            Arg::One(value) => self.top(value, Level::Conditional),
            Arg::Spread(values) => format!("*{}", self.top(values, Level::BitOr)),
        });
        written.collect::<Vec<String>>().join(", ")
    }

    fn each(&mut self, one: &Expr) -> String {
        self.helpers.insert(Helper::Each);
        format!("each({})", self.top(one, Level::Conditional))
    }
}

fn one(argument: &Arg) -> Option<&Expr> {
    match argument {
        Arg::One(value) => Some(value),
        Arg::Spread(_) => None,
    }
}

/// Whether the arguments of a call raise nothing, so that it is the same whether a task is started when the calls before
/// it have been made or after all of them.
fn makes_quietly(call: &Expr) -> bool {
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
