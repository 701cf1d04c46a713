//! What cannot be awaited, as far as the file alone tells: literals, and calls that do not wait.

use crate::check::calls;
use crate::check::steps::Writer;
use crate::check::syntax;
use crate::code::{Callee, Constructor, ObjectMethod, RunFunction};
use crate::lang::ast::{Expr, ExprKind, Name};
use crate::problem::Problem;
use crate::source::{Scalar, Span};

impl Writer<'_, '_> {
    /// Reports what `await:` could never wait for.
    pub(super) fn check_awaited(&mut self, value: &Scalar, expr: &Expr) {
        let found = match &expr.kind {
            ExprKind::Method(_, name, _) if ObjectMethod::from_name(&name.text).is_some_and(never_waits) => {
                Some(self.no_wait(value, name))
            }
            ExprKind::Call(name, _) if self.is_called_at_once(&name.text) => Some(self.no_wait(value, name)),
            _ => no_awaitable(value, expr),
        };
        if let Some(problem) = found {
            self.problem(problem);
        }
    }

    fn is_called_at_once(&self, name: &str) -> bool {
        use RunFunction as F;
        match calls::callee(name, self.compiler.tasks) {
            Some(Callee::Function(function)) => matches!(
                function,
                F::Now
                    | F::AllTasks
                    | F::CallSoon
                    | F::CallLater
                    | F::CallAt
                    | F::Randint
                    | F::Randrange
                    | F::Random
                    | F::Uniform
                    | F::Shuffle
                    | F::Gauss
                    | F::Normalvariate
                    | F::Expovariate
                    | F::TokenHex
            ),
            Some(Callee::Constructor(constructor)) => constructor != Constructor::Future,
            _ => false,
        }
    }

    /// A call that is over at once, and gives nothing to wait for.
    fn no_wait(&self, value: &Scalar, name: &Name) -> Problem {
        let title = format!("`{}` does not wait", name.text);
        let problem = syntax::problem(value, name.at, title, "this is no coroutine, task or future");
        let Span { start, end } = self.place.span;
        let key = self.compiler.source.get(start as usize..end as usize);
        let patch = (key == Some("await")).then(|| (self.place.span, "call".to_owned()));
        problem.help("use `call:`, which takes what is over at once").patch(patch)
    }
}

/// Methods whose results can never be awaited, on whatever they are called.
fn never_waits(method: ObjectMethod) -> bool {
    use ObjectMethod as M;
    matches!(
        method,
        M::Qsize
            | M::Empty
            | M::Full
            | M::PutNowait
            | M::TaskDone
            | M::Shutdown
            | M::Done
            | M::Cancel
            | M::Cancelled
            | M::Cancelling
            | M::Uncancel
            | M::SetResult
            | M::SetException
            | M::AddDoneCallback
            | M::RemoveDoneCallback
            | M::GetName
            | M::SetName
            | M::Expired
            | M::Reschedule
            | M::Locked
            | M::Release
            | M::Set
            | M::IsSet
            | M::Clear
            | M::Notify
            | M::NotifyAll
    )
}

/// A literal, which is never awaitable.
fn no_awaitable(value: &Scalar, expr: &Expr) -> Option<Problem> {
    let (what, help) = match &expr.kind {
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Duration(_) => {
            ("a number", "to let time pass write `sleep:` with a duration, such as `sleep: 1s`")
        }
        ExprKind::None | ExprKind::Bool(_) => ("a constant", TAKES),
        ExprKind::Str(_) | ExprKind::FString(_) => ("a text", TAKES),
        ExprKind::Dict(_) => ("a dict", TAKES),
        ExprKind::List(_) | ExprKind::Tuple(_) | ExprKind::ListComprehension(..) | ExprKind::Generator(..) => {
            ("a collection", "to await several things together write `gather:`")
        }
        _ => return None,
    };
    let title = format!("{what} cannot be awaited");
    Some(syntax::problem(value, expr.at, title, "expected a coroutine, a task or a future").help(help))
}

const TAKES: &str = "for example `await: q.get()`, or a task of this file: `await: work(1)`";
