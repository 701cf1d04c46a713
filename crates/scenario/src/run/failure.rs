//! From the end of a run to what a person reads: where it stopped, and which awaits led there.

use std::rc::Rc;

use timeskip_executor::{Ending, Limit};

use crate::code::Place;
use crate::machine::after as machine_after;
use crate::machine::context::Context;
use crate::machine::halt::Halt;
use crate::machine::outcome::{Failure, Outcome as TaskOutcome, Step, describe};
use crate::problem::Problem;
use crate::run::tree::tree;
use crate::value::Value;

/// How a run ended, with what main came to.
pub(super) struct Conclusion {
    pub(super) ending: Ending,
    pub(super) failure: Option<Problem>,
    /// What main returned.
    pub(super) result: Option<Value>,
}

/// Puts the executor's ending and main's outcome together.
pub(super) fn conclude(context: Option<&Rc<Context>>, ending: Ending, output: Option<TaskOutcome>) -> Conclusion {
    if let Some(TaskOutcome::Raised(failure)) = &output {
        failure.retrieve();
    }
    match (ending, output) {
        (ending @ Ending::Finished { .. }, Some(TaskOutcome::Returned(value))) => {
            Conclusion { ending, failure: None, result: Some(value) }
        }
        (ending @ Ending::Failed { .. }, Some(TaskOutcome::Raised(failure))) => {
            Conclusion { ending: failed(&ending, &failure), failure: Some(explain(&failure)), result: None }
        }
        (ending @ Ending::Failed { .. }, _) => Conclusion { ending: cancelled(ending), failure: None, result: None },
        (ending, _) => {
            let failure = context.and_then(|context| stopped(context, &ending));
            Conclusion { ending, failure, result: None }
        }
    }
}

fn failed(ending: &Ending, failure: &Failure) -> Ending {
    let first = failure.way.first();
    Ending::Failed {
        at: ending.at(),
        task: first.map_or_else(|| "main".to_owned(), |step| step.task.to_string()),
        reason: describe(&failure.exception),
        line: first.map(|step| step.place.line),
    }
}

/// Main returned with a cancel on its way to it, which no step of it raised: the executor's words for it in Python's.
fn cancelled(ending: Ending) -> Ending {
    match ending {
        Ending::Failed { at, task, reason, line } => {
            let message = reason.strip_prefix("it was cancelled").map(|message| format!("CancelledError{message}"));
            Ending::Failed { at, task, reason: message.unwrap_or(reason), line }
        }
        other => other,
    }
}

/// Where a run stood that a limit stopped, as far as that is the fault of one step.
fn stopped(context: &Context, ending: &Ending) -> Option<Problem> {
    if let Some(Halt { ending, way }) = context.take_halt() {
        return halted(&ending, &way);
    }
    let Ending::Livelock { turns, .. } = ending else { return None };
    let (function, at) = context.last_wait.get();
    let function = context.code.functions.get(function as usize)?;
    let place = function.places.get(at as usize)?;
    let title = format!("{turns} turns without time moving");
    let problem = Problem::new(place.span, title, format!("the last step to wait, in {}", function.name));
    Some(problem.help("tasks wake one another, or give up their turn, for ever: nothing here ever sleeps"))
}

/// The step at which a limit stopped the run.
fn halted(ending: &Ending, way: &[Step]) -> Option<Problem> {
    let (title, label) = match ending {
        Ending::EndlessStep { .. } => ("a step that never ends".to_owned(), "it still ran here"),
        Ending::LimitReached { limit: limit @ Limit::Memory(_), .. } => {
            (format!("more than {limit}"), "beyond it here")
        }
        Ending::LimitReached { limit, .. } => (format!("more than {limit}"), "this one is too many"),
        _ => return None,
    };
    let problem = along(way, title, label)?;
    Some(match ending {
        Ending::EndlessStep { .. } if problem.help.is_none() => {
            problem.help("until a task awaits something, no other task runs and no time passes")
        }
        _ => problem,
    })
}

/// The exception at the step that raised it, with the chain of awaits that led there.
pub(super) fn explain(failure: &Failure) -> Problem {
    let title = describe(&failure.exception);
    let problem = along(&failure.way, title.clone(), "raised here")
        .unwrap_or_else(|| Problem::new(Default::default(), title, "raised before the first step"));
    match (tree(&failure.exception), problem.help.clone()) {
        (None, _) => problem,
        (Some(tree), None) => problem.help(tree),
        (Some(tree), Some(help)) => problem.help(format!("{help}\n{tree}")),
    }
}

/// How many awaits are told.
const TOLD: usize = 10;

/// A problem at the first step of a way, with the others as the awaits that led there.
fn along(way: &[Step], title: String, label: &str) -> Option<Problem> {
    let (first, others) = way.split_first()?;
    let mut problem = Problem::new(first.place.span, title, format!("{label}, in {}", name(first)));
    if let Some(next) = others.first().filter(|next| next.place.span != first.place.span) {
        problem = problem.related(next.place.span, format!("awaited here, in {}", name(next)));
    }
    let itself = Step { times: first.times - 1, ..first.clone() };
    let awaits: Vec<String> = std::iter::once(&itself).filter(|step| step.times > 0).chain(others).map(told).collect();
    let more = awaits.len().saturating_sub(TOLD);
    let mut text = awaits[..awaits.len() - more].join(", by ");
    if more > 0 {
        text.push_str(&format!(", and {more} more"));
    }
    Some(if text.is_empty() { problem } else { problem.help(format!("awaited by {text}")) })
}

fn told(step: &Step) -> String {
    let Step { place: Place { line, .. }, times, .. } = step;
    let often = if *times > 1 { format!(", {times} times over") } else { String::new() };
    format!("{} at line {line}{often}", name(step))
}

fn name(step: &Step) -> String {
    if *step.function == *step.task {
        step.task.to_string()
    } else {
        format!("{} of task {}", step.function, step.task)
    }
}

/// Runs `after`, when the run has finished; what it fails with.
pub(super) fn after(context: &Rc<Context>, ending: &Ending, result: &Option<Value>) -> Option<Problem> {
    if !matches!(ending, Ending::Finished { .. }) {
        return None;
    }
    let failure = machine_after(context, result.clone().unwrap_or(Value::None));
    if let Some(Halt { ending, way }) = context.take_halt() {
        return halted(&ending, &way);
    }
    let failure = failure?;
    failure.retrieve();
    Some(explain(&failure))
}
