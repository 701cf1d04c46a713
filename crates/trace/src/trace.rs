//! The trace of a run, as a value.

use std::collections::BTreeMap;

use timeskip_executor::{Cause, Ending, Event, EventId, ResourceId, SimTime, TaskId};

/// Everything that happened in a run, in order, and how it ended. Two runs went alike when their traces are equal.
///
/// ```
/// use timeskip_executor::{Simulation, TieRule};
/// use timeskip_trace::{Recorder, Trace};
/// let trace = |ties| -> Trace {
///     let recorder = Recorder::new();
///     let run = Simulation::new().ties(ties).observer(recorder.clone()).run(|sim| async move {
///         sim.yield_now().await;
///     });
///     recorder.finish(run.ending)
/// };
/// assert_eq!(trace(TieRule::Fifo), trace(TieRule::Lifo));
/// ```
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

/// One event: the fields say when, what and why; [`Trace::task_of`] says whose.
///
/// ```
/// use timeskip_executor::{Cause, Event, Simulation, Status};
/// let recorder = timeskip_trace::Recorder::new();
/// let run = Simulation::new().observer(recorder.clone()).run(|_| async {});
/// let trace = recorder.finish(run.ending);
/// let record = &trace.records()[0];
/// assert_eq!(record.event, Event::Ended { status: Status::Finished });
/// assert_eq!((record.number, record.line, record.cause), (0, 0, Cause::Order));
/// ```
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

/// What an upper layer has to say in a trace; [`Recorder::keep`](crate::Recorder::keep) takes it.
///
/// ```
/// use timeskip_trace::Note;
/// assert_ne!(Note::Printed("paid".to_owned()), Note::Marked("paid".to_owned()));
/// ```
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
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let recorder = timeskip_trace::Recorder::new();
    /// let run = Simulation::new().observer(recorder.clone()).run(|sim| async move {
    ///     sim.yield_now().await;
    /// });
    /// let trace = recorder.finish(run.ending);
    /// let times = trace.records().iter().map(|record| record.time);
    /// assert!(times.is_sorted());
    /// ```
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How the run ended.
    ///
    /// ```
    /// use timeskip_executor::{Ending, SimTime};
    /// let ending = Ending::Finished { at: SimTime::ZERO };
    /// assert_eq!(timeskip_trace::Recorder::new().finish(ending.clone()).ending(), &ending);
    /// ```
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// The path of the task of a record, which is one of this trace.
    ///
    /// # Panics
    /// It may, when the record is one of another trace.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let recorder = timeskip_trace::Recorder::new();
    /// let run = Simulation::new().observer(recorder.clone()).run(|_| async {});
    /// let trace = recorder.finish(run.ending);
    /// assert_eq!(trace.task_of(&trace.records()[0]), "main");
    /// ```
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

    /// The name of an event: `main/producer-0#12`; empty when the trace has no such event.
    ///
    /// ```
    /// use timeskip_executor::{EventId, Simulation};
    /// let recorder = timeskip_trace::Recorder::new();
    /// let run = Simulation::new().observer(recorder.clone()).run(|_| async {});
    /// let trace = recorder.finish(run.ending);
    /// assert_eq!(trace.event_name(EventId(0)), "main#0");
    /// assert_eq!(trace.event_name(EventId(1)), "");
    /// ```
    pub fn event_name(&self, id: EventId) -> String {
        self.records.get(id.0 as usize).map_or_else(String::new, |record| self.name_of(record))
    }

    /// The name of a record's event: `main/producer-0#12`. Nothing that happens in other tasks changes it.
    ///
    /// # Panics
    /// It may, when the record is one of another trace.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// let recorder = timeskip_trace::Recorder::new();
    /// let run = Simulation::new().observer(recorder.clone()).run(|sim| async move {
    ///     sim.spawn_named("worker", async {}).await
    /// });
    /// let trace = recorder.finish(run.ending);
    /// let names: Vec<String> = trace.records().iter().map(|record| trace.name_of(record)).collect();
    /// assert_eq!(names, ["main#0", "main#1", "main/worker-0#0", "main#2", "main#3"]);
    /// ```
    pub fn name_of(&self, record: &Record) -> String {
        format!("{}#{}", self.task_of(record), record.number)
    }
}
