//! `wait_for`, whose turns Python's releases count differently: a timeout around the await means the same everywhere.

use super::expression::{Level, Quotes, Unquotable};
use super::prelude::Helper;
use super::writer::Writer;
use crate::lang;
use crate::lang::ast::{Arg, Args, Expr, ExprKind, Name};
use crate::source::Scalar;

impl<'a> Writer<'a> {
    /// `await: E`.
    pub(super) fn await_step(&mut self, value: &'a Scalar, targets: &'a Option<Scalar>) {
        let Some(expr) = self.parse(value, lang::parse_expression) else { return };
        let Some((awaited, limit)) = self.wait_for_arguments(&expr).filter(|(_, limit)| is_above_zero(limit)) else {
            return self.awaited(&expr, targets);
        };
        self.modules.insert("asyncio");
        let seconds = self.seconds_of(limit);
        self.line(&format!("async with asyncio.timeout({seconds}):"));
        self.inside(|writer| writer.awaited(awaited, targets));
    }

    fn awaited(&mut self, expr: &Expr, targets: &'a Option<Scalar>) {
        let value = match self.wait_for_nothing(expr, targets) {
            Some(wait) => wait,
            None => self.top(expr, Level::Primary),
        };
        self.assigned(targets, &format!("await {value}"));
    }

    /// `asyncio.wait`, where nobody takes the sets that it gives.
    fn wait_for_nothing(&mut self, expr: &Expr, targets: &Option<Scalar>) -> Option<String> {
        match &expr.kind {
            ExprKind::Call(name, args) if targets.is_none() && name.text == "wait" && !self.names.is_task("wait") => {
                self.modules.insert("asyncio");
                let arguments = self.plain_arguments(args, Quotes::Any).unwrap_or_default();
                Some(format!("asyncio.wait({arguments})"))
            }
            _ => None,
        }
    }

    /// What is awaited for how long, if this is a call of `wait_for`.
    fn wait_for_arguments<'e>(&self, expr: &'e Expr) -> Option<(&'e Expr, &'e Expr)> {
        let ExprKind::Call(name, args) = &expr.kind else { return None };
        if name.text != "wait_for" || self.names.is_task(&name.text) {
            return None;
        }
        match (args.positional.as_slice(), args.named.as_slice()) {
            ([Arg::One(awaited), Arg::One(limit)], []) | ([Arg::One(awaited)], [(_, limit)]) => Some((awaited, limit)),
            _ => None,
        }
    }
}

impl Writer<'_> {
    /// `wait_for` where it is a value, or its limit is not seen to be above 0: a coroutine that the program is given.
    pub(super) fn wait_for(&mut self, name: &Name, args: &Args, quotes: Quotes) -> Result<Option<String>, Unquotable> {
        if name.text != "wait_for" {
            return Ok(None);
        }
        self.helpers.insert(Helper::WaitFor);
        Ok(Some(format!("wait_for({})", self.plain_arguments(args, quotes)?)))
    }
}

/// Whether a limit is a constant above 0: then it does not matter when it is evaluated.
fn is_above_zero(limit: &Expr) -> bool {
    match &limit.kind {
        ExprKind::Duration(number) | ExprKind::Float(number) => *number > 0.0,
        ExprKind::Int(number) => *number > 0,
        ExprKind::Call(name, args) if matches!(&*name.text, "seconds" | "ms") => {
            matches!(args.positional.as_slice(), [Arg::One(number)] if is_above_zero(number))
        }
        _ => false,
    }
}
