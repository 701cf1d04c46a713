//! `asyncio.Event`: a flag that tasks wait for.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::line::{Line, Place, Standing};
use crate::event::{Action, Event as Observed, Operation};
use crate::resource::Resource;
use crate::sim::Sim;

/// A flag that tasks wait for, as `asyncio.Event`. Cloning it gives another handle on the same event.
///
/// Setting it wakes all who wait, in the order in which they came; a woken one goes on in its step, whether or not the
/// flag was cleared meanwhile.
///
/// ```
/// use timeskip_executor::{Simulation, sync::Event};
/// let run = Simulation::new().run(|sim| async move {
///     let start = Event::new(&sim, "start");
///     let runner = sim.spawn({
///         let start = start.clone();
///         async move { start.wait().await }
///     });
///     sim.yield_now().await;
///     start.set();
///     start.clear();
///     (runner.await, start.is_set())
/// });
/// assert_eq!(run.output, Some((Ok(()), false)));
/// ```
#[derive(Clone)]
pub struct Event {
    shared: Rc<Shared>,
}

struct Shared {
    resource: Resource,
    is_set: Cell<bool>,
    line: Line,
}

impl Event {
    /// An event that is not set, and its name.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Event};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Event::new(&sim, "start").is_set()
    /// });
    /// assert_eq!(run.output, Some(false));
    /// ```
    pub fn new(sim: &Sim, name: &str) -> Event {
        let resource = Resource::new(sim.core(), name);
        Event { shared: Rc::new(Shared { resource, is_set: Cell::new(false), line: Line::default() }) }
    }

    /// Whether it is set.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Event};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let start = Event::new(&sim, "start");
    ///     start.set();
    ///     start.is_set()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn is_set(&self) -> bool {
        self.shared.is_set.get()
    }

    /// How many tasks stand in line for it, woken ones that had no step yet among them.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Event};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let start = Event::new(&sim, "start");
    ///     sim.spawn(start.wait());
    ///     sim.yield_now().await;
    ///     start.waiters()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn waiters(&self) -> usize {
        self.shared.line.len()
    }

    /// Sets it and wakes all who wait; an event that is set already stays so.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Event};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let start = Event::new(&sim, "start");
    ///     let runners = [0, 1].map(|_| sim.spawn(start.wait()));
    ///     sim.yield_now().await;
    ///     start.set();
    ///     sim.gather(runners).await.is_ok()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn set(&self) {
        let shared = &self.shared;
        if shared.is_set.replace(true) {
            return;
        }
        shared.did(Action::Set);
        while shared.line.wake_next(&shared.resource.core) {}
    }

    /// Makes it unset again, so that who comes from now on waits.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Event};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let start = Event::new(&sim, "start");
    ///     start.set();
    ///     start.clear();
    ///     start.is_set()
    /// });
    /// assert_eq!(run.output, Some(false));
    /// ```
    pub fn clear(&self) {
        if self.shared.is_set.replace(false) {
            self.shared.did(Action::Cleared);
        }
    }

    /// Waits until it is set.
    ///
    /// Where it is set already, it does not give up the turn.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, sync::Event};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let start = Event::new(&sim, "start");
    ///     let runner = sim.spawn(start.wait());
    ///     sim.yield_now().await;
    ///     let before = runner.done();
    ///     start.set();
    ///     (before, runner.await)
    /// });
    /// assert_eq!(run.output, Some((false, Ok(()))));
    /// ```
    pub fn wait(&self) -> EventWait {
        EventWait { shared: Rc::clone(&self.shared), place: Place::default() }
    }
}

impl Shared {
    fn did(&self, action: Action) {
        self.resource.core.emit(|| Observed::Did { resource: self.resource.id, action });
    }
}

/// Waits for an event; made by [`Event::wait`].
///
/// ```
/// use timeskip_executor::{Simulation, sync::Event};
/// let run = Simulation::new().run(|sim| async move {
///     let start = Event::new(&sim, "start");
///     let runner = sim.spawn(start.wait());
///     sim.yield_now().await;
///     runner.cancel();
///     (runner.await.is_err(), start.waiters())
/// });
/// assert_eq!(run.output, Some((true, 0)));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct EventWait {
    shared: Rc<Shared>,
    place: Place,
}

impl EventWait {
    fn give_up(&mut self) {
        self.place.leave(&self.shared.line, &self.shared.resource.core);
    }
}

impl Future for EventWait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let core = &this.shared.resource.core;
        match this.place.standing(&this.shared.line, core, context) {
            Standing::Waits => return Poll::Pending,
            Standing::Woken => {
                core.emit(|| Observed::Resumed);
                return Poll::Ready(());
            }
            Standing::Lost => this.give_up(),
            Standing::Outside => {}
        }
        let shared = &*this.shared;
        if shared.is_set.get() {
            return Poll::Ready(());
        }
        this.place.enter(&shared.line, &shared.resource.core, (shared.resource.id, Operation::Wait), context);
        Poll::Pending
    }
}

impl Drop for EventWait {
    fn drop(&mut self) {
        self.give_up();
    }
}
