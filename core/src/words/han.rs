//! Are the next characters Han ones? Each of those of U+4E00..U+9FFF is a word, and folds to itself.

use super::ready::HAN_RANGE;

/// How many are looked at together.
pub const FOUR: usize = 4;
/// Bytes of each.
pub const BYTES: usize = 3;

/// The first two bytes of the first and of the last one, as a number. All that begin with any between them are in the range.
const FIRST: u16 = two_bytes(HAN_RANGE.start);
const LAST: u16 = two_bytes(HAN_RANGE.end - 1);

const fn two_bytes(code_point: u32) -> u16 {
    ((0xE0 | code_point >> 12) as u16) << 8 | (0x80 | code_point >> 6 & 0x3F) as u16
}

/// Whether the next character is a Han one. At least two bytes follow.
#[inline(always)]
pub fn is_next(text: &[u8]) -> bool {
    u16::from_be_bytes([text[0], text[1]]).wrapping_sub(FIRST) <= LAST - FIRST
}

/// How many of the next four are, up to the first that is not. At least twelve bytes follow.
#[inline(always)]
pub fn are_next(text: &[u8]) -> usize {
    let bytes: &[u8; FOUR * BYTES] = text.first_chunk().expect("twelve bytes follow");
    let mut are = 0;
    for (at, character) in bytes.as_chunks::<BYTES>().0.iter().enumerate() {
        // No branch: what comes next cannot be foretold.
        are |= u32::from(is_next(character)) << at;
    }
    are.trailing_ones() as usize
}

/// How far after the first of four Han characters the borders stand that they make: one that ends the word before each, but for
/// the first where no word is open, and one that begins it.
pub const BORDERS: [[u16; 2 * FOUR]; 2] = [[0, 0, 3, 3, 6, 6, 9, 9], [0, 3, 3, 6, 6, 9, 9, 0]];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_up_to_the_first_that_is_not() {
        for code_point in (0..0x11_0000).filter_map(char::from_u32) {
            let is_han = HAN_RANGE.contains(&(code_point as u32));
            for place in [0, code_point as usize % FOUR] {
                let mut text: Vec<char> = vec!['漢'; FOUR];
                text[place] = code_point;
                let text: String = text.iter().chain(['a'; BYTES].iter()).collect();
                assert_eq!(are_next(text.as_bytes()), if is_han { FOUR } else { place }, "{code_point:?}");
                assert_eq!(is_next(text.as_bytes()), is_han || place > 0, "{code_point:?}");
            }
        }
    }
}
