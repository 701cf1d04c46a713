//! The tasks of a gather, as runs of tasks that lie side by side: most often they were spawned one after the other.
//!
//! A million of them then take a few words, where a number for each would be a good part of all their memory.

use crate::task::TaskId;

/// Tasks in an order of their own.
#[derive(Debug, Default)]
pub(super) struct Children {
    runs: Vec<Run>,
    len: u32,
}

/// Tasks of one generation, at one place and those that follow it.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: TaskId,
    /// How many children come before it.
    before: u32,
}

impl Children {
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The child at a place.
    pub(super) fn get(&self, child: u32) -> Option<TaskId> {
        let run = self.runs.partition_point(|run| run.before <= child).checked_sub(1)?;
        (child < self.len).then(|| self.runs[run].at(child))
    }

    pub(super) fn last(&self) -> Option<TaskId> {
        self.get(self.len.checked_sub(1)?)
    }

    /// The tasks, to be gone through from inside where they may be many: `for` asks for each of them where it lies.
    pub(super) fn iter(&self) -> impl Iterator<Item = TaskId> {
        self.numbered().map(|(_, task)| task)
    }

    /// The same, with their places.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (u32, TaskId)> {
        let ends = self.runs.iter().skip(1).map(|run| run.before).chain([self.len]);
        self.runs.iter().zip(ends).flat_map(|(run, end)| (run.before..end).map(|child| (child, run.at(child))))
    }

    /// Whether each comes after the one before it, so that all are different.
    pub(super) fn are_ascending(&self) -> bool {
        self.runs.is_sorted_by(|one, next| one.at(next.before - 1) < next.first)
    }
}

impl Run {
    /// The child at a place that lies in this run.
    #[inline]
    fn at(self, child: u32) -> TaskId {
        let TaskId { index, generation } = self.first;
        TaskId { index: index + (child - self.before), generation }
    }
}

impl FromIterator<TaskId> for Children {
    fn from_iter<I: IntoIterator<Item = TaskId>>(tasks: I) -> Children {
        let (mut runs, mut len, mut next) = (Vec::new(), 0_u32, None);
        tasks.into_iter().for_each(|task| {
            if next != Some(task) {
                runs.push(Run { first: task, before: len });
            }
            next = Some(TaskId { index: task.index + 1, ..task });
            len = len.checked_add(1).expect("fewer children than tasks");
        });
        Children { runs, len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tasks: &[(u32, u32)], runs: usize, ascending: bool) {
        let tasks: Vec<TaskId> = tasks.iter().map(|&(index, generation)| TaskId { index, generation }).collect();
        let children: Children = tasks.iter().copied().collect();
        assert!(children.iter().eq(tasks.iter().copied()), "{children:?}");
        assert_eq!((children.len() as usize, children.is_empty()), (tasks.len(), tasks.is_empty()));
        assert!(
            (0..=children.len()).map(|child| children.get(child)).eq(tasks.iter().copied().map(Some).chain([None]))
        );
        assert_eq!((children.last(), children.runs.len()), (tasks.last().copied(), runs));
        assert_eq!(children.are_ascending(), ascending);
        assert_eq!(children.are_ascending(), tasks.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn tasks_come_out_in_the_order_in_which_they_went_in() {
        check(&[], 0, true);
        check(&[(7, 0)], 1, true);
        check(&[(1, 0), (2, 0), (3, 0)], 1, true);
        check(&[(1, 0), (2, 1), (3, 1), (9, 0), (10, 0)], 3, true);
        check(&[(3, 0), (2, 0), (1, 0)], 3, false);
        check(&[(1, 0), (2, 0), (1, 0), (2, 0)], 2, false);
        check(&[(1, 0), (1, 0)], 2, false);
    }
}
