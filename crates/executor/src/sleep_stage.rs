//! How far a sleep has come, in two words: with many tasks their futures' memory is what a run waits for.

use crate::delay::Ticks;
use crate::time::SimTime;
use crate::timers::TimerId;
use crate::wait::WaitToken;

/// How far a sleep has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Not polled yet; so many nanoseconds it will take, also where the clock counts otherwise.
    AfterNanos(Ticks),
    /// Not polled yet; so long it will take.
    After(Ticks),
    /// Not polled yet; until then it will take.
    Until(SimTime),
    Armed {
        timer: TimerId,
        wait: WaitToken,
    },
    /// There was nothing to wait for; the step in which it gave up the turn.
    Yielded {
        step: u64,
    },
    Done,
}

/// The same. The wait says which stage it is: while none goes on, it is one of those tokens that name none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed {
    pub(crate) wait: WaitToken,
    word: u64,
}

const AFTER_NANOS: WaitToken = WaitToken::none_of(0);
const AFTER: WaitToken = WaitToken::none_of(1);
const UNTIL: WaitToken = WaitToken::none_of(2);
const YIELDED: WaitToken = WaitToken::none_of(3);
const DONE: WaitToken = WaitToken::none_of(4);

impl Stage {
    #[inline]
    pub(crate) fn packed(self) -> Packed {
        match self {
            Stage::AfterNanos(Ticks(nanos)) => Packed { wait: AFTER_NANOS, word: nanos },
            Stage::After(Ticks(ticks)) => Packed { wait: AFTER, word: ticks },
            Stage::Until(time) => Packed { wait: UNTIL, word: time.plain_key() },
            Stage::Armed { timer, wait } => Packed::armed(timer, wait),
            Stage::Yielded { step } => Packed { wait: YIELDED, word: step },
            Stage::Done => Packed { wait: DONE, word: 0 },
        }
    }
}

impl Packed {
    #[inline]
    pub(crate) fn armed(timer: TimerId, wait: WaitToken) -> Packed {
        Packed { wait, word: timer.0 }
    }

    /// How many nanoseconds it will take, where it has not been polled yet and that is known.
    #[inline]
    pub(crate) fn nanos(self) -> Option<Ticks> {
        (self.wait.place == AFTER_NANOS.place).then_some(Ticks(self.word))
    }

    /// It is over.
    #[inline]
    pub(crate) fn end(&mut self) {
        self.wait.place = DONE.place;
    }

    pub(crate) fn unpacked(self) -> Stage {
        match self.wait {
            WaitToken { place, .. } if place == DONE.place => Stage::Done,
            AFTER_NANOS => Stage::AfterNanos(Ticks(self.word)),
            AFTER => Stage::After(Ticks(self.word)),
            UNTIL => Stage::Until(SimTime::of_plain_key(self.word)),
            YIELDED => Stage::Yielded { step: self.word },
            wait => Stage::Armed { timer: TimerId(self.word), wait },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_comes_out_as_it_went_in() {
        let wait = WaitToken { place: 7, sequence: u32::MAX };
        let stages = [
            Stage::AfterNanos(Ticks(u64::MAX)),
            Stage::After(Ticks(u64::MAX)),
            Stage::Until(SimTime::from_float_seconds(-0.5)),
            Stage::Armed { timer: TimerId(u64::MAX), wait },
            Stage::Yielded { step: 7 },
            Stage::Done,
        ];
        for stage in stages {
            assert_eq!(stage.packed().unpacked(), stage);
            assert_eq!(stage.packed().wait.is_some(), matches!(stage, Stage::Armed { .. }));
            assert_eq!(stage.packed().nanos().is_some(), matches!(stage, Stage::AfterNanos(_)));
            let mut over = stage.packed();
            over.end();
            assert_eq!((over.unpacked(), over.wait.is_some()), (Stage::Done, false));
        }
        assert!(WaitToken::NONE.side().is_some() && !WaitToken::NONE.is_some());
    }
}
