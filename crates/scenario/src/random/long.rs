//! Thousands of draws of each function, by a digest of them, against CPython 3.13.0 (3.11.7 gives the same).

use super::distributions::*;
use super::python::PythonRandom;
use super::sequences::*;
use super::{DrawError, Seed};

/// After which seeds, and how many calls of each function.
const SEEDS: [&str; 5] = ["0", "1", "444", "-7", "1180591620717411303424"];
const CALLS: usize = 2000;

/// FNV-1a over the bytes of all values drawn, the low one first; a float is its bits.
#[rustfmt::skip]
const DIGESTS: &[(&str, [u64; SEEDS.len()])] = &[
    ("random", [0xc273000deb2ce2de, 0xaa379449d795676c, 0xa90009965654de91, 0x7f158b5a44e1a168, 0xbd402b318cd6922d]),
    ("uniform", [0x059783f4325a8893, 0xf101cc3dc2996eb5, 0x877203c5f7a6c0f8, 0x9a1e92079a512905, 0x73bd3ac0b257366c]),
    ("randint", [0xbf0fe613291b7586, 0x188771f2855f236d, 0xbc3a283312add0e1, 0x7534e63ec0c1b003, 0x91da2f7b38f6d6e9]),
    ("randint_wide", [0x617209836f01e952, 0x7fd7a6ab1e760688, 0x8b384e2d9ef13f11, 0x4216715ae75d2d06, 0xe8c233e9836f6189]),
    ("randrange", [0x60caf546f93c8c9e, 0x0a51135015084b4c, 0x848ef9d0cdaa94f0, 0x72da4ed060de5230, 0x8c875851167b6822]),
    ("choice", [0xe0a8129a6351b06c, 0xc31be5ca26746169, 0x8ed304738a2c2003, 0xa7793fd0072b48a8, 0x4ebd6bc797b6a84a]),
    ("choices", [0x7f8d8fda01ff7d87, 0x73606aaaa8740e65, 0x628ae32feb705447, 0xc63a572b6a657045, 0x503ba46e56ee0d45]),
    ("shuffle", [0x6bc9966aef2eda45, 0x2ef2c832256cd265, 0xe6bbb2fb617524c5, 0xd19441736c898305, 0x1428c09fd429d625]),
    ("sample", [0xc0f7bb5e9ec694d5, 0x02cac5409ddab278, 0xc53e2d63835f747c, 0x955e77907af6e601, 0x150f4d84226091f7]),
    ("sample_set", [0xe0107a8102fee9f2, 0xf92b6a642d36a7bf, 0x37fe58f877fe6579, 0x13b965c9cc9778af, 0xa9a37a23744d0285]),
    ("gauss", [0x79d7164d38695297, 0x487dcfa246e99e21, 0x43fdecd0afd987cd, 0xb96a0c5579c248cd, 0xfc336b6eaa046021]),
    ("normalvariate", [0xdd01777ad3a866cd, 0xb5a2222769bb8845, 0x1d9311e4643aaa1b, 0xfa915969a4d908bf, 0xdd7447a03de7fc8e]),
    ("expovariate", [0x675356f50f574140, 0xdde6bf427111b5c8, 0x68b83741bb059c72, 0xba40140178ef0b07, 0x8fb73557bee0d41a]),
];

/// The bits of what one call gives.
fn draw(function: &str, bits: &mut PythonRandom) -> Result<Vec<u64>, DrawError> {
    let int = |drawn: i64| vec![drawn.cast_unsigned()];
    let float = |drawn: f64| vec![drawn.to_bits()];
    let places = |drawn: Vec<usize>| drawn.into_iter().map(|place| place as u64).collect::<Vec<u64>>();
    Ok(match function {
        "random" => float(bits.random()),
        "uniform" => float(uniform(bits, -2.5, 10.0)),
        "randint" => int(randint(bits, 0, 10)?),
        "randint_wide" => int(randint(bits, -(1 << 40), 1 << 62)?),
        "randrange" => int(randrange(bits, 3, Some(50), Some(7))?),
        "choice" => places(vec![choice(bits, 9)?]),
        "choices" => places(choices(bits, 4, Some(&[1.0, 0.0, 2.5, 3.0]), 5)?),
        "shuffle" => {
            let mut items: Vec<usize> = (0..10).collect();
            shuffle(bits, &mut items);
            places(items)
        }
        "sample" => places(sample(bits, 30, 5)?),
        "sample_set" => places(sample(bits, 1000, 4)?),
        "gauss" => float(gauss(bits, 10.0, 2.0)),
        "normalvariate" => float(normalvariate(bits, 10.0, 2.0)),
        "expovariate" => float(expovariate(bits, 0.5)?),
        other => unreachable!("no digest is called {other}"),
    })
}

fn digest(values: impl Iterator<Item = u64>) -> u64 {
    let bytes = values.flat_map(u64::to_le_bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn thousands_of_draws_are_cpythons() {
    for (function, expected) in DIGESTS {
        for (seed, expected) in SEEDS.iter().zip(expected) {
            let mut bits = PythonRandom::new(&Seed::parse(seed).expect("a seed"));
            let drawn = (0..CALLS).flat_map(|_| draw(function, &mut bits).expect("there is something to draw"));
            assert_eq!(digest(drawn), *expected, "{function} after seed {seed}");
        }
    }
}
