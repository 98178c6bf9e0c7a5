//! Which blocks say the same, but for their numbers?

use xxhash_rust::xxh3::xxh3_64;

use crate::words;

/// Marks the end of a word inside a key's bytes; no folded word holds it.
const END_OF_WORD: u8 = 0x1f;

/// Returns the key of one block and appends its word hashes: the hash of its folded words with every digit run masked,
/// so that "12 comments" and "7 comments" are one key. A block without words has the key of its bytes.
pub fn block_key(block: &str, hashes: &mut Vec<u64>) -> u64 {
    let before = hashes.len();
    let mut masked = Vec::with_capacity(block.len() + 16);
    words::for_each_word(block, |word| {
        hashes.push(word.hash);
        mask_digits(word.folded, &mut masked);
        masked.push(END_OF_WORD);
    });
    if hashes.len() == before { xxh3_64(block.as_bytes()) } else { xxh3_64(&masked) }
}

/// Copies UTF-8, each run of digits (European, Arabic-Indic, Persian, Devanagari) as one `#`.
fn mask_digits(folded: &[u8], out: &mut Vec<u8>) {
    // Nearly no word holds a digit, and European digits stand below all letters.
    if !folded.iter().any(|&byte| byte <= b'9' || matches!(byte, 0xd9 | 0xdb | 0xe0)) {
        out.extend_from_slice(folded);
        return;
    }
    let mut rest = folded;
    let mut in_number = false;
    while let [first, ..] = rest {
        let (digit, width) = match rest {
            [b'0'..=b'9', ..] => (true, 1),
            [0xd9, 0xa0..=0xa9, ..] | [0xdb, 0xb0..=0xb9, ..] => (true, 2),
            [0xe0, 0xa5, 0xa6..=0xaf, ..] => (true, 3),
            _ => (false, 1),
        };
        if !digit {
            out.push(*first);
        } else if !in_number {
            out.push(b'#');
        }
        in_number = digit;
        rest = &rest[width..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(block: &str) -> u64 {
        block_key(block, &mut Vec::new())
    }

    #[test]
    fn numbers_do_not_matter() {
        assert_eq!(key("12 comments"), key("7 Comments:"));
        assert_eq!(key("© 2019 The Ledger"), key("© 2021 — the ledger"));
        assert_eq!(key("٢٠٢٠ صحيفة"), key("٢٠٢١ صحيفة"));
    }

    #[test]
    fn words_and_their_borders_do() {
        assert_ne!(key("comments"), key("comment"));
        assert_ne!(key("re port"), key("report"));
        assert_ne!(key("12 comments"), key("comments"));
    }

    #[test]
    fn a_block_without_words_is_its_bytes() {
        assert_eq!(key("***"), key("***"));
        assert_ne!(key("***"), key("---"));
    }

    #[test]
    fn hashes_are_those_of_the_words() {
        let mut hashes = Vec::new();
        block_key("Rain fell on 3 March", &mut hashes);
        let mut expected = Vec::new();
        words::word_hashes("Rain fell on 3 March", &mut expected);
        assert_eq!(hashes, expected);
    }
}
