// The observer of examples in `src/event.rs`, which include this file: it keeps what it is told.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use timeskip_executor::{Cause, Event, EventId, Observer, ResourceId, SimTime, TaskId};

#[derive(Clone, Default)]
pub struct Log {
    pub events: Rc<RefCell<Vec<(Event, Cause)>>>,
    pub lines: Rc<RefCell<Vec<u32>>>,
    pub resources: Rc<RefCell<Vec<(ResourceId, String)>>>,
}

impl Observer for Log {
    fn event(&mut self, _: SimTime, _: TaskId, event: Event, line: u32, cause: Cause) -> EventId {
        let mut events = self.events.borrow_mut();
        events.push((event, cause));
        self.lines.borrow_mut().push(line);
        EventId(u32::try_from(events.len() - 1).expect("examples have few events"))
    }

    fn task(&mut self, _: TaskId, _: &str) {}

    fn resource(&mut self, resource: ResourceId, name: &str) {
        self.resources.borrow_mut().push((resource, name.to_owned()));
    }
}

impl Log {
    pub fn events(&self) -> Ref<'_, [(Event, Cause)]> {
        Ref::map(self.events.borrow(), Vec::as_slice)
    }
}
