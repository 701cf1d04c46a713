//! The names of queues and other primitives, for traces and for the report of a deadlock.

use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use crate::core::Core;
use crate::event::{ResourceId, Waiting};
use crate::task::TaskId;
use crate::time::SimTime;
use crate::wait::WaitToken;

#[derive(Default)]
pub(crate) struct Resources {
    names: BTreeMap<ResourceId, Box<str>>,
    /// Those that can tell who holds them or waits for them.
    reported: BTreeMap<ResourceId, Weak<dyn Reported>>,
    made: u32,
}

impl Resources {
    fn add(&mut self, name: &str) -> ResourceId {
        let id = ResourceId(self.made);
        self.made = self.made.wrapping_add(1);
        self.names.insert(id, name.into());
        id
    }

    pub(crate) fn name(&self, id: ResourceId) -> &str {
        self.names.get(&id).map_or("a primitive that is gone", |name| name)
    }

    /// Who holds a primitive, and since when.
    pub(crate) fn holders(&self, id: ResourceId) -> Vec<(TaskId, SimTime)> {
        self.reported.get(&id).and_then(Weak::upgrade).map_or_else(Vec::new, |reported| reported.holders())
    }

    /// Who waits in the lines of primitives, as far as their tasks do not know it themselves.
    pub(crate) fn waiting(&self) -> BTreeMap<WaitToken, Described> {
        let reported = self.reported.values().filter_map(Weak::upgrade);
        reported.flat_map(|reported| reported.waiting()).collect()
    }
}

/// What a primitive knows of its tasks. Only the report of a deadlock asks.
pub(crate) trait Reported {
    /// Who holds it, and since when.
    fn holders(&self) -> Vec<(TaskId, SimTime)> {
        Vec::new()
    }

    /// Who stands in its lines, some of them no more.
    fn waiting(&self) -> Vec<(WaitToken, Described)> {
        Vec::new()
    }
}

/// What a wait is for, and since when.
#[derive(Clone, Copy)]
pub(crate) struct Described {
    pub(crate) on: Waiting,
    pub(crate) since: SimTime,
}

/// A primitive's place in the run; it keeps its name as long as the primitive lives.
pub(crate) struct Resource {
    pub(crate) core: Rc<Core>,
    pub(crate) id: ResourceId,
}

impl Resource {
    pub(crate) fn new(core: &Rc<Core>, name: &str) -> Resource {
        let id = core.resources.borrow_mut().add(name);
        if core.is_watched() {
            core.introduce_resource(id, name);
        }
        Resource { core: Rc::clone(core), id }
    }

    /// Says whom to ask who holds it or waits for it.
    pub(crate) fn reported_by(&self, reported: Weak<dyn Reported>) {
        self.core.resources.borrow_mut().reported.insert(self.id, reported);
    }
}

impl Drop for Resource {
    fn drop(&mut self) {
        let mut resources = self.core.resources.borrow_mut();
        resources.names.remove(&self.id);
        resources.reported.remove(&self.id);
    }
}
