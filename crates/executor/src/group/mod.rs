//! `asyncio.TaskGroup`: tasks that end before the block does that started them.
//!
//! A member that fails cancels the others and the task that runs the block; the errors come out together. As in asyncio
//! (asyncio/taskgroups.py) the group hears of each member by a callback of its own.

mod exit;
mod run;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::rc::Rc;

pub use exit::{BodyEnd, GroupEnd, GroupExit};
pub use run::ExceptionGroup;

use crate::core::Core;
use crate::event::{Event, GroupId, Status};
use crate::join::JoinHandle;
use crate::sim::Sim;
use crate::slab::{Key, Slab};
use crate::task::TaskId;
use crate::wait::WaitToken;
use crate::watchers::Watcher;

/// What the callbacks of the members know of their group.
pub(crate) struct State {
    key: Cell<Option<Key>>,
    /// The task that runs the block.
    parent: TaskId,
    /// The members that the group has not heard the end of, by the order in which they were started.
    members: RefCell<BTreeMap<u32, TaskId>>,
    started: Cell<u32>,
    /// How many members have failed.
    failures: Cell<u32>,
    waiter: Cell<Option<WaitToken>>,
    /// The block is over; the group waits for its members.
    exiting: Cell<bool>,
    /// The members have been cancelled, and no more are taken.
    aborting: Cell<bool>,
    /// The group has cancelled its parent and owes it an `uncancel`.
    parent_cancelled: Cell<bool>,
    /// Nobody waits for the members any more.
    over: Cell<bool>,
}

/// The groups of a run; one lives until it is over and has heard of all its members.
#[derive(Default)]
pub(crate) struct Groups(Slab<Rc<State>>);

impl State {
    fn abort(&self, core: &Core) {
        self.aborting.set(true);
        let members: Vec<TaskId> =
            self.members.borrow().values().copied().filter(|&member| core.is_alive(member)).collect();
        for &target in &members {
            core.emit(|| Event::Cancels { target });
        }
        core.cancel_all(&members);
    }

    fn free_if_over(&self, core: &Core) {
        if self.over.get()
            && self.members.borrow().is_empty()
            && let Some(key) = self.key.take()
        {
            core.groups.borrow_mut().0.remove(key);
        }
    }
}

impl Core {
    /// The callback of a member's end.
    pub(crate) fn group_member_ended(&self, group: GroupId, member: u32, status: Status) {
        let state = self.groups.borrow().0.at(group.0).map(Rc::clone);
        let Some(state) = state else { return };
        state.members.borrow_mut().remove(&member);
        if state.members.borrow().is_empty()
            && let Some(waiter) = state.waiter.get()
        {
            self.wake(waiter);
        }
        if status == Status::Failed {
            state.failures.set(state.failures.get() + 1);
            let unaware = !state.aborting.get() && !state.parent_cancelled.get() && !state.over.get();
            if unaware && self.is_alive(state.parent) {
                state.abort(self);
                state.parent_cancelled.set(true);
                self.cancel(state.parent, None);
            }
        }
        state.free_if_over(self);
    }

    /// The members that have not ended, for the report of a deadlock.
    pub(crate) fn group_members(&self, group: GroupId) -> Vec<TaskId> {
        let state = self.groups.borrow().0.at(group.0).map(Rc::clone);
        let members = state.map_or_else(Vec::new, |state| state.members.borrow().values().copied().collect());
        members.into_iter().filter(|&member| self.is_alive(member)).collect()
    }
}

/// What the output of a member means to its group; see [`TaskGroup::spawn_as`].
///
/// ```
/// use timeskip_executor::{Simulation, BodyEnd, GroupEnd, TaskGroup, Verdict};
/// let run = Simulation::new().run(|sim| async move {
///     let group = TaskGroup::enter(&sim);
///     let judge = |stock: &i32| if *stock < 0 { Verdict::Failed("sold twice") } else { Verdict::Finished };
///     let _member = group.spawn_as("count", async { -1 }, judge);
///     group.exit(BodyEnd::Finished).await
/// });
/// assert_eq!(run.output, Some(GroupEnd::Failed(vec!["sold twice"])));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<E> {
    /// The member has done its work.
    Finished,
    /// It was cancelled, which is no error.
    Cancelled,
    /// It failed, with this.
    Failed(E),
}

/// Why a group takes no more tasks.
///
/// ```
/// use timeskip_executor::{Simulation, BodyEnd, GroupClosed, TaskGroup};
/// let run = Simulation::new().run(|sim| async move {
///     let group = TaskGroup::<&str>::enter(&sim);
///     group.exit(BodyEnd::Finished).await;
///     group.spawn(async { Ok(()) }).err()
/// });
/// assert_eq!(run.output, Some(Some(GroupClosed::Finished)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupClosed {
    /// Its block and all its members have ended.
    Finished,
    /// A failure or a cancel has cancelled its members.
    ShuttingDown,
}

impl fmt::Display for GroupClosed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            GroupClosed::Finished => "the task group is finished",
            GroupClosed::ShuttingDown => "the task group is shutting down",
        })
    }
}

impl std::error::Error for GroupClosed {}

/// A group of tasks, as `asyncio.TaskGroup`; `E` is what its members fail with. Clones are handles on one group.
///
/// [`Sim::task_group`] runs a block with a group around it. Whoever interprets programs uses the three parts by itself:
/// [`enter`](TaskGroup::enter), [`spawn_as`](TaskGroup::spawn_as) and [`exit`](TaskGroup::exit).
///
/// When the last handle goes before the group has been left, its members are cancelled: none of them outlives it.
///
/// ```
/// use timeskip_executor::{Simulation, TaskGroup};
/// let run = Simulation::new().run(|sim| async move {
///     let sums = sim.task_group(|group: TaskGroup<&str>| async move {
///         let one = group.spawn(async { Ok(1) }).map_err(|_| "closed")?;
///         let two = group.spawn(async { Ok(2) }).map_err(|_| "closed")?;
///         Ok(one.await.expect("it is not cancelled")? + two.await.expect("nor is this one")?)
///     });
///     sums.await.map_err(|failed| failed.exceptions)
/// });
/// assert_eq!(run.output, Some(Ok(3)));
/// ```
pub struct TaskGroup<E> {
    shared: Rc<Shared<E>>,
}

struct Shared<E> {
    sim: Sim,
    id: GroupId,
    state: Rc<State>,
    /// What members have failed with, in the order of their ends; they hold it, too.
    errors: Rc<RefCell<Vec<E>>>,
}

impl<E: 'static> TaskGroup<E> {
    /// A group of the running task, which is its parent: the one that a failing member cancels.
    ///
    /// # Panics
    /// Outside of a step of a task of this simulation.
    ///
    /// ```
    /// use timeskip_executor::{BodyEnd, GroupEnd, Simulation, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::<&str>::enter(&sim);
    ///     let _lost = group.spawn(async { Err::<(), _>("lost") }).expect("the group has just begun");
    ///     group.exit(BodyEnd::Finished).await
    /// });
    /// assert_eq!(run.output, Some(GroupEnd::Failed(vec!["lost"])));
    /// ```
    pub fn enter(sim: &Sim) -> TaskGroup<E> {
        let state = Rc::new(State {
            key: Cell::new(None),
            parent: sim.current_task(),
            members: RefCell::default(),
            started: Cell::new(0),
            failures: Cell::new(0),
            waiter: Cell::new(None),
            exiting: Cell::new(false),
            aborting: Cell::new(false),
            parent_cancelled: Cell::new(false),
            over: Cell::new(false),
        });
        let key = sim.core().groups.borrow_mut().0.insert(Rc::clone(&state));
        state.key.set(Some(key));
        TaskGroup { shared: Rc::new(Shared { sim: sim.clone(), id: GroupId(key.index), state, errors: Rc::default() }) }
    }

    /// Starts a member that fails with the error that it returns.
    ///
    /// # Errors
    /// [`GroupClosed`] when the group takes no more tasks; the future is dropped.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::<&str>::enter(&sim);
    ///     let member = group.spawn(async { Ok(42) }).expect("it takes tasks");
    ///     member.await
    /// });
    /// assert_eq!(run.output, Some(Ok(Ok(42))));
    /// ```
    pub fn spawn<T, F>(&self, future: F) -> Result<JoinHandle<Result<T, E>>, GroupClosed>
    where
        T: 'static,
        E: Clone,
        F: Future<Output = Result<T, E>> + 'static,
    {
        self.spawn_as("task", future, |output| match output {
            Ok(_) => Verdict::Finished,
            Err(error) => Verdict::Failed(error.clone()),
        })
    }

    /// As [`spawn`](TaskGroup::spawn), with a name (see [`Sim::spawn_named`]) and a say in what an output means.
    ///
    /// # Errors
    /// [`GroupClosed`] when the group takes no more tasks; the future is dropped.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, TaskGroup, Verdict};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::<&str>::enter(&sim);
    ///     let member = group.spawn_as("cook", async { "tea" }, |_| Verdict::Finished).expect("it takes tasks");
    ///     (member.path(), member.await)
    /// });
    /// assert_eq!(run.output, Some(("main/cook-0".to_owned(), Ok("tea"))));
    /// ```
    pub fn spawn_as<F>(
        &self,
        name: &str,
        future: F,
        judge: impl Fn(&F::Output) -> Verdict<E> + 'static,
    ) -> Result<JoinHandle<F::Output>, GroupClosed>
    where
        F: Future + 'static,
    {
        self.check_open()?;
        let Shared { sim, id, state, errors } = &*self.shared;
        let errors = Rc::clone(errors);
        let handle = sim.spawn_as(name, future, move |output| match judge(output) {
            Verdict::Finished => Status::Finished,
            Verdict::Cancelled => Status::Cancelled,
            Verdict::Failed(error) => {
                errors.borrow_mut().push(error);
                Status::Failed
            }
        });
        let member = state.started.get();
        state.started.set(member.wrapping_add(1));
        state.members.borrow_mut().insert(member, handle.id());
        handle.watch(Watcher::Group { group: *id, member });
        Ok(handle)
    }

    /// Whether the group takes another task.
    ///
    /// # Errors
    /// Why it does not.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, BodyEnd, GroupClosed, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::<&str>::enter(&sim);
    ///     let before = group.check_open();
    ///     group.exit(BodyEnd::Finished).await;
    ///     (before, group.check_open())
    /// });
    /// assert_eq!(run.output, Some((Ok(()), Err(GroupClosed::Finished))));
    /// ```
    pub fn check_open(&self) -> Result<(), GroupClosed> {
        let state = &self.shared.state;
        if state.over.get() || state.exiting.get() && state.members.borrow().is_empty() {
            Err(GroupClosed::Finished)
        } else if state.aborting.get() {
            Err(GroupClosed::ShuttingDown)
        } else {
            Ok(())
        }
    }

    /// How many members the group has not heard the end of.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::<&str>::enter(&sim);
    ///     let _member = group.spawn(async { Ok(()) });
    ///     group.len()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn len(&self) -> usize {
        self.shared.state.members.borrow().len()
    }

    /// Whether it has heard the end of every member.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     TaskGroup::<&str>::enter(&sim).is_empty()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many members have failed; none once the group has been left.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, BodyEnd, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::enter(&sim);
    ///     let _member = group.spawn(async { Err::<(), _>("lost") });
    ///     let before = group.error_count();
    ///     let same = group.clone();
    ///     sim.catch_cancel(std::future::pending::<()>()).await.expect_err("the failure cancels main");
    ///     (before, same.error_count())
    /// });
    /// assert_eq!(run.output, Some((0, 1)));
    /// ```
    pub fn error_count(&self) -> usize {
        if self.shared.state.over.get() { 0 } else { self.shared.state.failures.get() as usize }
    }

    /// Whether the members have been cancelled, by a failure or a cancel.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, BodyEnd, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::<&str>::enter(&sim);
    ///     let before = group.is_aborting();
    ///     group.exit(BodyEnd::Cancelled).await;
    ///     (before, group.is_aborting())
    /// });
    /// assert_eq!(run.output, Some((false, true)));
    /// ```
    pub fn is_aborting(&self) -> bool {
        self.shared.state.aborting.get()
    }

    /// Leaves the block of the group: waits for all members, after cancelling them where the block did not come to its
    /// end.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, BodyEnd, GroupEnd, TaskGroup};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let group = TaskGroup::enter(&sim);
    ///     let _lost = group.spawn(async { Err::<(), _>("lost") });
    ///     group.exit(BodyEnd::Finished).await
    /// });
    /// assert_eq!(run.output, Some(GroupEnd::Failed(vec!["lost"])));
    /// ```
    pub fn exit(&self, body: BodyEnd) -> GroupExit<E> {
        GroupExit::new(self.clone(), body)
    }
}

impl<E> Clone for TaskGroup<E> {
    fn clone(&self) -> TaskGroup<E> {
        TaskGroup { shared: Rc::clone(&self.shared) }
    }
}

impl<E> Drop for Shared<E> {
    fn drop(&mut self) {
        let core = self.sim.core();
        if !self.state.over.replace(true) {
            self.state.abort(core);
        }
        self.state.free_if_over(core);
    }
}
