//! What a file expects of its runs, compiled.

use crate::check::Checker;
use crate::check::expression::Purity;
use crate::check::scope::Scope;
use crate::code::{Expr, Text};
use crate::problem::Problem;
use crate::source::{Scalar, Span};
use crate::spec;
use crate::suggest;

/// An expectation, ready to be held against a run.
#[derive(Debug)]
pub(crate) struct Expectation {
    pub(crate) kind: ExpectationKind,
    /// The place of its value in the file.
    pub(crate) span: Span,
    /// How it is written, for the report.
    pub(crate) written: String,
    /// How many slots its expressions need; the first is `result`.
    pub(crate) slots: usize,
}

#[derive(Debug)]
pub(crate) enum ExpectationKind {
    /// The run takes so many seconds.
    Takes(Expr),
    /// The run ends in this way.
    Ends(EndingKind),
    /// These lines are printed in this order, perhaps with others between.
    Prints(Vec<(Text, Span)>),
    /// Main returns this.
    Result(Expr),
    /// Every item put into the queue was got from it.
    NoLoss(Expr),
    /// This holds.
    That(Expr),
}

/// The kinds of endings, by the words that `ends` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndingKind(pub(crate) &'static str);

const ENDINGS: [&str; 5] = ["finished", "failed", "deadlock", "livelock", "limit"];

impl Checker<'_> {
    pub(crate) fn expectations(&mut self, expectations: &[spec::Expectation]) -> Vec<Expectation> {
        let compiled = expectations.iter().map(|expectation| self.expectation(&expectation.kind)).collect();
        self.check_repeated(expectations);
        compiled
    }

    fn expectation(&mut self, kind: &spec::ExpectationKind) -> Expectation {
        use spec::ExpectationKind as Written;
        let ending = match kind {
            Written::Ends(word) => Some(self.ending(word)),
            _ => None,
        };
        let mut scope = Scope::default();
        scope.declare("result");
        let mut compiler = self.compiler(scope, Purity::Pure);
        let (kind, scalar) = match kind {
            Written::Takes(scalar) => (ExpectationKind::Takes(compiler.seconds(scalar)), scalar.clone()),
            Written::Ends(scalar) => (ExpectationKind::Ends(ending.unwrap_or(EndingKind("finished"))), scalar.clone()),
            Written::Prints(lines) => {
                let texts = lines.iter().map(|line| (compiler.text(line), line.span)).collect();
                (ExpectationKind::Prints(texts), lines.first().cloned().unwrap_or_else(nothing))
            }
            Written::Result(scalar) => (ExpectationKind::Result(compiler.expression(scalar)), scalar.clone()),
            Written::NoLoss(scalar) => (ExpectationKind::NoLoss(compiler.expression(scalar)), scalar.clone()),
            Written::That(scalar) => (ExpectationKind::That(compiler.expression(scalar)), scalar.clone()),
        };
        let slots = compiler.scope.slots.len();
        Expectation { kind, span: scalar.span, written: scalar.value, slots }
    }

    fn ending(&mut self, word: &Scalar) -> EndingKind {
        if let Some(known) = ENDINGS.iter().find(|known| **known == word.value) {
            return EndingKind(known);
        }
        let title = format!("unknown ending `{}`", word.value);
        let problem = Problem::new(word.span, title, format!("expected {}", ENDINGS.join(", ")));
        let near = suggest::nearest(&word.value, ENDINGS);
        self.problems.push(match near {
            Some(near) => problem.help(format!("did you mean `{near}`?")).patch(Some((word.span, near.to_owned()))),
            None => problem,
        });
        EndingKind("finished")
    }

    /// Two `takes` or two `ends` cannot both hold, unless they say the same.
    fn check_repeated(&mut self, expectations: &[spec::Expectation]) {
        use spec::ExpectationKind as Written;
        let mut seen: [Option<&Scalar>; 2] = [None, None];
        for expectation in expectations {
            let (place, scalar) = match &expectation.kind {
                Written::Takes(scalar) => (0, scalar),
                Written::Ends(scalar) => (1, scalar),
                _ => continue,
            };
            if let Some(earlier) = seen[place] {
                let problem = Problem::new(scalar.span, "the same is expected twice", "the second time");
                self.problems.push(problem.related(earlier.span, "the first time"));
            }
            seen[place] = Some(scalar);
        }
    }
}

fn nothing() -> Scalar {
    Scalar { value: String::new(), span: Span::default(), style: crate::source::Style::Unknown, origin: Vec::new() }
}
