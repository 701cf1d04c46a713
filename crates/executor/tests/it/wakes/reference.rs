//! The obvious executor of foreign futures: a list of tasks, a queue of their numbers, a waker with a name on it.
//!
//! It has the law of order as far as it concerns those who know nothing of the executor but their wakers, their
//! handles and cancels; no time, and nothing that is fast.

use std::cell::{Cell, RefCell};
use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::ThreadId;

use super::futures::{Output, Task};
use super::reference_handles::Reference;
use super::world::{Place, World};

type Woken = Arc<Mutex<Vec<usize>>>;

/// The waker of a task: a number to be put on a list.
struct Call {
    task: usize,
    woken: Woken,
    thread: ThreadId,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        assert!(std::thread::current().id() == self.thread, "called on another thread");
        self.woken.lock().expect("nobody panics with it").push(self.task);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    New,
    Begun,
    Returned,
    Cancelled,
}

/// What is left of a task: what it runs, or what it returned.
#[derive(Default)]
pub(crate) struct Content {
    future: Option<Task>,
    pub(crate) output: Option<Rc<Output>>,
}

pub(crate) struct Slot {
    pub(crate) content: Content,
    pub(crate) progress: Progress,
    waker: Waker,
    pub(crate) handles: usize,
    queued: bool,
    must_cancel: bool,
    /// The end of the run waits for it.
    is_awaited: bool,
}

enum Entry {
    Step(usize),
    /// One of those that the end of the run waits for has ended.
    Gathered,
    Stop {
        turns: u32,
    },
}

#[derive(Default)]
pub(crate) struct Executor {
    pub(crate) tasks: RefCell<Vec<Slot>>,
    queue: RefCell<Vec<Entry>>,
    woken: Woken,
    pub(crate) current: Cell<Option<usize>>,
    pub(crate) delivering: Cell<bool>,
    failed: Cell<bool>,
    awaited: Cell<usize>,
    /// An output is being dropped: those that its destructor lets go of come after it.
    removing: Cell<bool>,
    removed: RefCell<Vec<Content>>,
}

/// Runs a body to its end, and tells how it ended.
pub(crate) fn run(world: &Rc<World>, body: usize) -> &'static str {
    let executor = Rc::new(Executor::default());
    let host = Rc::new(Reference::of(&executor));
    let main = executor.spawn(Task::new(Place { world: Rc::clone(world), host, body }));
    let kind = executor.run(main).map_or_else(|kind| kind, |()| "finished");
    let main_failed = executor.tasks.borrow()[main].progress != Progress::Returned;
    // What main returned outlives the run.
    let output = executor.tasks.borrow_mut()[main].content.output.take();
    executor.drop_all();
    drop(output);
    if kind == "finished" && main_failed { "failed" } else { kind }
}

impl Executor {
    pub(crate) fn spawn(&self, future: Task) -> usize {
        let mut tasks = self.tasks.borrow_mut();
        let task = tasks.len();
        let thread = std::thread::current().id();
        let waker = Waker::from(Arc::new(Call { task, woken: Arc::clone(&self.woken), thread }));
        let content = Content { future: Some(future), output: None };
        let (progress, queued) = (Progress::New, true);
        tasks.push(Slot { content, progress, waker, handles: 1, queued, must_cancel: false, is_awaited: false });
        self.queue.borrow_mut().push(Entry::Step(task));
        task
    }

    fn push(&self, task: usize) {
        let slot = &mut self.tasks.borrow_mut()[task];
        if !slot.queued && slot.is_alive() {
            slot.queued = true;
            self.queue.borrow_mut().push(Entry::Step(task));
        }
    }

    // --- the loop ---

    /// Runs main, then cancels what is left and runs it to its end, then lets two more turns pass twice.
    fn run(&self, main: usize) -> Result<(), &'static str> {
        self.run_until_stopped(main)?;
        let left: Vec<usize> = {
            let tasks = self.tasks.borrow();
            (0..tasks.len()).filter(|&task| tasks[task].is_alive()).collect()
        };
        for &task in &left {
            self.cancel(task);
            self.tasks.borrow_mut()[task].is_awaited = true;
        }
        self.awaited.set(left.len());
        if !left.is_empty() {
            self.run_until_stopped(main)?;
        }
        for _ in 0..2 {
            if !self.queue.borrow().is_empty() {
                self.queue.borrow_mut().push(Entry::Stop { turns: 1 });
                self.run_until_stopped(main)?;
            }
        }
        Ok(())
    }

    fn run_until_stopped(&self, main: usize) -> Result<(), &'static str> {
        let mut stopping = false;
        while !stopping {
            let turn = self.queue.take();
            if turn.is_empty() {
                return Err("deadlock");
            }
            for entry in turn {
                match entry {
                    Entry::Step(task) => self.step(task, main),
                    Entry::Gathered => {
                        self.awaited.set(self.awaited.get() - 1);
                        if self.awaited.get() == 0 {
                            self.queue.borrow_mut().push(Entry::Stop { turns: 0 });
                        }
                    }
                    Entry::Stop { turns: 0 } => stopping = true,
                    Entry::Stop { turns } => self.queue.borrow_mut().push(Entry::Stop { turns: turns - 1 }),
                }
                if self.failed.get() {
                    return Err("failed");
                }
            }
        }
        Ok(())
    }

    // --- one step ---

    fn step(&self, task: usize, main: usize) {
        let (mut future, waker, progress, cancelled) = {
            let slot = &mut self.tasks.borrow_mut()[task];
            slot.queued = false;
            let Some(future) = slot.content.future.take() else { return };
            let progress = std::mem::replace(&mut slot.progress, Progress::Begun);
            (future, slot.waker.clone(), progress, take(&mut slot.must_cancel))
        };
        self.current.set(Some(task));
        if cancelled && progress == Progress::New {
            self.end_cancelled(task, main, Content { future: Some(future), output: None });
        } else {
            self.delivering.set(cancelled);
            let mut context = Context::from_waker(&waker);
            let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut future).poll(&mut context)));
            self.after_poll(task, main, polled, future);
        }
        self.current.set(None);
        let woken = take(&mut *self.woken.lock().expect("nobody panics with it"));
        woken.into_iter().for_each(|task| self.push(task));
    }

    fn after_poll(&self, task: usize, main: usize, polled: std::thread::Result<Poll<Rc<Output>>>, future: Task) {
        let untaken = self.delivering.replace(false);
        let output = match polled {
            Err(_) => {
                self.failed.set(true);
                return drop(catch_unwind(AssertUnwindSafe(|| drop(future))));
            }
            Ok(Poll::Pending) if untaken => {
                return self.end_cancelled(task, main, Content { future: Some(future), output: None });
            }
            Ok(Poll::Pending) => {
                let slot = &mut self.tasks.borrow_mut()[task];
                slot.content.future = Some(future);
                if slot.must_cancel {
                    slot.queued = true;
                    self.queue.borrow_mut().push(Entry::Step(task));
                }
                return;
            }
            Ok(Poll::Ready(output)) => output,
        };
        let content = Content { future: None, output: Some(output) };
        if catch_unwind(AssertUnwindSafe(|| drop(future))).is_err() {
            self.failed.set(true);
            return drop(catch_unwind(AssertUnwindSafe(|| drop(content))));
        }
        if untaken || self.tasks.borrow()[task].must_cancel {
            return self.end_cancelled(task, main, content);
        }
        self.end(task, main, Progress::Returned, content);
    }

    fn end_cancelled(&self, task: usize, main: usize, content: Content) {
        if catch_unwind(AssertUnwindSafe(|| drop(content))).is_err() {
            return self.failed.set(true);
        }
        self.end(task, main, Progress::Cancelled, Content::default());
    }

    fn end(&self, task: usize, main: usize, progress: Progress, content: Content) {
        let (is_awaited, is_forgotten) = {
            let slot = &mut self.tasks.borrow_mut()[task];
            slot.progress = progress;
            slot.content = content;
            (slot.is_awaited, slot.handles == 0)
        };
        if task == main {
            self.queue.borrow_mut().push(Entry::Stop { turns: 0 });
        }
        if is_awaited {
            self.queue.borrow_mut().push(Entry::Gathered);
        }
        if is_forgotten && catch_unwind(AssertUnwindSafe(|| self.remove(task))).is_err() {
            self.failed.set(true);
        }
    }

    /// Drops what an ended task has left, and after it what that lets go of.
    pub(crate) fn remove(&self, task: usize) {
        /// Also where a destructor panics.
        struct Reset<'flag>(&'flag Cell<bool>);
        impl Drop for Reset<'_> {
            fn drop(&mut self) {
                self.0.set(false);
            }
        }
        let content = take(&mut self.tasks.borrow_mut()[task].content);
        if self.removing.replace(true) {
            return self.removed.borrow_mut().push(content);
        }
        let _reset = Reset(&self.removing);
        let mut next = Some(content);
        while let Some(content) = next {
            drop(content);
            next = self.removed.borrow_mut().pop();
        }
    }

    pub(crate) fn cancel(&self, task: usize) -> bool {
        if !self.tasks.borrow()[task].is_alive() {
            return false;
        }
        self.tasks.borrow_mut()[task].must_cancel = true;
        if self.current.get() != Some(task) {
            self.push(task);
        }
        true
    }

    fn drop_all(&self) {
        let contents: Vec<Content> = self.tasks.borrow_mut().iter_mut().map(|slot| take(&mut slot.content)).collect();
        drop((contents, self.removed.take()));
    }
}

impl Slot {
    pub(crate) fn is_alive(&self) -> bool {
        matches!(self.progress, Progress::New | Progress::Begun)
    }
}
