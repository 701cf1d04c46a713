//! The end of a task group's block: waiting for its members, and what comes of it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::TaskGroup;
use crate::cancel::Cancelled;
use crate::event::{Event, Waiting};
use crate::wait::{WaitState, WaitToken};

/// How the block of a task group ended.
///
/// ```
/// use timeskip_executor::{Simulation, BodyEnd, GroupEnd, TaskGroup};
/// let run = Simulation::new().run(|sim| async move {
///     let group = TaskGroup::<&str>::enter(&sim);
///     let member = group.spawn(std::future::pending::<Result<(), _>>()).expect("it takes tasks");
///     let end = group.exit(BodyEnd::Failed).await; // so the member is cancelled
///     (end, member.await.is_err())
/// });
/// assert_eq!(run.output, Some((GroupEnd::Failed(vec![]), true)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEnd {
    /// It came to its end, or left by a return.
    Finished,
    /// It failed.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// What comes of a task group when its block and its members have ended.
///
/// ```
/// use timeskip_executor::{Simulation, BodyEnd, GroupEnd, TaskGroup};
/// let run = Simulation::new().run(|sim| async move {
///     let group = TaskGroup::<&str>::enter(&sim);
///     let _member = group.spawn(async { Ok(42) });
///     group.exit(BodyEnd::Finished).await
/// });
/// assert_eq!(run.output, Some(GroupEnd::Finished));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupEnd<E> {
    /// Nothing: the block's task goes on.
    Finished,
    /// The block's task is to be cancelled, as it was in the block or while it waited for the members; with the cancel
    /// that met it while it waited.
    Cancelled(Option<Cancelled>),
    /// What members have failed with, in the order of their ends. Where the block failed, too, its error comes last;
    /// whoever left the block has it.
    Failed(Vec<E>),
}

/// Waits for the members of a group; made by [`TaskGroup::exit`].
///
/// A cancel of the task while it waits is taken here: it cancels the members, and comes out when they have ended.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{Simulation, BodyEnd, TaskGroup};
/// let run = Simulation::new().run(|sim| async move {
///     let (group, clock) = (TaskGroup::<&str>::enter(&sim), sim.clone());
///     let _member = group.spawn(async move {
///         clock.sleep(Duration::from_secs(2)).await;
///         Ok(())
///     });
///     group.exit(BodyEnd::Finished).await;
///     sim.now().as_secs_f64()
/// });
/// assert_eq!(run.output, Some(2.0));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct GroupExit<E> {
    group: TaskGroup<E>,
    body: BodyEnd,
    wait: Option<WaitToken>,
    /// A cancel is to go on when the members have ended.
    is_cancelled: bool,
    /// The one that met the task while it waited.
    cancelled: Option<Cancelled>,
}

impl<E> GroupExit<E> {
    pub(super) fn new(group: TaskGroup<E>, body: BodyEnd) -> GroupExit<E> {
        GroupExit { group, body, wait: None, is_cancelled: body == BodyEnd::Cancelled, cancelled: None }
    }

    fn end_wait(&mut self) {
        if let Some(wait) = self.wait.take() {
            let shared = &self.group.shared;
            shared.state.waiter.set(None);
            shared.sim.core().end_wait(wait);
        }
    }

    /// Every member has ended.
    fn finish(&mut self) -> GroupEnd<E> {
        let shared = &self.group.shared;
        let (core, state) = (shared.sim.core(), &shared.state);
        if state.parent_cancelled.get() && core.uncancel(state.parent) == 0 {
            // Nobody but the group wanted the task to be cancelled.
            self.is_cancelled = false;
        }
        let failures = state.failures.get() > 0;
        state.over.set(true);
        state.free_if_over(core);
        if self.is_cancelled && !failures {
            return GroupEnd::Cancelled(self.cancelled.take());
        }
        if !failures && self.body != BodyEnd::Failed {
            return GroupEnd::Finished;
        }
        // Errors go before a cancel that came from outside; that one is delivered at the next await.
        if core.cancelling(state.parent) > 0 {
            core.uncancel(state.parent);
            core.cancel(state.parent, None);
        }
        GroupEnd::Failed(shared.errors.take())
    }
}

impl<E> Future for GroupExit<E> {
    type Output = GroupEnd<E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<GroupEnd<E>> {
        let this = &mut *self;
        let shared = Rc::clone(&this.group.shared);
        let (core, state) = (shared.sim.core(), &shared.state);
        if !state.exiting.replace(true) && this.body != BodyEnd::Finished && !state.aborting.get() {
            state.abort(core);
        }
        if let Some(wait) = this.wait {
            if core.take_delivering() {
                if !state.aborting.get() {
                    this.is_cancelled = true;
                    this.cancelled = Some(core.taken());
                    state.abort(core);
                }
            } else if core.wait_state(wait) == Some(WaitState::Woken) {
                core.emit(|| Event::Resumed);
            } else if !core.has_moved(wait, context) {
                return Poll::Pending;
            }
            this.end_wait();
        }
        if state.members.borrow().is_empty() {
            return Poll::Ready(this.finish());
        }
        if !core.holds_back(context) {
            let wait = core.begin_wait(Waiting::Group(shared.id), context);
            state.waiter.set(Some(wait));
            this.wait = Some(wait);
        }
        Poll::Pending
    }
}

impl<E> Drop for GroupExit<E> {
    fn drop(&mut self) {
        self.end_wait();
    }
}
