//! Async generators.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::Lowering;
use crate::program::Pick;
use crate::statement::Statement;
use crate::strategy::{Weighted, pick, steps};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Yield,
    AsyncFor(Pick, Vec<AnyStep>),
}

/// What makes a task a generator; elsewhere it is nothing.
pub(crate) fn yields() -> BoxedStrategy<AnyStep> {
    Just(AnyStep::Generators(Step::Yield)).boxed()
}

pub(crate) fn leaves() -> Weighted {
    vec![(1, yields())]
}

pub(crate) fn nested(inner: &BoxedStrategy<AnyStep>) -> Weighted {
    let each = (pick(), steps(inner));
    vec![(2, each.prop_map(|(pick, steps)| AnyStep::Generators(Step::AsyncFor(pick, steps))).boxed())]
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Yield => "yield",
            Step::AsyncFor(..) => "async for",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        match self {
            Step::Yield if lowering.is_generator() => {
                let number = lowering.fresh();
                vec![Statement::of("yield", number.to_string()), lowering.print("has yielded")]
            }
            Step::Yield => Vec::new(),
            Step::AsyncFor(generator, steps) => match lowering.generator(*generator) {
                Some(call) => {
                    let mut body = vec![lowering.print("was given {value!r}")];
                    body.extend(lowering.repeated(3, steps));
                    vec![Statement::of("async for", format!("value in {call}")).doing(body)]
                }
                None => Vec::new(),
            },
        }
    }
}
