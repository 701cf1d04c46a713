//! What CPython would print as a warning: gathered during a run, shown at its end.

use std::cell::RefCell;

/// No more are kept: a loop could make millions.
const KEPT: usize = 20;

/// The warnings of a run.
#[derive(Default)]
pub(crate) struct Warnings {
    kept: RefCell<Vec<String>>,
    more: RefCell<u64>,
}

impl Warnings {
    pub(crate) fn add(&self, text: impl FnOnce() -> String) {
        let mut kept = self.kept.borrow_mut();
        if kept.len() < KEPT {
            kept.push(text());
        } else {
            *self.more.borrow_mut() += 1;
        }
    }

    /// All of them, the last one a count of those that were not kept.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut warnings = self.kept.take();
        let more = self.more.take();
        if more > 0 {
            warnings.push(format!("and {more} more warnings"));
        }
        warnings
    }
}
