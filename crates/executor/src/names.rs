//! Task names: paths such as `main/producer-0`, kept as a tree and spelt only when somebody asks.
//!
//! A path depends on the parent, the label and how many siblings with that label came before: nothing elsewhere in a
//! program shifts it. A node lives as long as its task or a descendant's, so that memory follows the living tasks.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::rc::Rc;

use crate::raw::table::Table;

/// What a task is called beside its siblings' numbers, by its place in the list of all labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(u32);

/// A node of the tree: its place, counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameId(NonZeroU32);

pub(crate) struct Names {
    nodes: Table<Node>,
    /// The node that was freed last; its parent is the one that was freed before.
    free: Option<NameId>,
    labels: Vec<Rc<str>>,
    numbers: BTreeMap<Rc<str>, Label>,
    /// The label that was asked for last: tasks of one kind are spawned one after another.
    last: Label,
}

struct Node {
    parent: Option<NameId>,
    label: Label,
    ordinal: u32,
    /// The task itself and its children's nodes.
    uses: u32,
    /// How many children each label has had; boxed since few tasks have children.
    #[allow(clippy::box_collection, reason = "one word in the common case of no children")]
    children: Option<Box<Vec<(Label, u32)>>>,
}

impl Default for Names {
    fn default() -> Names {
        let unnamed: Rc<str> = "task".into();
        Names {
            nodes: Table::default(),
            free: None,
            labels: vec![Rc::clone(&unnamed)],
            numbers: BTreeMap::from([(unnamed, Names::UNNAMED)]),
            last: Names::UNNAMED,
        }
    }
}

impl Names {
    /// The label of tasks that were given no name.
    pub(crate) const UNNAMED: Label = Label(0);

    /// The label of this text; equal texts have one.
    #[inline]
    pub(crate) fn label(&mut self, text: &str) -> Label {
        if *self.labels[self.last.0 as usize] != *text {
            self.last = self.find_label(text);
        }
        self.last
    }

    fn find_label(&mut self, text: &str) -> Label {
        if let Some(&label) = self.numbers.get(text) {
            return label;
        }
        let label = Label(u32::try_from(self.labels.len()).expect("fewer labels than tasks"));
        let text: Rc<str> = text.into();
        self.labels.push(Rc::clone(&text));
        self.numbers.insert(text, label);
        label
    }

    /// A name for a new task.
    #[inline]
    pub(crate) fn add(&mut self, parent: Option<NameId>, label: Label) -> NameId {
        let ordinal = parent.map_or(0, |parent| {
            let parent = self.node(parent);
            parent.uses += 1;
            parent.next_ordinal(label)
        });
        let node = Node { parent, label, ordinal, uses: 1, children: None };
        if let Some(id) = self.free {
            self.free = std::mem::replace(self.node(id), node).parent;
            return id;
        }
        self.nodes.push(node);
        let place = u32::try_from(self.nodes.len()).ok().and_then(NonZeroU32::new);
        NameId(place.expect("fewer names than 2^32"))
    }

    #[inline]
    fn node(&mut self, id: NameId) -> &mut Node {
        self.nodes.get_mut(id.0.get() - 1).expect("places of names stay")
    }

    fn look(&self, id: NameId) -> &Node {
        self.nodes.get(id.0.get() - 1).expect("places of names stay")
    }

    /// One more use of a name.
    pub(crate) fn share(&mut self, id: NameId) -> NameId {
        self.node(id).uses += 1;
        id
    }

    /// The task of this name is gone, or what shared it.
    #[inline]
    pub(crate) fn release(&mut self, id: NameId) {
        let node = self.node(id);
        if node.uses > 1 {
            node.uses -= 1;
        } else {
            self.release_last(id);
        }
    }

    /// The last use of a name is gone, and with it one of its parent's.
    fn release_last(&mut self, id: NameId) {
        let mut next = Some(id);
        while let Some(id) = next {
            let free = self.free;
            let node = self.node(id);
            node.uses -= 1;
            if node.uses > 0 {
                return;
            }
            next = std::mem::replace(&mut node.parent, free);
            node.children = None;
            self.free = Some(id);
        }
    }

    /// The whole path: `main/producer-0`.
    pub(crate) fn path(&self, id: NameId) -> String {
        let mut names = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            names.push(id);
            next = self.look(id).parent;
        }
        let mut path = String::new();
        for &id in names.iter().rev() {
            let node = self.look(id);
            path.push_str(&self.labels[node.label.0 as usize]);
            if node.parent.is_some() {
                path.push_str(&format!("-{}/", node.ordinal));
            } else {
                path.push('/');
            }
        }
        path.pop();
        path
    }
}

impl Node {
    #[inline]
    fn next_ordinal(&mut self, label: Label) -> u32 {
        let children = self.children.get_or_insert_default();
        if let Some((known, count)) = children.last_mut()
            && *known == label
        {
            *count += 1;
            return *count - 1;
        }
        Node::next_among(children, label)
    }

    fn next_among(children: &mut Vec<(Label, u32)>, label: Label) -> u32 {
        if let Some((_, count)) = children.iter_mut().find(|(known, _)| *known == label) {
            *count += 1;
            return *count - 1;
        }
        children.push((label, 1));
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_counts_siblings_of_one_label_and_outlives_the_parent() {
        let mut names = Names::default();
        let [main, producer, item] = ["main", "producer", "item"].map(|label| names.label(label));
        let root = names.add(None, main);
        let first = names.add(Some(root), producer);
        let second = names.add(Some(root), producer);
        let child = names.add(Some(second), item);
        names.release(root);
        names.release(second);
        assert_eq!(names.path(first), "main/producer-0");
        assert_eq!(names.path(child), "main/producer-1/item-0");
        names.release(child);
        names.release(first);
        let mut free = Vec::new();
        let mut next = names.free;
        while let Some(id) = next {
            free.push(id);
            next = names.look(id).parent;
        }
        assert_eq!(free, [root, first, second, child], "every node is free when nobody needs it");
    }
}
