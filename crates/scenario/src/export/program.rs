//! The whole program: what it is about, imports, constants, helpers, shared variables, tasks, main, and what follows.

use std::fmt::Write as _;

use super::expression::Level;
use super::literal;
use super::names::Names;
use super::plural::{self, Plural};
use super::prelude::Helper;
use super::variables;
use super::writer::{Draws, Function, Writer};
use crate::check;
use crate::lang;
use crate::lang::ast::{Expr, ExprKind};
use crate::pattern::identifiers;
use crate::problem::Problem;
use crate::run::Setting;
use crate::source::Scalar;
use crate::spec::{Body, Program, Spec, Step, StepKind, Ties};

/// The text of the program.
///
/// # Errors
/// What Python cannot say.
pub(super) fn write(spec: &Spec, setting: &Setting) -> Result<String, Vec<Problem>> {
    let empty = Program::default();
    let program = if let Body::Program(program) = &spec.body { program } else { &empty };
    let names = Names::new(spec, program);
    let shared = program.shared.iter().map(|(name, _)| name.value.as_str()).collect();
    let mut writer = Writer::new(&names, setting, shared);
    writer.changes_in_place = variables::changes_in_place(program);
    let params = params(spec, setting, &names);
    let is_made_in_main = program.shared.iter().any(|(_, value)| needs_loop(&value.value, &names));
    let shared = if is_made_in_main { String::new() } else { writer.shared_variables(program) };
    let mut functions = Vec::new();
    for (head, steps) in &program.tasks {
        functions.push(writer.task(head, steps));
    }
    functions.push(writer.main(program, if is_made_in_main { Made::InMain } else { Made::Before }));
    functions.push(writer.after(&spec.after));
    if !writer.problems.is_empty() {
        writer.problems.sort_by_key(|problem| problem.span);
        return Err(writer.problems);
    }
    let docstring = docstring(spec, setting, &writer);
    Ok(writer.assemble(&docstring, &params, &shared, &functions))
}

/// Where the shared variables are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    /// When the module is loaded.
    Before,
    /// By main: they need a running loop, or the file's tasks.
    InMain,
}

/// Functions that ask for the running loop.
const NEED_LOOP: &[&str] =
    &["Future", "all_tasks", "call_at", "call_later", "call_soon", "current_task", "gather", "shield"];

/// Whether a shared variable cannot be made before the loop runs.
fn needs_loop(value: &str, names: &Names) -> bool {
    let needs = |name: &str| names.is_task(name) || NEED_LOOP.contains(&name);
    identifiers(value).any(|(_, name)| needs(name))
}

fn docstring(spec: &Spec, setting: &Setting, writer: &Writer<'_>) -> String {
    let mut text = String::from("\"\"\"");
    let about = spec.about.as_ref().map_or("A scenario of timeskip.", |about| about.value.trim());
    text.push_str(&literal::escaped(about, '"').replace("\\n", "\n"));
    let release = writer.release.name();
    text.push_str(&format!("\n\nWritten by `timeskip export python`, for CPython {release} or later.\n"));
    let ties = match setting.ties {
        // On a real clock timers are never quite equal, and fire as they were scheduled.
        Ties::Heapq | Ties::Fifo => None,
        Ties::Lifo => Some("lifo"),
        Ties::Seeded => Some("seeded"),
    };
    if let Some(ties) = ties {
        let rule =
            format!("Of timers with one deadline the scenario fires by the rule `{ties}`, CPython by `heapq`.\n");
        text.push_str(&rule);
    }
    for (seconds, what) in [(setting.costs.print, "print"), (setting.costs.step, "step of a task")] {
        if seconds > 0.0 {
            let seconds = literal::float(seconds);
            let cost = format!("In the scenario each {what} takes {seconds} s; here it takes what it takes.\n");
            text.push_str(&cost);
        }
    }
    if writer.modules.contains("secrets") {
        text.push_str("The digits of its tokens differ from run to run: `secrets` takes them from the system.\n");
    }
    text.push_str("\"\"\"\n");
    text
}

fn params(spec: &Spec, setting: &Setting, names: &Names) -> String {
    let mut lines = String::new();
    for ((name, _), value) in spec.params.iter().zip(&setting.params) {
        lines.push_str(&format!("{} = {}\n", names.variable(&name.value), literal::value(value)));
    }
    lines
}

impl<'a> Writer<'a> {
    fn shared_variables(&mut self, program: &'a Program) -> String {
        for (name, value) in &program.shared {
            let value = self.expression(value);
            let name = self.names.variable(&name.value);
            self.line(&format!("{name} = {value}"));
        }
        self.take_lines()
    }

    fn task(&mut self, head: &'a Scalar, steps: &'a [Step]) -> String {
        let Some(signature) = self.parse(head, lang::parse_signature) else { return String::new() };
        let own: Vec<String> = signature.parameters.iter().map(|(name, _)| name.text.clone()).collect();
        // A default knows the variables of the module, not the parameters.
        let is_hidden = |name: &&String| self.names.is_global(name);
        self.hidden = own.iter().filter(is_hidden).cloned().collect();
        let mut parameters = Vec::new();
        let mut late: Vec<(String, String)> = Vec::new();
        for (parameter, default) in &signature.parameters {
            let name = self.names.variable(&parameter.text);
            parameters.push(match default {
                None => name,
                Some(default) if self.is_constant(default) => {
                    format!("{name}={}", self.top(default, Level::Conditional))
                }
                Some(default) => {
                    self.helpers.insert(Helper::Missing);
                    late.push((name.clone(), self.top(default, Level::Conditional)));
                    format!("{name}=MISSING")
                }
            });
        }
        let name = self.names.task(&signature.name.text);
        self.hidden.clear();
        let kind = if self.is_callback(&signature.name.text) { "def" } else { "async def" };
        self.line(&format!("{kind} {name}({}):", parameters.join(", ")));
        let globals = self.globals(steps, &own);
        self.body(&own, globals, steps, |writer| {
            for (name, default) in &late {
                // Made anew for each call, as a scenario does.
                writer.line(&format!("if {name} is MISSING:"));
                writer.inside(|writer| writer.line(&format!("{name} = {default}")));
            }
        })
    }

    /// Whether a default is the same whenever it is evaluated.
    fn is_constant(&self, default: &Expr) -> bool {
        match &default.kind {
            ExprKind::None | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) => true,
            ExprKind::Duration(_) | ExprKind::Str(_) => true,
            ExprKind::Unary(_, operand) => self.is_constant(operand) && !matches!(operand.kind, ExprKind::Str(_)),
            ExprKind::Tuple(items) => items.iter().all(|item| self.is_constant(item)),
            ExprKind::Name(name) => !self.shared.contains(&**name),
            _ => false,
        }
    }

    fn main(&mut self, program: &'a Program, made: Made) -> String {
        self.line("async def main():");
        let globals = match made {
            Made::Before => self.globals(&program.main, &[]),
            Made::InMain => program.shared.iter().map(|(name, _)| self.names.variable(&name.value)).collect(),
        };
        self.body(&[], globals, &program.main, |writer| {
            if made == Made::InMain {
                for (name, value) in &program.shared {
                    let value = writer.expression(value);
                    let name = writer.names.variable(&name.value);
                    writer.line(&format!("{name} = {value}"));
                }
            }
        })
    }

    /// The lines of a function below its head; `own` are its parameters, `globals` what it declares as such.
    fn body(
        &mut self,
        own: &[String],
        globals: Vec<String>,
        steps: &'a [Step],
        begin: impl Fn(&mut Writer<'a>),
    ) -> String {
        self.body = steps;
        let mut locals = own.to_vec();
        check::assigned(steps, &mut locals);
        self.locals = locals.into_iter().collect();
        self.plurals = own.iter().map(|name| (name.clone(), Plural::Unknown)).collect();
        plural::learn(steps, &mut self.plurals, self.names);
        let shared = &self.shared;
        self.plurals.retain(|name, _| !shared.contains(&**name));
        self.function = if check::yields(steps) { Function::Generator } else { Function::Plain };
        self.inside(|writer| {
            if !globals.is_empty() {
                writer.line(&format!("global {}", globals.join(", ")));
            }
            writer.with_loop(|writer| {
                begin(writer);
                writer.steps(steps);
            });
        });
        self.take_lines()
    }

    /// The shared variables that the steps of a function assign, unless they are its own by the same name.
    fn globals(&self, steps: &[Step], own: &[String]) -> Vec<String> {
        let mut assigned = Vec::new();
        check::assigned(steps, &mut assigned);
        assigned.retain(|name| self.shared.contains(&**name) && !own.contains(name));
        assigned.sort();
        assigned.dedup();
        assigned.iter().map(|name| self.names.variable(name)).collect()
    }

    /// What stands at the end: running main, and what follows it.
    fn after(&mut self, steps: &'a [Step]) -> String {
        self.modules.insert("asyncio");
        self.plurals = plural::Plurals::new();
        self.function = Function::Plain;
        self.body = steps;
        let uses_result = mentions(steps, "result");
        if variables::any(steps, &|kind| matches!(kind, StepKind::Return { .. })) {
            // Only a function can return.
            let name = self.names.fresh("after");
            self.line(&format!("def {name}(result):"));
            let own = ["result".to_owned()];
            let globals = self.globals(steps, &own);
            let function = self.body(&own, globals, steps, |_| {});
            return format!("{function}\n\nif __name__ == \"__main__\":\n    {name}(asyncio.run(main()))\n");
        }
        self.line("if __name__ == \"__main__\":");
        self.inside(|writer| {
            writer.line(if uses_result { "result = asyncio.run(main())" } else { "asyncio.run(main())" });
            if !steps.is_empty() {
                writer.steps(steps);
            }
        });
        self.take_lines()
    }

    fn assemble(mut self, docstring: &str, params: &str, shared: &str, functions: &[String]) -> String {
        let mut helpers: Vec<Helper> = self.helpers.iter().flat_map(|helper| helper.needs()).collect();
        helpers.extend(&self.helpers);
        helpers.sort();
        helpers.dedup();
        self.modules.extend(helpers.iter().flat_map(|helper| helper.modules()));
        let imports: String = self.modules.iter().map(|module| format!("import {module}\n")).collect();
        let mut constants = String::new();
        for line in helpers.iter().filter_map(|helper| helper.constant()) {
            constants.push_str(line);
            constants.push('\n');
        }
        constants.push_str(params);
        if self.draws == Draws::Numbers {
            writeln!(constants, "random.seed({})", self.setting.seed).expect("a String takes every text");
        }
        let mut text = format!("{docstring}\n{imports}");
        if helpers.iter().all(|helper| helper.function().is_none()) {
            constants.push_str(shared);
        }
        if !constants.is_empty() {
            text.push_str(&format!("\n{constants}"));
        }
        for function in helpers.iter().filter_map(|helper| helper.function()) {
            text.push_str(&format!("\n\n{function}"));
        }
        if !shared.is_empty() && !text.ends_with(shared) {
            text.push_str(&format!("\n\n{shared}"));
        }
        for function in functions {
            text.push_str(&format!("\n\n{function}"));
        }
        text
    }
}

fn mentions(steps: &[Step], name: &str) -> bool {
    variables::any(steps, &|kind| {
        let parts = kind.parts();
        let mut scalars = parts.scalars.into_iter().chain(parts.targets);
        scalars.any(|scalar| identifiers(&scalar.value).any(|(_, found)| found == name))
    })
}
