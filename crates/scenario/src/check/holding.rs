//! `with` becomes entering, a `finally` and leaving; `wait_for` of a condition becomes a loop.

use crate::check::expression::Compiler;
use crate::check::steps::Writer;
use crate::check::{calls, syntax};
use crate::code::{self, Expr, HandlerKind, Instruction, MethodName, ObjectMethod, Target};
use crate::lang::ast::{self, Arg, ExprKind};
use crate::problem::Problem;
use crate::source::Scalar;
use crate::spec::Step;

impl Writer<'_, '_> {
    /// `with:`, as Python's `async with`: what is held is let go of however the steps end.
    pub(super) fn holding(&mut self, context: &Scalar, targets: &Option<Scalar>, steps: &[Step]) {
        use Instruction as I;
        let value = self.compiler.expression(context);
        let target = self.optional_target(targets);
        let held = self.compiler.scope.hidden("held");
        let entered = self.compiler.scope.hidden("entered");
        self.emit(I::assign(vec![Target::Local(held)], value));
        self.emit(I::Enter { held, entered });
        let asked = self.asked.len();
        let cleanup = self.push_handler(HandlerKind::Finally);
        if let Some(target) = target {
            self.emit(I::assign(vec![target], Expr::Local(entered)));
        }
        self.steps(steps);
        self.finally(cleanup, asked, |writer| {
            writer.emit(I::Exit(held));
        });
    }

    /// `await: condition.wait_for(predicate)`: the predicate is evaluated before the first wait and after each one.
    /// False where the value is something else.
    pub(super) fn wait_for(&mut self, value: &Scalar, expr: &ast::Expr, targets: &Option<Scalar>) -> bool {
        use Instruction as I;
        let ExprKind::Method(object, name, args) = &expr.kind else { return false };
        if name.text != WAIT_FOR.name() {
            return false;
        }
        if let Some(problem) = calls::check_method_arguments(method(), value, name, args) {
            self.problem(problem);
            return true;
        }
        let [Arg::One(predicate)] = args.positional.as_slice() else { return false };
        let condition = self.compiler.scope.hidden("condition");
        let found = self.compiler.scope.hidden("predicate");
        let object = self.compiler.compile(value, object);
        self.emit(I::Condition(object, condition));
        let predicate = self.compiler.compile(value, predicate);
        let again = self.emit(I::assign(vec![Target::Local(found)], predicate));
        let wait = self.emit(I::JumpUnless(Expr::Local(found), 0));
        let end = self.emit(I::Jump(0));
        self.land(wait);
        let waiting = Expr::Method(Box::new(Expr::Local(condition)), method(), Box::default());
        self.emit(I::Await(waiting, None));
        self.emit(I::Jump(again));
        self.land(end);
        if let Some(target) = self.optional_target(targets) {
            self.emit(I::assign(vec![target], Expr::Local(found)));
        }
        true
    }
}

const WAIT_FOR: ObjectMethod = ObjectMethod::WaitFor;

fn method() -> MethodName {
    MethodName { plain: None, object: Some(WAIT_FOR) }
}

impl Compiler<'_> {
    /// `wait_for` somewhere else than behind `await:`, where nobody could evaluate its predicate again.
    pub(super) fn misplaced_wait_for(&mut self, scalar: &Scalar, name: &ast::Name) -> code::Expr {
        let title = "`wait_for` of a condition stands right behind `await:`";
        let problem: Problem = syntax::problem(scalar, name.at, title, "its predicate is evaluated again and again");
        self.problems
            .push(problem.help("write `await: condition.wait_for(predicate)`, in a task of its own if need be"));
        code::Expr::Constant(crate::value::Value::None)
    }
}
