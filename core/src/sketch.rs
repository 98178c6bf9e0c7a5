//! By which numbers do bodies that resemble each other agree?
//!
//! Not a signature that anyone keeps, but what bands are cut from while a corpus is matched, so it may be cheaper than the
//! scheme's. One permutation hashing (Li, Owen and Zhang 2012): each shingle falls into one slot by its hash, and a slot
//! holds the least of the rest of the hashes. A slot into which none falls holds the least of all shingles under a
//! permutation of its own, as in classic MinHash. Either way it is a shingle of the union of two bodies, each as likely
//! as any other, that decides whether they agree in a slot: they do with a probability of exactly their resemblance,
//! whatever their sizes. Slots that share the shingles out among them agree more evenly than independent ones.

/// Numbers in a sketch.
pub const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 7;

/// A slot into which no shingle fell.
const EMPTY: u32 = u32::MAX;

/// Shingles that are hashed side by side.
const LANES: usize = 16;
/// Empty slots for which that is done at once.
const GROUP: usize = 4;

/// The numbers of one body.
pub type Sketch = [u32; SLOTS];

/// Makes sketches, in memory that is used again from body to body.
#[derive(Default)]
pub struct Sketcher {
    /// The low halves of the shingles in whole lanes, the last one again and again.
    halves: Vec<u32>,
}

impl Sketcher {
    /// Returns the sketch of a body's shingles, which are at least one. Repeated ones change nothing.
    pub fn sketch(&mut self, shingles: &[u64]) -> Sketch {
        let mut sketch = [EMPTY; SLOTS];
        for &shingle in shingles {
            let slot = &mut sketch[(shingle >> (u64::BITS - SLOT_BITS)) as usize];
            *slot = (*slot).min((shingle >> (u32::BITS - SLOT_BITS)) as u32);
        }
        self.halves.clear();
        self.halves.extend(shingles.iter().map(|&shingle| shingle as u32));
        self.halves.resize(shingles.len().next_multiple_of(LANES), shingles[shingles.len() - 1] as u32);
        fill(&self.halves, &mut sketch);
        sketch
    }
}

/// Gives each empty slot the least of all shingles under its own permutation.
fn fill(halves: &[u32], sketch: &mut Sketch) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") {
        // SAFETY: this processor has AVX-512.
        return unsafe { fill_avx512(halves, sketch) };
    } else if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: this processor has AVX2.
        return unsafe { fill_avx2(halves, sketch) };
    }
    fill_anywhere(halves, sketch);
}

/// The same code, compiled for vectors of sixteen numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
unsafe fn fill_avx512(halves: &[u32], sketch: &mut Sketch) {
    fill_anywhere(halves, sketch);
}

/// The same code, compiled for vectors of eight numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn fill_avx2(halves: &[u32], sketch: &mut Sketch) {
    fill_anywhere(halves, sketch);
}

#[inline(always)]
fn fill_anywhere(halves: &[u32], sketch: &mut Sketch) {
    let (mut empty, mut count) = ([0; SLOTS + GROUP], 0);
    for (slot, &number) in sketch.iter().enumerate() {
        // Written in any case: whether a slot is empty cannot be foretold.
        empty[count] = slot;
        count += usize::from(number == EMPTY);
    }
    for first in (0..count).step_by(GROUP) {
        let group: &[usize; GROUP] = empty[first..].first_chunk().expect("some to spare");
        let permutations = group.map(|slot| PERMUTATIONS[slot]);
        let mut least = [[EMPTY; LANES]; GROUP];
        for block in halves.as_chunks::<LANES>().0 {
            for (least, (multiplier, addend)) in least.iter_mut().zip(permutations) {
                for (least, half) in least.iter_mut().zip(block) {
                    *least = (*least).min(half.wrapping_mul(multiplier).wrapping_add(addend));
                }
            }
        }
        for (&slot, least) in group[..GROUP.min(count - first)].iter().zip(least) {
            sketch[slot] = least.into_iter().fold(EMPTY, u32::min);
        }
    }
}

/// An odd multiplier and an addend for each slot.
static PERMUTATIONS: [(u32, u32); SLOTS] = {
    let mut permutations = [(0, 0); SLOTS];
    let mut slot = 0;
    while slot < SLOTS {
        permutations[slot] = (mixed(2 * slot as u32 + 1) | 1, mixed(2 * slot as u32 + 2));
        slot += 1;
    }
    permutations
};

/// MurmurHash3's finaliser.
const fn mixed(mut number: u32) -> u32 {
    number = (number ^ number >> 16).wrapping_mul(0x85EB_CA6B);
    number = (number ^ number >> 13).wrapping_mul(0xC2B2_AE35);
    number ^ number >> 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn sketch(shingles: &[u64]) -> Sketch {
        Sketcher::default().sketch(shingles)
    }

    fn direct(shingles: &[u64]) -> Sketch {
        std::array::from_fn(|slot| {
            let of_slot = shingles.iter().filter(|&&shingle| shingle >> 57 == slot as u64);
            let (multiplier, addend) = PERMUTATIONS[slot];
            let all = shingles.iter().map(|&shingle| (shingle as u32).wrapping_mul(multiplier).wrapping_add(addend));
            of_slot.map(|&shingle| (shingle >> 25) as u32).min().unwrap_or_else(|| all.min().unwrap())
        })
    }

    /// Hashes as good as random (SplitMix64).
    fn hashes(seed: u64) -> impl Iterator<Item = u64> {
        (1..).map(move |at: u64| {
            let mut hash = (seed << 32).wrapping_add(at).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            hash = (hash ^ hash >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            hash = (hash ^ hash >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
            hash ^ hash >> 31
        })
    }

    /// Of two bodies of so many shingles in all, of which `shared` stand in both, in how many slots they agree, and whether
    /// on a whole band of `rows` slots; one for each trial.
    fn trials(shared: usize, all: usize, bands: usize, rows: usize) -> Vec<(u32, bool)> {
        let trial = |seed| {
            let hashes: Vec<u64> = hashes(seed).take(all).collect();
            let middle = shared + (all - shared) / 2;
            let one = sketch(&hashes[..middle]);
            let other = sketch(&[&hashes[..shared], &hashes[middle..]].concat());
            let agree: Vec<bool> = one.iter().zip(&other).map(|(a, b)| a == b).collect();
            let band = agree.chunks_exact(rows).take(bands).any(|band| band.iter().all(|&agree| agree));
            (agree.iter().map(|&agree| u32::from(agree)).sum(), band)
        };
        (0..2000).map(trial).collect()
    }

    /// Slots agree as often as bodies resemble each other, no less evenly than independent ones would, and bands find at
    /// least what their formula says, in bodies of all sizes.
    #[test]
    fn bodies_agree_as_they_resemble_each_other() {
        for all in [10, 50, 130, 600, 2400] {
            for (share, bands, rows) in [(0.5, 42, 3), (0.7, 25, 5), (0.8, 25, 5), (0.3, 25, 5)] {
                let shared = (share * all as f64) as usize;
                let found = trials(shared, all, bands, rows);
                let count = found.len() as f64;
                let mean = found.iter().map(|&(agree, _)| f64::from(agree)).sum::<f64>() / count;
                let spread = found.iter().map(|&(agree, _)| (f64::from(agree) - mean).powi(2)).sum::<f64>() / count;
                let binomial = SLOTS as f64 * share * (1.0 - share);
                let off = (mean - SLOTS as f64 * share).abs();
                assert!(off < 5.0 * (binomial / count).sqrt(), "{all} shingles, {share}: {mean} slots agree");
                assert!(spread < 1.2 * binomial, "{all} shingles, {share}: {spread}, not {binomial}");
                let formula = 1.0 - (1.0 - share.powi(rows as i32)).powi(bands as i32);
                let recall = found.iter().filter(|&&(_, band)| band).count() as f64 / count;
                let error = (formula * (1.0 - formula) / count).sqrt();
                assert!(recall > formula - 4.0 * error, "{all} shingles, {share}: {recall}, not {formula}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_path_is_the_direct_formula(shingles in vec(any::<u64>(), 1..300)) {
            let expected = direct(&shingles);
            prop_assert_eq!(sketch(&shingles), expected);
            let mut sketcher = Sketcher::default();
            sketcher.sketch(&shingles);
            let empty = expected.map(|number| if shingles.len() % 2 == 0 { number } else { EMPTY });
            let mut filled = empty;
            fill_anywhere(&sketcher.halves, &mut filled);
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                let mut other = empty;
                // SAFETY: this processor has AVX2.
                unsafe { fill_avx2(&sketcher.halves, &mut other) };
                prop_assert_eq!(other, filled);
            }
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx512f") {
                let mut other = empty;
                // SAFETY: this processor has AVX-512.
                unsafe { fill_avx512(&sketcher.halves, &mut other) };
                prop_assert_eq!(other, filled);
            }
        }

        #[test]
        fn neither_order_nor_repetition_counts(mut shingles in vec(any::<u64>(), 1..60), again in 0usize..60) {
            let expected = sketch(&shingles);
            shingles.push(shingles[again % shingles.len()]);
            shingles.reverse();
            prop_assert_eq!(sketch(&shingles), expected);
        }
    }
}
