//! What a queue answers where it cannot do as it was asked.

use std::fmt;

/// Why no item could be put at once; it comes back.
///
/// ```
/// use timeskip_executor::{PutError, Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::bounded(&sim, "orders", 1);
///     (orders.put_nowait("tea"), orders.put_nowait("coffee"))
/// });
/// assert_eq!(run.output, Some((Ok(()), Err(PutError::Full("coffee")))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutError<T> {
    /// The queue is full: asyncio's `QueueFull`.
    Full(T),
    /// The queue was shut down: asyncio's `QueueShutDown`.
    ShutDown(T),
}

/// Why there was no item to get at once.
///
/// ```
/// use timeskip_executor::{GetError, Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     Queue::<u32>::unbounded(&sim, "orders").get_nowait()
/// });
/// assert_eq!(run.output, Some(Err(GetError::Empty)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GetError {
    /// The queue is empty: asyncio's `QueueEmpty`.
    Empty,
    /// The queue is empty and was shut down: asyncio's `QueueShutDown`.
    ShutDown,
}

/// The queue was shut down. An item that was to be put comes back.
///
/// ```
/// use timeskip_executor::{Simulation, Queue, QueueShutDown, Shutdown};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::unbounded(&sim, "orders");
///     orders.shutdown(Shutdown::WhenEmpty);
///     orders.put("tea").until_shutdown().await
/// });
/// assert_eq!(run.output, Some(Err(QueueShutDown("tea"))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueShutDown<T = ()>(pub T);

/// `task_done` was called more often than items were put.
///
/// ```
/// use timeskip_executor::{Queue, Simulation, TaskDoneTooOften};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::unbounded(&sim, "orders");
///     orders.put("tea").await;
///     (orders.task_done(), orders.task_done())
/// });
/// assert_eq!(run.output, Some((Ok(()), Err(TaskDoneTooOften))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskDoneTooOften;

impl QueueShutDown {
    /// For those who did not ask for an error.
    #[cold]
    pub(super) fn panic<T>(self) -> T {
        panic!("{self}: `until_shutdown` gives an error instead")
    }
}

const FULL: &str = "the queue is full";
const EMPTY: &str = "the queue is empty";
const SHUT_DOWN: &str = "the queue has been shut down";

impl<T> fmt::Display for PutError<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            PutError::Full(_) => FULL,
            PutError::ShutDown(_) => SHUT_DOWN,
        })
    }
}

impl fmt::Display for GetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            GetError::Empty => EMPTY,
            GetError::ShutDown => SHUT_DOWN,
        })
    }
}

impl<T> fmt::Display for QueueShutDown<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(SHUT_DOWN)
    }
}

impl fmt::Display for TaskDoneTooOften {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("task_done() called too many times")
    }
}

impl<T: fmt::Debug> std::error::Error for PutError<T> {}
impl std::error::Error for GetError {}
impl<T: fmt::Debug> std::error::Error for QueueShutDown<T> {}
impl std::error::Error for TaskDoneTooOften {}
