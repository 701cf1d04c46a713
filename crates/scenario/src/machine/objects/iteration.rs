//! What the loops of a program keep between rounds; no name reaches them.

use std::cell::RefCell;

use timeskip_executor::AsCompletedInTime;

use crate::machine::outcome::Outcome;
use crate::value::{Iter, Object, Result, Value};

/// An iteration of `for`.
pub(crate) struct Iteration(RefCell<Iter>);

impl Iteration {
    pub(crate) fn new(iterator: Iter) -> Iteration {
        Iteration(RefCell::new(iterator))
    }

    pub(crate) fn next(&self) -> Result<Option<Value>> {
        self.0.borrow_mut().next()
    }
}

/// The tasks of `as_completed`.
pub(crate) struct Completions(pub(crate) RefCell<AsCompletedInTime<Outcome>>);

macro_rules! hidden {
    ($($type:ident)*) => { $(
        impl Object for $type {
            fn type_name(&self) -> &'static str {
                "iterator"
            }

            fn repr(&self) -> String {
                "<iterator>".to_owned()
            }
        }
    )* };
}

hidden!(Iteration Completions);
