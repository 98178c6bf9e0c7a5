//! What is a word without its numbers?
//!
//! A number is a run of digits: European, Arabic-Indic, Persian or Devanagari ones.

use xxhash_rust::xxh3::xxh3_64;

/// Tells whether a folded character is such a digit: its first four bytes, the first in the lowest place.
#[inline(always)]
pub fn is_digit(utf8: u32) -> bool {
    let digit_from = |bytes: u32, zero: u32| bytes.wrapping_sub(zero) < 10;
    let first_three = utf8.swap_bytes() >> 8;
    // No branches: which script a digit is of cannot be foretold.
    digit_from(first_three >> 16, b'0' as u32)
        | digit_from(first_three >> 8, 0xD9A0)
        | digit_from(first_three >> 8, 0xDBB0)
        | digit_from(first_three, 0xE0A5A6)
}

/// Returns the hash of a folded word with each run of digits as one `#`; none if it holds no digit.
pub fn masked_hash(folded: &[u8]) -> Option<u64> {
    let mut masked = Vec::with_capacity(folded.len());
    let (mut rest, mut in_number, mut found) = (folded, false, false);
    while let [first, ..] = rest {
        let (digit, width) = match rest {
            [b'0'..=b'9', ..] => (true, 1),
            [0xd9, 0xa0..=0xa9, ..] | [0xdb, 0xb0..=0xb9, ..] => (true, 2),
            [0xe0, 0xa5, 0xa6..=0xaf, ..] => (true, 3),
            _ => (false, 1),
        };
        if !digit {
            masked.push(*first);
        } else if !in_number {
            masked.push(b'#');
        }
        in_number = digit;
        found |= digit;
        rest = &rest[width..];
    }
    found.then(|| xxh3_64(&masked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Class, Table};

    #[test]
    fn digits_are_masked() {
        let masked = |word: &str| masked_hash(word.as_bytes());
        assert_eq!(masked("covid19"), Some(xxh3_64(b"covid#")));
        assert_eq!(masked("3d2024"), Some(xxh3_64(b"#d#")));
        assert_eq!(masked("٢٠٢٠"), masked("7"));
        assert_eq!(masked("۱۲x१२"), masked("1x2"));
        assert_eq!(masked("word"), None);
        assert_eq!(masked("٪১"), None);
    }

    #[test]
    fn every_fold_with_a_digit_begins_with_it() {
        for character in '\0'..=char::MAX {
            if matches!(Table::get().class(character), Class::Letter | Class::Base | Class::Mark) {
                let fold = Table::get().fold(character).into_bytes();
                let mut four = [0; 4];
                four[..fold.len().min(4)].copy_from_slice(&fold[..fold.len().min(4)]);
                assert_eq!(is_digit(u32::from_le_bytes(four)), masked_hash(&fold).is_some(), "{character:?}");
            }
        }
    }
}
