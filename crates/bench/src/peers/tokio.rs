//! The workloads on tokio's current-thread runtime with paused time, as a user of it would write them.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::{JoinHandle, spawn};
use tokio::time::{Instant, sleep};

use crate::workload::{Checksum, Delays, Job, MILLISECOND, SECOND, Workload};

/// Runs a job; `None` for W1N, since its timers tick in milliseconds.
pub(crate) fn run(job: Job) -> Option<Checksum> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    Some(match job.workload {
        Workload::W1N => return None,
        Workload::W1 => runtime.block_on(sleepers(job)),
        Workload::W2 => runtime.block_on(hand_over(job, None)),
        Workload::W2B => runtime.block_on(hand_over(job, Some(16))),
        Workload::W3 => runtime.block_on(round_trips(job)),
        Workload::W4 => runtime.block_on(returns(job)),
        Workload::W4B => runtime.block_on(one_sleep(job)),
        Workload::W5 => runtime.block_on(chains(job)),
    })
}

fn millis_since(start: Instant) -> u64 {
    start.elapsed().as_millis() as u64 * MILLISECOND
}

fn delay(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

async fn sleepers(job: Job) -> Checksum {
    let start = Instant::now();
    let sleeper = |index| {
        spawn(async move {
            let mut delays = Delays::of(index);
            for _ in 0..job.k {
                sleep(delay(delays.next(1000))).await;
            }
            millis_since(start)
        })
    };
    sum((0..job.n).map(sleeper).collect()).await
}

async fn hand_over(job: Job, capacity: Option<usize>) -> Checksum {
    let (sender, receiver) = match capacity {
        Some(capacity) => async_channel::bounded(capacity),
        None => async_channel::unbounded(),
    };
    let mut tasks = Vec::new();
    for index in 0..job.n {
        let sender = sender.clone();
        tasks.push(spawn(async move {
            let mut delays = Delays::of(index);
            for item in 0..job.items() {
                sleep(delay(delays.next(10))).await;
                sender.send(index * job.items() + item).await.expect("somebody receives");
            }
            Checksum::default()
        }));
    }
    for index in job.n..2 * job.n {
        let receiver = receiver.clone();
        tasks.push(spawn(async move {
            let (mut delays, mut seen) = (Delays::of(index), Checksum::default());
            for _ in 0..job.items() {
                let item = receiver.recv().await.expect("somebody sends");
                seen.add(0, item);
                sleep(delay(delays.next(10))).await;
            }
            seen
        }));
    }
    let mut total = Checksum::default();
    for task in tasks {
        total.merge(task.await.expect("nobody cancels it"));
    }
    total
}

async fn round_trips(job: Job) -> Checksum {
    let (there, mut inbox) = tokio::sync::mpsc::channel(1);
    let (back, mut outbox) = tokio::sync::mpsc::channel(1);
    let echo = spawn(async move {
        for _ in 0..job.n {
            let token: u64 = inbox.recv().await.expect("somebody sends");
            back.send(token + 1).await.expect("somebody receives");
        }
    });
    let mut token = 0;
    for _ in 0..job.n {
        there.send(token).await.expect("somebody receives");
        token = outbox.recv().await.expect("somebody sends");
    }
    echo.await.expect("nobody cancels it");
    let mut total = Checksum::default();
    total.add(0, token);
    total
}

async fn sum(tasks: Vec<JoinHandle<u64>>) -> Checksum {
    let mut total = Checksum::default();
    for (place, task) in tasks.into_iter().enumerate() {
        total.add(place as u64, task.await.expect("nobody cancels it"));
    }
    total
}

async fn returns(job: Job) -> Checksum {
    sum((0..job.n).map(|index| spawn(async move { index })).collect()).await
}

async fn one_sleep(job: Job) -> Checksum {
    let task = |index| {
        spawn(async move {
            sleep(Duration::from_nanos(SECOND)).await;
            index
        })
    };
    sum((0..job.n).map(task).collect()).await
}

async fn chains(job: Job) -> Checksum {
    let start = Instant::now();
    let chain = |index| {
        spawn(async move {
            let mut delays = Delays::of(index);
            third(&mut delays).await;
            millis_since(start)
        })
    };
    sum((0..job.n).map(chain).collect()).await
}

async fn first(delays: &mut Delays) {
    sleep(delay(delays.next(1000))).await;
}

async fn second(delays: &mut Delays) {
    first(delays).await;
    sleep(delay(delays.next(1000))).await;
}

async fn third(delays: &mut Delays) {
    second(delays).await;
    sleep(delay(delays.next(1000))).await;
}
