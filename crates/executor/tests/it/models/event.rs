//! `Event` beside its model: a flag and those who wait for it.

use proptest::prelude::*;
use timeskip_executor::sync::Event;
use timeskip_executor::{JoinHandle, Sim};

use super::driver::behaves_as_its_model;
use super::machine::{Model, Move, MoveOf, Seen, ensure};
use super::turns::{Answer, End, Resume, Task, Turns};

#[derive(Clone, Debug, Default)]
pub(crate) struct EventModel {
    is_set: bool,
    waiters: Vec<Task>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wait;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    Set,
    Clear,
}

impl Model for EventModel {
    type Job = Wait;
    type Command = Command;
    type Real = Event;

    fn any() -> BoxedStrategy<EventModel> {
        Just(EventModel::default()).boxed()
    }

    fn jobs(_: usize) -> BoxedStrategy<Wait> {
        Just(Wait).boxed()
    }

    fn commands(_: usize) -> BoxedStrategy<Command> {
        prop_oneof![Just(Command::Set), Just(Command::Clear)].boxed()
    }

    fn step(&mut self, task: Task, _: &Wait, resume: Resume, _: &mut Turns) -> Option<End> {
        if resume == Resume::First && !self.is_set {
            self.waiters.push(task);
            return None;
        }
        // Who was woken goes, whatever became of the flag since.
        self.waiters.retain(|&other| other != task);
        let is_cancelled = matches!(resume, Resume::Cancelled | Resume::WokenAndCancelled);
        Some(if is_cancelled { End::Cancelled } else { End::Answered(Ok(0)) })
    }

    fn command(&mut self, command: &Command, turns: &mut Turns) -> Answer {
        let sets = *command == Command::Set;
        if sets && !self.is_set {
            for &task in &self.waiters {
                turns.wake(task);
            }
        }
        self.is_set = sets;
        Ok(0)
    }

    fn counts(&self) -> Vec<usize> {
        vec![usize::from(self.is_set), self.waiters.len()]
    }

    fn real(&self, sim: &Sim) -> Event {
        Event::new(sim, "event")
    }

    fn start(event: &Event, sim: &Sim, _: &Wait) -> JoinHandle<Answer> {
        let wait = event.wait();
        sim.spawn(async move {
            wait.await;
            Ok(0)
        })
    }

    fn tell(event: &Event, command: &Command) -> Answer {
        match command {
            Command::Set => event.set(),
            Command::Clear => event.clear(),
        }
        Ok(0)
    }

    fn observe(event: &Event) -> Vec<usize> {
        vec![usize::from(event.is_set()), event.waiters()]
    }

    fn check(&self, seen: &Seen<EventModel>) -> Result<(), String> {
        let [is_set, waiters] = seen.counts[..] else { return Err("two counts".to_owned()) };
        let was_set = seen.obeyed().any(|(command, _)| *command == Command::Set);
        ensure(was_set || seen.done().next().is_none(), || "somebody passed before it was set".to_owned())?;
        ensure(!seen.is_quiet || is_set == 0 || waiters == 0, || "they wait for a flag that is set".to_owned())?;
        ensure(!seen.is_quiet || waiters == seen.live(|_| true), || "somebody waits for nothing".to_owned())
    }

    fn let_go(&self) -> MoveOf<EventModel> {
        Move::Command(Command::Set)
    }
}

#[test]
fn an_event_behaves_as_its_model() {
    behaves_as_its_model::<EventModel>();
}
