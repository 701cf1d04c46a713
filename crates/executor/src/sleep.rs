//! Waiting for a time, and giving up a turn.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::delay::{Delay, Ticks};
use crate::event::{Event, Waiting};
use crate::sim::Sim;
use crate::sleep_stage::{Packed, Stage};
use crate::time::SimTime;
use crate::timers::TimerId;
use crate::wait::{WaitState, WaitToken};

/// Waits for a time; made by [`Sim::sleep`] and [`Sim::sleep_until`].
///
/// The timer is armed by the first poll. When it fires, it wakes the task, which goes on in the turn after. Dropping
/// the future cancels the timer.
///
/// ```
/// use std::time::Duration;
/// use timeskip_executor::{SimTime, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let nap = sim.sleep(Duration::from_secs(2));
///     sim.sleep(Duration::from_secs(1)).await;
///     nap.await; // begins here, not where it was made
///     sim.now()
/// });
/// assert_eq!(run.output, Some(SimTime::from_nanos(3_000_000_000)));
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Sleep {
    core: Rc<Core>,
    stage: Packed,
}

impl Sleep {
    #[inline]
    pub(crate) fn after(sim: &Sim, delay: Delay) -> Sleep {
        let stage = match delay.whole_nanos(sim.now()) {
            Ok(nanos) => Stage::AfterNanos(nanos),
            Err(ticks) => Stage::After(ticks),
        };
        Sleep { core: Rc::clone(sim.core()), stage: stage.packed() }
    }

    #[inline]
    pub(crate) fn until(sim: &Sim, time: SimTime) -> Sleep {
        Sleep { core: Rc::clone(sim.core()), stage: Stage::Until(time).packed() }
    }

    #[inline]
    fn arm(&mut self, deadline: SimTime, context: &Context<'_>) -> Poll<()> {
        let wait = self.core.begin_wait(Waiting::Sleep { until: deadline }, context);
        let timer = self.core.arm(deadline, wait);
        self.stage = Packed::armed(timer, wait);
        Poll::Pending
    }
}

impl Future for Sleep {
    type Output = ();

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(nanos) = self.stage.nanos() {
            if let Some((wait, deadline)) = self.core.begin_plain_sleep(nanos, context) {
                self.stage = Packed::armed(TimerId(deadline.plain_key()), wait);
                self.core.timers.borrow_mut().arm_ahead(deadline.plain_key(), wait);
                return Poll::Pending;
            }
        } else if self.core.take_own_wake_up(self.stage.wait) {
            self.stage.end();
            return Poll::Ready(());
        }
        self.poll_rarely(context)
    }
}

impl Sleep {
    /// All that a poll may meet.
    #[inline(never)]
    fn poll_rarely(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.core.holds_back(context) {
            return Poll::Pending;
        }
        match self.stage.unpacked() {
            Stage::Armed { timer, wait } => {
                if !self.core.take_wake_up(wait) {
                    if self.core.has_moved(wait, context) {
                        let deadline = self.core.deadline(timer, wait);
                        self.give_up();
                        return self.arm(deadline, context);
                    }
                    return Poll::Pending;
                }
                self.stage.end();
                self.core.emit(|| Event::Resumed);
                Poll::Ready(())
            }
            Stage::AfterNanos(nanos) if !nanos.is_zero() => {
                let now = self.core.now.get();
                self.arm(now.after(nanos.of_nanos(now)), context)
            }
            Stage::After(ticks) if !ticks.is_zero() => {
                let deadline = self.core.now.get().after(ticks);
                self.arm(deadline, context)
            }
            Stage::AfterNanos(_) | Stage::After(_) => {
                self.core.emit(|| Event::Yields);
                self.core.give_up_turn(context);
                self.stage = Stage::Yielded { step: self.core.step.get() }.packed();
                Poll::Pending
            }
            Stage::Until(time) => {
                let deadline = time.on_clock_of(self.core.now.get());
                self.arm(deadline, context)
            }
            Stage::Yielded { step } if step != self.core.step.get() => Poll::Ready(()),
            Stage::Yielded { .. } => {
                self.core.give_up_turn(context);
                Poll::Pending
            }
            Stage::Done => Poll::Pending,
        }
    }
}

impl Drop for Sleep {
    #[inline]
    fn drop(&mut self) {
        if self.stage.wait.is_some() {
            self.give_up();
        }
    }
}

impl Sleep {
    #[cold]
    fn give_up(&mut self) {
        if let Stage::Armed { timer, wait } = self.stage.unpacked() {
            let state = self.core.wait_state(wait);
            let fired = matches!(state, Some(WaitState::Woken | WaitState::CancelledAndWoken));
            self.core.end_wait(wait);
            if !fired {
                self.core.disarm(timer);
            }
        }
    }
}

/// Gives up one turn; made by [`Sim::yield_now`].
///
/// ```
/// use timeskip_executor::{SimTime, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     sim.yield_now().await;
///     sim.now()
/// });
/// assert_eq!(run.output, Some(SimTime::ZERO), "turns take no time");
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct YieldNow {
    core: Rc<Core>,
    /// The step in which it gave up the turn: a combinator may poll it twice in one.
    given_up: Option<u64>,
}

impl YieldNow {
    #[inline]
    pub(crate) fn new(sim: &Sim) -> YieldNow {
        YieldNow { core: Rc::clone(sim.core()), given_up: None }
    }
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.core.holds_back(context) {
            return Poll::Pending;
        }
        let step = self.core.step.get();
        if self.given_up.is_some_and(|given_up| given_up != step) {
            return Poll::Ready(());
        }
        if self.given_up.replace(step).is_none() {
            self.core.emit(|| Event::Yields);
        }
        self.core.give_up_turn(context);
        Poll::Pending
    }
}

impl Core {
    /// The running task begins to sleep, where nothing is out of the ordinary: nobody watches, no cancel is being
    /// delivered, no combinator polls, and there is time to wait for on a clock of nanoseconds. The timer is still to be
    /// armed. Else nothing is done.
    #[inline(always)]
    fn begin_plain_sleep(&self, ticks: Ticks, context: &Context<'_>) -> Option<(WaitToken, SimTime)> {
        if !self.is_poll_plain() || ticks.is_zero() {
            return None;
        }
        let now = self.now.get();
        let deadline = now.plainly_after(ticks)?;
        // Not described: nobody has to know more of it than that it ends.
        let wait = self.begin_untold_wait(context)?;
        Some((wait, deadline))
    }

    /// The running task steps again in the next turn.
    fn give_up_turn(&self, context: &Context<'_>) {
        if let Some(task) = self.current() {
            self.push_step(task);
            if !self.is_own(context.waker(), task) {
                context.waker().wake_by_ref();
            }
        }
    }
}
