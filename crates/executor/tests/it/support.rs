//! A small vocabulary in which asyncio programs read in Rust as they do in Python.

use std::cell::RefCell;
use std::fmt::Display;
use std::future::Future;
use std::ops::Deref;
use std::rc::Rc;

use timeskip_executor::{Delay, Ending, JoinHandle, Sim, Simulation, TieRule};

/// A simulation with somewhere to print to.
#[derive(Clone)]
pub(crate) struct Program {
    sim: Sim,
    lines: Rc<RefCell<Vec<String>>>,
}

impl Deref for Program {
    type Target = Sim;

    fn deref(&self) -> &Sim {
        &self.sim
    }
}

/// Float seconds, as asyncio takes them.
#[track_caller]
pub(crate) fn seconds(seconds: f64) -> Delay {
    Delay::from_secs_f64(seconds).expect("tests sleep for numbers")
}

impl Program {
    pub(crate) fn print(&self, line: impl Display) {
        self.lines.borrow_mut().push(line.to_string());
    }

    /// The time as Python prints it.
    pub(crate) fn time(&self) -> String {
        format!("{:?}", self.now().as_secs_f64())
    }

    /// Spawns what the function makes of another handle on this program.
    pub(crate) fn task<F>(&self, body: impl FnOnce(Program) -> F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        self.spawn(body(self.clone()))
    }

    pub(crate) async fn pause(&self, delay: f64) {
        self.sleep(seconds(delay)).await;
    }

    /// Prints its number in every turn, so that others can be seen to print between two turns.
    pub(crate) async fn ticker(self, turns: u32) {
        for turn in 0..turns {
            self.print(format!("tick {turn}"));
            self.yield_now().await;
        }
    }

    /// Sleeps, then prints.
    pub(crate) async fn say(self, text: impl Display, delay: f64) {
        self.pause(delay).await;
        self.print(text);
    }

    /// Awaits, and says so when it is cancelled meanwhile. The cancel goes on its way.
    pub(crate) async fn say_cancelled<F: Future>(self, text: impl Display, future: F) -> F::Output {
        let line = format!("{text} cancelled");
        let mut guard = Unless { program: self, line: Some(line) };
        let output = future.await;
        guard.line = None;
        output
    }
}

/// Prints its line when it is dropped, unless it was taken away before.
struct Unless {
    program: Program,
    line: Option<String>,
}

impl Drop for Unless {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            self.program.print(line);
        }
    }
}

/// Runs a program: what it printed, and how it ended.
pub(crate) fn observe<F>(simulation: Simulation, program: impl FnOnce(Program) -> F) -> (Vec<String>, Ending)
where
    F: Future<Output = ()> + 'static,
{
    let lines = Rc::new(RefCell::new(Vec::new()));
    let printed = Rc::clone(&lines);
    let run = simulation.run(|sim| program(Program { sim, lines }));
    (printed.take(), run.ending)
}

/// A program that prints these lines under one tie rule, and finishes.
#[track_caller]
pub(crate) fn check_under<F>(ties: TieRule, program: impl FnOnce(Program) -> F, expected: &[&str])
where
    F: Future<Output = ()> + 'static,
{
    let (lines, ending) = observe(Simulation::new().ties(ties), program);
    assert_eq!(lines, expected, "under {ties:?}, {ending}");
    assert_eq!(ending.kind(), "finished", "{ending}");
}

/// A program that prints these lines, in CPython 3.13 and under every tie rule that CPython can be asked for.
#[track_caller]
pub(crate) fn check<F>(program: impl Fn(Program) -> F, expected: &[&str])
where
    F: Future<Output = ()> + 'static,
{
    check_under(TieRule::Heapq, &program, expected);
    check_under(TieRule::Fifo, &program, expected);
}
