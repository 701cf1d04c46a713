//! One program on both sides.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use timeskip_executor::Ending;
use timeskip_scenario::report::{Style, render};
use timeskip_scenario::{Options, Record, load};
use timeskip_trace::Trace;

use crate::lowering::lower;
use crate::oracle::{Answer, Oracle, Silence, limits};
use crate::program::{Cost, Program};
use crate::python;

/// What came of a comparison.
pub enum Verdict {
    /// Both did the same; the ending, and the trace.
    Same(Box<(Answer, Option<Trace>)>),
    /// They did not.
    Differs(Box<Difference>),
    /// There was nothing to compare, for this reason.
    LeftOut(&'static str),
}

/// A program that both sides do not agree about.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The scenario.
    pub yaml: String,
    /// The same in Python.
    pub python: String,
    /// What timeskip did.
    pub ours: Answer,
    /// What CPython did.
    pub theirs: Answer,
}

impl Difference {
    /// The first line in which they differ: its number, ours, theirs.
    pub fn first(&self) -> (usize, String, String) {
        let lines = |answer: &Answer| -> Vec<String> {
            let ending = format!("-- {}", answer.ending);
            answer.output.lines().map(str::to_owned).chain([ending]).collect()
        };
        let (ours, theirs) = (lines(&self.ours), lines(&self.theirs));
        let same = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
        let line = |lines: &[String]| lines.get(same).cloned().unwrap_or_default();
        (same + 1, line(&ours), line(&theirs))
    }
}

/// Runs a program on both sides.
///
/// # Errors
/// CPython cannot be started any more.
pub fn compare(oracle: &mut Oracle, program: &Program) -> Result<Verdict, Silence> {
    let yaml = lower(program).yaml;
    let python = match python::export(&yaml) {
        Ok(python) => python,
        Err(problem) => {
            let ours = Answer { output: String::new(), ending: problem };
            let theirs = Answer { output: String::new(), ending: "never asked".to_owned() };
            return Ok(Verdict::Differs(Box::new(Difference { yaml, python: String::new(), ours, theirs })));
        }
    };
    let print_cost = if program.cost == Cost::Nothing { 0.0 } else { 0.001 };
    oracle.ask(&python, print_cost)?;
    // CPython is at work meanwhile.
    let ours = catch_unwind(AssertUnwindSafe(|| run(&yaml)));
    let theirs = match oracle.answer() {
        Ok(answer) => answer,
        Err(Silence::Hung) => return Ok(Verdict::LeftOut("CPython did not answer")),
        Err(Silence::Refused(problem)) => Answer { output: String::new(), ending: format!("refused: {problem}") },
        Err(gone) => return Err(gone),
    };
    let (ours, trace) =
        ours.unwrap_or_else(|_| (Answer { output: String::new(), ending: "panicked".to_owned() }, None));
    if ours == theirs {
        Ok(Verdict::Same(Box::new((ours, trace))))
    } else {
        Ok(Verdict::Differs(Box::new(Difference { yaml, python, ours, theirs })))
    }
}

fn run(yaml: &str) -> (Answer, Option<Trace>) {
    let output = Rc::new(RefCell::new(String::new()));
    let scenario = match load(yaml) {
        Ok(scenario) => scenario,
        Err(problems) => {
            let ending = render(&problems, yaml, "scenario.yaml", Style::Plain);
            return (Answer { output: String::new(), ending }, None);
        }
    };
    let options = Options { record: Record::Trace, limits: limits(), ..Options::default() };
    match scenario.run(&options, output.clone()) {
        Ok(outcome) => {
            let ending = ending_in_words(&outcome.ending);
            (Answer { output: output.take(), ending }, outcome.trace)
        }
        Err(error) => (Answer { output: String::new(), ending: error.to_string() }, None),
    }
}

/// An ending in the words of the oracle.
fn ending_in_words(ending: &Ending) -> String {
    match ending {
        Ending::Failed { reason, .. } => format!("failed: {reason}"),
        other => other.kind().to_owned(),
    }
}
