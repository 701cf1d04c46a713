//! What an upper layer has a say in: the end of a run, and what becomes of results.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use crate::core::Core;
use crate::sim::Sim;
use crate::task::TaskId;

/// What closes up when a run ends; nothing where there is nothing to close.
type Shutdown = Box<dyn FnOnce() -> Option<Pin<Box<dyn Future<Output = ()>>>>>;

/// Who is told of a result that somebody took notice of.
type Retrieved = Rc<dyn Fn(&dyn Any)>;

#[derive(Default)]
pub(crate) struct Hooks {
    shutdown: RefCell<Option<Shutdown>>,
    retrieved: RefCell<Option<Retrieved>>,
}

impl Hooks {
    /// What is to run at the end, once.
    pub(crate) fn take_shutdown(&self) -> Option<Pin<Box<dyn Future<Output = ()>>>> {
        let shutdown = self.shutdown.take();
        shutdown.and_then(|shutdown| shutdown())
    }

    /// Forgets all of them: they may hold the run, which holds them.
    pub(crate) fn clear(&self) {
        drop((self.shutdown.take(), self.retrieved.take()));
    }
}

impl Sim {
    /// What to run when main has ended and the tasks that were left have been cancelled and have ended: a last task,
    /// which may await and spawn. asyncio closes its async generators there.
    ///
    /// The function is asked once, at that moment; `None` means that there is nothing to do. A later one replaces an
    /// earlier one.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let closed = Rc::new(Cell::new(false));
    /// let flag = Rc::clone(&closed);
    /// let run = Simulation::new().run(|sim| async move {
    ///     let last = sim.clone();
    ///     sim.on_shutdown(move || {
    ///         Some(Box::pin(async move {
    ///             last.sleep(Duration::from_secs(1)).await;
    ///             flag.set(true);
    ///         }))
    ///     });
    /// });
    /// assert_eq!((closed.get(), run.ending.to_string()), (true, "finished at 1.000 s".to_owned()));
    /// ```
    pub fn on_shutdown(&self, shutdown: impl FnOnce() -> Option<Pin<Box<dyn Future<Output = ()>>>> + 'static) {
        self.core().hooks.shutdown.replace(Some(Box::new(shutdown)));
    }

    /// What to tell when somebody has taken notice of how a task ended without asking for it: a gather of the end of
    /// each of its children, also of those that end after it was over. The function gets what the task returned.
    ///
    /// With it an upper layer knows which failures nobody ever looked at.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    /// use timeskip_executor::Simulation;
    /// let seen = Rc::new(RefCell::new(Vec::new()));
    /// let list = Rc::clone(&seen);
    /// Simulation::new().run(|sim| async move {
    ///     sim.on_retrieved(move |output| list.borrow_mut().extend(output.downcast_ref::<u32>().copied()));
    ///     let tasks = [1_u32, 2].map(|number| sim.spawn(async move { number }));
    ///     assert_eq!(sim.gather(tasks).await, Ok(vec![1, 2]));
    /// });
    /// assert_eq!(seen.take(), [1, 2]);
    /// ```
    pub fn on_retrieved(&self, retrieved: impl Fn(&dyn Any) + 'static) {
        self.core().hooks.retrieved.replace(Some(Rc::new(retrieved)));
        self.core().tell_retrieved();
    }
}

impl Core {
    /// Somebody took notice of how a task ended.
    pub(crate) fn retrieve(&self, id: TaskId) {
        let Some(retrieved) = self.hooks.retrieved.borrow().clone() else { return };
        let Some(slot) = self.tasks.get(id) else { return };
        let Some(cell) = slot.future.take() else { return };
        if let Some(output) = cell.output() {
            retrieved(output);
        }
        self.tasks.slot(id).future.set(Some(cell));
    }
}
