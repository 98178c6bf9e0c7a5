//! Which of sixty-four bytes are letters? Once for each kind of processor.

use super::alphabets::{Alphabet, Found};
use super::narrow;
use super::side_by_side::{LANES, Memory};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes looked at together, one bit each in what is found.
pub const WIDTH: usize = 64;

/// What kinds of bytes a block holds, the first byte in the lowest bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// ASCII letters and digits.
    pub letters: u64,
    /// ASCII digits.
    pub digits: u64,
    /// `'`
    pub apostrophes: u64,
    /// All bytes that are not ASCII.
    pub high: u64,
    /// 0xE2, the first byte of U+2000..U+2FFF.
    pub e2: u64,
    /// 0x80, the second byte of U+2000..U+203F after that.
    pub x80: u64,
    /// 0x90..=0xA7, the third byte of U+2010..U+2027 after those: dashes, quotes, dots.
    pub marks: u64,
    /// 0x98, 0x99 and 0x9B: of these U+2018, U+2019 and U+201B, which are apostrophes.
    pub curly: u64,
}

/// What a kind of processor does in its own way.
pub trait Lanes {
    /// Tells the kinds of bytes, and writes them with every letter lower-case; what else is written means nothing.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn look(bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds;

    /// Does to each code point what `narrow::one` does.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn narrow(code_points: &[u16; WIDTH]) -> [u8; WIDTH];

    /// Does what `Alphabet::fold_anywhere` does.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn fold(alphabet: &Alphabet, bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Found;

    /// Writes the places of the bits that are set, each with `base` added, ascending. What is written after them means
    /// nothing.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn places(bits: u64, base: u16, out: &mut [u16; WIDTH]);

    /// Does what `side_by_side::hash_all` does.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn hash_all(memory: &Memory, words: &[[u16; 2]; LANES], count: usize) -> [u64; LANES];
}

/// Any processor.
pub struct Anywhere;

impl Lanes for Anywhere {
    #[inline(always)]
    unsafe fn look(bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds {
        let mut kinds = Kinds::default();
        for at in (0..WIDTH).step_by(8) {
            let eight = u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
            folded[at..at + 8].copy_from_slice(&(eight | every_byte(LOWER)).to_le_bytes());
            let high = eight & every_byte(0x80);
            let low = eight & !every_byte(0x80);
            // With the top bits cleared no sum carries into the next byte: its top bit then says "at least".
            let at_least = |bytes: u64, least: u8| bytes.wrapping_add(every_byte(0x80 - least));
            let within = |bytes: u64, first: u8, last: u8| at_least(bytes, first) & !at_least(bytes, last + 1);
            let ascii = !high & every_byte(0x80);
            let digits = within(low, b'0', b'9') & ascii;
            // The top bit of each byte, all side by side.
            let bits = |tops: u64| ((tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << at;
            kinds.letters |= bits(within(low | every_byte(LOWER), b'a', b'z') & ascii | digits);
            kinds.digits |= bits(digits);
            kinds.apostrophes |= bits(within(low, b'\'', b'\'') & ascii);
            kinds.high |= bits(high);
            kinds.e2 |= bits(within(low, 0x62, 0x62) & high);
            kinds.x80 |= bits(!at_least(low, 1) & high);
            kinds.marks |= bits(within(low, 0x10, 0x27) & high);
            kinds.curly |= bits((within(low, 0x18, 0x19) | within(low, 0x1B, 0x1B)) & high);
        }
        kinds
    }

    #[inline(always)]
    unsafe fn narrow(code_points: &[u16; WIDTH]) -> [u8; WIDTH] {
        code_points.map(narrow::one)
    }

    #[inline(always)]
    unsafe fn fold(alphabet: &Alphabet, bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Found {
        alphabet.fold_anywhere(bytes, folded)
    }

    #[inline(always)]
    unsafe fn places(mut bits: u64, base: u16, out: &mut [u16; WIDTH]) {
        // Eight places at a time, needed or not: how many are needed cannot be foretold.
        let count = bits.count_ones() as usize;
        for eight in out.chunks_exact_mut(8).take(count.div_ceil(8)) {
            for place in eight {
                *place = base.wrapping_add(bits.trailing_zeros() as u16);
                bits &= bits.wrapping_sub(1);
            }
        }
    }

    #[inline(always)]
    unsafe fn hash_all(memory: &Memory, words: &[[u16; 2]; LANES], count: usize) -> [u64; LANES] {
        let mut hashes = [0; LANES];
        for (hash, &[start, end]) in hashes.iter_mut().zip(words).take(count) {
            *hash = xxh3_64(&memory[start as usize..end as usize]);
        }
        hashes
    }
}

/// The bit that turns ASCII capitals into small letters, and that small letters and digits have already.
const LOWER: u8 = 0x20;

const fn every_byte(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{Alphabet, Found, Kinds, LOWER, Lanes, WIDTH};
    use crate::words::four::{self, FOUR};
    use crate::words::narrow;
    use crate::words::side_by_side::{self, LANES, Memory, SHORT};

    /// A processor with AVX2, BMI1 and BMI2.
    pub struct Avx2;

    impl Lanes for Avx2 {
        #[inline(always)]
        unsafe fn look(bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds {
            // SAFETY: the caller vouches for the processor; either half of the arrays is 32 bytes long.
            unsafe {
                let low = half(bytes.as_ptr(), folded.as_mut_ptr());
                let high = half(bytes.as_ptr().add(32), folded.as_mut_ptr().add(32));
                let join = |low: u32, high: u32| low as u64 | (high as u64) << 32;
                Kinds {
                    letters: join(low[0], high[0]),
                    digits: join(low[1], high[1]),
                    apostrophes: join(low[2], high[2]),
                    high: join(low[3], high[3]),
                    e2: join(low[4], high[4]),
                    x80: join(low[5], high[5]),
                    marks: join(low[6], high[6]),
                    curly: join(low[7], high[7]),
                }
            }
        }

        #[inline(always)]
        unsafe fn narrow(code_points: &[u16; WIDTH]) -> [u8; WIDTH] {
            // SAFETY: the caller vouches for the processor.
            unsafe { narrow::avx2(code_points) }
        }

        #[inline(always)]
        unsafe fn fold(alphabet: &Alphabet, bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Found {
            // SAFETY: the caller vouches for the processor.
            unsafe { alphabet.fold_avx2(bytes, folded) }
        }

        #[inline(always)]
        unsafe fn places(bits: u64, base: u16, out: &mut [u16; WIDTH]) {
            let mut count = 0;
            let mut first = 0;
            while first < WIDTH {
                let byte = (bits >> first) as u8;
                // SAFETY: the caller vouches for the processor; no more places were written than bits were passed, so
                // there is room for eight more.
                unsafe {
                    let places = _mm_loadl_epi64(PLACES_IN_BYTE[byte as usize].as_ptr().cast());
                    let base = _mm_set1_epi16(base.wrapping_add(first as u16) as i16);
                    let places = _mm_add_epi16(_mm_cvtepu8_epi16(places), base);
                    _mm_storeu_si128(out.as_mut_ptr().add(count).cast(), places);
                }
                count += byte.count_ones() as usize;
                first += 8;
            }
        }

        #[inline(always)]
        unsafe fn hash_all(memory: &Memory, words: &[[u16; 2]; LANES], count: usize) -> [u64; LANES] {
            // Loops and no closures, which would be compiled for any processor.
            let (mut hashes, mut done) = ([0; LANES], 0);
            while done < count {
                let four = words[done..].first_chunk().expect("a multiple of four");
                // SAFETY: the caller vouches for the processor.
                let some = unsafe { four::hash(memory, four) };
                hashes[done..done + FOUR].copy_from_slice(&some);
                done += FOUR;
            }
            // SAFETY: the caller vouches for the processor.
            if unsafe { any_is_long(words) } {
                side_by_side::hash_long(memory, words, count, &mut hashes);
            }
            hashes
        }
    }

    /// Whether any word is not short.
    ///
    /// # Safety
    ///
    /// The processor has AVX2.
    #[inline(always)]
    unsafe fn any_is_long(words: &[[u16; 2]; LANES]) -> bool {
        // SAFETY: the caller vouches for the processor; the words are a whole number of vectors.
        unsafe {
            let words: *const __m256i = words.as_ptr().cast();
            let mut longest = _mm256_setzero_si256();
            let mut eight = 0;
            while eight < LANES / 8 {
                let both = _mm256_loadu_si256(words.add(eight));
                // In the lower half of each lane: the end less the start.
                let length = _mm256_sub_epi16(_mm256_srli_epi32::<16>(both), both);
                longest = _mm256_max_epu16(longest, length);
                eight += 1;
            }
            let length = _mm256_and_si256(longest, _mm256_set1_epi32(0xFFFF));
            let beyond = _mm256_subs_epu16(length, _mm256_set1_epi32(SHORT as i32));
            _mm256_testz_si256(beyond, beyond) == 0
        }
    }

    /// For each byte, the places of the bits that are set, ascending.
    static PLACES_IN_BYTE: [[u8; 8]; 256] = {
        let (mut all, mut byte) = ([[0; 8]; 256], 0);
        while byte < all.len() {
            let (mut bits, mut count) = (byte, 0);
            while bits != 0 {
                all[byte][count] = bits.trailing_zeros() as u8;
                bits &= bits - 1;
                count += 1;
            }
            byte += 1;
        }
        all
    };

    /// The fields of `Kinds` in their order, for 32 bytes.
    ///
    /// # Safety
    ///
    /// The processor has AVX2, and there are 32 bytes at either place.
    #[inline(always)]
    unsafe fn half(bytes: *const u8, folded: *mut u8) -> [u32; 8] {
        // SAFETY: the caller vouches for the processor and for the bytes.
        unsafe {
            let all = |byte: u8| _mm256_set1_epi8(byte as i8);
            let bits = |lanes: __m256i| _mm256_movemask_epi8(lanes) as u32;
            let bytes = _mm256_loadu_si256(bytes.cast());
            let within = |lanes: __m256i, first: u8, last: u8| {
                let from_first = _mm256_sub_epi8(lanes, all(first));
                _mm256_cmpeq_epi8(_mm256_min_epu8(from_first, all(last - first)), from_first)
            };
            let is = |byte: u8| _mm256_cmpeq_epi8(bytes, all(byte));
            let lower = _mm256_or_si256(bytes, all(LOWER));
            _mm256_storeu_si256(folded.cast(), lower);
            let digits = within(bytes, b'0', b'9');
            [
                bits(_mm256_or_si256(within(lower, b'a', b'z'), digits)),
                bits(digits),
                bits(is(b'\'')),
                bits(bytes),
                bits(is(0xE2)),
                bits(is(0x80)),
                bits(within(bytes, 0x90, 0xA7)),
                bits(_mm256_or_si256(within(bytes, 0x98, 0x99), is(0x9B))),
            ]
        }
    }

    /// A processor with AVX2, BMI1, BMI2, AVX-512 F, BW, DQ, VL and VBMI2.
    pub struct Avx512;

    impl Lanes for Avx512 {
        #[inline(always)]
        unsafe fn look(bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds {
            // SAFETY: the caller vouches for the processor; both arrays are 64 bytes long.
            unsafe {
                let all = |byte: u8| _mm512_set1_epi8(byte as i8);
                let bytes = _mm512_loadu_si512(bytes.as_ptr().cast());
                let within = |lanes: __m512i, first: u8, last: u8| {
                    _mm512_cmple_epu8_mask(_mm512_sub_epi8(lanes, all(first)), all(last - first))
                };
                let is = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, all(byte));
                let lower = _mm512_or_si512(bytes, all(LOWER));
                _mm512_storeu_si512(folded.as_mut_ptr().cast(), lower);
                let digits = within(bytes, b'0', b'9');
                Kinds {
                    letters: within(lower, b'a', b'z') | digits,
                    digits,
                    apostrophes: is(b'\''),
                    high: _mm512_movepi8_mask(bytes),
                    e2: is(0xE2),
                    x80: is(0x80),
                    marks: within(bytes, 0x90, 0xA7),
                    curly: within(bytes, 0x98, 0x99) | is(0x9B),
                }
            }
        }

        #[inline(always)]
        unsafe fn narrow(code_points: &[u16; WIDTH]) -> [u8; WIDTH] {
            // SAFETY: the caller vouches for the processor.
            unsafe { narrow::avx512(code_points) }
        }

        #[inline(always)]
        unsafe fn fold(alphabet: &Alphabet, bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Found {
            // SAFETY: the caller vouches for the processor.
            unsafe { alphabet.fold_avx2(bytes, folded) }
        }

        #[inline(always)]
        unsafe fn places(bits: u64, base: u16, out: &mut [u16; WIDTH]) {
            static ALL: [u8; WIDTH] = {
                let mut all = [0; WIDTH];
                let mut place = 0;
                while place < WIDTH {
                    all[place] = place as u8;
                    place += 1;
                }
                all
            };
            // SAFETY: the caller vouches for the processor; `ALL` is 64 bytes long, `out` twice as long.
            unsafe {
                let places = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(ALL.as_ptr().cast()));
                let base = _mm512_set1_epi16(base as i16);
                let half = |places: __m256i| _mm512_add_epi16(_mm512_cvtepu8_epi16(places), base);
                let out: *mut __m512i = out.as_mut_ptr().cast();
                _mm512_storeu_si512(out, half(_mm512_castsi512_si256(places)));
                _mm512_storeu_si512(out.add(1), half(_mm512_extracti64x4_epi64(places, 1)));
            }
        }

        #[inline(always)]
        unsafe fn hash_all(memory: &Memory, words: &[[u16; 2]; LANES], count: usize) -> [u64; LANES] {
            side_by_side::hash_all(memory, words, count)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::array::uniform;
    use proptest::prelude::*;
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;
    use crate::words::side_by_side::{BEFORE, PLACES};

    fn bits(bytes: &[u8; WIDTH], is: impl Fn(u8) -> bool) -> u64 {
        bytes.iter().rev().fold(0, |bits, &byte| bits << 1 | is(byte) as u64)
    }

    fn direct(bytes: &[u8; WIDTH]) -> Kinds {
        Kinds {
            letters: bits(bytes, |byte| byte.is_ascii_alphanumeric()),
            digits: bits(bytes, |byte| byte.is_ascii_digit()),
            apostrophes: bits(bytes, |byte| byte == b'\''),
            high: bits(bytes, |byte| !byte.is_ascii()),
            e2: bits(bytes, |byte| byte == 0xE2),
            x80: bits(bytes, |byte| byte == 0x80),
            marks: bits(bytes, |byte| (0x90..=0xA7).contains(&byte)),
            curly: bits(bytes, |byte| [0x98, 0x99, 0x9B].contains(&byte)),
        }
    }

    fn check<L: Lanes>(bytes: &[u8; WIDTH], mask: u64) {
        let mut folded = [0; WIDTH];
        // SAFETY: the callers ask the processor.
        assert_eq!(unsafe { L::look(bytes, &mut folded) }, direct(bytes));
        for (&byte, &folded) in bytes.iter().zip(&folded).filter(|(byte, _)| byte.is_ascii_alphanumeric()) {
            assert_eq!(folded, byte.to_ascii_lowercase());
        }
        let mut places = [0; WIDTH];
        // SAFETY: the callers ask the processor.
        unsafe { L::places(mask, 7, &mut places) };
        let expected: Vec<u16> = (0..64).filter(|place| mask >> place & 1 == 1).map(|place| place + 7).collect();
        assert_eq!(&places[..expected.len()], expected);
        let mut memory = [0; PLACES + 16];
        memory[BEFORE..BEFORE + WIDTH].copy_from_slice(bytes);
        let words = std::array::from_fn(|lane| [(BEFORE + lane) as u16, (BEFORE + 2 * lane) as u16 + 1]);
        // SAFETY: the callers ask the processor.
        let hashes = unsafe { L::hash_all(&memory, &words, LANES) };
        let direct = words.map(|[start, end]| xxh3_64(&memory[start as usize..end as usize]));
        assert_eq!(hashes, direct);
    }

    #[test]
    fn every_byte_in_every_place() {
        for byte in 0..=u8::MAX {
            let mut bytes = [b'x'; WIDTH];
            bytes[byte as usize % WIDTH] = byte;
            check_all(&bytes, 1 << (byte % 64));
        }
    }

    fn check_all(bytes: &[u8; WIDTH], mask: u64) {
        check::<Anywhere>(bytes, mask);
        #[cfg(target_arch = "x86_64")]
        {
            if crate::words::has_avx2() {
                check::<Avx2>(bytes, mask);
            }
            if crate::words::has_avx512() {
                check::<Avx512>(bytes, mask);
            }
        }
    }

    proptest! {
        #[test]
        fn every_kind_of_processor_sees_the_same(bytes in uniform::<_, WIDTH>(any::<u8>()), mask in any::<u64>()) {
            check_all(&bytes, mask);
        }
    }
}
