//! `producer_consumer`: producers and consumers that know nothing of each other share one queue.
//!
//! The program: each producer fixes how many items it makes; before each it draws, says so and sleeps; then it makes the
//! item, puts it with the time, and says so. Each consumer for ever draws, says so and sleeps; then it gets an item, says
//! how long that waited, and calls it done. Main waits for the producers, then for the queue, and cancels the consumers.
//! What the file leaves out is no step at all: no draw, no sleep, no print (texts are off unless given).
//! A count left out is 1; but a list of item values without a count is handed out to its end, to whoever asks first.
//! Texts may use `name`, `item`, `waited` and what `draw` assigns; `after` and `expect` may use the queue, `q`.

use super::{Names, Phrase, Shape, assigned, draw_and_sleep, made, print, step_at};
use crate::source::Scalar;
use crate::spec::{Literal, Place, ProducerConsumer, Program, Step, StepKind};

/// The pattern as a program.
pub(super) fn expand(pattern: &ProducerConsumer, params: &[(Scalar, Literal)]) -> Program {
    let words = Words::choose(pattern, params);
    let mut shared = vec![(words.made(&words.queue), words.queue_constructor())];
    shared.extend(words.shared_items());
    let tasks = vec![
        (words.made(&format!("{}({})", words.produce, words.name)), words.producer()),
        (words.made(&format!("{}({})", words.consume, words.name)), words.consumer()),
    ];
    Program { shared, tasks, main: words.main() }
}

/// The pattern, and the names of everything that it adds.
struct Words<'a> {
    pattern: &'a ProducerConsumer,
    queue: String,
    name: String,
    item: String,
    waited: String,
    produce: String,
    consume: String,
    values: String,
    handed: String,
    put_time: String,
    number: String,
    producers: String,
    consumers: String,
    consumer: String,
}

impl<'a> Words<'a> {
    fn choose(pattern: &'a ProducerConsumer, params: &[(Scalar, Literal)]) -> Words<'a> {
        let (producers, consumers) = (&pattern.producers, &pattern.consumers);
        let mut names = Names::new(params);
        for draw in [&producers.draw, &consumers.draw].into_iter().flatten() {
            names.avoid(assigned(&draw.value));
        }
        // The file may use these four, so what it says in other places does not move them.
        let [queue, name, item, waited] = ["q", "name", "item", "waited"].map(|base| names.choose(base));
        let written = [
            [&pattern.queue, &producers.count, &producers.item_count, &producers.item_value, &producers.draw],
            [&producers.sleep, &producers.sleeping, &producers.added, &producers.done, &consumers.count],
            [&consumers.draw, &consumers.sleep, &consumers.sleeping, &consumers.got, &None],
        ];
        let values = producers.item_values.iter().flatten();
        for scalar in written.into_iter().flatten().flatten().chain(values) {
            names.avoid(&scalar.value);
        }
        Words {
            pattern,
            queue,
            name,
            item,
            waited,
            produce: names.choose("produce"),
            consume: names.choose("consume"),
            values: names.choose("values"),
            handed: names.choose("handed_out"),
            put_time: names.choose("t"),
            number: names.choose("n"),
            producers: names.choose("producers"),
            consumers: names.choose("consumers"),
            consumer: names.choose("consumer"),
        }
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

    fn queue_constructor(&self) -> Scalar {
        self.pattern.queue.clone().unwrap_or_else(|| self.made("Queue()"))
    }

    /// The shared variables that say which item comes next, where an expression does not.
    fn shared_items(&self) -> Vec<(Scalar, Scalar)> {
        let values = self.pattern.producers.item_values.as_deref();
        let list = values.map(|values| (self.made(&self.values), self.list(values)));
        let is_numbered = self.pattern.producers.item_value.is_none();
        let handed = is_numbered.then(|| (self.made(&self.handed), self.made("0")));
        list.into_iter().chain(handed).collect()
    }

    /// `[a, b, c]`, or a value that cannot stand in a list, alone: it is no expression at all, and will be reported.
    fn list(&self, values: &[Scalar]) -> Scalar {
        if let Some(broken) = values.iter().find(|value| Shape::of(&value.value) == Shape::Unbalanced) {
            return broken.clone();
        }
        let mut phrase = Phrase::at(self.place()).made("[");
        for (index, value) in values.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            phrase = phrase.made(separator).operand(value, 0..value.value.len());
        }
        phrase.made("]").scalar()
    }

    fn producer(&self) -> Vec<Step> {
        let producers = &self.pattern.producers;
        let wait = draw_and_sleep(producers.draw.as_ref(), producers.sleeping.as_ref(), producers.sleep.as_ref());
        let put = format!("{}.put(({}, now()))", self.queue, self.item);
        let put = self.step(StepKind::Await { value: self.made(&put), targets: None });
        let hand_over = std::iter::once(put).chain(print(producers.added.as_ref()));
        let round = match (&producers.item_count, &producers.item_values) {
            // An item is claimed before the sleep: between a look at what is left and a later claim, another might take it.
            (None, Some(_)) => StepKind::While {
                condition: self.made(&format!("{} < len({})", self.handed, self.values)),
                steps: self.make_item().into_iter().chain(wait).chain(hand_over).collect(),
            },
            (count, _) => StepKind::Repeat {
                count: count.clone().unwrap_or_else(|| self.made("1")),
                steps: wait.into_iter().chain(self.make_item()).chain(hand_over).collect(),
            },
        };
        let round = match &producers.item_count {
            Some(count) => step_at(count, round),
            None => self.step(round),
        };
        std::iter::once(round).chain(print(producers.done.as_ref())).collect()
    }

    fn make_item(&self) -> Vec<Step> {
        let producers = &self.pattern.producers;
        let Words { item, handed, values, .. } = self;
        if let Some(value) = &producers.item_value {
            let phrase = Phrase::at(self.place()).made(&format!("{item} = "));
            let assignment = phrase.operand(value, 0..value.value.len()).scalar();
            return vec![step_at(value, StepKind::Let { assignment })];
        }
        let numbered = format!("f'item-{{{handed}}}'");
        let next = match (&producers.item_values, &producers.item_count) {
            (Some(_), None) => format!("{values}[{handed} - 1]"),
            (Some(_), Some(_)) => {
                format!("{values}[{handed} - 1] if {handed} <= len({values}) else {numbered}")
            }
            (None, _) => numbered,
        };
        let assign = |assignment: String| self.step(StepKind::Let { assignment: self.made(&assignment) });
        vec![assign(format!("{handed} = {handed} + 1")), assign(format!("{item} = {next}"))]
    }

    fn consumer(&self) -> Vec<Step> {
        let consumers = &self.pattern.consumers;
        let Words { queue, item, waited, put_time, .. } = self;
        let mut steps = draw_and_sleep(consumers.draw.as_ref(), consumers.sleeping.as_ref(), consumers.sleep.as_ref());
        let got = consumers.got.as_ref();
        let targets = got.map(|_| self.made(&format!("{item}, {put_time}")));
        steps.push(self.step(StepKind::Await { value: self.made(&format!("{queue}.get()")), targets }));
        // Measured before the text is printed, which may itself take time.
        let measure = got.map(|_| self.made(&format!("{waited} = now() - {put_time}")));
        steps.extend(measure.map(|assignment| self.step(StepKind::Let { assignment })));
        steps.extend(print(got));
        steps.push(self.call(&format!("{queue}.task_done()")));
        vec![self.step(StepKind::While { condition: self.made("true"), steps })]
    }

    fn main(&self) -> Vec<Step> {
        let Words { pattern, queue, produce, consume, producers, consumers, consumer, .. } = self;
        let cancel = self.call(&format!("{consumer}.cancel()"));
        let binding = self.made(&format!("{consumer} in {consumers}"));
        vec![
            self.spawn(produce, pattern.producers.count.as_ref(), producers),
            self.spawn(consume, pattern.consumers.count.as_ref(), consumers),
            self.step(StepKind::Gather { arguments: self.made(producers), targets: None, return_exceptions: None }),
            self.step(StepKind::Await { value: self.made(&format!("{queue}.join()")), targets: None }),
            self.step(StepKind::For { binding, steps: vec![cancel] }),
        ]
    }

    /// `spawn: task(n) for n in range(count)`, `as: handles`.
    fn spawn(&self, task: &str, count: Option<&Scalar>, handles: &str) -> Step {
        let one = self.made("1");
        let count = count.unwrap_or(&one);
        let arguments = if Shape::of(&count.value) == Shape::Unbalanced {
            count.clone()
        } else {
            let each = format!("{task}({number}) for {number} in range(", number = self.number);
            Phrase::at(self.place()).made(&each).operand(count, 0..count.value.len()).made(")").scalar()
        };
        step_at(count, StepKind::Spawn { arguments, targets: Some(self.made(handles)) })
    }

    fn call(&self, value: &str) -> Step {
        self.step(StepKind::Call { value: self.made(value), targets: None })
    }
}
