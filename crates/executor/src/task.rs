//! Tasks by their numbers.

/// A task of a run. Ids of tasks that are gone never name another task.
///
/// ```
/// use timeskip_executor::Simulation;
/// let run = Simulation::new().run(|sim| async move {
///     let (first, second) = (sim.spawn(async {}), sim.spawn(async {}));
///     (first.id() == first.clone().id(), first.id() == second.id())
/// });
/// assert_eq!(run.output, Some((true, false)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// There are fewer tasks: who names one in 32 bits has two of them to spare.
pub(crate) const PLACES: u32 = 1 << 30;
