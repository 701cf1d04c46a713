//! The same programs in Rust: what the interpreter of scenarios is measured against.

use std::time::Duration;

use timeskip_executor::{Limits, Queue, Rng, Sim, Simulation};

const ACTORS: u64 = 10;

/// Runs the program of this name; none has another.
pub(super) fn run(name: &str, items: u64) -> Option<()> {
    let limits = Limits { events: u64::MAX, ..Limits::default() };
    let simulation = Simulation::new().limits(limits);
    match name {
        "producer_consumer" => simulation.run(move |sim| async move { producer_consumer(&sim, items).await }).output,
        "chain" => simulation.run(move |sim| async move { chains(&sim, items).await }).output,
        _ => None,
    }
}

/// `ms(randint(1, 10))`
fn delay(rng: &mut Rng) -> Duration {
    let milliseconds = rng.between(1, 10).expect("ten is more than one");
    Duration::from_millis(milliseconds.unsigned_abs())
}

async fn producer_consumer(sim: &Sim, items: u64) {
    let queue = Queue::bounded(sim, "items", 16);
    let producers: Vec<_> = (0..ACTORS)
        .map(|_| {
            let (sim_of_task, queue) = (sim.clone(), queue.clone());
            sim.spawn(async move {
                let mut rng = sim_of_task.rng("draws");
                for _ in 0..items {
                    sim_of_task.sleep(delay(&mut rng)).await;
                    queue.put((1, sim_of_task.now())).await;
                }
            })
        })
        .collect();
    let consumers: Vec<_> = (0..ACTORS)
        .map(|_| {
            let (sim_of_task, queue) = (sim.clone(), queue.clone());
            sim.spawn(async move {
                let mut rng = sim_of_task.rng("draws");
                loop {
                    sim_of_task.sleep(delay(&mut rng)).await;
                    let (_item, _put) = queue.get().await;
                    queue.task_done().expect("an item was put");
                }
            })
        })
        .collect();
    sim.gather(producers).await.expect("nobody cancels them");
    queue.join().await;
    for consumer in consumers {
        consumer.cancel();
    }
}

async fn stage(sim: &Sim, rng: &mut Rng, number: u64) -> u64 {
    sim.sleep(delay(rng)).await;
    number + 1
}

async fn chains(sim: &Sim, items: u64) {
    let chains = (0..ACTORS).map(|number| {
        let sim_of_task = sim.clone();
        sim.spawn(async move {
            let mut rng = sim_of_task.rng("draws");
            for _ in 0..items {
                let one = stage(&sim_of_task, &mut rng, number).await;
                let two = stage(&sim_of_task, &mut rng, one).await;
                stage(&sim_of_task, &mut rng, two).await;
            }
        })
    });
    sim.gather(chains).await.expect("nobody cancels them");
}
