//! Holding a run against what the file expects of it.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::{Delay, SimTime};

use crate::check::{Expectation, ExpectationKind};
use crate::lang::ast::CompareOp;
use crate::machine::context::Context;
use crate::machine::evaluate::Evaluator;
use crate::machine::functions;
use crate::machine::objects::{self, QueueObject};
use crate::machine::outcome::describe;
use crate::problem::Problem;
use crate::run::{Outcome, Sink};
use crate::value::{self, Result, Value, compare};

/// Whether what is printed must be kept for the expectations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    Output,
    Nothing,
}

/// Whether some expectation is about what is printed.
pub(super) fn wants_output(expectations: &[Expectation]) -> Wants {
    let prints = |expectation: &Expectation| matches!(expectation.kind, ExpectationKind::Prints(_));
    if expectations.iter().any(prints) { Wants::Output } else { Wants::Nothing }
}

/// Hands on what is printed, and keeps it where an expectation wants it.
pub(super) struct Watched {
    sink: Rc<RefCell<dyn Sink>>,
    wants: Wants,
    printed: String,
}

impl Watched {
    pub(super) fn new(sink: Rc<RefCell<dyn Sink>>, wants: Wants) -> Watched {
        Watched { sink, wants, printed: String::new() }
    }
}

impl Sink for Watched {
    fn line(&mut self, task: u32, text: &str) {
        if self.wants == Wants::Output {
            self.printed.push_str(text);
            self.printed.push('\n');
        }
        self.sink.borrow_mut().line(task, text);
    }
}

/// A run that is over.
pub(super) struct Held<'a> {
    pub(super) context: &'a Rc<Context>,
    pub(super) outcome: &'a Outcome,
    pub(super) result: &'a Option<Value>,
    pub(super) output: &'a Watched,
}

impl Held<'_> {
    /// The expectations that do not hold; and whether the file expects the run to end as it did, so that a failure or
    /// a deadlock is a success.
    pub(super) fn check(&self, expectations: &[Expectation]) -> (Vec<Problem>, bool) {
        self.context.refill();
        let mut missed = Vec::new();
        let mut expects_ending = false;
        for expectation in expectations {
            if let ExpectationKind::Ends(kind) = &expectation.kind {
                expects_ending = true;
                let found = self.outcome.ending.kind();
                if kind.0 != found {
                    let headline = self.outcome.ending.headline();
                    missed.push(self.problem(expectation, format!("the run ended otherwise: {headline}")));
                }
                continue;
            }
            if let Some(found) = self.miss(expectation) {
                missed.push(self.problem(expectation, found));
            }
        }
        let ended_well = matches!(self.outcome.ending, timeskip_executor::Ending::Finished { .. });
        if !expects_ending && !ended_well && self.outcome.failure.is_none() {
            // The ending itself says what is wrong; there is no place in the file to point at.
            missed.clear();
        }
        (missed, expects_ending && self.outcome.ending.kind() != "finished")
    }

    fn problem(&self, expectation: &Expectation, found: String) -> Problem {
        Problem::new(expectation.span, "an expectation is missed", found)
    }

    /// What was found instead, where the expectation does not hold.
    fn miss(&self, expectation: &Expectation) -> Option<String> {
        let mut slots = vec![None; expectation.slots];
        let names: Vec<Rc<str>> = vec![Rc::from("result"); expectation.slots];
        slots[0].clone_from(self.result);
        let mut evaluator = Evaluator { context: self.context, task: 0, slots: &mut slots, names: &names };
        let found = match &expectation.kind {
            ExpectationKind::Takes(seconds) => self.takes(evaluator.value(seconds)),
            ExpectationKind::Ends(_) => Ok(None),
            ExpectationKind::Prints(lines) => {
                let lines = lines.iter().map(|line| evaluator.text(line)).collect::<Result<Vec<String>>>();
                lines.map(|lines| self.prints(&lines))
            }
            ExpectationKind::Result(expr) => evaluator.value(expr).and_then(|expected| self.returns(&expected)),
            ExpectationKind::NoLoss(queue) => evaluator.value(queue).map(|queue| no_loss(&queue)),
            ExpectationKind::That(expr) => evaluator
                .value(expr)
                .map(|holds| (!holds.is_true()).then(|| format!("`{}` is {holds:?}", expectation.written))),
        };
        match found {
            Ok(found) => found,
            Err(exception) => Some(format!("it cannot be evaluated: {}", describe(&exception))),
        }
    }

    fn takes(&self, seconds: Result<Value>) -> Result<Option<String>> {
        let seconds = functions::seconds(&seconds?)?;
        let expected = Delay::from_secs_f64(seconds).map_or(SimTime::ZERO, SimTime::after_start);
        let found = self.outcome.ending.at();
        Ok((expected.as_nanos() != found.as_nanos()).then(|| format!("it took {found} s")))
    }

    fn returns(&self, expected: &Value) -> Result<Option<String>> {
        let Some(result) = self.result else { return Ok(Some("main returned nothing".to_owned())) };
        let same = compare(CompareOp::Equal, result, expected)?;
        Ok((!same).then(|| format!("main returned {}", shortened(&value::repr(result).unwrap_or_default()))))
    }

    /// The first line that is missing.
    fn prints(&self, lines: &[String]) -> Option<String> {
        let mut printed = self.output.printed.lines();
        for line in lines.iter().flat_map(|text| text.split('\n')) {
            if !printed.any(|found| found == line) {
                let anywhere = self.output.printed.lines().any(|found| found == line);
                let how = if anywhere { "only before the ones above it" } else { "never" };
                return Some(format!("{:?} was printed {how}", shortened(line)));
            }
        }
        None
    }
}

fn no_loss(queue: &Value) -> Option<String> {
    let Some(object) = objects::downcast::<QueueObject>(queue) else {
        return Some(format!("it is no queue but {}", queue.type_name()));
    };
    let (put, got, left) = (object.queue.put_count(), object.queue.got_count(), object.queue.len() as u64);
    let lost = put != got + left || left > 0;
    lost.then(|| format!("{put} items were put and {got} were got; {left} are left in the queue"))
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 200;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}...")
}
