//! The loop: its methods, and its clock, which begins anywhere, while a scenario's begins at 0.

use super::expression::{Level, Quotes, Unquotable};
use super::literal;
use super::prelude::Helper;
use super::writer::Writer;
use crate::lang::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

/// Functions of a scenario that are methods of the running loop.
const METHODS: &[(&str, &str)] =
    &[("Future", "create_future"), ("call_at", "call_at"), ("call_later", "call_later"), ("call_soon", "call_soon")];

/// What a function of a scenario is called as a method of the running loop, if it is one.
pub(super) fn method_of_loop(name: &str) -> Option<&'static str> {
    METHODS.iter().find(|(known, _)| *known == name).map(|(_, method)| *method)
}

impl Writer<'_> {
    /// A method of the running loop, which has a name where the function asks for it more than once.
    pub(super) fn running_loop(&mut self, method: &str) -> String {
        self.modules.insert("asyncio");
        self.loop_uses += 1;
        match &self.loop_name {
            Some(name) => format!("{name}.{method}"),
            None => format!("asyncio.get_running_loop().{method}"),
        }
    }

    /// A time since the start, as one of the loop's clock.
    pub(super) fn loop_time(&mut self, when: &Expr, quotes: Quotes) -> Result<String, Unquotable> {
        if when.kind == ExprKind::None {
            return Ok("None".to_owned());
        }
        if let Some(operands) = self.sum_with_now(when) {
            let mut text = self.running_loop("time()");
            for (sign, operand) in operands.into_iter().rev() {
                text.push_str(&format!(" {sign} {}", self.within(operand, Level::Product, quotes)?));
            }
            return Ok(text);
        }
        if is_number(when) {
            self.helpers.insert(Helper::Start);
            return Ok(match when.kind {
                ExprKind::Float(number) | ExprKind::Duration(number) => format!("START + {}", literal::seconds(number)),
                _ => format!("START + {}", self.within(when, Level::Product, quotes)?),
            });
        }
        self.helpers.insert(Helper::OnLoopClock);
        Ok(format!("on_loop_clock({})", self.within(when, Level::Conditional, quotes)?))
    }

    /// What is added to `now()` and taken from it, the last first, if the time is such a sum.
    fn sum_with_now<'e>(&self, when: &'e Expr) -> Option<Vec<(char, &'e Expr)>> {
        let (mut rest, mut operands) = (when, Vec::new());
        while let ExprKind::Binary(operator, left, right) = &rest.kind {
            let sign = match operator {
                BinaryOp::Add => '+',
                BinaryOp::Sub => '-',
                _ => return None,
            };
            operands.push((sign, &**right));
            rest = left;
        }
        match &rest.kind {
            ExprKind::Call(name, args) if name.text == "now" && !self.names.is_task("now") => {
                (args.positional.is_empty() && args.named.is_empty()).then_some(operands)
            }
            _ => None,
        }
    }
}

/// Whether an expression is a number, or nothing at all: never None.
fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Duration(_) | ExprKind::Binary(..) => true,
        ExprKind::Unary(operator, _) => *operator != UnaryOp::Not,
        _ => false,
    }
}
