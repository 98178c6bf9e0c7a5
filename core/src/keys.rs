//! Which blocks say the same, but for their numbers?

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::unhashed::BuildUnhashed;
use crate::words::Words;

/// What the words of a key are multiplied with, one power each, so that their order counts.
const FACTOR: u64 = 0x9E37_79B1_85EB_CA87;
/// Stands before the first word.
const START: u64 = 0x27D4_EB2F_1656_67C5;

/// Years, as they stand in dates and notices.
pub const YEARS: Range<u32> = 1900..2100;
/// The hashes of those.
static YEAR_WORDS: LazyLock<HashSet<u64, BuildUnhashed>> =
    LazyLock::new(|| YEARS.map(|year| xxh3_64(year.to_string().as_bytes())).collect());

/// Shorter lines are counters, such as "photo 3 of 12".
const LEAST_WORDS: usize = 6;
/// A figure has at most so many words.
const WORDS_OF_A_FIGURE: usize = 3;

/// Whether a line sets figures beside each other, as results, prices and tables do: two and more, a quarter of all that
/// it says. Without them it says nothing, so it is another line with others.
pub fn are_content(figures: usize, others: usize) -> bool {
    figures >= 2 && 3 * figures >= others
}

/// Returns the key of one block, whose words are those from `first` on. Words that hold digits count without them, so
/// that "12 comments" and "7 comments" have one key, unless they are what it says. A block without words has the key of
/// its bytes.
pub fn block_key(block: &str, words: &Words, first: usize) -> u64 {
    let hashes = &words.hashes[first..];
    if hashes.is_empty() {
        return xxh3_64(block.as_bytes());
    }
    let append = |key: u64, &hash: &u64| key.wrapping_mul(FACTOR).wrapping_add(hash);
    let mut numbers = &words.numbers[words.numbers.partition_point(|&(word, _)| (word as usize) < first)..];
    if numbers_are_content(hashes, numbers, first) {
        numbers = &[];
    }
    let (mut key, mut done) = (START, 0);
    for &(word, masked) in numbers {
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

fn numbers_are_content(hashes: &[u64], numbers: &[(u32, u64)], first: usize) -> bool {
    let is_year = |&(word, _): &(u32, u64)| YEAR_WORDS.contains(&hashes[word as usize - first]);
    // "2,794,000" is three words and one figure.
    let runs = numbers.chunk_by(|a, b| a.0 + 1 == b.0);
    let figures = runs.map(|run| run.len().div_ceil(WORDS_OF_A_FIGURE)).sum();
    hashes.len() >= LEAST_WORDS && are_content(figures, hashes.len() - numbers.len()) && !numbers.iter().any(is_year)
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
    fn unless_they_are_what_is_said() {
        assert_ne!(key("Net 2,794,000 vs 2,993,000"), key("Net 618,000 vs 1,415,000"));
        assert_ne!(key("Ferries 3, Trams 2, Buses 14"), key("Ferries 1, Trams 2, Buses 8"));
        assert_eq!(key("3 March 2019 at 12:45"), key("9 March 2021 at 8:30"));
        assert_ne!(key("Harbour United 9 6 2 1 20"), key("Harbour United 8 5 2 1 16"));
        assert_eq!(key("Photo 3 of 12"), key("Photo 4 of 7"));
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
