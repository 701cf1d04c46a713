//! The names of queues and other primitives, for traces and for the report of a deadlock.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::core::Core;
use crate::event::ResourceId;

#[derive(Default)]
pub(crate) struct Resources {
    names: BTreeMap<ResourceId, Box<str>>,
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
}

impl Drop for Resource {
    fn drop(&mut self) {
        self.core.resources.borrow_mut().names.remove(&self.id);
    }
}
