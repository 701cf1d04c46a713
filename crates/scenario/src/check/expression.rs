//! Expressions: names become slots, calls become what they call, and what cannot be is a problem.

use std::rc::Rc;

use crate::check::callbacks::{self, CalledWith};
use crate::check::calls;
use crate::check::scope::{GlobalKind, Globals, Scope};
use crate::check::syntax;
use crate::check::tasks::TaskHeads;
use crate::code::{self, Attribute, Callee, Clause, Conversion, Form, MethodName};
use crate::lang::ast::{self, Arg, ExprKind};
use crate::lang::{self};
use crate::problem::Problem;
use crate::source::Scalar;
use crate::suggest;
use crate::unread::Unread;
use crate::value::Value;

/// Whether an expression may change the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purity {
    /// A step's may.
    Any,
    /// An expectation's may not: watching never changes a run.
    Pure,
}

/// Compiles the expressions of one task.
pub(crate) struct Compiler<'a> {
    pub(crate) source: &'a str,
    pub(crate) globals: &'a Globals,
    pub(crate) tasks: &'a TaskHeads,
    pub(crate) unread: &'a Unread,
    pub(crate) scope: Scope,
    pub(crate) purity: Purity,
    pub(crate) problems: &'a mut Vec<Problem>,
}

/// Stands for an expression with a problem, so that the rest can be checked.
pub(super) const BROKEN: code::Expr = code::Expr::Constant(Value::None);

impl Compiler<'_> {
    /// Reads a scalar with one of the parser's functions; an unreadable one is a problem.
    pub(crate) fn parse<T>(
        &mut self,
        scalar: &Scalar,
        parser: impl FnOnce(&str) -> Result<T, lang::SyntaxError>,
    ) -> Option<T> {
        syntax::parse(scalar, self.source, parser).map_err(|problem| self.problems.push(problem)).ok()
    }

    /// The scalar as an expression.
    pub(crate) fn expression(&mut self, scalar: &Scalar) -> code::Expr {
        match self.parse(scalar, lang::parse_expression) {
            Some(expr) => self.compile(scalar, &expr),
            None => BROKEN,
        }
    }

    /// The scalar as an expression of seconds.
    pub(crate) fn seconds(&mut self, scalar: &Scalar) -> code::Expr {
        match self.parse(scalar, lang::parse_seconds) {
            Some(expr) => self.compile(scalar, &expr),
            None => BROKEN,
        }
    }

    /// The scalar as a text with holes.
    pub(crate) fn text(&mut self, scalar: &Scalar) -> code::Text {
        match self.parse(scalar, lang::parse_text) {
            Some(text) => self.compile_text(scalar, &text),
            None => code::Text::default(),
        }
    }

    /// The scalar as an argument list.
    pub(crate) fn arguments(&mut self, scalar: &Scalar) -> code::Arguments {
        match self.parse(scalar, lang::parse_arguments) {
            Some(args) => self.compile_arguments(scalar, &args),
            None => code::Arguments::default(),
        }
    }

    /// The scalar as targets.
    pub(crate) fn targets(&mut self, scalar: &Scalar) -> Option<code::Target> {
        let target = self.parse(scalar, lang::parse_targets)?;
        Some(self.target(scalar, &target))
    }

    /// A target: a parameter is the task's own, as in Python; another name that is shared is the shared one.
    pub(crate) fn target(&mut self, scalar: &Scalar, target: &ast::Target) -> code::Target {
        match target {
            ast::Target::Name(name) => self.variable(scalar, name),
            ast::Target::Index(object, index) => {
                code::Target::Index(Box::new((self.compile(scalar, object), self.compile(scalar, index))))
            }
            ast::Target::Tuple(targets, _) => {
                code::Target::Unpack(targets.iter().map(|target| self.target(scalar, target)).collect())
            }
        }
    }

    fn variable(&mut self, scalar: &Scalar, name: &ast::Name) -> code::Target {
        if let Some(slot) = self.scope.find(&name.text) {
            return code::Target::Local(slot);
        }
        match self.globals.find(&name.text) {
            Some((number, GlobalKind::Shared)) => code::Target::Global(number),
            Some((number, GlobalKind::Param)) => {
                let title = format!("`{}` is a param and cannot be assigned", name.text);
                let problem = syntax::problem(scalar, name.at, title, "params are constants of a run");
                self.problems.push(problem.help("use another name, or declare it under `shared`"));
                code::Target::Global(number)
            }
            None => code::Target::Local(self.scope.declare(&name.text)),
        }
    }

    /// An expression of the parser as one of the machine.
    pub(crate) fn compile(&mut self, scalar: &Scalar, expr: &ast::Expr) -> code::Expr {
        let mut list = |exprs: &[ast::Expr]| exprs.iter().map(|expr| self.compile(scalar, expr)).collect::<Vec<_>>();
        match &expr.kind {
            ExprKind::None => code::Expr::Constant(Value::None),
            ExprKind::Bool(flag) => code::Expr::Constant(Value::Bool(*flag)),
            ExprKind::Int(number) => code::Expr::Constant(Value::Int(*number)),
            ExprKind::Float(number) | ExprKind::Duration(number) => code::Expr::Constant(Value::Float(*number)),
            ExprKind::Str(text) => code::Expr::Constant(Value::text(text.as_str())),
            ExprKind::FString(text) => code::Expr::Text(self.compile_text(scalar, text)),
            ExprKind::Name(name) => self.name(scalar, name, expr.at),
            ExprKind::List(items) => code::Expr::List(list(items)),
            ExprKind::Tuple(items) => code::Expr::Tuple(list(items)),
            ExprKind::And(items) => code::Expr::And(list(items)),
            ExprKind::Or(items) => code::Expr::Or(list(items)),
            ExprKind::Dict(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (self.compile(scalar, key), self.compile(scalar, value)));
                code::Expr::Dict(pairs.collect())
            }
            ExprKind::Unary(operator, operand) => code::Expr::Unary(*operator, Box::new(self.compile(scalar, operand))),
            ExprKind::Binary(operator, left, right) => {
                code::Expr::Binary(*operator, Box::new((self.compile(scalar, left), self.compile(scalar, right))))
            }
            ExprKind::Compare(first, rest) => {
                let first = Box::new(self.compile(scalar, first));
                let rest = rest.iter().map(|(operator, operand)| (*operator, self.compile(scalar, operand)));
                code::Expr::Compare(first, rest.collect())
            }
            ExprKind::IfElse { test, then, otherwise } => {
                code::Expr::IfElse(Box::new([test, then, otherwise].map(|part| self.compile(scalar, part))))
            }
            ExprKind::Call(name, args) => self.call(scalar, name, args),
            ExprKind::Method(object, name, args) => self.method(scalar, object, name, args),
            ExprKind::Attribute(object, name) => self.attribute(scalar, object, name),
            ExprKind::Index(object, index) => {
                code::Expr::Index(Box::new((self.compile(scalar, object), self.compile(scalar, index))))
            }
            ExprKind::Slice(object, [start, stop, step]) => {
                let object = self.compile(scalar, object);
                let [start, stop, step] =
                    [start, stop, step].map(|bound| bound.as_ref().map_or(BROKEN, |bound| self.compile(scalar, bound)));
                code::Expr::Slice(Box::new([object, start, stop, step]))
            }
            ExprKind::ListComprehension(element, clauses) => self.comprehension(scalar, Form::List, element, clauses),
            ExprKind::Generator(element, clauses) => self.comprehension(scalar, Form::Generator, element, clauses),
        }
    }

    fn name(&mut self, scalar: &Scalar, name: &str, at: ast::Range) -> code::Expr {
        if let Some(slot) = self.scope.find(name) {
            return code::Expr::Local(slot);
        }
        if let Some((number, _)) = self.globals.find(name) {
            return code::Expr::Global(number);
        }
        if let Some(constant) = calls::constant(name) {
            return code::Expr::Constant(constant);
        }
        if self.unread.may_name(name) {
            return BROKEN;
        }
        let problem = if calls::callee(name, self.tasks).is_some() {
            let kind = if self.tasks.find(name).is_some() { "task" } else { "function" };
            syntax::problem(scalar, at, format!("`{name}` is a {kind}, not a value"), "it can only be called")
                .help(format!("write `{name}(...)`"))
        } else {
            let known = self.scope.names().chain(self.globals.names.iter().map(|name| &**name));
            let near = suggest::nearest(name, known).map(str::to_owned);
            let problem = syntax::problem(scalar, at, format!("unknown name `{name}`"), "no variable has this name");
            match near {
                Some(near) => {
                    let place = syntax::place(scalar, at);
                    problem.help(format!("did you mean `{near}`?")).patch(Some((place, near)))
                }
                None => problem.help("variables come from `let`, `as`, `for`, task parameters, `shared` and `params`"),
            }
        };
        self.problems.push(problem);
        BROKEN
    }

    fn call(&mut self, scalar: &Scalar, name: &ast::Name, args: &ast::Args) -> code::Expr {
        let callee = calls::callee(&name.text, self.tasks);
        let arguments = match callee.and_then(callbacks::place_in_call) {
            Some(place) => self.callback_arguments(scalar, args, place, CalledWith::TheRest),
            None => self.compile_arguments(scalar, args),
        };
        let Some(callee) = callee else {
            if !self.unread.may_name(&name.text) {
                self.problems.push(self.unknown_function(scalar, name));
            }
            return BROKEN;
        };
        if let Callee::Task(task) = callee {
            self.note_call(task, scalar, name.at);
        }
        if self.purity == Purity::Pure && !calls::is_pure(callee) {
            self.problems.push(impure(scalar, name));
        }
        if let Some(problem) = calls::check_arguments(callee, scalar, name, args, self.tasks) {
            self.problems.push(problem);
        }
        let arguments = match callee {
            Callee::Task(task) => self.tasks.by_position(task, arguments),
            _ => arguments,
        };
        code::Expr::call(callee, arguments)
    }

    fn unknown_function(&self, scalar: &Scalar, name: &ast::Name) -> Problem {
        let title = format!("unknown function `{}`", name.text);
        if self.scope.find(&name.text).is_some() || self.globals.find(&name.text).is_some() {
            return syntax::problem(scalar, name.at, title, "this is a variable, which cannot be called");
        }
        let problem = syntax::problem(scalar, name.at, title, "no function or task has this name");
        match suggest::nearest(&name.text, calls::names(self.tasks)) {
            Some(near) => {
                let patch = (syntax::place(scalar, name.at), near.to_owned());
                problem.help(format!("did you mean `{near}`?")).patch(Some(patch))
            }
            None => problem.help("functions are listed in docs/expressions.md; tasks are those of this file"),
        }
    }

    fn method(&mut self, scalar: &Scalar, object: &ast::Expr, name: &ast::Name, args: &ast::Args) -> code::Expr {
        if name.text == "wait_for" {
            return self.misplaced_wait_for(scalar, name);
        }
        let object = self.compile(scalar, object);
        let method = MethodName::from_name(&name.text);
        let arguments = if method.is_some_and(callbacks::is_taken_by) {
            self.callback_arguments(scalar, args, 0, CalledWith::ItsTask)
        } else {
            self.compile_arguments(scalar, args)
        };
        let Some(method) = method else {
            let title = format!("unknown method `{}`", name.text);
            let problem = syntax::problem(scalar, name.at, title, "nothing has a method of this name");
            let near = suggest::nearest(&name.text, calls::method_names());
            self.problems.push(match near {
                Some(near) => {
                    let patch = (syntax::place(scalar, name.at), near.to_owned());
                    problem.help(format!("did you mean `{near}`?")).patch(Some(patch))
                }
                None => problem,
            });
            return BROKEN;
        };
        if self.purity == Purity::Pure && calls::changes(method) {
            self.problems.push(impure(scalar, name));
        }
        if let Some(problem) = calls::check_method_arguments(method, scalar, name, args) {
            self.problems.push(problem);
        }
        code::Expr::Method(Box::new(object), method, Box::new(arguments))
    }

    fn attribute(&mut self, scalar: &Scalar, object: &ast::Expr, name: &ast::Name) -> code::Expr {
        let object = self.compile(scalar, object);
        if let Some(attribute) = Attribute::from_name(&name.text) {
            return code::Expr::Attribute(Box::new(object), attribute);
        }
        let title = format!("unknown attribute `{}`", name.text);
        let problem = syntax::problem(scalar, name.at, title, format!("expected {}", Attribute::NAMES.join(" or ")));
        let is_method = MethodName::from_name(&name.text).is_some();
        self.problems.push(if is_method { problem.help(format!("write `.{}()`", name.text)) } else { problem });
        BROKEN
    }

    fn comprehension(
        &mut self,
        scalar: &Scalar,
        form: Form,
        element: &ast::Expr,
        clauses: &[ast::Clause],
    ) -> code::Expr {
        let depth = self.scope.depth();
        let mut compiled = Vec::new();
        for clause in clauses {
            let iterable = self.compile(scalar, &clause.iterable);
            let target = self.inner_target(scalar, &clause.target);
            let conditions = clause.conditions.iter().map(|condition| self.compile(scalar, condition)).collect();
            compiled.push(Clause { target, iterable, conditions });
        }
        let element = self.compile(scalar, element);
        self.scope.leave(depth);
        code::Expr::Comprehension(Box::new(code::Comprehension { form, element, clauses: compiled }))
    }

    /// Names bound by a comprehension are its own.
    fn inner_target(&mut self, scalar: &Scalar, target: &ast::Target) -> code::Target {
        match target {
            ast::Target::Name(name) => code::Target::Local(self.scope.enter(&name.text)),
            ast::Target::Tuple(targets, _) => {
                code::Target::Unpack(targets.iter().map(|target| self.inner_target(scalar, target)).collect())
            }
            ast::Target::Index(..) => self.target(scalar, target),
        }
    }

    pub(super) fn compile_arguments(&mut self, scalar: &Scalar, args: &ast::Args) -> code::Arguments {
        let positional = args.positional.iter().map(|argument| match argument {
            Arg::One(expr) => code::Argument::One(self.compile(scalar, expr)),
            Arg::Spread(expr) => code::Argument::Spread(self.compile(scalar, expr)),
        });
        let positional = positional.collect();
        let named = args.named.iter().map(|(name, expr)| (Rc::from(name.text.as_str()), self.compile(scalar, expr)));
        code::Arguments { positional, named: named.collect() }
    }

    fn compile_text(&mut self, scalar: &Scalar, text: &ast::Text) -> code::Text {
        let pieces = text.pieces.iter().map(|piece| match piece {
            ast::Piece::Literal(text) => code::Piece::Literal(text.as_str().into()),
            ast::Piece::Hole { value, conversion, spec, at } => {
                if let Some(problem) = calls::check_format(scalar, value, *conversion, spec, *at) {
                    self.problems.push(problem);
                }
                code::Piece::Hole {
                    value: self.compile(scalar, value),
                    conversion: match conversion {
                        Some('r') => Conversion::Repr,
                        Some('a') => Conversion::Ascii,
                        Some(_) => Conversion::Str,
                        None => Conversion::None,
                    },
                    spec: self.compile_text(scalar, spec),
                }
            }
        });
        code::Text { pieces: pieces.collect() }
    }
}

fn impure(scalar: &Scalar, name: &ast::Name) -> Problem {
    let title = format!("`{}` would change the run", name.text);
    syntax::problem(scalar, name.at, title, "an expectation only looks").help("do it in a step, and look at the result")
}
