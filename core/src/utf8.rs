//! What is the UTF-8 of code points?
//!
//! Nearly everywhere all of some code points are ASCII, and each becomes a byte. Elsewhere no branch asks how long each of them
//! is: where scripts mix, that cannot be foretold.

/// Code points looked at together.
const BLOCK: usize = 32;
/// The longest that one of them may become.
const LONGEST: usize = 4;

/// Appends the UTF-8 of code points. Tells whether it could: a surrogate and what is above U+10FFFF have none, and then it
/// may have appended anything.
pub fn encode(code_points: &[u32], out: &mut Vec<u8>) -> bool {
    #[cfg(target_arch = "x86_64")]
    if has_avx512() {
        // SAFETY: this processor has AVX-512.
        return unsafe { encode_avx512(code_points, out) };
    } else if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: this processor has AVX2.
        return unsafe { encode_avx2(code_points, out) };
    }
    encode_as(code_points, out, one_by_one)
}

/// Tells whether the processor has what `side_by_side` needs.
#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx512f") && has!("avx512bw") && has!("avx512vbmi2") && has!("popcnt")
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
unsafe fn encode_avx512(code_points: &[u32], out: &mut Vec<u8>) -> bool {
    // SAFETY: the caller vouches for the processor.
    encode_as(code_points, out, |some, out| unsafe { side_by_side(some, out) })
}

/// The same code as anywhere, compiled for vectors of eight numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn encode_avx2(code_points: &[u32], out: &mut Vec<u8>) -> bool {
    encode_as(code_points, out, one_by_one)
}

/// `mixed` appends the UTF-8 of up to a block, in which not all are ASCII.
#[inline(always)]
fn encode_as(code_points: &[u32], out: &mut Vec<u8>, mixed: impl Fn(&[u32], &mut Vec<u8>) -> bool) -> bool {
    out.reserve(LONGEST * (code_points.len() + BLOCK));
    let (blocks, rest) = code_points.as_chunks::<BLOCK>();
    for block in blocks {
        if block.iter().fold(0, |all, code_point| all | code_point) < 0x80 {
            out.extend_from_slice(&block.map(|code_point| code_point as u8));
        } else if !mixed(block, out) {
            return false;
        }
    }
    mixed(rest, out)
}

#[inline(always)]
fn one_by_one(code_points: &[u32], out: &mut Vec<u8>) -> bool {
    let mut bytes = [0; LONGEST * BLOCK];
    let (mut length, mut all_fit) = (0, true);
    for &code_point in code_points {
        all_fit &= fits(code_point);
        let (encoded, size) = encoded(code_point);
        bytes[length..length + LONGEST].copy_from_slice(&encoded.to_le_bytes());
        length += size;
    }
    out.extend_from_slice(&bytes[..length]);
    all_fit
}

/// # Safety
///
/// The processor has AVX-512 F, BW and VBMI2.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn side_by_side(code_points: &[u32], out: &mut Vec<u8>) -> bool {
    use std::arch::x86_64::*;
    const LANES: usize = 16;
    let mut all_fit = true;
    for some in code_points.chunks(LANES) {
        let mut lanes = [0; LANES];
        lanes[..some.len()].copy_from_slice(some);
        all_fit &= lanes.iter().fold(true, |all, &code_point| all & fits(code_point));
        let encoded = lanes.map(|code_point| encoded(code_point).0);
        out.reserve(LONGEST * LANES);
        // SAFETY: the caller vouches for the processor; `encoded` is 64 bytes long, and so much room was made in `out`.
        unsafe {
            let encoded = _mm512_loadu_si512(encoded.as_ptr().cast());
            // Of a character only the first byte may be zero: that of U+0000.
            let first = 0x1111_1111_1111_1111 & u64::MAX >> (64 - LONGEST * some.len());
            let bytes = _mm512_test_epi8_mask(encoded, encoded) | first;
            _mm512_storeu_si512(
                out.spare_capacity_mut().as_mut_ptr().cast(),
                _mm512_maskz_compress_epi8(bytes, encoded),
            );
            out.set_len(out.len() + bytes.count_ones() as usize);
        }
    }
    all_fit
}

#[inline(always)]
fn fits(code_point: u32) -> bool {
    (code_point < 0xD800) | (code_point.wrapping_sub(0xE000) < 0x11_0000 - 0xE000)
}

/// Returns the bytes of one code point, the first in the lowest place, and how many they are.
#[inline(always)]
fn encoded(code_point: u32) -> (u32, usize) {
    let six = |shift: u32| 0x80 | code_point >> shift & 0x3F;
    let (mut bytes, mut size) = (code_point, 1);
    let mut longer = |first: u32, of_longer: u32| {
        bytes = if code_point >= first { of_longer } else { bytes };
        size += usize::from(code_point >= first);
    };
    longer(0x80, 0xC0 | code_point >> 6 | six(0) << 8);
    longer(0x800, 0xE0 | code_point >> 12 | six(6) << 8 | six(0) << 16);
    longer(0x1_0000, 0xF0 | code_point >> 18 | six(12) << 8 | six(6) << 16 | six(0) << 24);
    (bytes, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Path = fn(&[u32], &mut Vec<u8>) -> bool;

    fn paths() -> Vec<Path> {
        #[allow(unused_mut)]
        let mut paths: Vec<Path> = vec![encode, |code_points, out| encode_as(code_points, out, one_by_one)];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: this processor has AVX2.
                paths.push(|code_points, out| unsafe { encode_avx2(code_points, out) });
            }
            if has_avx512() {
                // SAFETY: this processor has AVX-512.
                paths.push(|code_points, out| unsafe { encode_avx512(code_points, out) });
            }
        }
        paths
    }

    fn texts() -> impl Strategy<Value = Vec<char>> {
        let character = prop_oneof![
            20 => prop::char::range(' ', '~'),
            1 => prop::char::ranges(vec!['\0'..='\u{7F}', '\u{80}'..='\u{7FF}', '‘'..='”'].into()),
            1 => any::<char>(),
        ];
        prop::collection::vec(character, 0..200)
    }

    proptest! {
        #[test]
        fn it_is_what_strings_are_made_of(text in texts(), before in ".{0,3}") {
            let code_points: Vec<u32> = text.iter().map(|&character| character as u32).collect();
            let expected = before.clone() + &text.iter().collect::<String>();
            for path in paths() {
                let mut out = before.clone().into_bytes();
                prop_assert!(path(&code_points, &mut out));
                prop_assert_eq!(String::from_utf8(out), Ok(expected.clone()));
            }
        }

        #[test]
        fn what_is_no_character_is_refused(
            text in texts(), at in 0usize..200, wrong in prop_oneof![0xD800u32..0xE000, 0x11_0000..=u32::MAX],
        ) {
            let mut code_points: Vec<u32> = text.iter().map(|&character| character as u32).collect();
            code_points.insert(at.min(text.len()), wrong);
            for path in paths() {
                prop_assert!(!path(&code_points, &mut Vec::new()));
            }
        }
    }
}
