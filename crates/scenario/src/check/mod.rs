//! From a Spec to a Scenario: every name resolved, every literal read, every problem of the file reported at once.

mod awaited;
mod blocks;
mod callbacks;
mod calls;
mod expectations;
mod expression;
mod groups;
mod handlers;
mod holding;
mod literal;
mod scope;
mod steps;
mod syntax;
mod tasks;
mod timeouts;

use std::collections::BTreeSet;
use std::rc::Rc;

pub(crate) use calls::constant;
pub(crate) use expectations::{Expectation, ExpectationKind};
pub(crate) use literal::value as literal_value;
pub(crate) use scope::{assigned, yields};

use crate::code::{Code, Expr, Function, Place, Shared};
use crate::lang;
use crate::pattern;
use crate::problem::Problem;
use crate::random::Seed;
use crate::report::LineIndex;
use crate::scenario::{Case, Costs, RandomSource, Scenario};
use crate::source::Scalar;
use crate::spec::decode::Decoded;
use crate::spec::{self, Body, Program, Spec, Step};
use crate::unread::Unread;
use expression::{Compiler, Purity};
use scope::{GlobalKind, Globals, Scope};
use steps::{Role, Writer};
use tasks::{Parameters, TaskHead, TaskHeads};

/// Checks a Spec; `source` is the text of the file, for lines and for patches.
///
/// # Errors
/// All problems of the file, in the order of their places.
///
/// ```
/// use timeskip_scenario::{check, read};
/// let source = "main:\n  - sleep: nap\n";
/// let spec = read(source).expect("its shape is good");
/// let problems = check(&spec, source).expect_err("a nap of how long?");
/// assert_eq!(problems[0].title, "unknown name `nap`");
/// ```
pub fn check(spec: &Spec, source: &str) -> Result<Scenario, Vec<Problem>> {
    scenario_or_problems(spec, Vec::new(), &Unread::default(), source)
}

/// Checks what could be read of a file: to what was wrong with the rest, it adds its own problems.
pub(crate) fn check_decoded(decoded: Decoded, source: &str) -> Result<Scenario, Vec<Problem>> {
    if !decoded.is_complete() {
        return Err(decoded.problems);
    }
    scenario_or_problems(&decoded.spec, decoded.problems, &decoded.unread, source)
}

fn scenario_or_problems(
    spec: &Spec,
    mut problems: Vec<Problem>,
    unread: &Unread,
    source: &str,
) -> Result<Scenario, Vec<Problem>> {
    let spec = pattern::expand(spec);
    let mut checker = Checker::new(source, unread);
    let scenario = checker.scenario(&spec);
    // What could not be read right where it stands needs no second complaint.
    let told: BTreeSet<u32> = problems.iter().map(|problem| problem.span.start).collect();
    problems.extend(checker.problems.into_iter().filter(|problem| !told.contains(&problem.span.start)));
    if problems.is_empty() {
        return Ok(scenario);
    }
    problems.sort_by_key(|problem| problem.span);
    problems.dedup();
    Err(problems)
}

struct Checker<'a> {
    source: &'a str,
    lines: LineIndex<'a>,
    globals: Globals,
    tasks: TaskHeads,
    unread: &'a Unread,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn new(source: &'a str, unread: &'a Unread) -> Checker<'a> {
        let lines = LineIndex::new(source);
        let (globals, tasks) = (Globals::default(), TaskHeads::default());
        Checker { source, lines, globals, tasks, unread, problems: Vec::new() }
    }

    fn scenario(&mut self, spec: &Spec) -> Scenario {
        let empty = Program::default();
        let program = if let Body::Program(program) = &spec.body { program } else { &empty };
        self.declare(spec, program);
        let code = self.code(spec, program);
        let params = spec.params.iter().map(|(name, literal)| {
            if let Err(problem) = literal::value(literal) {
                self.problems.push(problem);
            }
            (Rc::from(name.value.as_str()), literal.clone())
        });
        let params: Vec<(Rc<str>, spec::Literal)> = params.collect();
        let random = spec
            .random
            .as_ref()
            .map(|random| RandomSource { generator: random.generator, seed: self.seed(&random.seed) });
        let costs = Costs { print: self.cost(spec.cost.print.as_ref()), step: self.cost(spec.cost.step.as_ref()) };
        let expectations = self.expectations(&spec.expect);
        let cases = spec.cases.iter().map(|case| self.case(case, &params)).collect();
        self.check_case_names(&spec.cases);
        Scenario {
            about: spec.about.as_ref().map(|about| about.value.clone()),
            code: Rc::new(code),
            params,
            random: random.unwrap_or_default(),
            ties: spec.ties.map(|(ties, _)| ties).unwrap_or_default(),
            costs,
            expectations,
            cases,
        }
    }

    /// Names the params, shared variables and tasks, each once.
    fn declare(&mut self, spec: &Spec, program: &Program) {
        for (name, _) in &program.tasks {
            let signature = syntax::parse(name, self.source, lang::parse_signature).map_err(|problem| {
                self.problems.push(problem);
            });
            self.tasks.0.push(match signature {
                Ok(signature) => TaskHead::new(signature, name.span, Parameters::Known),
                // A task with a faulty head is a task all the same.
                Err(()) => TaskHead::new(tasks::guess(&name.value), name.span, Parameters::Guessed),
            });
        }
        for (number, head) in self.tasks.0.iter().enumerate() {
            let name = &head.signature.name.text;
            let earlier = self.tasks.0[..number].iter().find(|earlier| earlier.signature.name.text == *name);
            if let Some(earlier) = earlier {
                let problem = Problem::new(head.at, format!("two tasks are called `{name}`"), "the second one");
                self.problems.push(problem.related(earlier.at, "the first one"));
            }
        }
        let params = spec.params.iter().map(|(name, _)| (name, GlobalKind::Param));
        let shared = program.shared.iter().map(|(name, _)| (name, GlobalKind::Shared));
        for (name, kind) in params.chain(shared) {
            self.declare_global(name, kind);
        }
    }

    fn declare_global(&mut self, name: &Scalar, kind: GlobalKind) {
        let is_name = lang::parse_targets(&name.value)
            .is_ok_and(|target| matches!(target, lang::ast::Target::Name(found) if found.text == name.value));
        if !is_name {
            let title = format!("`{}` cannot be a name", name.value);
            self.problems.push(Problem::new(name.span, title, "expected letters, digits and `_`"));
        }
        if self.tasks.find(&name.value).is_some() {
            let title = format!("`{}` is the name of a task, too", name.value);
            self.problems.push(Problem::new(name.span, title, "expected another name"));
        }
        if let Err(earlier) = self.globals.declare(&name.value, kind, name.span) {
            let problem = Problem::new(name.span, format!("`{}` is declared twice", name.value), "the second time");
            self.problems.push(problem.related(earlier, "the first time"));
        }
    }

    fn code(&mut self, spec: &Spec, program: &Program) -> Code {
        for (head, (_, steps)) in self.tasks.0.iter_mut().zip(&program.tasks) {
            head.is_generator = scope::yields(steps);
        }
        let mut shared = Vec::new();
        for (name, value) in &program.shared {
            let place = self.place(name);
            let mut compiler = self.compiler(Scope::default(), Purity::Any);
            let value = compiler.expression(value);
            let slots = compiler.scope.slots;
            shared.push(Shared { value, place, slots: slots.len() });
        }
        let mut functions = Vec::new();
        for (number, (name, steps)) in program.tasks.iter().enumerate() {
            functions.push(self.task(number, name, steps));
        }
        let main = u32::try_from(functions.len()).unwrap_or(u32::MAX);
        functions.push(self.function("main", Scope::default(), Vec::new(), &program.main, Role::Task));
        let mut scope = Scope::default();
        scope.declare("result");
        let parameters = vec![(Rc::from("result"), None)];
        functions.push(self.function("after", scope, parameters, &spec.after, Role::After));
        functions.push(Function::closer());
        functions.push(timeouts::wait_for());
        self.check_callbacks(program);
        for (function, head) in functions.iter_mut().zip(&self.tasks.0) {
            function.is_callback = head.uses.is_callback();
        }
        Code {
            functions,
            main,
            after: main + 1,
            closer: main + 2,
            wait_for: main + 3,
            globals: self.globals.names.clone(),
            params: spec.params.len(),
            shared,
        }
    }

    fn place(&self, name: &Scalar) -> Place {
        Place { line: self.lines.line_column(name.span.start as usize).0, span: name.span }
    }

    fn task(&mut self, number: usize, name: &Scalar, steps: &[Step]) -> Function {
        let signature = self.tasks.0[number].signature.clone();
        let mut scope = Scope::default();
        let mut parameters = Vec::new();
        for (parameter, default) in &signature.parameters {
            let default = default.as_ref().map(|default| {
                let mut compiler = self.compiler(Scope::default(), Purity::Any);
                compiler.compile(name, default)
            });
            scope.declare(&parameter.text);
            parameters.push((Rc::from(parameter.text.as_str()), default));
        }
        self.function(&signature.name.text, scope, parameters, steps, Role::Task)
    }

    fn function(
        &mut self,
        name: &str,
        mut scope: Scope,
        parameters: Vec<(Rc<str>, Option<Expr>)>,
        steps: &[Step],
        role: Role,
    ) -> Function {
        let mut assigned = Vec::new();
        scope::assigned(steps, &mut assigned);
        for local in assigned.iter().filter(|name| self.globals.find(name).is_none()) {
            scope.declare(local);
        }
        let is_generator = scope::yields(steps);
        let compiler = Compiler {
            source: self.source,
            globals: &self.globals,
            tasks: &self.tasks,
            unread: self.unread,
            scope,
            purity: Purity::Any,
            problems: &mut self.problems,
        };
        let mut writer = Writer::new(compiler, &self.lines, role);
        writer.steps(steps);
        writer.end();
        let Writer { compiler, body, places, .. } = writer;
        let slots = compiler.scope.slots;
        Function { name: name.into(), parameters, slots, is_generator, is_callback: false, body, places }
    }

    fn compiler(&mut self, scope: Scope, purity: Purity) -> Compiler<'_> {
        Compiler {
            source: self.source,
            globals: &self.globals,
            tasks: &self.tasks,
            unread: self.unread,
            scope,
            purity,
            problems: &mut self.problems,
        }
    }

    fn seed(&mut self, scalar: &Scalar) -> Seed {
        Seed::parse(&scalar.value).unwrap_or_else(|error| {
            self.problems.push(Problem::new(scalar.span, "this is no seed", error.to_string()));
            Seed::from(0)
        })
    }

    fn cost(&mut self, scalar: Option<&Scalar>) -> f64 {
        let Some(scalar) = scalar else { return 0.0 };
        match syntax::duration(scalar, self.source) {
            Ok(duration) => duration.seconds,
            Err(problem) => {
                self.problems.push(problem);
                0.0
            }
        }
    }

    fn case(&mut self, case: &spec::Case, params: &[(Rc<str>, spec::Literal)]) -> Case {
        for (name, literal) in &case.set {
            if let Err(problem) = literal::value(literal) {
                self.problems.push(problem);
            }
            if !params.iter().any(|(known, _)| **known == *name.value) && !self.unread.may_name(&name.value) {
                let problem = Problem::new(name.span, format!("unknown param `{}`", name.value), "not under `params`");
                let near = crate::suggest::nearest(&name.value, params.iter().map(|(known, _)| &**known));
                self.problems.push(match near {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem,
                });
            }
        }
        Case {
            name: case.name.value.clone(),
            set: case.set.iter().map(|(name, literal)| (name.value.clone(), literal.clone())).collect(),
            seed: case.seed.as_ref().map(|seed| self.seed(seed)),
            ties: case.ties.map(|(ties, _)| ties),
            expectations: case.expect.as_ref().map(|expect| self.expectations(expect)),
        }
    }

    /// Case names are parts of file names: snapshots.
    fn check_case_names(&mut self, cases: &[spec::Case]) {
        for (number, case) in cases.iter().enumerate() {
            let name = &case.name;
            let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
            if name.value.is_empty() || name.value.len() > 64 || !name.value.chars().all(plain) {
                let title = "this cannot be the name of a case";
                self.problems.push(Problem::new(name.span, title, "expected letters, digits, `-` and `_`, at most 64"));
            }
            if let Some(earlier) = cases[..number].iter().find(|earlier| earlier.name.value == name.value) {
                let problem =
                    Problem::new(name.span, format!("two cases are called `{}`", name.value), "the second one");
                self.problems.push(problem.related(earlier.name.span, "the first one"));
            }
        }
    }
}
