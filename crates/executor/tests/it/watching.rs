//! Sentence 5: watching changes nothing; and what a watcher is told.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::{Cause, Event, EventId, Observer, Queue, ResourceId, SimTime, Simulation, TaskId};

use crate::support::{Program, observe};

/// Writes down everything it is told, with the names of tasks in place of their ids.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    pub(crate) events: Rc<RefCell<Vec<Recorded>>>,
    names: Rc<RefCell<Vec<(TaskId, String)>>>,
    alive: Rc<()>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recorded {
    pub(crate) time: SimTime,
    pub(crate) task: String,
    pub(crate) event: Event,
    pub(crate) cause: Cause,
}

impl Recorder {
    fn name(&self, task: TaskId) -> String {
        let names = self.names.borrow();
        names.iter().rev().find(|(known, _)| *known == task).map_or_else(String::new, |(_, name)| name.clone())
    }

    /// How many recorders there are: one less when the run that held one has let go of all it held.
    pub(crate) fn holders(&self) -> usize {
        Rc::strong_count(&self.alive)
    }
}

impl Observer for Recorder {
    fn event(&mut self, time: SimTime, task: TaskId, event: Event, _: u32, cause: Cause) -> EventId {
        let task = self.name(task);
        let mut events = self.events.borrow_mut();
        events.push(Recorded { time, task, event, cause });
        EventId(u32::try_from(events.len() - 1).expect("tests have few events"))
    }

    fn task(&mut self, task: TaskId, name: &str) {
        self.names.borrow_mut().push((task, name.to_owned()));
    }

    fn resource(&mut self, _: ResourceId, _: &str) {}
}

async fn hand_over(program: Program) {
    let queue = Queue::unbounded(&program, "queue");
    let inbox = queue.clone();
    let getter = program.task(|program| async move {
        program.print(inbox.get().await);
        let _ = program.catch_cancel(program.pause(9.0)).await;
    });
    program.pause(1.0).await;
    queue.put("item").await;
    program.pause(1.0).await;
    assert!(getter.cancel());
    assert_eq!(getter.await, Ok(()));
}

#[test]
fn each_event_names_what_caused_it() {
    let recorder = Recorder::default();
    let (lines, _) = observe(Simulation::new().observer(recorder.clone()), hand_over);
    assert_eq!(lines, ["item"]);
    let events = recorder.events.borrow();
    let told = events.iter().map(|event| {
        let verb = format!("{:?}", event.event);
        let verb = verb.split([' ', '(']).next().unwrap_or_default().to_owned();
        match event.cause {
            Cause::Order => format!("{} {} {verb}", event.time, event.task),
            Cause::Event(EventId(number)) => format!("{} {} {verb} <- {number}", event.time, event.task),
        }
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "0.000 main Spawned",
            "0.000 main Waits",
            "0.000 main/task-0 Waits <- 0",
            "1.000 main Resumed",
            "1.000 main Put",
            "1.000 main Waits",
            "1.000 main/task-0 Got <- 4",
            "1.000 main/task-0 Waits",
            "2.000 main Resumed",
            "2.000 main Cancels",
            "2.000 main Waits",
            "2.000 main/task-0 Cancelled <- 9",
            "2.000 main/task-0 Ended",
            "2.000 main Resumed <- 12",
            "2.000 main Ended",
        ],
    );
}

#[test]
fn a_run_lets_go_of_its_observer() {
    let recorder = Recorder::default();
    observe(Simulation::new().observer(recorder.clone()), hand_over);
    assert_eq!(recorder.holders(), 1);
}
