//! Waiting for a time, and giving up a turn.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::core::Core;
use crate::event::{Event, Waiting};
use crate::sim::Sim;
use crate::time::{Delay, SimTime};
use crate::timers::TimerId;
use crate::wait::{WaitState, WaitToken};
use crate::waker;

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
    state: State,
}

enum State {
    After(Delay),
    Until(SimTime),
    Armed { timer: TimerId, wait: WaitToken, deadline: SimTime },
    Yielded(YieldNow),
    Done,
}

impl Sleep {
    #[inline]
    pub(crate) fn after(sim: &Sim, delay: Delay) -> Sleep {
        Sleep { core: Rc::clone(sim.core()), state: State::After(delay) }
    }

    #[inline]
    pub(crate) fn until(sim: &Sim, time: SimTime) -> Sleep {
        Sleep { core: Rc::clone(sim.core()), state: State::Until(time) }
    }

    #[inline]
    fn arm(&mut self, deadline: SimTime, context: &Context<'_>) -> Poll<()> {
        let wait = self.core.begin_wait(Waiting::Sleep { until: deadline }, context);
        let timer = self.core.arm(deadline, wait);
        self.state = State::Armed { timer, wait, deadline };
        Poll::Pending
    }
}

impl Future for Sleep {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.core.holds_back(context) {
            return Poll::Pending;
        }
        match self.state {
            State::Armed { wait, deadline, .. } => {
                if self.core.wait_state(wait) != Some(WaitState::Woken) {
                    if self.core.has_moved(wait, context) {
                        self.give_up();
                        return self.arm(deadline, context);
                    }
                    return Poll::Pending;
                }
                self.core.end_wait(wait);
                self.state = State::Done;
                self.core.emit(|| Event::Resumed);
                Poll::Ready(())
            }
            State::After(delay) => {
                let now = self.core.now.get();
                let ticks = delay.ticks(now);
                if ticks.is_zero() {
                    let mut turn = YieldNow { core: Rc::clone(&self.core), given_up: None };
                    let pending = Pin::new(&mut turn).poll(context);
                    self.state = State::Yielded(turn);
                    return pending;
                }
                self.arm(now.after(ticks), context)
            }
            State::Until(time) => {
                let deadline = time.on_clock_of(self.core.now.get());
                self.arm(deadline, context)
            }
            State::Yielded(ref mut turn) => Pin::new(turn).poll(context),
            State::Done => Poll::Pending,
        }
    }
}

impl Drop for Sleep {
    #[inline]
    fn drop(&mut self) {
        self.give_up();
    }
}

impl Sleep {
    #[inline]
    fn give_up(&mut self) {
        if let State::Armed { timer, wait, .. } = self.state {
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
        if let Some(task) = self.core.current.get() {
            self.core.push_step(task);
            if !waker::is_for(context.waker(), task) {
                context.waker().wake_by_ref();
            }
        }
        Poll::Pending
    }
}
