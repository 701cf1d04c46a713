//! `chain`: stages that each await the one before, run at once for every argument.
//!
//! The program: a task for each stage draws, says so, sleeps, says that it returns, and returns its result; a chain for
//! each argument awaits the stages in order, keeps their results, and says how long they took; main gathers the chains,
//! and returns a list with each chain's list of results. What the file leaves out is no step at all.
//! A stage's texts may use the names that `for` binds, `value` (the result of the stage before, None in the first) and
//! what `draw` assigns; `done` may use the bound names, `results` and `took`.

use super::{Names, Phrase, Shape, assigned, draw_and_sleep, identifiers, made, print, step_at};
use crate::source::Scalar;
use crate::spec::{Chain, Literal, Place, Program, Stage, Step, StepKind};

/// The pattern as a program.
pub(super) fn expand(chain: &Chain, params: &[(Scalar, Literal)]) -> Program {
    let words = Words::choose(chain, params);
    let mut tasks: Vec<_> = chain.stages.iter().enumerate().map(|(index, stage)| words.stage(index, stage)).collect();
    tasks.push((words.made(&format!("{}({})", words.chain, words.bound)), words.chain_steps()));
    Program { shared: Vec::new(), tasks, main: words.main() }
}

/// The pattern, and the names of everything that it adds.
struct Words<'a> {
    pattern: &'a Chain,
    /// The names that `for` binds, as a list of parameters.
    bound: String,
    /// Where in the binding the word `in` stands; nowhere in a binding that is none.
    keyword: Option<usize>,
    value: String,
    results: String,
    took: String,
    chain: String,
    start: String,
    chains: String,
}

impl<'a> Words<'a> {
    fn choose(pattern: &'a Chain, params: &[(Scalar, Literal)]) -> Words<'a> {
        let binding = &pattern.binding.value;
        let keyword = identifiers(binding).find(|(_, word)| *word == "in").map(|(start, _)| start);
        let targets = &binding[..keyword.unwrap_or(0)];
        let bound = identifiers(targets).map(|(_, name)| name).collect::<Vec<_>>().join(", ");
        let mut names = Names::new(params);
        names.avoid(targets);
        for draw in pattern.stages.iter().filter_map(|stage| stage.draw.as_ref()) {
            names.avoid(assigned(&draw.value));
        }
        // The file may use these three, so what it says in other places does not move them.
        let [value, results, took] = ["value", "results", "took"].map(|base| names.choose(base));
        for scalar in pattern.stages.iter().flat_map(written).chain(&pattern.done).chain([&pattern.binding]) {
            names.avoid(&scalar.value);
        }
        let [chain, start, chains] = ["chain", "start", "chains"].map(|base| names.choose(base));
        Words { pattern, bound, keyword, value, results, took, chain, start, chains }
    }

    fn place(&self) -> Place {
        self.pattern.place
    }

    fn made(&self, words: &str) -> Scalar {
        made(self.place(), words)
    }

    fn step(&self, kind: StepKind) -> Step {
        Step { place: self.place(), kind }
    }

    /// A stage as a task: its head and its steps.
    fn stage(&self, index: usize, stage: &Stage) -> (Scalar, Vec<Step>) {
        let Words { bound, value, .. } = self;
        let uses_value = written(stage).any(|scalar| identifiers(&scalar.value).any(|(_, word)| word == value));
        let parameters = match index {
            0 if uses_value => joined(bound, &format!("{value}=None")),
            0 => bound.clone(),
            _ => joined(bound, value),
        };
        let head = Phrase::at(self.place()).kept(&stage.name).made(&format!("({parameters})")).scalar();
        let mut steps = draw_and_sleep(stage.draw.as_ref(), stage.sleeping.as_ref(), stage.sleep.as_ref());
        steps.extend(print(stage.returning.as_ref()));
        let result = stage.result.clone().unwrap_or_else(|| self.default_result(index, stage));
        steps.push(step_at(stage.result.as_ref().unwrap_or(&stage.name), StepKind::Return { value: Some(result) }));
        (head, steps)
    }

    /// `f'first-{n}'`, `f'second-{value}'`: each result tells its history.
    fn default_result(&self, index: usize, stage: &Stage) -> Scalar {
        let before = if index == 0 { self.bound.replace(", ", "}-{") } else { self.value.clone() };
        let hole = if before.is_empty() { String::new() } else { format!("-{{{before}}}") };
        Phrase::at(self.place()).made("f'").kept(&stage.name).made(&format!("{hole}'")).scalar()
    }

    fn chain_steps(&self) -> Vec<Step> {
        let Words { bound, value, results, took, start, .. } = self;
        let assign = |assignment: String| self.step(StepKind::Let { assignment: self.made(&assignment) });
        let is_timed = self.pattern.done.is_some();
        let mut steps: Vec<_> = is_timed.then(|| assign(format!("{start} = now()"))).into_iter().collect();
        steps.push(assign(format!("{results} = []")));
        for (index, stage) in self.pattern.stages.iter().enumerate() {
            let arguments = if index == 0 { bound.clone() } else { joined(bound, value) };
            let call = Phrase::at(self.place()).kept(&stage.name).made(&format!("({arguments})")).scalar();
            steps.push(step_at(&stage.name, StepKind::Await { value: call, targets: Some(self.made(value)) }));
            let keep = self.made(&format!("{results}.append({value})"));
            steps.push(step_at(&stage.name, StepKind::Call { value: keep, targets: None }));
        }
        steps.extend(is_timed.then(|| assign(format!("{took} = now() - {start}"))));
        steps.extend(print(self.pattern.done.as_ref()));
        steps.push(self.step(StepKind::Return { value: Some(self.made(results)) }));
        steps
    }

    fn main(&self) -> Vec<Step> {
        let binding = &self.pattern.binding;
        let targets = Some(self.made(&self.chains));
        let gather = StepKind::Gather { arguments: self.gathered(), targets, return_exceptions: None };
        let result = StepKind::Return { value: Some(self.made(&self.chains)) };
        vec![step_at(binding, gather), self.step(result)]
    }

    /// `chain(n) for n in args`; a binding that is none stays wrong, so that the checker finds it.
    fn gathered(&self) -> Scalar {
        let binding = &self.pattern.binding;
        let call = format!("{}({}) for ", self.chain, self.bound);
        let phrase = Phrase::at(self.place()).made(&call);
        match self.keyword {
            _ if Shape::of(&binding.value) == Shape::Unbalanced => binding.clone(),
            None => phrase.kept(binding).scalar(),
            Some(keyword) => {
                let after = keyword + "in".len();
                let iterable = after + leading_blanks(&binding.value[after..]);
                let targets = phrase.piece(binding, 0..iterable);
                targets.operand(binding, iterable..binding.value.len()).scalar()
            }
        }
    }
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Two parts of a list of parameters, of which the first may be empty.
fn joined(first: &str, second: &str) -> String {
    if first.is_empty() { second.to_owned() } else { format!("{first}, {second}") }
}

/// All that the file says of a stage.
fn written(stage: &Stage) -> impl Iterator<Item = &Scalar> {
    let parts = [&stage.draw, &stage.sleep, &stage.sleeping, &stage.returning, &stage.result];
    std::iter::once(&stage.name).chain(parts.into_iter().flatten())
}
