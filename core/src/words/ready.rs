//! What most characters do to words, ready made: nearly all below U+3400, and those of U+4E00..U+9FFF, all alike.

use std::sync::LazyLock;

use super::numbers::is_digit;
use super::stream::MOVES;
use crate::table::{Class, Table};

/// The first code point without a place of its own.
const END: usize = 0x3400;
/// The place of all others, which nothing is in.
const OTHER: usize = END;
/// The Han code points, and the place they share.
pub const HAN_RANGE: std::ops::Range<u32> = 0x4E00..0xA000;
const HAN: usize = END + 1;
const PLACES: usize = END + 2;

/// What one character does.
#[derive(Clone, Copy)]
pub struct Ready {
    /// Its fold, the first byte in the lowest place; that of a Han character is its own UTF-8.
    pub fold: u64,
    /// How long the fold is; what is no part of a word has none.
    pub length: u8,
    /// An apostrophe: what it does depends on what follows.
    pub is_apostrophe: bool,
    /// A digit that numbers are made of.
    pub is_digit: bool,
    /// Nothing is ready.
    pub is_missing: bool,
    /// Its entry in `MOVES`.
    pub moves: u32,
}

/// All that is ready.
pub struct All([Ready; PLACES]);

impl All {
    /// Returns what is ready of a character of one or two bytes.
    #[inline(always)]
    pub fn of_near(&self, code_point: u32) -> &Ready {
        &self.0[code_point as usize & 0x7FF]
    }

    /// Returns what is ready of any character, and whether that is one of the Han ones.
    #[inline(always)]
    pub fn of_any(&self, code_point: u32) -> (&Ready, bool) {
        let is_han = HAN_RANGE.contains(&code_point);
        let place = if is_han { HAN } else { (code_point as usize).min(OTHER) };
        (&self.0[place], is_han)
    }
}

static ALL: LazyLock<Box<All>> = LazyLock::new(|| {
    const MISSING: Ready =
        Ready { fold: 0, length: 0, is_apostrophe: false, is_digit: false, is_missing: true, moves: 0 };
    let mut all = Box::new(All([MISSING; PLACES]));
    for (ready, character) in all.0.iter_mut().zip('\0'..='\u{33FF}') {
        *ready = Ready::new(character).unwrap_or(MISSING);
    }
    all.0[HAN] = Ready::new('一').expect("it folds to itself");
    all
});

/// Returns all that is ready.
#[inline(always)]
pub fn all() -> &'static All {
    &ALL
}

impl Ready {
    /// A few folds are too long.
    fn new(character: char) -> Option<Ready> {
        let class = Table::get().class(character);
        let in_word = matches!(class, Class::Letter | Class::Base | Class::Mark);
        let fold = if in_word { Table::get().fold(character) } else { String::new() };
        let mut bytes = [0; 8];
        bytes.get_mut(..fold.len())?.copy_from_slice(fold.as_bytes());
        let first = u64::from_le_bytes(bytes);
        Some(Ready {
            fold: first,
            length: fold.len() as u8,
            is_apostrophe: class == Class::Apostrophe,
            is_digit: is_digit(first as u32),
            is_missing: false,
            moves: MOVES[class as usize],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_those_of_the_table() {
        for character in '\0'..='\u{33FF}' {
            let (ready, is_han) = all().of_any(character as u32);
            let class = Table::get().class(character);
            let in_word = matches!(class, Class::Letter | Class::Base | Class::Mark);
            let fold = if in_word { Table::get().fold(character) } else { String::new() };
            assert_eq!((ready.is_missing, is_han), (fold.len() > 8, false), "{character:?}");
            if !ready.is_missing {
                assert_eq!(&ready.fold.to_le_bytes()[..ready.length as usize], fold.as_bytes(), "{character:?}");
                assert_eq!(ready.is_apostrophe, class == Class::Apostrophe, "{character:?}");
                let digit = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९".contains(character);
                assert_eq!(ready.is_digit, digit, "{character:?}");
            }
        }
    }

    #[test]
    fn near_ones_are_there_and_short() {
        for code_point in 0..0x800 {
            let ready = all().of_near(code_point);
            assert!(std::ptr::eq(ready, all().of_any(code_point).0) && !ready.is_missing && ready.length <= 4);
        }
    }

    #[test]
    fn the_others_are_not_ready() {
        for character in ['\u{3400}', '\u{4DFF}', '\u{A000}', '한', '\u{10FFFF}'] {
            assert!(all().of_any(character as u32).0.is_missing, "{character:?}");
        }
    }

    #[test]
    fn han_characters_are_bases_and_fold_to_themselves() {
        for character in HAN_RANGE.filter_map(char::from_u32) {
            assert_eq!(Table::get().class(character), Class::Base, "{character:?}");
            assert_eq!(Table::get().fold(character), character.to_string());
        }
    }
}
