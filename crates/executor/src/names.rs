//! Task names: paths such as `main/producer-0`, kept as a tree and spelt only when somebody asks.
//!
//! A path depends on the parent, the label and how many siblings with that label came before: nothing elsewhere in a
//! program shifts it. Tasks that are nested very deep are named beside their parents, so that no path grows without end. A
//! node lives as long as its task or a descendant's, so that memory follows the living tasks. Most tasks have no children:
//! such a leaf needs no node, its name lies with the task.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::rc::Rc;

use crate::raw::table::Table;

/// What a task is called beside its siblings' numbers, by its place in the list of all labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(NonZeroU32);

/// A node of the tree: its place, counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameId(NonZeroU32);

/// The name of a task, a future or a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// It has no children, and stands for one use of its parent's node.
    Leaf {
        parent: NameId,
        label: Label,
        ordinal: u32,
    },
    Node(NameId),
}

pub(crate) struct Names {
    nodes: Table<Node>,
    /// The node that was freed last; its parent is the one that was freed before.
    free: Option<NameId>,
    labels: Vec<Rc<str>>,
    numbers: BTreeMap<Rc<str>, Label>,
    /// The label that was asked for last: tasks of one kind are spawned one after another.
    last: Label,
}

/// A path has about so many parts at most: one more where what is nested so deep has a future beside it.
const DEEPEST: u32 = 32;

struct Node {
    parent: Option<NameId>,
    label: Label,
    ordinal: u32,
    /// How many parts its path has.
    depth: u32,
    /// The task itself and its children, whether they are nodes or leaves.
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
    pub(crate) const UNNAMED: Label = Label(NonZeroU32::MIN);

    /// The label of this text; equal texts have one.
    #[inline]
    pub(crate) fn label(&mut self, text: &str) -> Label {
        if *self.labels[self.last.place()] != *text {
            self.last = self.find_label(text);
        }
        self.last
    }

    fn find_label(&mut self, text: &str) -> Label {
        if let Some(&label) = self.numbers.get(text) {
            return label;
        }
        let text: Rc<str> = text.into();
        self.labels.push(Rc::clone(&text));
        let label = Label(count(self.labels.len()));
        self.numbers.insert(text, label);
        label
    }

    /// A name for a new task, future or callback.
    #[inline]
    pub(crate) fn add(&mut self, parent: Option<NameId>, label: Label) -> Name {
        let Some(parent) = parent else { return Name::Node(self.add_node(None, label, 0)) };
        let node = self.node(parent);
        node.uses += 1;
        Name::Leaf { parent, label, ordinal: node.next_ordinal(label) }
    }

    /// The node that children of this name are named under: its own, or its parent's where paths would get too long.
    #[inline]
    pub(crate) fn node_for_children(&mut self, name: &Cell<Name>) -> NameId {
        match name.get() {
            Name::Node(id) => id,
            Name::Leaf { parent, .. } if self.look(parent).depth + 1 >= DEEPEST => parent,
            Name::Leaf { .. } => self.node_of(name),
        }
    }

    /// The node of a name; a leaf becomes one.
    #[inline]
    fn node_of(&mut self, name: &Cell<Name>) -> NameId {
        match name.get() {
            Name::Node(id) => id,
            Name::Leaf { parent, label, ordinal } => {
                let id = self.add_node(Some(parent), label, ordinal);
                name.set(Name::Node(id));
                id
            }
        }
    }

    /// A node, which stands for one use of its parent's.
    #[cold]
    fn add_node(&mut self, parent: Option<NameId>, label: Label, ordinal: u32) -> NameId {
        let depth = 1 + parent.map_or(0, |parent| self.look(parent).depth);
        let node = Node { parent, label, ordinal, depth, uses: 1, children: None };
        if let Some(id) = self.free {
            self.free = std::mem::replace(self.node(id), node).parent;
            return id;
        }
        self.nodes.push(node);
        NameId(count(self.nodes.len()))
    }

    #[inline]
    fn node(&mut self, id: NameId) -> &mut Node {
        self.nodes.get_mut(id.0.get() - 1).expect("places of names stay")
    }

    fn look(&self, id: NameId) -> &Node {
        self.nodes.get(id.0.get() - 1).expect("places of names stay")
    }

    /// One more use of a name.
    pub(crate) fn share(&mut self, name: &Cell<Name>) -> Name {
        let id = self.node_of(name);
        self.node(id).uses += 1;
        Name::Node(id)
    }

    /// The task of this name is gone, or what shared it.
    #[inline]
    pub(crate) fn release(&mut self, name: Name) {
        let (Name::Node(id) | Name::Leaf { parent: id, .. }) = name;
        let node = self.node(id);
        if node.uses > 1 {
            node.uses -= 1;
        } else {
            self.release_last(id);
        }
    }

    /// The last use of a name is gone, and with it one of its parent's.
    #[cold]
    #[inline(never)]
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
    pub(crate) fn path(&self, name: Name) -> String {
        let mut parts = Vec::new();
        let mut next = match name {
            Name::Node(id) => Some(id),
            Name::Leaf { parent, label, ordinal } => {
                parts.push((label, Some(ordinal)));
                Some(parent)
            }
        };
        while let Some(id) = next {
            let node = self.look(id);
            parts.push((node.label, node.parent.map(|_| node.ordinal)));
            next = node.parent;
        }
        let parts = parts.iter().rev().map(|&(label, ordinal)| {
            let text = &self.labels[label.place()];
            ordinal.map_or_else(|| text.to_string(), |ordinal| format!("{text}-{ordinal}"))
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

impl Label {
    /// Its place in the list.
    #[inline]
    fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// How many there are of what there is at least one of, and fewer than tasks can be.
#[inline]
fn count(len: usize) -> NonZeroU32 {
    u32::try_from(len).ok().and_then(NonZeroU32::new).expect("fewer names than 2^32")
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
    use crate::{Callback, Sim, Simulation};

    #[test]
    fn a_path_counts_siblings_of_one_label_and_outlives_the_parent() {
        let mut names = Names::default();
        let [main, producer, item] = ["main", "producer", "item"].map(|label| names.label(label));
        let root = Cell::new(names.add(None, main));
        let under = |names: &mut Names, parent: &Cell<Name>, label| {
            let parent = names.node_of(parent);
            Cell::new(names.add(Some(parent), label))
        };
        let first = under(&mut names, &root, producer);
        let second = under(&mut names, &root, producer);
        assert_eq!(names.nodes.len(), 1, "leaves need no node");
        let child = under(&mut names, &second, item);
        let shared = names.share(&child);
        names.release(root.get());
        names.release(second.get());
        assert_eq!(names.path(first.get()), "main/producer-0");
        names.release(first.get());
        assert_eq!(names.path(child.get()), "main/producer-1/item-0");
        names.release(child.get());
        assert_eq!(names.path(shared), "main/producer-1/item-0");
        names.release(shared);
        let free = free(&names).map(Name::Node).collect::<Vec<_>>();
        assert_eq!(free, [root.get(), second.get(), shared], "every node is free when nobody needs it");
    }

    /// The nodes that nobody uses.
    fn free(names: &Names) -> impl Iterator<Item = NameId> {
        std::iter::successors(names.free, |id| names.look(*id).parent)
    }

    #[test]
    fn tasks_nested_very_deep_are_named_beside_their_parents() {
        async fn nest(sim: Sim, left: u32) -> Vec<String> {
            let mut paths = vec![sim.task_path(sim.current_task())];
            if left > 0 {
                let inner = sim.spawn(Box::pin(nest(sim.clone(), left - 1)));
                paths.extend(inner.await.expect("nobody cancels it"));
            }
            paths
        }
        let run = Simulation::new().run(|sim| nest(sim, DEEPEST + 9));
        let paths = run.output.expect("it finishes");
        let parts = paths.iter().map(|path| path.split('/').count() as u32);
        assert!(parts.eq((1..=DEEPEST).chain([DEEPEST; 10])));
        let deepest = &paths[DEEPEST as usize - 1..];
        let parent = deepest[0].strip_suffix("/task-0").expect("it is the first there");
        assert!(deepest.iter().enumerate().all(|(number, path)| *path == format!("{parent}/task-{number}")));
    }

    #[test]
    fn a_callback_that_spawns_has_a_node_as_long_as_it_runs() {
        let run = Simulation::new().run(|sim| async move {
            let used = |sim: &Sim| {
                let names = sim.core().names.borrow();
                names.nodes.len() - free(&names).count()
            };
            sim.yield_now().await;
            let before = used(&sim);
            let spawner = sim.clone();
            sim.call_soon(Callback::named("start", move || {
                let [first, second] = [(); 2].map(|()| spawner.spawn(async {}));
                assert_eq!(spawner.task_path(first.id()), "loop/start-0/task-0");
                assert_eq!(spawner.task_path(second.id()), "loop/start-0/task-1");
                assert_eq!(used(&spawner), before + 2, "the callback's and that of all callbacks");
            }));
            let while_called = used(&sim);
            for _ in 0..3 {
                sim.yield_now().await;
            }
            (before, while_called, used(&sim))
        });
        assert_eq!(run.output, Some((1, 2, 2)), "{}", run.ending);
    }
}
