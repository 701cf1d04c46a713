//! The futures of a queue: waiting for an item, for room, and for all work to be done.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::{Fifo, Item, QueueShutDown, Shared, Store};
use crate::core::Core;
use crate::event::Event;
use crate::wait::{WaitState, WaitToken};

impl Core {
    /// Whether a future has nothing to wait for, and there is nothing else to look at: nobody watches, no cancel is being
    /// delivered, and it has not begun to wait, or its wait is the running task's and was woken, and is over now.
    #[inline(always)]
    fn goes_on_plainly(&self, wait: &mut Option<WaitToken>) -> bool {
        let Some(token) = *wait else { return self.is_quiet() };
        let woken = self.take_own_wake_up(token);
        if woken {
            *wait = None;
        }
        woken
    }
}

/// Whether a wait that nobody has woken was begun by another task or waker than the one that polls now.
fn has_moved(core: &Core, wait: WaitToken, context: &Context<'_>) -> bool {
    core.wait_state(wait) != Some(WaitState::Woken) && core.has_moved(wait, context)
}

/// Whether a wait, if there is one, has been woken; then it is over.
fn take_wake_up(core: &Core, wait: &mut Option<WaitToken>) -> bool {
    let Some(token) = *wait else { return true };
    if core.wait_state(token) != Some(WaitState::Woken) {
        return false;
    }
    core.end_wait(token);
    *wait = None;
    true
}

/// Gets an item; made by [`Queue::get`](super::Queue::get).
///
/// Dropped before it is done, it takes nothing: an item that it was woken for goes to the next in line.
///
/// ```
/// use timeskip_executor::{Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::unbounded(&sim, "orders");
///     let waiting = sim.spawn(orders.get());
///     sim.yield_now().await;
///     orders.put("tea").await;
///     waiting.cancel();
///     orders.get().await
/// });
/// assert_eq!(run.output, Some("tea"));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Get<T, S: Store<Item<T>> = Fifo<Item<T>>> {
    pub(super) shared: Rc<Shared<T, S>>,
    pub(super) wait: Option<WaitToken>,
}

impl<T, S: Store<Item<T>>> Future for Get<T, S> {
    type Output = T;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.poll_item(context, |item| item.unwrap_or_else(|closed| closed.panic()))
    }
}

impl<T, S: Store<Item<T>>> Get<T, S> {
    #[inline(always)]
    pub(super) fn poll_item<R>(
        &mut self,
        context: &mut Context<'_>,
        told: impl FnOnce(Result<T, QueueShutDown>) -> R,
    ) -> Poll<R> {
        if !self.shared.core().goes_on_plainly(&mut self.wait) {
            return self.poll_rarely(context, told);
        }
        if let Some(value) = self.shared.get_plainly() {
            return Poll::Ready(told(Ok(value)));
        }
        if self.shared.is_shut_down() {
            return Poll::Ready(told(Err(QueueShutDown(()))));
        }
        self.shared.getters.begin_plainly(self.shared.core(), context, &mut self.wait);
        Poll::Pending
    }

    /// All that a poll may meet.
    #[inline(never)]
    fn poll_rarely<R>(
        &mut self,
        context: &mut Context<'_>,
        told: impl FnOnce(Result<T, QueueShutDown>) -> R,
    ) -> Poll<R> {
        if self.wait.is_some_and(|wait| has_moved(self.shared.core(), wait, context)) {
            self.give_up();
        }
        let core = self.shared.core();
        if core.holds_back(context) || !take_wake_up(core, &mut self.wait) {
            return Poll::Pending;
        }
        if let Some(value) = self.shared.get_now() {
            return Poll::Ready(told(Ok(value)));
        }
        if self.shared.is_shut_down() {
            return Poll::Ready(told(Err(QueueShutDown(()))));
        }
        self.shared.getters.begin(core, context, &mut self.wait);
        Poll::Pending
    }
}

impl<T, S: Store<Item<T>>> Drop for Get<T, S> {
    #[inline]
    fn drop(&mut self) {
        if self.wait.is_some() {
            self.give_up();
        }
    }
}

impl<T, S: Store<Item<T>>> Get<T, S> {
    #[cold]
    fn give_up(&mut self) {
        let Some(wait) = self.wait.take() else { return };
        let core = self.shared.core();
        let woken = core.wait_state(wait) == Some(WaitState::Woken);
        self.shared.getters.give_up(core, wait);
        // Woken but cancelled before its step: the wake-up belongs to the next in line.
        if woken && !self.shared.items.borrow().is_empty() {
            self.shared.getters.wake_next(core);
        }
    }
}

/// Puts an item; made by [`Queue::put`](super::Queue::put).
///
/// Dropped before it is done, it puts nothing.
///
/// ```
/// use timeskip_executor::{Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::bounded(&sim, "orders", 1);
///     orders.put("tea").await;
///     let waiting = sim.spawn(orders.put("coffee"));
///     sim.yield_now().await;
///     waiting.cancel();
///     (orders.get().await, waiting.await.is_err(), orders.len())
/// });
/// assert_eq!(run.output, Some(("tea", true, 0)));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Put<T, S: Store<Item<T>> = Fifo<Item<T>>> {
    pub(super) shared: Rc<Shared<T, S>>,
    pub(super) item: Option<T>,
    pub(super) wait: Option<WaitToken>,
}

// The item is moved, never pinned.
impl<T, S: Store<Item<T>>> Unpin for Put<T, S> {}

impl<T, S: Store<Item<T>>> Future for Put<T, S> {
    type Output = ();

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.poll_room(context, |put| put.unwrap_or_else(|QueueShutDown(_)| QueueShutDown(()).panic()))
    }
}

impl<T, S: Store<Item<T>>> Put<T, S> {
    #[inline(always)]
    pub(super) fn poll_room<R>(
        &mut self,
        context: &mut Context<'_>,
        told: impl FnOnce(Result<(), QueueShutDown<T>>) -> R,
    ) -> Poll<R> {
        if self.shared.core().goes_on_plainly(&mut self.wait) && self.shared.put_plainly(&mut self.item) {
            return Poll::Ready(told(Ok(())));
        }
        self.poll_rarely(context, told)
    }

    /// All that a poll may meet.
    #[inline(never)]
    fn poll_rarely<R>(
        &mut self,
        context: &mut Context<'_>,
        told: impl FnOnce(Result<(), QueueShutDown<T>>) -> R,
    ) -> Poll<R> {
        if self.wait.is_some_and(|wait| has_moved(self.shared.core(), wait, context)) {
            self.give_up();
        }
        let core = self.shared.core();
        if core.holds_back(context) || !take_wake_up(core, &mut self.wait) {
            return Poll::Pending;
        }
        let shared = &self.shared;
        if shared.is_shut_down() {
            // An item that has been put already cannot be put again, nor be refused.
            return Poll::Ready(told(self.item.take().map_or(Ok(()), |item| Err(QueueShutDown(item)))));
        }
        if shared.is_full() {
            shared.putters.begin(core, context, &mut self.wait);
            return Poll::Pending;
        }
        if let Some(item) = self.item.take() {
            shared.put_now(item);
        }
        Poll::Ready(told(Ok(())))
    }
}

impl<T, S: Store<Item<T>>> Drop for Put<T, S> {
    #[inline]
    fn drop(&mut self) {
        if self.wait.is_some() {
            self.give_up();
        }
    }
}

impl<T, S: Store<Item<T>>> Put<T, S> {
    #[cold]
    fn give_up(&mut self) {
        let Some(wait) = self.wait.take() else { return };
        let core = self.shared.core();
        let woken = core.wait_state(wait) == Some(WaitState::Woken);
        self.shared.putters.give_up(core, wait);
        if woken && !self.shared.is_full() {
            self.shared.putters.wake_next(core);
        }
    }
}

/// Waits until a queue is done with; made by [`Queue::join`](super::Queue::join).
///
/// It wakes when the count of unfinished items reaches zero, even if more have been put by the time it goes on.
///
/// ```
/// use timeskip_executor::{Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::unbounded(&sim, "orders");
///     orders.put("tea").await;
///     let joining = sim.spawn(orders.join());
///     sim.yield_now().await;
///     orders.task_done().expect("there is one");
///     orders.put("coffee").await;
///     sim.yield_now().await;
///     (joining.done(), orders.unfinished())
/// });
/// assert_eq!(run.output, Some((true, 1)));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct QueueJoin<T, S: Store<Item<T>> = Fifo<Item<T>>> {
    pub(super) shared: Rc<Shared<T, S>>,
    pub(super) wait: Option<WaitToken>,
}

impl<T, S: Store<Item<T>>> Future for QueueJoin<T, S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if this.wait.is_some_and(|wait| has_moved(this.shared.core(), wait, context)) {
            this.give_up();
        }
        let core = this.shared.core();
        if core.holds_back(context) {
            return Poll::Pending;
        }
        let waited = this.wait.is_some();
        if !take_wake_up(core, &mut this.wait) {
            return Poll::Pending;
        }
        if waited {
            core.emit(|| Event::Resumed);
            return Poll::Ready(());
        }
        if this.shared.unfinished() == 0 {
            return Poll::Ready(());
        }
        this.shared.joiners.begin(core, context, &mut this.wait);
        Poll::Pending
    }
}

impl<T, S: Store<Item<T>>> Drop for QueueJoin<T, S> {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl<T, S: Store<Item<T>>> QueueJoin<T, S> {
    fn give_up(&mut self) {
        if let Some(wait) = self.wait.take() {
            self.shared.joiners.give_up(self.shared.core(), wait);
        }
    }
}
