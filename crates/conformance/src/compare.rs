//! One program on both sides.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use timeskip_executor::Ending;
use timeskip_scenario::{Options, Record, Scenario};
use timeskip_trace::Trace;

use crate::coverage::Counts;
use crate::lowering::{Lowered, lower};
use crate::oracle::{Answer, Oracle, Silence, limits};
use crate::program::{Cost, Program};
use crate::sides;

/// What came of a comparison.
pub(crate) enum Verdict {
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

/// A program that is written out for both sides.
pub(crate) struct Written {
    yaml: String,
    /// Checked, and in Python; or why it is no scenario, or cannot be said there.
    both: Result<(Scenario, String), String>,
    print_cost: f64,
    /// How many steps of each kind stand in it.
    pub(crate) kinds: Counts,
}

impl Written {
    /// Writes a program out.
    pub(crate) fn new(program: &Program) -> Written {
        let Lowered { yaml, kinds } = lower(program);
        let both = sides::both(&yaml);
        let print_cost = if program.cost == Cost::Nothing { 0.0 } else { 0.001 };
        Written { yaml, both, print_cost, kinds }
    }

    /// Hands it to CPython, which is at work on it while the caller goes on.
    ///
    /// # Errors
    /// CPython has gone.
    pub(crate) fn ask(&self, oracle: &mut Oracle) -> Result<(), Silence> {
        match &self.both {
            Ok((_, python)) => oracle.ask(python, self.print_cost),
            Err(_) => Ok(()),
        }
    }

    /// Runs it here, then takes CPython's answer and compares.
    ///
    /// # Errors
    /// CPython cannot be started any more.
    pub(crate) fn judge(&self, oracle: &mut Oracle) -> Result<Verdict, Silence> {
        let (scenario, python) = match &self.both {
            Ok(both) => both,
            Err(problem) => {
                let ours = Answer { output: String::new(), ending: problem.clone() };
                let theirs = Answer { output: String::new(), ending: "never asked".to_owned() };
                return Ok(self.differs("", ours, theirs));
            }
        };
        let ours = catch_unwind(AssertUnwindSafe(|| run(scenario)));
        let theirs = match oracle.answer() {
            Ok(answer) => answer,
            Err(Silence::Hung) => return Ok(Verdict::LeftOut("CPython did not answer")),
            Err(Silence::Refused(problem)) => Answer { output: String::new(), ending: format!("refused: {problem}") },
            Err(gone) => return Err(gone),
        };
        let (ours, trace) =
            ours.unwrap_or_else(|_| (Answer { output: String::new(), ending: "panicked".to_owned() }, None));
        if ours == theirs { Ok(Verdict::Same(Box::new((ours, trace)))) } else { Ok(self.differs(python, ours, theirs)) }
    }

    fn differs(&self, python: &str, ours: Answer, theirs: Answer) -> Verdict {
        let (yaml, python) = (self.yaml.clone(), python.to_owned());
        Verdict::Differs(Box::new(Difference { yaml, python, ours, theirs }))
    }
}

fn run(scenario: &Scenario) -> (Answer, Option<Trace>) {
    let output = Rc::new(RefCell::new(String::new()));
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
