//! Steps become instructions.

use crate::check::blocks::{Leave, Loop};
use crate::check::expression::{BROKEN, Compiler};
use crate::code::{Address, Collect, Depth, Expr, Instruction, Place, Slot, Target};
use crate::lang;
use crate::problem::Problem;
use crate::report::LineIndex;
use crate::source::Scalar;
use crate::spec::{Step, StepKind};
use crate::value::Value;

/// How many instructions one task may have.
const LONGEST: usize = 1_000_000;

/// Writes the instructions of one task.
pub(crate) struct Writer<'a, 'b> {
    pub(crate) compiler: Compiler<'a>,
    pub(crate) lines: &'b LineIndex<'a>,
    pub(crate) body: Vec<Instruction>,
    pub(crate) places: Vec<Place>,
    pub(super) place: Place,
    pub(super) loops: Vec<Loop>,
    /// The slots of the generators that loops ask, in order.
    pub(super) asked: Vec<Slot>,
    /// What is in place here.
    pub(super) depth: Depth,
    is_task: bool,
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
            asked: Vec::new(),
            depth: Depth::default(),
            is_task: role == Role::Task,
        }
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.compiler.problems.push(problem);
    }

    pub(super) fn here(&self) -> Address {
        Address::try_from(self.body.len()).unwrap_or(Address::MAX)
    }

    pub(super) fn emit(&mut self, instruction: Instruction) -> Address {
        let address = self.here();
        self.body.push(instruction);
        self.places.push(self.place);
        address
    }

    /// An instruction whose address is filled in by [`Writer::land`].
    pub(super) fn land(&mut self, address: Address) {
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

    /// The end of the body, where it returns None; no step stands there.
    pub(crate) fn end(&mut self) {
        self.place = Place::default();
        self.emit(Instruction::Return(Expr::Constant(Value::None)));
    }

    pub(crate) fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            let outer = self.place;
            let span = step.place.0;
            self.place = Place { line: self.lines.line_column(span.start as usize).0, span };
            if self.body.len() > LONGEST {
                let title = "a task has too many steps";
                self.problem(Problem::new(span, title, format!("more than {LONGEST} instructions")));
                self.body.clear();
                self.places.clear();
            } else {
                self.step(&step.kind);
            }
            self.place = outer;
        }
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
            StepKind::Await { value, targets } => self.awaiting(value, targets),
            StepKind::Call { value, targets } => {
                let value = self.compiler.expression(value);
                match self.optional_target(targets) {
                    Some(target) => self.emit(I::assign(vec![target], value)),
                    None => self.emit(I::evaluating(value)),
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
                self.emit(I::Return(value.unwrap_or(Expr::Constant(Value::None))));
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

    fn awaiting(&mut self, value: &Scalar, targets: &Option<Scalar>) {
        let value = match self.compiler.parse(value, lang::parse_expression) {
            Some(expr) if self.wait_for(value, &expr, targets) => return,
            Some(expr) => {
                self.check_awaited(value, &expr);
                self.compiler.compile(value, &expr)
            }
            None => BROKEN,
        };
        let target = self.optional_target(targets);
        let awaiting = self.compiler.tasks.awaiting(value, target);
        self.emit(awaiting);
    }

    fn assignment(&mut self, assignment: &Scalar) {
        let Some((targets, value)) = self.compiler.parse(assignment, lang::parse_assignment) else { return };
        let value = self.compiler.compile(assignment, &value);
        let targets = targets.iter().map(|target| self.compiler.target(assignment, target)).collect();
        self.emit(Instruction::assign(targets, value));
    }

    pub(super) fn optional_target(&mut self, targets: &Option<Scalar>) -> Option<Target> {
        targets.as_ref().and_then(|targets| self.compiler.targets(targets))
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
                | StepKind::TimeoutAt { .. }
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
