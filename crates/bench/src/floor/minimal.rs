//! The smallest executor of real futures: boxed tasks in a slab, a radix heap, a queue of ids; no wakers.
//!
//! A leaf future puts its task's id where it will be found again, and is polled when that happens. `AHEAD` tasks of the
//! next timers are fetched into the cache before their turn.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::floor::radix::Radix;
use crate::prefetch;
use crate::workload::{Checksum, Delays, Job, MILLISECOND, SECOND, Workload};

type Task = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Default)]
struct World {
    now: Cell<u64>,
    current: Cell<u32>,
    timers: RefCell<Radix>,
    ready: RefCell<VecDeque<u32>>,
    spawned: RefCell<Vec<Option<Task>>>,
}

/// How far ahead a task is fetched: its box from the slab first, then what the box points to.
const BOX_AHEAD: usize = 16;
const TASK_AHEAD: usize = 8;

/// Waits for a time.
struct Sleep<'world> {
    world: &'world World,
    due: u64,
    set: bool,
}

impl Future for Sleep<'_> {
    type Output = ();

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.set {
            return Poll::Ready(());
        }
        self.set = true;
        self.world.timers.borrow_mut().push(self.due, self.world.current.get());
        Poll::Pending
    }
}

impl World {
    #[inline(always)]
    fn sleep(&self, delay: u64) -> Sleep<'_> {
        Sleep { world: self, due: self.now.get() + delay, set: false }
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.spawned.borrow_mut().push(Some(Box::pin(task)));
    }

    fn run(&self) {
        let mut tasks: Vec<Option<Task>> = Vec::new();
        let mut context = Context::from_waker(Waker::noop());
        loop {
            while !self.spawned.borrow().is_empty() {
                let first = tasks.len();
                tasks.append(&mut self.spawned.borrow_mut());
                (first..tasks.len()).for_each(|id| self.poll(&mut tasks, id as u32, &mut context));
            }
            let ready = self.ready.borrow_mut().pop_front();
            let Some(id) = ready.or_else(|| self.fire(&tasks)) else { return };
            self.poll(&mut tasks, id, &mut context);
        }
    }

    #[inline]
    fn poll(&self, tasks: &mut [Option<Task>], id: u32, context: &mut Context<'_>) {
        self.current.set(id);
        let place = &mut tasks[id as usize];
        if let Some(task) = place
            && task.as_mut().poll(context).is_ready()
        {
            *place = None;
        }
    }

    /// Goes on to the next timer.
    #[inline]
    fn fire(&self, tasks: &[Option<Task>]) -> Option<u32> {
        let mut timers = self.timers.borrow_mut();
        let (time, id) = timers.pop()?;
        self.now.set(time);
        if let Some(id) = timers.ahead(BOX_AHEAD) {
            prefetch::fetch(&tasks[id as usize]);
        }
        if let Some(Some(task)) = timers.ahead(TASK_AHEAD).map(|id| &tasks[id as usize]) {
            prefetch::fetch(&**task);
        }
        Some(id)
    }
}

/// Results of tasks, and who waits for all of them.
struct Results {
    results: RefCell<Vec<u64>>,
    left: Cell<u64>,
    waits: Cell<Option<u32>>,
}

impl Results {
    fn of(count: u64) -> Rc<Results> {
        let results = RefCell::new(vec![0; count as usize]);
        Rc::new(Results { results, left: Cell::new(count), waits: Cell::new(None) })
    }

    fn set(&self, world: &World, place: u64, result: u64) {
        self.results.borrow_mut()[place as usize] = result;
        self.left.set(self.left.get() - 1);
        if self.left.get() == 0
            && let Some(id) = self.waits.take()
        {
            world.ready.borrow_mut().push_back(id);
        }
    }

    async fn all(&self, world: &World) -> Checksum {
        poll_fn(|_| {
            if self.left.get() == 0 {
                return Poll::Ready(());
            }
            self.waits.set(Some(world.current.get()));
            Poll::Pending
        })
        .await;
        let mut total = Checksum::default();
        for (place, result) in self.results.borrow().iter().enumerate() {
            total.add(place as u64, *result);
        }
        total
    }
}

struct Queue {
    items: RefCell<VecDeque<u64>>,
    capacity: usize,
    getters: RefCell<VecDeque<u32>>,
    putters: RefCell<VecDeque<u32>>,
}

impl Queue {
    fn new(capacity: usize) -> Rc<Queue> {
        let (items, getters, putters) = Default::default();
        Rc::new(Queue { items, capacity, getters, putters })
    }

    #[inline(always)]
    fn wake(world: &World, waiters: &RefCell<VecDeque<u32>>) {
        if let Some(id) = waiters.borrow_mut().pop_front() {
            world.ready.borrow_mut().push_back(id);
        }
    }

    fn get<'world>(&'world self, world: &'world World) -> Get<'world> {
        Get { queue: self, world }
    }

    fn put<'world>(&'world self, world: &'world World, item: u64) -> Put<'world> {
        Put { queue: self, world, item }
    }
}

struct Get<'world> {
    queue: &'world Queue,
    world: &'world World,
}

impl Future for Get<'_> {
    type Output = u64;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        let Get { queue, world } = *self;
        let item = queue.items.borrow_mut().pop_front();
        match item {
            Some(item) => {
                Queue::wake(world, &queue.putters);
                Poll::Ready(item)
            }
            None => {
                queue.getters.borrow_mut().push_back(world.current.get());
                Poll::Pending
            }
        }
    }
}

struct Put<'world> {
    queue: &'world Queue,
    world: &'world World,
    item: u64,
}

impl Future for Put<'_> {
    type Output = ();

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let Put { queue, world, item } = *self;
        let mut items = queue.items.borrow_mut();
        if items.len() >= queue.capacity {
            queue.putters.borrow_mut().push_back(world.current.get());
            return Poll::Pending;
        }
        items.push_back(item);
        drop(items);
        Queue::wake(world, &queue.getters);
        Poll::Ready(())
    }
}

/// Runs a job.
pub(crate) fn run(job: Job) -> Checksum {
    let world = Rc::new(World::default());
    let result = Rc::new(Cell::new(Checksum::default()));
    let main = {
        let (world, result) = (world.clone(), result.clone());
        async move { result.set(main(world, job).await) }
    };
    world.spawn(main);
    world.run();
    result.get()
}

async fn main(world: Rc<World>, job: Job) -> Checksum {
    match job.workload {
        Workload::W2 => hand_over(world, job, usize::MAX).await,
        Workload::W2B => hand_over(world, job, 16).await,
        Workload::W3 => round_trips(world, job).await,
        _ => {
            let results = Results::of(job.n);
            for index in 0..job.n {
                spawn_one(&world, &results, job, index);
            }
            results.all(&world).await
        }
    }
}

fn spawn_one(world: &Rc<World>, results: &Rc<Results>, job: Job, index: u64) {
    let (world_of_task, results) = (world.clone(), results.clone());
    let (longest, unit) = job.delays();
    match job.workload {
        Workload::W4 => world.spawn(async move { results.set(&world_of_task, index, index) }),
        Workload::W4B => world.spawn(async move {
            world_of_task.sleep(SECOND).await;
            results.set(&world_of_task, index, index);
        }),
        Workload::W5 => world.spawn(async move {
            let mut delays = Delays::of(index);
            third(&world_of_task, &mut delays).await;
            results.set(&world_of_task, index, world_of_task.now.get());
        }),
        _ => world.spawn(async move {
            let mut delays = Delays::of(index);
            for _ in 0..job.k {
                world_of_task.sleep(delays.next(longest) * unit).await;
            }
            results.set(&world_of_task, index, world_of_task.now.get());
        }),
    }
}

async fn first(world: &World, delays: &mut Delays) {
    world.sleep(delays.next(1000) * MILLISECOND).await;
}

async fn second(world: &World, delays: &mut Delays) {
    first(world, delays).await;
    world.sleep(delays.next(1000) * MILLISECOND).await;
}

async fn third(world: &World, delays: &mut Delays) {
    second(world, delays).await;
    world.sleep(delays.next(1000) * MILLISECOND).await;
}

async fn hand_over(world: Rc<World>, job: Job, capacity: usize) -> Checksum {
    let queue = Queue::new(capacity);
    let total = Rc::new(Cell::new(Checksum::default()));
    let results = Results::of(job.n);
    for index in 0..job.n {
        let (world_of_task, queue) = (world.clone(), queue.clone());
        world.spawn(async move {
            let mut delays = Delays::of(index);
            for item in 0..job.items() {
                world_of_task.sleep(delays.next(10) * MILLISECOND).await;
                queue.put(&world_of_task, index * job.items() + item).await;
            }
        });
    }
    for index in job.n..2 * job.n {
        let (world_of_task, queue, results, total) = (world.clone(), queue.clone(), results.clone(), total.clone());
        world.spawn(async move {
            let (mut delays, mut seen) = (Delays::of(index), total.get());
            seen.0 = 0;
            for _ in 0..job.items() {
                let item = queue.get(&world_of_task).await;
                seen.add(0, item);
                world_of_task.sleep(delays.next(10) * MILLISECOND).await;
            }
            let mut sum = total.get();
            sum.merge(seen);
            total.set(sum);
            results.set(&world_of_task, index - job.n, 0);
        });
    }
    results.all(&world).await;
    total.get()
}

async fn round_trips(world: Rc<World>, job: Job) -> Checksum {
    let (there, back) = (Queue::new(1), Queue::new(1));
    let (world_of_echo, inbox, outbox) = (world.clone(), there.clone(), back.clone());
    world.spawn(async move {
        for _ in 0..job.n {
            let token = inbox.get(&world_of_echo).await;
            outbox.put(&world_of_echo, token + 1).await;
        }
    });
    let mut token = 0;
    for _ in 0..job.n {
        there.put(&world, token).await;
        token = back.get(&world).await;
    }
    let mut total = Checksum::default();
    total.add(0, token);
    total
}
