//! Queues of values.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::rc::Rc;

use timeskip_executor::{self as executor, Item, Queue};

use crate::lang::ast::CompareOp;
use crate::machine::context::Context;
use crate::value::{Exception, Object, Value, compare, meter};

/// The kinds of queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueueKind {
    Fifo,
    Lifo,
    Priority,
}

/// A queue, as a program holds it.
pub(crate) struct QueueObject {
    pub(crate) queue: Queue<Value, Store>,
    pub(crate) kind: QueueKind,
    pub(crate) maxsize: usize,
    /// What a comparison of two items raised.
    pub(crate) raised: Rc<RefCell<Option<Rc<Exception>>>>,
}

impl QueueObject {
    pub(crate) fn new(context: &Rc<Context>, kind: QueueKind, limit: Option<NonZeroUsize>) -> QueueObject {
        let raised = Rc::new(RefCell::new(None));
        let items = match kind {
            QueueKind::Fifo => Items::Fifo(VecDeque::new()),
            QueueKind::Lifo => Items::Lifo(Vec::new()),
            QueueKind::Priority => Items::Priority(executor::Heap::new()),
        };
        let store = Store { items, raised: Rc::clone(&raised) };
        let name = context.name_primitive("queue");
        let queue = Queue::with_store(&context.sim, &name, limit, store);
        QueueObject { queue, kind, maxsize: limit.map_or(0, NonZeroUsize::get), raised }
    }
}

/// Keeps the items, and counts them as memory of the program.
pub(crate) struct Store {
    items: Items,
    raised: Rc<RefCell<Option<Rc<Exception>>>>,
}

enum Items {
    Fifo(VecDeque<Item<Value>>),
    Lifo(Vec<Item<Value>>),
    Priority(executor::Heap<Item<Value>>),
}

impl Store {
    /// Whether an item goes before another one; two that cannot be compared raise once they are put.
    fn is_less(raised: &RefCell<Option<Rc<Exception>>>, left: &Item<Value>, right: &Item<Value>) -> bool {
        compare(CompareOp::Less, &left.value, &right.value).unwrap_or_else(|exception| {
            raised.borrow_mut().get_or_insert(exception);
            false
        })
    }
}

impl executor::Store<Item<Value>> for Store {
    fn put(&mut self, item: Item<Value>) {
        meter::add(meter::weight(&item.value));
        match &mut self.items {
            Items::Fifo(items) => items.push_back(item),
            Items::Lifo(items) => items.push(item),
            Items::Priority(heap) => heap.push(item, |left, right| Store::is_less(&self.raised, left, right)),
        }
    }

    fn get(&mut self) -> Option<Item<Value>> {
        let item = match &mut self.items {
            Items::Fifo(items) => items.pop_front(),
            Items::Lifo(items) => items.pop(),
            Items::Priority(heap) => heap.pop(|left, right| Store::is_less(&self.raised, left, right)),
        }?;
        meter::subtract(meter::weight(&item.value));
        Some(item)
    }

    fn len(&self) -> usize {
        match &self.items {
            Items::Fifo(items) => items.len(),
            Items::Lifo(items) => items.len(),
            Items::Priority(heap) => heap.len(),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let mut values = Vec::new();
        while let Some(item) = executor::Store::get(self) {
            values.push(item.value);
        }
        crate::value::release(values);
    }
}

impl Object for QueueObject {
    fn type_name(&self) -> &'static str {
        match self.kind {
            QueueKind::Fifo => "Queue",
            QueueKind::Lifo => "LifoQueue",
            QueueKind::Priority => "PriorityQueue",
        }
    }

    fn repr(&self) -> String {
        let shutdown = if self.queue.is_shut_down() { " shutdown" } else { "" };
        format!("<{} maxsize={}{shutdown}>", self.type_name(), self.maxsize)
    }
}
