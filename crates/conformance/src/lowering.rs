//! From a generated program to the steps of a scenario file.
//!
//! Every handle goes into one shared list. A task knows how many there were when it was made, `me`, and awaits later ones
//! alone: so no tasks await each other in a circle, where a cancel would recurse in CPython without end.

use std::collections::BTreeSet;
use std::mem::take;

use crate::coverage::Counts;
use crate::features::Step;
use crate::program::{Care, Cost, Pick, Program};
use crate::statement::Statement;
use crate::yaml::{Text, plain};

/// How many steps a task runs at most, those of what it calls included, each loop taken as often as it goes round.
const HEAVIEST: usize = 300;

/// Tasks that some steps need: how they are called, their heads, and their only step.
const HELPERS: [(&str, &str, &str); 3] = [
    ("nap(", "nap(duration)", "- sleep: duration"),
    ("note, f'", "note(what)", "- print: \"note {what} at {now()!r}\""),
    ("(ended)", "ended(task)", "- print: \"ended {task.cancelled()} at {now()!r}\""),
];

/// A program written out.
pub(crate) struct Lowered {
    /// The text of the scenario.
    pub yaml: String,
    /// How many steps of each kind stand in it.
    pub kinds: Counts,
}

/// Writes a program out as a scenario.
pub(crate) fn lower(program: &Program) -> Lowered {
    let mut lowering = Lowering::new(program);
    let generators = lowering.functions(&program.generators, Kind::Generator);
    let tasks = lowering.functions(&program.tasks, Kind::Task);
    let launched: Vec<usize> = program.launched.iter().map(|pick| 1 + pick.of(program.tasks.len() - 1)).collect();
    let functions = used([generators, tasks].concat(), &launched);
    let mut kinds = Counts::default();
    let mut body = Text::default();
    for function in &functions {
        body.line(1, &format!("{}(name, me):", function.name));
        body.steps(2, &function.statements);
        kinds.merge(&function.kinds);
    }
    if program.care != Care::None {
        let keeping = keeping(program, &body.text());
        body.line(1, "keeper():");
        body.steps(2, &keeping);
    }
    body.line(0, "main:");
    body.steps(1, &main(program, &launched));
    body.line(0, "after:");
    body.steps(1, &[Statement::print("result: {result!r}")]);
    let body = body.finish();
    let mut head = Text::default();
    head.line(0, &format!("random: {{python: {}}}", program.seed));
    head.line(0, "ties: heapq");
    if program.cost == Cost::Millisecond {
        head.line(0, "cost: {print: 1ms}");
    }
    head.line(0, "shared:");
    head.line(1, "handles: \"[]\"");
    for (name, made) in shared(program) {
        // Only what is used, so that a small program is small.
        let is_used = |before: &str, behind: &str| body.contains(&format!("{before}{name}{behind}"));
        if is_used(" ", ".") || is_used("(", ".") || is_used("{", ".") || is_used(": ", "\n") || is_used("(", ")") {
            head.line(1, &format!("{name}: {}", plain(&made)));
        }
    }
    head.line(0, "tasks:");
    for (call, signature, step) in HELPERS {
        if body.contains(call) {
            head.line(1, &format!("{signature}:"));
            head.line(2, step);
        }
    }
    Lowered { yaml: head.finish() + &body, kinds }
}

/// A task or generator written out.
#[derive(Clone)]
struct Function {
    name: String,
    statements: Vec<Statement>,
    /// The functions that it calls.
    calls: BTreeSet<String>,
    /// How many steps of each kind stand in it.
    kinds: Counts,
}

/// The functions that main calls, and those that they call: to read others would only cost both sides time.
fn used(mut functions: Vec<Function>, launched: &[usize]) -> Vec<Function> {
    let mut called: BTreeSet<String> = launched.iter().chain([&0]).map(|task| format!("t{task}")).collect();
    // Each function calls such ones alone as are written before it.
    for function in functions.iter().rev() {
        if called.contains(&function.name) {
            called.extend(function.calls.iter().cloned());
        }
    }
    functions.retain(|function| called.contains(&function.name));
    functions
}

/// The steps of main.
fn main(program: &Program, launched: &[usize]) -> Vec<Statement> {
    let mut steps = Vec::new();
    if program.care != Care::None {
        steps.push(Statement::of("spawn", "keeper()").with("as", "keeper_handle"));
    }
    if !launched.is_empty() {
        let calls = launched.iter().enumerate().map(|(place, task)| format!("t{task}('side{place}', {place})"));
        let calls = calls.collect::<Vec<_>>().join(", ");
        steps.push(Statement::of("spawn", format!("[{calls}]")).with("as", "handles"));
    }
    steps.push(Statement::of("await", "t0('main', -1)").with("as", "got"));
    if !launched.is_empty() && program.linger.0 != "0" {
        steps.push(Statement::of("sleep", program.linger.duration()));
    }
    steps.push(Statement::print("main is over: {got!r} at {now()!r}"));
    steps.push(Statement::of("return", "got"));
    steps
}

/// What the tasks share, with how it is made.
fn shared(program: &Program) -> Vec<(String, String)> {
    let queues = program.queues.iter().enumerate();
    let mut shared: Vec<(String, String)> =
        queues.map(|(number, queue)| (format!("q{number}"), format!("{}({})", queue.class, queue.maxsize))).collect();
    let permits = program.permits;
    let others = [
        ("seen", "[]".to_owned()),
        ("gathers", "[]".to_owned()),
        ("lock", "Lock()".to_owned()),
        ("semaphore", format!("Semaphore({permits})")),
        ("bounded", format!("BoundedSemaphore({permits})")),
        ("event", "Event()".to_owned()),
        ("condition", "Condition()".to_owned()),
        ("barrier", format!("Barrier({permits})")),
        ("future", "Future()".to_owned()),
    ];
    shared.extend(others.map(|(name, made)| (name.to_owned(), made)));
    shared
}

/// What the task does that keeps others from waiting for ever; of what the program does not use, nothing.
fn keeping(program: &Program, body: &str) -> Vec<Statement> {
    let call = |expression: String| Statement::of("call", expression);
    let mut steps = vec![Statement::of("sleep", "seconds(0.35)")];
    let queues = (0..program.queues.len()).map(|queue| format!("q{queue}"));
    let queues: Vec<String> = queues.filter(|queue| body.contains(&format!("{queue}."))).collect();
    if !queues.is_empty() {
        let get = call("queue.get_nowait()".to_owned());
        let put = call("queue.put_nowait(0)".to_owned());
        let choice = Statement::of("if", "queue.full()").doing(vec![get]).and("else", vec![put]);
        let attempt = Statement::attempt(vec![choice]).except(None, vec![Statement::word("pass")]);
        steps.push(Statement::of("for", format!("queue in [{}]", queues.join(", "))).doing(vec![attempt]));
    }
    if body.contains("event.") {
        steps.push(call("event.set()".to_owned()));
    }
    if body.contains("condition") {
        let notify = Statement::of("with", "condition").doing(vec![call("condition.notify_all()".to_owned())]);
        steps.push(Statement::of("if", "not condition.locked()").doing(vec![notify]));
    }
    if body.contains("future") {
        let set = call("future.set_result('kept')".to_owned());
        steps.push(Statement::of("if", "not future.done()").doing(vec![set]));
    }
    vec![Statement::of("repeat", "9").doing(steps)]
}

/// What a function is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Task,
    Generator,
}

/// The way from steps to statements, within one function at a time.
pub(crate) struct Lowering<'a> {
    program: &'a Program,
    caller: usize,
    kind: Kind,
    /// Numbers steps and calls, so that each can be told from all others.
    number: usize,
    /// How many loops there are around the step.
    loops: usize,
    /// How often the step runs.
    times: usize,
    /// The steps of the function so far.
    weight: usize,
    task_weights: Vec<usize>,
    /// What the function calls so far, and what it is made of.
    calls: BTreeSet<String>,
    kinds: Counts,
}

impl<'a> Lowering<'a> {
    fn new(program: &'a Program) -> Lowering<'a> {
        let task_weights = vec![0; program.tasks.len()];
        let kind = Kind::Task;
        let (calls, kinds) = (BTreeSet::new(), Counts::default());
        Lowering { program, caller: 0, kind, number: 0, loops: 0, times: 1, weight: 0, task_weights, calls, kinds }
    }

    /// From the last to the first, since a call weighs what is called.
    fn functions(&mut self, functions: &[Vec<Step>], kind: Kind) -> Vec<Function> {
        let mut written = Vec::new();
        for (place, steps) in functions.iter().enumerate().rev() {
            (self.caller, self.kind, self.loops, self.times, self.weight) = (place, kind, 0, 1, 1);
            let is_cared_for = place == 0 && kind == Kind::Task && self.program.care != Care::None;
            let mut statements = if is_cared_for { self.cared_for(steps) } else { self.steps(steps) };
            let name = match kind {
                Kind::Task => {
                    self.task_weights[place] = self.weight;
                    if !statements.last().is_some_and(Statement::leaves) {
                        statements.push(Statement::of("return", "f'{name} is over'"));
                    }
                    format!("t{place}")
                }
                Kind::Generator => {
                    statements.push(Statement::of("yield", "f'{name} is over'"));
                    format!("g{place}")
                }
            };
            let (calls, kinds) = (take(&mut self.calls), take(&mut self.kinds));
            written.push(Function { name, statements, calls, kinds });
        }
        written
    }

    /// Steps of the same function, up to the first one behind which nothing runs.
    pub(crate) fn steps(&mut self, steps: &[Step]) -> Vec<Statement> {
        let mut statements = Vec::new();
        for step in steps {
            self.number += 1;
            self.weight += self.times;
            self.kinds.add(step.kind());
            for statement in step.lower(self) {
                let is_last = statement.leaves();
                statements.push(statement);
                if is_last {
                    return statements;
                }
            }
        }
        statements
    }

    /// Steps whose failure is no reason to end, and neither is their waiting.
    fn cared_for(&mut self, steps: &[Step]) -> Vec<Statement> {
        let mut statements = Vec::new();
        for step in steps {
            let mut guarded = self.steps(std::slice::from_ref(step));
            if guarded.is_empty() {
                continue;
            }
            if self.program.care == Care::Limits {
                guarded = vec![Statement::of("timeout", "seconds(0.5)").doing(guarded)];
            }
            let survived = vec![self.print("survived {error!r}")];
            statements.push(Statement::attempt(guarded).except(Some("Exception, CancelledError"), survived));
        }
        statements
    }

    /// Steps that run several times.
    pub(crate) fn repeated(&mut self, times: usize, steps: &[Step]) -> Vec<Statement> {
        self.loops += 1;
        self.times *= times.max(1);
        let statements = self.steps(steps);
        self.times /= times.max(1);
        self.loops -= 1;
        statements
    }

    /// Whether `break` may stand here.
    pub(crate) fn is_in_loop(&self) -> bool {
        self.loops > 0
    }

    /// Whether `yield` may stand here.
    pub(crate) fn is_generator(&self) -> bool {
        self.kind == Kind::Generator
    }

    /// A number that no other step has.
    pub(crate) fn fresh(&mut self) -> usize {
        self.number += 1;
        self.number
    }

    /// Prints who, where, what and when.
    pub(crate) fn print(&self, text: &str) -> Statement {
        Statement::print(format!("{{name}} {} {text} at {{now()!r}}", self.number))
    }

    /// Counts work that no step of the program stands for; whether there is room for it.
    pub(crate) fn spend(&mut self, weight: usize) -> bool {
        let spent = self.weight + weight * self.times;
        if spent > HEAVIEST {
            return false;
        }
        self.weight = spent;
        true
    }

    fn callee(&mut self, callee: Pick) -> Option<usize> {
        let later = self.program.tasks.len() - self.caller - 1;
        if self.kind == Kind::Generator || later == 0 {
            return None;
        }
        let task = self.caller + 1 + callee.of(later);
        let has_room = self.spend(self.task_weights[task]);
        if has_room {
            self.calls.insert(format!("t{task}"));
        }
        has_room.then_some(task)
    }

    /// A call of a later task that runs within this one or is awaited by it at once.
    pub(crate) fn call(&mut self, callee: Pick) -> Option<String> {
        let task = self.callee(callee)?;
        let number = self.fresh();
        Some(format!("t{task}(f'{{name}}.{number}', me)"))
    }

    /// Such calls, as a list.
    pub(crate) fn calls(&mut self, callees: &[Pick]) -> Vec<String> {
        callees.iter().filter_map(|callee| self.call(*callee)).collect()
    }

    /// A call of a task whose handle becomes the next one of the shared list.
    pub(crate) fn spawned(&mut self, callee: Pick) -> Option<String> {
        let task = self.callee(callee)?;
        let number = self.fresh();
        Some(format!("t{task}(f'{{name}}.{number}', len(handles))"))
    }

    /// A call of a generator.
    pub(crate) fn generator(&mut self, generator: Pick) -> Option<String> {
        let many = self.program.generators.len();
        if self.kind == Kind::Generator || many == 0 || !self.spend(10) {
            return None;
        }
        let number = self.fresh();
        let generator = format!("g{}", generator.of(many));
        let call = format!("{generator}(f'{{name}}.{number}', me)");
        self.calls.insert(generator);
        Some(call)
    }

    /// One of the queues.
    pub(crate) fn queue(&self, queue: Pick) -> String {
        format!("q{}", queue.of(self.program.queues.len()))
    }
}

/// Starts a task and keeps its handle.
pub(crate) fn spawn(call: String) -> [Statement; 2] {
    [Statement::of("spawn", call).with("as", "handle"), Statement::of("call", "handles.append(handle)")]
}

/// Steps with `handle`, one of the tasks that this one may await, if there are any.
pub(crate) fn with_later(pick: Pick, steps: Vec<Statement>) -> Statement {
    let choice = format!("handle = handles[me + 1 + {} % (len(handles) - me - 1)]", pick.0);
    Statement::of("if", "len(handles) > me + 1").doing([vec![Statement::of("let", choice)], steps].concat())
}

/// Steps with `handle`, any of the tasks, if there are any.
pub(crate) fn with_any(pick: Pick, steps: Vec<Statement>) -> Statement {
    let choice = format!("handle = handles[{} % len(handles)]", pick.0);
    Statement::of("if", "handles").doing([vec![Statement::of("let", choice)], steps].concat())
}
