//! Nothing is ready: time jumps to the earliest deadline, and what is due then runs.
//!
//! Three ways lead there, and all do the same. Most often a few sleeps of tasks are over, known beforehand
//! ([`jump_to_few`](Loop::jump_to_few)); many timers may fall due together, or others than those of sleeps
//! ([`jump_to_many`](Loop::jump_to_many)); and somebody may watch, or the clock count float seconds
//! ([`jump`](Loop::jump)).

use std::iter::once;

use super::{Loop, NEAR, fire};
use crate::core::Core;
use crate::deadlock;
use crate::ending::Ending;
use crate::event::Cause;
use crate::slot::Slot;
use crate::step;
use crate::task::TaskId;
use crate::time::SimTime;
use crate::timers::{self, FEW};
use crate::wait::{TABLE_AHEAD, Wait, WaitToken};

/// The tasks that a few timers have woken.
pub(super) type Few<'core> = [Woken<'core>; FEW];

/// A task that has been woken, its slot, and what that then said of its wait: what there is to know is found out once.
#[derive(Clone, Copy)]
pub(super) struct Woken<'core> {
    task: TaskId,
    slot: &'core Slot,
    wait: Wait,
}

impl<'core> Woken<'core> {
    #[inline]
    pub(super) fn new(task: TaskId, slot: &'core Slot) -> Woken<'core> {
        Woken { task, slot, wait: slot.wait.get() }
    }
}

/// Before a run has had so many events, it may jump to a few and reaches no limit by that.
pub(super) fn events_before_few(core: &Core) -> u64 {
    let most = 2 * FEW as u64;
    let may = core.limits.turns_at_one_instant >= 2 && core.timers.borrow().are_in_order();
    if may { core.limits.events.saturating_sub(most) } else { 0 }
}

impl Loop<'_> {
    /// Jumps on a clock of nanoseconds, again and again while nobody watches, no step has overtaken a timer, nothing else is
    /// ready and no limit is near.
    #[inline(always)]
    pub(super) fn jump_while_plain(&mut self) -> Result<(), Ending> {
        while self.jump_to_few() {
            if !self.core.ready.is_empty() || !self.core.is_plain() {
                return Ok(());
            }
        }
        self.jump_to_many()
    }

    /// Jumps where the next timers are known and those due together are plain sleeps of tasks, and no limit is near. The
    /// steps of those tasks are all that the next turn will run: it follows at once, without the way through the queue.
    /// False where nothing was done.
    #[inline(always)]
    fn jump_to_few(&mut self) -> bool {
        let core = self.core;
        let mut timers = core.timers.borrow_mut();
        let Some((first, others)) = timers.few() else { return false };
        let time = first.deadline;
        if time > self.latest.plain_key() || self.events >= self.events_before_few {
            return false;
        }
        let Some((task, slot)) = core.tasks.wake_plainly(first.payload) else { return false };
        // Never as many as there is room for, which `% FEW` says to the compiler.
        let mut woken = 1;
        let mut are_plain = true;
        self.woken[0] = Woken::new(task, slot);
        for other in others.iter().take_while(|other| other.deadline == time) {
            let Some((task, slot)) = core.tasks.wake_plainly(other.payload) else {
                are_plain = false;
                break;
            };
            self.woken[woken % FEW] = Woken::new(task, slot);
            woken += 1;
        }
        timers.forget_few(woken, time);
        core.now.set(SimTime::of_plain_key(time));
        if core.tasks.are_many() {
            core.fetch_next(&timers);
            self.woken[..woken].iter().for_each(|woken| woken.slot.fetch());
        }
        drop(timers);
        self.turns_at_one_instant = 2;
        self.events += 2 * woken as u64;
        if !are_plain {
            self.fire_others(woken);
            return true;
        }
        for &Woken { task, slot, wait } in &self.woken[..woken] {
            if slot.wait.get() == wait {
                step::run_plainly(core, task, slot, wait);
            } else {
                // A step before has cancelled it, or it is gone.
                step::run(core, task);
            }
            if core.must_stop() {
                break;
            }
        }
        if core.now.get().plain_key() > time {
            self.turns_at_one_instant = 0;
        }
        true
    }

    /// Some of the timers that fall due together have woken so many tasks, and the next is none of a plain sleep.
    #[cold]
    fn fire_others(&mut self, woken: usize) {
        let core = self.core;
        // The steps come with the next turn.
        self.turns_at_one_instant = 1;
        self.events -= woken as u64;
        self.woken[..woken].iter().for_each(|woken| core.queue(woken.task));
        core.timers.borrow_mut().take_due(core.now.get().plain_key(), &mut self.due);
        self.events += self.due.len() as u64;
        self.fire_due(0);
    }

    /// As [`jump_to_few`](Loop::jump_to_few), for any timers. Where it comes upon a few, it does nothing more.
    #[inline(never)]
    fn jump_to_many(&mut self) -> Result<(), Ending> {
        let core = self.core;
        let now = core.now.get().plain_key();
        let mut timers = core.timers.borrow_mut();
        let were_unknown = timers.few().is_none();
        let deadline = match timers.next_deadline(|token| core.is_timer_pending(token)) {
            Some(_) if were_unknown && timers.few().is_some() => return Ok(()),
            Some(deadline) if deadline >= now && deadline <= self.latest.plain_key() => deadline,
            _ => {
                drop(timers);
                return self.jump();
            }
        };
        self.turns_at_one_instant += 1;
        if deadline > now {
            core.now.set(SimTime::of_plain_key(deadline));
            self.turns_at_one_instant = 1;
        }
        let are_many = core.tasks.are_many();
        let wake = |due: &[timers::Entry<WaitToken>]| {
            let are_near = due.len() <= NEAR;
            let wake = |(place, timer): (usize, &timers::Entry<WaitToken>)| {
                if are_many && let Some(later) = due.get(place + TABLE_AHEAD) {
                    core.fetch_waiter(later.payload);
                }
                core.wake_sleeper(timer.payload, |task| {
                    if are_many && are_near {
                        core.tasks.fetch(task.index);
                    }
                    self.steps.push(task, &mut self.spare);
                })
            };
            due.iter().enumerate().map(wake).take_while(|is_sleeper| *is_sleeper).count()
        };
        self.events += timers.handle_due(deadline, wake, &mut self.due) as u64;
        if are_many {
            core.fetch_next(&timers);
        }
        drop(timers);
        self.step_woken(are_many)
    }

    /// Where nothing but sleeps of tasks was due, the steps of those tasks are all that the next turn will run: it
    /// follows at once, without the way through the queue.
    #[inline(always)]
    fn step_woken(&mut self, are_many: bool) -> Result<(), Ending> {
        let core = self.core;
        if !self.due.is_empty() && !self.wake_due(are_many) {
            return Ok(());
        }
        self.check_limits()?;
        self.turns_at_one_instant += 1;
        self.events += self.steps.len() as u64;
        let time = core.now.get();
        let are_far = are_many && self.steps.len() > NEAR;
        let (full, last) = self.steps.take();
        for part in full {
            self.step_all(&part, are_far);
            self.spare.give_back(part);
        }
        self.step_all(&last, are_far);
        self.steps.give_back(last);
        if core.now.get() > time {
            self.turns_at_one_instant = 0;
        }
        Ok(())
    }

    /// The steps of these tasks, whose memory may be far away.
    #[inline(never)]
    fn step_all(&self, tasks: &[TaskId], are_far: bool) {
        let core = self.core;
        for (place, &task) in tasks.iter().enumerate() {
            if core.must_stop() {
                break;
            }
            if are_far {
                core.tasks.fetch_ahead(&tasks[place..]);
            }
            step::run(core, task);
        }
    }

    /// Wakes whom the timers of the batch wake. False where there were other callbacks among them: then all has gone its
    /// usual way.
    #[inline(never)]
    fn wake_due(&mut self, are_many: bool) -> bool {
        let core = self.core;
        let mut woken = 0;
        while let Some(&token) = self.due.get(woken) {
            if are_many && let Some(later) = self.due.get(woken + TABLE_AHEAD) {
                core.fetch_waiter(*later);
            }
            if !core.wake_sleeper(token, |task| self.steps.push(task, &mut self.spare)) {
                break;
            }
            woken += 1;
        }
        if woken == self.due.len() {
            self.due.clear();
            return true;
        }
        let (full, last) = self.steps.take();
        full.iter().chain(once(&last)).flatten().for_each(|task| core.queue(*task));
        self.fire_due(woken);
        false
    }

    /// Runs the callbacks of what is due, from this one on.
    fn fire_due(&mut self, first: usize) {
        let time = self.core.now.get();
        for &token in &self.due[first..] {
            if self.core.is_halted() {
                break;
            }
            self.core.begin_entry(Cause::Order);
            fire(self.core, token);
        }
        self.due.clear();
        if self.core.now.get() > time {
            self.turns_at_one_instant = 0;
        }
    }

    /// Nothing is ready: time moves to the earliest deadline, and the callbacks of what is due run back to back. That
    /// is the turn they would make up in the queue, without the way through it.
    #[cold]
    pub(super) fn jump(&mut self) -> Result<(), Ending> {
        let core = self.core;
        let now = core.now.get();
        let mut timers = core.timers.borrow_mut();
        timers.begin_turn();
        let Some(deadline) = timers.next_deadline(|token| core.is_timer_pending(token)) else {
            return Err(deadlock::report(core));
        };
        let time = now.with_key(deadline);
        if time > self.latest
            && let Some(ending) = self.too_late(time)
        {
            return Err(ending);
        }
        // The deadline may lie behind, where a step has blocked: that alone moves no time.
        if time > now {
            core.now.set(time);
            self.turns_at_one_instant = 0;
        }
        self.turns_at_one_instant += 1;
        timers.take_due(core.now.get().key(), &mut self.due);
        drop(timers);
        self.events += self.due.len() as u64;
        self.fire_due(0);
        Ok(())
    }

    /// Why time does not move that far, if it does not.
    #[cold]
    fn too_late(&self, time: SimTime) -> Option<Ending> {
        if time.is_never() {
            return Some(deadlock::report(self.core));
        }
        self.is_too_late(time).then(|| self.limit_of_time())
    }
}
