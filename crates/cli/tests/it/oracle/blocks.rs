//! try, except, else and finally around raise, return, break and continue, in every combination that comes up: what runs,
//! in which order, and what comes out.

use std::cell::RefCell;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};
use timeskip_scenario::Options;

use super::cpython::CPython;
use crate::support::run;

#[derive(Clone, Debug)]
enum Step {
    Say,
    Pause,
    Raise(&'static str),
    /// Outside of a handler it is a Say.
    RaiseAgain,
    Return,
    /// Outside of a loop both are a Say.
    Break,
    Continue,
    If(Vec<Step>, Vec<Step>),
    For(Vec<Step>),
    While(Vec<Step>),
    Try {
        body: Vec<Step>,
        clauses: Vec<(&'static str, Vec<Step>)>,
        otherwise: Vec<Step>,
        cleanup: Option<Vec<Step>>,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let raised = ["ValueError('v')", "KeyError('k')", "RuntimeError('r', 2)", "IndexError()"];
    let leaf = prop_oneof![
        4 => Just(Step::Say),
        1 => Just(Step::Pause),
        3 => prop::sample::select(raised.to_vec()).prop_map(Step::Raise),
        1 => Just(Step::RaiseAgain),
        2 => Just(Step::Return),
        2 => Just(Step::Break),
        2 => Just(Step::Continue),
    ];
    let step = leaf.prop_recursive(4, 40, 4, |inner| {
        let some = || vec(inner.clone(), 1..4);
        let kinds = ["ValueError", "LookupError", "KeyError, ValueError", "Exception", "RuntimeError, IndexError"];
        let clause = (prop::sample::select(kinds.to_vec()), some());
        prop_oneof![
            1 => (some(), vec(inner.clone(), 0..3)).prop_map(|(then, otherwise)| Step::If(then, otherwise)),
            2 => some().prop_map(Step::For),
            1 => some().prop_map(Step::While),
            5 => (some(), vec(clause, 0..3), vec(inner.clone(), 0..3), option::of(some())).prop_map(
                |(body, clauses, otherwise, cleanup)| Step::Try { body, clauses, otherwise, cleanup }
            ),
        ]
    });
    vec(step, 1..5)
}

/// Where a step stands.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    in_loop: bool,
    in_clause: bool,
}

impl Place {
    fn within(self) -> Place {
        Place { depth: self.depth + 1, ..self }
    }
}

/// Both texts, written side by side: each line of one language at its depth.
#[derive(Default)]
struct Texts {
    scenario: String,
    python: String,
    number: usize,
}

impl Texts {
    /// A line of the scenario; a block takes two levels there, one for its step and one for its key.
    fn yaml(&mut self, place: Place, line: &str) {
        self.scenario.push_str(&format!("{}{line}\n", "  ".repeat(2 * place.depth + 2)));
    }

    fn python(&mut self, place: Place, line: &str) {
        self.python.push_str(&format!("{}{line}\n", " ".repeat(place.depth + 1)));
    }

    fn both(&mut self, place: Place, yaml: &str, python: &str) {
        self.yaml(place, yaml);
        self.python(place, python);
    }

    fn say(&mut self, place: Place, what: &str) {
        self.number += 1;
        let text = format!("{} {what} {{n}}", self.number);
        self.both(place, &format!("- print: \"{text}\""), &format!("print(f\"{text}\")"));
        self.both(place, "- let: n = n + 1", "n = n + 1");
    }

    fn steps(&mut self, place: Place, steps: &[Step]) {
        steps.iter().for_each(|step| self.step(place, step));
    }

    fn step(&mut self, place: Place, step: &Step) {
        match step {
            Step::Pause => self.both(place, "- sleep: 0s", "await asyncio.sleep(0)"),
            Step::Raise(what) => self.both(place, &format!("- raise: {what}"), &format!("raise {what}")),
            Step::RaiseAgain if place.in_clause => self.both(place, "- raise:", "raise"),
            Step::Return => {
                self.number += 1;
                let number = self.number;
                self.both(place, &format!("- return: {number} + n"), &format!("return {number} + n"));
            }
            Step::Break if place.in_loop => self.both(place, "- break:", "break"),
            Step::Continue if place.in_loop => self.both(place, "- continue:", "continue"),
            Step::Say | Step::RaiseAgain | Step::Break | Step::Continue => self.say(place, "says"),
            Step::If(then, otherwise) => {
                self.both(place, "- if: n % 2", "if n % 2:");
                self.yaml(place, "  do:");
                self.steps(place.within(), then);
                if !otherwise.is_empty() {
                    self.both(place, "  else:", "else:");
                    self.steps(place.within(), otherwise);
                }
            }
            Step::For(body) => {
                self.both(place, "- for: i in range(3)", "for i in range(3):");
                self.yaml(place, "  do:");
                self.body_of_loop(place, body);
            }
            Step::While(body) => {
                self.both(place, "- while: n < 9", "while n < 9:");
                self.yaml(place, "  do:");
                self.body_of_loop(place, body);
            }
            Step::Try { body, clauses, otherwise, cleanup } => {
                self.try_step(place, (body, clauses, otherwise, cleanup.as_deref()));
            }
        }
    }

    /// It counts first, so that every loop ends.
    fn body_of_loop(&mut self, place: Place, body: &[Step]) {
        let within = Place { in_loop: true, ..place.within() };
        self.say(within, "goes round");
        self.steps(within, body);
    }

    #[expect(clippy::type_complexity, reason = "the parts of a try, in order")]
    fn try_step(
        &mut self,
        place: Place,
        (body, clauses, otherwise, cleanup): (&[Step], &[(&str, Vec<Step>)], &[Step], Option<&[Step]>),
    ) {
        self.both(place, "- try:", "try:");
        self.steps(place.within(), body);
        if !clauses.is_empty() {
            self.yaml(place, "  except:");
        }
        for (kinds, steps) in clauses {
            self.yaml(place, &format!("    - on: {kinds}"));
            self.yaml(place, "      as: error");
            self.yaml(place, "      do:");
            self.python(place, &format!("except ({kinds}) as error:"));
            // The clause is an element of a list: its steps stand two levels deeper.
            let within = Place { in_clause: true, ..place.within() };
            self.number += 1;
            let text = format!("{} caught {{error!r}}", self.number);
            let mut inner = Texts { number: self.number, ..Texts::default() };
            inner.both(within, &format!("- print: \"{text}\""), &format!("print(f\"{text}\")"));
            inner.steps(within, steps);
            self.number = inner.number;
            inner.scenario.lines().for_each(|line| self.scenario.push_str(&format!("    {line}\n")));
            self.python.push_str(&inner.python);
        }
        if !clauses.is_empty() && !otherwise.is_empty() {
            self.both(place, "  else:", "else:");
            self.steps(place.within(), otherwise);
        }
        if cleanup.is_some() || clauses.is_empty() {
            self.both(place, "  finally:", "finally:");
            self.say(place.within(), "cleans up");
            self.steps(place.within(), cleanup.unwrap_or_default());
        }
    }
}

fn written(steps: &[Step]) -> (String, String) {
    let mut texts = Texts::default();
    texts.steps(Place::default(), steps);
    let scenario = format!(
        "tasks:\n  t():\n    - let: n = 0\n{}main:\n  - try:\n      - await: t()\n        as: result\n      - print: \"returned {{result}}\"\n    except:\n      - as: error\n        do:\n          - print: \"raised {{error!r}}\"\n",
        texts.scenario
    );
    let python = format!(
        "import asyncio\nasync def t():\n n = 0\n{}async def main():\n try:\n  result = await t()\n  print('returned', result)\n except Exception as error:\n  print('raised', repr(error))\nasyncio.run(main())\n",
        texts.python
    );
    (scenario, python)
}

fn compare(cpython: &RefCell<CPython>, steps: &[Step]) -> Result<(), TestCaseError> {
    let (scenario, python) = written(steps);
    let ours = run(&scenario, &Options::default()).output;
    let theirs = cpython.borrow_mut().run(&python, "fifo", 0);
    prop_assert_eq!(theirs.ending, "finished", "{}", python);
    prop_assert_eq!(ours, theirs.output, "ours (left), CPython's (right):\n{}\n{}", scenario, python);
    Ok(())
}

#[test]
fn blocks_in_every_combination() {
    let Some(cpython) = CPython::start("combinations of try and what leaves it") else { return };
    let cpython = RefCell::new(cpython);
    let persistence = FileFailurePersistence::WithSource("regressions");
    let config =
        Config { failure_persistence: Some(Box::new(persistence)), source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| compare(&cpython, &steps));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    cpython.into_inner().finish("combinations of try and what leaves it");
}
