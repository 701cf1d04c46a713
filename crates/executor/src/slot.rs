//! What the executor knows of one task.
//!
//! All of it in cells: a step holds the slot of its task while the task's own code changes it.

use std::cell::{Cell, RefCell};

use crate::cancel_message::CancelMessage;
use crate::event::{Status, Waiting};
use crate::names::Name;
use crate::raw::prefetch::Lines;
use crate::raw::task_box::TaskBox;
use crate::time::SimTime;
use crate::wait::Wait;
use crate::watchers::Watcher;

/// A task that is polled, or has ended and is remembered by a handle.
///
/// One line of the cache: with many tasks a step waits for memory above all.
#[repr(align(64))]
pub(crate) struct Slot {
    pub(crate) generation: Cell<u32>,
    pub(crate) progress: Cell<Progress>,
    /// Not while the task is being polled: see [`Running`](crate::running::Running).
    pub(crate) wait: Cell<Wait>,
    /// Not while the task is being polled: the step has it.
    pub(crate) future: Cell<Option<TaskBox>>,
    /// How much of the future is fetched before a step.
    pub(crate) lines: Cell<Lines>,
    pub(crate) handles: Cell<u32>,
    /// Tasks are numbered as they are created; of an empty slot, the place after the one of the next empty slot.
    pub(crate) serial: Cell<u32>,
    pub(crate) name: Cell<Name>,
    /// The first who watches it.
    pub(crate) watcher: Cell<Option<Watcher>>,
    /// Where its [`Detail`] is, if it has one.
    pub(crate) detail: Cell<Option<DetailId>>,
}

/// The place of a task's detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DetailId(pub(crate) u32);

/// What is to be known of a task that has awaited something else than a time, was asked to cancel, or has several watchers.
pub(crate) struct Detail {
    /// What the wait of this number is for, and when it began.
    pub(crate) sequence: Cell<u32>,
    pub(crate) on: Cell<Waiting>,
    pub(crate) since: Cell<SimTime>,
    /// The epoch of the last cancel that came by.
    pub(crate) visited: Cell<u32>,
    /// The cancels asked for, less those taken back.
    pub(crate) cancel_requests: Cell<u32>,
    /// What came with the last cancel.
    pub(crate) message: RefCell<Option<Box<CancelMessage>>>,
    /// Who watches it beside the first.
    pub(crate) watchers: RefCell<Vec<Watcher>>,
}

#[cfg(not(feature = "safe"))]
const _: () = assert!(size_of::<Slot>() == 64, "a slot is one line of the cache");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// A task with steps to come.
    Alive,
    /// No task but a future, whose result is still to be set.
    Unset,
    /// The future of a gather, which still waits for its children.
    Gathering,
    Ended(Status),
    /// The slot is empty.
    Free,
}

impl Detail {
    pub(crate) fn new() -> Detail {
        Detail {
            sequence: Cell::new(0),
            on: Cell::new(Waiting::Foreign),
            since: Cell::new(SimTime::ZERO),
            visited: Cell::new(0),
            cancel_requests: Cell::new(0),
            message: RefCell::default(),
            watchers: RefCell::default(),
        }
    }

    /// For the next task that needs one.
    pub(crate) fn clear(&self) {
        self.on.set(Waiting::Foreign);
        self.cancel_requests.set(0);
        self.message.take();
        self.watchers.take();
    }
}

impl Progress {
    /// Whether it has steps to come.
    #[inline]
    pub(crate) fn is_alive(self) -> bool {
        matches!(self, Progress::Alive)
    }

    /// What is to be known of the wait of one that is made so, where another one had this one. A task is counted as
    /// queued: its first step has to be.
    #[inline]
    pub(crate) fn first_wait(self, last: Wait) -> Wait {
        if self.is_alive() { last.made() } else { last.ended() }
    }

    pub(crate) fn has_ended(self) -> bool {
        matches!(self, Progress::Ended(_))
    }
}

impl Slot {
    /// The task is about to step.
    #[inline(always)]
    pub(crate) fn fetch(&self) {
        if let Some(future) = self.future.take() {
            future.fetch(self.lines.get());
            self.future.set(Some(future));
        }
    }

    pub(crate) fn new(future: Option<TaskBox>, progress: Progress, name: Name, serial: u32) -> Slot {
        Slot {
            generation: Cell::new(0),
            progress: Cell::new(progress),
            wait: Cell::new(progress.first_wait(Wait::default())),
            lines: Cell::new(future.as_ref().map(TaskBox::lines).unwrap_or_default()),
            future: Cell::new(future),
            handles: Cell::new(1),
            serial: Cell::new(serial),
            name: Cell::new(name),
            watcher: Cell::new(None),
            detail: Cell::new(None),
        }
    }
}
