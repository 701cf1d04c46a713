//! `asyncio.Barrier`: a number of tasks wait for one another.

use std::cell::Cell;
use std::fmt;
use std::num::NonZeroUsize;
use std::rc::Rc;

use super::condition::Condition;
use super::condition_guard::ConditionGuard;
use crate::core::Core;
use crate::event::{Action, Event};
use crate::resource::Resource;
use crate::sim::Sim;

/// A point where a number of tasks wait for one another, as `asyncio.Barrier`. Cloning it gives another handle on the same
/// barrier.
///
/// The last one to come lets all of them through; then the barrier can be used again, by tasks that waited meanwhile
/// until the last one had left.
///
/// ```
/// use std::num::NonZeroUsize;
/// use timeskip_executor::{Simulation, sync::Barrier};
/// let run = Simulation::new().run(|sim| async move {
///     let gate = Barrier::new(&sim, "gate", NonZeroUsize::new(2).ok_or("no zero")?);
///     let other = sim.spawn({
///         let gate = gate.clone();
///         async move { gate.wait().await }
///     });
///     sim.yield_now().await;
///     let last = gate.wait().await;
///     Ok::<_, &str>((other.await, last))
/// });
/// assert_eq!(run.output, Some(Ok((Ok(Ok(0)), Ok(1)))));
/// ```
#[derive(Clone)]
pub struct Barrier {
    shared: Rc<Shared>,
}

struct Shared {
    resource: Resource,
    /// Notified whenever the state changes.
    changed: Condition,
    parties: NonZeroUsize,
    state: Cell<State>,
    /// How many tasks are in it.
    count: Cell<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Filling,
    /// All have come, and not all have left.
    Draining,
    Resetting,
    Broken,
}

/// Why a barrier let nobody through: asyncio's `BrokenBarrierError`.
///
/// ```
/// use timeskip_executor::{Simulation, sync::{Barrier, BrokenBarrier}};
/// let run = Simulation::new().run(|sim| async move {
///     let gate = Barrier::new(&sim, "gate", std::num::NonZeroUsize::MIN);
///     gate.abort().await;
///     gate.wait().await
/// });
/// assert_eq!(run.output, Some(Err(BrokenBarrier::Aborted)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenBarrier {
    /// It had been aborted before.
    Aborted,
    /// It was aborted or reset while the task waited.
    Interrupted,
}

impl fmt::Display for BrokenBarrier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            BrokenBarrier::Aborted => "Barrier aborted",
            BrokenBarrier::Interrupted => "Abort or reset of barrier",
        })
    }
}

impl std::error::Error for BrokenBarrier {}

impl Barrier {
    /// A barrier for so many tasks, and its name.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let gate = Barrier::new(&sim, "gate", std::num::NonZeroUsize::MIN);
    ///     (gate.wait().await, gate.wait().await)
    /// });
    /// assert_eq!(run.output, Some((Ok(0), Ok(0))), "who waits for nobody passes, each time");
    /// ```
    pub fn new(sim: &Sim, name: &str, parties: NonZeroUsize) -> Barrier {
        let resource = Resource::new(sim.core(), name);
        let changed = Condition::inner(sim, name);
        let (state, count) = (Cell::new(State::Filling), Cell::new(0));
        Barrier { shared: Rc::new(Shared { resource, changed, parties, state, count }) }
    }

    /// How many tasks it waits for.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Barrier::new(&sim, "gate", std::num::NonZeroUsize::MIN).parties()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn parties(&self) -> usize {
        self.shared.parties.get()
    }

    /// How many tasks wait for the others at this moment.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let gate = Barrier::new(&sim, "gate", NonZeroUsize::MIN.saturating_add(1));
    ///     let (same, before) = (gate.clone(), gate.n_waiting());
    ///     sim.spawn(async move { same.wait().await });
    ///     sim.yield_now().await;
    ///     (before, gate.n_waiting())
    /// });
    /// assert_eq!(run.output, Some((0, 1)));
    /// ```
    pub fn n_waiting(&self) -> usize {
        if self.shared.state.get() == State::Filling { self.shared.count.get() } else { 0 }
    }

    /// Whether it was aborted and not reset since.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let gate = Barrier::new(&sim, "gate", std::num::NonZeroUsize::MIN);
    ///     let before = gate.broken();
    ///     gate.abort().await;
    ///     (before, gate.broken())
    /// });
    /// assert_eq!(run.output, Some((false, true)));
    /// ```
    pub fn broken(&self) -> bool {
        self.shared.state.get() == State::Broken
    }

    /// The word for its state, as asyncio's `repr` shows it: `filling`, `draining`, `resetting` or `broken`.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let gate = Barrier::new(&sim, "gate", std::num::NonZeroUsize::MIN);
    ///     let before = gate.state();
    ///     gate.abort().await;
    ///     [before, gate.state()]
    /// });
    /// assert_eq!(run.output, Some(["filling", "broken"]));
    /// ```
    pub fn state(&self) -> &'static str {
        match self.shared.state.get() {
            State::Filling => "filling",
            State::Draining => "draining",
            State::Resetting => "resetting",
            State::Broken => "broken",
        }
    }

    /// Waits until as many tasks wait as it was made for; gives each its number, in the order in which they came.
    ///
    /// # Errors
    /// [`BrokenBarrier`] when the barrier is broken, or was aborted or reset meanwhile.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let gate = Barrier::new(&sim, "gate", NonZeroUsize::MIN.saturating_add(1));
    ///     let same = gate.clone();
    ///     let first = sim.spawn(async move { same.wait().await });
    ///     sim.yield_now().await;
    ///     (gate.wait().await, first.await)
    /// });
    /// assert_eq!(run.output, Some((Ok(1), Ok(Ok(0)))));
    /// ```
    pub async fn wait(&self) -> Result<usize, BrokenBarrier> {
        let shared = &self.shared;
        let mut guard = shared.changed.hold().await;
        guard.wait_for(|| !matches!(shared.state.get(), State::Draining | State::Resetting)).await;
        if shared.state.get() == State::Broken {
            return Err(BrokenBarrier::Aborted);
        }
        // Dropped before the guard: who leaves still holds the lock, also when a cancel drops both.
        let entered = Entered::new(shared);
        if entered.index + 1 == shared.parties.get() {
            shared.state.set(State::Draining);
            guard.notify_all();
        } else {
            guard.wait_for(|| shared.state.get() != State::Filling).await;
            if matches!(shared.state.get(), State::Broken | State::Resetting) {
                return Err(BrokenBarrier::Interrupted);
            }
        }
        Ok(entered.index)
    }

    /// Lets all who wait go with [`BrokenBarrier::Interrupted`], and begins anew when they have left.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let gate = Barrier::new(&sim, "gate", std::num::NonZeroUsize::MIN);
    ///     gate.abort().await;
    ///     gate.reset().await;
    ///     gate.wait().await
    /// });
    /// assert_eq!(run.output, Some(Ok(0)));
    /// ```
    pub async fn reset(&self) {
        let guard = self.shared.changed.hold().await;
        self.shared.did(Action::Reset);
        let is_empty = self.shared.count.get() == 0;
        self.shared.state.set(if is_empty { State::Filling } else { State::Resetting });
        guard.notify_all();
    }

    /// Breaks it: all who wait get [`BrokenBarrier::Interrupted`], and who comes gets [`BrokenBarrier::Aborted`], until
    /// a reset.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Barrier};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let gate = Barrier::new(&sim, "gate", std::num::NonZeroUsize::MIN);
    ///     gate.abort().await;
    ///     gate.wait().await.is_err()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub async fn abort(&self) {
        let guard: ConditionGuard = self.shared.changed.hold().await;
        self.shared.did(Action::Aborted);
        self.shared.state.set(State::Broken);
        guard.notify_all();
    }
}

impl Shared {
    fn core(&self) -> &Rc<Core> {
        &self.resource.core
    }

    fn did(&self, action: Action) {
        self.core().emit(|| Event::Did { resource: self.resource.id, action });
    }
}

/// A task in the barrier.
struct Entered<'barrier> {
    shared: &'barrier Shared,
    index: usize,
}

impl Entered<'_> {
    fn new(shared: &Shared) -> Entered<'_> {
        let index = shared.count.get();
        shared.count.set(index + 1);
        Entered { shared, index }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let shared = self.shared;
        shared.count.set(shared.count.get() - 1);
        if shared.count.get() > 0 {
            return;
        }
        // The last one out lets in who has come meanwhile.
        if matches!(shared.state.get(), State::Draining | State::Resetting) {
            shared.state.set(State::Filling);
        }
        shared.changed.wake_all();
    }
}
