//! A trace as JSON Lines, for programs. The types here mirror the trace, so that a change of one does not silently
//! change the other.

use serde::Serialize;
use timeskip_executor::{Cause, Event};

use crate::text::verb_and_operands;
use crate::trace::{Record, Trace};

#[derive(Serialize)]
struct Head {
    timeskip_trace: u32,
}

#[derive(Serialize)]
struct Line<'trace> {
    event: String,
    time: f64,
    task: &'trace str,
    verb: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operands: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    put: Option<String>,
}

#[derive(Serialize)]
struct Tail {
    ending: &'static str,
    time: f64,
    text: String,
}

/// The trace as JSON Lines: an object with the version, an object for each event, an object for the ending.
///
/// Times are seconds. `cause` names the event of another task that made this one happen, `put` the event that put the
/// item that was got.
///
/// ```
/// use timeskip_executor::Simulation;
/// let recorder = timeskip_trace::Recorder::new();
/// let run = Simulation::new().observer(recorder.clone()).run(|_| async {});
/// let trace = recorder.finish(run.ending);
/// let lines = timeskip_trace::jsonl(&trace);
/// let first_event = lines.lines().nth(1);
/// assert_eq!(
///     first_event,
///     Some(r#"{"event":"main#0","time":0.0,"task":"main","verb":"end","operands":["finished"]}"#),
/// );
/// ```
pub fn jsonl(trace: &Trace) -> String {
    let mut text = String::new();
    push(&mut text, &Head { timeskip_trace: 1 });
    for record in trace.records() {
        push(&mut text, &line(trace, record));
    }
    let ending = trace.ending();
    let time = ending.at().as_secs_f64();
    push(&mut text, &Tail { ending: ending.kind(), time, text: ending.to_string() });
    text
}

fn push(text: &mut String, line: &impl Serialize) {
    text.push_str(&serde_json::to_string(line).expect("numbers, texts and lists can always be written"));
    text.push('\n');
}

fn line<'trace>(trace: &'trace Trace, record: &Record) -> Line<'trace> {
    let (verb, operands) = verb_and_operands(trace, &record.event);
    let put = match record.event {
        Event::Got { put: Some(put), .. } => Some(trace.event_name(put)),
        _ => None,
    };
    Line {
        event: trace.name_of(record),
        time: record.time.as_secs_f64(),
        task: trace.task_of(record),
        verb,
        operands,
        line: (record.line > 0).then_some(record.line),
        cause: match record.cause {
            Cause::Order => None,
            Cause::Event(event) => Some(trace.event_name(event)),
        },
        put,
    }
}
