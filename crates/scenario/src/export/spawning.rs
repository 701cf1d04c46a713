//! `spawn`, `gather` and `as_completed`, whose argument lists are Python's or one iterable.

use super::expression::{Level, Quotes};
use super::plural::{self, Plural};
use super::prelude::Helper;
use super::turns;
use super::writer::Writer;
use crate::lang;
use crate::lang::ast::{Arg, Args, Clause, Expr, ExprKind};
use crate::source::Scalar;

impl<'a> Writer<'a> {
    /// `spawn: A`.
    pub(super) fn spawn(&mut self, arguments: &'a Scalar, targets: &'a Option<Scalar>) {
        if targets.is_none() {
            return self.start_unnamed(arguments);
        }
        let tasks = self.spawned(arguments);
        self.assigned(targets, &tasks);
    }

    /// `gather: A`.
    pub(super) fn gather(
        &mut self,
        arguments: &'a Scalar,
        targets: &'a Option<Scalar>,
        return_exceptions: &'a Option<Scalar>,
    ) {
        self.modules.insert("asyncio");
        let mut arguments = self.gathered(arguments);
        if return_exceptions.as_ref().is_some_and(|flag| flag.value.eq_ignore_ascii_case("true")) {
            arguments.push_str(if arguments.is_empty() { "" } else { ", " });
            arguments.push_str("return_exceptions=True");
        }
        self.assigned(targets, &format!("await asyncio.gather({arguments})"));
    }

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
        if turns::goes_quietly(clauses) && turns::makes_quietly(element) {
            let started = self.started(element);
            let clauses = self.clauses(clauses, Quotes::Any).unwrap_or_default();
            return format!("[{started}{clauses}]");
        }
        let all = self.comprehension(element, clauses, Quotes::Any).unwrap_or_default();
        self.started_each(&format!("[{all}]"))
    }

    fn spawned_list(&mut self, calls: &[&Expr]) -> String {
        if calls.iter().all(|call| turns::makes_quietly(call)) {
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

    pub(super) fn started(&mut self, call: &Expr) -> String {
        self.modules.insert("asyncio");
        let function = if self.is_coroutine(call) { "create_task" } else { "ensure_future" };
        format!("asyncio.{function}({})", self.top(call, Level::Conditional))
    }

    pub(super) fn is_coroutine(&self, call: &Expr) -> bool {
        match &call.kind {
            ExprKind::Call(name, _) => {
                self.names.is_task(&name.text) || matches!(&*name.text, "sleep" | "wait" | "wait_for")
            }
            // Closing a generator is awaitable, and no coroutine.
            ExprKind::Method(_, name, _) if name.text == "aclose" => false,
            ExprKind::Method(_, name, _) => plural::is_awaitable_method(&name.text),
            _ => false,
        }
    }

    /// The arguments of `asyncio.gather`.
    fn gathered(&mut self, arguments: &'a Scalar) -> String {
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

pub(super) fn one(argument: &Arg) -> Option<&Expr> {
    match argument {
        Arg::One(value) => Some(value),
        Arg::Spread(_) => None,
    }
}
