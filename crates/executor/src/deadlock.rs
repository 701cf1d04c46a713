//! The report of a deadlock: who waits for what, since when, and in which circle.

use std::collections::BTreeMap;

use crate::core::Core;
use crate::ending::{Blocked, Ending};
use crate::event::Waiting;
use crate::task::TaskId;
use crate::wait::WaitState;

pub(crate) fn report(core: &Core) -> Ending {
    let living = core.tasks.borrow().living();
    let blocked = living.iter().map(|&task| describe(core, task)).collect();
    let cycle = find_cycle(core, &living).into_iter().map(|task| core.task_path(task)).collect();
    Ending::Deadlock { at: core.now.get(), blocked, cycle }
}

fn describe(core: &Core, task: TaskId) -> Blocked {
    let (waiting, since) = {
        let mut tasks = core.tasks.borrow_mut();
        let slot = tasks.slot(task);
        (current_wait(slot), slot.since)
    };
    let on = match waiting {
        Waiting::Task(other) if core.is_future(other) => format!("future {}", core.task_path(other)),
        Waiting::Task(other) => format!("task {}", core.task_path(other)),
        Waiting::Gather(gather) => {
            let children: Vec<TaskId> = core.gathers.borrow().unfinished(gather, core);
            let names: Vec<String> = children.iter().take(5).map(|&child| core.task_path(child)).collect();
            let more = if children.len() > names.len() { ", ..." } else { "" };
            format!("gather of {}{more}", names.join(", "))
        }
        Waiting::Resource(resource, operation) => {
            format!("{}.{}()", core.resources.borrow().name(resource), operation.name())
        }
        Waiting::Sleep { .. } => "a sleep that never ends".to_owned(),
        Waiting::Foreign => "something that timeskip does not know".to_owned(),
    };
    Blocked { task: core.task_path(task), on, since }
}

fn current_wait(slot: &crate::task::Slot) -> Waiting {
    if slot.wait.state == Some(WaitState::Pending) { slot.waiting } else { Waiting::Foreign }
}

/// Follows who waits for whom from each task; the tasks of the first circle found, in order.
fn find_cycle(core: &Core, living: &[TaskId]) -> Vec<TaskId> {
    // For each task met: its place on the path being followed, or none once it is known to lead to no circle.
    let mut places: BTreeMap<TaskId, Option<usize>> = BTreeMap::new();
    for &start in living {
        if places.contains_key(&start) {
            continue;
        }
        places.insert(start, Some(0));
        let mut path: Vec<(TaskId, Vec<TaskId>)> = vec![(start, awaited(core, start))];
        while let Some((task, rest)) = path.last_mut() {
            let Some(next) = rest.pop() else {
                places.insert(*task, None);
                path.pop();
                continue;
            };
            match places.get(&next) {
                Some(Some(place)) => return path[*place..].iter().map(|(task, _)| *task).collect(),
                Some(None) => {}
                None => {
                    places.insert(next, Some(path.len()));
                    path.push((next, awaited(core, next)));
                }
            }
        }
    }
    Vec::new()
}

fn awaited(core: &Core, task: TaskId) -> Vec<TaskId> {
    let waiting = core.tasks.borrow().get(task).map(current_wait);
    match waiting {
        Some(Waiting::Task(other)) => vec![other],
        Some(Waiting::Gather(gather)) => core.gathers.borrow().unfinished(gather, core),
        _ => Vec::new(),
    }
}
