//! CPython's generator: the Mersenne Twister as `Modules/_randommodule.c` seeds and reads it.

use rand_mt::Mt;

use super::distributions::Bits;
use super::seed::Seed;

/// The generator behind CPython's `random` module, bit for bit.
pub(crate) struct PythonRandom {
    words: Mt,
    spare_gauss: Option<f64>,
}

impl PythonRandom {
    /// As `random.seed(seed)` with an int leaves it: the sign is ignored.
    pub(crate) fn new(seed: &Seed) -> Self {
        Self { words: Mt::new_with_key(seed.key().iter().copied()), spare_gauss: None }
    }
}

impl Bits for PythonRandom {
    #[inline(always)]
    fn getrandbits(&mut self, bits: u32) -> u64 {
        match bits {
            0 => 0,
            1..=32 => u64::from(self.words.next_u32() >> (32 - bits)),
            _ => {
                let low = u64::from(self.words.next_u32());
                let high = self.words.next_u32() >> 64_u32.saturating_sub(bits);
                u64::from(high) << 32 | low
            }
        }
    }

    fn random(&mut self) -> f64 {
        let high = self.words.next_u32() >> 5;
        let low = self.words.next_u32() >> 6;
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    // The platform's own functions, as in CPython: equal to what Python prints on the same machine, and only there.
    fn ln(&self, x: f64) -> f64 {
        x.ln()
    }

    fn sin(&self, x: f64) -> f64 {
        x.sin()
    }

    fn cos(&self, x: f64) -> f64 {
        x.cos()
    }

    fn spare_gauss(&mut self) -> &mut Option<f64> {
        &mut self.spare_gauss
    }
}
