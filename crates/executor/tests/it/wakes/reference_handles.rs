//! The obvious executor as programs see it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use super::futures::{Output, Part, Script, Task};
use super::host::{Handle, Host};
use super::program::Own;
use super::reference::{Executor, Progress};
use super::world::Place;

/// A run, for those who are in it.
pub(crate) struct Reference(Rc<Executor>);

struct ReferenceHandle {
    executor: Rc<Executor>,
    task: usize,
}

impl Reference {
    pub(crate) fn of(executor: &Rc<Executor>) -> Reference {
        Reference(Rc::clone(executor))
    }

    fn handle(&self, task: usize) -> Box<dyn Handle> {
        Box::new(ReferenceHandle { executor: Rc::clone(&self.0), task })
    }
}

impl Host for Reference {
    fn spawn(&self, task: Task) -> Box<dyn Handle> {
        self.handle(self.0.spawn(task))
    }

    fn own(&self) -> Option<Box<dyn Handle>> {
        let task = self.0.current.get()?;
        {
            let slot = &mut self.0.tasks.borrow_mut()[task];
            let is_gone = slot.handles == 0 && !slot.is_alive();
            slot.handles += usize::from(!is_gone);
            if is_gone {
                return None;
            }
        }
        Some(self.handle(task))
    }

    fn is_running(&self) -> bool {
        self.0.current.get().is_some()
    }

    fn catch(&self, script: Script) -> Pin<Box<dyn Future<Output = bool>>> {
        let (executor, mut script) = (Rc::clone(&self.0), Some(script));
        Box::pin(std::future::poll_fn(move |context| {
            let Some(inner) = &mut script else { return Poll::Pending };
            let polled = Pin::new(inner).poll(context);
            if polled.is_pending() && executor.delivering.replace(false) {
                script = None;
                return Poll::Ready(true);
            }
            polled.map(|()| false)
        }))
    }

    fn leaf(&self, _: &Place, own: Own) -> Option<Part> {
        panic!("{own:?}: the reference has none of its own")
    }
}

impl Handle for ReferenceHandle {
    fn another(&self) -> Box<dyn Handle> {
        self.executor.tasks.borrow_mut()[self.task].handles += 1;
        Box::new(ReferenceHandle { executor: Rc::clone(&self.executor), task: self.task })
    }

    fn cancel(&self) -> bool {
        self.executor.cancel(self.task)
    }

    fn take(&self) -> Option<Rc<Output>> {
        let slot = &mut self.executor.tasks.borrow_mut()[self.task];
        (slot.progress == Progress::Returned).then(|| slot.content.output.take())?
    }

    fn join(&self, _: u32) -> Option<Pin<Box<dyn Future<Output = bool>>>> {
        None
    }
}

impl Drop for ReferenceHandle {
    fn drop(&mut self) {
        let is_forgotten = {
            let slot = &mut self.executor.tasks.borrow_mut()[self.task];
            slot.handles -= 1;
            slot.handles == 0 && !slot.is_alive()
        };
        if is_forgotten {
            self.executor.remove(self.task);
        }
    }
}
