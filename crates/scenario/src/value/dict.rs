//! Dicts.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::key::Key;
use super::{Result, Value, meter, release};

/// A dict: shared by whoever refers to it, in order of insertion, and counted by the memory meter.
pub(crate) struct Dict {
    table: RefCell<Table>,
}

#[derive(Default)]
struct Table {
    /// The entries in order of insertion, with gaps where one was removed.
    entries: Vec<Option<(Value, Value)>>,
    /// Where in `entries` each key stands.
    places: BTreeMap<Key, usize>,
}

impl Dict {
    /// An empty dict.
    pub(crate) fn new() -> Dict {
        meter::add(meter::CONTAINER);
        Dict { table: RefCell::default() }
    }

    /// A dict of pairs, where a later one replaces the value of an earlier one of the same key; a TypeError where a key
    /// is unhashable.
    pub(crate) fn from_pairs(pairs: impl IntoIterator<Item = (Value, Value)>) -> Result<Dict> {
        let dict = Dict::new();
        for (key, value) in pairs {
            dict.set(key, value)?;
        }
        Ok(dict)
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.table.borrow().places.len()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key; a TypeError where it is unhashable.
    pub(crate) fn get(&self, key: &Value) -> Result<Option<Value>> {
        let key = Key::new(key)?;
        let table = self.table.borrow();
        let found = table.places.get(&key).and_then(|place| table.entries[*place].as_ref());
        Ok(found.map(|(_, value)| value.clone()))
    }

    /// Sets the value of a key; an entry that was there keeps its place and its key.
    pub(crate) fn set(&self, key: Value, value: Value) -> Result<()> {
        let hashed = Key::new(&key)?;
        let mut table = self.table.borrow_mut();
        meter::add(meter::weight(&value));
        if let Some(place) = table.places.get(&hashed).copied()
            && let Some((_, present)) = &mut table.entries[place]
        {
            let old = std::mem::replace(present, value);
            meter::subtract(meter::weight(&old));
            // The old value is dropped only when the table is free again: its drop may read this dict.
            drop(table);
            drop(old);
            return Ok(());
        }
        meter::add(meter::weight(&key));
        let place = table.entries.len();
        table.entries.push(Some((key, value)));
        table.places.insert(hashed, place);
        Ok(())
    }

    /// Takes the entry of a key out and gives its value.
    pub(crate) fn remove(&self, key: &Value) -> Result<Option<Value>> {
        let key = Key::new(key)?;
        let mut table = self.table.borrow_mut();
        let removed = table.places.remove(&key).and_then(|place| table.entries[place].take());
        table.close_gaps();
        drop(table);
        Ok(removed.map(|(key, value)| {
            meter::subtract(meter::weight(&key) + meter::weight(&value));
            value
        }))
    }

    /// Takes every entry out.
    pub(crate) fn clear(&self) {
        let table = self.table.take();
        drop_entries(table);
    }

    /// The entry at or behind a place, and the place behind it: what iterates a dict step by step.
    pub(crate) fn entry_from(&self, place: usize) -> Option<(Value, Value, usize)> {
        let table = self.table.borrow();
        let rest = table.entries.get(place..)?;
        let (offset, entry) = rest.iter().enumerate().find_map(|(offset, entry)| Some((offset, entry.as_ref()?)))?;
        Some((entry.0.clone(), entry.1.clone(), place + offset + 1))
    }

    /// A copy of the entries, in order.
    pub(crate) fn to_pairs(&self) -> Vec<(Value, Value)> {
        self.table.borrow().entries.iter().flatten().cloned().collect()
    }
}

impl Default for Dict {
    fn default() -> Dict {
        Dict::new()
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        meter::subtract(meter::CONTAINER);
        drop_entries(std::mem::take(self.table.get_mut()));
    }
}

fn drop_entries(table: Table) {
    let values: Vec<Value> = table.entries.into_iter().flatten().flat_map(|(key, value)| [key, value]).collect();
    meter::subtract(meter::weight_of_all(&values));
    // The keys of the index are texts and numbers, nested no deeper than `limits::DEPTH`.
    drop(table.places);
    release(values);
}

impl Table {
    /// Moves the entries together when more than half of their places are gaps, so that a removal costs little on average.
    fn close_gaps(&mut self) {
        if self.entries.len() < 16 || self.entries.len() / 2 < self.places.len() {
            return;
        }
        let mut moved = vec![0; self.entries.len()];
        let mut filled = 0;
        for (place, entry) in self.entries.iter().enumerate() {
            moved[place] = filled;
            filled += usize::from(entry.is_some());
        }
        self.entries.retain(Option::is_some);
        for place in self.places.values_mut() {
            *place = moved[*place];
        }
    }
}
