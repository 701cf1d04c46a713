//! What a name in front of brackets calls, and whether the arguments fit.

use crate::check::syntax;
use crate::check::tasks::{Parameters, TaskHeads};
use crate::code::{Callee, Constructor, MethodName, ObjectMethod, RunFunction};
use crate::lang::ast::{self, Arg, ExprKind, Piece};
use crate::problem::Problem;
use crate::source::Scalar;
use crate::suggest;
use crate::value::arguments::{Arity, Names};
use crate::value::builtins::Builtin;
use crate::value::methods::Method;
use crate::value::{ExceptionKind, Value, format};

/// What a name calls; the file's tasks come first.
pub(crate) fn callee(name: &str, tasks: &TaskHeads) -> Option<Callee> {
    tasks
        .find(name)
        .map(Callee::Task)
        .or_else(|| RunFunction::from_name(name).map(Callee::Function))
        .or_else(|| Builtin::from_name(name).map(Callee::Builtin))
        .or_else(|| Constructor::from_name(name).map(Callee::Constructor))
        .or_else(|| ExceptionKind::from_name(name).map(Callee::Exception))
}

/// What a name of asyncio stands for that is a plain value: there these three are texts, too.
pub(crate) fn constant(name: &str) -> Option<Value> {
    ["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"].contains(&name).then(|| Value::text(name))
}

/// All names that can be called.
pub(crate) fn names(tasks: &TaskHeads) -> impl Iterator<Item = &str> {
    tasks
        .names()
        .chain(RunFunction::NAMES.iter().copied())
        .chain(Builtin::ALL.iter().map(|builtin| builtin.name()))
        .chain(Constructor::NAMES.iter().copied())
        .chain(ExceptionKind::ALL.iter().map(|kind| kind.name()))
}

/// All names of methods.
pub(crate) fn method_names() -> impl Iterator<Item = &'static str> {
    ObjectMethod::NAMES.iter().copied().chain(Method::ALL.iter().map(|method| method.name()))
}

/// Whether calling it leaves the run as it is.
pub(crate) fn is_pure(callee: Callee) -> bool {
    match callee {
        Callee::Builtin(_) | Callee::Exception(_) => true,
        Callee::Function(function) => {
            matches!(function, RunFunction::Now | RunFunction::AllTasks)
        }
        Callee::Task(_) | Callee::Constructor(_) => false,
    }
}

/// Whether a method changes the object that it is called on, or could.
pub(crate) fn changes(method: MethodName) -> bool {
    use ObjectMethod as M;
    let object = method.object.is_some_and(|method| {
        !matches!(
            method,
            M::Done
                | M::Result
                | M::Exception
                | M::Cancelled
                | M::Cancelling
                | M::GetName
                | M::When
                | M::Expired
                | M::Qsize
                | M::Empty
                | M::Full
                | M::IsSet
                | M::Locked
        )
    });
    let plain = matches!(
        method.plain,
        Some(
            Method::Append
                | Method::Clear
                | Method::Extend
                | Method::Insert
                | Method::Pop
                | Method::Remove
                | Method::Reverse
                | Method::SetDefault
                | Method::Sort
                | Method::Update
        )
    );
    // `get` and `join` belong to plain values, too, where they change nothing; only the run can tell.
    plain || object && method.plain.is_none()
}

fn arity_of(callee: Callee) -> Option<Arity> {
    use RunFunction as F;
    Some(match callee {
        Callee::Builtin(builtin) => builtin.arity(),
        Callee::Function(function) => match function {
            F::Now | F::AllTasks | F::CurrentTask | F::Random => Arity::exactly(0),
            F::Randint | F::Uniform => Arity::exactly(2),
            F::Randrange => Arity::between(1, 3),
            F::Choice | F::Shuffle => Arity::exactly(1),
            F::Choices => Arity::between(1, 2).with_names(&["weights", "k"]),
            F::Sample => Arity::exactly(2),
            F::Gauss | F::Normalvariate => Arity::between(0, 2).with_names(&["mu", "sigma"]),
            F::Expovariate => Arity::between(0, 1).with_names(&["lambd"]),
            F::TokenHex => Arity::exactly(1),
            F::Wait => Arity::exactly(1).with_names(&["timeout", "return_when"]),
            F::WaitFor => Arity::exactly(2).with_names(&["timeout"]),
            F::Gather => Arity::at_least(0).with_names(&["return_exceptions"]),
            F::Shield => Arity::exactly(1),
            F::CallSoon => Arity::at_least(1),
            F::CallLater | F::CallAt => Arity::at_least(2),
            F::Sleep => Arity::between(1, 2).with_names(&["result"]),
        },
        Callee::Constructor(constructor) => match constructor {
            Constructor::Queue | Constructor::PriorityQueue | Constructor::LifoQueue => {
                Arity::between(0, 1).with_names(&["maxsize"])
            }
            Constructor::Lock | Constructor::Event | Constructor::Future => Arity::exactly(0),
            Constructor::Semaphore | Constructor::BoundedSemaphore => Arity::exactly(0).with_names(&["value"]),
            Constructor::Condition => Arity::exactly(0).with_names(&["lock"]),
            Constructor::Barrier => Arity::exactly(1).with_names(&["parties"]),
        },
        Callee::Exception(_) => Arity::at_least(0),
        Callee::Task(_) => return None,
    })
}

/// What is wrong with the number or the names of a call's arguments.
pub(crate) fn check_arguments(
    callee: Callee,
    scalar: &Scalar,
    name: &ast::Name,
    args: &ast::Args,
    tasks: &TaskHeads,
) -> Option<Problem> {
    if let Callee::Task(task) = callee {
        return check_task_arguments(task, scalar, name, args, tasks);
    }
    check_arity(&name.text, arity_of(callee)?, scalar, name, args)
}

fn check_arity(shown: &str, arity: Arity, scalar: &Scalar, name: &ast::Name, args: &ast::Args) -> Option<Problem> {
    let Names::Only(names) = arity.names else { return None };
    for (given, _) in &args.named {
        if !names.contains(&given.text.as_str()) {
            let label = match names {
                [] => "it takes no arguments by name".to_owned(),
                known => format!("known names: {}", known.join(", ")),
            };
            let title = format!("`{shown}` has no argument `{}`", given.text);
            let near = suggest::nearest(&given.text, names.iter().copied());
            return Some(suggested(scalar, given, near, syntax::problem(scalar, given.at, title, label)));
        }
    }
    let count = plain_count(args)?;
    let most = arity.most.map_or(usize::MAX, |most| most + names.len());
    let fits = count + args.named.len() >= arity.least && count <= most;
    (!fits).then(|| {
        let expected = match (arity.least, arity.most) {
            (least, Some(most)) if least == most => plural(least),
            (least, Some(most)) => format!("{least} to {}", plural(most)),
            (least, None) => format!("at least {}", plural(least)),
        };
        let title = format!("wrong number of arguments for `{shown}`");
        syntax::problem(scalar, name.at, title, format!("expected {expected}, found {count}"))
    })
}

/// The problem with the name that may have been meant, if one is near.
fn suggested(scalar: &Scalar, given: &ast::Name, near: Option<&str>, problem: Problem) -> Problem {
    let Some(near) = near else { return problem };
    problem.help(format!("did you mean `{near}`?")).patch(Some((syntax::place(scalar, given.at), near.to_owned())))
}

fn plural(count: usize) -> String {
    format!("{count} argument{}", if count == 1 { "" } else { "s" })
}

/// How many arguments there are by position; unknown where one is spread.
fn plain_count(args: &ast::Args) -> Option<usize> {
    let spread = args.positional.iter().any(|argument| matches!(argument, Arg::Spread(_)));
    (!spread).then_some(args.positional.len())
}

fn check_task_arguments(
    task: u32,
    scalar: &Scalar,
    name: &ast::Name,
    args: &ast::Args,
    tasks: &TaskHeads,
) -> Option<Problem> {
    let head = tasks.get(task);
    if head.parameters == Parameters::Guessed {
        return None;
    }
    let parameters = &head.signature.parameters;
    let shown: Vec<&str> = parameters.iter().map(|(name, _)| name.text.as_str()).collect();
    let count = plain_count(args)?;
    let declared = |problem: Problem| problem.related(head.at, format!("`{}` is declared here", name.text));
    for (position, (given, _)) in args.named.iter().enumerate() {
        let Some(parameter) = shown.iter().position(|known| *known == given.text) else {
            let title = format!("`{}` has no parameter `{}`", name.text, given.text);
            let label =
                format!("its parameters: {}", if shown.is_empty() { "none".to_owned() } else { shown.join(", ") });
            let problem = declared(syntax::problem(scalar, given.at, title, label));
            let near = suggest::nearest(&given.text, shown.iter().copied());
            return Some(suggested(scalar, given, near, problem));
        };
        let again = args.named[..position].iter().any(|(earlier, _)| earlier.text == given.text);
        if parameter < count || again {
            let title = format!("the parameter `{}` is given twice", given.text);
            return Some(syntax::problem(scalar, given.at, title, "given before"));
        }
    }
    let given = |index: usize, name: &str| index < count || args.named.iter().any(|(given, _)| given.text == name);
    let missing: Vec<&str> = parameters
        .iter()
        .enumerate()
        .filter(|(index, (name, default))| default.is_none() && !given(*index, &name.text))
        .map(|(_, (name, _))| name.text.as_str())
        .collect();
    if missing.is_empty() && count <= parameters.len() {
        return None;
    }
    let title = format!("wrong number of arguments for `{}`", name.text);
    let found = count + args.named.len();
    let needed = parameters.iter().filter(|(_, default)| default.is_none()).count();
    let least = if needed < parameters.len() { format!("{needed} to ") } else { String::new() };
    let names = if shown.is_empty() { String::new() } else { format!(" ({})", shown.join(", ")) };
    let label = format!("expected {least}{}{names}, found {found}", plural(parameters.len()));
    Some(declared(syntax::problem(scalar, name.at, title, label)))
}

fn arity_of_method(method: ObjectMethod) -> Arity {
    use ObjectMethod as M;
    match method {
        M::Put | M::PutNowait | M::WaitFor | M::Reschedule => Arity::exactly(1),
        M::SetName | M::SetResult | M::SetException => Arity::exactly(1),
        M::AddDoneCallback | M::RemoveDoneCallback => Arity::exactly(1),
        M::Shutdown => Arity::between(0, 1).with_names(&["immediate"]),
        M::CreateTask => Arity::exactly(1).with_names(&["name"]),
        M::Notify => Arity::exactly(0).with_names(&["n"]),
        M::Cancel => Arity::between(0, 1).with_names(&["msg"]),
        _ => Arity::exactly(0),
    }
}

/// What is wrong with the arguments of a method, whatever it is called on.
pub(crate) fn check_method_arguments(
    method: MethodName,
    scalar: &Scalar,
    name: &ast::Name,
    args: &ast::Args,
) -> Option<Problem> {
    let plain = method.plain.into_iter().flat_map(Method::arities).map(|(_, arity)| arity);
    let arities: Vec<Arity> = plain.chain(method.object.map(arity_of_method)).collect();
    let problems = arities.iter().map(|arity| check_arity(&name.text, *arity, scalar, name, args));
    let mut problems: Vec<Option<Problem>> = problems.collect();
    if problems.iter().any(Option::is_none) { None } else { problems.pop().flatten() }
}

/// A format specification that no value, or not this literal, can take.
pub(crate) fn check_format(
    scalar: &Scalar,
    value: &ast::Expr,
    conversion: Option<char>,
    spec: &ast::Text,
    at: ast::Range,
) -> Option<Problem> {
    let [Piece::Literal(spec)] = spec.pieces.as_slice() else { return None };
    let samples: Vec<Value> = match &value.kind {
        // What is formatted is then the text that the conversion makes.
        _ if conversion.is_some() => vec![Value::text("x")],
        ExprKind::Int(number) => vec![Value::Int(*number)],
        ExprKind::Float(number) | ExprKind::Duration(number) => vec![Value::Float(*number)],
        ExprKind::Str(text) => vec![Value::text(text.as_str())],
        _ => vec![Value::Int(1), Value::Float(1.5), Value::text("x")],
    };
    let mut message = String::new();
    for sample in &samples {
        match format(sample, spec, &mut String::new()) {
            Ok(()) => return None,
            Err(exception) => message = exception.message(),
        }
    }
    let problem = syntax::problem(scalar, at, format!("bad format specification `{spec}`"), message);
    Some(problem.help("as in Python: `{x:0.2f}`, `{n:5d}`, `{name:<10}`"))
}
