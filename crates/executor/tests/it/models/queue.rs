//! `Queue`, `LifoQueue` and `PriorityQueue` beside their model.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use proptest::prelude::*;
use timeskip_executor::{Fifo, GetError, Item, JoinHandle, Lifo, Priority, PutError, Queue, Shutdown, Sim, Store};

use super::driver::{behaves_as_its_model, passes};
use super::machine::{Model, Move, MoveOf, Seen, ensure};
use super::queue_model::{Order, QueueModel, wake_next};
use super::turns::{Answer, End, Resume, Task, Turns};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Job {
    Get,
    Put(usize),
    Join,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    Get,
    Put(usize),
    TaskDone,
    ShutDown,
    ShutDownNow,
}

/// A store whose order is chosen when it is made.
pub(crate) enum AnyStore {
    Fifo(Fifo<Item<usize>>),
    Lifo(Lifo<Item<usize>>),
    Priority(Priority<Item<usize>>),
}

/// Items that no other move puts, in no order: a priority, then the move's number.
fn items(number: usize) -> impl Strategy<Value = usize> {
    (0..4_usize).prop_map(move |urgency| urgency * 1000 + number)
}

fn refused<T>(error: PutError<T>) -> &'static str {
    match error {
        PutError::Full(_) => "full",
        PutError::ShutDown(_) => "shut down",
    }
}

impl QueueModel {
    fn leave(&mut self, task: Task) {
        for line in [&mut self.getters, &mut self.putters, &mut self.joiners] {
            line.retain(|&other| other != task);
        }
    }

    /// Who was woken and is cancelled passes the wake-up on, if there is something to be woken for.
    fn cancelled(&mut self, task: Task, job: &Job, resume: Resume, turns: &mut Turns) -> End {
        self.leave(task);
        if resume == Resume::WokenAndCancelled {
            match job {
                Job::Get if !self.items.is_empty() => wake_next(&mut self.getters, turns),
                Job::Put(_) if !self.is_full() => wake_next(&mut self.putters, turns),
                Job::Get | Job::Put(_) | Job::Join => {}
            }
        }
        End::Cancelled
    }

    fn attempt(&mut self, task: Task, job: &Job, resume: Resume, turns: &mut Turns) -> Option<Answer> {
        match job {
            Job::Get if self.items.is_empty() && !self.is_shut_down => self.getters.push(task),
            Job::Put(_) if self.is_full() && !self.is_shut_down => self.putters.push(task),
            // Who was woken goes, even if something was put since.
            Job::Join if self.unfinished > 0 && resume == Resume::First => self.joiners.push(task),
            Job::Get => return Some(self.get_now(turns)),
            Job::Put(item) => return Some(self.put_now(*item, turns)),
            Job::Join => return Some(Ok(0)),
        }
        None
    }
}

impl Model for QueueModel {
    type Job = Job;
    type Command = Command;
    type Real = Queue<usize, AnyStore>;

    fn any() -> BoxedStrategy<QueueModel> {
        let orders = [Order::FirstInFirstOut, Order::LastInFirstOut, Order::LeastFirst];
        let limits = prop_oneof![1 => Just(0), 3 => Just(1), 2 => 2..4_usize];
        (prop::sample::select(orders.to_vec()), limits).prop_map(|(order, limit)| QueueModel::new(order, limit)).boxed()
    }

    fn jobs(number: usize) -> BoxedStrategy<Job> {
        prop_oneof![5 => Just(Job::Get), 7 => items(number).prop_map(Job::Put), 1 => Just(Job::Join)].boxed()
    }

    fn commands(number: usize) -> BoxedStrategy<Command> {
        prop_oneof![
            12 => Just(Command::Get),
            12 => items(number).prop_map(Command::Put),
            8 => Just(Command::TaskDone),
            1 => Just(Command::ShutDown),
            1 => Just(Command::ShutDownNow),
        ]
        .boxed()
    }

    fn step(&mut self, task: Task, job: &Job, resume: Resume, turns: &mut Turns) -> Option<End> {
        match resume {
            Resume::First | Resume::Woken => self.attempt(task, job, resume, turns).map(End::Answered),
            Resume::Cancelled | Resume::WokenAndCancelled => Some(self.cancelled(task, job, resume, turns)),
        }
    }

    fn command(&mut self, command: &Command, turns: &mut Turns) -> Answer {
        match command {
            Command::Get => return self.get_now(turns),
            Command::Put(item) => return self.put_now(*item, turns),
            Command::TaskDone => return self.task_done(turns),
            Command::ShutDown => self.shut_down(turns),
            Command::ShutDownNow => self.shut_down_now(turns),
        }
        Ok(0)
    }

    fn counts(&self) -> Vec<usize> {
        vec![self.items.len(), self.unfinished, self.put, self.got]
    }

    fn real(&self, sim: &Sim) -> Self::Real {
        let store = match self.order {
            Order::FirstInFirstOut => AnyStore::Fifo(Fifo::new()),
            Order::LastInFirstOut => AnyStore::Lifo(Lifo::default()),
            Order::LeastFirst => AnyStore::Priority(Priority::default()),
        };
        Queue::with_store(sim, "queue", NonZeroUsize::new(self.limit), store)
    }

    fn start(queue: &Self::Real, sim: &Sim, job: &Job) -> JoinHandle<Answer> {
        let (queue, job) = (queue.clone(), job.clone());
        sim.spawn(async move {
            match job {
                Job::Get => return queue.get().until_shutdown().await.map_err(|_| "shut down"),
                Job::Put(item) => queue.put(item).until_shutdown().await.map_err(|_| "shut down")?,
                Job::Join => queue.join().await,
            }
            Ok(0)
        })
    }

    fn tell(queue: &Self::Real, command: &Command) -> Answer {
        match command {
            Command::Get => {
                return queue.get_nowait().map_err(|error| match error {
                    GetError::Empty => "empty",
                    GetError::ShutDown => "shut down",
                });
            }
            Command::Put(item) => queue.put_nowait(*item).map_err(refused)?,
            Command::TaskDone => queue.task_done().map_err(|_| "called too many times")?,
            Command::ShutDown => queue.shutdown(Shutdown::WhenEmpty),
            Command::ShutDownNow => queue.shutdown(Shutdown::Immediately),
        }
        Ok(0)
    }

    fn observe(queue: &Self::Real) -> Vec<usize> {
        let counts = [queue.unfinished(), queue.put_count(), queue.got_count()];
        let counts = counts.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        [&[queue.len()][..], &counts].concat()
    }

    fn check(&self, seen: &Seen<QueueModel>) -> Result<(), String> {
        let [len, unfinished, put_count, got_count] = seen.counts[..] else { return Err("four counts".to_owned()) };
        let by_tasks = seen.done().filter_map(|(job, _)| if let Job::Put(item) = job { Some(*item) } else { None });
        let by_commands = seen.obeyed().filter_map(|(command, _)| match command {
            Command::Put(item) => Some(*item),
            _ => None,
        });
        let put: BTreeSet<usize> = by_tasks.chain(by_commands).collect();
        let by_tasks = seen.done().filter(|(job, _)| **job == Job::Get).map(|(_, item)| item);
        let by_commands = seen.obeyed().filter(|(command, _)| **command == Command::Get).map(|(_, item)| item);
        let got: Vec<usize> = by_tasks.chain(by_commands).collect();
        let got_once: BTreeSet<usize> = got.iter().copied().collect();
        ensure(got_once.len() == got.len(), || format!("an item was got twice: {got:?}"))?;
        ensure(got_once.is_subset(&put), || format!("{got:?} were got, {put:?} were put"))?;
        ensure((put_count, got_count) == (put.len(), got.len()), || "it counts others than it got".to_owned())?;

        let obeyed = |which: Command| seen.obeyed().filter(|(command, _)| **command == which).count();
        let (is_shut_down, is_emptied) =
            (obeyed(Command::ShutDown) + obeyed(Command::ShutDownNow) > 0, obeyed(Command::ShutDownNow) > 0);
        ensure(is_emptied || put.len() == got.len() + len, || "an item was lost".to_owned())?;
        ensure(is_emptied || put.len() == obeyed(Command::TaskDone) + unfinished, || "work was lost".to_owned())?;
        let is_full = self.limit > 0 && len == self.limit;
        ensure(self.limit == 0 || len <= self.limit, || "beyond the bound".to_owned())?;
        if !seen.is_quiet {
            return Ok(());
        }
        let getters = seen.live(|job| *job == Job::Get);
        ensure(getters == 0 || len == 0 && !is_shut_down, || "somebody waits for an item that is there".to_owned())?;
        let putters = seen.live(|job| matches!(job, Job::Put(_)));
        ensure(putters == 0 || is_full && !is_shut_down, || "somebody waits for room that is there".to_owned())?;
        let joiners = seen.live(|job| *job == Job::Join);
        ensure(joiners == 0 || unfinished > 0, || "somebody waits for work that is done".to_owned())
    }

    fn let_go(&self) -> MoveOf<QueueModel> {
        Move::Command(match () {
            () if !self.putters.is_empty() => Command::Get,
            // No list of moves is so long.
            () if !self.getters.is_empty() => Command::Put(100_000 + self.put),
            () => Command::TaskDone,
        })
    }
}

impl Store<Item<usize>> for AnyStore {
    fn put(&mut self, item: Item<usize>) {
        match self {
            AnyStore::Fifo(store) => store.put(item),
            AnyStore::Lifo(store) => store.put(item),
            AnyStore::Priority(store) => store.put(item),
        }
    }

    fn get(&mut self) -> Option<Item<usize>> {
        match self {
            AnyStore::Fifo(store) => store.get(),
            AnyStore::Lifo(store) => store.get(),
            AnyStore::Priority(store) => store.get(),
        }
    }

    fn len(&self) -> usize {
        match self {
            AnyStore::Fifo(store) => store.len(),
            AnyStore::Lifo(store) => store.len(),
            AnyStore::Priority(store) => store.len(),
        }
    }
}

#[test]
fn a_queue_behaves_as_its_model() {
    behaves_as_its_model::<QueueModel>();
}

#[test]
fn the_wake_up_of_a_getter_and_of_a_putter_that_are_cancelled_before_their_step_goes_on() {
    let get = Move::Spawn(Job::Get);
    passes(
        QueueModel::new(Order::FirstInFirstOut, 1),
        &[
            get.clone(),
            get,
            Move::Time,
            Move::Command(Command::Put(1)),
            Move::Cancel(0),
            Move::Time,
            Move::Command(Command::Put(2)),
            Move::Spawn(Job::Put(3)),
            Move::Spawn(Job::Put(4)),
            Move::Time,
            Move::Command(Command::Get),
            Move::Cancel(2),
            Move::Time,
        ],
    );
}
