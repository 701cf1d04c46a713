//! Callbacks: tasks that are named without a call, which the loop calls. Their steps cannot wait.

use std::cell::Cell;

use crate::check::Checker;
use crate::check::calls;
use crate::check::expression::Compiler;
use crate::check::syntax;
use crate::code::{self, Callee, MethodName, ObjectMethod, RunFunction};
use crate::lang::ast::{self, Arg, ExprKind};
use crate::machine::objects::{self, CallbackObject};
use crate::problem::Problem;
use crate::source::{Scalar, Span};
use crate::spec::{Program, Step, StepKind};

/// Where a task is used first, in either way.
#[derive(Default)]
pub(crate) struct Uses {
    called: Cell<Option<Span>>,
    as_callback: Cell<Option<Span>>,
}

impl Uses {
    pub(super) fn is_callback(&self) -> bool {
        self.as_callback.get().is_some()
    }
}

fn note_first(place: &Cell<Option<Span>>, at: Span) {
    if place.get().is_none() {
        place.set(Some(at));
    }
}

/// Where among the arguments a function takes a callback; what follows goes to the callback.
pub(super) fn place_in_call(callee: Callee) -> Option<usize> {
    match callee {
        Callee::Function(RunFunction::CallSoon) => Some(0),
        Callee::Function(RunFunction::CallLater | RunFunction::CallAt) => Some(1),
        _ => None,
    }
}

/// Whether a method takes a callback.
pub(super) fn is_taken_by(method: MethodName) -> bool {
    matches!(method.object, Some(ObjectMethod::AddDoneCallback | ObjectMethod::RemoveDoneCallback))
}

/// What a callback is called with.
#[derive(Clone, Copy)]
pub(super) enum CalledWith {
    /// The arguments behind it.
    TheRest,
    /// The task or future whose end it is.
    ItsTask,
}

impl Compiler<'_> {
    /// Notes that a task is called as a coroutine.
    pub(super) fn note_call(&self, task: u32, scalar: &Scalar, at: ast::Range) {
        note_first(&self.tasks.get(task).uses.called, syntax::place(scalar, at));
    }

    /// The arguments of a call that takes a callback at `place`.
    pub(super) fn callback_arguments(
        &mut self,
        scalar: &Scalar,
        args: &ast::Args,
        place: usize,
        with: CalledWith,
    ) -> code::Arguments {
        let Some(Arg::One(given)) = args.positional.get(place) else { return self.compile_arguments(scalar, args) };
        let mut others = args.clone();
        others.positional[place] = Arg::One(ast::Expr { kind: ExprKind::None, at: given.at });
        let mut arguments = self.compile_arguments(scalar, &others);
        let rest = match with {
            CalledWith::TheRest => args.positional[place + 1..].to_vec(),
            CalledWith::ItsTask => vec![Arg::One(given.clone())],
        };
        if let Some(callback) = self.callback(scalar, given, rest) {
            arguments.positional[place] = code::Argument::One(code::Expr::Constant(callback));
        }
        arguments
    }

    /// A task that is named without a call, and would be called with these arguments.
    fn callback(&mut self, scalar: &Scalar, given: &ast::Expr, rest: Vec<Arg>) -> Option<crate::value::Value> {
        let name = match &given.kind {
            ExprKind::Name(name) if self.scope.find(name).is_none() => self.tasks.find(name).map(|task| (task, name)),
            _ => None,
        };
        let Some((function, name)) = name else {
            if !matches!(&given.kind, ExprKind::Name(name) if self.unread.may_name(name)) {
                self.problems.push(no_callback(scalar, given));
            }
            return None;
        };
        note_first(&self.tasks.get(function).uses.as_callback, syntax::place(scalar, given.at));
        let name_at = ast::Name { text: name.clone(), at: given.at };
        let args = ast::Args { positional: rest, named: Vec::new() };
        if let Some(problem) = calls::check_arguments(Callee::Task(function), scalar, &name_at, &args, self.tasks) {
            self.problems.push(problem);
        }
        Some(objects::value(CallbackObject { function, name: name.as_str().into() }))
    }
}

fn no_callback(scalar: &Scalar, given: &ast::Expr) -> Problem {
    let label = "expected the name of a task of this file";
    let problem = syntax::problem(scalar, given.at, "this is no callback", label);
    match &given.kind {
        ExprKind::Call(..) => {
            problem.help("name it without a call: its arguments follow, as in `call_soon(note, 'x')`")
        }
        _ => problem.help("a callback is a task that the loop calls: `call_soon(note, 'x')`"),
    }
}

impl Checker<'_> {
    /// Tasks that are used as callbacks: nothing in them may wait, and nobody else may call them.
    pub(super) fn check_callbacks(&mut self, program: &Program) {
        let mut problems = Vec::new();
        for (head, (_, steps)) in self.tasks.0.iter().zip(&program.tasks) {
            let Some(used) = head.uses.as_callback.get() else { continue };
            let name = &head.signature.name.text;
            if let Some(called) = head.uses.called.get() {
                let title = format!("`{name}` is a callback and a coroutine");
                let problem = Problem::new(called, title, "called as a coroutine here");
                let problem = problem.related(used, "given as a callback here");
                problems.push(problem.help("a callback is called by the loop, a coroutine runs as a task: write two"));
            }
            for span in waiting(steps) {
                let problem = Problem::new(span, format!("`{name}` is a callback and cannot wait"), "this step waits");
                let problem = problem.related(used, "given as a callback here");
                problems.push(problem.help("a callback may `spawn` a task that waits"));
            }
        }
        self.problems.append(&mut problems);
    }
}

/// The places of the steps that wait, however deep.
fn waiting(steps: &[Step]) -> Vec<Span> {
    use StepKind as S;
    let mut found = Vec::new();
    let mut work: Vec<&Step> = steps.iter().rev().collect();
    while let Some(step) = work.pop() {
        let inner: Vec<&[Step]> = match &step.kind {
            S::Sleep { .. }
            | S::Await { .. }
            | S::Gather { .. }
            | S::AsCompleted { .. }
            | S::AsyncFor { .. }
            | S::Yield { .. }
            | S::With { .. }
            | S::Timeout { .. }
            | S::Group { .. } => {
                found.push(step.place.0);
                continue;
            }
            S::For { steps, .. } | S::While { steps, .. } | S::Repeat { steps, .. } => vec![steps],
            S::If { steps, otherwise, .. } => vec![steps, otherwise],
            S::Try { steps, handlers, otherwise, finally } => {
                let handlers = handlers.iter().map(|handler| handler.steps.as_slice());
                std::iter::once(steps.as_slice()).chain(handlers).chain([otherwise.as_slice(), finally]).collect()
            }
            _ => continue,
        };
        work.extend(inner.into_iter().flatten().rev());
    }
    found
}
