//! Which blocks say the same, but for their numbers?

use xxhash_rust::xxh3::xxh3_64;

use crate::words::Words;

/// What the words of a key are multiplied with, one power each, so that their order counts.
const FACTOR: u64 = 0x9E37_79B1_85EB_CA87;
/// Stands before the first word.
const START: u64 = 0x27D4_EB2F_1656_67C5;

/// Returns the key of one block, whose words are those from `first` on. Words that hold digits count without them, so
/// that "12 comments" and "7 comments" have one key. A block without words has the key of its bytes.
pub fn block_key(block: &str, words: &Words, first: usize) -> u64 {
    let hashes = &words.hashes[first..];
    if hashes.is_empty() {
        return xxh3_64(block.as_bytes());
    }
    let append = |key: u64, &hash: &u64| key.wrapping_mul(FACTOR).wrapping_add(hash);
    let numbers = words.numbers.partition_point(|&(word, _)| (word as usize) < first);
    let (mut key, mut done) = (START, 0);
    for &(word, masked) in &words.numbers[numbers..] {
        let word = word as usize - first;
        key = append(hashes[done..word].iter().fold(key, append), &masked);
        done = word + 1;
    }
    key = hashes[done..].iter().fold(key, append);
    // The last word, too, reaches every bit.
    key ^= key >> 37;
    key = key.wrapping_mul(FACTOR);
    key ^ key >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(block: &str) -> u64 {
        let mut words = Words::default();
        words.read(block);
        block_key(block, &words, 0)
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
    fn the_order_of_words_does() {
        assert_ne!(key("more news"), key("news more"));
        assert_ne!(key("12 comments"), key("comments 12"));
    }

    #[test]
    fn a_block_is_its_own_words() {
        let mut words = Words::default();
        let blocks = ["Rain fell on 3 March", "***", "12 comments", "Read 5 more"];
        for block in blocks {
            let first = words.hashes.len();
            words.read(block);
            assert_eq!(block_key(block, &words, first), key(block));
        }
    }
}
