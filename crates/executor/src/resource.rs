//! The names of queues and other primitives, for traces and for the report of a deadlock.

use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use crate::core::Core;
use crate::event::ResourceId;
use crate::task::TaskId;
use crate::time::SimTime;

#[derive(Default)]
pub(crate) struct Resources {
    names: BTreeMap<ResourceId, Box<str>>,
    /// Those that tasks hold.
    holdings: BTreeMap<ResourceId, Weak<dyn Holding>>,
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
        self.holdings.get(&id).and_then(Weak::upgrade).map_or_else(Vec::new, |holding| holding.holders())
    }
}

/// What tasks hold while others wait for it. Only the report of a deadlock asks.
pub(crate) trait Holding {
    /// Who holds it, and since when.
    fn holders(&self) -> Vec<(TaskId, SimTime)>;
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

    /// Says whom to ask who holds it.
    pub(crate) fn held_by(&self, holding: Weak<dyn Holding>) {
        self.core.resources.borrow_mut().holdings.insert(self.id, holding);
    }
}

impl Drop for Resource {
    fn drop(&mut self) {
        let mut resources = self.core.resources.borrow_mut();
        resources.names.remove(&self.id);
        resources.holdings.remove(&self.id);
    }
}
