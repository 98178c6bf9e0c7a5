//! Verbatim passages: which runs of words two articles share, and where, moved paragraphs included.
//!
//! Three steps: [`Seeds`] says where a few words of one text stand in the other, `grown` makes each seed a run that can't
//! grow further, and `chosen` keeps the longest runs so that none overlap. Every step is bounded on hostile repetition.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::shingles;

/// How many places of one seed are followed. A seed with more places says little, and all of them would cost n².
const MOST_PLACES: usize = 8;

/// A run of words that two texts share, in words; it ends before `a_start + words` and `b_start + words`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// Where it starts in the first text.
    pub a_start: u32,
    /// Where it starts in the second text.
    pub b_start: u32,
    /// Its length.
    pub words: u32,
}

/// Returns the runs of at least `least` equal word hashes that two texts share, by `a_start`; the order in `b` is free.
///
/// Runs overlap neither in `a` nor in `b`: where they would, the longest keeps its words and the others lose theirs.
/// So a sentence that `a` repeats and `b` has once is found once. `width` is the seed's size, from 1 to `least`.
/// `verbatim(b, a)` is `verbatim(a, b)` swapped.
pub fn verbatim(a: &[u64], b: &[u64], width: usize, least: usize) -> Result<Vec<Run>, String> {
    if width == 0 || width > least {
        return Err(format!("seeds of {width} words don't find runs of {least}; give 1 to {least}"));
    }
    if u32::try_from(a.len().max(b.len())).is_err() {
        return Err(format!("a text has more than {} words; split it", u32::MAX));
    }
    // Ties are broken by position, which would favour one side: work on the pair in an order of its own.
    let swapped = (a.len(), a) < (b.len(), b);
    let (long, short) = if swapped { (b, a) } else { (a, b) };
    let mut runs = chosen(grown(long, short, width, least), least);
    if swapped {
        runs.iter_mut().for_each(|run| std::mem::swap(&mut run.a_start, &mut run.b_start));
    }
    runs.sort_unstable();
    Ok(runs)
}

/// Where each run of `width` words stands in a text.
pub struct Seeds {
    /// The shingle that starts at each word, with that word; sorted.
    places: Vec<(u64, u32)>,
    /// `buckets[i]` is where the shingles begin whose top bits are `i`.
    buckets: Vec<u32>,
    shift: u32,
}

impl Seeds {
    /// Indexes `words`; a text of fewer than `width` words has no seeds.
    pub fn new(words: &[u64], width: usize) -> Self {
        let shingles = Self::shingles(words, width);
        let bits = shingles.len().max(2).ilog2();
        let shift = u64::BITS - bits;
        let mut buckets = vec![0; (1 << bits) + 1];
        for &shingle in &shingles {
            buckets[(shingle >> shift) as usize + 1] += 1;
        }
        for bucket in 1..buckets.len() {
            buckets[bucket] += buckets[bucket - 1];
        }
        // Each goes to the next free place of its bucket, whose start thereby becomes that of the one after it.
        let mut places = vec![(0, 0); shingles.len()];
        for (&shingle, word) in shingles.iter().zip(0..) {
            let next = &mut buckets[(shingle >> shift) as usize];
            places[*next as usize] = (shingle, word);
            *next += 1;
        }
        buckets.rotate_right(1);
        buckets[0] = 0;
        for bucket in buckets.windows(2) {
            let bucket = &mut places[bucket[0] as usize..bucket[1] as usize];
            if bucket.len() > 1 {
                bucket.sort_by_key(|place| place.0);
            }
        }
        Seeds { places, buckets, shift }
    }

    /// Returns the first words of all places whose next words hash to `shingle`, ascending. Equal hashes are not yet
    /// equal words.
    pub fn places(&self, shingle: u64) -> impl ExactSizeIterator<Item = u32> + '_ {
        let bucket = (shingle >> self.shift) as usize;
        let bucket = &self.places[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        let begin = bucket.partition_point(|place| place.0 < shingle);
        let count = bucket[begin..].partition_point(|place| place.0 == shingle);
        bucket[begin..begin + count].iter().map(|place| place.1)
    }

    /// Returns the shingles to look up: that of the `width` words from each word on.
    pub fn shingles(words: &[u64], width: usize) -> Vec<u64> {
        let mut shingles = Vec::new();
        // A shorter text would get one shingle of all its words, which no seed of this width equals.
        if words.len() >= width {
            shingles::roll(words, width, &mut shingles);
        }
        shingles
    }
}

/// Every run of at least `least` words, grown from its seeds to both sides as far as the words agree.
fn grown(a: &[u64], b: &[u64], width: usize, least: usize) -> Vec<Run> {
    let seeds = Seeds::new(b, width);
    let mut runs = Vec::new();
    // Up to which word of `a` the runs are known: on each diagonal, and on any.
    let mut reach = vec![0u32; a.len() + b.len() + 1];
    let mut furthest = 0;
    for (i, shingle) in Seeds::shingles(a, width).into_iter().enumerate() {
        let places = seeds.places(shingle);
        // A run with a rarer seed shows up by that; where all seeds are frequent, one run over these words will do.
        if places.len() > MOST_PLACES && i + width <= furthest {
            continue;
        }
        for j in places.take(MOST_PLACES).map(|j| j as usize) {
            let known = &mut reach[i + b.len() - j];
            if i < *known as usize || a[i..i + width] != b[j..j + width] {
                continue;
            }
            let before = a[..i].iter().rev().zip(b[..j].iter().rev()).take_while(|(x, y)| x == y).count();
            let after = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
            *known = (i + after) as u32;
            furthest = furthest.max(i + after);
            if before + after >= least {
                let words = (before + after) as u32;
                runs.push(Run { a_start: (i - before) as u32, b_start: (j - before) as u32, words });
            }
        }
    }
    runs
}

/// The longest runs first, each cut down to the words that no longer run has taken on either side.
///
/// Whatever is taken is at least as long as the run at hand, so it can only cover an end of it: one piece stays, and a
/// run is cut at most twice on each side.
fn chosen(runs: Vec<Run>, least: usize) -> Vec<Run> {
    let mut waiting: BinaryHeap<_> =
        runs.into_iter().map(|run| (run.words, Reverse(run.a_start), Reverse(run.b_start))).collect();
    let (mut taken_a, mut taken_b) = (BTreeMap::new(), BTreeMap::new());
    let mut chosen = Vec::new();
    while let Some((words, Reverse(a_start), Reverse(b_start))) = waiting.pop() {
        let (skip_a, keep_a) = free(&taken_a, a_start, words);
        let (skip_b, keep_b) = free(&taken_b, b_start, words);
        let skip = skip_a.max(skip_b);
        let left = (skip_a + keep_a).min(skip_b + keep_b).saturating_sub(skip);
        if left == words {
            taken_a.insert(a_start, a_start + words);
            taken_b.insert(b_start, b_start + words);
            chosen.push(Run { a_start, b_start, words });
        } else if left as usize >= least {
            waiting.push((left, Reverse(a_start + skip), Reverse(b_start + skip)));
        }
    }
    chosen
}

/// How many words at `start` are taken, and how many of the `words` are free after them.
fn free(taken: &BTreeMap<u32, u32>, start: u32, words: u32) -> (u32, u32) {
    let skip = taken.range(..=start).next_back().map_or(0, |(_, &end)| end.saturating_sub(start)).min(words);
    let stop = taken.range(start + skip..).next().map_or(u32::MAX, |(&next, _)| next).min(start + words);
    (skip, stop - start - skip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn hashes(text: &str) -> Vec<u64> {
        text.split_whitespace().map(|word| xxhash_rust::xxh3::xxh3_64(word.as_bytes())).collect()
    }

    fn found(a: &[u64], b: &[u64], width: usize, least: usize) -> Vec<(u32, u32, u32)> {
        verbatim(a, b, width, least).unwrap().into_iter().map(|run| (run.a_start, run.b_start, run.words)).collect()
    }

    fn in_texts(a: &str, b: &str) -> Vec<(u32, u32, u32)> {
        found(&hashes(a), &hashes(b), 3, 4)
    }

    #[test]
    fn tables() {
        type Case = (&'static str, &'static str, &'static str, &'static [(u32, u32, u32)]);
        let cases: [Case; 8] = [
            ("the same", "a b c d e", "a b c d e", &[(0, 0, 5)]),
            ("nothing", "a b c d e", "e d c b a", &[]),
            ("shorter than least", "a b c x", "a b c y", &[]),
            ("one word edited", "a b c d e f g h i", "a b c d X f g h i", &[(0, 0, 4), (5, 5, 4)]),
            ("moved paragraph", "a b c d e 1 2 3 4 5 6", "1 2 3 4 5 6 a b c d e", &[(0, 6, 5), (5, 0, 6)]),
            ("repeated in one text only", "a b c d a b c d", "x a b c d y", &[(0, 1, 4)]),
            ("repeated in both", "a b c d x a b c d", "a b c d y a b c d", &[(0, 0, 4), (5, 5, 4)]),
            ("the longest keeps the overlap", "1 2 3 4 5 6 7 8 9 z", "3 4 5 6 7 8 9 z | 1 2 3 4 5", &[(2, 0, 8)]),
        ];
        for (name, a, b, expected) in cases {
            assert_eq!(in_texts(a, b), expected, "{name}");
        }
    }

    #[test]
    fn a_run_that_loses_its_end_keeps_the_rest() {
        let a = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15";
        let b = "6 7 8 9 10 11 12 13 14 15 | 1 2 3 4 5 6 7";
        assert_eq!(in_texts(a, b), [(0, 11, 5), (5, 0, 10)]);
    }

    #[test]
    fn seeds_that_find_nothing_are_refused() {
        assert!(verbatim(&[1], &[1], 0, 5).unwrap_err().contains("seeds of 0"));
        assert!(verbatim(&[1], &[1], 6, 5).unwrap_err().contains("seeds of 6"));
        assert_eq!(found(&[], &[], 1, 1), []);
        assert_eq!(found(&[7], &[7], 1, 1), [(0, 0, 1)]);
    }

    #[test]
    fn repetition_stays_cheap() {
        let size = 100_000u64;
        let buffalo = vec![1; size as usize];
        let period: Vec<u64> = (0..size).map(|i| i % 7).collect();
        let thue_morse: Vec<u64> = (0..size).map(|i| u64::from(i.count_ones() % 2)).collect();
        let marked: Vec<u64> = (0..size).map(|i| if i % 40 == 0 { 9 + i % 120 } else { 1 }).collect();
        let texts = [&buffalo[..], &period, &thue_morse, &marked, &buffalo[..size as usize / 2], &marked[1000..]];
        for a in texts {
            for b in texts {
                let begin = Instant::now();
                let runs = verbatim(a, b, 5, 8).unwrap();
                assert!(
                    begin.elapsed() < Duration::from_secs(5),
                    "{} and {} words: {:?}",
                    a.len(),
                    b.len(),
                    begin.elapsed()
                );
                if a == b {
                    assert_eq!(runs, [Run { a_start: 0, b_start: 0, words: a.len() as u32 }]);
                }
            }
        }
    }

    #[test]
    fn a_frequent_opening_hides_no_passage() {
        let phrase = "according to people familiar with the matter";
        let body = "twelve ferries will stay in port until the new terminal opens";
        let a = format!("{phrase} {body}");
        let b = format!("{} {phrase} {body}", format!("{phrase} and so on ").repeat(30));
        assert_eq!(found(&hashes(&a), &hashes(&b), 3, 8), [(0, 300, 18)]);
    }

    /// The longest run that two texts share, by dynamic programming over all pairs of words.
    fn longest(a: &[u64], b: &[u64]) -> usize {
        let mut row = vec![0; b.len() + 1];
        let mut best = 0;
        for x in a {
            for j in (0..b.len()).rev() {
                row[j + 1] = if *x == b[j] { row[j] + 1 } else { 0 };
                best = best.max(row[j + 1]);
            }
        }
        best
    }

    fn texts() -> impl Strategy<Value = (Vec<u64>, Vec<u64>)> {
        let free = |alphabet: u64| prop::collection::vec(0..alphabet, 0..60);
        let moved = (free(20), prop::collection::vec((0usize..60, 0usize..30), 0..6)).prop_map(|(a, cuts)| {
            let b = cuts.iter().flat_map(|&(start, size)| a.iter().skip(start).take(size).copied()).collect();
            (a, b)
        });
        prop_oneof![(free(2), free(2)), (free(4), free(4)), (free(12), free(12)), moved]
    }

    proptest! {
        #[test]
        fn runs_are_equal_words_that_never_overlap((a, b) in texts(), width in 1usize..4, more in 0usize..4) {
            let least = width + more;
            let runs = verbatim(&a, &b, width, least).unwrap();
            let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
            for run in &runs {
                prop_assert!(run.words as usize >= least);
                for (x, y) in (run.a_start as usize..).zip(run.b_start as usize..).take(run.words as usize) {
                    prop_assert_eq!(a[x], b[y]);
                    prop_assert!(!std::mem::replace(&mut in_a[x], true));
                    prop_assert!(!std::mem::replace(&mut in_b[y], true));
                }
            }
            prop_assert!(runs.is_sorted());
        }

        #[test]
        fn swapping_the_texts_swaps_the_runs((a, b) in texts(), width in 1usize..4, more in 0usize..4) {
            let mut swapped = verbatim(&b, &a, width, width + more).unwrap();
            swapped.iter_mut().for_each(|run| std::mem::swap(&mut run.a_start, &mut run.b_start));
            swapped.sort_unstable();
            prop_assert_eq!(verbatim(&a, &b, width, width + more).unwrap(), swapped);
        }

        #[test]
        fn the_longest_run_is_always_there(
            a in prop::collection::vec(0u64..40, 0..60), b in prop::collection::vec(0u64..40, 0..60),
            start in 0usize..60, size in 0usize..30, at in 0usize..60,
        ) {
            let mut b = b;
            let pasted: Vec<u64> = a.iter().skip(start).take(size).copied().collect();
            b.splice(at.min(b.len())..at.min(b.len()), pasted);
            let expected = Some(longest(&a, &b)).filter(|&size| size >= 3);
            let found = verbatim(&a, &b, 3, 3).unwrap().iter().map(|run| run.words as usize).max();
            prop_assert_eq!(found, expected);
        }
    }
}
