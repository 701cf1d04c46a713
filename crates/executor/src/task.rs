//! Tasks: where their futures and results live, and how they end.

use std::any::Any;
use std::future::{Future, Pending};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::callback::CallbackId;
use crate::cancel_message::CancelMessage;
use crate::event::{GatherId, GroupId, Status, Waiting};
use crate::names::NameId;
use crate::raw::prefetch;
use crate::ready::{CompletionId, Entry};
use crate::slab::Key;
use crate::time::SimTime;
use crate::wait::{Wait, WaitState, WaitToken};

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

/// A future with a place for its result; the executor knows it as this.
pub(crate) trait AnyTask {
    /// Polls the future; when it returns, keeps its output and tells how it ended.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Status>;
    /// Drops the future, which will not return.
    fn cancel(self: Pin<&mut Self>);
    /// What it returned, as `&T`.
    fn output(&self) -> Option<&dyn Any>;
    /// Moves what it returned into `slot`, an `Option<T>`.
    fn take_output(self: Pin<&mut Self>, slot: &mut dyn Any);
}

pin_project! {
    /// One allocation holds the future and, later, what it returned.
    pub(crate) struct TaskCell<F: Future, C> {
        #[pin]
        stage: Stage<F>,
        classify: C,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<F: Future> {
        Running { #[pin] future: F },
        Returned { output: Option<F::Output> },
        Cancelled,
    }
}

impl<F: Future, C: Fn(&F::Output) -> Status> TaskCell<F, C> {
    pub(crate) fn new(future: F, classify: C) -> TaskCell<F, C> {
        TaskCell { stage: Stage::Running { future }, classify }
    }
}

impl<T> TaskCell<Pending<T>, fn(&T) -> Status> {
    /// What a future holds whose result has been set: nothing is left to run.
    pub(crate) fn returned(output: T) -> TaskCell<Pending<T>, fn(&T) -> Status> {
        TaskCell { stage: Stage::Returned { output: Some(output) }, classify: |_| Status::Finished }
    }
}

impl<F: Future, C: Fn(&F::Output) -> Status> AnyTask for TaskCell<F, C>
where
    F::Output: 'static,
{
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Status> {
        let mut task = self.project();
        let StageProjection::Running { future } = task.stage.as_mut().project() else {
            unreachable!("a task that ended is not polled");
        };
        let output = ready!(future.poll(context));
        let status = (task.classify)(&output);
        task.stage.set(Stage::Returned { output: Some(output) });
        Poll::Ready(status)
    }

    fn cancel(self: Pin<&mut Self>) {
        self.project().stage.set(Stage::Cancelled);
    }

    fn output(&self) -> Option<&dyn Any> {
        match &self.stage {
            Stage::Returned { output: Some(output) } => Some(output),
            _ => None,
        }
    }

    fn take_output(self: Pin<&mut Self>, slot: &mut dyn Any) {
        let slot = slot.downcast_mut::<Option<F::Output>>().expect("a handle knows its task's type");
        if let StageProjection::Returned { output } = self.project().stage.project() {
            *slot = output.take();
        }
    }
}

/// Who is told when a task ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Watcher {
    Task(WaitToken),
    Gather {
        gather: GatherId,
        child: u32,
    },
    Completion {
        iterator: CompletionId,
        child: u32,
    },
    Group {
        group: GroupId,
        member: u32,
    },
    Shield(TaskId),
    /// A shield: whether it was cancelled before its task ended.
    ShieldEnd(TaskId),
    /// A wait that the end of the task completes by a callback.
    Callback(WaitToken),
    Wait(Key),
    Call(CallbackId),
    Run,
}

/// What the executor knows of one task.
pub(crate) struct Slot {
    pub(crate) generation: u32,
    /// Tasks are numbered as they are created.
    pub(crate) serial: u32,
    pub(crate) handles: u32,
    pub(crate) progress: Progress,
    /// The entry `Step` of this task is in the queue.
    pub(crate) queued: bool,
    /// A cancel waits for the next await.
    pub(crate) must_cancel: bool,
    /// The epoch of the last cancel that came by.
    pub(crate) visited: u32,
    /// The cancels asked for, less those taken back.
    pub(crate) cancel_requests: u32,
    /// What came with the last cancel.
    pub(crate) message: Option<Box<CancelMessage>>,
    /// Not while the task is being polled: see [`Running`](crate::running::Running).
    pub(crate) wait: Wait,
    /// What the wait is for.
    pub(crate) on: Waiting,
    /// When it began.
    pub(crate) since: SimTime,
    pub(crate) name: NameId,
    pub(crate) future: Option<Pin<Box<dyn AnyTask>>>,
    pub(crate) watchers: Watchers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Spawned, its first step still to come.
    New,
    Started,
    /// No task but a future, whose result is still to be set.
    Unset,
    /// The future of a gather, which still waits for its children.
    Gathering,
    Ended(Status),
    /// The slot is empty.
    Free,
}

impl Slot {
    /// The first step begins. False where the task has ended already.
    #[inline(never)]
    pub(crate) fn start(&mut self) -> bool {
        let is_new = self.progress == Progress::New;
        if is_new {
            self.progress = Progress::Started;
        }
        is_new
    }
}

/// So many tasks do not fit into the nearest caches.
const FAR: usize = 2048;

/// So many watchers are worth being gone through.
const MANY: usize = 64;

/// Most tasks have at most one watcher.
#[derive(Default)]
pub(crate) struct Watchers {
    first: Option<Watcher>,
    #[allow(clippy::box_collection, reason = "one word in the common case")]
    more: Option<Box<Vec<Watcher>>>,
}

impl Watchers {
    pub(crate) fn push(&mut self, watcher: Watcher) {
        if self.first.is_none() {
            self.first = Some(watcher);
        } else {
            self.more.get_or_insert_default().push(watcher);
        }
    }

    /// The waiter gave up.
    pub(crate) fn remove(&mut self, token: WaitToken) {
        self.remove_where(|watcher| matches!(watcher, Watcher::Task(wait) | Watcher::Callback(wait) if *wait == token));
    }

    pub(crate) fn remove_where(&mut self, is_it: impl Fn(&Watcher) -> bool) {
        if self.first.as_ref().is_some_and(&is_it) {
            // The others keep their order: the first of them moves up.
            self.first = self.more.as_mut().and_then(|more| (!more.is_empty()).then(|| more.remove(0)));
        } else if let Some(more) = &mut self.more {
            more.retain(|watcher| !is_it(watcher));
        }
    }

    /// Forgets the callbacks that were taken back, now and then: taking one back costs the same however many there are.
    pub(crate) fn forget_calls(&mut self, is_registered: impl Fn(CallbackId) -> bool) {
        if let Some(more) = &mut self.more
            && more.len() >= MANY
            && more.len().is_power_of_two()
        {
            more.retain(|watcher| !matches!(watcher, Watcher::Call(id) if !is_registered(*id)));
        }
    }

    /// The first, and those who came after it.
    #[inline]
    #[allow(clippy::box_collection, reason = "as it is kept")]
    pub(crate) fn into_parts(self) -> (Option<Watcher>, Option<Box<Vec<Watcher>>>) {
        (self.first, self.more)
    }
}

/// All tasks that exist: the living, and the ended that a handle remembers.
#[derive(Default)]
pub(crate) struct Tasks {
    slots: Vec<Slot>,
    free: Vec<u32>,
    spawned: u32,
    alive: usize,
}

impl Tasks {
    /// A task, counted as queued: its first step has to be.
    pub(crate) fn insert(&mut self, future: Pin<Box<dyn AnyTask>>, name: NameId, now: SimTime) -> TaskId {
        self.alive += 1;
        self.occupy(Some(future), Progress::New, name, now)
    }

    /// A future: no task, and never alive.
    pub(crate) fn insert_unset(&mut self, name: NameId, now: SimTime) -> TaskId {
        self.occupy(None, Progress::Unset, name, now)
    }

    fn occupy(
        &mut self,
        future: Option<Pin<Box<dyn AnyTask>>>,
        progress: Progress,
        name: NameId,
        now: SimTime,
    ) -> TaskId {
        let serial = self.spawned;
        self.spawned = self.spawned.wrapping_add(1);
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.serial = serial;
            slot.handles = 1;
            slot.progress = progress;
            slot.queued = progress == Progress::New;
            slot.name = name;
            slot.since = now;
            slot.future = future;
            return TaskId { index, generation: slot.generation };
        }
        let index = u32::try_from(self.slots.len()).expect("fewer tasks than 2^32");
        self.slots.push(Slot {
            generation: 0,
            serial,
            handles: 1,
            progress,
            queued: progress == Progress::New,
            must_cancel: false,
            visited: 0,
            cancel_requests: 0,
            message: None,
            wait: Wait::default(),
            on: Waiting::Foreign,
            since: now,
            name,
            future,
            watchers: Watchers::default(),
        });
        TaskId { index, generation: 0 }
    }

    #[inline]
    pub(crate) fn get(&self, id: TaskId) -> Option<&Slot> {
        self.slots.get(id.index as usize).filter(|slot| slot.generation == id.generation)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, id: TaskId) -> Option<&mut Slot> {
        self.slots.get_mut(id.index as usize).filter(|slot| slot.generation == id.generation)
    }

    /// The slot of a task that exists.
    #[inline]
    pub(crate) fn slot(&mut self, id: TaskId) -> &mut Slot {
        self.get_mut(id).expect("the task exists: it runs, waits, or a handle holds it")
    }

    /// The slot at an index, whoever lives there.
    #[inline]
    pub(crate) fn at(&mut self, index: u32) -> (&mut Slot, TaskId) {
        let slot = &mut self.slots[index as usize];
        let id = TaskId { index, generation: slot.generation };
        (slot, id)
    }

    /// How a wait stands that lies here and not with the running task; `None` when it is over.
    #[inline]
    pub(crate) fn wait_state(&self, token: WaitToken) -> Option<WaitState> {
        self.slots[token.place as usize].wait.state_of(token)
    }

    /// What the wait of a task is for that begins now.
    #[inline]
    pub(crate) fn describe_wait(&mut self, place: u32, on: Waiting, now: SimTime) {
        let slot = &mut self.slots[place as usize];
        slot.on = on;
        slot.since = now;
    }

    /// Wakes who waits, once. Gives the task, counted as queued, and whether it is to be queued for that; nothing where
    /// the wait was not pending.
    #[inline]
    pub(crate) fn settle(&mut self, token: WaitToken, state: WaitState) -> Option<(TaskId, bool)> {
        let (slot, id) = self.at(token.place);
        if !slot.wait.settle(token, state) {
            return None;
        }
        // Who waits has begun and not ended.
        Some((id, !std::mem::replace(&mut slot.queued, true)))
    }

    /// Whether they are so many that their memory is far away.
    #[inline]
    pub(crate) fn are_many(&self) -> bool {
        self.slots.len() > FAR
    }

    /// The task at a place is about to step.
    #[inline(always)]
    pub(crate) fn fetch(&self, place: u32) {
        if let Some(future) = self.slots.get(place as usize).and_then(|slot| slot.future.as_ref()) {
            prefetch::fetch(&**future);
        }
    }

    /// The task at a place steps soon.
    pub(crate) fn fetch_slot(&self, place: u32) {
        if let Some(slot) = self.slots.get(place as usize) {
            prefetch::fetch(slot);
        }
    }

    /// The task that lives at an index, if there has ever been one.
    pub(crate) fn living_at(&self, index: u32) -> Option<TaskId> {
        self.slots.get(index as usize).map(|slot| TaskId { index, generation: slot.generation })
    }

    pub(crate) fn ended(&mut self) {
        self.alive -= 1;
    }

    pub(crate) fn alive(&self) -> usize {
        self.alive
    }

    /// Frees the slot and gives back what it held, to be dropped when nothing is borrowed.
    pub(crate) fn remove(&mut self, id: TaskId) -> (Option<Pin<Box<dyn AnyTask>>>, NameId) {
        let slot = self.slot(id);
        slot.generation = slot.generation.wrapping_add(1);
        slot.progress = Progress::Free;
        // A step that the task left in the queue names the old generation: the next one here queues its own.
        slot.queued = false;
        slot.must_cancel = false;
        slot.wait.take_forwarded();
        slot.cancel_requests = 0;
        // A future that nobody will ever set may still be watched.
        slot.watchers = Watchers::default();
        slot.message = None;
        let released = (slot.future.take(), slot.name);
        self.free.push(id.index);
        released
    }

    /// The living tasks in order of creation.
    pub(crate) fn living(&self) -> Vec<TaskId> {
        let mut living: Vec<(u32, TaskId)> = (0..)
            .zip(&self.slots)
            .filter(|(_, slot)| matches!(slot.progress, Progress::New | Progress::Started))
            .map(|(index, slot)| (slot.serial, TaskId { index, generation: slot.generation }))
            .collect();
        living.sort_unstable();
        living.into_iter().map(|(_, id)| id).collect()
    }

    /// Every future that is left, with the name of its task, to be dropped at the end of the run.
    pub(crate) fn take_futures(&mut self) -> Vec<(NameId, Pin<Box<dyn AnyTask>>)> {
        self.slots.iter_mut().filter_map(|slot| Some((slot.name, slot.future.take()?))).collect()
    }
}

impl Watcher {
    /// The entry that tells it, for watchers that are told by an entry of their own.
    pub(crate) fn entry(self, status: Status) -> Option<Entry> {
        match self {
            Watcher::Task(_) => None,
            Watcher::Gather { gather, child } => Some(Entry::Gathered { gather, child }),
            Watcher::Completion { iterator, child } => Some(Entry::Completed { iterator, child }),
            Watcher::Group { group, member } => Some(Entry::Grouped { group, member, status }),
            Watcher::Shield(shield) => Some(Entry::Shielded(shield)),
            Watcher::ShieldEnd(shield) => Some(Entry::ShieldEnded(shield)),
            Watcher::Callback(token) => Some(Entry::Fire(token)),
            Watcher::Wait(wait) => Some(Entry::Waited { wait, status }),
            Watcher::Call(id) => Some(Entry::Call(id)),
            Watcher::Run => Some(Entry::RunEnd { turns: 0 }),
        }
    }
}
