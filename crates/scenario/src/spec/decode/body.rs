//! What a scenario runs: a program written out, or a pattern.

use super::Decoder;
use super::fields::Fields;
use crate::problem::Problem;
use crate::source::{Scalar, Span};
use crate::spec::keys::patterns::STAGE;
use crate::spec::keys::program::{SHARED_VALUE, TASK_STEPS};
use crate::spec::{Body, Chain, Consumers, Place, ProducerConsumer, Producers, Program, Stage, Step};
use crate::yaml::{Kind, Node};

impl Decoder<'_> {
    /// The program or the pattern; both, two patterns, or neither are reported.
    pub(super) fn body(&mut self, fields: &Fields<'_>) -> Body {
        let patterns: Vec<(&str, Span)> = ["producer_consumer", "chain"]
            .into_iter()
            .filter_map(|name| Some((name, fields.key_span(name)?)))
            .collect();
        if let [(first, place), (second, other)] = patterns[..] {
            let (place, other) = (place.min(other), place.max(other));
            self.report(
                Problem::new(other, format!("`{first}` and `{second}` in one scenario"), "one too many")
                    .related(place, "the other one")
                    .help("a scenario runs one pattern: use two files"),
            );
        }
        if let Some(&(pattern, place)) = patterns.first() {
            for name in ["shared", "tasks", "main"] {
                if let Some(span) = fields.key_span(name) {
                    let title = format!("`{name}` beside `{pattern}`");
                    self.report(
                        Problem::new(span, title, "this has no effect")
                            .related(place, "the pattern is the whole program")
                            .help("`timeskip expand` writes a pattern out, to be changed"),
                    );
                }
            }
        }
        let program = self.program(fields);
        let queue = self.producer_consumer(fields);
        match (queue, self.chain(fields)) {
            (Some(queue), _) => Body::ProducerConsumer(Box::new(queue)),
            (None, Some(chain)) => Body::Chain(Box::new(chain)),
            (None, None) => {
                if patterns.is_empty() {
                    self.needs_main(fields);
                }
                Body::Program(program)
            }
        }
    }

    /// Reports a scenario that runs nothing.
    fn needs_main(&mut self, fields: &Fields<'_>) {
        let misspelt = self.problems.iter().any(|problem| {
            let patch = problem.patch.as_ref().map(|(_, text)| text.as_str());
            matches!(patch, Some("main" | "chain" | "producer_consumer"))
        });
        if fields.get("main").is_none() && !misspelt {
            self.report(
                Problem::new(Span::default(), "the scenario has no `main`", "expected `main:` in this file")
                    .help("for example `main: [{print: \"hello\"}]`, or one of `producer_consumer` and `chain`"),
            );
        }
    }

    fn program(&mut self, fields: &Fields<'_>) -> Program {
        Program {
            shared: self.shared(fields),
            tasks: self.tasks(fields),
            main: self.steps_of(fields, "main").unwrap_or_default(),
        }
    }

    fn shared(&mut self, fields: &Fields<'_>) -> Vec<(Scalar, Scalar)> {
        let Some((key, entry)) = fields.get("shared") else {
            return Vec::new();
        };
        let mut shared = Vec::new();
        match &entry.value.kind {
            Kind::Mapping(entries) if !entries.is_empty() => {
                let mut remnant = super::cut::Remnant::default();
                for one in entries {
                    if remnant.covers(one) {
                        continue;
                    }
                    self.variable(&one.key);
                    if one.value.is_nothing() {
                        let title = format!("`{}` has no value", one.key.value);
                        let problem = Problem::new(one.key.span, title, "expected an expression behind this");
                        self.report(problem.help("for example `q: Queue()` or `total: 0`"));
                        self.unread.add_entry(one);
                    } else if let Some(value) = self.expression(&SHARED_VALUE, &one.value) {
                        shared.push((one.key.clone(), value));
                    } else {
                        self.unread.add_entry(one);
                    }
                }
            }
            _ => {
                self.mismatch(key, entry);
                self.unread.add(&entry.value);
            }
        }
        shared
    }

    fn tasks(&mut self, fields: &Fields<'_>) -> Vec<(Scalar, Vec<Step>)> {
        let Some((key, entry)) = fields.get("tasks") else {
            return Vec::new();
        };
        let Kind::Mapping(entries) = &entry.value.kind else {
            self.mismatch(key, entry);
            self.unread.add(&entry.value);
            return Vec::new();
        };
        if entries.is_empty() {
            self.mismatch(key, entry);
        }
        let names: Vec<Scalar> = entries.iter().map(|one| task_name(&one.key)).collect();
        self.distinct("task", names.iter());
        let mut tasks = Vec::new();
        for one in entries {
            if one.value.is_nothing() {
                let title = format!("the task `{}` has no steps", one.key.value);
                let problem = Problem::new(one.key.span, title, "expected a list of steps below");
                self.report(problem.help("the step that does nothing is `- pass:`"));
                tasks.push((one.key.clone(), Vec::new()));
            } else {
                tasks.push((one.key.clone(), self.steps(&TASK_STEPS, one)));
            }
        }
        tasks
    }

    fn producer_consumer(&mut self, fields: &Fields<'_>) -> Option<ProducerConsumer> {
        let place = Place(fields.key_span("producer_consumer")?);
        let mut pattern =
            ProducerConsumer { place, queue: None, producers: Producers::default(), consumers: Consumers::default() };
        // Where it cannot be read, the rest of the file may still use its queue.
        if let Some(inner) = self.mapping(fields, "producer_consumer") {
            pattern.queue = self.scalar(&inner, "queue");
            let producers = self.mapping(&inner, "producers").map(|one| self.producers(&one));
            let consumers = self.mapping(&inner, "consumers").map(|one| self.consumers(&one));
            pattern.producers = producers.unwrap_or_default();
            pattern.consumers = consumers.unwrap_or_default();
        }
        Some(pattern)
    }

    fn producers(&mut self, fields: &Fields<'_>) -> Producers {
        let mut producers = Producers {
            count: self.scalar(fields, "count"),
            draw: self.scalar(fields, "draw"),
            sleep: self.scalar(fields, "sleep"),
            sleeping: self.scalar(fields, "sleeping"),
            added: self.scalar(fields, "added"),
            done: self.scalar(fields, "done"),
            ..Producers::default()
        };
        if let Some(items) = self.mapping(fields, "items") {
            producers.item_count = self.scalar(&items, "count");
            let value = items.get("value").map(|(_, entry)| &entry.value.kind);
            match value {
                Some(Kind::Sequence(_)) => producers.item_values = self.scalars(&items, "value"),
                _ => producers.item_value = self.scalar(&items, "value"),
            }
        }
        producers
    }

    fn consumers(&mut self, fields: &Fields<'_>) -> Consumers {
        Consumers {
            count: self.scalar(fields, "count"),
            draw: self.scalar(fields, "draw"),
            sleep: self.scalar(fields, "sleep"),
            sleeping: self.scalar(fields, "sleeping"),
            got: self.scalar(fields, "got"),
        }
    }

    fn chain(&mut self, fields: &Fields<'_>) -> Option<Chain> {
        let place = Place(fields.key_span("chain")?);
        let inner = self.mapping(fields, "chain")?;
        let binding = self.scalar(&inner, "for");
        let items = self.list(&inner, "stages").unwrap_or_default();
        let stages: Vec<Stage> = items.iter().filter_map(|item| self.stage(item)).collect();
        self.distinct("stage", stages.iter().map(|stage| &stage.name));
        let done = self.scalar(&inner, "done");
        Some(Chain { place, binding: binding?, stages, done })
    }

    fn stage(&mut self, node: &Node) -> Option<Stage> {
        let fields = self.fields(node, &STAGE)?;
        let name = self.scalar(&fields, "name");
        let (draw, sleep) = (self.scalar(&fields, "draw"), self.scalar(&fields, "sleep"));
        let (sleeping, returning) = (self.scalar(&fields, "sleeping"), self.scalar(&fields, "returning"));
        let result = self.scalar(&fields, "result");
        Some(Stage { name: name?, draw, sleep, sleeping, returning, result })
    }
}

/// The name in a task's signature: `first(n)` and `first(x)` are one task twice.
fn task_name(signature: &Scalar) -> Scalar {
    let name = signature.value.split('(').next().unwrap_or("").trim();
    Scalar { value: name.to_owned(), ..signature.clone() }
}
