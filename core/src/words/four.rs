//! What are the xxh3-64 of four short words at once, with AVX2?
//!
//! xxh3 has one formula for one to three bytes, one for four to eight and one for nine to sixteen. Which of them a word
//! needs cannot be foretold, and a wrong guess costs more than all three. So a table says by the length which bytes to bring
//! where, and every step is taken for every word: what differs are the constants, and whose result counts.

use std::arch::x86_64::*;

use super::side_by_side::{Memory, PLACES, SECRET, SHORT};

/// Words that are hashed together.
pub const FOUR: usize = 4;

/// How the two numbers that are hashed are made of the bytes of a word.
#[repr(align(32))]
struct Numbers {
    /// Which byte of the word stands where; 0x80: none.
    shuffle: [u8; 16],
    /// Is added without carry: parts of xxh3's secret.
    flip: [u64; 2],
}

/// By the length of the word; those of no byte and of more than `SHORT` mean nothing.
static NUMBERS: [Numbers; LENGTHS] = {
    const NONE: Numbers = Numbers { shuffle: [0x80; 16], flip: [0; 2] };
    let mut all = [NONE; LENGTHS];
    let mut length = 1;
    while length <= SHORT {
        all[length] = numbers(length);
        length += 1;
    }
    all
};
const LENGTHS: usize = 2 * SHORT;

const fn numbers(length: usize) -> Numbers {
    let (last, mut shuffle) = (length as u8 - 1, [0x80; 16]);
    if length < 4 {
        (shuffle[0], shuffle[2], shuffle[3]) = (last, 0, length as u8 / 2);
        return Numbers { shuffle, flip: [(SECRET[0] ^ SECRET[0] >> 32) & 0xFFFF_FFFF ^ (length as u64) << 8, 0] };
    }
    // The first number holds the last four bytes, then the first four; or the first eight, and the second the last eight.
    let (first, second, flip) = match length {
        4..=8 => (last - 3, 0, [SECRET[1] ^ SECRET[2], 0]),
        _ => (0, 4, [SECRET[3] ^ SECRET[4], SECRET[5] ^ SECRET[6]]),
    };
    let mut at = 0;
    while at < 4 {
        (shuffle[at], shuffle[4 + at]) = (first + at as u8, second + at as u8);
        if length > 8 {
            (shuffle[8 + at], shuffle[12 + at]) = (last - 7 + at as u8, last - 3 + at as u8);
        }
        at += 1;
    }
    Numbers { shuffle, flip }
}

/// Returns the hashes of four words, given where in the memory they start and end. Those of longer words than `SHORT` mean
/// nothing.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
pub unsafe fn hash(memory: &Memory, words: &[[u16; 2]; FOUR]) -> [u64; FOUR] {
    // SAFETY: the caller vouches for the processor; `words` has 16 bytes, and so has what is returned twice.
    unsafe {
        let [one, two, three, four] = *words;
        let odd = _mm256_set_m128i(both_numbers(memory, three), both_numbers(memory, one));
        let even = _mm256_set_m128i(both_numbers(memory, four), both_numbers(memory, two));
        let (low, high) = (_mm256_unpacklo_epi64(odd, even), _mm256_unpackhi_epi64(odd, even));
        let borders = _mm_loadu_si128(words.as_ptr().cast());
        let starts = _mm_and_si128(borders, _mm_set1_epi32(0xFFFF));
        let length = _mm256_cvtepu32_epi64(_mm_sub_epi32(_mm_srli_epi32::<16>(borders), starts));
        let is_tiny = _mm256_cmpgt_epi64(_mm256_set1_epi64x(4), length);
        let is_long = _mm256_cmpgt_epi64(length, _mm256_set1_epi64x(8));
        let others = _mm256_or_si256(is_tiny, is_long);

        let small = _mm256_xor_si256(low, _mm256_andnot_si256(is_tiny, rotated(low)));
        let small =
            product(small, [0xC2B2_AE3D_27D4_EB4F, 0x9FB2_1C65_1E98_DF25, 0x9FB2_1C65_1E98_DF25], is_tiny, is_long);
        let numbers = _mm256_add_epi64(_mm256_shuffle_epi8(low, swapped()), high);
        let long = _mm256_add_epi64(_mm256_add_epi64(length, numbers), folded_product(low, high));
        let sum = _mm256_blendv_epi8(small, long, is_long);

        let shifted = _mm256_srlv_epi64(sum, choice([29, 35, 37], is_tiny, is_long));
        let sum = _mm256_xor_si256(sum, _mm256_add_epi64(shifted, _mm256_andnot_si256(others, length)));
        let sum = product(sum, [0x1656_67B1_9E37_79F9, 0x9FB2_1C65_1E98_DF25, 0x1656_6791_9E37_79F9], is_tiny, is_long);
        let sum = _mm256_xor_si256(sum, _mm256_srlv_epi64(sum, choice([32, 28, 32], is_tiny, is_long)));
        std::mem::transmute(sum)
    }
}

/// The two numbers of one word.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn both_numbers(memory: &Memory, [start, end]: [u16; 2]) -> __m128i {
    // The masks change nothing and spare checks.
    let numbers = &NUMBERS[end.wrapping_sub(start) as usize & (LENGTHS - 1)];
    let word: &[u8; 16] = memory[start as usize & (PLACES - 1)..].first_chunk().expect("sixteen bytes");
    // SAFETY: the caller vouches for the processor; all three arrays have 16 bytes.
    unsafe {
        let shuffle = _mm_loadu_si128(numbers.shuffle.as_ptr().cast());
        let flip = _mm_loadu_si128(numbers.flip.as_ptr().cast());
        _mm_xor_si128(_mm_shuffle_epi8(_mm_loadu_si128(word.as_ptr().cast()), shuffle), flip)
    }
}

/// For each word the constant of its formula: that of one to three bytes, of four to eight, of more.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn choice(of: [u64; 3], is_tiny: __m256i, is_long: __m256i) -> __m256i {
    // SAFETY: the caller vouches for the processor.
    unsafe {
        let [tiny, small, long] = [of[0] as i64, of[1] as i64, of[2] as i64];
        let choice = _mm256_blendv_epi8(_mm256_set1_epi64x(small), _mm256_set1_epi64x(tiny), is_tiny);
        if long == small { choice } else { _mm256_blendv_epi8(choice, _mm256_set1_epi64x(long), is_long) }
    }
}

/// Multiplies each number with the constant of its formula. Only halves are multiplied side by side.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn product(numbers: __m256i, factors: [u64; 3], is_tiny: __m256i, is_long: __m256i) -> __m256i {
    // SAFETY: the caller vouches for the processor.
    unsafe {
        let [tiny, small, long] = factors;
        let factor = choice(factors, is_tiny, is_long);
        let upper = choice([tiny >> 32, small >> 32, long >> 32], is_tiny, is_long);
        let across = _mm256_mul_epu32(_mm256_srli_epi64::<32>(numbers), factor);
        let across = _mm256_add_epi64(across, _mm256_mul_epu32(numbers, upper));
        _mm256_add_epi64(_mm256_mul_epu32(numbers, factor), _mm256_slli_epi64::<32>(across))
    }
}

/// Adds what rotating each number by 49 and by 24 bits gives, without carry.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn rotated(numbers: __m256i) -> __m256i {
    // SAFETY: the caller vouches for the processor.
    unsafe {
        let by_49 = _mm256_or_si256(_mm256_slli_epi64::<49>(numbers), _mm256_srli_epi64::<15>(numbers));
        let three_bytes =
            _mm256_broadcastsi128_si256(_mm_setr_epi8(5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12));
        _mm256_xor_si256(by_49, _mm256_shuffle_epi8(numbers, three_bytes))
    }
}

/// Which byte goes where when the bytes of numbers are swapped.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn swapped() -> __m256i {
    // SAFETY: the caller vouches for the processor.
    unsafe { _mm256_broadcastsi128_si256(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)) }
}

/// The two halves of each product of 128 bits, added without carry.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn folded_product(one: __m256i, other: __m256i) -> __m256i {
    // SAFETY: the caller vouches for the processor.
    unsafe {
        let (one_high, other_high) = (_mm256_srli_epi64::<32>(one), _mm256_srli_epi64::<32>(other));
        let (lowest, highest) = (_mm256_mul_epu32(one, other), _mm256_mul_epu32(one_high, other_high));
        let (across, back) = (_mm256_mul_epu32(one, other_high), _mm256_mul_epu32(one_high, other));
        let low = _mm256_set1_epi64x(0xFFFF_FFFF);
        let middle = _mm256_add_epi64(_mm256_and_si256(across, low), _mm256_and_si256(back, low));
        let middle = _mm256_add_epi64(middle, _mm256_srli_epi64::<32>(lowest));
        let lower = _mm256_blend_epi32::<0xAA>(lowest, _mm256_slli_epi64::<32>(middle));
        let carried = _mm256_add_epi64(_mm256_srli_epi64::<32>(across), _mm256_srli_epi64::<32>(back));
        let carried = _mm256_add_epi64(carried, _mm256_srli_epi64::<32>(middle));
        _mm256_xor_si256(lower, _mm256_add_epi64(highest, carried))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    proptest! {
        #[test]
        fn they_are_xxh3(
            bytes in prop::collection::vec(any::<u8>(), 300),
            words in prop::array::uniform::<_, FOUR>((0u16..250, 1u16..=SHORT as u16)),
            at_end in any::<bool>(),
        ) {
            if !crate::words::has_avx2() {
                return Ok(());
            }
            let first = if at_end { PLACES - bytes.len() } else { 0 };
            let mut memory = [0; PLACES + 16];
            memory[first..first + bytes.len()].copy_from_slice(&bytes);
            let words = words.map(|(start, length)| [start, start + length].map(|place| first as u16 + place));
            // SAFETY: this processor has AVX2.
            let hashes = unsafe { hash(&memory, &words) };
            prop_assert_eq!(hashes, words.map(|[start, end]| xxh3_64(&memory[start as usize..end as usize])));
        }
    }
}
