//! The loop: the only place that runs entries, and the only place where time jumps.

use std::rc::Rc;

use crate::callback::{self, CallbackId};
use crate::core::Core;
use crate::deadlock;
use crate::ending::Ending;
use crate::entry::{Entry, Word};
use crate::event::{Cause, Status};
use crate::limits::Limit;
use crate::sim::Sim;
use crate::slot::Progress;
use crate::step;
use crate::task::TaskId;
use crate::time::SimTime;
use crate::wait::WaitToken;
use crate::watchers::Watcher;

/// The tasks of so many steps stay in the nearest cache from the moment they are woken and fetched; those of more are
/// fetched once more, shortly before their steps.
const NEAR: usize = 64;

/// A timer is due: it completes a wait, or calls.
#[inline]
fn fire(core: &Core, token: WaitToken) {
    match CallbackId::of_token(token) {
        Some(call) => callback::run(core, call),
        None => drop(core.wake(token)),
    }
}

pub(crate) struct Loop<'core> {
    core: &'core Core,
    /// The same, for who keeps it.
    shared: &'core Rc<Core>,
    /// Timers that are due, reused from turn to turn.
    due: Vec<WaitToken>,
    /// The tasks that they wake.
    steps: Vec<TaskId>,
    /// The limit of virtual time, on a clock of nanoseconds.
    latest: SimTime,
    events: u64,
    turns_at_one_instant: u64,
    stopping: bool,
}

impl<'core> Loop<'core> {
    pub(crate) fn new(core: &'core Rc<Core>) -> Loop<'core> {
        let latest = SimTime::from_nanos(u64::try_from(core.limits.time.as_nanos()).unwrap_or(u64::MAX));
        Loop {
            core,
            shared: core,
            due: Vec::new(),
            steps: Vec::new(),
            latest,
            events: 0,
            turns_at_one_instant: 0,
            stopping: false,
        }
    }

    /// Runs main to its end, then cancels what is left and runs it to its end, as asyncio's `Runner.close` does.
    pub(crate) fn run(mut self, main: TaskId) -> Ending {
        self.core.tasks.watch(main, Watcher::Run);
        if let Err(ending) = self.run_until_stopped().and_then(|()| self.close()) {
            return ending;
        }
        let status = self.core.tasks.progress(main);
        let at = self.core.now.get();
        let reason = match status {
            Some(Progress::Ended(Status::Failed)) => "it failed".to_owned(),
            Some(Progress::Ended(Status::Cancelled)) => match self.core.message(main) {
                Some(message) => format!("it was cancelled: {message}"),
                None => "it was cancelled".to_owned(),
            },
            _ => return Ending::Finished { at },
        };
        Ending::Failed { at, task: "main".to_owned(), reason, line: None }
    }

    fn close(&mut self) -> Result<(), Ending> {
        let left = self.core.tasks.living();
        if !left.is_empty() {
            self.core.cancel_all(&left);
            self.core.gather_for_run_end(&left);
            self.run_until_stopped()?;
        }
        // CPython then runs two short coroutines (to close async generators and the thread pool); what is ready by
        // then gets the two turns that each of them takes, or more where there is something to close.
        let shutdown = self.core.hooks.take_shutdown();
        let rounds = if shutdown.is_some() { 1 } else { 2 };
        if let Some(shutdown) = shutdown {
            let last = Sim::new(Rc::clone(self.shared)).spawn_named("shutdown", shutdown);
            last.watch(Watcher::Run);
            self.run_until_stopped()?;
        }
        for _ in 0..rounds {
            if !self.core.ready.is_empty() || self.core.timers.borrow().len() > 0 {
                self.core.push(Entry::RunEnd { turns: 1 });
                self.run_until_stopped()?;
            }
        }
        Ok(())
    }

    fn run_until_stopped(&mut self) -> Result<(), Ending> {
        self.stopping = false;
        // Two lists change places from turn to turn: what runs, and what that makes ready.
        let mut entries = Vec::new();
        while !self.stopping {
            self.turn(&mut entries)?;
            if self.core.is_halted()
                && let Some(ending) = self.core.take_halt()
            {
                return Err(ending);
            }
            self.check_limits()?;
        }
        Ok(())
    }

    /// One turn: sentences 1 and 2 of the law.
    #[inline(always)]
    fn turn(&mut self, entries: &mut Vec<Word>) -> Result<(), Ending> {
        let core = self.core;
        if core.is_heapq() {
            core.timers.borrow_mut().begin_turn();
        }
        if core.ready.is_empty() {
            return if core.is_turn_plain() { self.jump_plainly() } else { self.jump() };
        }
        let time = core.now.get();
        self.turns_at_one_instant += 1;
        if core.is_turn_plain() {
            let before = core.ready.take(entries);
            if !before.is_empty() {
                self.run_lists(before);
            }
            self.run_entries(entries);
        } else {
            self.run_watched(entries);
        }
        entries.clear();
        if core.now.get() > time {
            self.turns_at_one_instant = 0;
        }
        Ok(())
    }

    /// Runs the entries of one list.
    #[inline(always)]
    fn run_entries(&mut self, entries: &[Word]) {
        let core = self.core;
        self.events += entries.len() as u64;
        for &word in entries {
            if core.is_halted() {
                break;
            }
            self.run_entry(core, word);
        }
    }

    /// There is more to run than one list holds.
    #[cold]
    fn run_lists(&mut self, lists: Vec<Vec<Word>>) {
        for list in lists {
            self.run_entries(&list);
            self.core.ready.give_back(list);
        }
        self.core.ready.forget_spare();
    }

    /// A turn before which timers may be due, or that somebody watches.
    #[cold]
    fn run_watched(&mut self, entries: &mut Vec<Word>) {
        if self.core.take_overtaken() {
            self.push_due();
        }
        let core = self.core;
        let before = core.ready.take(entries);
        let mut causes = core.ready.take_causes().into_iter();
        for &word in before.iter().flatten().chain(&*entries) {
            self.events += 1;
            self.core.begin_entry(causes.next().unwrap_or(Cause::Order));
            self.run_entry(core, word);
            if self.core.is_halted() {
                break;
            }
        }
    }

    /// Timers are due although others are ready: their entries are appended.
    fn push_due(&mut self) {
        self.core.timers.borrow_mut().take_due(self.core.now.get().key(), &mut self.due);
        for token in self.due.drain(..) {
            self.core.begin_entry(Cause::Order);
            self.core.push(Entry::Fire(token));
        }
    }

    /// Nothing is ready: time moves to the earliest deadline, and the callbacks of what is due run back to back. That
    /// is the turn they would make up in the queue, without the way through it.
    #[cold]
    fn jump(&mut self) -> Result<(), Ending> {
        let core = self.core;
        let now = core.now.get();
        let mut timers = core.timers.borrow_mut();
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

    /// [`jump`](Loop::jump) on a clock of nanoseconds, where nobody watches and no step has overtaken a timer.
    #[inline(always)]
    fn jump_plainly(&mut self) -> Result<(), Ending> {
        let core = self.core;
        let mut timers = core.timers.borrow_mut();
        let deadline = match timers.next_deadline(|token| core.is_timer_pending(token)) {
            Some(deadline) if deadline <= self.latest.plain_key() => deadline,
            _ => {
                drop(timers);
                return self.jump();
            }
        };
        self.turns_at_one_instant += 1;
        let mut now = core.now.get().plain_key();
        if deadline > now {
            now = deadline;
            core.now.set(SimTime::of_plain_key(now));
            self.turns_at_one_instant = 1;
        }
        let are_many = core.tasks.are_many();
        let wake = |token| core.wake_sleeper(token, are_many, &mut self.steps);
        self.events += timers.handle_due(now, wake, &mut self.due) as u64;
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
        for (place, &task) in self.steps.iter().enumerate() {
            if are_far {
                core.tasks.fetch_ahead(&self.steps[place..]);
            }
            step::run(core, task);
            if core.is_halted() {
                break;
            }
        }
        self.steps.clear();
        if core.now.get() > time {
            self.turns_at_one_instant = 0;
        }
        Ok(())
    }

    /// Wakes whom the timers of the batch wake. False where there were other callbacks among them: then all has gone its
    /// usual way.
    #[inline(never)]
    fn wake_due(&mut self, are_many: bool) -> bool {
        let core = self.core;
        let mut woken = 0;
        while let Some(&token) = self.due.get(woken) {
            if are_many {
                core.fetch_ahead(&self.due[woken..]);
            }
            if !core.wake_sleeper(token, are_many, &mut self.steps) {
                break;
            }
            woken += 1;
        }
        if woken == self.due.len() {
            self.due.clear();
            return true;
        }
        self.steps.drain(..).for_each(|task| core.queue(task));
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

    /// Why time does not move that far, if it does not.
    #[cold]
    fn too_late(&self, time: SimTime) -> Option<Ending> {
        if time.is_never() {
            return Some(deadlock::report(self.core));
        }
        self.is_too_late(time).then(|| self.limit(Limit::Time(self.core.limits.time)))
    }

    #[inline(always)]
    fn run_entry(&mut self, core: &Core, word: Word) {
        if let Some(task) = word.step() {
            step::run(core, task);
        } else if let Some((gather, child)) = word.returned() {
            core.gathered(gather, child, Status::Finished);
        } else if let Some(entry) = core.ready.take_entry(word) {
            self.run_other(entry);
        }
    }

    #[inline(never)]
    fn run_other(&mut self, entry: Entry) {
        match entry {
            Entry::Step(task) => step::run(self.core, task),
            Entry::Gathered { gather, child, status } => self.core.gathered(gather, child, status),
            Entry::Fire(token) => fire(self.core, token),
            Entry::Call(id) => callback::run(self.core, id),
            Entry::Shielded(shield) => self.shared.shielded(shield),
            Entry::ShieldEnded(shield) => self.shared.shield_ended(shield),
            Entry::Completed { iterator, child } => self.core.completed(iterator, child),
            Entry::Grouped { group, member, status } => self.core.group_member_ended(group, member, status),
            Entry::Waited { wait, status } => self.core.waited_ended(wait, status),
            Entry::RunEnd { turns: 0 } => self.stopping = true,
            Entry::RunEnd { turns } => self.core.push(Entry::RunEnd { turns: turns - 1 }),
        }
    }

    /// Looks whether a limit has been reached.
    #[inline(always)]
    fn check_limits(&self) -> Result<(), Ending> {
        let limits = &self.core.limits;
        let in_time = self.turns_at_one_instant != 0 || self.core.now.get() <= self.latest;
        if in_time & (self.turns_at_one_instant <= limits.turns_at_one_instant) & (self.events <= limits.events) {
            return Ok(());
        }
        self.limit_reached()
    }

    /// The limit that has been reached, if one has. All times of a clock of float seconds look too late for one of
    /// nanoseconds.
    #[cold]
    #[inline(never)]
    fn limit_reached(&self) -> Result<(), Ending> {
        let limits = &self.core.limits;
        if self.turns_at_one_instant > limits.turns_at_one_instant {
            let at = self.core.now.get();
            let mut tasks = self.core.ready_tasks();
            tasks.extend(self.core.ready_callbacks());
            return Err(Ending::Livelock { at, turns: self.turns_at_one_instant - 1, tasks, line: None });
        }
        if self.events > limits.events {
            return Err(self.limit(Limit::Events(limits.events)));
        }
        // A step that blocks can move time as well as a jump can; then this turn is not counted.
        if self.turns_at_one_instant == 0 && self.is_too_late(self.core.now.get()) {
            return Err(self.limit(Limit::Time(limits.time)));
        }
        Ok(())
    }

    #[inline]
    fn is_too_late(&self, time: SimTime) -> bool {
        time > self.latest && u128::from(time.as_nanos()) > self.core.limits.time.as_nanos()
    }

    fn limit(&self, limit: Limit) -> Ending {
        Ending::LimitReached { at: self.core.now.get(), limit }
    }
}
