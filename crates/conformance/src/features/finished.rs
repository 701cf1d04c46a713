//! A gather of tasks that others may await, too, and that may be over: since CPython 3.12 it needs no turn for these.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::features::gathering::gather;
use crate::lowering::{Lowering, with_later};
use crate::program::Pick;
use crate::statement::Statement;
use crate::strategy::{Weighted, picks};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Gather(Vec<Pick>),
}

pub(crate) fn leaves() -> Weighted {
    vec![(1, picks().prop_map(|picks| AnyStep::Finished(Step::Gather(picks))).boxed())]
}

pub(crate) fn nested(_: &BoxedStrategy<AnyStep>) -> Weighted {
    Vec::new()
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Gather(_) => "gather shared tasks",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        let Step::Gather(handles) = self;
        let mut statements = vec![Statement::of("let", "spawned = []")];
        for handle in handles {
            statements.push(with_later(*handle, vec![Statement::of("call", "spawned.append(handle)")]));
        }
        [statements, gather("spawned", lowering)].concat()
    }
}
