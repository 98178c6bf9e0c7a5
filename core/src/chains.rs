//! Passages, verbatim or edited: which shared runs of words does a reader see as one?
//!
//! Runs are the seeds. Neighbours that keep their order in both texts, with little between them, are chained; a chain is
//! extended over small edits at its ends, and what stands between its runs is compared word by word. A paragraph that was
//! moved stays a passage of its own. No step costs more than the runs and their logarithm, whatever the texts repeat.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;

use crate::passages::{Run, verbatim};

/// Between two runs of one passage stand at most so many words of either text, and no more than the two hold. A sentence
/// that was put in or replaced divides a passage, some words do not.
const MOST_BETWEEN: u32 = 16;
/// A passage is extended at its ends over so many words of either text at most,
const MOST_SKIPPED: u32 = 2;
/// if so many equal ones follow.
const LEAST_AFTER: usize = 3;

/// What two texts share at one place: runs of equal words, in the same order in both. There is at least one, and between
/// two there is something in one text or the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The runs.
    pub runs: Vec<Run>,
}

impl Passage {
    /// How many words are equal.
    pub fn words(&self) -> u32 {
        self.runs.iter().map(|run| run.words).sum()
    }

    /// Where it stands in the first text.
    pub fn in_a(&self) -> Range<u32> {
        let last = self.runs[self.runs.len() - 1];
        self.runs[0].a_start..last.a_start + last.words
    }

    /// Where it stands in the second.
    pub fn in_b(&self) -> Range<u32> {
        let last = self.runs[self.runs.len() - 1];
        self.runs[0].b_start..last.b_start + last.words
    }
}

/// Returns the passages that two texts share, given by their word hashes, in the order of the first; the order in the
/// second is free. Each has at least `least` equal words, and `width` of them in one run.
///
/// Passages overlap in neither text: the one with more words keeps what two have. `passages(b, a)` is `passages(a, b)`
/// swapped.
pub fn passages(a: &[u64], b: &[u64], width: usize, least: usize) -> Result<Vec<Passage>, String> {
    // What is found first keeps its place, which would favour one side: work on the pair in an order of its own.
    let swapped = (a.len(), a) < (b.len(), b);
    let (a, b) = if swapped { (b, a) } else { (a, b) };
    let runs = verbatim(a, b, width, width)?;
    let mut found = apart(chained(&runs, least as u32));
    extend(a, b, &mut found);
    for passage in &mut found {
        fill(a, b, &mut passage.runs);
    }
    found.retain(|passage| passage.words() as usize >= least);
    if swapped {
        let runs = found.iter_mut().flat_map(|passage| &mut passage.runs);
        runs.for_each(|run| std::mem::swap(&mut run.a_start, &mut run.b_start));
    }
    found.sort_unstable_by_key(|passage| passage.runs[0]);
    Ok(found)
}

/// Strings together the runs that follow each other in both texts, those with the least between them first. The runs
/// ascend and do not overlap; over one of `least` words that stands between them in either text none are joined.
fn chained(runs: &[Run], least: u32) -> Vec<Passage> {
    const NONE: usize = usize::MAX;
    let mut by_b: Vec<usize> = (0..runs.len()).collect();
    by_b.sort_unstable_by_key(|&at| runs[at].b_start);
    let mut place = vec![0; runs.len()];
    by_b.iter().enumerate().for_each(|(rank, &at)| place[at] = rank);
    let mut links = Vec::new();
    for (at, left) in runs.iter().enumerate() {
        let (a_end, b_end) = (left.a_start + left.words, left.b_start + left.words);
        let near = runs[at + 1..].iter().take_while(|right| right.a_start - a_end <= MOST_BETWEEN);
        for (right, other) in (at + 1..).zip(near) {
            let in_a = other.a_start - a_end;
            if let Some(in_b) = other.b_start.checked_sub(b_end)
                && in_a.max(in_b) <= MOST_BETWEEN.min(left.words + other.words)
                && by_b[place[at] + 1..place[right]].iter().all(|&between| runs[between].words < least)
            {
                links.push((in_a + in_b, at, right));
            }
            if other.words >= least {
                break;
            }
        }
    }
    links.sort_unstable();
    let (mut after, mut before) = (vec![NONE; runs.len()], vec![NONE; runs.len()]);
    for (_, left, right) in links {
        if after[left] == NONE && before[right] == NONE {
            (after[left], before[right]) = (right, left);
        }
    }
    let first = (0..runs.len()).filter(|&at| before[at] == NONE);
    let chain = |at| std::iter::successors(Some(at), |&at| Some(after[at]).filter(|&next| next != NONE));
    first.map(|at| Passage { runs: chain(at).map(|at| runs[at]).collect() }).collect()
}

/// Which words of the two texts passages hold: where each begins, and where it ends.
#[derive(Default)]
struct Taken {
    a: BTreeMap<u32, u32>,
    b: BTreeMap<u32, u32>,
}

impl Taken {
    fn insert(&mut self, passage: &Passage) {
        self.a.insert(passage.in_a().start, passage.in_a().end);
        self.b.insert(passage.in_b().start, passage.in_b().end);
    }

    fn is_free(&self, runs: &[Run]) -> bool {
        let (first, last) = (runs[0], runs[runs.len() - 1]);
        let free = |taken: &BTreeMap<u32, u32>, start: u32, end: u32| {
            taken.range(..end).next_back().is_none_or(|(_, &before)| before <= start)
        };
        free(&self.a, first.a_start, last.a_start + last.words)
            && free(&self.b, first.b_start, last.b_start + last.words)
    }
}

/// The chains with the most words first, each cut where one before it stands between its runs, or around one of them.
fn apart(chains: Vec<Passage>) -> Vec<Passage> {
    let keyed = |runs: Vec<Run>| (runs.iter().map(|run| run.words).sum::<u32>(), Reverse(runs));
    let mut waiting: BinaryHeap<_> = chains.into_iter().map(|passage| keyed(passage.runs)).collect();
    let mut taken = Taken::default();
    let mut found = Vec::new();
    while let Some((_, Reverse(runs))) = waiting.pop() {
        if taken.is_free(&runs) {
            let passage = Passage { runs };
            taken.insert(&passage);
            found.push(passage);
            continue;
        }
        let free: Vec<Run> = runs.into_iter().filter(|&run| taken.is_free(&[run])).collect();
        waiting.extend(free.chunk_by(|&left, &right| taken.is_free(&[left, right])).map(|part| keyed(part.to_vec())));
    }
    found
}

/// Extends each passage over small edits at both ends, those with the most words first, as far as no other one stands.
fn extend(a: &[u64], b: &[u64], found: &mut [Passage]) {
    let mut taken = Taken::default();
    found.iter().for_each(|passage| taken.insert(passage));
    for passage in found {
        let (in_a, in_b) = (passage.in_a(), passage.in_b());
        let free = |taken: &BTreeMap<u32, u32>, own: &Range<u32>, words: usize| {
            let low = taken.range(..own.start).next_back().map_or(0, |(_, &end)| end);
            let high = taken.range(own.end..).next().map_or(words as u32, |(&start, _)| start);
            (low as usize..own.start as usize, own.end as usize..high as usize)
        };
        let ((a_before, a_after), (b_before, b_after)) =
            (free(&taken.a, &in_a, a.len()), free(&taken.b, &in_b, b.len()));
        for (in_a, in_b, words) in follow(a[a_after].iter(), b[b_after].iter()) {
            passage.runs.push(Run { a_start: passage.in_a().end + in_a, b_start: passage.in_b().end + in_b, words });
        }
        let mut before = Vec::new();
        let mut first = passage.runs[0];
        for (in_a, in_b, words) in follow(a[a_before].iter().rev(), b[b_before].iter().rev()) {
            first = Run { a_start: first.a_start - in_a - words, b_start: first.b_start - in_b - words, words };
            before.push(first);
        }
        passage.runs.splice(..0, before.into_iter().rev());
        taken.insert(passage);
        if passage.in_a().start != in_a.start {
            taken.a.remove(&in_a.start);
            taken.b.remove(&in_b.start);
        }
    }
}

/// Returns the runs of equal words with which two texts go on: how many words of each are skipped before a run, and how
/// many it has.
fn follow<'a>(
    mut a: impl Iterator<Item = &'a u64> + Clone,
    mut b: impl Iterator<Item = &'a u64> + Clone,
) -> Vec<(u32, u32, u32)> {
    let mut runs = Vec::new();
    let skips = || (0..=2 * MOST_SKIPPED).flat_map(|both| (0..=both).map(move |in_a| (in_a, both - in_a)));
    loop {
        let equal = |(in_a, in_b): (u32, u32)| {
            let from = a.clone().skip(in_a as usize).zip(b.clone().skip(in_b as usize));
            (in_a, in_b, from.take_while(|(x, y)| x == y).count())
        };
        let small = skips().filter(|&(in_a, in_b)| in_a.max(in_b) <= MOST_SKIPPED);
        let Some((in_a, in_b, words)) = small.map(equal).find(|&(.., words)| words >= LEAST_AFTER) else { return runs };
        runs.push((in_a, in_b, words as u32));
        a.nth(in_a as usize + words - 1);
        b.nth(in_b as usize + words - 1);
    }
}

/// Puts in the equal words between the runs of a passage, in their order, and joins what then meets.
fn fill(a: &[u64], b: &[u64], runs: &mut Vec<Run>) {
    let mut whole: Vec<Run> = Vec::with_capacity(runs.len());
    let mut push = |run: Run| match whole.last_mut() {
        Some(last) if last.a_start + last.words == run.a_start && last.b_start + last.words == run.b_start => {
            last.words += run.words;
        }
        _ => whole.push(run),
    };
    for (at, &run) in runs.iter().enumerate() {
        push(run);
        if let Some(next) = runs.get(at + 1) {
            let (a_end, b_end) = (run.a_start + run.words, run.b_start + run.words);
            let (in_a, in_b) = (&a[a_end as usize..next.a_start as usize], &b[b_end as usize..next.b_start as usize]);
            for (in_a, in_b, words) in common(in_a, in_b) {
                push(Run { a_start: a_end + in_a, b_start: b_end + in_b, words });
            }
        }
    }
    *runs = whole;
}

/// Returns the runs of a longest common subsequence of few words. A word that stands alone among many others is there by
/// chance.
fn common(a: &[u64], b: &[u64]) -> Vec<(u32, u32, u32)> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let width = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let here = if a[i] == b[j] { longest[(i + 1) * width + j + 1] + 1 } else { 0 };
            longest[i * width + j] = here.max(longest[(i + 1) * width + j]).max(longest[i * width + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    while i < a.len() && j < b.len() && longest[i * width + j] > 0 {
        if a[i] == b[j] {
            match runs.last_mut() {
                Some(last) if (last.0 + last.2, last.1 + last.2) == (i as u32, j as u32) => last.2 += 1,
                _ => runs.push((i as u32, j as u32, 1)),
            }
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    let ends: Vec<(u32, u32)> = runs.iter().map(|run| (run.0 + run.2, run.1 + run.2)).collect();
    let starts: Vec<(u32, u32)> = runs.iter().map(|run| (run.0, run.1)).collect();
    let is_alone = |at: usize| {
        let (before, after) = (
            if at == 0 { (0, 0) } else { ends[at - 1] },
            starts.get(at + 1).copied().unwrap_or((a.len() as u32, b.len() as u32)),
        );
        let far = |from: (u32, u32), to: (u32, u32)| (to.0 - from.0).max(to.1 - from.1) > MOST_SKIPPED;
        runs[at].2 == 1 && far(before, starts[at]) && far(ends[at], after)
    };
    (0..runs.len()).filter(|&at| !is_alone(at)).map(|at| runs[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn hashes(text: &str) -> Vec<u64> {
        text.split_whitespace().map(|word| xxhash_rust::xxh3::xxh3_64(word.as_bytes())).collect()
    }

    /// Where each passage stands in either text, and how many words are equal.
    fn found(a: &str, b: &str, least: usize) -> Vec<(u32, u32, u32, u32, u32)> {
        let passages = passages(&hashes(a), &hashes(b), 3, least).unwrap();
        let one = |found: &Passage| {
            (found.in_a().start, found.in_a().end, found.in_b().start, found.in_b().end, found.words())
        };
        passages.iter().map(one).collect()
    }

    #[test]
    fn tables() {
        type Case = (&'static str, &'static str, &'static str, &'static [(u32, u32, u32, u32, u32)]);
        let cases: [Case; 9] = [
            ("the same", "a b c d e", "a b c d e", &[(0, 5, 0, 5, 5)]),
            ("nothing", "a b c d e", "e d c b a", &[]),
            ("a word replaced", "a b c d e f g", "a b c X e f g", &[(0, 7, 0, 7, 6)]),
            ("words put in", "a b c d e f", "a b c X Y d e f", &[(0, 6, 0, 8, 6)]),
            ("words left out", "a b c X Y d e f", "a b c d e f", &[(0, 8, 0, 6, 6)]),
            ("moved", "a b c d e f 1 2 3 4 5 6", "1 2 3 4 5 6 a b c d e f", &[(0, 6, 6, 12, 6), (6, 12, 0, 6, 6)]),
            ("too much between", "a b c 1 2 3 4 5 6 7 d e f", "a b c d e f", &[]),
            ("one word kept between two edits", "a b c 1 2 d 3 e f g", "a b c X d Y Z e f g", &[(0, 10, 0, 10, 7)]),
            ("an edit near the end", "1 a b c d e X f g h 2", "3 a b c d e Y f g h 4", &[(1, 10, 1, 10, 8)]),
        ];
        for (name, a, b, expected) in cases {
            assert_eq!(found(a, b, 4), expected, "{name}");
        }
    }

    #[test]
    fn the_ends_are_extended_over_small_edits() {
        let passage = passages(&hashes("1 a b c X d e f g h 2"), &hashes("a b c Y d e f g h 3"), 5, 8).unwrap();
        assert_eq!((passage[0].in_a(), passage[0].in_b(), passage[0].runs.len()), (1..10, 0..9, 2));
    }

    #[test]
    fn a_passage_that_stands_inside_another_divides_it() {
        let a = "a b c d e f 1 2 3 4 5 6 7 8 9 g h i j k l";
        let b = "a b c d e f g h i j k l z 1 2 3 4 5 6 7 8 9";
        assert_eq!(found(a, b, 4), [(0, 6, 0, 6, 6), (6, 15, 13, 22, 9), (15, 21, 6, 12, 6)]);
        assert_eq!(found(b, a, 4), [(0, 6, 0, 6, 6), (6, 12, 15, 21, 6), (13, 22, 6, 15, 9)]);
        assert_eq!(found(a, b, 10), [(0, 15, 0, 22, 15)]);
    }

    #[test]
    fn repetition_stays_cheap() {
        let size = 100_000u64;
        let buffalo = vec![1; size as usize];
        let period: Vec<u64> = (0..size).map(|i| i % 7).collect();
        let thue_morse: Vec<u64> = (0..size).map(|i| u64::from(i.count_ones() % 2)).collect();
        let marked: Vec<u64> = (0..size).map(|i| if i % 11 == 0 { 9 + i % 121 } else { 1 }).collect();
        let often: Vec<u64> = (0..size).map(|i| if i % 6 == 0 { 9 + i } else { i % 6 }).collect();
        let other: Vec<u64> = (0..size).map(|i| if i % 6 == 0 { 9 + size + i } else { i % 6 }).collect();
        let texts = [&buffalo[..], &period, &thue_morse, &marked, &often, &other, &buffalo[..777], &marked[1000..]];
        for a in texts {
            for b in texts {
                let begin = Instant::now();
                let found = passages(a, b, 5, 8).unwrap();
                assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
                if a == b {
                    assert_eq!((found.len(), found[0].words() as usize), (1, a.len()));
                }
            }
        }
    }

    fn texts() -> impl Strategy<Value = (Vec<u64>, Vec<u64>)> {
        let free = |alphabet: u64| prop::collection::vec(0..alphabet, 0..60);
        let edited = (free(40), prop::collection::vec((0usize..60, 0usize..25), 0..6)).prop_map(|(a, cuts)| {
            let b = cuts
                .iter()
                .flat_map(|&(start, size)| a.iter().skip(start).take(size).copied().chain([100 + start as u64]));
            let b = b.collect();
            (a, b)
        });
        prop_oneof![(free(2), free(2)), (free(4), free(4)), (free(12), free(12)), edited]
    }

    proptest! {
        #[test]
        fn passages_hold_equal_words_in_order_and_never_overlap((a, b) in texts(), width in 1usize..5, more in 0usize..6) {
            let found = passages(&a, &b, width, width + more).unwrap();
            let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
            for passage in &found {
                prop_assert!(passage.words() as usize >= width + more);
                prop_assert!(passage.runs.iter().any(|run| run.words as usize >= width));
                for run in &passage.runs {
                    let (i, j, words) = (run.a_start as usize, run.b_start as usize, run.words as usize);
                    prop_assert!(words > 0);
                    prop_assert_eq!(&a[i..i + words], &b[j..j + words]);
                }
                for pair in passage.runs.windows(2) {
                    let (a_end, b_end) = (pair[0].a_start + pair[0].words, pair[0].b_start + pair[0].words);
                    prop_assert!(a_end <= pair[1].a_start && b_end <= pair[1].b_start);
                    prop_assert!((a_end, b_end) != (pair[1].a_start, pair[1].b_start));
                    prop_assert!(pair[1].a_start - a_end <= MOST_BETWEEN && pair[1].b_start - b_end <= MOST_BETWEEN);
                }
                passage.in_a().for_each(|at| assert!(!std::mem::replace(&mut in_a[at as usize], true)));
                passage.in_b().for_each(|at| assert!(!std::mem::replace(&mut in_b[at as usize], true)));
            }
            prop_assert!(found.is_sorted_by_key(|passage| passage.in_a().start));
        }

        #[test]
        fn swapping_the_texts_swaps_the_passages((a, b) in texts(), width in 1usize..5, more in 0usize..6) {
            let mut swapped = passages(&b, &a, width, width + more).unwrap();
            let runs = swapped.iter_mut().flat_map(|passage| &mut passage.runs);
            runs.for_each(|run| std::mem::swap(&mut run.a_start, &mut run.b_start));
            swapped.sort_unstable_by_key(|passage| passage.runs[0]);
            prop_assert_eq!(passages(&a, &b, width, width + more).unwrap(), swapped);
        }

        #[test]
        fn what_is_common_is_a_longest_subsequence(a in prop::collection::vec(0u64..4, 0..7), b in prop::collection::vec(0u64..4, 0..7)) {
            let is_in_b = |chosen: &[u64]| {
                let mut rest = b.iter();
                chosen.iter().all(|word| rest.any(|other| other == word))
            };
            let subsets = (0..1u32 << a.len()).map(|bits| (0..a.len()).filter(|at| bits >> at & 1 == 1).map(|at| a[at]).collect::<Vec<_>>());
            let longest = subsets.filter(|chosen| is_in_b(chosen)).map(|chosen| chosen.len()).max().unwrap_or(0);
            let found: u32 = common(&a, &b).iter().map(|run| run.2).sum();
            prop_assert!(found as usize <= longest);
            // Only single words are let go of.
            prop_assert!(found as usize + 2 >= longest);
        }

        #[test]
        fn a_splice_is_one_passage(
            body in prop::collection::vec(any::<u64>(), 60), own in prop::collection::vec(any::<u64>(), 80),
            at in 0usize..80, edits in prop::collection::vec(0usize..7, 0..3),
        ) {
            let mut spliced = body[10..50].to_vec();
            edits.iter().for_each(|&edit| spliced[edit * 6 + 1] = 7);
            let b = [&own[..at], &spliced, &own[at..]].concat();
            let found = passages(&body, &b, 5, 8).unwrap();
            prop_assert_eq!(found.len(), 1);
            let start = if edits.contains(&0) { 12 } else { 10 };
            prop_assert!(found[0].in_a().start <= start);
            prop_assert!(found[0].in_a().end >= 45);
        }
    }
}
