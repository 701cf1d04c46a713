//! Holding a run against what the file expects of it.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::{Delay, SimTime};

use crate::check::{Expectation, ExpectationKind};
use crate::lang::ast::CompareOp;
use crate::machine::context::Context;
use crate::machine::evaluate::{Evaluator, Names};
use crate::machine::functions;
use crate::machine::objects::{self, QueueObject};
use crate::machine::outcome::describe;
use crate::problem::Problem;
use crate::run::{Outcome, Sink};
use crate::source::Span;
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

/// What came of holding a run against what is expected of it.
pub(super) struct Verdict {
    /// The expectations that do not hold.
    pub(super) missed: Vec<Problem>,
    /// Whether the run ended as the file says, or finished where it says nothing.
    pub(super) ends_as_expected: bool,
}

/// A run that is over.
pub(super) struct Held<'a> {
    pub(super) context: &'a Rc<Context>,
    pub(super) outcome: &'a Outcome,
    pub(super) result: &'a Option<Value>,
    pub(super) output: &'a Watched,
}

impl Held<'_> {
    /// Holds the run against all expectations. Where the file says how it ends, a failure or a deadlock is a success.
    pub(super) fn check(&self, expectations: &[Expectation]) -> Verdict {
        let mut missed = Vec::new();
        let ended_well = matches!(self.outcome.ending, timeskip_executor::Ending::Finished { .. });
        let mut ends_as_expected = None;
        for expectation in expectations {
            if let ExpectationKind::Ends(kind) = &expectation.kind {
                let same = kind.0 == self.outcome.ending.kind();
                ends_as_expected = Some(same);
                if !same {
                    let headline = self.outcome.ending.headline();
                    missed.push(missed_at(expectation.span, format!("the run ended otherwise: {headline}")));
                }
                continue;
            }
            missed.extend(self.miss(expectation));
        }
        if ends_as_expected.is_none() && !ended_well {
            // The ending itself says what is wrong; that less was done by then is no news.
            missed.clear();
        }
        Verdict { missed, ends_as_expected: ends_as_expected.unwrap_or(ended_well) }
    }

    /// What was found instead, where the expectation does not hold.
    fn miss(&self, expectation: &Expectation) -> Option<Problem> {
        let here = |found: Option<String>| found.map(|found| missed_at(expectation.span, found));
        self.context.refill();
        let mut slots = vec![None; expectation.slots];
        slots[0].clone_from(self.result);
        let mut evaluator = Evaluator { context: self.context, task: 0, slots: &mut slots, names: Names::Outside };
        let found = match &expectation.kind {
            ExpectationKind::Takes(seconds) => self.takes(evaluator.value(seconds)).map(here),
            ExpectationKind::Ends(_) => Ok(None),
            ExpectationKind::Prints(lines) => {
                let lines = lines.iter().map(|(line, span)| Ok((evaluator.text(line)?, *span)));
                lines.collect::<Result<Vec<(String, Span)>>>().map(|lines| self.prints(&lines))
            }
            ExpectationKind::Result(expr) => {
                evaluator.value(expr).and_then(|expected| self.returns(&expected)).map(here)
            }
            ExpectationKind::NoLoss(queue) => evaluator.value(queue).map(|queue| here(no_loss(&queue))),
            ExpectationKind::That(expr) => evaluator
                .value(expr)
                .map(|holds| here((!holds.is_true()).then(|| format!("`{}` is {holds:?}", expectation.written)))),
        };
        match found {
            Ok(found) => found,
            Err(_) if self.context.take_halt().is_some() => here(Some("it takes too long to evaluate".to_owned())),
            Err(exception) => here(Some(format!("it cannot be evaluated: {}", describe(&exception)))),
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
    fn prints(&self, texts: &[(String, Span)]) -> Option<Problem> {
        let mut printed = self.output.printed.lines();
        let lines = texts.iter().flat_map(|(text, span)| text.split('\n').map(move |line| (line, *span)));
        for (line, span) in lines {
            if !printed.any(|found| found == line) {
                let anywhere = self.output.printed.lines().any(|found| found == line);
                let how = if anywhere { "only printed before the ones above it" } else { "never printed" };
                return Some(missed_at(span, format!("{:?} was {how}", shortened(line))));
            }
        }
        None
    }
}

fn missed_at(span: Span, found: String) -> Problem {
    Problem::new(span, "an expectation is missed", found)
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
