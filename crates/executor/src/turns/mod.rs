//! The loop: the only place that runs entries, and the only place where time jumps.

mod jump;

use std::rc::Rc;
use std::time::Duration;

use crate::callback::{self, CallbackId};
use crate::chunks::{Chunks, Spare};
use crate::core::Core;
use crate::ending::Ending;
use crate::entry::{Entry, Word};
use crate::event::{Cause, GatherId, Status};
use crate::limits::Limit;
use crate::sim::Sim;
use crate::slot::Progress;
use crate::step;
use crate::task::TaskId;
use crate::time::SimTime;
use crate::timers::FEW;
use crate::wait::WaitToken;
use crate::watchers::Watcher;
use jump::{Few, Woken};

/// The tasks of so many steps stay in the nearest cache when they are fetched as they are woken; those of more are fetched
/// shortly before their steps.
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
    main: TaskId,
    /// Timers that are due, reused from turn to turn.
    due: Vec<WaitToken>,
    /// The tasks that they wake.
    steps: Chunks<TaskId>,
    spare: Spare<TaskId>,
    /// The limit of virtual time, on a clock of nanoseconds.
    latest: SimTime,
    events: u64,
    turns_at_one_instant: u64,
    stopping: bool,
    /// Whom a jump to a few has woken; of no meaning between jumps.
    woken: Few<'core>,
    /// See [`jump::events_before_few`].
    events_before_few: u64,
}

impl<'core> Loop<'core> {
    /// Of a run whose main task has been made.
    pub(crate) fn new(core: &'core Rc<Core>, main: TaskId) -> Loop<'core> {
        let latest = SimTime::after_start(core.limits.time).min(SimTime::LAST);
        Loop {
            core,
            shared: core,
            main,
            due: Vec::new(),
            steps: Chunks::new(),
            spare: Spare::new(),
            latest,
            events: 0,
            turns_at_one_instant: 0,
            stopping: false,
            woken: [Woken::new(main, core.tasks.slot(main)); FEW],
            events_before_few: jump::events_before_few(core),
        }
    }

    /// Runs main to its end, then cancels what is left and runs it to its end, as asyncio's `Runner.close` does.
    pub(crate) fn run(mut self) -> Ending {
        let main = self.main;
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
        let core = self.core;
        core.push_woken();
        while !self.stopping {
            if !core.ready.is_empty() {
                let time = core.now.get();
                if !self.step_alone() {
                    self.turn(&mut entries);
                }
                if core.is_overtaken() && core.now.get() > time {
                    self.turns_at_one_instant = 0;
                }
            } else if core.is_plain() {
                self.jump_while_plain()?;
            } else {
                self.jump()?;
            }
            if core.must_stop()
                && let Some(ending) = core.take_halt()
            {
                return Err(ending);
            }
            self.check_limits()?;
        }
        Ok(())
    }

    /// Turns in each of which a single task steps, as long as there is nothing else to look at and no limit is near. False
    /// where nothing was done.
    #[inline(always)]
    fn step_alone(&mut self) -> bool {
        let core = self.core;
        let limits = &core.limits;
        let turns = limits.turns_at_one_instant.saturating_sub(self.turns_at_one_instant);
        let most = limits.events.saturating_sub(self.events).min(turns);
        let mut left = most;
        // Whatever else an entry stands for, it has no place in the table.
        let look = |word: Word| core.tasks.get(word.as_step()).map(|slot| (word.as_step(), slot));
        while left > 0
            && core.is_plain()
            && let Some((task, slot)) = core.ready.take_only(look)
        {
            left -= 1;
            step::run_in(core, task, slot);
        }
        let done = most - left;
        self.turns_at_one_instant += done;
        self.events += done;
        done > 0
    }

    /// A turn in which something is ready: sentences 1 and 2 of the law.
    #[inline(always)]
    fn turn(&mut self, entries: &mut Vec<Word>) {
        let core = self.core;
        self.turns_at_one_instant += 1;
        if core.is_turn_plain() {
            self.run_lists(entries);
        } else {
            self.run_watched(entries);
        }
    }

    /// Runs more than one entry.
    #[inline(never)]
    fn run_lists(&mut self, entries: &mut Vec<Word>) {
        let before = self.core.ready.take(entries);
        if !before.is_empty() {
            self.run_before(before);
        }
        self.run_entries(entries);
        entries.clear();
    }

    /// Runs the entries of one list.
    #[inline(always)]
    fn run_entries(&mut self, entries: &[Word]) {
        let core = self.core;
        self.events += entries.len() as u64;
        for &word in entries {
            if core.must_stop() {
                break;
            }
            self.run_entry(core, word);
        }
    }

    /// There is more to run than one list holds.
    #[cold]
    fn run_before(&mut self, lists: Vec<Vec<Word>>) {
        for list in lists {
            self.run_entries(&list);
            self.core.ready.give_back(list);
        }
        self.core.ready.forget_spare();
    }

    /// A turn before which timers may be due, or that somebody watches.
    #[cold]
    fn run_watched(&mut self, entries: &mut Vec<Word>) {
        self.core.timers.borrow_mut().begin_turn();
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
            if self.core.must_stop() {
                break;
            }
        }
        entries.clear();
    }

    /// Timers are due although others are ready: their entries are appended.
    fn push_due(&mut self) {
        self.core.timers.borrow_mut().take_due(self.core.now.get().key(), &mut self.due);
        for token in self.due.drain(..) {
            self.core.begin_entry(Cause::Order);
            self.core.push(Entry::Fire(token));
        }
    }

    #[inline(always)]
    fn run_entry(&mut self, core: &Core, word: Word) {
        if let Some(task) = word.step() {
            step::run(core, task);
        } else if let Some((gather, count)) = word.returned() {
            self.returned(gather, count);
        } else if let Some(entry) = core.ready.take_entry(word) {
            self.run_other(entry);
        }
    }

    #[inline(never)]
    fn run_other(&mut self, entry: Entry) {
        match entry {
            Entry::Step(task) => step::run(self.core, task),
            Entry::Steps { first, count } => self.run_steps(first, count),
            Entry::Returned { gather, count } => self.returned(gather, count),
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

    /// The steps of so many tasks of the first generation, from this one on.
    #[inline(never)]
    fn run_steps(&mut self, first: u32, count: u32) {
        let core = self.core;
        // They are one entry, which has been counted.
        self.events += u64::from(count) - 1;
        for index in first..first + count {
            if core.must_stop() {
                break;
            }
            step::run(core, TaskId { index, generation: 0 });
        }
    }

    /// So many children of a gather have returned.
    #[inline]
    fn returned(&mut self, gather: GatherId, count: u32) {
        // They are one entry, which has been counted.
        self.events += u64::from(count) - 1;
        self.core.children_returned(gather, count);
    }

    /// Looks whether a limit has been reached.
    #[inline(always)]
    fn check_limits(&self) -> Result<(), Ending> {
        let limits = &self.core.limits;
        // None at this instant: a step has moved the time, perhaps too far.
        let turns_before = self.turns_at_one_instant.wrapping_sub(1);
        if (turns_before < limits.turns_at_one_instant) & (self.events <= limits.events) {
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
            return Err(Ending::Livelock { at, turns: self.turns_at_one_instant - 1, tasks });
        }
        if self.events > limits.events {
            return Err(self.limit(Limit::Events(limits.events)));
        }
        // A step that blocks can move time as well as a jump can; then this turn is not counted.
        if self.turns_at_one_instant == 0 && self.is_too_late(self.core.now.get()) {
            return Err(self.limit_of_time());
        }
        Ok(())
    }

    #[inline]
    fn is_too_late(&self, time: SimTime) -> bool {
        time > self.latest && time.as_nanos() > self.latest.as_nanos()
    }

    #[cold]
    fn limit_of_time(&self) -> Ending {
        self.limit(Limit::Time(Duration::from_nanos(self.latest.as_nanos())))
    }

    fn limit(&self, limit: Limit) -> Ending {
        Ending::LimitReached { at: self.core.now.get(), limit }
    }
}
