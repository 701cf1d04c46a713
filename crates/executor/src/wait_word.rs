//! How a wait stands, in one word.

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

    #[inline]
    pub(crate) fn is_cancelled(self) -> bool {
        matches!(self, WaitState::Cancelled | WaitState::CancelledAndWoken)
    }
}

/// The wait of a task: the one that is going on, or the last one.
///
/// In one word: its number, how it stands, and whether a cancel went to what it is for. A processor stumbles where it reads
/// at once what it has just written in parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wait(u64);

/// In the codes of both states that are cancelled.
const CANCELLED: u64 = 4;
/// Where in the word the state is; zero when the wait is over.
const STATE: u32 = 32;
/// The cancel went to what this wait is for; if that ends cancelled, so does this await.
const FORWARDED: u64 = 1 << 40;

impl Wait {
    #[inline]
    fn new(sequence: u32, state: WaitState) -> Wait {
        Wait(u64::from(sequence) | state.code() << STATE)
    }

    #[inline]
    pub(crate) fn sequence(self) -> u32 {
        self.0 as u32
    }

    /// How it stands; `None` when it is over.
    #[inline]
    pub(crate) fn state(self) -> Option<WaitState> {
        match self.0 >> STATE & 0xff {
            0 => None,
            1 => Some(WaitState::Pending),
            2 => Some(WaitState::Woken),
            CANCELLED => Some(WaitState::Cancelled),
            _ => Some(WaitState::CancelledAndWoken),
        }
    }

    #[inline]
    pub(crate) fn is_over(self) -> bool {
        self.0 >> STATE & 0xff == 0
    }

    #[inline]
    pub(crate) fn is_cancelled(self) -> bool {
        self.0 >> STATE & CANCELLED != 0
    }

    /// How it stands, if it is the one of this token.
    #[inline]
    pub(crate) fn state_of(self, token: WaitToken) -> Option<WaitState> {
        if self.sequence() == token.sequence { self.state() } else { None }
    }

    /// Whether it is the one of this token and was woken, and no cancel went anywhere.
    #[inline]
    pub(crate) fn is_plainly_woken(self, token: WaitToken) -> bool {
        self == Wait::new(token.sequence, WaitState::Woken)
    }

    /// The next wait of the task begins.
    #[inline]
    pub(crate) fn begin(self) -> Wait {
        Wait::new(self.sequence().wrapping_add(1), WaitState::Pending)
    }

    #[inline]
    pub(crate) fn set_state(&mut self, state: Option<WaitState>) {
        let code = state.map_or(0, WaitState::code);
        self.0 = self.0 & !(0xff << STATE) | code << STATE;
    }

    pub(crate) fn forward(&mut self) {
        self.0 |= FORWARDED;
    }

    pub(crate) fn take_forwarded(&mut self) -> bool {
        let forwarded = self.0 & FORWARDED != 0;
        self.0 &= !FORWARDED;
        forwarded
    }

    /// What happens where what it waits for does, if it is the one of this token. Tells whether it was still pending.
    #[inline]
    pub(crate) fn settle(&mut self, token: WaitToken, state: WaitState) -> bool {
        if *self == Wait::new(token.sequence, WaitState::Pending) {
            *self = Wait::new(token.sequence, state);
            return true;
        }
        let before = self.state_of(token);
        match before {
            Some(WaitState::Pending) => self.set_state(Some(state)),
            Some(WaitState::Cancelled) => self.set_state(Some(WaitState::CancelledAndWoken)),
            _ => {}
        }
        before == Some(WaitState::Pending)
    }
}
