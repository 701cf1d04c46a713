//! Many programs, by several workers: the same programs whatever their number.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::compare::{Difference, Verdict, compare};
use crate::coverage::Coverage;
use crate::features::Feature;
use crate::lowering::lower;
use crate::oracle::{Oracle, Silence};
use crate::program::Program;
use crate::strategy::programs;

/// How many smaller candidates of a mismatch are tried.
const SHRINKS: usize = 600;

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

/// Compares; `progress` is told of each program that is done with.
///
/// # Errors
/// CPython cannot be asked any more.
pub fn fuzz(plan: &Plan, progress: impl Fn(u64, usize) + Sync) -> Result<Findings, Silence> {
    let next = AtomicU64::new(0);
    let findings = Mutex::new(Findings::default());
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..plan.jobs.max(1) {
            scope.spawn(|| {
                let worked = work(plan, &next, &findings, &progress);
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

fn work(
    plan: &Plan,
    next: &AtomicU64,
    findings: &Mutex<Findings>,
    progress: &impl Fn(u64, usize),
) -> Result<(), Silence> {
    let strategy = programs(&plan.features);
    let mut oracle = Oracle::start(&plan.python).map_err(|error| Silence::Gone(error.to_string()))?;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= plan.programs {
            return Ok(());
        }
        let mut coverage = Coverage::default();
        let mismatch = one(&mut oracle, &strategy, plan.seed, number, &mut coverage)?;
        let Ok(mut findings) = findings.lock() else { return Ok(()) };
        findings.coverage.merge(&coverage);
        findings.compared += 1;
        findings.mismatches.extend(mismatch);
        progress(findings.compared, findings.mismatches.len());
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
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// The scenario of one program; nothing where the strategy gives up.
pub fn scenario(features: &[Feature], seed: u64, number: u64) -> Option<String> {
    let tree = programs(features).new_tree(&mut runner(seed, number)).ok()?;
    Some(lower(&tree.current()).yaml)
}

fn one(
    oracle: &mut Oracle,
    strategy: &BoxedStrategy<Program>,
    seed: u64,
    number: u64,
    coverage: &mut Coverage,
) -> Result<Option<Mismatch>, Silence> {
    let Ok(mut tree) = strategy.new_tree(&mut runner(seed, number)) else {
        coverage.left_out.add("nothing was generated");
        return Ok(None);
    };
    let program = tree.current();
    match compare(oracle, &program)? {
        Verdict::Same(same) => {
            let (answer, trace) = *same;
            coverage.kinds.merge(&lower(&program).kinds);
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
        Verdict::Differs(difference) => {
            let difference = smaller(oracle, &mut tree, *difference)?;
            Ok(Some(Mismatch { number, difference }))
        }
    }
}

/// The smallest program found that both sides do not agree about.
fn smaller(
    oracle: &mut Oracle,
    tree: &mut impl ValueTree<Value = Program>,
    found: Difference,
) -> Result<Difference, Silence> {
    let mut smallest = found;
    let mut goes_on = tree.simplify();
    for _ in 0..SHRINKS {
        if !goes_on {
            break;
        }
        goes_on = match compare(oracle, &tree.current())? {
            Verdict::Differs(difference) => {
                smallest = *difference;
                tree.simplify()
            }
            Verdict::Same(_) | Verdict::LeftOut(_) => tree.complicate(),
        };
    }
    Ok(smallest)
}
