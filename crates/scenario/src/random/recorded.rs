//! What CPython 3.13.0's `random` gives after `random.seed(seed)`, each line from a fresh seed (3.11 gives the same).
//! Floats stand by their bits.

/// The first draws of each function after one seed.
pub(super) struct Recorded {
    pub(super) seed: &'static str,
    /// `getrandbits` of 0, 1, 7, 31, 32, 33, 40, 63 and 64, one after the other.
    pub(super) getrandbits: [u64; 9],
    /// `randint(0, 10)`.
    pub(super) randint: [i64; 12],
    /// `randint(-2**63, 2**63 - 1)`.
    pub(super) randint_of_all: [i64; 3],
    /// `randrange(10, -10, -3)`.
    pub(super) randrange_down: [i64; 8],
    /// `randrange(3, 50, 7)`.
    pub(super) randrange_up: [i64; 8],
    /// `randrange(100)`.
    pub(super) randrange_of_one: [i64; 8],
    /// `random()`.
    pub(super) random: [u64; 4],
    /// `uniform(-2.5, 10)`.
    pub(super) uniform: [u64; 3],
    /// `gauss(10, 2)`.
    pub(super) gauss: [u64; 5],
    /// `normalvariate(10, 2)`.
    pub(super) normalvariate: [u64; 4],
    /// `expovariate(0.5)`.
    pub(super) expovariate: [u64; 4],
    /// `choice(range(9))`.
    pub(super) choice: [usize; 8],
    /// `choices(range(9), k=8)`.
    pub(super) choices: [usize; 8],
    /// `choices(range(4), [1, 0, 2.5, 3], k=12)`.
    pub(super) choices_by_weight: [usize; 12],
    /// `choices(range(6), [3, -2, 4, -1, 0.5, 2], k=16)`.
    pub(super) choices_by_odd_weight: [usize; 16],
    /// `shuffle` of 0 to 9.
    pub(super) shuffle: [usize; 10],
    /// `sample(range(n), k)` for n and k of 21, 5 and 22, 5 (a list, a set), 85, 6 and 86, 6 (the same), 10**12, 4.
    pub(super) sample: [&'static [usize]; 5],
}

#[rustfmt::skip]
pub(super) const RECORDED: [Recorded; 6] = [
    Recorded {
        seed: "0",
        getrandbits: [0, 1, 49, 1627694678, 3823568514, 1806341205, 1061968961082, 4481891911369680482, 16938433693753131896],
        randint: [6, 6, 0, 4, 8, 7, 6, 4, 7, 5, 9, 3],
        randint_of_all: [-1465195632138975614, 6084712057446794809, -431710025170174585],
        randrange_down: [-8, 1, -8, 1, 10, 4, -2, 1],
        randrange_up: [45, 24, 45, 24, 3, 17, 31, 24],
        randrange_of_one: [49, 97, 53, 5, 33, 65, 62, 51],
        random: [0x3feb0580f98a7dbe, 0x3fe84129978f9c1a, 0x3fdaeaa51052e978, 0x3fd092178fb945a6],
        uniform: [0x40201c4cc2f4323c, 0x401be5d0fcd063e8, 0x40060ea1e9818ccc],
        gauss: [0x4027c4510b04f8b0, 0x401cd3cedbcffdbe, 0x402147f8ef8b89b8, 0x40257b6549852df1, 0x401fde847891177e],
        normalvariate: [0x402343b80c8e85e6, 0x40242148c32d7e22, 0x4026cb997ca04286, 0x40239d51bf6517f5],
        expovariate: [0x400dc50bf64baecb, 0x4006b2b47b92a785, 0x3ff1767b6a232655, 0x3fe32d56f2dd319d],
        choice: [6, 6, 0, 4, 8, 7, 6, 4],
        choices: [7, 6, 3, 2, 4, 3, 7, 2],
        choices_by_weight: [3, 3, 2, 2, 2, 2, 3, 2, 2, 3, 3, 2],
        choices_by_odd_weight: [5, 2, 2, 2, 2, 2, 5, 2, 2, 2, 5, 2, 2, 2, 2, 2],
        shuffle: [7, 8, 1, 5, 3, 4, 2, 0, 9, 6],
        sample: [&[12, 13, 1, 8, 16], &[12, 13, 1, 8, 16], &[49, 53, 5, 33, 65, 62], &[49, 53, 5, 33, 65, 62], &[424533559245, 978212965548, 44756014165, 534771852898]],
    },
    Recorded {
        seed: "-1",
        getrandbits: [0, 0, 72, 1819850095, 3445702192, 3280387012, 129944532028, 7018639715332314491, 8711387064946514083],
        randint: [2, 9, 1, 4, 1, 7, 7, 7, 10, 6, 3, 1],
        randint_of_all: [4865782901354085936, -7048155917072976836, -931725450029404348],
        randrange_down: [7, -2, -8, -8, -8, 10, 4, 10],
        randrange_up: [10, 31, 45, 45, 45, 3, 17, 3],
        randrange_of_one: [17, 72, 97, 8, 32, 15, 63, 97],
        random: [0x3fc132d8f91b7584, 0x3feb1e2d5b3584f8, 0x3fe870d778409f13, 0x3fd0530d08f17f5c],
        uniform: [0xbfea4119f58a30c4, 0x40202f936f41cfe2, 0x401c3050abe4f88e],
        gauss: [0x40292719e76808c0, 0x4029cc3b783ac90a, 0x402443ed88c7c62f, 0x4020f11b781ad980, 0x401f433ab07c7bfc],
        normalvariate: [0x40266e08e8895f97, 0x4023f16ee2830a64, 0x4028ec72f1d5dd39, 0x40280fda4b8aeb39],
        expovariate: [0x3fd278212cba49f0, 0x400e151ebc759e08, 0x4007166695782184, 0x3fe2d87e587ad877],
        choice: [2, 1, 4, 1, 7, 7, 7, 6],
        choices: [1, 7, 6, 2, 4, 4, 5, 7],
        choices_by_weight: [0, 3, 3, 2, 2, 2, 3, 3, 0, 0, 3, 2],
        choices_by_odd_weight: [0, 5, 2, 2, 2, 2, 2, 5, 0, 0, 5, 2, 2, 0, 2, 2],
        shuffle: [6, 8, 9, 7, 5, 3, 0, 4, 1, 2],
        sample: [&[4, 18, 2, 8, 3], &[4, 18, 2, 8, 3], &[17, 72, 8, 32, 15, 63], &[17, 72, 8, 32, 15, 63], &[623347347957, 884107995871, 71999863748, 129944532028]],
    },
    Recorded {
        seed: "444",
        getrandbits: [0, 0, 36, 28427358, 1327727452, 2080643381, 334412509901, 4740692631437025907, 16626869753402951522],
        randint: [4, 4, 0, 4, 7, 4, 4, 8, 10, 7, 8, 4],
        randint_of_all: [-3914127871612569491, -287076759493180580, 840416031030903575],
        randrange_down: [4, 4, 10, 4, 1, 4, -8, 4],
        randrange_up: [17, 17, 3, 17, 24, 17, 45, 17],
        randrange_of_one: [39, 36, 1, 39, 62, 35, 38, 95],
        random: [0x3fd3c4ee1a4d71ca, 0x3f8b1c454f238340, 0x3fdf01064a35abd2, 0x3feb913e5935137b],
        uniform: [0x3ff5c76812320398, 0xc002ad1e9da2c417, 0x400c7199d3f3dc78],
        gauss: [0x4023c38a75de9f57, 0x40249bdb305d20e1, 0x40182b56f62a1a56, 0x4024c6c5b0b05623, 0x4023bce4a987a46c],
        normalvariate: [0x40233aa35879878b, 0x40288c2d7986b43c, 0x40236becb9731c3e, 0x401a18f9e5969fd4],
        expovariate: [0x3fe7a5483839d65e, 0x3f9b4a9dbcf028ef, 0x3ff5332c81f330fd, 0x400fa0ba24dc3cae],
        choice: [4, 4, 0, 4, 7, 4, 4, 8],
        choices: [2, 0, 4, 7, 6, 5, 3, 2],
        choices_by_weight: [2, 0, 2, 3, 3, 3, 2, 2, 0, 3, 2, 2],
        choices_by_odd_weight: [2, 0, 2, 5, 2, 2, 2, 2, 0, 2, 2, 2, 2, 5, 0, 0],
        shuffle: [7, 1, 5, 8, 6, 3, 2, 0, 9, 4],
        sample: [&[9, 20, 0, 19, 15], &[9, 0, 15, 8, 16], &[39, 36, 1, 84, 62, 35], &[39, 36, 1, 62, 35, 38], &[314859305069, 339359271101, 302728354101, 334412509901]],
    },
    Recorded {
        seed: "4294967296",
        getrandbits: [0, 0, 44, 897280643, 4014597330, 71624475, 964699997961, 7031281961490375168, 15455483573206641377],
        randint: [1, 5, 6, 0, 0, 9, 5, 8, 7, 0, 2, 1],
        randint_of_all: [-2742820007989923369, -8915747255122008878, 9126066793443293066],
        randrange_down: [10, 4, 1, 10, 10, -2, -8, -8],
        randrange_up: [3, 17, 24, 3, 3, 31, 45, 45],
        randrange_of_one: [14, 44, 53, 2, 2, 78, 97, 42],
        random: [0x3fbced31cb3df170, 0x3fdabdb5477a4f26, 0x3f91139c02ebd380, 0x3fe39338e3811e8e],
        uniform: [0xbff166b119379b60, 0x4005c86b3faf1bac, 0xc0025515c3b6f858],
        gauss: [0x402727cadd9b6562, 0x4026b64537ca7d8e, 0x402978cf95f8a0b6, 0x4024935145f651bf, 0x40253ad1d2a322b6],
        normalvariate: [0x401ee06c00d63f9c, 0x40272333381baabf, 0x402492278f566b7c, 0x402a4861aa2eddc9],
        expovariate: [0x3fceb2052740f3fc, 0x3ff14fcbff213251, 0x3fa138789929fce1, 0x3ffe45e590c97891],
        choice: [1, 5, 6, 0, 0, 5, 8, 7],
        choices: [1, 3, 0, 5, 7, 2, 4, 4],
        choices_by_weight: [0, 2, 0, 3, 3, 2, 3, 2, 0, 3, 3, 2],
        choices_by_odd_weight: [0, 2, 0, 2, 5, 2, 2, 2, 0, 5, 5, 2, 2, 2, 5, 2],
        shuffle: [8, 9, 3, 2, 4, 7, 0, 6, 5, 1],
        sample: [&[3, 11, 13, 0, 17], &[3, 11, 13, 0, 19], &[14, 44, 53, 2, 81, 78], &[14, 44, 53, 2, 78, 42], &[382737396183, 21546460955, 964699997961, 840978850304]],
    },
    Recorded {
        seed: "-18446744073709551617",
        getrandbits: [0, 0, 109, 1556518014, 1867347033, 5371831481, 737092916894, 4568044868733267926, 2259651122788076490],
        randint: [1, 6, 4, 9, 10, 0, 7, 5, 1, 8, 5, 9],
        randint_of_all: [3165389177523623582, -2731279472173389513, -1442992209069933798],
        randrange_down: [10, -8, -5, 1, 4, -2, -5, 10],
        randrange_up: [3, 45, 38, 24, 17, 31, 38, 3],
        randrange_of_one: [13, 92, 55, 32, 79, 85, 3, 63],
        random: [0x3fba0cdc9b6cf9f0, 0x3fe731a51dbd35d1, 0x3fd00be92f33db62, 0x3fe3c52ad2afb6e2],
        uniform: [0xbff3a5f3a692dcbc, 0x401a3d91fe77a416, 0x3fe44a7167041b24],
        gauss: [0x4029280c0a1322fc, 0x4027d589fc56df87, 0x4023f98337a9507c, 0x40298c412022d868, 0x4027ac27c5fffa0f],
        normalvariate: [0x401f0c6e2d880a7b, 0x401dfb4450408033, 0x4024ad65a9a96e20, 0x4024678f18d904b4],
        expovariate: [0x3fcb7919c4c640fd, 0x4004a50b7d6412e3, 0x3fe279459e39cdf8, 0x3ffec78ca34aa774],
        choice: [1, 6, 4, 0, 7, 5, 1, 8],
        choices: [0, 6, 2, 5, 0, 3, 4, 5],
        choices_by_weight: [0, 3, 2, 3, 0, 2, 3, 3, 2, 2, 2, 3],
        choices_by_odd_weight: [0, 2, 2, 2, 0, 2, 2, 2, 2, 2, 2, 5, 2, 5, 2, 2],
        shuffle: [2, 8, 9, 3, 0, 5, 7, 4, 6, 1],
        sample: [&[3, 13, 8, 0, 15], &[3, 13, 8, 19, 21], &[13, 55, 32, 79, 3, 63], &[13, 55, 32, 79, 85, 3], &[941034888341, 479854405885, 988919342265, 737092916894]],
    },
    Recorded {
        seed: "123456789012345678901234567890123456789012345678901234567890",
        getrandbits: [0, 1, 21, 542570798, 2663973961, 3922058676, 1062945969485, 5688259234636426610, 11551549657912653800],
        randint: [2, 4, 9, 4, 7, 9, 0, 10, 8, 3, 3, 0],
        randint_of_all: [-6174381720020711898, 7621741712222258249, -5646179501178200785],
        randrange_down: [7, 4, -2, 4, 1, -8, -2, 10],
        randrange_up: [10, 17, 31, 17, 24, 45, 31, 3],
        randrange_of_one: [21, 32, 79, 37, 62, 78, 6, 80],
        random: [0x3feed000c4a940c2, 0x3fd02b7c94f64822, 0x3fed38bbb52a5bab, 0x3fdf211557b8f134],
        uniform: [0x4023128099a43a98, 0x3fe50fcaa30342d4, 0x4021d452a589179e],
        gauss: [0x4026f85b44aef907, 0x40234b6dd2f90a51, 0x4027f281e8b5ef69, 0x40219aa4d9ab2799, 0x4024e4866136c99c],
        normalvariate: [0x40284010a5156385, 0x402985321ed44cf6, 0x40247cc35e996f26, 0x402997f815ca662b],
        expovariate: [0x401a59e5e49000d3, 0x3fe2a377d643f58f, 0x40138d0981a42337, 0x3ff55252f82e8a6a],
        choice: [2, 4, 4, 7, 0, 8, 3, 3],
        choices: [8, 2, 8, 4, 7, 0, 4, 1],
        choices_by_weight: [3, 2, 3, 2, 3, 0, 3, 2, 2, 3, 3, 3],
        choices_by_odd_weight: [5, 2, 5, 2, 5, 0, 2, 2, 2, 5, 2, 5, 5, 5, 5, 2],
        shuffle: [6, 9, 5, 1, 0, 7, 3, 8, 4, 2],
        sample: [&[5, 8, 9, 15, 1], &[5, 8, 19, 9, 15], &[21, 32, 79, 37, 62, 78], &[21, 32, 79, 37, 62, 78], &[184524211750, 679689974364, 321749638580, 678048492914]],
    },
];
