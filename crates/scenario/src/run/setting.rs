//! What the options make of a scenario, for those who do not run it.

use std::rc::Rc;

use timeskip_executor::TieRule;

use super::{OptionError, Options};
use crate::random::Seed;
use crate::scenario::{Costs, Scenario};
use crate::spec::{Generator, Ties};
use crate::value::Value;

/// The values that a run with these options would begin with.
pub(crate) struct Setting {
    /// The params, in their order.
    pub(crate) params: Vec<Value>,
    pub(crate) generator: Generator,
    pub(crate) seed: Seed,
    pub(crate) ties: Ties,
    pub(crate) costs: Costs,
    /// The tasks that the loop calls.
    pub(crate) callbacks: Vec<Rc<str>>,
}

impl Scenario {
    /// What the options come to.
    ///
    /// # Errors
    /// An option that names what the scenario does not have.
    pub(crate) fn setting(&self, options: &Options) -> Result<Setting, OptionError> {
        let plan = self.plan(options)?;
        let ties = match plan.ties {
            TieRule::Fifo => Ties::Fifo,
            TieRule::Lifo => Ties::Lifo,
            TieRule::Heapq => Ties::Heapq,
            TieRule::Seeded { .. } => Ties::Seeded,
        };
        let random = plan.random;
        let callbacks = self.code.functions.iter().filter(|function| function.is_callback);
        Ok(Setting {
            params: plan.params,
            generator: random.generator,
            seed: random.seed,
            ties,
            costs: self.costs,
            callbacks: callbacks.map(|function| Rc::clone(&function.name)).collect(),
        })
    }
}
