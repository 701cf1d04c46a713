//! `asyncio.Queue`: bounded or not, first in first out or by another order.

mod errors;
mod item;
mod shared;
mod shutdown;
mod store;
mod waiting;

use std::num::NonZeroUsize;
use std::rc::Rc;

pub use errors::{GetError, PutError, QueueShutDown, TaskDoneTooOften};
pub use item::Item;
pub use shutdown::{GetUntilShutdown, PutUntilShutdown, Shutdown};
pub use store::{Fifo, Heap, Lifo, Priority, Store};
pub use waiting::{Get, Put, QueueJoin};

use crate::event::Event;
use crate::sim::Sim;
use shared::Shared;

/// A queue between tasks, as `asyncio.Queue`. Cloning it gives another handle on the same queue.
///
/// Who waits longest is woken first; but a task that calls `get` between a wake-up and the woken task's step takes the
/// item before it, and the woken one waits again, as in asyncio.
///
/// ```
/// use timeskip_executor::{Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::bounded(&sim, "orders", 2);
///     orders.put("tea").await;
///     orders.put("coffee").await;
///     assert!(orders.put_nowait("water").is_err(), "it is full");
///     (orders.get().await, orders.get().await)
/// });
/// assert_eq!(run.output, Some(("tea", "coffee")));
/// ```
pub struct Queue<T, S: Store<Item<T>> = Fifo<Item<T>>> {
    shared: Rc<Shared<T, S>>,
}

impl<T: 'static> Queue<T> {
    /// A queue without bound.
    ///
    /// The name stands in traces and in the report of a deadlock; it need not be unique.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     (0..1000).all(|order| orders.put_nowait(order).is_ok())
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn unbounded(sim: &Sim, name: &str) -> Queue<T> {
        Queue::with_store(sim, name, None, Fifo::new())
    }

    /// A queue of at most `limit` items; `put` waits while it is full. A limit of zero means none, as in asyncio.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let (narrow, endless) = (Queue::bounded(&sim, "narrow", 1), Queue::bounded(&sim, "endless", 0));
    ///     narrow.put("tea").await;
    ///     endless.put("tea").await;
    ///     (narrow.is_full(), endless.is_full())
    /// });
    /// assert_eq!(run.output, Some((true, false)));
    /// ```
    pub fn bounded(sim: &Sim, name: &str, limit: usize) -> Queue<T> {
        Queue::with_store(sim, name, NonZeroUsize::new(limit), Fifo::new())
    }
}

impl<T, S: Store<Item<T>>> Queue<T, S> {
    /// A queue with an order of its own: [`Lifo`], [`Priority`], or another [`Store`].
    ///
    /// ```
    /// use timeskip_executor::{Priority, Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let queue = Queue::with_store(&sim, "urgent", None, Priority::default());
    ///     for number in [3, 1, 2] {
    ///         queue.put(number).await;
    ///     }
    ///     (queue.get().await, queue.get().await)
    /// });
    /// assert_eq!(run.output, Some((1, 2)));
    /// ```
    pub fn with_store(sim: &Sim, name: &str, limit: Option<NonZeroUsize>, store: S) -> Queue<T, S>
    where
        T: 'static,
        S: 'static,
    {
        let shared = Rc::new(Shared::new(sim, name, limit, store));
        shared.resource.reported_by(Rc::downgrade(&shared) as _);
        Queue { shared }
    }

    /// How many items are in it.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     orders.len()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn len(&self) -> usize {
        self.shared.items.borrow().len()
    }

    /// Whether no item is in it.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     Queue::<u32>::unbounded(&sim, "orders").is_empty()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether `put` would wait.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::bounded(&sim, "orders", 1);
    ///     let before = orders.is_full();
    ///     orders.put("tea").await;
    ///     (before, orders.is_full())
    /// });
    /// assert_eq!(run.output, Some((false, true)));
    /// ```
    pub fn is_full(&self) -> bool {
        self.shared.is_full()
    }

    /// How many items have been put so far.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     orders.get().await;
    ///     (orders.put_count(), orders.len())
    /// });
    /// assert_eq!(run.output, Some((1, 0)));
    /// ```
    pub fn put_count(&self) -> u64 {
        self.shared.put_count.get()
    }

    /// How many items have been got so far.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     orders.put("coffee").await;
    ///     orders.get().await;
    ///     orders.got_count()
    /// });
    /// assert_eq!(run.output, Some(1));
    /// ```
    pub fn got_count(&self) -> u64 {
        self.shared.got_count.get()
    }

    /// How many items were put and not yet said to be done with.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     orders.get().await;
    ///     let in_hand = orders.unfinished();
    ///     orders.task_done().map(|()| (in_hand, orders.unfinished()))
    /// });
    /// assert_eq!(run.output, Some(Ok((1, 0))));
    /// ```
    pub fn unfinished(&self) -> u64 {
        self.shared.unfinished()
    }

    /// Puts an item, waiting while the queue is full.
    ///
    /// Where there is room it does not give up the turn, as in asyncio.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::bounded(&sim, "orders", 1);
    ///     let (clock, inbox) = (sim.clone(), orders.clone());
    ///     sim.spawn(async move {
    ///         clock.sleep(Duration::from_secs(5)).await;
    ///         inbox.get().await
    ///     });
    ///     orders.put("tea").await;
    ///     orders.put("coffee").await; // waits until the tea is gone
    ///     sim.now().as_secs_f64()
    /// });
    /// assert_eq!(run.output, Some(5.0));
    /// ```
    ///
    /// # Panics
    /// When it is polled and the queue has been shut down: [`Put::until_shutdown`] gives an error instead.
    pub fn put(&self, item: T) -> Put<T, S> {
        Put { shared: Rc::clone(&self.shared), item: Some(item), wait: None }
    }

    /// Puts an item at once.
    ///
    /// # Errors
    /// [`PutError`], with the item, when it is full or was shut down.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::bounded(&sim, "orders", 1);
    ///     orders.put_nowait("tea").expect("there is room");
    ///     orders.put_nowait("coffee").is_err()
    /// });
    /// assert_eq!(run.output, Some(true));
    /// ```
    pub fn put_nowait(&self, item: T) -> Result<(), PutError<T>> {
        if self.shared.is_shut_down() {
            return Err(PutError::ShutDown(item));
        }
        if self.shared.is_full() {
            return Err(PutError::Full(item));
        }
        self.shared.put_now(item);
        Ok(())
    }

    /// Gets the next item, waiting until there is one.
    ///
    /// Where there is an item it does not give up the turn, as in asyncio.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     let (clock, outbox) = (sim.clone(), orders.clone());
    ///     sim.spawn(async move {
    ///         clock.sleep(Duration::from_secs(5)).await;
    ///         outbox.put("tea").await;
    ///     });
    ///     (orders.get().await, sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some(("tea", 5.0)));
    /// ```
    ///
    /// # Panics
    /// When it is polled, no item is left and the queue has been shut down: [`Get::until_shutdown`] gives an error
    /// instead.
    pub fn get(&self) -> Get<T, S> {
        Get { shared: Rc::clone(&self.shared), wait: None }
    }

    /// Gets the next item at once.
    ///
    /// # Errors
    /// [`GetError`] when there is none.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     (orders.get_nowait().ok(), orders.get_nowait().is_err())
    /// });
    /// assert_eq!(run.output, Some((Some("tea"), true)));
    /// ```
    pub fn get_nowait(&self) -> Result<T, GetError> {
        let none = || if self.shared.is_shut_down() { GetError::ShutDown } else { GetError::Empty };
        self.shared.get_now().ok_or_else(none)
    }

    /// Says that an item that was got is done with; [`join`](Queue::join) waits for all of them.
    ///
    /// # Errors
    /// [`TaskDoneTooOften`] when there is no item left to be done with.
    ///
    /// ```
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     orders.get().await;
    ///     (orders.task_done().is_ok(), orders.task_done().is_ok())
    /// });
    /// assert_eq!(run.output, Some((true, false)));
    /// ```
    pub fn task_done(&self) -> Result<(), TaskDoneTooOften> {
        let shared = &self.shared;
        if shared.unfinished() == 0 {
            return Err(TaskDoneTooOften);
        }
        shared.finish(1);
        shared.core().emit(|| Event::TaskDone { queue: shared.resource.id });
        if shared.unfinished() == 0 {
            shared.joiners.wake_all(shared.core());
        }
        Ok(())
    }

    /// Waits until every item that was put has been done with.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::{Queue, Simulation};
    /// let run = Simulation::new().run(|sim| async move {
    ///     let orders = Queue::unbounded(&sim, "orders");
    ///     orders.put("tea").await;
    ///     let (clock, inbox) = (sim.clone(), orders.clone());
    ///     sim.spawn(async move {
    ///         inbox.get().await;
    ///         clock.sleep(Duration::from_secs(3)).await; // making it
    ///         inbox.task_done()
    ///     });
    ///     orders.join().await;
    ///     sim.now().as_secs_f64()
    /// });
    /// assert_eq!(run.output, Some(3.0));
    /// ```
    pub fn join(&self) -> QueueJoin<T, S> {
        QueueJoin { shared: Rc::clone(&self.shared), wait: None }
    }
}

impl<T, S: Store<Item<T>>> Clone for Queue<T, S> {
    fn clone(&self) -> Queue<T, S> {
        Queue { shared: Rc::clone(&self.shared) }
    }
}
