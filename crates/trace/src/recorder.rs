//! Recording a run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use timeskip_executor::{Cause, Ending, Event, EventId, Observer, ResourceId, SimTime, TaskId};

use crate::trace::{Note, Record, Trace};

/// Watches a run and keeps its trace. Clones share one recording: one watches, another one asks.
///
/// ```
/// use timeskip_executor::Simulation;
/// use timeskip_trace::Recorder;
/// let recorder = Recorder::new();
/// let run = Simulation::new().observer(recorder.clone()).run(|sim| async move {
///     sim.spawn_named("worker", async {}).await
/// });
/// let trace = recorder.finish(run.ending);
/// assert_eq!(trace.task_of(&trace.records()[2]), "main/worker-0");
/// ```
#[derive(Clone, Default)]
pub struct Recorder(Rc<RefCell<Recording>>);

#[derive(Default)]
struct Recording {
    records: Vec<Record>,
    tasks: Vec<String>,
    places: BTreeMap<TaskId, usize>,
    /// How many events each task has had.
    counts: Vec<u32>,
    resources: BTreeMap<ResourceId, String>,
    notes: Vec<Note>,
}

impl Recorder {
    /// A recorder that has seen nothing.
    ///
    /// ```
    /// use timeskip_executor::{Ending, SimTime};
    /// let nothing = timeskip_trace::Recorder::new().finish(Ending::Finished { at: SimTime::ZERO });
    /// assert!(nothing.records().is_empty());
    /// ```
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// Keeps a note; its number goes to [`Sim::note`](timeskip_executor::Sim::note).
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// use timeskip_trace::{Note, Recorder, line};
    /// let recorder = Recorder::new();
    /// let notes = recorder.clone();
    /// let run = Simulation::new().observer(recorder.clone()).run(|sim| async move {
    ///     sim.note(notes.keep(Note::Marked("paid".to_owned())));
    /// });
    /// let trace = recorder.finish(run.ending);
    /// assert_eq!(line(&trace, &trace.records()[0]), r#"0.000 main mark "paid""#);
    /// ```
    pub fn keep(&self, note: Note) -> u32 {
        let mut recording = self.0.borrow_mut();
        recording.notes.push(note);
        u32::try_from(recording.notes.len() - 1).unwrap_or(u32::MAX)
    }

    /// The trace of the run that has ended so; the recorder is empty afterwards.
    ///
    /// ```
    /// use timeskip_executor::Simulation;
    /// use timeskip_trace::Recorder;
    /// let recorder = Recorder::new();
    /// let run = Simulation::new().observer(recorder.clone()).run(|_| async {});
    /// assert_eq!(recorder.finish(run.ending.clone()).records().len(), 1);
    /// assert_eq!(recorder.finish(run.ending).records().len(), 0);
    /// ```
    pub fn finish(&self, ending: Ending) -> Trace {
        let Recording { records, tasks, places, resources, notes, .. } = self.0.take();
        Trace { records, tasks, places, resources, notes, ending }
    }
}

impl Observer for Recorder {
    fn event(&mut self, time: SimTime, task: TaskId, event: Event, line: u32, cause: Cause) -> EventId {
        let mut recording = self.0.borrow_mut();
        let task = *recording.places.get(&task).expect("a task is introduced before its first event");
        let number = recording.counts[task];
        recording.counts[task] += 1;
        recording.records.push(Record { time, task, number, event, line, cause });
        EventId(u32::try_from(recording.records.len() - 1).unwrap_or(u32::MAX))
    }

    fn task(&mut self, task: TaskId, path: &str) {
        let mut recording = self.0.borrow_mut();
        let place = recording.tasks.len();
        recording.tasks.push(path.to_owned());
        recording.counts.push(0);
        recording.places.insert(task, place);
    }

    fn resource(&mut self, resource: ResourceId, name: &str) {
        self.0.borrow_mut().resources.insert(resource, name.to_owned());
    }
}
