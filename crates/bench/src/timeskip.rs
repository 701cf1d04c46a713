//! The workloads on timeskip's public API, as a user would write them.

use std::time::Duration;

use timeskip_executor::{Limits, Queue, Sim, Simulation, TieRule};

use crate::workload::{Checksum, Delays, Job, MILLISECOND, SECOND, Workload};

/// Runs a job.
pub(crate) fn run(job: Job, ties: TieRule) -> Checksum {
    let limits = Limits { events: u64::MAX, turns_at_one_instant: u64::MAX, tasks: usize::MAX, ..Limits::default() };
    let simulation = Simulation::new().limits(limits).ties(ties);
    let run = match job.workload {
        Workload::W1 | Workload::W1N => simulation.run(move |sim| async move { sleepers(&sim, job).await }),
        Workload::W2 => simulation.run(move |sim| async move { hand_over(&sim, job, None).await }),
        Workload::W2B => simulation.run(move |sim| async move { hand_over(&sim, job, Some(16)).await }),
        Workload::W3 => simulation.run(move |sim| async move { round_trips(&sim, job).await }),
        Workload::W4 => simulation.run(move |sim| async move { returns(&sim, job).await }),
        Workload::W4B => simulation.run(move |sim| async move { one_sleep(&sim, job).await }),
        Workload::W5 => simulation.run(move |sim| async move { chains(&sim, job).await }),
    };
    run.output.expect("the workload finishes")
}

async fn sleepers(sim: &Sim, job: Job) -> Checksum {
    let (longest, unit) = job.delays();
    let sleeper = |index| {
        let sim_of_task = sim.clone();
        sim.spawn(async move {
            let mut delays = Delays::of(index);
            for _ in 0..job.k {
                sim_of_task.sleep(Duration::from_nanos(delays.next(longest) * unit)).await;
            }
            sim_of_task.now().as_nanos()
        })
    };
    let mut total = Checksum::default();
    let tasks: Vec<_> = (0..job.n).map(sleeper).collect();
    for (place, task) in tasks.into_iter().enumerate() {
        total.add(place as u64, task.await.expect("nobody cancels it"));
    }
    total
}

async fn hand_over(sim: &Sim, job: Job, capacity: Option<usize>) -> Checksum {
    let queue = match capacity {
        Some(capacity) => Queue::bounded(sim, "items", capacity),
        None => Queue::unbounded(sim, "items"),
    };
    let mut tasks = Vec::new();
    for index in 0..job.n {
        let (sim_of_task, queue) = (sim.clone(), queue.clone());
        tasks.push(sim.spawn(async move {
            let mut delays = Delays::of(index);
            for item in 0..job.items() {
                sim_of_task.sleep(Duration::from_nanos(delays.next(10) * MILLISECOND)).await;
                queue.put(index * job.items() + item).await;
            }
            Checksum::default()
        }));
    }
    for index in job.n..2 * job.n {
        let (sim_of_task, queue) = (sim.clone(), queue.clone());
        tasks.push(sim.spawn(async move {
            let (mut delays, mut seen) = (Delays::of(index), Checksum::default());
            for _ in 0..job.items() {
                let item = queue.get().await;
                seen.add(0, item);
                sim_of_task.sleep(Duration::from_nanos(delays.next(10) * MILLISECOND)).await;
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

async fn round_trips(sim: &Sim, job: Job) -> Checksum {
    let (there, back) = (Queue::bounded(sim, "there", 1), Queue::bounded(sim, "back", 1));
    let echo = sim.spawn({
        let (there, back) = (there.clone(), back.clone());
        async move {
            for _ in 0..job.n {
                let token: u64 = there.get().await;
                back.put(token + 1).await;
            }
        }
    });
    let mut token = 0;
    for _ in 0..job.n {
        there.put(token).await;
        token = back.get().await;
    }
    echo.await.expect("nobody cancels it");
    let mut total = Checksum::default();
    total.add(0, token);
    total
}

async fn returns(sim: &Sim, job: Job) -> Checksum {
    let tasks = (0..job.n).map(|index| sim.spawn(async move { index }));
    sum(&sim.gather(tasks).await.expect("nobody cancels them"))
}

async fn one_sleep(sim: &Sim, job: Job) -> Checksum {
    let task = |index| {
        let sim_of_task = sim.clone();
        sim.spawn(async move {
            sim_of_task.sleep(Duration::from_nanos(SECOND)).await;
            index
        })
    };
    sum(&sim.gather((0..job.n).map(task)).await.expect("nobody cancels them"))
}

fn sum(results: &[u64]) -> Checksum {
    let mut total = Checksum::default();
    for (place, result) in results.iter().enumerate() {
        total.add(place as u64, *result);
    }
    total
}

async fn chains(sim: &Sim, job: Job) -> Checksum {
    let chain = |index| {
        let sim_of_task = sim.clone();
        sim.spawn(async move {
            let mut delays = Delays::of(index);
            third(&sim_of_task, &mut delays).await;
            sim_of_task.now().as_nanos()
        })
    };
    sum(&sim.gather((0..job.n).map(chain)).await.expect("nobody cancels them"))
}

async fn first(sim: &Sim, delays: &mut Delays) {
    sim.sleep(Duration::from_nanos(delays.next(1000) * MILLISECOND)).await;
}

async fn second(sim: &Sim, delays: &mut Delays) {
    first(sim, delays).await;
    sim.sleep(Duration::from_nanos(delays.next(1000) * MILLISECOND)).await;
}

async fn third(sim: &Sim, delays: &mut Delays) {
    second(sim, delays).await;
    sim.sleep(Duration::from_nanos(delays.next(1000) * MILLISECOND)).await;
}
