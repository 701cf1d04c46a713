//! A block of Rust with a task group around it.

use std::fmt;
use std::future::Future;

use super::{BodyEnd, GroupEnd, TaskGroup};
use crate::sim::Sim;

/// The errors of a task group, as Python's exception group: those of its members in the order of their ends, and last
/// that of the block.
///
/// ```
/// use timeskip_executor::{Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let result = sim.task_group(|_| async { Err::<(), _>("no tea") });
///     result.await.map_err(|failed| (failed.to_string(), failed.exceptions))
/// });
/// assert_eq!(run.output, Some(Err(("unhandled errors in a TaskGroup (1 sub-exception)".to_owned(), vec!["no tea"]))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionGroup<E> {
    /// At least one.
    pub exceptions: Vec<E>,
}

impl<E> fmt::Display for ExceptionGroup<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.exceptions.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(formatter, "unhandled errors in a TaskGroup ({count} sub-exception{plural})")
    }
}

impl<E: fmt::Debug> std::error::Error for ExceptionGroup<E> {}

impl Sim {
    /// Runs a block with a [`TaskGroup`]: when the block ends, the running task waits for every task that was started
    /// in the group.
    ///
    /// When a member or the block fails, the members are cancelled, and the block where it stands; a cancel of the
    /// running task cancels the members, too. In each case all of them have ended when this completes.
    ///
    /// # Errors
    /// What members and block have failed with. A cancel of the running task is no error: it goes on from here, as it
    /// would from any other await.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timeskip_executor::Simulation;
    /// let run = Simulation::new().run(|sim| async move {
    ///     let clock = sim.clone();
    ///     let result = sim.task_group(|group| async move {
    ///         let (slow, quick) = (clock.clone(), clock);
    ///         let _slow = group.spawn(async move {
    ///             slow.sleep(Duration::from_secs(60)).await;
    ///             Ok(())
    ///         });
    ///         let _quick = group.spawn(async move {
    ///             quick.sleep(Duration::from_secs(2)).await;
    ///             Err::<(), _>("out of paper")
    ///         });
    ///         Ok(())
    ///     });
    ///     (result.await.map_err(|failed| failed.exceptions), sim.now().as_secs_f64())
    /// });
    /// assert_eq!(run.output, Some((Err(vec!["out of paper"]), 2.0)));
    /// ```
    pub fn task_group<T, E, F, B>(
        &self,
        body: B,
    ) -> impl Future<Output = Result<T, ExceptionGroup<E>>> + use<T, E, F, B>
    where
        E: 'static,
        F: Future<Output = Result<T, E>>,
        B: FnOnce(TaskGroup<E>) -> F,
    {
        let sim = self.clone();
        async move {
            let group = TaskGroup::enter(&sim);
            let block = sim.catch_cancel(body(group.clone())).await;
            let end = match &block {
                Ok(Ok(_)) => BodyEnd::Finished,
                Ok(Err(_)) => BodyEnd::Failed,
                Err(_) => BodyEnd::Cancelled,
            };
            let cancelled = match (group.exit(end).await, block) {
                (GroupEnd::Finished, Ok(Ok(output))) => return Ok(output),
                (GroupEnd::Failed(mut exceptions), block) => {
                    exceptions.extend(block.ok().and_then(Result::err));
                    return Err(ExceptionGroup { exceptions });
                }
                (GroupEnd::Cancelled(Some(cancelled)), _) => cancelled,
                (GroupEnd::Finished | GroupEnd::Cancelled(None), block) => block.err().unwrap_or_default(),
            };
            match sim.reraise_cancel(cancelled).await {}
        }
    }
}
