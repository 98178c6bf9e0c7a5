//! What is the signature of a set of shingles?
//!
//! # Scheme v1, step 4: the signature
//!
//! Exactly datasketch 2's `MinHash(num_perm=128, seed=1, scheme="affine32")` updated with every shingle's low 32 bits,
//! so signatures load into the indexes of that library. For each shingle, `h` is its low 32 bits mixed by
//! MurmurHash3's finaliser (`h ^= h >> 16`, `h *= 0x85EBCA6B`, `h ^= h >> 13`, `h *= 0xC2B2AE35`, `h ^= h >> 16`).
//! Slot i of the signature is the minimum of `a[i]·h + b[i]` modulo 2^32 over all shingles, 2^32 - 1 for none. The
//! permutations a and b belong to the caller, who draws them as datasketch does.

/// Permutations that one pass over a block of shingles serves: their minima stay in registers.
const LANES: usize = 32;
/// Shingles mixed at a time: few enough to stay in the first-level cache.
const BLOCK: usize = 512;

/// Writes the signature of `shingles` into `out`, which is as long as `a` and `b`.
///
/// Repeated shingles change nothing. No shingles give all ones.
pub fn sign(shingles: &[u64], a: &[u32], b: &[u32], out: &mut [u32]) {
    assert!(a.len() == out.len() && b.len() == out.len(), "a signature has one slot for each permutation");
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") {
        // SAFETY: this processor has AVX-512.
        return unsafe { sign_avx512(shingles, a, b, out) };
    } else if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: this processor has AVX2.
        return unsafe { sign_avx2(shingles, a, b, out) };
    }
    sign_anywhere(shingles, a, b, out);
}

/// The same code, compiled for vectors of sixteen numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
unsafe fn sign_avx512(shingles: &[u64], a: &[u32], b: &[u32], out: &mut [u32]) {
    sign_anywhere(shingles, a, b, out);
}

/// The same code, compiled for vectors of eight numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn sign_avx2(shingles: &[u64], a: &[u32], b: &[u32], out: &mut [u32]) {
    sign_anywhere(shingles, a, b, out);
}

#[inline(always)]
fn sign_anywhere(shingles: &[u64], a: &[u32], b: &[u32], out: &mut [u32]) {
    out.fill(u32::MAX);
    let mut mixed = [0; BLOCK];
    for block in shingles.chunks(BLOCK) {
        let mixed = &mut mixed[..block.len()];
        for (h, &shingle) in mixed.iter_mut().zip(block) {
            *h = mix(shingle as u32);
        }
        for ((least, a), b) in out.chunks_mut(LANES).zip(a.chunks(LANES)).zip(b.chunks(LANES)) {
            lower(mixed, &padded(a), &padded(b), least);
        }
    }
}

#[inline(always)]
fn lower(mixed: &[u32], a: &[u32; LANES], b: &[u32; LANES], out: &mut [u32]) {
    let mut least = padded(out);
    for &h in mixed {
        for lane in 0..LANES {
            least[lane] = least[lane].min(a[lane].wrapping_mul(h).wrapping_add(b[lane]));
        }
    }
    out.copy_from_slice(&least[..out.len()]);
}

/// The last permutations may be fewer than the lanes; what is computed in the spare ones is dropped.
#[inline(always)]
fn padded(values: &[u32]) -> [u32; LANES] {
    let mut lanes = [0; LANES];
    lanes[..values.len()].copy_from_slice(values);
    lanes
}

#[inline(always)]
fn mix(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85EB_CA6B);
    h ^= h >> 13;
    h = h.wrapping_mul(0xC2B2_AE35);
    h ^ h >> 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn permutations(count: usize) -> (Vec<u32>, Vec<u32>) {
        let values: Vec<u32> = (0..2 * count as u32).map(|i| mix(i + 1)).collect();
        (values[..count].iter().map(|a| a | 1).collect(), values[count..].to_vec())
    }

    fn signed(shingles: &[u64], count: usize) -> Vec<u32> {
        let (a, b) = permutations(count);
        let mut out = vec![7; count];
        sign(shingles, &a, &b, &mut out);
        out
    }

    fn direct(shingles: &[u64], count: usize) -> Vec<u32> {
        let (a, b) = permutations(count);
        let value = |i: usize, shingle: u64| a[i].wrapping_mul(mix(shingle as u32)).wrapping_add(b[i]);
        (0..count).map(|i| shingles.iter().map(|&shingle| value(i, shingle)).min().unwrap_or(u32::MAX)).collect()
    }

    #[test]
    fn the_empty_set_is_all_ones() {
        assert_eq!(signed(&[], 128), [u32::MAX; 128]);
    }

    #[test]
    fn many_blocks_are_one_set() {
        let shingles: Vec<u64> = (0..3 * BLOCK as u64 + 1).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
        assert_eq!(signed(&shingles, 128), direct(&shingles, 128));
    }

    proptest! {
        #[test]
        fn every_path_is_the_direct_formula(shingles in vec(any::<u64>(), 0..60), count in 1_usize..130) {
            let expected = direct(&shingles, count);
            let (a, b) = permutations(count);
            let mut out = vec![7; count];
            sign_anywhere(&shingles, &a, &b, &mut out);
            prop_assert_eq!(&out, &expected);
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                out.fill(7);
                // SAFETY: this processor has AVX2.
                unsafe { sign_avx2(&shingles, &a, &b, &mut out) };
                prop_assert_eq!(&out, &expected);
            }
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx512f") {
                out.fill(7);
                // SAFETY: this processor has AVX-512.
                unsafe { sign_avx512(&shingles, &a, &b, &mut out) };
                prop_assert_eq!(&out, &expected);
            }
            prop_assert_eq!(signed(&shingles, count), expected);
        }

        #[test]
        fn the_signature_of_a_union_is_the_minimum(one in vec(any::<u64>(), 0..40), two in vec(any::<u64>(), 0..40)) {
            let least: Vec<u32> = signed(&one, 128).into_iter().zip(signed(&two, 128)).map(|(x, y)| x.min(y)).collect();
            prop_assert_eq!(signed(&[one, two].concat(), 128), least);
        }
    }
}
