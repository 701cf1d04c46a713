//! How often each thing was exercised, and what was left out.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use timeskip_executor::{Action, Event};
use timeskip_trace::{Record, Trace, line};

/// Counts by name.
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<String, u64>);

impl Counts {
    /// One more.
    pub(crate) fn add(&mut self, name: &str) {
        self.add_many(name, 1);
    }

    fn add_many(&mut self, name: &str, many: u64) {
        match self.0.get_mut(name) {
            Some(count) => *count += many,
            None => {
                self.0.insert(name.to_owned(), many);
            }
        }
    }

    pub(crate) fn merge(&mut self, other: &Counts) {
        for (name, many) in &other.0 {
            self.add_many(name, *many);
        }
    }

    /// How often something was counted.
    pub fn of(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or(0)
    }
}

/// What a run of the fuzzer has exercised.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Steps that stand in the programs, by kind.
    pub kinds: Counts,
    /// How the programs ended.
    pub endings: Counts,
    /// What woke whom: what a task waited for, how it went on, and what did it.
    pub wakes: Counts,
    /// Why programs were not compared.
    pub left_out: Counts,
}

impl Coverage {
    /// Adds what others have exercised.
    pub fn merge(&mut self, other: &Coverage) {
        self.kinds.merge(&other.kinds);
        self.endings.merge(&other.endings);
        self.wakes.merge(&other.wakes);
        self.left_out.merge(&other.left_out);
    }

    /// Counts the ways in which tasks went on after waiting.
    pub(crate) fn count_wakes(&mut self, trace: &Trace) {
        let mut waiting: BTreeMap<&str, &Record> = BTreeMap::new();
        for record in trace.records() {
            let task = trace.task_of(record);
            let verb = match record.event {
                Event::Resumed => "wake",
                Event::Cancelled => "cancelled",
                // A task whose wait for an item is over says so by the item.
                Event::Got { .. } if waiting.contains_key(task) => "got",
                Event::Put { .. } if waiting.contains_key(task) => "put",
                // So does one that waited for a lock or a permit.
                Event::Did { action: Action::Acquired, .. } if waiting.contains_key(task) => "acquired",
                Event::Waits { .. } | Event::Yields | Event::TimesOut => {
                    waiting.insert(task, record);
                    continue;
                }
                _ => continue,
            };
            let what = waiting.remove(task).map_or_else(|| "its first step".to_owned(), |wait| what(trace, wait));
            self.wakes.add(&format!("{what}: {verb}"));
        }
    }
}

/// What a task waits for, without the names of tasks and the numbers of queues: the verb of the trace and its first operand.
fn what(trace: &Trace, wait: &Record) -> String {
    let line = line(trace, wait);
    let mut words = line.split(' ').skip(2);
    let verb = words.next().unwrap_or_default();
    let operand = words.next().unwrap_or_default();
    let unnumbered = |name: &str| name.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    match operand.split_once('.') {
        Some((name, operation)) if operation.ends_with("()") => format!("{verb} {}.{operation}", unnumbered(name)),
        _ if operand.contains('/') => format!("{verb} task"),
        _ if verb == "wait" => format!("{verb} {}", unnumbered(operand)),
        _ => verb.to_owned(),
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        let tables = [
            ("step", &self.kinds),
            ("ending", &self.endings),
            ("wake-up", &self.wakes),
            ("left out because", &self.left_out),
        ];
        for (title, counts) in tables {
            writeln!(text, "| {title} | times |\n|---|---:|")?;
            for (name, many) in &counts.0 {
                writeln!(text, "| {name} | {many} |")?;
            }
            text.push('\n');
        }
        formatter.write_str(text.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use timeskip_scenario::{Options, Record, load};

    use super::Coverage;

    #[test]
    fn who_waited_for_a_lock_goes_on_with_it() {
        let yaml = "shared: {lock: Lock()}\ntasks:\n  hold():\n    - with: lock\n      do:\n        - sleep: 1s\n\
                    main:\n  - gather: hold(), hold()\n";
        let scenario = load(yaml).expect("a good file");
        let options = Options { record: Record::Trace, ..Options::default() };
        let run = scenario.run(&options, Rc::new(RefCell::new(String::new()))).expect("good options");
        let mut coverage = Coverage::default();
        coverage.count_wakes(&run.trace.expect("it was asked for"));
        assert_eq!(coverage.wakes.of("wait lock.acquire(): acquired"), 1);
    }
}
