//! The trace of a run, as a value.

use std::collections::BTreeMap;

use timeskip_executor::{Cause, Ending, Event, EventId, ResourceId, SimTime, TaskId};

/// Everything that happened in a run, in order, and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    pub(crate) records: Vec<Record>,
    /// The paths of all tasks, in order of creation.
    pub(crate) tasks: Vec<String>,
    /// Where each task stands in `tasks`; no id names two tasks.
    pub(crate) places: BTreeMap<TaskId, usize>,
    pub(crate) resources: BTreeMap<ResourceId, String>,
    pub(crate) notes: Vec<Note>,
    pub(crate) ending: Ending,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// When.
    pub time: SimTime,
    /// Whose, as an index into the tasks of the trace.
    pub(crate) task: usize,
    /// Its number in its task.
    pub number: u32,
    /// What happened.
    pub event: Event,
    /// The line of its step in the scenario file; 0 where there is none.
    pub line: u32,
    /// What made it happen.
    pub cause: Cause,
}

/// What an upper layer has to say in a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The task printed a text.
    Printed(String),
    /// The task reached a mark.
    Marked(String),
    /// An exception was raised in the task.
    Raised(String),
}

impl Trace {
    /// The events, in order.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How the run ended.
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// The path of the task of a record.
    pub fn task_of(&self, record: &Record) -> &str {
        &self.tasks[record.task]
    }

    pub(crate) fn path(&self, id: TaskId) -> &str {
        self.places.get(&id).map_or("?", |&place| &self.tasks[place])
    }

    pub(crate) fn resource(&self, id: ResourceId) -> &str {
        self.resources.get(&id).map_or("?", String::as_str)
    }

    pub(crate) fn note(&self, number: u32) -> Option<&Note> {
        self.notes.get(number as usize)
    }

    /// The name of an event: `main/producer-0#12`.
    pub fn event_name(&self, id: EventId) -> String {
        self.records.get(id.0 as usize).map_or_else(String::new, |record| self.name_of(record))
    }

    /// The name of a record's event: `main/producer-0#12`.
    pub fn name_of(&self, record: &Record) -> String {
        format!("{}#{}", self.task_of(record), record.number)
    }
}
