//! A checked scenario: everything a run needs, and nothing that could still be wrong with the file.

use std::rc::Rc;

use crate::check::Expectation;
use crate::code::Code;
use crate::random::Seed;
use crate::spec::{Generator, Literal, Ties};

/// A scenario that can be run. It is made by [`check`](crate::check) alone, so that no misspelt or missing thing is
/// left in it.
///
/// ```
/// use timeskip_scenario::load;
/// let scenario = load("params: {n: 1}\nmain:\n  - sleep: seconds(n)\n").expect("a good file");
/// assert_eq!(scenario.params().collect::<Vec<_>>(), ["n"]);
/// assert!(load("main:\n  - sleep: seconds(n)\n").is_err());
/// ```
#[derive(Debug)]
pub struct Scenario {
    pub(crate) about: Option<String>,
    pub(crate) code: Rc<Code>,
    pub(crate) params: Vec<(Rc<str>, Literal)>,
    pub(crate) random: RandomSource,
    pub(crate) ties: Ties,
    pub(crate) costs: Costs,
    pub(crate) expectations: Vec<Expectation>,
    pub(crate) cases: Vec<Case>,
}

/// Which random numbers a run draws.
#[derive(Clone, Debug)]
pub(crate) struct RandomSource {
    pub(crate) generator: Generator,
    pub(crate) seed: Seed,
}

impl Default for RandomSource {
    fn default() -> RandomSource {
        RandomSource { generator: Generator::ChaCha, seed: Seed::from(0) }
    }
}

/// Virtual seconds that things take besides their sleeps.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Costs {
    pub(crate) print: f64,
    pub(crate) step: f64,
}

/// A further run of the same program.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) set: Vec<(String, Literal)>,
    pub(crate) seed: Option<Seed>,
    pub(crate) ties: Option<Ties>,
    pub(crate) expectations: Option<Vec<Expectation>>,
}

impl Scenario {
    /// What the scenario shows, in its own words.
    ///
    /// ```
    /// let source = "about: \"A nap.\"\nmain:\n  - sleep: 1s\n";
    /// let scenario = timeskip_scenario::load(source).expect("a good file");
    /// assert_eq!(scenario.about(), Some("A nap."));
    /// ```
    pub fn about(&self) -> Option<&str> {
        self.about.as_deref()
    }

    /// The names of its cases, in order.
    ///
    /// ```
    /// let source = "main:\n  - sleep: 1s\ncases:\n  - name: again\n    seed: 7\n";
    /// let scenario = timeskip_scenario::load(source).expect("a good file");
    /// assert_eq!(scenario.cases().collect::<Vec<_>>(), ["again"]);
    /// ```
    pub fn cases(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().map(|case| case.name.as_str())
    }

    /// The seed that its file gives, or that of one of its cases; 0 where none is given, and `None` where it is an
    /// integer beyond 64 bits.
    ///
    /// ```
    /// let scenario = timeskip_scenario::load("random: {python: 444}\nmain:\n  - sleep: 1s\n").expect("a good file");
    /// assert_eq!(scenario.seed(None), Some(444));
    /// ```
    pub fn seed(&self, case: Option<&str>) -> Option<i64> {
        let named = |known: &&Case| case == Some(known.name.as_str());
        let of_case = self.cases.iter().find(named).and_then(|case| case.seed.as_ref());
        of_case.unwrap_or(&self.random.seed).as_i64()
    }

    /// The names of its params, in order.
    ///
    /// ```
    /// let source = "params: {nprod: 2, ncon: 10}\nmain:\n  - return: nprod + ncon\n";
    /// let scenario = timeskip_scenario::load(source).expect("a good file");
    /// assert_eq!(scenario.params().collect::<Vec<_>>(), ["nprod", "ncon"]);
    /// ```
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.params.iter().map(|(name, _)| &**name)
    }
}
