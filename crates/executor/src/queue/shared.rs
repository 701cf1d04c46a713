//! What the handles and the futures of a queue share.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::rc::Rc;

use super::item::{Item, Origin};
use super::store::Store;
use crate::core::Core;
use crate::event::{Event, Operation, Waiting};
use crate::resource::{Described, Reported, Resource};
use crate::sim::Sim;
use crate::wait::WaitToken;
use crate::waiters::Waiters;

pub(super) struct Shared<T, S> {
    pub(super) resource: Resource,
    /// A put waits while there are so many items. More than there can ever be where there is no bound.
    limit: usize,
    /// The same, or none once the queue was shut down: what a put that has nothing else to look at compares with.
    room: Cell<usize>,
    pub(super) items: RefCell<S>,
    pub(super) getters: Waiters,
    pub(super) putters: Waiters,
    pub(super) joiners: Waiters,
    pub(super) put_count: Cell<u64>,
    pub(super) got_count: Cell<u64>,
    /// Of how many it is known that they are done with.
    pub(super) done_count: Cell<u64>,
    item: PhantomData<T>,
}

impl<T, S> Shared<T, S> {
    #[inline]
    pub(super) fn core(&self) -> &Rc<Core> {
        &self.resource.core
    }

    #[inline]
    pub(super) fn is_shut_down(&self) -> bool {
        self.room.get() == 0
    }

    pub(super) fn shut_down(&self) {
        self.room.set(0);
    }
}

impl<T, S> Reported for Shared<T, S> {
    fn waiting(&self) -> Vec<(WaitToken, Described)> {
        [&self.getters, &self.putters, &self.joiners].into_iter().flat_map(Waiters::described).collect()
    }
}

impl<T, S: Store<Item<T>>> Shared<T, S> {
    pub(super) fn new(sim: &Sim, name: &str, limit: Option<NonZeroUsize>, store: S) -> Shared<T, S> {
        let limit = limit.map_or(usize::MAX, NonZeroUsize::get);
        let resource = Resource::new(sim.core(), name);
        let line = |operation| Waiters::new(Waiting::Resource(resource.id, operation));
        Shared {
            limit,
            room: Cell::new(limit),
            items: RefCell::new(store),
            getters: line(Operation::Get),
            putters: line(Operation::Put),
            joiners: line(Operation::Join),
            put_count: Cell::new(0),
            got_count: Cell::new(0),
            done_count: Cell::new(0),
            item: PhantomData,
            resource,
        }
    }

    pub(super) fn unfinished(&self) -> u64 {
        self.put_count.get() - self.done_count.get()
    }

    /// So many more items are done with, or as many as there are left.
    pub(super) fn finish(&self, items: u64) {
        self.done_count.set(self.done_count.get() + items.min(self.unfinished()));
    }

    pub(super) fn is_full(&self) -> bool {
        self.items.borrow().len() >= self.limit
    }

    pub(super) fn put_now(&self, value: T) {
        let number = self.put_count.get();
        self.put_count.set(number + 1);
        let put = self.core().emit(|| Event::Put { queue: self.resource.id, item: number });
        let origin = self.core().is_watched().then_some(Origin { number, put });
        self.items.borrow_mut().put(Item { value, origin });
        self.getters.wake_next(self.core());
    }

    pub(super) fn get_now(&self) -> Option<T> {
        let Item { value, origin } = self.items.borrow_mut().get()?;
        self.got_count.set(self.got_count.get() + 1);
        if let Some(Origin { number, put }) = origin {
            self.core().emit(|| Event::Got { queue: self.resource.id, item: number, put });
        }
        self.putters.wake_next(self.core());
        Some(value)
    }

    /// Puts an item where there is room, the queue is not shut down, and nobody watches. Tells whether it was put.
    #[inline]
    pub(super) fn put_plainly(&self, value: &mut Option<T>) -> bool {
        let mut items = self.items.borrow_mut();
        if items.len() >= self.room.get() {
            return false;
        }
        let Some(value) = value.take() else { return false };
        items.put(Item { value, origin: None });
        drop(items);
        self.put_count.set(self.put_count.get() + 1);
        self.getters.wake_next_plainly(self.core());
        true
    }

    /// Gets an item, if there is one, where nobody watches.
    #[inline]
    pub(super) fn get_plainly(&self) -> Option<T> {
        let item = self.items.borrow_mut().get()?;
        self.got_count.set(self.got_count.get() + 1);
        self.putters.wake_next_plainly(self.core());
        Some(item.value)
    }
}
