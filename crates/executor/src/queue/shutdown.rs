//! Shutting a queue down (`Queue.shutdown` of CPython 3.13), and the futures that tell of it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Fifo, Get, Item, Put, Queue, QueueShutDown, Store};
use crate::event::Event;

/// What becomes of the items of a queue that is shut down.
///
/// ```
/// use timeskip_executor::{Simulation, Queue, Shutdown};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::unbounded(&sim, "orders");
///     orders.put("tea").await;
///     orders.shutdown(Shutdown::WhenEmpty);
///     let kept = orders.len();
///     orders.shutdown(Shutdown::Immediately);
///     (kept, orders.len())
/// });
/// assert_eq!(run.output, Some((1, 0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// They may still be got.
    WhenEmpty,
    /// They are thrown away, and count as done with.
    Immediately,
}

impl<T, S: Store<Item<T>>> Queue<T, S> {
    /// Shuts the queue down: nothing can be put any more, and nothing can be got once it is empty. All who wait for
    /// room or for an item are woken, in the order in which they came, getters first.
    ///
    /// ```
    /// use timeskip_executor::{GetError, Queue, QueueShutDown, Shutdown, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     orders.shutdown(Shutdown::WhenEmpty);
    ///     assert_eq!(orders.put("coffee").until_shutdown().await, Err(QueueShutDown("coffee")));
    ///     assert_eq!(orders.get_nowait(), Ok("tea"));
    ///     assert_eq!(orders.get_nowait(), Err(GetError::ShutDown));
    ///     orders.get().until_shutdown().await
    /// });
    /// assert_eq!(run.output, Some(Err(QueueShutDown(()))));
    /// ```
    pub fn shutdown(&self, how: Shutdown) {
        let shared = &self.shared;
        let core = shared.core();
        core.emit(|| Event::ShutDown { queue: shared.resource.id });
        shared.shut_down();
        let mut thrown_away = Vec::new();
        if how == Shutdown::Immediately {
            thrown_away.extend(std::iter::from_fn(|| shared.items.borrow_mut().get()));
            shared.finish(thrown_away.len() as u64);
            if shared.unfinished() == 0 {
                shared.joiners.wake_all(core);
            }
        }
        shared.getters.wake_all(core);
        shared.putters.wake_all(core);
        // Items may do as they like when they are dropped: the queue has settled.
        drop(thrown_away);
    }

    /// Whether it was shut down.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Queue, Shutdown};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::<u32>::unbounded(&sim, "orders");
    ///     let before = orders.is_shut_down();
    ///     orders.shutdown(Shutdown::Immediately);
    ///     (before, orders.is_shut_down())
    /// });
    /// assert_eq!(run.output, Some((false, true)));
    /// ```
    pub fn is_shut_down(&self) -> bool {
        self.shared.is_shut_down()
    }
}

impl<T, S: Store<Item<T>>> Get<T, S> {
    /// The same, with an error where the queue has been shut down and no item is left.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Queue, QueueShutDown, Shutdown};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::<u32>::unbounded(&sim, "orders");
    ///     orders.shutdown(Shutdown::Immediately);
    ///     orders.get().until_shutdown().await
    /// });
    /// assert_eq!(run.output, Some(Err(QueueShutDown(()))));
    /// ```
    pub fn until_shutdown(self) -> GetUntilShutdown<T, S> {
        GetUntilShutdown(self)
    }
}

impl<T, S: Store<Item<T>>> Put<T, S> {
    /// The same, with an error where the queue has been shut down.
    ///
    /// ```
    /// use timeskip_executor::{Simulation, Queue, QueueShutDown, Shutdown};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     let before = orders.put("tea").until_shutdown().await;
    ///     orders.shutdown(Shutdown::Immediately);
    ///     [before, orders.put("coffee").until_shutdown().await]
    /// });
    /// assert_eq!(run.output, Some([Ok(()), Err(QueueShutDown("coffee"))]));
    /// ```
    pub fn until_shutdown(self) -> PutUntilShutdown<T, S> {
        PutUntilShutdown(self)
    }
}

/// Gets an item, as long as the queue is not shut down; made by [`Get::until_shutdown`].
///
/// ```
/// use timeskip_executor::{Simulation, Queue, QueueShutDown, Shutdown};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::<u32>::unbounded(&sim, "orders");
///     let waiting = sim.spawn(orders.get().until_shutdown());
///     sim.yield_now().await;
///     orders.shutdown(Shutdown::WhenEmpty); // wakes who waits
///     waiting.await
/// });
/// assert_eq!(run.output, Some(Ok(Err(QueueShutDown(())))));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct GetUntilShutdown<T, S: Store<Item<T>> = Fifo<Item<T>>>(Get<T, S>);

impl<T, S: Store<Item<T>>> Future for GetUntilShutdown<T, S> {
    type Output = Result<T, QueueShutDown>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_item(context, |item| item)
    }
}

/// Puts an item, as long as the queue is not shut down; made by [`Put::until_shutdown`].
///
/// ```
/// use timeskip_executor::{Simulation, Queue, QueueShutDown, Shutdown};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::bounded(&sim, "orders", 1);
///     orders.put("tea").await;
///     let waiting = sim.spawn(orders.put("coffee").until_shutdown());
///     sim.yield_now().await;
///     orders.shutdown(Shutdown::WhenEmpty); // wakes who waits
///     waiting.await
/// });
/// assert_eq!(run.output, Some(Ok(Err(QueueShutDown("coffee")))));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct PutUntilShutdown<T, S: Store<Item<T>> = Fifo<Item<T>>>(Put<T, S>);

impl<T, S: Store<Item<T>>> Future for PutUntilShutdown<T, S> {
    type Output = Result<(), QueueShutDown<T>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_room(context, |put| put)
    }
}
