//! Steps become instructions.

use crate::check::expression::Compiler;
use crate::check::syntax;
use crate::code::{Address, Collect, Depth, Expr, HandlerKind, Instruction, Place, Slot, Target};
use crate::lang::ast::ExprKind;
use crate::lang::{self};
use crate::problem::Problem;
use crate::report::LineIndex;
use crate::source::Scalar;
use crate::spec::{Handler, Step, StepKind};
use crate::value::{ExceptionKind, Value};

/// How deep steps may stand in one another.
const DEEPEST: usize = 50;
/// How many instructions one task may have.
const LONGEST: usize = 1_000_000;

/// Writes the instructions of one task.
pub(crate) struct Writer<'a, 'b> {
    pub(crate) compiler: Compiler<'a>,
    pub(crate) lines: &'b LineIndex<'a>,
    pub(crate) body: Vec<Instruction>,
    pub(crate) places: Vec<Place>,
    place: Place,
    loops: Vec<Loop>,
    /// What is in place here.
    depth: Depth,
    /// How many steps stand around this one.
    level: usize,
    is_task: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leave {
    Loop,
    Round,
}

struct Loop {
    again: Address,
    depth: Depth,
    /// Jumps to its end, to be written when the end is known.
    exits: Vec<Address>,
}

impl<'a, 'b> Writer<'a, 'b> {
    /// Writes a task's steps; `after` is no task and cannot wait.
    pub(crate) fn new(compiler: Compiler<'a>, lines: &'b LineIndex<'a>, role: Role) -> Writer<'a, 'b> {
        Writer {
            compiler,
            lines,
            body: Vec::new(),
            places: Vec::new(),
            place: Place::default(),
            loops: Vec::new(),
            depth: Depth::default(),
            level: 0,
            is_task: role == Role::Task,
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.compiler.problems.push(problem);
    }

    fn here(&self) -> Address {
        Address::try_from(self.body.len()).unwrap_or(Address::MAX)
    }

    fn emit(&mut self, instruction: Instruction) -> Address {
        let address = self.here();
        self.body.push(instruction);
        self.places.push(self.place);
        address
    }

    /// An instruction whose address is filled in by [`Writer::land`].
    fn land(&mut self, address: Address) {
        let here = self.here();
        use Instruction as I;
        match &mut self.body[address as usize] {
            I::Jump(target)
            | I::JumpUnless(_, target)
            | I::Next { exit: target, .. }
            | I::CountDown { exit: target, .. }
            | I::AsyncNext { exit: target, .. }
            | I::NextCompleted { exit: target, .. }
            | I::PushHandler { address: target, .. }
            | I::Leave { address: target, .. }
            | I::Catch { next: target, .. } => *target = here,
            _ => unreachable!("only jumps are landed"),
        }
    }

    pub(crate) fn steps(&mut self, steps: &[Step]) {
        self.level += 1;
        for step in steps {
            let outer = self.place;
            let span = step.place.0;
            self.place = Place { line: self.lines.line_column(span.start as usize).0, span };
            if self.level > DEEPEST {
                let title = "steps are nested too deeply";
                self.problem(Problem::new(span, title, format!("more than {DEEPEST} levels")));
            } else if self.body.len() > LONGEST {
                let title = "a task has too many steps";
                self.problem(Problem::new(span, title, format!("more than {LONGEST} instructions")));
                self.body.clear();
                self.places.clear();
            } else {
                self.step(&step.kind);
            }
            self.place = outer;
        }
        self.level -= 1;
    }

    fn step(&mut self, kind: &StepKind) {
        use Instruction as I;
        self.check_role(kind);
        match kind {
            StepKind::Print { text } => {
                let text = self.compiler.text(text);
                self.emit(I::Print(text));
            }
            StepKind::Mark { text } => {
                let text = self.compiler.text(text);
                self.emit(I::Mark(text));
            }
            StepKind::Let { assignment } => self.assignment(assignment),
            StepKind::Sleep { duration } => {
                let seconds = self.compiler.seconds(duration);
                self.emit(I::Sleep(seconds));
            }
            StepKind::Block { duration } => {
                let seconds = self.compiler.seconds(duration);
                self.emit(I::Block(seconds));
            }
            StepKind::Await { value, targets } => {
                let value = self.compiler.expression(value);
                let target = self.optional_target(targets);
                self.emit(I::Await(value, target));
            }
            StepKind::Call { value, targets } => {
                let value = self.compiler.expression(value);
                match self.optional_target(targets) {
                    Some(target) => self.emit(I::Assign(vec![target], value)),
                    None => self.emit(I::Evaluate(value)),
                };
            }
            StepKind::Spawn { arguments, targets } => {
                let arguments = self.compiler.arguments(arguments);
                let target = self.optional_target(targets);
                self.emit(I::Spawn { arguments, target });
            }
            StepKind::Gather { arguments, targets, return_exceptions } => {
                let arguments = self.compiler.arguments(arguments);
                let target = self.optional_target(targets);
                let collect = self.collect(return_exceptions.as_ref());
                self.emit(I::Gather { arguments, collect, target });
            }
            StepKind::Raise { value: Some(value) } => {
                let value = self.compiler.expression(value);
                self.emit(I::Raise(value));
            }
            StepKind::Raise { value: None } => self.raise_again(),
            StepKind::Return { value } => {
                let value = value.as_ref().map(|value| self.compiler.expression(value));
                self.emit(I::Return(value));
            }
            StepKind::Yield { value } => {
                let value = value.as_ref().map(|value| self.compiler.expression(value));
                self.emit(I::Yield(value));
            }
            StepKind::Break => self.leave(Leave::Loop),
            StepKind::Continue => self.leave(Leave::Round),
            StepKind::Pass => {}
            _ => self.block(kind),
        }
    }

    /// Steps that hold steps.
    fn block(&mut self, kind: &StepKind) {
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
                let Some((target, iterable, slot)) = self.binding(binding) else { return };
                self.emit(I::Iterate(iterable, slot));
                let again = self.emit(I::Next { slot, target, exit: 0 });
                self.round(again, Some(again), steps);
            }
            StepKind::AsyncFor { binding, steps } => {
                let Some((target, iterable, slot)) = self.binding(binding) else { return };
                self.emit(I::AsyncIterate(iterable, slot));
                let again = self.emit(I::AsyncNext { slot, target, exit: 0 });
                self.round(again, Some(again), steps);
            }
            StepKind::AsCompleted { arguments, targets, steps } => {
                let arguments = self.compiler.arguments(arguments);
                let slot = self.compiler.scope.hidden("as_completed");
                self.emit(I::Complete(arguments, slot));
                let Some(target) = self.compiler.targets(targets) else { return };
                let again = self.emit(I::NextCompleted { slot, target, exit: 0 });
                self.round(again, Some(again), steps);
            }
            StepKind::Try { steps, handlers, otherwise, finally } => self.guarded(steps, handlers, otherwise, finally),
            StepKind::With { .. } | StepKind::Timeout { .. } | StepKind::Group { .. } => {
                let span = self.place.span;
                self.problem(Problem::new(span, "this step is not there yet", "it comes with a later version"));
            }
            _ => unreachable!("every other step holds no steps"),
        }
    }

    fn assignment(&mut self, assignment: &Scalar) {
        let Some((targets, value)) = self.compiler.parse(assignment, lang::parse_assignment) else { return };
        let value = self.compiler.compile(assignment, &value);
        let targets = targets.iter().map(|target| self.compiler.target(assignment, target)).collect();
        self.emit(Instruction::Assign(targets, value));
    }

    fn optional_target(&mut self, targets: &Option<Scalar>) -> Option<Target> {
        targets.as_ref().and_then(|targets| self.compiler.targets(targets))
    }

    fn binding(&mut self, binding: &Scalar) -> Option<(Target, Expr, Slot)> {
        let (target, iterable) = self.compiler.parse(binding, lang::parse_binding)?;
        let iterable = self.compiler.compile(binding, &iterable);
        let target = self.compiler.target(binding, &target);
        let slot = self.compiler.scope.hidden("for");
        Some((target, iterable, slot))
    }

    fn collect(&mut self, flag: Option<&Scalar>) -> Collect {
        let Some(flag) = flag else { return Collect::Results };
        match self.compiler.expression(flag) {
            Expr::Constant(Value::Bool(true)) => Collect::ResultsAndExceptions,
            Expr::Constant(Value::Bool(false)) => Collect::Results,
            _ => {
                let title = "`return_exceptions` is true or false";
                self.problem(Problem::new(flag.span, title, "expected `true` or `false`"));
                Collect::Results
            }
        }
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
    fn leave(&mut self, what: Leave) {
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

    fn raise_again(&mut self) {
        if self.depth.handling == 0 {
            let span = self.place.span;
            let problem =
                Problem::new(span, "`raise:` alone outside of `except`", "no exception is being handled here");
            self.problem(problem.help("write the exception: `raise: ValueError('why')`"));
        }
        self.emit(Instruction::RaiseAgain);
    }

    fn guarded(&mut self, steps: &[Step], handlers: &[Handler], otherwise: &[Step], finally: &[Step]) {
        use Instruction as I;
        if handlers.is_empty() && finally.is_empty() {
            let span = self.place.span;
            self.problem(Problem::new(
                span,
                "`try` without `except` or `finally`",
                "nothing follows that would matter",
            ));
        }
        let cleanup = (!finally.is_empty()).then(|| self.push_handler(HandlerKind::Finally));
        if handlers.is_empty() {
            self.steps(steps);
            self.steps(otherwise);
        } else {
            let catch = self.push_handler(HandlerKind::Except);
            self.steps(steps);
            self.pop_handler();
            self.steps(otherwise);
            let end = self.emit(I::Jump(0));
            self.land(catch);
            self.handlers_of(handlers, end);
        }
        if let Some(cleanup) = cleanup {
            self.pop_handler();
            self.emit(I::BeginFinally);
            self.land(cleanup);
            self.depth.interrupted += 1;
            self.steps(finally);
            self.depth.interrupted -= 1;
            self.emit(I::EndFinally);
        }
    }

    fn handlers_of(&mut self, handlers: &[Handler], end: Address) {
        use Instruction as I;
        let mut ends = vec![end];
        for handler in handlers {
            let outer = self.place;
            let span = handler.place.0;
            self.place = Place { line: self.lines.line_column(span.start as usize).0, span };
            let kinds = self.kinds(handler.on.as_ref());
            let name = handler.name.as_ref().and_then(|name| self.compiler.targets(name));
            let catch = self.emit(I::Catch { kinds, name, next: 0 });
            self.depth.handling += 1;
            self.steps(&handler.steps);
            self.depth.handling -= 1;
            self.emit(I::EndCatch);
            ends.push(self.emit(I::Jump(0)));
            self.land(catch);
            self.place = outer;
        }
        self.emit(I::Reraise);
        for end in ends {
            self.land(end);
        }
    }

    fn push_handler(&mut self, kind: HandlerKind) -> Address {
        self.depth.handlers += 1;
        self.emit(Instruction::PushHandler { address: 0, kind })
    }

    fn pop_handler(&mut self) {
        self.depth.handlers -= 1;
        self.emit(Instruction::PopHandler);
    }

    /// The exceptions that a clause catches; all ordinary ones where it names none.
    fn kinds(&mut self, on: Option<&Scalar>) -> Vec<ExceptionKind> {
        let Some(on) = on else { return vec![ExceptionKind::Exception] };
        let mut kinds = Vec::new();
        let mut start = 0;
        for part in on.value.split(',') {
            let name = part.trim().trim_matches(['(', ')']).trim();
            match ExceptionKind::from_name(name) {
                Some(kind) => kinds.push(kind),
                None => {
                    let from = start + part.find(name).unwrap_or(0);
                    let span = on.locate(from, from + name.len());
                    let problem =
                        Problem::new(span, format!("unknown exception `{name}`"), "expected an exception's name");
                    let known = ExceptionKind::ALL.iter().map(|kind| kind.name());
                    let near = crate::suggest::nearest(name, known);
                    self.problem(match near {
                        Some(near) => {
                            problem.help(format!("did you mean `{near}`?")).patch(Some((span, near.to_owned())))
                        }
                        None => problem,
                    });
                }
            }
            start += part.len() + 1;
        }
        kinds
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

    /// `after` is no task: nothing is left that could run while it waits.
    fn check_role(&mut self, kind: &StepKind) {
        let waits = matches!(
            kind,
            StepKind::Sleep { .. }
                | StepKind::Await { .. }
                | StepKind::Spawn { .. }
                | StepKind::Gather { .. }
                | StepKind::AsCompleted { .. }
                | StepKind::AsyncFor { .. }
                | StepKind::Yield { .. }
                | StepKind::With { .. }
                | StepKind::Timeout { .. }
                | StepKind::Group { .. }
        );
        if waits && !self.is_task {
            let span = self.place.span;
            let problem = Problem::new(span, "`after` cannot wait", "the run is over here");
            self.problem(problem.help("do it in `main`, and use its `result` here"));
        }
    }
}

/// What the steps belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A task, main among them.
    Task,
    /// `after`.
    After,
}
