//! From the end of a run to what a person reads: where it failed, and which awaits led there.

use std::rc::Rc;

use timeskip_executor::Ending;

use crate::code::Code;
use crate::machine::after as machine_after;
use crate::machine::context::Context;
use crate::machine::outcome::{Failure, Outcome as TaskOutcome, Step, describe};
use crate::problem::Problem;
use crate::run::Outcome;
use crate::value::Value;

/// How a run ended, with what main came to.
pub(super) struct Conclusion {
    pub(super) ending: Ending,
    pub(super) failure: Option<Problem>,
    /// What main returned.
    pub(super) result: Option<Value>,
}

/// Puts the executor's ending and main's outcome together.
pub(super) fn conclude(code: &Code, ending: Ending, output: Option<TaskOutcome>) -> Conclusion {
    match output {
        Some(TaskOutcome::Returned(value)) if matches!(ending, Ending::Finished { .. }) => {
            Conclusion { ending, failure: None, result: Some(value) }
        }
        Some(TaskOutcome::Raised(failure)) if matches!(ending, Ending::Failed { .. }) => {
            failure.retrieve();
            let ending = failed(&ending, &failure);
            let problem = explain(&failure);
            Conclusion { ending, failure: Some(problem), result: None }
        }
        Some(TaskOutcome::Raised(failure)) => {
            failure.retrieve();
            stopped(code, ending)
        }
        _ => stopped(code, ending),
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

/// A run that came to no end of its own.
fn stopped(_code: &Code, ending: Ending) -> Conclusion {
    Conclusion { ending, failure: None, result: None }
}

/// The exception at the step that raised it, with the chain of awaits that led there.
pub(super) fn explain(failure: &Failure) -> Problem {
    let title = describe(&failure.exception);
    let Some(first) = failure.way.first() else { return Problem::new(Default::default(), title, "raised here") };
    let problem = Problem::new(first.place.span, title, format!("raised here, in {}", name(first)));
    let awaits: Vec<String> =
        failure.way[1..].iter().map(|step| format!("{} at line {}", name(step), step.place.line)).collect();
    let problem = match failure.way.get(1) {
        Some(next) if next.place.span != first.place.span => {
            problem.related(next.place.span, format!("awaited here, in {}", name(next)))
        }
        _ => problem,
    };
    if awaits.is_empty() { problem } else { problem.help(format!("awaited by {}", awaits.join(", by "))) }
}

fn name(step: &Step) -> String {
    if *step.function == *step.task {
        step.task.to_string()
    } else {
        format!("{} of task {}", step.function, step.task)
    }
}

/// Runs `after`, when the run has finished; what it fails with.
pub(super) fn after(context: &Rc<Context>, outcome: &Outcome, result: &Option<Value>) -> Option<Problem> {
    if !matches!(outcome.ending, Ending::Finished { .. }) {
        return None;
    }
    let failure = machine_after(context, result.clone().unwrap_or(Value::None))?;
    failure.retrieve();
    Some(explain(&failure))
}
