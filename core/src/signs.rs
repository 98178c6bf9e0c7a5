//! Is a character a letter, a number, a capital, and what is its small letter?
//!
//! What the standard library says, which searches its tables for each: here it is ready for what texts are mostly made of.

use std::sync::LazyLock;

/// The first code point that is not ready.
const END: usize = 0x3400;

/// Its small letter, if that is one character of sixteen bits, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign(u32);

const LOWER: u32 = 0xFFFF;
const ALPHANUMERIC: u32 = 1 << 16;
const NUMERIC: u32 = 1 << 17;
const UPPERCASE: u32 = 1 << 18;
/// Its small letter is something else.
const OTHER_LOWER: u32 = 1 << 19;

static READY: LazyLock<Vec<Sign>> =
    LazyLock::new(|| (0..END as u32).map(|point| char::from_u32(point).map_or(Sign(0), Sign::new)).collect());

impl Sign {
    /// Returns what is known of a character.
    #[inline]
    pub fn of(character: char) -> Sign {
        match character {
            // Han characters and Hangul syllables.
            '\u{4E00}'..'\u{A000}' | '\u{AC00}'..'\u{D7A4}' => Sign(character as u32 | ALPHANUMERIC),
            _ => READY.get(character as usize).copied().unwrap_or_else(|| Sign::new(character)),
        }
    }

    #[cold]
    fn new(character: char) -> Sign {
        let mut lower = character.to_lowercase();
        let lower = if lower.len() == 1 { lower.next().map_or(0, u32::from) } else { u32::MAX };
        let flag = |is: bool, flag: u32| if is { flag } else { 0 };
        Sign(
            if lower <= LOWER { lower } else { OTHER_LOWER }
                | flag(character.is_alphanumeric(), ALPHANUMERIC)
                | flag(character.is_numeric(), NUMERIC)
                | flag(character.is_uppercase(), UPPERCASE),
        )
    }

    /// Whether it is a letter or a number.
    pub fn is_alphanumeric(self) -> bool {
        self.0 & ALPHANUMERIC != 0
    }

    /// Whether it is a number: a digit, a fraction, a Roman numeral.
    pub fn is_numeric(self) -> bool {
        self.0 & NUMERIC != 0
    }

    /// Whether it is a capital.
    pub fn is_uppercase(self) -> bool {
        self.0 & UPPERCASE != 0
    }

    /// Appends the small letter of the character this is of.
    #[inline]
    pub fn push_lower(self, character: char, out: &mut Vec<u8>) {
        let mut utf8 = [0; 4];
        if self.0 & OTHER_LOWER != 0 {
            for lower in character.to_lowercase() {
                out.extend_from_slice(lower.encode_utf8(&mut utf8).as_bytes());
            }
        } else if let Some(lower) = char::from_u32(self.0 & LOWER) {
            out.extend_from_slice(lower.encode_utf8(&mut utf8).as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_what_the_standard_library_says() {
        for character in '\0'..=char::MAX {
            let sign = Sign::of(character);
            assert_eq!(sign.is_alphanumeric(), character.is_alphanumeric(), "{character:?}");
            assert_eq!(sign.is_numeric(), character.is_numeric(), "{character:?}");
            assert_eq!(sign.is_uppercase(), character.is_uppercase(), "{character:?}");
            let mut lower = Vec::new();
            sign.push_lower(character, &mut lower);
            assert_eq!(lower, character.to_lowercase().collect::<String>().as_bytes(), "{character:?}");
        }
    }
}
