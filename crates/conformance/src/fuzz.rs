//! Many programs, by several workers: the same programs whatever their number.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use proptest::prelude::Rng;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::compare::{Difference, Verdict, Written};
use crate::coverage::Coverage;
use crate::features::Feature;
use crate::lowering::lower;
use crate::oracle::{Oracle, Silence};
use crate::program::Program;
use crate::strategy::programs;

/// How many smaller candidates of a mismatch are tried.
const SHRINKS: usize = 600;
/// How many programs of a worker are on their way.
const AHEAD: usize = 3;

/// What to compare.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many programs.
    pub programs: u64,
    /// Which ones.
    pub seed: u64,
    /// The interpreter.
    pub python: PathBuf,
    /// How many workers, each with an interpreter of its own.
    pub jobs: usize,
    /// What the programs may use.
    pub features: Vec<Feature>,
    /// Mismatches after which nothing more is compared.
    pub enough: usize,
}

/// A program that both sides do not agree about, made small.
#[derive(Clone, Debug)]
pub struct Mismatch {
    /// The number of the program.
    pub number: u64,
    /// How both sides differ.
    pub difference: Difference,
}

/// What came of it all.
#[derive(Debug, Default)]
pub struct Findings {
    /// Programs compared.
    pub compared: u64,
    /// In the order of their numbers.
    pub mismatches: Vec<Mismatch>,
    /// What was exercised.
    pub coverage: Coverage,
}

/// What there is to tell while a comparison goes on.
#[derive(Debug)]
pub enum News<'a> {
    /// So many programs are done with, and so many of them were mismatches.
    Compared(u64, usize),
    /// Both sides do not agree about this one.
    Found(&'a Mismatch),
}

/// Compares; `tell` is told of each program that is done with.
///
/// # Errors
/// CPython cannot be asked any more.
pub fn fuzz(plan: &Plan, tell: impl Fn(News<'_>) + Sync) -> Result<Findings, Silence> {
    let next = AtomicU64::new(0);
    let findings = Mutex::new(Findings::default());
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..plan.jobs.max(1) {
            scope.spawn(|| {
                let worked = work(plan, &next, &findings, &tell);
                if let (Err(silence), Ok(mut failed)) = (worked, failed.lock()) {
                    *failed = Some(silence);
                }
            });
        }
    });
    if let Ok(Some(silence)) = failed.into_inner() {
        return Err(silence);
    }
    let mut findings = findings.into_inner().unwrap_or_default();
    findings.mismatches.sort_by_key(|mismatch| mismatch.number);
    Ok(findings)
}

fn work(plan: &Plan, next: &AtomicU64, findings: &Mutex<Findings>, tell: &impl Fn(News<'_>)) -> Result<(), Silence> {
    let strategy = programs(&plan.features);
    let mut oracle = Oracle::start(&plan.python).map_err(|error| Silence::Gone(error.to_string()))?;
    // CPython has one more program to work at while this side compares, and draws and writes the one after it.
    let mut waiting = VecDeque::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number < plan.programs {
            let drawn = Drawn::new(&strategy, plan.seed, number);
            drawn.written.iter().try_for_each(|written| written.ask(&mut oracle))?;
            waiting.push_back(drawn);
            if waiting.len() < AHEAD {
                continue;
            }
        }
        let Some(drawn) = waiting.pop_front() else { return Ok(()) };
        let mut coverage = Coverage::default();
        let difference = drawn.compare(&mut oracle, &mut coverage)?;
        let mismatch = match difference {
            Some(difference) => {
                // A server of its own: the one at hand has others' answers on the way.
                let mut oracle = Oracle::start(&plan.python).map_err(|error| Silence::Gone(error.to_string()))?;
                Some(Mismatch { number: drawn.number, difference: drawn.smaller(&mut oracle, difference)? })
            }
            None => None,
        };
        let Ok(mut findings) = findings.lock() else { return Ok(()) };
        findings.coverage.merge(&coverage);
        findings.compared += 1;
        if let Some(mismatch) = mismatch {
            tell(News::Found(&mismatch));
            findings.mismatches.push(mismatch);
        }
        tell(News::Compared(findings.compared, findings.mismatches.len()));
        if findings.mismatches.len() >= plan.enough {
            return Ok(());
        }
    }
}

/// The generator of one program: a stream of its own for each number.
fn runner(seed: u64, number: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    // The slower algorithm begins, as it makes far seeds of near numbers; the faster one goes on.
    let mut start = [0; 16];
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes).fill_bytes(&mut start);
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::XorShift, &start))
}

/// The scenario of one program; nothing where the strategy gives up.
pub fn scenario(features: &[Feature], seed: u64, number: u64) -> Option<String> {
    let tree = programs(features).new_tree(&mut runner(seed, number)).ok()?;
    Some(lower(&tree.current()).yaml)
}

/// A program that was drawn, with the way to smaller ones.
struct Drawn {
    number: u64,
    tree: Option<Box<dyn ValueTree<Value = Program>>>,
    /// Nothing where the strategy gave up.
    written: Option<Written>,
}

impl Drawn {
    fn new(strategy: &BoxedStrategy<Program>, seed: u64, number: u64) -> Drawn {
        let tree = strategy.new_tree(&mut runner(seed, number)).ok();
        let written = tree.as_ref().map(|tree| Written::new(&tree.current()));
        Drawn { number, tree, written }
    }

    /// Compares what CPython was asked about.
    fn compare(&self, oracle: &mut Oracle, coverage: &mut Coverage) -> Result<Option<Difference>, Silence> {
        let Some(written) = &self.written else {
            coverage.left_out.add("nothing was generated");
            return Ok(None);
        };
        match written.judge(oracle)? {
            Verdict::Same(same) => {
                let (answer, trace) = *same;
                coverage.kinds.merge(&written.kinds);
                coverage.endings.add(answer.ending.split(':').next().unwrap_or_default());
                if let Some(trace) = trace {
                    coverage.count_wakes(&trace);
                }
                Ok(None)
            }
            Verdict::LeftOut(why) => {
                coverage.left_out.add(why);
                Ok(None)
            }
            Verdict::Differs(difference) => Ok(Some(*difference)),
        }
    }

    /// The smallest program found that both sides do not agree about.
    fn smaller(self, oracle: &mut Oracle, found: Difference) -> Result<Difference, Silence> {
        let mut smallest = found;
        let Some(mut tree) = self.tree else { return Ok(smallest) };
        let mut goes_on = tree.simplify();
        for _ in 0..SHRINKS {
            if !goes_on {
                break;
            }
            let written = Written::new(&tree.current());
            written.ask(oracle)?;
            goes_on = match written.judge(oracle)? {
                Verdict::Differs(difference) => {
                    smallest = *difference;
                    tree.simplify()
                }
                Verdict::Same(_) | Verdict::LeftOut(_) => tree.complicate(),
            };
        }
        Ok(smallest)
    }
}
