//! What a queue keeps.

use crate::event::EventId;

/// An item in a queue, with the event that put it there.
///
/// It compares as its value does, so that a [`Store`](super::Store) may order by it.
///
/// ```
/// use timeskip_executor::{Item, Queue, Simulation, Store};
///
/// /// Gives the longest word first.
/// #[derive(Default)]
/// struct Longest(Vec<Item<&'static str>>);
///
/// impl Store<Item<&'static str>> for Longest {
///     fn put(&mut self, item: Item<&'static str>) {
///         self.0.push(item);
///         self.0.sort_by_key(|item| item.value.len());
///     }
///
///     fn get(&mut self) -> Option<Item<&'static str>> {
///         self.0.pop()
///     }
///
///     fn len(&self) -> usize {
///         self.0.len()
///     }
/// }
///
/// let run = Simulation::new().run(|sim| async move {
///     let words = Queue::with_store(&sim, "words", None, Longest::default());
///     words.put("tea").await;
///     words.put("coffee").await;
///     words.get().await
/// });
/// assert_eq!(run.output, Some("coffee"));
/// ```
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// What was put.
    pub value: T,
    /// Known where the run is watched.
    pub(super) origin: Option<Origin>,
}

/// Where an item comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// How many were put before it.
    pub(super) number: u64,
    /// The event that put it.
    pub(super) put: Option<EventId>,
}

impl<T: PartialEq> PartialEq for Item<T> {
    fn eq(&self, other: &Item<T>) -> bool {
        self.value == other.value
    }
}

impl<T: PartialOrd> PartialOrd for Item<T> {
    fn partial_cmp(&self, other: &Item<T>) -> Option<std::cmp::Ordering> {
        self.value.partial_cmp(&other.value)
    }
}
