//! The frames of a task: a stack whose top is at hand.

use crate::machine::frame::Frame;

/// Most tasks never have more than one frame, which takes no allocation and is read without a look at the stack.
#[derive(Default)]
pub(super) struct Frames {
    top: Option<Frame>,
    below: Vec<Frame>,
}

impl Frames {
    #[inline]
    pub(super) fn last(&self) -> Option<&Frame> {
        self.top.as_ref()
    }

    #[inline]
    pub(super) fn last_mut(&mut self) -> Option<&mut Frame> {
        self.top.as_mut()
    }

    #[inline]
    pub(super) fn push(&mut self, frame: Frame) {
        if let Some(covered) = self.top.replace(frame) {
            self.below.push(covered);
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Frame> {
        let top = self.top.take();
        self.top = self.below.pop();
        top
    }

    pub(super) fn len(&self) -> usize {
        self.below.len() + usize::from(self.top.is_some())
    }

    /// From the top down.
    pub(super) fn downwards(&self) -> impl Iterator<Item = &Frame> {
        self.top.iter().chain(self.below.iter().rev())
    }
}
