//! Callbacks: tasks that are named without a call are plain functions in Python, and stand as arguments by their names.

use super::expression::{Level, Quotes, Unquotable};
use super::writer::Writer;
use crate::lang::ast::{Arg, Args, ExprKind};

/// Functions and methods that take a callback, and its place among their arguments.
const TAKE_CALLBACKS: &[(&str, usize)] =
    &[("call_soon", 0), ("call_later", 1), ("call_at", 1), ("add_done_callback", 0), ("remove_done_callback", 0)];

impl Writer<'_> {
    /// Whether the loop calls this task of the file.
    pub(super) fn is_callback(&self, task: &str) -> bool {
        self.setting.callbacks.iter().any(|callback| **callback == *task)
    }

    /// The arguments of what takes a callback, by its name; none for any other function or method.
    pub(super) fn with_callback(
        &mut self,
        name: &str,
        args: &Args,
        quotes: Quotes,
    ) -> Result<Option<String>, Unquotable> {
        let Some((_, place)) = TAKE_CALLBACKS.iter().find(|(known, _)| *known == name) else { return Ok(None) };
        let mut written = Vec::with_capacity(args.positional.len());
        for (number, argument) in args.positional.iter().enumerate() {
            written.push(match argument {
                Arg::One(value) => match &value.kind {
                    ExprKind::Name(task) if number == *place => self.names.task(task),
                    _ if number == 0 && name == "call_at" => self.loop_time(value, quotes)?,
                    _ => self.within(value, Level::Conditional, quotes)?,
                },
                Arg::Spread(values) => format!("*{}", self.within(values, Level::BitOr, quotes)?),
            });
        }
        Ok(Some(written.join(", ")))
    }
}
