//! Sixty-four code points as bytes, for eyes that see bytes.

use super::lanes::WIDTH;
#[cfg(target_arch = "x86_64")]
pub use x86::{avx2, avx512};

/// What stands for a code point that is neither ASCII nor a mark.
pub const OTHER: u8 = 0xFF;
/// The first of 24 dashes, quotes and dots, and the last byte of its UTF-8.
const FIRST_MARK: u16 = 0x2010;
const MARKS: u16 = 24;
const MARK_BYTE: u8 = 0x90;

/// Returns what `Lanes::look` is to see of a code point: ASCII as it is, the last byte of the UTF-8 of a mark, `OTHER` for
/// all others.
#[inline(always)]
pub fn one(code_point: u16) -> u8 {
    match code_point.wrapping_sub(FIRST_MARK) {
        _ if code_point < 0x80 => code_point as u8,
        mark @ 0..MARKS => MARK_BYTE + mark as u8,
        _ => OTHER,
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{FIRST_MARK, MARK_BYTE, MARKS, OTHER, WIDTH};

    /// Narrows a block.
    ///
    /// # Safety
    ///
    /// The processor has AVX2.
    #[inline(always)]
    pub unsafe fn avx2(code_points: &[u16; WIDTH]) -> [u8; WIDTH] {
        let mut bytes = [0; WIDTH];
        let mut done = 0;
        while done < WIDTH {
            // SAFETY: the caller vouches for the processor; 32 code points are 64 bytes.
            unsafe {
                let from: *const __m256i = code_points.as_ptr().add(done).cast();
                let both = _mm256_packus_epi16(
                    narrowed_16(_mm256_loadu_si256(from)),
                    narrowed_16(_mm256_loadu_si256(from.add(1))),
                );
                // The halves of both were packed by turns.
                let in_order = _mm256_permute4x64_epi64::<0b11_01_10_00>(both);
                _mm256_storeu_si256(bytes.as_mut_ptr().add(done).cast(), in_order);
            }
            done += 32;
        }
        bytes
    }

    /// Narrows a block.
    ///
    /// # Safety
    ///
    /// The processor has AVX-512 F and BW.
    #[inline(always)]
    pub unsafe fn avx512(code_points: &[u16; WIDTH]) -> [u8; WIDTH] {
        let mut bytes = [0; WIDTH];
        // SAFETY: the caller vouches for the processor; the code points are two vectors, the bytes one.
        unsafe {
            let from: *const __m512i = code_points.as_ptr().cast();
            let low = _mm512_castsi256_si512(narrowed_32(_mm512_loadu_si512(from)));
            let both = _mm512_inserti64x4(low, narrowed_32(_mm512_loadu_si512(from.add(1))), 1);
            _mm512_storeu_si512(bytes.as_mut_ptr().cast(), both);
        }
        bytes
    }

    /// Sixteen code points, each as the byte that `one` makes of it.
    ///
    /// # Safety
    ///
    /// The processor has AVX2.
    #[inline(always)]
    unsafe fn narrowed_16(code_points: __m256i) -> __m256i {
        // SAFETY: the caller vouches for the processor.
        unsafe {
            let all = |code_point: u16| _mm256_set1_epi16(code_point as i16);
            let at_most = |lanes: __m256i, most: u16| _mm256_cmpeq_epi16(_mm256_min_epu16(lanes, all(most)), lanes);
            let mark = _mm256_sub_epi16(code_points, all(FIRST_MARK));
            let marks = _mm256_add_epi16(mark, all(MARK_BYTE.into()));
            let others = _mm256_blendv_epi8(all(OTHER.into()), marks, at_most(mark, MARKS - 1));
            _mm256_blendv_epi8(others, code_points, at_most(code_points, 0x7F))
        }
    }

    /// The same of 32 code points.
    ///
    /// # Safety
    ///
    /// The processor has AVX-512 F and BW.
    #[inline(always)]
    unsafe fn narrowed_32(code_points: __m512i) -> __m256i {
        // SAFETY: the caller vouches for the processor.
        unsafe {
            let all = |code_point: u16| _mm512_set1_epi16(code_point as i16);
            let mark = _mm512_sub_epi16(code_points, all(FIRST_MARK));
            let is_mark = _mm512_cmplt_epu16_mask(mark, all(MARKS));
            let is_high = _mm512_cmpgt_epu16_mask(code_points, all(0x7F));
            let narrow = _mm512_mask_mov_epi16(code_points, is_high, all(OTHER.into()));
            let narrow = _mm512_mask_add_epi16(narrow, is_mark, mark, all(MARK_BYTE.into()));
            _mm512_cvtepi16_epi8(narrow)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::lanes::{Anywhere, Lanes};
    #[cfg(target_arch = "x86_64")]
    use crate::words::lanes::{Avx2, Avx512};

    fn narrow_all<L: Lanes>(code_points: &[u16; WIDTH]) -> [u8; WIDTH] {
        // SAFETY: the callers ask the processor.
        unsafe { L::narrow(code_points) }
    }

    #[test]
    fn every_code_point_is_narrowed_alike() {
        for first in (0..=u16::MAX).step_by(WIDTH) {
            let code_points: [u16; WIDTH] = std::array::from_fn(|at| first + at as u16);
            let expected = code_points.map(|code_point| match char::from_u32(code_point.into()) {
                Some(ascii @ '\0'..='\x7F') => ascii as u8,
                Some(mark @ '\u{2010}'..='\u{2027}') => mark.to_string().as_bytes()[2],
                _ => OTHER,
            });
            assert_eq!(narrow_all::<Anywhere>(&code_points), expected);
            #[cfg(target_arch = "x86_64")]
            {
                assert!(!crate::words::has_avx2() || narrow_all::<Avx2>(&code_points) == expected, "{first:x}");
                assert!(!crate::words::has_avx512() || narrow_all::<Avx512>(&code_points) == expected, "{first:x}");
            }
        }
    }
}
