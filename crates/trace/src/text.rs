//! A trace as text: one canonical line for each event, and a line for the ending.
//!
//! A line is the time in seconds, the task's path, a verb, and the verb's operands, with single spaces between. No
//! column is padded, so that the name of one task never changes the line of another.

use std::fmt::Write;

use timeskip_executor::{Ending, Event, Operation, Status, Waiting};

use crate::trace::{Note, Record, Trace};

/// The whole trace: a line with the version, a line for each event, and the ending.
///
/// ```
/// use timeskip_executor::Simulation;
/// let recorder = timeskip_trace::Recorder::new();
/// let run = Simulation::new().observer(recorder.clone()).run(|_| async {});
/// let trace = recorder.finish(run.ending);
/// assert_eq!(
///     timeskip_trace::text(&trace),
///     "# timeskip trace 1\n0.000 main end finished\n-- finished at 0.000 s\n",
/// );
/// ```
pub fn text(trace: &Trace) -> String {
    let mut text = String::from("# timeskip trace 1\n");
    for record in trace.records() {
        text.push_str(&line(trace, record));
        text.push('\n');
    }
    text.push_str(&ending_line(trace.ending()));
    text.push('\n');
    text
}

/// The line that closes every view: `-- finished at 13.000 s`. What a deadlock has to report follows, line by line.
///
/// ```
/// use timeskip_executor::{Ending, SimTime};
/// let ending = Ending::Finished { at: SimTime::from_nanos(13_000_000_000) };
/// assert_eq!(timeskip_trace::ending_line(&ending), "-- finished at 13.000 s");
/// ```
pub fn ending_line(ending: &Ending) -> String {
    format!("-- {}", ending.to_string().replace('\n', "\n-- "))
}

/// The canonical line of one event, without an end of line.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::Simulation;
/// let recorder = timeskip_trace::Recorder::new();
/// let run = Simulation::new().observer(recorder.clone()).run(|sim| async move {
///     sim.sleep(Duration::from_millis(1500)).await;
/// });
/// let trace = recorder.finish(run.ending);
/// assert_eq!(timeskip_trace::line(&trace, &trace.records()[0]), "0.000 main sleep until 1.500");
/// ```
pub fn line(trace: &Trace, record: &Record) -> String {
    let mut line = format!("{} {} ", record.time, trace.task_of(record));
    let (verb, operands) = verb_and_operands(trace, &record.event);
    line.push_str(verb);
    for operand in operands {
        let _ = write!(line, " {operand}");
    }
    line
}

/// What an event is called, and what it is about.
pub(crate) fn verb_and_operands(trace: &Trace, event: &Event) -> (&'static str, Vec<String>) {
    match event {
        Event::Spawned { child } => ("spawn", vec![trace.path(*child).to_owned()]),
        Event::Waits { on } => waits(trace, *on),
        Event::Yields => ("yield", Vec::new()),
        Event::Resumed => ("wake", Vec::new()),
        Event::Blocked { until } => ("block", vec!["until".to_owned(), until.to_string()]),
        Event::Put { queue, item } => ("put", vec![trace.resource(*queue).to_owned(), format!("#{item}")]),
        Event::Got { queue, item, .. } => ("got", vec![trace.resource(*queue).to_owned(), format!("#{item}")]),
        Event::TaskDone { queue } => ("task_done", vec![trace.resource(*queue).to_owned()]),
        Event::ShutDown { queue } => ("shutdown", vec![trace.resource(*queue).to_owned()]),
        Event::Did { resource, action } => (action.verb(), vec![trace.resource(*resource).to_owned()]),
        Event::Schedules { callback, at: None } => ("call_soon", vec![trace.path(*callback).to_owned()]),
        Event::Schedules { callback, at: Some(time) } => {
            ("call_at", vec![time.to_string(), trace.path(*callback).to_owned()])
        }
        Event::AddsDoneCallback { target, callback } => {
            ("add_done_callback", vec![trace.path(*target).to_owned(), trace.path(*callback).to_owned()])
        }
        Event::Sets { future, status: Status::Failed } => ("set_exception", vec![trace.path(*future).to_owned()]),
        Event::Sets { future, .. } => ("set_result", vec![trace.path(*future).to_owned()]),
        Event::Limits { until: Some(until) } => ("timeout", vec!["until".to_owned(), until.to_string()]),
        Event::Limits { until: None } => ("timeout", vec!["never".to_owned()]),
        Event::TimesOut => ("timed_out", Vec::new()),
        Event::Cancels { target } => ("cancel", vec![trace.path(*target).to_owned()]),
        Event::Cancelled => ("cancelled", Vec::new()),
        Event::Ended { status } => ("end", vec![status_word(*status).to_owned()]),
        Event::Note(number) => match trace.note(*number) {
            Some(Note::Printed(text)) => ("print", vec![quoted(text)]),
            Some(Note::Marked(text)) => ("mark", vec![quoted(text)]),
            Some(Note::Raised(text)) => ("raise", vec![quoted(text)]),
            None => ("note", vec![number.to_string()]),
        },
    }
}

fn waits(trace: &Trace, on: Waiting) -> (&'static str, Vec<String>) {
    match on {
        Waiting::Sleep { until } => ("sleep", vec!["until".to_owned(), until.to_string()]),
        Waiting::Task(task) => ("wait", vec![trace.path(task).to_owned()]),
        Waiting::CancelledTask(task) => ("wait", vec!["cancelled".to_owned(), trace.path(task).to_owned()]),
        Waiting::Shield(task) => ("wait", vec!["shield".to_owned(), trace.path(task).to_owned()]),
        Waiting::Gather(_) => ("wait", vec!["gather".to_owned()]),
        Waiting::Group(_) => ("wait", vec!["group".to_owned()]),
        Waiting::Tasks(_) => ("wait", vec!["tasks".to_owned()]),
        Waiting::Resource(resource, operation) => ("wait", vec![call(trace.resource(resource), operation)]),
        Waiting::Foreign => ("wait", vec!["foreign".to_owned()]),
    }
}

fn call(name: &str, operation: Operation) -> String {
    format!("{name}.{}()", operation.name())
}

pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Finished => "finished",
        Status::Failed => "failed",
        Status::Cancelled => "cancelled",
    }
}

/// A text on one line, as JSON writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
