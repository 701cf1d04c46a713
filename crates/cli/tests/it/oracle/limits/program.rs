//! What the programs are made of.

/// Tasks by number; each may cancel any other, and awaits only those before it.
pub(super) struct Program {
    pub(super) tasks: Vec<Vec<Step>>,
}

/// Seconds as both languages write them.
pub(super) type Seconds = &'static str;

pub(super) enum Step {
    Sleep(Seconds),
    Block(Seconds),
    Raise,
    Cancel {
        task: usize,
        message: Option<&'static str>,
    },
    Uncancel,
    /// Awaits a task within `try`.
    Await(usize),
    Shield(usize),
    ShieldOfCoroutine(Seconds),
    WaitForTask(usize, Seconds),
    WaitForCoroutine(Seconds, Seconds),
    WaitForShield(usize, Seconds),
    /// Moves the innermost limit to so long from now, or lifts it.
    Reschedule(Option<Seconds>),
    Limit {
        kind: Limit,
        steps: Vec<Step>,
        catches: Catches,
    },
    /// Steps in `try`, with what follows a cancel.
    Try {
        steps: Vec<Step>,
        cleanup: Vec<Step>,
        then: Then,
    },
    /// Steps with `finally`.
    Finally {
        steps: Vec<Step>,
        cleanup: Vec<Step>,
    },
    /// Steps in a loop that is left after the first round.
    Leave(Vec<Step>),
}

#[derive(Clone, Copy)]
pub(super) enum Limit {
    After(Seconds),
    At(Seconds),
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Catches {
    TimeoutError,
    Nothing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Swallows,
    RaisesAgain,
}

/// Sums of quarters are exact; those of the tenths behind them are not, and differ between clocks.
const QUARTERS: usize = 6;
const SLEEPS: [Seconds; 9] = ["0", "-1", "0.25", "0.5", "0.75", "1", "0.1", "0.2", "0.3"];
const LIMITS: [Seconds; 8] = ["0", "-1", "0.25", "0.5", "0.75", "1", "0.1", "0.3"];
const MESSAGES: [Option<&str>; 4] = [None, None, Some("enough"), Some("too late")];

/// The program of a seed.
pub(super) fn draw(seed: u64) -> Program {
    let seconds = if has_quarters_alone(seed) { QUARTERS..QUARTERS } else { SLEEPS.len()..LIMITS.len() };
    let mut draw =
        Draw { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1, sleeps: seconds.start, limits: seconds.end };
    let count = 2 + draw.below(4);
    let tasks = (0..count).map(|task| draw.steps(task, count, 0)).collect();
    Program { tasks }
}

/// Whether every sum of times in the program of a seed is exact.
pub(super) fn has_quarters_alone(seed: u64) -> bool {
    seed.is_multiple_of(2)
}

/// A small generator of numbers: xorshift.
struct Draw {
    state: u64,
    /// How many of the lengths it draws from.
    sleeps: usize,
    limits: usize,
}

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % limit
    }

    fn sleep(&mut self) -> Seconds {
        SLEEPS[self.below(self.sleeps)]
    }

    fn limit(&mut self) -> Seconds {
        LIMITS[self.below(self.limits)]
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    fn steps(&mut self, task: usize, count: usize, depth: usize) -> Vec<Step> {
        (0..1 + self.below(4)).map(|_| self.step(task, count, depth)).collect()
    }

    fn step(&mut self, task: usize, count: usize, depth: usize) -> Step {
        let earlier = |draw: &mut Draw| (task > 0).then(|| draw.below(task));
        let kinds = if depth < 3 { 24 } else { 14 };
        match self.below(kinds) {
            0..=2 => Step::Sleep(self.sleep()),
            3 | 4 => Step::Cancel { task: self.below(count), message: self.of(&MESSAGES) },
            5 => Step::Uncancel,
            6 => earlier(self).map_or(Step::Raise, Step::Await),
            7 => earlier(self).map_or(Step::Sleep("0.5"), Step::Shield),
            8 => Step::ShieldOfCoroutine(self.sleep()),
            9 => earlier(self).map_or(Step::Sleep("1"), |other| Step::WaitForTask(other, self.limit())),
            10 => Step::WaitForCoroutine(self.sleep(), self.limit()),
            11 => earlier(self).map_or(Step::Sleep("0"), |other| Step::WaitForShield(other, self.of(&LIMITS[2..6]))),
            12 => Step::Reschedule(if self.below(4) == 0 { None } else { Some(self.limit()) }),
            13 => Step::Block(self.of(&["0.25", "0.5"])),
            14..=17 => {
                let kind = match self.below(6) {
                    0 => Limit::Never,
                    1 => Limit::At(self.of(&["-1.0", "0.0", "0.5", "1.0", "1.25"])),
                    _ => Limit::After(self.limit()),
                };
                let catches = if self.below(4) == 0 { Catches::Nothing } else { Catches::TimeoutError };
                Step::Limit { kind, steps: self.steps(task, count, depth + 1), catches }
            }
            18..=20 => {
                let then = if self.below(3) == 0 { Then::RaisesAgain } else { Then::Swallows };
                let steps = self.steps(task, count, depth + 1);
                Step::Try { steps, cleanup: self.steps(task, count, depth + 2), then }
            }
            21 | 22 => {
                let steps = self.steps(task, count, depth + 1);
                Step::Finally { steps, cleanup: self.steps(task, count, depth + 2) }
            }
            _ => Step::Leave(self.steps(task, count, depth + 1)),
        }
    }
}
