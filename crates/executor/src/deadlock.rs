//! The report of a deadlock: who waits for what, since when, and in which circle.

use std::collections::BTreeMap;

use crate::core::Core;
use crate::ending::{Blocked, Ending, Holder};
use crate::event::{GatherId, Waiting};
use crate::resource::Described;
use crate::slot::{Progress, Slot};
use crate::task::TaskId;
use crate::wait::{WaitState, WaitToken};

pub(crate) fn report(core: &Core) -> Ending {
    let living = core.tasks.living();
    let waiting = core.resources.borrow().waiting();
    let blocked = living.iter().map(|&task| describe(core, task, &waiting)).collect();
    let cycle = find_cycle(core, &living).into_iter().map(|task| core.task_path(task)).collect();
    Ending::Deadlock { at: core.now.get(), blocked, cycle }
}

fn describe(core: &Core, task: TaskId, waiting: &BTreeMap<WaitToken, Described>) -> Blocked {
    let slot = core.tasks.slot(task);
    let wait = slot.wait.get();
    let in_line = waiting.get(&WaitToken { place: task.index, sequence: wait.sequence() });
    let in_line = in_line.filter(|_| wait.state() == Some(WaitState::Pending));
    let Described { on, since } = in_line.copied().unwrap_or_else(|| Described {
        on: current_wait(core, slot),
        since: core.tasks.known_detail(slot).map_or(core.now.get(), |detail| detail.since.get()),
    });
    let waiting = on;
    let on = match waiting {
        Waiting::Task(other) if core.gather_of(other).is_some() => described_gather(core, core.gather_of(other)),
        Waiting::Task(other) if core.is_future(other) => format!("future {}", core.task_path(other)),
        Waiting::Task(other) => format!("task {}", core.task_path(other)),
        Waiting::CancelledTask(other) => format!("the end of the cancelled task {}", core.task_path(other)),
        Waiting::Shield(other) => format!("shield of task {}", core.task_path(other)),
        Waiting::Gather(gather) => described_gather(core, Some(gather)),
        Waiting::Group(group) => format!("task group of {}", listed(core, &core.group_members(group))),
        Waiting::Tasks(wait) => format!("wait of {}", listed(core, &core.awaited_by_wait(wait))),
        Waiting::Resource(resource, operation) => {
            format!("{}.{}()", core.resources.borrow().name(resource), operation.name())
        }
        Waiting::Sleep { .. } => "a sleep that never ends".to_owned(),
        Waiting::Foreign => "something that timeskip does not know".to_owned(),
    };
    Blocked { task: core.task_path(task), on, since, holders: holders(core, waiting) }
}

fn holders(core: &Core, waiting: Waiting) -> Vec<Holder> {
    let Waiting::Resource(resource, _) = waiting else { return Vec::new() };
    let holders = core.resources.borrow().holders(resource);
    let described = holders.into_iter().map(|(task, since)| Holder {
        task: core.task_path(task),
        since,
        has_ended: !is_alive(core, task),
    });
    described.collect()
}

fn is_alive(core: &Core, task: TaskId) -> bool {
    core.tasks.progress(task).is_some_and(Progress::is_alive)
}

fn described_gather(core: &Core, gather: Option<GatherId>) -> String {
    let children = gather.map_or_else(Vec::new, |gather| core.gathers.borrow().unfinished(gather, core));
    format!("gather of {}", listed(core, &children))
}

/// The first few of several tasks.
fn listed(core: &Core, tasks: &[TaskId]) -> String {
    let names: Vec<String> = tasks.iter().take(5).map(|&task| core.task_path(task)).collect();
    let more = if tasks.len() > names.len() { ", ..." } else { "" };
    format!("{}{more}", names.join(", "))
}

fn current_wait(core: &Core, slot: &Slot) -> Waiting {
    let wait = slot.wait.get();
    let waits = wait.state() == Some(WaitState::Pending) || slot.progress.get() == Progress::Gathering;
    if waits { core.tasks.waits_on(slot, wait) } else { Waiting::Foreign }
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
    let waiting = core.tasks.get(task).map(|slot| current_wait(core, slot));
    match waiting {
        Some(Waiting::Task(other) | Waiting::CancelledTask(other)) => vec![other],
        Some(Waiting::Shield(other)) => core.behind_shield(other).into_iter().collect(),
        Some(Waiting::Gather(gather)) => core.gathers.borrow().unfinished(gather, core),
        Some(Waiting::Group(group)) => core.group_members(group),
        Some(Waiting::Resource(resource, _)) => {
            let holders = core.resources.borrow().holders(resource).into_iter().map(|(task, _)| task);
            holders.filter(|&holder| is_alive(core, holder)).collect()
        }
        _ => Vec::new(),
    }
}
