//! The random numbers of a run: CPython's own generator, shared by all tasks, or portable streams, one for each task.
//!
//! [`Random::bits`] gives the generator that a task draws from; [`distributions`] and [`sequences`] draw from it.
//! Tokens come from streams of their own: CPython's `secrets` asks the operating system, so no token shifts a draw.

pub(crate) mod distributions;
mod error;
#[cfg(test)]
mod long;
mod python;
#[cfg(test)]
mod recorded;
mod seed;
pub(crate) mod sequences;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::num::NonZeroU64;

use timeskip_executor::Rng;

use distributions::Bits;
use python::PythonRandom;
use sequences::MAXIMUM_RESULTS;

pub(crate) use error::DrawError;
pub(crate) use seed::Seed;

/// The random numbers of one run.
pub(crate) struct Random {
    draws: Draws,
    tokens: Streams,
}

enum Draws {
    /// Boxed, because the state of a Mersenne Twister takes 2.5 KB.
    Python(Box<PythonRandom>),
    ChaCha(Streams),
}

impl Random {
    /// CPython's `random` after `random.seed(seed)`: one generator, where a draw in one task shifts what another gets.
    pub(crate) fn python(seed: &Seed) -> Self {
        let draws = Draws::Python(Box::new(PythonRandom::new(seed)));
        Self { draws, tokens: Streams::new(seed, "tokens") }
    }

    /// Portable generators, one for each task: a draw in one task never shifts what another gets.
    pub(crate) fn chacha(seed: &Seed) -> Self {
        let draws = Draws::ChaCha(Streams::new(seed, "draws"));
        Self { draws, tokens: Streams::new(seed, "tokens") }
    }

    /// The generator for a task, to be handed to the functions of [`distributions`] and [`sequences`].
    ///
    /// `task` is the task's number, `path` gives its name, which decides what it draws and is asked for once. Numbers count up from 0 in order of
    /// creation, and a run gives none twice.
    pub(crate) fn bits(&mut self, task: u32, path: impl FnOnce() -> String) -> &mut dyn Bits {
        match &mut self.draws {
            Draws::Python(shared) => shared.as_mut(),
            Draws::ChaCha(streams) => streams.of(task, path),
        }
    }

    /// `randint(low, high)` for a task: the commonest draw, straight from its generator.
    ///
    /// # Errors
    ///
    /// `ValueError` when `low` is greater than `high`.
    #[inline]
    pub(crate) fn randint(
        &mut self,
        task: u32,
        path: impl FnOnce() -> String,
        low: i64,
        high: i64,
    ) -> Result<i64, DrawError> {
        match &mut self.draws {
            Draws::Python(shared) => distributions::randint(shared.as_mut(), low, high),
            Draws::ChaCha(streams) => streams.randint(task, path, low, high),
        }
    }

    /// A number below `bound` for a task, as `randint` draws it where both of its ends are known before.
    #[inline]
    pub(crate) fn below(&mut self, task: u32, path: impl FnOnce() -> String, bound: NonZeroU64) -> u64 {
        match &mut self.draws {
            Draws::Python(shared) => distributions::below(shared.as_mut(), bound),
            Draws::ChaCha(streams) => streams.below(task, path, bound),
        }
    }

    /// `secrets.token_hex(length)`: `length` random bytes as hexadecimal digits, from the task's own stream.
    ///
    /// # Errors
    ///
    /// `ValueError` for a negative length, `MemoryError` for more than 2^20 bytes.
    pub(crate) fn token_hex(
        &mut self,
        task: u32,
        path: impl FnOnce() -> String,
        length: i64,
    ) -> Result<String, DrawError> {
        let count = usize::try_from(length).map_err(|_| DrawError::NegativeLength)?;
        if count > MAXIMUM_RESULTS {
            return Err(DrawError::TooManyResults { count: length });
        }
        let stream = self.tokens.of(task, path);
        let mut token = String::with_capacity(count * 2);
        for _ in 0..count {
            write!(token, "{:02x}", stream.getrandbits(8)).expect("a String takes every text");
        }
        Ok(token)
    }
}

/// Streams of one purpose, one for each task, made when it first draws.
struct Streams {
    seed: u64,
    purpose: &'static str,
    by_task: Vec<Option<Box<ChaChaRandom>>>,
}

impl Streams {
    fn new(seed: &Seed, purpose: &'static str) -> Self {
        Self { seed: seed.folded(), purpose, by_task: Vec::new() }
    }

    /// Apart, so that drawing from CPython's generator does not pay for its registers.
    #[inline(never)]
    fn randint(&mut self, task: u32, path: impl FnOnce() -> String, low: i64, high: i64) -> Result<i64, DrawError> {
        distributions::randint(self.of(task, path), low, high)
    }

    /// Apart for the same reason.
    #[inline(never)]
    fn below(&mut self, task: u32, path: impl FnOnce() -> String, bound: NonZeroU64) -> u64 {
        distributions::below(self.of(task, path), bound)
    }

    fn of(&mut self, task: u32, path: impl FnOnce() -> String) -> &mut ChaChaRandom {
        let index = task as usize;
        if index >= self.by_task.len() {
            self.by_task.resize_with(index + 1, || None);
        }
        self.by_task[index].get_or_insert_with(|| {
            let name = format!("{} of {}", self.purpose, path());
            Box::new(ChaChaRandom { rng: Rng::stream(self.seed, &name), spare_gauss: None })
        })
    }
}

/// One portable stream: the same bits on every platform, the logarithms too.
struct ChaChaRandom {
    rng: Rng,
    spare_gauss: Option<f64>,
}

impl Bits for ChaChaRandom {
    fn getrandbits(&mut self, bits: u32) -> u64 {
        let drawn = self.rng.next_u64();
        drawn.checked_shr(64_u32.saturating_sub(bits)).unwrap_or(0)
    }

    fn random(&mut self) -> f64 {
        self.rng.unit()
    }

    fn ln(&self, x: f64) -> f64 {
        libm::log(x)
    }

    fn sin(&self, x: f64) -> f64 {
        libm::sin(x)
    }

    fn cos(&self, x: f64) -> f64 {
        libm::cos(x)
    }

    fn spare_gauss(&mut self) -> &mut Option<f64> {
        &mut self.spare_gauss
    }
}
