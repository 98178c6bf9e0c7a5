//! What do w consecutive words hash to?
//!
//! # Scheme v1, step 3: shingles
//!
//! All arithmetic is modulo 2^64. The shingle of the word hashes h1 … hw is
//! `h1·K^(w-1) + h2·K^(w-2) + … + hw` with K = 0x9E3779B185EBCA87, finalised: `x ^= x >> 37`,
//! `x *= 0x165667919E3779F9`, `x ^= x >> 32`. A text of n words has the n - w + 1 shingles of its windows in order; one
//! of fewer than w words has one shingle of them all, by the same formula with w = n; one without words has none.

const BASE: u64 = 0x9E37_79B1_85EB_CA87;
const FINAL: u64 = 0x1656_6791_9E37_79F9;

/// Shingles that are worked out side by side.
const LANES: usize = 32;

/// Appends the shingles of `words`, each of `width` of them, in order. `width` is at least 1.
pub fn roll(words: &[u64], width: usize, out: &mut Vec<u64>) {
    assert!(width >= 1, "a shingle has at least one word");
    #[cfg(target_arch = "x86_64")]
    if width <= MOST_SIDE_BY_SIDE {
        let done = if std::arch::is_x86_feature_detected!("avx512dq") {
            // SAFETY: this processor has AVX-512.
            unsafe { side_by_side_avx512(words, width, out) }
        } else if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: this processor has AVX2.
            unsafe { side_by_side_avx2(words, width, out) }
        } else {
            0
        };
        return one_by_one(&words[done..], width, out, done > 0);
    }
    one_by_one(words, width, out, false);
}

/// Wider shingles cost less if each is made from the one before.
const MOST_SIDE_BY_SIDE: usize = 8;

/// The same code as anywhere, compiled for vectors of eight numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq")]
unsafe fn side_by_side_avx512(words: &[u64], width: usize, out: &mut Vec<u64>) -> usize {
    side_by_side(words, width, out)
}

/// The same for vectors of four, which take three products of half the width for one.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn side_by_side_avx2(words: &[u64], width: usize, out: &mut Vec<u64>) -> usize {
    side_by_side(words, width, out)
}

/// Appends the shingles that begin with the first words, by the formula, as many as fill whole lanes; returns how many.
#[inline(always)]
fn side_by_side(words: &[u64], width: usize, out: &mut Vec<u64>) -> usize {
    let mut done = 0;
    while let Some(here) = words.get(done..done + LANES + width - 1) {
        // Loops over numbers alone: an iterator's own code would be compiled for any processor.
        let mut sums = [0u64; LANES];
        for place in 0..width {
            let words: &[u64; LANES] = here[place..place + LANES].try_into().expect("as many as lanes");
            let mut lane = 0;
            while lane < LANES {
                sums[lane] = sums[lane].wrapping_mul(BASE).wrapping_add(words[lane]);
                lane += 1;
            }
        }
        let mut lane = 0;
        while lane < LANES {
            sums[lane] = finalise(sums[lane]);
            lane += 1;
        }
        out.extend_from_slice(&sums);
        done += LANES;
    }
    done
}

/// Appends the shingles of the words, each made from the one before. Where other words came `before`, too few words have no
/// shingle: theirs are there.
fn one_by_one(words: &[u64], width: usize, out: &mut Vec<u64>, before: bool) {
    if words.is_empty() || (before && words.len() < width) {
        return;
    }
    let (first, rest) = words.split_at(width.min(words.len()));
    let mut sum = first.iter().fold(0, |sum: u64, &word| sum.wrapping_mul(BASE).wrapping_add(word));
    let outgoing = (0..width).fold(1, |power: u64, _| power.wrapping_mul(BASE));
    out.reserve(rest.len() + 1);
    out.push(finalise(sum));
    out.extend(words.iter().zip(rest).map(|(&old, &new)| {
        // The next sum waits for one product only.
        let change = new.wrapping_sub(old.wrapping_mul(outgoing));
        sum = sum.wrapping_mul(BASE).wrapping_add(change);
        finalise(sum)
    }));
}

fn finalise(mut sum: u64) -> u64 {
    sum ^= sum >> 37;
    sum = sum.wrapping_mul(FINAL);
    sum ^ sum >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn rolled(words: &[u64], width: usize) -> Vec<u64> {
        let mut out = Vec::new();
        roll(words, width, &mut out);
        out
    }

    fn direct(window: &[u64]) -> u64 {
        let power = |exponent: usize| (0..exponent).fold(1, |power: u64, _| power.wrapping_mul(BASE));
        let terms = window.iter().enumerate().map(|(i, &word)| word.wrapping_mul(power(window.len() - 1 - i)));
        finalise(terms.fold(0, u64::wrapping_add))
    }

    #[test]
    fn no_words_have_no_shingle() {
        assert!(rolled(&[], 5).is_empty());
    }

    #[test]
    fn few_words_have_one_shingle() {
        assert_eq!(rolled(&[1, 2, 3], 5), rolled(&[1, 2, 3], 3));
    }

    #[test]
    fn order_counts() {
        assert_ne!(rolled(&[1, 2], 2), rolled(&[2, 1], 2));
    }

    proptest! {
        #[test]
        fn rolling_is_the_direct_formula(words in vec(any::<u64>(), 1..40), width in 1_usize..9) {
            let width_here = width.min(words.len());
            let expected: Vec<u64> = words.windows(width_here).map(direct).collect();
            prop_assert_eq!(rolled(&words, width), expected);
        }

        #[test]
        fn every_way_is_the_same(words in vec(any::<u64>(), 0..140), width in 1_usize..12) {
            let (mut plain, mut lanes) = (Vec::new(), Vec::new());
            one_by_one(&words, width, &mut plain, false);
            let done = side_by_side(&words, width, &mut lanes);
            one_by_one(&words[done..], width, &mut lanes, done > 0);
            prop_assert_eq!(&plain, &lanes);
            prop_assert_eq!(plain, rolled(&words, width));
        }

        #[test]
        fn appending_changes_no_earlier_shingle(
            words in vec(any::<u64>(), 5..40), more in vec(any::<u64>(), 0..10), width in 1_usize..6,
        ) {
            let before = rolled(&words, width);
            let after = rolled(&[words, more].concat(), width);
            prop_assert_eq!(&after[..before.len()], &before[..]);
        }
    }
}
