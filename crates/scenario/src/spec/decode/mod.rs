//! From YAML to the Spec: every key known, every value of its kind, and all that is wrong reported at once.
//!
//! The tables of [`super::keys`] say what may stand where; the modules here read values by them and build the Spec.
//! Expressions stay texts: the checker parses them.

mod body;
mod cut;
mod fields;
mod literal;
mod python;
#[cfg(test)]
mod reader_tests;
mod scalars;
mod steps;
#[cfg(test)]
mod tests;

use super::keys::program;
use super::{Case, Cost, Expectation, ExpectationKind, Generator, Random, Spec, Ties};
use super::{Place, keys};
use crate::problem::Problem;
use crate::source::Scalar;
use crate::unread::Unread;
use crate::yaml::Node;
use fields::Fields;
pub(crate) use literal::decode_value;

/// No more problems are collected: nobody reads a thousand, and a hostile file could have millions.
const MOST: usize = 1000;

/// What was read of a scenario.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// The Spec: whole where there are no problems, else what could be read of it.
    pub(crate) spec: Spec,
    /// Everything that is wrong, in the order of the file.
    pub(crate) problems: Vec<Problem>,
    /// What could not be read.
    pub(crate) unread: Unread,
}

impl Decoded {
    /// Whether reading went on to the end of the file.
    pub(crate) fn is_complete(&self) -> bool {
        self.problems.len() < MOST
    }
}

/// Reads a scenario's Spec from its YAML, with everything that is wrong.
///
/// `source` is the text that the YAML was read from: messages show how its lines would be right.
pub(crate) fn decode(node: &Node, source: &str) -> Decoded {
    let mut decoder = Decoder { source, problems: Vec::new(), unread: Unread::default() };
    let spec = decoder.scenario(node).unwrap_or_default();
    let Decoder { mut problems, unread, .. } = decoder;
    problems.sort_by_key(|problem| problem.span);
    Decoded { spec, problems, unread }
}

/// Collects problems while it reads.
struct Decoder<'s> {
    source: &'s str,
    problems: Vec<Problem>,
    unread: Unread,
}

impl Decoder<'_> {
    fn report(&mut self, problem: Problem) {
        if !self.is_full() {
            self.problems.push(problem);
        }
    }

    /// Whether nothing more is collected: then nothing is worth working out either.
    fn is_full(&self) -> bool {
        self.problems.len() >= MOST
    }

    fn scenario(&mut self, node: &Node) -> Option<Spec> {
        let fields = self.fields(node, &program::SCENARIO)?;
        // Its value is checked, and there is but one.
        self.scalar(&fields, "timeskip");
        Some(Spec {
            about: self.scalar(&fields, "about"),
            random: self.random(&fields),
            ties: self.ties(&fields),
            cost: self.cost(&fields),
            params: self.literals(&fields, "params"),
            body: self.body(&fields),
            after: self.steps_of(&fields, "after").unwrap_or_default(),
            expect: self.expectations(&fields).unwrap_or_default(),
            cases: self.cases(&fields),
        })
    }

    fn random(&mut self, fields: &Fields<'_>) -> Option<Random> {
        let inner = self.mapping(fields, "random")?;
        let python = self.scalar(&inner, "python");
        let chacha = self.scalar(&inner, "chacha");
        if let (Some(first), Some(second)) = (inner.key_span("python"), inner.key_span("chacha")) {
            let (first, second) = (first.min(second), first.max(second));
            self.report(Problem::new(second, "two generators", "one too many").related(first, "the other one"));
        }
        match (python, chacha) {
            (Some(seed), _) => Some(Random { generator: Generator::Python, seed }),
            (None, Some(seed)) => Some(Random { generator: Generator::ChaCha, seed }),
            (None, None) => None,
        }
    }

    fn ties(&mut self, fields: &Fields<'_>) -> Option<(Ties, Place)> {
        let word = self.scalar(fields, "ties")?;
        let ties = match word.value.as_str() {
            "lifo" => Ties::Lifo,
            "heapq" => Ties::Heapq,
            "seeded" => Ties::Seeded,
            _ => Ties::Fifo,
        };
        Some((ties, Place(word.span)))
    }

    fn cost(&mut self, fields: &Fields<'_>) -> Cost {
        match self.mapping(fields, "cost") {
            Some(inner) => Cost { print: self.scalar(&inner, "print"), step: self.scalar(&inner, "step") },
            None => Cost::default(),
        }
    }

    /// `expect`; `None` where it is not given.
    fn expectations(&mut self, fields: &Fields<'_>) -> Option<Vec<Expectation>> {
        let items = self.list(fields, "expect")?;
        Some(items.iter().filter_map(|item| self.expectation(item)).collect())
    }

    fn expectation(&mut self, node: &Node) -> Option<Expectation> {
        let (shape, place) = self.variant(node, program::EXPECTATIONS)?;
        let fields = self.fields(node, shape)?;
        let kind = match shape.name {
            "takes" => ExpectationKind::Takes(self.scalar(&fields, "takes")?),
            "ends" => ExpectationKind::Ends(self.scalar(&fields, "ends")?),
            "prints" => ExpectationKind::Prints(self.scalars(&fields, "prints")?),
            "result" => ExpectationKind::Result(self.scalar(&fields, "result")?),
            "no_loss" => ExpectationKind::NoLoss(self.scalar(&fields, "no_loss")?),
            _ => ExpectationKind::That(self.scalar(&fields, "that")?),
        };
        Some(Expectation { place: Place(place), kind })
    }

    fn cases(&mut self, fields: &Fields<'_>) -> Vec<Case> {
        let items = self.list(fields, "cases").unwrap_or_default();
        let mut cases: Vec<Case> = Vec::new();
        for item in items {
            if let Some(case) = self.case(item) {
                cases.push(case);
            }
        }
        self.distinct("case", cases.iter().map(|case| &case.name));
        cases
    }

    fn case(&mut self, node: &Node) -> Option<Case> {
        let fields = self.fields(node, &keys::program::CASE)?;
        let name = self.scalar(&fields, "name");
        let set = self.literals(&fields, "set");
        let seed = self.scalar(&fields, "seed");
        let ties = self.ties(&fields);
        let expect = self.expectations(&fields);
        Some(Case { name: name?, set, seed, ties, expect })
    }

    /// Reports names that occur twice among things of one kind.
    fn distinct<'n>(&mut self, what: &str, names: impl Iterator<Item = &'n Scalar>) {
        let mut seen = std::collections::BTreeMap::new();
        for name in names {
            if let Some(&first) = seen.get(name.value.as_str()) {
                let title = format!("two {what}s are called `{}`", name.value);
                self.report(
                    Problem::new(name.span, title, "called so again here").related(first, "first called so here"),
                );
            } else {
                seen.insert(name.value.as_str(), name.span);
            }
        }
    }
}
