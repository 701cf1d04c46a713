//! What programs are made of, a module for each feature: its steps, how often they are chosen, and how they are written.
//!
//! A feature can be switched off by its name, where a release of CPython, or timeskip, has another opinion of it or none.

pub(crate) mod basics;
pub(crate) mod callbacks;
pub(crate) mod finished;
pub(crate) mod flow;
pub(crate) mod gathering;
pub(crate) mod generators;
pub(crate) mod groups;
pub(crate) mod kept;
pub(crate) mod locks;
pub(crate) mod queues;
pub(crate) mod tasks;
pub(crate) mod timeouts;

use proptest::strategy::BoxedStrategy;

use crate::lowering::Lowering;
use crate::statement::Statement;
use crate::strategy::Weighted;

macro_rules! features {
    ($($feature:ident, $module:ident, $since:expr;)*) => {
        /// A part of the vocabulary.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "each is documented by its module")]
        pub enum Feature {
            $($feature,)*
            Costs,
        }

        impl Feature {
            /// All features.
            pub const ALL: &[Feature] = &[$(Feature::$feature,)* Feature::Costs];

            /// The word on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Feature::$feature => stringify!($module),)*
                    Feature::Costs => "costs",
                }
            }

            /// The first release of CPython that does as 3.13 does.
            pub const fn since(self) -> (u32, u32) {
                match self {
                    $(Feature::$feature => $since,)*
                    Feature::Costs => (3, 11),
                }
            }

            pub(crate) fn leaves(self) -> Weighted {
                match self {
                    $(Feature::$feature => $module::leaves(),)*
                    Feature::Costs => Vec::new(),
                }
            }

            pub(crate) fn nested(self, inner: &BoxedStrategy<Step>) -> Weighted {
                match self {
                    $(Feature::$feature => $module::nested(inner),)*
                    Feature::Costs => Vec::new(),
                }
            }
        }

        /// A step of a generated program, by its feature.
        #[derive(Clone, Debug)]
        pub(crate) enum Step {
            $($feature($module::Step),)*
        }

        impl Step {
            /// What it is called in the table of coverage.
            pub(crate) fn kind(&self) -> &'static str {
                match self {
                    $(Step::$feature(step) => step.kind(),)*
                }
            }

            /// The same as steps of a scenario file.
            pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
                match self {
                    $(Step::$feature(step) => step.lower(lowering),)*
                }
            }
        }
    };
}

features! {
    Basics, basics, (3, 11);
    Tasks, tasks, (3, 11);
    Gathering, gathering, (3, 11);
    Finished, finished, (3, 12);
    Kept, kept, (3, 13);
    Queues, queues, (3, 11);
    Flow, flow, (3, 11);
    Generators, generators, (3, 11);
    Locks, locks, (3, 13);
    Timeouts, timeouts, (3, 13);
    Groups, groups, (3, 13);
    Callbacks, callbacks, (3, 11);
}
