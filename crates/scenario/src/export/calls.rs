//! Calls: what our functions and methods are called in Python.
//!
//! [`PATHS`] lists the functions whose place in Python cannot be told from what they are. Everything else follows from its
//! kind: a task is a function of the file, a plain function is Python's own, and a function of the run or a primitive
//! is asyncio's of the same name.

use super::clock;
use super::expression::{Level, Quotes, Unquotable, Written};
use super::literal;
use super::prelude::Helper;
use super::writer::{Draws, Release, Writer};
use crate::code::{Constructor, RunFunction};
use crate::lang::ast::{Arg, Args, Expr, ExprKind, Name};
use crate::problem::Problem;
use crate::spec::Generator;
use crate::value::ExceptionKind;
use crate::value::builtins::Builtin;

/// Functions of the run by their names, and where Python has them.
const PATHS: &[(&str, &str)] = &[
    ("choice", "random.choice"),
    ("choices", "random.choices"),
    ("expovariate", "random.expovariate"),
    ("gauss", "random.gauss"),
    ("normalvariate", "random.normalvariate"),
    ("randint", "random.randint"),
    ("random", "random.random"),
    ("randrange", "random.randrange"),
    ("sample", "random.sample"),
    ("shuffle", "random.shuffle"),
    ("token_hex", "secrets.token_hex"),
    ("uniform", "random.uniform"),
];

/// Functions that only go through their one argument, and so take an iterator or a view in place of a list.
const CONSUMERS: &[&str] = &["all", "any", "dict", "enumerate", "list", "max", "min", "sorted", "sum", "tuple", "zip"];

/// Functions that give a list here, and an iterator or a set in Python.
const ITERATORS: &[&str] = &["all_tasks", "enumerate", "reversed", "zip"];

/// The same, of the methods.
const VIEWS: &[&str] = &["items", "keys", "values"];

impl Writer<'_> {
    /// `f(a, k=b)`.
    pub(super) fn call(&mut self, name: &Name, args: &Args, quotes: Quotes) -> Written {
        let is_function = !self.names.is_task(&name.text);
        if is_function && let ([Arg::One(value)], "seconds" | "ms") = (args.positional.as_slice(), &*name.text) {
            return self.duration(&name.text, value, quotes);
        }
        let call = self.plain_call(name, args, quotes)?;
        let is_list = is_function && ITERATORS.contains(&&*name.text);
        Ok((if is_list { format!("list({call})") } else { call }, Level::Primary))
    }

    /// `seconds(x)` and `ms(x)`: floats.
    fn duration(&mut self, name: &str, value: &Expr, quotes: Quotes) -> Written {
        match name {
            "seconds" => Ok((format!("float({})", self.within(value, Level::Conditional, quotes)?), Level::Primary)),
            _ => Ok((format!("{} / 1000", self.within(value, Level::Product, quotes)?), Level::Product)),
        }
    }

    fn plain_call(&mut self, name: &Name, args: &Args, quotes: Quotes) -> Result<String, Unquotable> {
        if self.names.is_task(&name.text) {
            let function = self.names.task(&name.text);
            return Ok(format!("{function}({})", self.arguments(args, Keywords::OfTask, quotes)?));
        }
        if let Some(call) = self.wait_for(name, args, quotes)? {
            return Ok(call);
        }
        let path = self.path(name);
        if name.text == "expovariate" && args.positional.is_empty() && args.named.is_empty() {
            // Its default came with 3.12.
            return Ok(format!("{path}(1.0)"));
        }
        if let Some(arguments) = self.with_callback(&name.text, args, quotes)? {
            return Ok(format!("{path}({arguments})"));
        }
        let arguments = match args.positional.as_slice() {
            [Arg::One(one)] if args.named.is_empty() && CONSUMERS.contains(&&*name.text) => self.sole(one, quotes)?,
            [Arg::One(one)] if name.text == "len" => self.measured(one, quotes)?,
            _ => self.arguments(args, Keywords::Plain, quotes)?,
        };
        Ok(format!("{path}({arguments})"))
    }

    /// What a function of the language is called, and its module noted.
    pub(super) fn path(&mut self, name: &Name) -> String {
        if name.text == "now" {
            self.helpers.insert(Helper::Now);
            return name.text.clone();
        }
        if name.text == "wait" {
            self.modules.insert("asyncio");
            self.helpers.insert(Helper::Wait);
            return name.text.clone();
        }
        if let Some(method) = clock::method_of_loop(&name.text) {
            return self.running_loop(method);
        }
        if let Some((_, path)) = PATHS.iter().find(|(known, _)| *known == name.text) {
            let module = path.split('.').next().unwrap_or_default();
            if module == "random" {
                self.draw(name);
            }
            self.modules.insert(module);
            return (*path).to_owned();
        }
        if RunFunction::from_name(&name.text).is_some() || Constructor::from_name(&name.text).is_some() {
            self.modules.insert("asyncio");
            return format!("asyncio.{}", name.text);
        }
        match (Builtin::from_name(&name.text), ExceptionKind::from_name(&name.text)) {
            (None, Some(kind)) => self.exception(kind),
            _ => name.text.clone(),
        }
    }

    /// An exception's class.
    pub(super) fn exception(&mut self, kind: ExceptionKind) -> String {
        if !kind.is_asyncio() {
            return kind.name().to_owned();
        }
        if kind.name() == "QueueShutDown" {
            self.release = Release::Python313;
        }
        self.modules.insert("asyncio");
        format!("asyncio.{}", kind.name())
    }

    fn draw(&mut self, name: &Name) {
        self.draws = Draws::Numbers;
        if self.setting.generator == Generator::ChaCha {
            let place = self.scalar.map(|scalar| scalar.locate(name.at.start as usize, name.at.end as usize));
            let title = format!("`{}` draws from `chacha`, which Python does not have", name.text);
            let problem =
                Problem::new(place.unwrap_or_default(), title, "a program in Python would draw other numbers");
            let problem = problem.help("choose Python's own generator: `random: {python: 1}`");
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    /// `object.name(a, k=b)`.
    pub(super) fn method(&mut self, object: &Expr, name: &Name, args: &Args, quotes: Quotes) -> Written {
        let call = self.plain_method(object, name, args, quotes)?;
        match &*name.text {
            "when" => {
                self.helpers.insert(Helper::SinceStart);
                return Ok((format!("since_start({call})"), Level::Primary));
            }
            "shutdown" => self.release = Release::Python313,
            _ => {}
        }
        let is_list = VIEWS.contains(&&*name.text);
        Ok((if is_list { format!("list({call})") } else { call }, Level::Primary))
    }

    fn plain_method(&mut self, object: &Expr, name: &Name, args: &Args, quotes: Quotes) -> Result<String, Unquotable> {
        let object = self.within(object, Level::Primary, quotes)?;
        if let Some(arguments) = self.with_callback(&name.text, args, quotes)? {
            return Ok(format!("{object}.{}({arguments})", name.text));
        }
        let arguments = match args.positional.as_slice() {
            [Arg::One(one)] if args.named.is_empty() && name.text == "join" => self.sole(one, quotes)?,
            [Arg::One(predicate)] if name.text == "wait_for" => {
                format!("lambda: {}", self.within(predicate, Level::Conditional, quotes)?)
            }
            [Arg::One(when)] if name.text == "reschedule" => self.loop_time(when, quotes)?,
            _ => self.arguments(args, Keywords::Plain, quotes)?,
        };
        Ok(format!("{object}.{}({arguments})", name.text))
    }

    /// The argument of a function that goes through it.
    fn sole(&mut self, argument: &Expr, quotes: Quotes) -> Result<String, Unquotable> {
        match &argument.kind {
            ExprKind::Generator(element, clauses) => self.comprehension(element, clauses, quotes),
            _ => self.iterated(argument, Level::Conditional, quotes),
        }
    }

    /// An expression whose value is only gone through, or searched: an iterator does.
    pub(super) fn iterated(&mut self, expr: &Expr, level: Level, quotes: Quotes) -> Result<String, Unquotable> {
        match &expr.kind {
            ExprKind::Call(name, args) if !self.names.is_task(&name.text) && ITERATORS.contains(&&*name.text) => {
                self.plain_call(name, args, quotes)
            }
            ExprKind::Method(object, name, args) if VIEWS.contains(&&*name.text) => {
                self.plain_method(object, name, args, quotes)
            }
            _ => self.within(expr, level, quotes),
        }
    }

    /// The argument of `len`: a set and a view have a length, an iterator has none.
    fn measured(&mut self, expr: &Expr, quotes: Quotes) -> Result<String, Unquotable> {
        match &expr.kind {
            ExprKind::Call(name, _) if name.text != "all_tasks" => self.within(expr, Level::Conditional, quotes),
            _ => self.iterated(expr, Level::Conditional, quotes),
        }
    }

    /// The arguments of a function of Python's.
    pub(super) fn plain_arguments(&mut self, args: &Args, quotes: Quotes) -> Result<String, Unquotable> {
        self.arguments(args, Keywords::Plain, quotes)
    }

    fn arguments(&mut self, args: &Args, keywords: Keywords, quotes: Quotes) -> Result<String, Unquotable> {
        let mut written = Vec::with_capacity(args.positional.len() + args.named.len());
        for argument in &args.positional {
            written.push(match argument {
                Arg::One(value) => self.within(value, Level::Conditional, quotes)?,
                Arg::Spread(values) => format!("*{}", self.within(values, Level::BitOr, quotes)?),
            });
        }
        for (name, value) in &args.named {
            let is_limit = keywords == Keywords::Plain && name.text == "timeout";
            let name = match keywords {
                Keywords::OfTask => self.names.variable(&name.text),
                Keywords::Plain => name.text.clone(),
            };
            let value = match value.kind {
                ExprKind::Duration(seconds) if is_limit => literal::seconds(seconds),
                _ => self.within(value, Level::Conditional, quotes)?,
            };
            written.push(format!("{name}={value}"));
        }
        Ok(written.join(", "))
    }

    /// A time, written as Python's functions take it: as an int where it is one.
    pub(super) fn seconds_of(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Duration(number) | ExprKind::Float(number) => literal::seconds(*number),
            ExprKind::Call(name, args) if name.text == "seconds" && !self.names.is_task("seconds") => {
                match args.positional.as_slice() {
                    [Arg::One(value)] => self.top(value, Level::Conditional),
                    _ => self.top(expr, Level::Conditional),
                }
            }
            _ => self.top(expr, Level::Conditional),
        }
    }
}

/// What the names of a call's arguments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keywords {
    /// Parameters of a task, which are called as its variables are.
    OfTask,
    /// Python's own.
    Plain,
}
