//! What a queue answers where it cannot do as it was asked.

use std::fmt;

/// The queue is full: the item comes back.
///
/// ```
/// use timeskip_executor::{Queue, QueueFull, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let orders = Queue::bounded(&sim, "orders", 1);
///     (orders.put_nowait("tea"), orders.put_nowait("coffee"))
/// });
/// assert_eq!(run.output, Some((Ok(()), Err(QueueFull("coffee")))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueFull<T>(pub T);

/// The queue is empty.
///
/// ```
/// use timeskip_executor::{Queue, QueueEmpty, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     Queue::<u32>::unbounded(&sim, "orders").get_nowait()
/// });
/// assert_eq!(run.output, Some(Err(QueueEmpty)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueEmpty;

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

impl<T> fmt::Display for QueueFull<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the queue is full")
    }
}

impl fmt::Display for QueueEmpty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the queue is empty")
    }
}

impl fmt::Display for TaskDoneTooOften {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("task_done() called too many times")
    }
}

impl<T: fmt::Debug> std::error::Error for QueueFull<T> {}
impl std::error::Error for QueueEmpty {}
impl std::error::Error for TaskDoneTooOften {}
