//! All tasks that exist: the living, and the ended that a handle remembers.

use std::cell::{Cell, RefCell};
use std::num::NonZeroU32;

use crate::event::Waiting;
use crate::names::Name;
use crate::raw::prefetch;
use crate::raw::table::Table;
use crate::raw::task_box::TaskBox;
use crate::slot::{Detail, DetailId, Progress, Slot};
use crate::task::{PLACES, TaskId};
use crate::time::SimTime;
use crate::wait::{Queue, TABLE_AHEAD, TASK_AHEAD, Wait, WaitState, WaitToken};

/// So many tasks do not fit into the nearest caches.
const FAR: usize = 2048;

/// The table of tasks.
#[derive(Default)]
pub(crate) struct Tasks {
    slots: Table<Slot>,
    /// The place that was freed last; each of them has the one that was freed before.
    free: Cell<Option<NonZeroU32>>,
    /// How many are free.
    unused: Cell<usize>,
    details: Table<Detail>,
    free_details: RefCell<Vec<DetailId>>,
    spawned: Cell<u32>,
    alive: Cell<usize>,
}

impl Tasks {
    /// A task, counted as queued: its first step has to be.
    pub(crate) fn insert(&self, future: TaskBox, name: Name) -> TaskId {
        self.alive.set(self.alive.get() + 1);
        self.occupy(Some(future), Progress::Alive, name)
    }

    /// A future: no task, and never alive.
    pub(crate) fn insert_unset(&self, name: Name) -> TaskId {
        self.occupy(None, Progress::Unset, name)
    }

    fn occupy(&self, future: Option<TaskBox>, progress: Progress, name: Name) -> TaskId {
        let serial = self.spawned.get();
        self.spawned.set(serial.wrapping_add(1));
        if let Some(place) = self.free.get() {
            let index = place.get() - 1;
            let slot = self.at(index);
            self.free.set(NonZeroU32::new(slot.serial.get()));
            self.unused.set(self.unused.get() - 1);
            slot.serial.set(serial);
            slot.handles.set(1);
            slot.progress.set(progress);
            slot.wait.set(progress.first_wait(slot.wait.get()));
            slot.name.set(name);
            slot.lines.set(future.as_ref().map(TaskBox::lines).unwrap_or_default());
            slot.future.set(future);
            return TaskId { index, generation: slot.generation.get() };
        }
        let index = u32::try_from(self.slots.len()).ok().filter(|index| *index < PLACES);
        let index = index.expect("fewer tasks than 2^30");
        self.slots.push(Slot::new(future, progress, name, serial));
        TaskId { index, generation: 0 }
    }

    #[inline]
    pub(crate) fn get(&self, id: TaskId) -> Option<&Slot> {
        self.slots.get(id.index).filter(|slot| slot.generation.get() == id.generation)
    }

    /// The slot of a task that exists.
    #[inline]
    pub(crate) fn slot(&self, id: TaskId) -> &Slot {
        self.get(id).expect("the task exists: it runs, waits, or a handle holds it")
    }

    /// The slot at an index that some task has or has had, whoever lives there.
    #[inline]
    pub(crate) fn at(&self, index: u32) -> &Slot {
        self.slots.get(index).expect("places of tasks stay")
    }

    /// How far a task has come; `None` when nobody remembers it.
    #[inline]
    pub(crate) fn progress(&self, id: TaskId) -> Option<Progress> {
        self.get(id).map(|slot| slot.progress.get())
    }

    // --- details ---

    /// The detail of a task, if it has one.
    #[inline]
    pub(crate) fn known_detail(&self, slot: &Slot) -> Option<&Detail> {
        slot.detail.get().and_then(|DetailId(place)| self.details.get(place))
    }

    /// The detail of a task, which has one from now on.
    #[inline]
    pub(crate) fn detail(&self, slot: &Slot) -> &Detail {
        self.known_detail(slot).unwrap_or_else(|| self.add_detail(slot))
    }

    #[cold]
    fn add_detail(&self, slot: &Slot) -> &Detail {
        let id = self.free_details.borrow_mut().pop().unwrap_or_else(|| {
            self.details.push(Detail::new());
            DetailId(u32::try_from(self.details.len() - 1).expect("no more details than tasks"))
        });
        slot.detail.set(Some(id));
        self.details.get(id.0).expect("places of details stay")
    }

    /// The task is gone.
    #[cold]
    fn free_detail(&self, slot: &Slot) {
        if let Some(detail) = self.known_detail(slot) {
            detail.clear();
        }
        self.free_details.borrow_mut().extend(slot.detail.take());
    }

    // --- waits ---

    /// How a wait stands that lies here and not with the running task; `None` when it is over.
    #[inline]
    pub(crate) fn wait_state(&self, token: WaitToken) -> Option<WaitState> {
        self.at(token.place).wait.get().state_of(token)
    }

    /// What a wait of a task is for that begins now. A plain sleep is not described.
    #[inline]
    pub(crate) fn describe(&self, slot: &Slot, wait: Wait, on: Waiting, now: SimTime) {
        let detail = self.detail(slot);
        detail.sequence.set(wait.sequence());
        detail.on.set(on);
        detail.since.set(now);
    }

    /// A task has been suspended without a wait of its own: something foreign will wake it.
    #[cold]
    pub(crate) fn describe_foreign(&self, slot: &Slot, wait: Wait, now: SimTime) {
        let detail = self.detail(slot);
        let is_new = detail.sequence.replace(wait.sequence()) != wait.sequence();
        if detail.on.replace(Waiting::Foreign) != Waiting::Foreign || is_new {
            detail.since.set(now);
        }
    }

    /// What this wait of a task is for. Of a plain sleep it is not known, nor does anybody have to: it ends by itself.
    pub(crate) fn waits_on(&self, slot: &Slot, wait: Wait) -> Waiting {
        let described = self.known_detail(slot).filter(|detail| detail.sequence.get() == wait.sequence());
        described.map_or(Waiting::Foreign, |detail| detail.on.get())
    }

    /// Until when a sleep of this wait lasts, where it was described.
    pub(crate) fn sleeps_until(&self, token: WaitToken) -> Option<SimTime> {
        let detail = self.known_detail(self.slots.get(token.place)?)?;
        match detail.on.get() {
            Waiting::Sleep { until } if detail.sequence.get() == token.sequence => Some(until),
            _ => None,
        }
    }

    /// Wakes who waits, once. Gives the task, and whether it is to be queued for that; nothing where the wait was not
    /// pending.
    #[inline]
    pub(crate) fn settle(&self, token: WaitToken, state: WaitState) -> Option<(TaskId, Queue)> {
        let slot = self.at(token.place);
        let mut wait = slot.wait.get();
        let queue = wait.settle(token, state);
        slot.wait.set(wait);
        // Who waits has begun and not ended.
        queue.map(|queue| (TaskId { index: token.place, generation: slot.generation.get() }, queue))
    }

    /// Wakes who waits, where that is a task whose wait lies here and nothing is out of the ordinary: it counts as queued
    /// from now on. Else nothing is done.
    #[inline(always)]
    pub(crate) fn wake_plainly(&self, token: WaitToken) -> Option<(TaskId, &Slot)> {
        // Callbacks and waits of the side table have places beyond all tasks.
        let slot = self.slots.get(token.place)?;
        if !slot.wait.get().is_plainly_pending(token) {
            return None;
        }
        slot.wait.set(Wait::settled(token, WaitState::Woken));
        Some((TaskId { index: token.place, generation: slot.generation.get() }, slot))
    }

    // --- memory ---

    /// Whether they are so many that their memory is far away.
    #[inline]
    pub(crate) fn are_many(&self) -> bool {
        self.slots.len() > FAR
    }

    /// The task at a place is about to step.
    #[inline(always)]
    pub(crate) fn fetch(&self, place: u32) {
        if let Some(slot) = self.slots.get(place) {
            slot.fetch();
        }
    }

    /// The task at a place steps soon.
    pub(crate) fn fetch_slot(&self, place: u32) {
        if let Some(slot) = self.slots.get(place) {
            prefetch::fetch(slot);
        }
    }

    /// Fetches what later ones of these tasks need for their steps: first the place in the table, then what it leads to.
    #[inline]
    pub(crate) fn fetch_ahead(&self, steps: &[TaskId]) {
        if let Some(task) = steps.get(TABLE_AHEAD) {
            self.fetch_slot(task.index);
        }
        if let Some(task) = steps.get(TASK_AHEAD) {
            self.fetch(task.index);
        }
    }

    // --- births and deaths ---

    /// The task that lives at an index, if there has ever been one.
    pub(crate) fn living_at(&self, index: u32) -> Option<TaskId> {
        self.slots.get(index).map(|slot| TaskId { index, generation: slot.generation.get() })
    }

    pub(crate) fn ended(&self) {
        self.alive.set(self.alive.get() - 1);
    }

    pub(crate) fn alive(&self) -> usize {
        self.alive.get()
    }

    /// Frees the slot and gives back what it held, to be dropped when nothing is borrowed.
    #[inline]
    pub(crate) fn remove(&self, id: TaskId, slot: &Slot) -> (Option<TaskBox>, Name) {
        slot.generation.set(slot.generation.get().wrapping_add(1));
        slot.progress.set(Progress::Free);
        // A step that the task left in the queue names the old generation: the next one here queues its own.
        slot.wait.set(slot.wait.get().ended());
        // A future that nobody will ever set may still be watched.
        slot.watcher.set(None);
        if slot.detail.get().is_some() {
            self.free_detail(slot);
        }
        slot.serial.set(self.free.get().map_or(0, NonZeroU32::get));
        self.free.set(NonZeroU32::new(id.index + 1));
        self.unused.set(self.unused.get() + 1);
        (slot.future.take(), slot.name.get())
    }

    /// The living tasks in order of creation.
    pub(crate) fn living(&self) -> Vec<TaskId> {
        if self.alive() == 0 {
            return Vec::new();
        }
        let mut living: Vec<(u32, TaskId)> = (0..)
            .zip(self.slots.iter())
            .filter(|(_, slot)| slot.progress.get().is_alive())
            .map(|(index, slot)| (slot.serial.get(), TaskId { index, generation: slot.generation.get() }))
            .collect();
        living.sort_unstable();
        living.into_iter().map(|(_, id)| id).collect()
    }

    /// Every future that is left, with the name of its task, to be dropped at the end of the run.
    pub(crate) fn take_futures(&self) -> Vec<(Name, TaskBox)> {
        if self.unused.get() == self.slots.len() {
            return Vec::new();
        }
        self.slots.iter().filter_map(|slot| Some((slot.name.get(), slot.future.take()?))).collect()
    }
}
