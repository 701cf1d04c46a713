//! Running a scenario: options in, an outcome out.

mod expect;
mod failure;
mod setting;
mod tree;

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use timeskip_executor::{Ending, Limits, Sim, Simulation, TieRule};
use timeskip_trace::{Recorder, Trace};

use crate::check::literal_value;
use crate::code::Code;
use crate::machine::Machine;
use crate::machine::context::{Context, MachineLimits};
use crate::machine::evaluate::{Evaluator, Names};
use crate::machine::generators;
use crate::machine::naming::Naming;
use crate::machine::outcome::{Failure, Outcome as TaskOutcome, Step, classify};
use crate::machine::warnings::Warnings;
use crate::problem::Problem;
use crate::random::{Random, Seed};
use crate::scenario::{Case, RandomSource, Scenario};
use crate::spec::{Generator, Literal, Ties};
use crate::value::{Value, meter};

pub(crate) use setting::Setting;

/// Where the lines go that a program prints.
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use timeskip_scenario::{Options, Sink, load};
///
/// /// Knows who printed.
/// #[derive(Default)]
/// struct Speakers(Vec<u32>);
///
/// impl Sink for Speakers {
///     fn line(&mut self, task: u32, _text: &str) {
///         self.0.push(task);
///     }
/// }
///
/// let source = "tasks:\n  t():\n    - print: \"one\"\nmain:\n  - gather: t()\n  - print: \"two\"\n";
/// let speakers = Rc::new(RefCell::new(Speakers::default()));
/// load(source).expect("a good file").run(&Options::default(), speakers.clone()).expect("good options");
/// assert_eq!(speakers.borrow().0, [1, 0]);
/// ```
pub trait Sink {
    /// A task has printed a text, which may be of several lines; the end of the line is not part of it. Tasks are
    /// numbered as they are made, main first.
    fn line(&mut self, task: u32, text: &str);
}

/// Keeps what is printed.
impl Sink for String {
    fn line(&mut self, _task: u32, text: &str) {
        self.push_str(text);
        self.push('\n');
    }
}

/// How to run a scenario: what replaces what its file says, and the bounds.
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use timeskip_scenario::{Options, load, parse_literal};
/// let scenario = load("params: {name: 'you'}\nmain:\n  - print: \"Hello {name}\"\n").expect("a good file");
/// let name = parse_literal("world").expect("good YAML");
/// let options = Options { set: vec![("name".to_owned(), name)], ..Options::default() };
/// let output = Rc::new(RefCell::new(String::new()));
/// scenario.run(&options, output.clone()).expect("there is such a param");
/// assert_eq!(*output.borrow(), "Hello world\n");
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// Replaces the seed of `random`; a decimal integer of any size.
    pub seed: Option<String>,
    /// Replaces the tie rule.
    pub ties: Option<Ties>,
    /// Replaces params, the last of a name.
    pub set: Vec<(String, Literal)>,
    /// Runs this case.
    pub case: Option<String>,
    /// Whether a trace is kept.
    pub record: Record,
    /// Bounds on the run. The executor's, but a million tasks at once: a task of a scenario takes about a kilobyte.
    pub limits: Limits,
    /// Bytes of the program's own values, at most. 1 GiB unless changed.
    pub memory: u64,
    /// Instructions that one step of a task may run before it counts as a livelock. 50 million unless changed.
    pub instructions: u64,
}

/// Whether a run keeps its trace.
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use timeskip_scenario::{Options, Record, load};
/// let scenario = load("main:\n  - sleep: 1s\n").expect("a good file");
/// let options = Options { record: Record::Trace, ..Options::default() };
/// let outcome = scenario.run(&options, Rc::new(RefCell::new(String::new()))).expect("good options");
/// assert_eq!(outcome.trace.map(|trace| trace.records().len()), Some(3), "sleep, wake, end");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// It does not; memory does not grow with the length of the run.
    #[default]
    Nothing,
    /// It does.
    Trace,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: None,
            ties: None,
            set: Vec::new(),
            case: None,
            record: Record::Nothing,
            limits: Limits { tasks: 1_000_000, ..Limits::default() },
            memory: 1 << 30,
            instructions: 50_000_000,
        }
    }
}

/// What came of a run.
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use timeskip_scenario::{Options, load};
/// let scenario = load("main:\n  - raise: ValueError('no tea')\n").expect("a good file");
/// let sink = Rc::new(RefCell::new(String::new()));
/// let outcome = scenario.run(&Options::default(), sink).expect("good options");
/// assert_eq!(outcome.ending.kind(), "failed");
/// assert_eq!(outcome.failure.expect("what main raised").title, "ValueError: no tea");
/// ```
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// What the program failed with, with its place in the file; nothing of it where it did not fail.
    pub failure: Option<Problem>,
    /// The expectations that do not hold, each with its place in the file.
    pub missed: Vec<Problem>,
    /// What CPython would warn of.
    pub warnings: Vec<String>,
    /// The trace, where one was kept.
    pub trace: Option<Trace>,
    /// Whether the file expects this ending; without a word of it, it expects that the run finishes.
    ends_as_expected: bool,
}

impl Outcome {
    /// Whether everything was as expected: it finished, or ended as the file says, and no expectation is missed.
    ///
    /// ```
    /// use std::{cell::RefCell, rc::Rc};
    /// use timeskip_scenario::{Options, load};
    /// let holds = |takes| {
    ///     let source = format!("main:\n  - sleep: 1s\nexpect:\n  - takes: {takes}\n");
    ///     let sink = Rc::new(RefCell::new(String::new()));
    ///     load(&source).expect("a good file").run(&Options::default(), sink).expect("good options").is_as_expected()
    /// };
    /// assert!(holds("1s") && !holds("2s"));
    /// ```
    pub fn is_as_expected(&self) -> bool {
        self.ends_as_expected && self.failure.is_none() && self.missed.is_empty()
    }
}

/// An option that does not fit the scenario.
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use timeskip_scenario::{Options, load};
/// let scenario = load("main:\n  - sleep: 1s\ncases:\n  - name: fast\n    seed: 1\n").expect("a good file");
/// let options = Options { case: Some("fats".to_owned()), ..Options::default() };
/// let error = scenario.run(&options, Rc::new(RefCell::new(String::new()))).expect_err("a slip");
/// assert_eq!(error.to_string(), "no case `fats`; known: fast");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionError {
    /// No case has this name; the names there are.
    UnknownCase(String, Vec<String>),
    /// No param has this name; the names there are.
    UnknownParam(String, Vec<String>),
    /// The seed is no decimal integer.
    InvalidSeed(String),
    /// A value that `set` cannot take.
    InvalidValue(String),
}

impl std::fmt::Display for OptionError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        match self {
            OptionError::UnknownCase(name, names) => write!(formatter, "no case `{name}`; known: {}", known(names)),
            OptionError::UnknownParam(name, names) => {
                write!(formatter, "no param `{name}` to set; known: {}", known(names))
            }
            OptionError::InvalidSeed(why) | OptionError::InvalidValue(why) => formatter.write_str(why),
        }
    }
}

impl std::error::Error for OptionError {}

impl Scenario {
    /// Runs the scenario; what it prints goes to `sink`.
    ///
    /// The same scenario with the same options prints the same and ends the same, on every machine.
    ///
    /// # Errors
    /// [`OptionError`] when an option names what the scenario does not have.
    ///
    /// ```
    /// use std::{cell::RefCell, rc::Rc};
    /// use timeskip_scenario::{Options, load};
    /// let scenario = load("main:\n  - sleep: 2s\n  - print: \"{now()} seconds\"\n").expect("a good file");
    /// let output = Rc::new(RefCell::new(String::new()));
    /// let outcome = scenario.run(&Options::default(), output.clone()).expect("good options");
    /// assert_eq!(*output.borrow(), "2.0 seconds\n");
    /// assert!(outcome.is_as_expected());
    /// ```
    pub fn run(&self, options: &Options, sink: Rc<RefCell<dyn Sink>>) -> Result<Outcome, OptionError> {
        let plan = self.plan(options)?;
        meter::reset();
        let recorder = (options.record == Record::Trace).then(Recorder::new);
        let warnings = Rc::new(Warnings::default());
        let lines = Rc::new(RefCell::new(expect::Watched::new(sink, plan.wants_output)));
        let mut simulation = Simulation::new().ties(plan.ties).seed(plan.random.seed.folded()).limits(options.limits);
        if let Some(recorder) = &recorder {
            simulation = simulation.observer(recorder.clone());
        }
        let shared: Rc<RefCell<Option<Rc<Context>>>> = Rc::default();
        let raised: Rc<RefCell<Option<TaskOutcome>>> = Rc::default();
        let start = Start {
            code: Rc::clone(&self.code),
            params: plan.params,
            random: match plan.random.generator {
                Generator::Python => Random::python(&plan.random.seed),
                Generator::ChaCha => Random::chacha(&plan.random.seed),
            },
            sink: lines.clone(),
            recorder: recorder.clone(),
            costs: self.costs,
            limits: MachineLimits {
                memory: options.memory,
                instructions: options.instructions,
                tasks: options.limits.tasks,
            },
            warnings: Rc::clone(&warnings),
            context: Rc::clone(&shared),
            raised: Rc::clone(&raised),
        };
        let run = simulation.run_with(|sim| start.main(sim), classify);
        let context = shared.take();
        if let Some(context) = &context {
            context.close();
        }
        let conclusion = failure::conclude(context.as_ref(), run.ending, run.output.or_else(|| raised.take()));
        let expectations = plan.expectations.unwrap_or(&self.expectations);
        let mut outcome = Outcome {
            ending: conclusion.ending,
            failure: conclusion.failure,
            missed: Vec::new(),
            warnings: Vec::new(),
            trace: None,
            ends_as_expected: false,
        };
        if let Some(context) = &context {
            let after = failure::after(context, &outcome.ending, &conclusion.result);
            outcome.failure = outcome.failure.or(after);
            let held = expect::Held { context, outcome: &outcome, result: &conclusion.result, output: &lines.borrow() };
            let verdict = held.check(expectations);
            outcome.missed = verdict.missed;
            outcome.ends_as_expected = verdict.ends_as_expected;
            if verdict.ends_as_expected && !matches!(outcome.ending, Ending::Finished { .. }) {
                outcome.failure = None;
            }
            // Variables may hold handles on the run, which holds them.
            context.globals.take();
        }
        drop((context, conclusion.result));
        outcome.warnings = warnings.take();
        outcome.trace = recorder.map(|recorder| recorder.finish(outcome.ending.clone()));
        Ok(outcome)
    }

    fn plan(&self, options: &Options) -> Result<Plan<'_>, OptionError> {
        let case = options.case.as_deref().map(|name| self.find_case(name)).transpose()?;
        let mut params = self.params.clone();
        let by_case = case.iter().flat_map(|case| &case.set);
        for (name, literal) in by_case.chain(&options.set) {
            let Some((_, place)) = params.iter_mut().find(|(known, _)| **known == **name) else {
                let known = self.params().map(str::to_owned).collect();
                return Err(OptionError::UnknownParam(name.clone(), known));
            };
            place.clone_from(literal);
        }
        let params = params.iter().map(|(name, literal)| {
            let invalid = |problem: Problem| format!("the value of `{name}`: {}, {}", problem.title, problem.label);
            literal_value(literal).map_err(|problem| OptionError::InvalidValue(invalid(problem)))
        });
        let params = params.collect::<Result<Vec<Value>, OptionError>>()?;
        let mut random = self.random.clone();
        if let Some(seed) = case.and_then(|case| case.seed.clone()) {
            random.seed = seed;
        }
        if let Some(seed) = &options.seed {
            random.seed = Seed::parse(seed).map_err(|why| OptionError::InvalidSeed(why.to_string()))?;
        }
        let ties = match options.ties.or(case.and_then(|case| case.ties)).unwrap_or(self.ties) {
            Ties::Fifo => TieRule::Fifo,
            Ties::Lifo => TieRule::Lifo,
            Ties::Heapq => TieRule::Heapq,
            Ties::Seeded => TieRule::Seeded { seed: random.seed.folded() },
        };
        let expectations = case.and_then(|case| case.expectations.as_ref());
        let wants_output = expect::wants_output(expectations.unwrap_or(&self.expectations));
        Ok(Plan { params, random, ties, expectations, wants_output })
    }

    fn find_case(&self, name: &str) -> Result<&Case, OptionError> {
        let found = self.cases.iter().find(|case| case.name == name);
        found.ok_or_else(|| OptionError::UnknownCase(name.to_owned(), self.cases().map(str::to_owned).collect()))
    }
}

/// What the options come to for this scenario.
struct Plan<'a> {
    params: Vec<Value>,
    random: RandomSource,
    ties: TieRule,
    expectations: Option<&'a Vec<crate::check::Expectation>>,
    wants_output: expect::Wants,
}

/// What main starts from.
struct Start {
    code: Rc<Code>,
    params: Vec<Value>,
    random: Random,
    sink: Rc<RefCell<dyn Sink>>,
    recorder: Option<Recorder>,
    costs: crate::scenario::Costs,
    limits: MachineLimits,
    warnings: Rc<Warnings>,
    /// Where the context is left for what comes after the run.
    context: Rc<RefCell<Option<Rc<Context>>>>,
    /// Where main's exception is left: the executor has no output of a main that ended by a cancel.
    raised: Rc<RefCell<Option<TaskOutcome>>>,
}

impl Start {
    /// The main task: it makes the shared variables, then runs `main`.
    fn main(self, sim: Sim) -> impl Future<Output = TaskOutcome> + use<> {
        let Start { code, params, random, sink, recorder, costs, limits, warnings, context: place, raised } = self;
        let context =
            Rc::new(Context::new(sim, Rc::clone(&code), random, sink, recorder, costs, limits, Rc::clone(&warnings)));
        for (slot, value) in context.globals.borrow_mut().iter_mut().zip(params) {
            *slot = Some(value);
        }
        context.sim.on_retrieved(TaskOutcome::note_retrieved);
        let at_end = Rc::clone(&context);
        context.sim.on_shutdown(move || generators::shutdown(&at_end));
        place.replace(Some(Rc::clone(&context)));
        async move {
            if let Err(failure) = make_shared(&context, &code) {
                return TaskOutcome::Raised(Rc::new(failure));
            }
            let outcome = Machine::new(&context, code.main, Vec::new()).await;
            if let TaskOutcome::Raised(_) = &outcome {
                raised.replace(Some(outcome.clone()));
            }
            outcome
        }
    }
}

/// Evaluates the constructors of `shared`, in order.
fn make_shared(context: &Rc<Context>, code: &Code) -> Result<(), Failure> {
    context.refill();
    for (number, shared) in (code.params..).zip(&code.shared) {
        context.naming.replace(Some(Naming::of(&code.globals[number], &shared.value)));
        let mut slots = vec![None; shared.slots];
        let mut evaluator = Evaluator { context, task: 0, slots: &mut slots, names: Names::Outside };
        let value = evaluator.value(&shared.value);
        context.naming.take();
        match value {
            Ok(value) => context.globals.borrow_mut()[number] = Some(value),
            Err(exception) => {
                let step = Step { task: "main".into(), function: "shared".into(), place: shared.place, times: 1 };
                context.keep_way(|| vec![step.clone()]);
                return Err(Failure::new(exception, vec![step], &context.warnings));
            }
        }
    }
    Ok(())
}
