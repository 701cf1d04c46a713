//! Steps that hold steps: conditions and loops.

use crate::check::expression::BROKEN;
use crate::check::steps::Writer;
use crate::check::syntax;
use crate::code::{Address, Deadline, Depth, Expr, Instruction, Slot, Target};
use crate::lang::{self, ast::ExprKind};
use crate::problem::Problem;
use crate::source::Scalar;
use crate::spec::{Step, StepKind};

/// Where a jump out of a loop's steps goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    Loop,
    Round,
}

/// A loop around the steps that are being written.
pub(super) struct Loop {
    pub(super) again: Address,
    pub(super) depth: Depth,
    /// Jumps to its end, to be written when the end is known.
    pub(super) exits: Vec<Address>,
}

impl Writer<'_, '_> {
    /// Steps that hold steps.
    pub(super) fn block(&mut self, kind: &StepKind) {
        use Instruction as I;
        match kind {
            StepKind::If { condition, steps, otherwise } => self.condition(condition, steps, otherwise),
            StepKind::While { condition, steps } => {
                let again = self.here();
                let condition = self.compiler.expression(condition);
                let always = matches!(&condition, Expr::Constant(value) if value.is_true());
                let exit = (!always).then(|| self.emit(I::JumpUnless(condition, 0)));
                self.round(again, exit, steps);
            }
            StepKind::Repeat { count, steps } => {
                self.check_count(count);
                let slot = self.compiler.scope.hidden("repeat");
                let count = self.compiler.expression(count);
                self.emit(I::Repeat(count, slot));
                let again = self.emit(I::CountDown { slot, exit: 0 });
                self.round(again, Some(again), steps);
            }
            StepKind::For { binding, steps } => {
                let (target, iterable, slot) = self.binding(binding);
                self.emit(I::Iterate(iterable, slot));
                let again = self.emit(I::Next { slot, target, exit: 0 });
                self.round(again, Some(again), steps);
            }
            StepKind::AsyncFor { binding, steps } => {
                let (target, iterable, slot) = self.binding(binding);
                self.asked.push(slot);
                self.emit(I::AsyncIterate(iterable, slot));
                let again = self.emit(I::AsyncNext { slot, target, exit: 0 });
                self.round(again, Some(again), steps);
                self.emit(I::Forget(slot));
            }
            StepKind::AsCompleted { arguments, targets, timeout, steps } => {
                let arguments = self.compiler.arguments(arguments);
                let timeout = timeout.as_ref().map(|timeout| self.compiler.seconds(timeout));
                let slot = self.compiler.scope.hidden("as_completed");
                self.emit(I::Complete { arguments, timeout, slot });
                let target = self.compiler.targets(targets).unwrap_or(Target::Local(slot));
                let again = self.emit(I::NextCompleted { slot, target, exit: 0 });
                self.round(again, Some(again), steps);
            }
            StepKind::Try { steps, handlers, otherwise, finally } => self.guarded(steps, handlers, otherwise, finally),
            StepKind::Group { arguments, targets, steps } => self.group(arguments.as_ref(), targets, steps),
            StepKind::With { context, targets, steps } => self.holding(context, targets, steps),
            StepKind::Timeout { duration, targets, steps } => {
                let delay = self.compiler.seconds(duration);
                self.limited(Deadline::After, delay, targets, steps);
            }
            StepKind::TimeoutAt { when, targets, steps } => {
                let when = self.compiler.expression(when);
                self.limited(Deadline::At, when, targets, steps);
            }
            _ => unreachable!("every other step holds no steps"),
        }
    }

    /// What a loop binds, what it goes over, and the slot of its iterator. Where they cannot be read, others stand for
    /// them, so that the loop's steps are checked.
    fn binding(&mut self, binding: &Scalar) -> (Target, Expr, Slot) {
        let Some((target, iterable)) = self.compiler.parse(binding, lang::parse_binding) else {
            let slot = self.compiler.scope.hidden("for");
            return (Target::Local(slot), BROKEN, slot);
        };
        let iterable = self.compiler.compile(binding, &iterable);
        let target = self.compiler.target(binding, &target);
        (target, iterable, self.compiler.scope.hidden("for"))
    }

    fn condition(&mut self, condition: &Scalar, steps: &[Step], otherwise: &[Step]) {
        let condition = self.compiler.expression(condition);
        let unless = self.emit(Instruction::JumpUnless(condition, 0));
        self.steps(steps);
        if otherwise.is_empty() {
            self.land(unless);
            return;
        }
        let end = self.emit(Instruction::Jump(0));
        self.land(unless);
        self.steps(otherwise);
        self.land(end);
    }

    /// The steps of a loop whose next round begins at `again`, which `exit` leaves.
    fn round(&mut self, again: Address, exit: Option<Address>, steps: &[Step]) {
        self.loops.push(Loop { again, depth: self.depth, exits: exit.into_iter().collect() });
        self.steps(steps);
        self.emit(Instruction::Jump(again));
        let around = self.loops.pop().expect("pushed above");
        for exit in around.exits {
            self.land(exit);
        }
    }

    /// `break` (which jumps to an end that is not known yet) and `continue`.
    pub(super) fn leave(&mut self, what: Leave) {
        let Some(around) = self.loops.last() else {
            let word = if what == Leave::Loop { "break" } else { "continue" };
            let span = self.place.span;
            self.problem(Problem::new(span, format!("`{word}` outside of a loop"), "there is no loop around it"));
            return;
        };
        let (address, depth) = (around.again, around.depth);
        let jump = self.emit(Instruction::Leave { address, depth });
        if what == Leave::Loop
            && let Some(around) = self.loops.last_mut()
        {
            around.exits.push(jump);
        }
    }

    /// A literal count below zero cannot be meant.
    fn check_count(&mut self, count: &Scalar) {
        let Ok(expr) = lang::parse_expression(&count.value) else { return };
        if let ExprKind::Unary(lang::ast::UnaryOp::Negative, operand) = &expr.kind
            && matches!(operand.kind, ExprKind::Int(_))
        {
            let problem = syntax::problem(count, expr.at, "a negative count", "expected 0 or more");
            self.problem(problem);
        }
    }
}
