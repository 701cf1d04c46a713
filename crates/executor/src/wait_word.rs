//! How a wait stands, and its task, in one word.

use crate::wait::WaitToken;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitState {
    Pending,
    Woken,
    Cancelled,
    /// Cancelled, and what it waited for has happened since or by that: it counts where another await of the same task
    /// takes the cancel.
    CancelledAndWoken,
}

impl WaitState {
    #[inline]
    fn code(self) -> u64 {
        match self {
            WaitState::Pending => 1,
            WaitState::Woken => 2,
            WaitState::Cancelled => CANCELLED,
            WaitState::CancelledAndWoken => CANCELLED | 2,
        }
    }

    pub(crate) fn is_cancelled(self) -> bool {
        matches!(self, WaitState::Cancelled | WaitState::CancelledAndWoken)
    }
}

/// The wait of a task, the one that is going on or the last one, and what its next step has to know.
///
/// In one word: a processor stumbles where it reads at once what it has just written in parts, and one comparison tells
/// that nothing is out of the ordinary. What is compared most often lies in its lower half, which needs the shortest
/// instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wait(u64);

/// In the codes of both states that are cancelled.
const CANCELLED: u64 = 4;
/// Where in the word the state is; zero when the wait is over.
const STATE_MASK: u64 = 7;
/// The cancel went to what this wait is for; if that ends cancelled, so does this await.
const FORWARDED: u64 = 1 << 3;
/// The entry `Step` of the task is in the queue.
const QUEUED: u64 = 1 << 4;
/// The first step is still to come.
const NEW: u64 = 1 << 5;
/// A cancel waits for the next await.
const MUST_CANCEL: u64 = 1 << 6;
/// A cancel has been delivered in the step that is running.
const DELIVERED: u64 = 1 << 7;
/// Somebody watches the run: what goes on has to be told.
const TOLD: u64 = 1 << 8;
/// Where the number begins, above all that.
const NUMBER: u32 = 32;

impl Wait {
    /// The wait of this number, with nothing else to be known of the task.
    #[inline]
    fn plain(sequence: u32, state: WaitState) -> Wait {
        Wait(u64::from(sequence) << NUMBER | state.code())
    }

    /// The wait of this token, over.
    #[inline]
    pub(crate) fn over(token: WaitToken) -> Wait {
        Wait(u64::from(token.sequence) << NUMBER)
    }

    #[inline]
    pub(crate) fn sequence(self) -> u32 {
        (self.0 >> NUMBER) as u32
    }

    /// All but its number.
    #[inline]
    fn rest(self) -> u64 {
        self.0 & u64::from(u32::MAX)
    }

    /// How it stands; `None` when it is over.
    #[inline]
    pub(crate) fn state(self) -> Option<WaitState> {
        match self.0 & STATE_MASK {
            0 => None,
            1 => Some(WaitState::Pending),
            2 => Some(WaitState::Woken),
            CANCELLED => Some(WaitState::Cancelled),
            _ => Some(WaitState::CancelledAndWoken),
        }
    }

    #[inline]
    pub(crate) fn is_over(self) -> bool {
        self.0 & STATE_MASK == 0
    }

    /// How it stands, if it is the one of this token.
    #[inline]
    pub(crate) fn state_of(self, token: WaitToken) -> Option<WaitState> {
        if self.sequence() == token.sequence { self.state() } else { None }
    }

    /// Whether it is the one of this token and was woken, and nothing else has happened.
    #[inline]
    pub(crate) fn is_plainly_woken(self, token: WaitToken) -> bool {
        self == Wait::plain(token.sequence, WaitState::Woken)
    }

    /// The next wait of the task, which begins where nothing else has happened; else none.
    #[inline]
    pub(crate) fn plainly_begun(self) -> Option<Wait> {
        (self.rest() == 0).then(|| self.next())
    }

    /// The wait after this one, of which nothing but the number is known.
    #[inline]
    fn next(self) -> Wait {
        Wait(self.0.wrapping_add(1 << NUMBER | WaitState::Pending.code()))
    }

    /// Whether it is the one of this token and nothing has happened to it.
    #[inline]
    pub(crate) fn is_plainly_pending(self, token: WaitToken) -> bool {
        self == Wait::plain(token.sequence, WaitState::Pending)
    }

    /// The wait of this token, settled so; the task counts as queued.
    #[inline]
    pub(crate) fn settled(token: WaitToken, state: WaitState) -> Wait {
        Wait(Wait::plain(token.sequence, state).0 | QUEUED)
    }

    /// The next wait of the task begins.
    #[inline]
    pub(crate) fn begin(self) -> Wait {
        let kept = self.0 & (QUEUED | MUST_CANCEL | DELIVERED | TOLD);
        Wait(self.ended().next().0 | kept)
    }

    #[inline]
    pub(crate) fn set_state(&mut self, state: Option<WaitState>) {
        self.0 = self.0 & !STATE_MASK | state.map_or(0, WaitState::code);
    }

    pub(crate) fn forward(&mut self) {
        self.0 |= FORWARDED;
    }

    pub(crate) fn take_forwarded(&mut self) -> bool {
        self.take(FORWARDED)
    }

    /// What happens where what it waits for does, if it is the one of this token. Where it was still pending, the task
    /// counts as queued from now on; tells whether it did not before.
    #[inline]
    pub(crate) fn settle(&mut self, token: WaitToken, state: WaitState) -> Option<Queue> {
        if self.is_plainly_pending(token) {
            *self = Wait::settled(token, state);
            return Some(Queue::Now);
        }
        self.settle_rarely(token, state)
    }

    #[cold]
    fn settle_rarely(&mut self, token: WaitToken, state: WaitState) -> Option<Queue> {
        match self.state_of(token)? {
            WaitState::Pending => {
                self.set_state(Some(state));
                Some(self.queue())
            }
            WaitState::Cancelled => {
                self.set_state(Some(WaitState::CancelledAndWoken));
                None
            }
            WaitState::Woken | WaitState::CancelledAndWoken => None,
        }
    }

    // --- the task's next step ---

    /// The word of a task that is made where another one was.
    #[inline]
    pub(crate) fn made(self) -> Wait {
        Wait(self.ended().0 | QUEUED | NEW)
    }

    /// Nothing is to be known of the task any more, but the number of its last wait.
    #[inline]
    pub(crate) fn ended(self) -> Wait {
        Wait(self.0 - self.rest())
    }

    #[inline]
    pub(crate) fn is_queued(self) -> bool {
        self.0 & QUEUED != 0
    }

    /// Counts the task as queued.
    #[inline]
    pub(crate) fn queue(&mut self) -> Queue {
        let queue = if self.is_queued() { Queue::Already } else { Queue::Now };
        self.0 |= QUEUED;
        queue
    }

    /// Whether the task is queued, and its step comes without a cancel.
    #[inline]
    pub(crate) fn steps_plainly(self) -> bool {
        self.0 & (QUEUED | MUST_CANCEL | CANCELLED) == QUEUED
    }

    /// The step begins for which the task was queued.
    #[inline]
    pub(crate) fn stepping(self) -> Wait {
        Wait(self.0 & !(QUEUED | NEW | MUST_CANCEL))
    }

    /// The step has ended, and all there is to know is that the task waits.
    #[inline]
    pub(crate) fn is_plainly_suspended(self) -> bool {
        self.rest() == WaitState::Pending.code()
    }

    /// Whether the first step is still to come.
    pub(crate) fn is_new(self) -> bool {
        self.0 & NEW != 0
    }

    /// The task is queued in a run that somebody watches: nothing of it counts as plain.
    pub(crate) fn tell(&mut self) {
        self.0 |= TOLD;
    }

    /// The next step does not count as the first.
    pub(crate) fn start(&mut self) {
        self.take(NEW);
    }

    pub(crate) fn must_cancel(self) -> bool {
        self.0 & MUST_CANCEL != 0
    }

    /// A cancel waits for the next await.
    pub(crate) fn request_cancel(&mut self) {
        self.0 |= MUST_CANCEL;
    }

    /// No cancel waits for the next await.
    pub(crate) fn withdraw_cancel(&mut self) {
        self.take(MUST_CANCEL);
    }

    /// A cancel is delivered in the step that is running.
    pub(crate) fn deliver(&mut self) {
        self.0 |= DELIVERED;
    }

    /// The step has ended; tells whether a cancel was delivered in it.
    pub(crate) fn take_delivered(&mut self) -> bool {
        self.take(DELIVERED)
    }

    fn take(&mut self, bit: u64) -> bool {
        let was_set = self.0 & bit != 0;
        self.0 &= !bit;
        was_set
    }
}

/// Whether a task that is to step has to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    Now,
    Already,
}
