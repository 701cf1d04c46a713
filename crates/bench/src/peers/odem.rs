//! The workloads on odem-rs, as its own benchmarks are written: jobs in a pool, channels in the frame of whoever made
//! them, a model time of whole nanoseconds.

use std::collections::VecDeque;
use std::pin::pin;

use odem_rs::core::config::Config;
use odem_rs::core::job::Job as Process;
use odem_rs::core::simulator::{Sim, Simulator};
use odem_rs::sync::channel::RingBuf;
use odem_rs::sync::channel::backing::ArrayBuf;
use odem_rs::sync::channel::pinned::Channel;
use odem_rs::util::pool::Pool;

use crate::workload::{Checksum, Delays, Job, MILLISECOND, SECOND, Workload};

#[derive(Config, Default)]
#[time(u64)]
struct Nanoseconds;

type Context = Sim<Nanoseconds>;

/// Runs a job.
pub(crate) fn run(job: Job) -> Checksum {
    let simulator = Simulator::new(Nanoseconds);
    let outcome = match job.workload {
        Workload::W1 | Workload::W1N => simulator.run(async |sim: &Context| sleepers(sim, job).await),
        Workload::W2 => simulator.run(async |sim: &Context| hand_over(sim, job, VecDeque::new()).await),
        Workload::W2B => simulator.run(async |sim: &Context| hand_over(sim, job, ArrayBuf::<16, u64>::new()).await),
        Workload::W3 => simulator.run(async |sim: &Context| round_trips(sim, job).await),
        Workload::W4 => simulator.run(async |sim: &Context| returns(sim, job).await),
        Workload::W4B => simulator.run(async |sim: &Context| one_sleep(sim, job).await),
        Workload::W5 => simulator.run(async |sim: &Context| chains(sim, job).await),
    };
    outcome.expect("the workload finishes")
}

async fn sleepers(sim: &Context, job: Job) -> Checksum {
    let (longest, unit) = job.delays();
    let sleeper = |index| async move {
        let mut delays = Delays::of(index);
        for _ in 0..job.k {
            sim.advance(delays.next(longest) * unit).await;
        }
        sim.now()
    };
    sum(sim, job, sleeper).await
}

/// Starts a process for each index, and awaits them in order.
async fn sum<F: Future<Output = u64>>(sim: &Context, job: Job, action: impl Fn(u64) -> F) -> Checksum {
    let pool = pin!(Pool::with_capacity(job.n as usize).with(Process::new));
    let processes: Vec<_> = (0..job.n).map(|index| pool.activate(sim, action(index))).collect();
    let mut total = Checksum::default();
    for (place, process) in processes.into_iter().enumerate() {
        total.add(place as u64, process.await);
    }
    total
}

/// Channels are used where they are: halves of them, which can be handed around, would look up the buffer at each use.
async fn hand_over(sim: &Context, job: Job, buffer: impl RingBuf<Item = u64>) -> Checksum {
    let queue = pin!(Channel::new(buffer));
    let queue = &**queue;
    let producers = pin!(Pool::with_capacity(job.n as usize).with(Process::new));
    let consumers = pin!(Pool::with_capacity(job.n as usize).with(Process::new));
    for index in 0..job.n {
        producers.activate(sim, async move {
            let mut delays = Delays::of(index);
            for item in 0..job.items() {
                sim.advance(delays.next(10) * MILLISECOND).await;
                queue.send(index * job.items() + item).await.expect("nobody closes it");
            }
        });
    }
    let consumer = |index| async move {
        let (mut delays, mut seen) = (Delays::of(index), Checksum::default());
        for _ in 0..job.items() {
            let item = queue.recv().await.expect("nobody closes it");
            seen.add(0, item);
            sim.advance(delays.next(10) * MILLISECOND).await;
        }
        seen
    };
    let waited: Vec<_> = (job.n..2 * job.n).map(|index| consumers.activate(sim, consumer(index))).collect();
    let mut total = Checksum::default();
    for consumer in waited {
        total.merge(consumer.await);
    }
    total
}

async fn round_trips(sim: &Context, job: Job) -> Checksum {
    let there = pin!(Channel::fixed::<1>());
    let back = pin!(Channel::fixed::<1>());
    let (there, back) = (&**there, &**back);
    let echo = pin!(Process::new(async move {
        for _ in 0..job.n {
            let token: u64 = there.recv().await.expect("nobody closes it");
            back.send(token + 1).await.expect("nobody closes it");
        }
    }));
    let echo = sim.activate(echo);
    let mut token = 0;
    for _ in 0..job.n {
        there.send(token).await.expect("nobody closes it");
        token = back.recv().await.expect("nobody closes it");
    }
    echo.await;
    let mut total = Checksum::default();
    total.add(0, token);
    total
}

async fn returns(sim: &Context, job: Job) -> Checksum {
    sum(sim, job, async |index| index).await
}

async fn one_sleep(sim: &Context, job: Job) -> Checksum {
    let task = |index| async move {
        sim.advance(SECOND).await;
        index
    };
    sum(sim, job, task).await
}

async fn chains(sim: &Context, job: Job) -> Checksum {
    let chain = |index| async move {
        let mut delays = Delays::of(index);
        third(sim, &mut delays).await;
        sim.now()
    };
    sum(sim, job, chain).await
}

async fn first(sim: &Context, delays: &mut Delays) {
    sim.advance(delays.next(1000) * MILLISECOND).await;
}

async fn second(sim: &Context, delays: &mut Delays) {
    first(sim, delays).await;
    sim.advance(delays.next(1000) * MILLISECOND).await;
}

async fn third(sim: &Context, delays: &mut Delays) {
    second(sim, delays).await;
    sim.advance(delays.next(1000) * MILLISECOND).await;
}
