//! What is the UTF-8 of code points, be they held in one, two or four bytes each?
//!
//! Nearly everywhere all of some code points are ASCII, and each becomes a byte. Elsewhere no branch asks how long each of them
//! is: where scripts mix, that cannot be foretold.

use crate::ahead::ask_for;

/// Code points looked at together.
const BLOCK: usize = 32;
/// The longest that one of them may become.
const LONGEST: usize = 4;
/// How many bytes ahead memory is asked for what will be read: texts that were made together stand together.
const AHEAD: usize = 2048;

/// A number that may be a code point.
pub trait CodePoint: Copy + Into<u32> {}
impl<C: Copy + Into<u32>> CodePoint for C {}

/// Returns the UTF-8 of code points, which stands in `memory`, whose contents do not matter. A surrogate and what is above
/// U+10FFFF have none, and then nothing comes back.
pub fn encode<'a, C: CodePoint>(code_points: &[C], memory: &'a mut Vec<u8>) -> Option<&'a str> {
    memory.resize(memory.len().max(LONGEST * (code_points.len() + BLOCK)), 0);
    let length = encode_into(code_points, memory)?;
    // SAFETY: whole characters were written.
    Some(unsafe { str::from_utf8_unchecked(&memory[..length]) })
}

fn encode_into<C: CodePoint>(code_points: &[C], out: &mut [u8]) -> Option<usize> {
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
unsafe fn encode_avx512<C: CodePoint>(code_points: &[C], out: &mut [u8]) -> Option<usize> {
    // SAFETY: the caller vouches for the processor.
    encode_as(code_points, out, |some, out| unsafe { side_by_side(some, out) })
}

/// The same code as anywhere, compiled for vectors of eight numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn encode_avx2<C: CodePoint>(code_points: &[C], out: &mut [u8]) -> Option<usize> {
    encode_as(code_points, out, one_by_one)
}

/// Code points, and how many of them count.
type Block<'a> = (&'a [u32; BLOCK], usize);
/// Where the UTF-8 of a block goes; past what is needed anything may be written.
type Room = [u8; LONGEST * BLOCK];

/// Returns how many bytes of `out` are written. `mixed` writes the UTF-8 of a block in which not all are ASCII, and returns
/// the same of it.
#[inline(always)]
fn encode_as<C: CodePoint>(
    code_points: &[C],
    out: &mut [u8],
    mixed: impl Fn(Block, &mut Room) -> Option<usize>,
) -> Option<usize> {
    let mut length = 0;
    let (blocks, rest) = code_points.as_chunks::<BLOCK>();
    for block in blocks {
        ask_for(block.as_ptr().wrapping_byte_add(AHEAD));
        let room: &mut Room = out[length..].first_chunk_mut().expect("room for the longest");
        if block.iter().fold(true, |all, &code_point| all & (code_point.into() < 0x80)) {
            room[..BLOCK].copy_from_slice(&block.map(|code_point| code_point.into() as u8));
            length += BLOCK;
        } else {
            length += mixed((&block.map(C::into), BLOCK), room)?;
        }
    }
    let mut last = [0; BLOCK];
    last.iter_mut().zip(rest).for_each(|(wide, &code_point)| *wide = code_point.into());
    let room = out[length..].first_chunk_mut().expect("room for the longest");
    Some(length + mixed((&last, rest.len()), room)?)
}

#[inline(always)]
fn one_by_one((code_points, count): Block, room: &mut Room) -> Option<usize> {
    let (mut length, mut all_fit) = (0, true);
    for &code_point in &code_points[..count] {
        all_fit &= fits(code_point);
        let (encoded, size) = encoded(code_point);
        room[length..length + LONGEST].copy_from_slice(&encoded.to_le_bytes());
        length += size;
    }
    all_fit.then_some(length)
}

/// # Safety
///
/// The processor has AVX-512 F, BW and VBMI2.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn side_by_side((code_points, count): Block, room: &mut Room) -> Option<usize> {
    use std::arch::x86_64::*;
    const LANES: usize = 16;
    let all_fit = code_points.iter().fold(true, |all, &code_point| all & fits(code_point));
    let mut length = 0;
    for (first, some) in (0..).step_by(LANES).zip(code_points.as_chunks::<LANES>().0) {
        let encoded = some.map(|code_point| encoded(code_point).0);
        let room: &mut [u8; LONGEST * LANES] = room[length..].first_chunk_mut().expect("room for the longest");
        // SAFETY: the caller vouches for the processor; `encoded` and `room` are 64 bytes long.
        unsafe {
            let encoded = _mm512_loadu_si512(encoded.as_ptr().cast());
            // Of a character only the first byte may be zero: that of U+0000.
            let here = count.saturating_sub(first).min(LANES);
            let those = u64::MAX.checked_shr((64 - LONGEST * here) as u32).unwrap_or(0);
            let bytes = (_mm512_test_epi8_mask(encoded, encoded) | 0x1111_1111_1111_1111) & those;
            _mm512_storeu_si512(room.as_mut_ptr().cast(), _mm512_maskz_compress_epi8(bytes, encoded));
            length += bytes.count_ones() as usize;
        }
    }
    all_fit.then_some(length)
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

    type Path = fn(&[u32], &mut [u8]) -> Option<usize>;

    fn paths() -> Vec<Path> {
        #[allow(unused_mut)]
        let mut paths: Vec<Path> = vec![encode_into, |code_points, out| encode_as(code_points, out, one_by_one)];
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

    fn room(code_points: &[u32]) -> Vec<u8> {
        vec![7; LONGEST * (code_points.len() + BLOCK)]
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
        fn it_is_what_strings_are_made_of(text in texts(), before in "[a-zé]{0,400}") {
            let code_points: Vec<u32> = text.iter().map(|&character| character as u32).collect();
            let expected: String = text.iter().collect();
            let mut memory = before.into_bytes();
            for path in paths() {
                let mut out = room(&code_points);
                prop_assert_eq!(path(&code_points, &mut out), Some(expected.len()));
                prop_assert_eq!(str::from_utf8(&out[..expected.len()]), Ok(&expected[..]));
            }
            prop_assert_eq!(encode(&code_points, &mut memory), Some(&expected[..]));
        }

        #[test]
        fn narrow_ones_are_the_same(wide in prop::collection::vec(0u32..0xD800, 0..200)) {
            let narrow: Vec<u16> = wide.iter().map(|&code_point| code_point as u16).collect();
            let mut memory = [Vec::new(), Vec::new()];
            let [one, other] = &mut memory;
            prop_assert_eq!(encode(&narrow, one), encode(&wide, other));
            let bytes: Vec<u8> = wide.iter().map(|&code_point| code_point as u8).collect();
            let wide: Vec<u32> = bytes.iter().map(|&byte| byte.into()).collect();
            prop_assert_eq!(encode(&bytes, one), encode(&wide, other));
        }

        #[test]
        fn what_is_no_character_is_refused(
            text in texts(), at in 0usize..200, wrong in prop_oneof![0xD800u32..0xE000, 0x11_0000..=u32::MAX],
        ) {
            let mut code_points: Vec<u32> = text.iter().map(|&character| character as u32).collect();
            code_points.insert(at.min(text.len()), wrong);
            for path in paths() {
                prop_assert_eq!(path(&code_points, &mut room(&code_points)), None);
            }
        }
    }
}
