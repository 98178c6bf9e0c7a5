//! Which bodies may share a passage? Winnowing (Schleimer, Wilkerson and Aiken, 2003).
//!
//! Of every window of consecutive shingles the smallest hash is kept. A run of `window` shingles that two bodies share
//! is a window in both, so both keep the same hash: every shared run of `window + width - 1` words is found, however
//! small a part of the bodies it is.

use rayon::prelude::*;

/// Pairs of bodies that share a kept shingle, `left[i] < right[i]`, ascending, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The lower index of each pair.
    pub left: Vec<u32>,
    /// The higher index of each pair.
    pub right: Vec<u32>,
    /// Kept shingles that stand in too many bodies to be worth following.
    pub capped: u64,
}

/// Appends the kept shingles of one body, each once, ascending. A body of fewer shingles than `window` keeps its
/// smallest one.
pub fn keep(shingles: &[u64], window: usize, out: &mut Vec<u64>) {
    let first = out.len();
    let mut smallest = std::collections::VecDeque::<usize>::new();
    for (at, &hash) in shingles.iter().enumerate() {
        // The queue ascends in place and in hash; what is not smaller than a later hash can never be kept again.
        while smallest.back().is_some_and(|&earlier| shingles[earlier] >= hash) {
            smallest.pop_back();
        }
        smallest.push_back(at);
        if smallest[0] + window <= at {
            smallest.pop_front();
        }
        if at + 1 >= window.min(shingles.len()) {
            out.push(shingles[smallest[0]]);
        }
    }
    out[first..].sort_unstable();
    let mut kept = first;
    for at in first..out.len() {
        if at == first || out[at] != out[kept - 1] {
            out[kept] = out[at];
            kept += 1;
        }
    }
    out.truncate(kept);
}

/// Returns the pairs of bodies that keep a shingle in common, where at most `most_bodies` keep it.
pub fn candidates(kept: &[Vec<u64>], most_bodies: usize) -> Candidates {
    let mut postings: Vec<(u64, u32)> =
        (0u32..).zip(kept).flat_map(|(body, hashes)| hashes.iter().map(move |&hash| (hash, body))).collect();
    postings.par_sort_unstable();
    let mut found = Candidates::default();
    let mut pairs = Vec::new();
    for bucket in postings.chunk_by(|one, other| one.0 == other.0) {
        if bucket.len() > most_bodies {
            found.capped += 1;
            continue;
        }
        for (at, &(_, left)) in bucket.iter().enumerate() {
            pairs.extend(bucket[at + 1..].iter().map(|&(_, right)| (left, right)));
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    (found.left, found.right) = pairs.into_iter().unzip();
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kept(shingles: &[u64], window: usize) -> Vec<u64> {
        let mut out = Vec::new();
        keep(shingles, window, &mut out);
        out
    }

    #[test]
    fn the_example_of_the_paper() {
        // Schleimer et al., figure 2: hashes of 5-grams, windows of 4; the kept values are 17, 39, 8, 17, 39.
        let hashes = [77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98];
        assert_eq!(kept(&hashes, 4), [8, 17, 39]);
    }

    #[test]
    fn short_and_empty_bodies() {
        assert_eq!(kept(&[5, 3, 9], 21), [3]);
        assert_eq!(kept(&[], 21), []);
    }

    #[test]
    fn a_hash_in_too_many_bodies_is_counted_and_not_followed() {
        let found = candidates(&[vec![1, 2], vec![1, 2], vec![1, 3]], 2);
        assert_eq!((found.left, found.right, found.capped), (vec![0], vec![1], 1));
    }

    proptest! {
        #[test]
        fn every_shared_run_is_a_candidate(
            before in prop::collection::vec(0u64..1000, 0..40),
            run in prop::collection::vec(any::<u64>(), 21..60),
            after in prop::collection::vec(1000u64..2000, 0..40),
        ) {
            let one = [before.clone(), run.clone(), after.clone()].concat();
            let other = [after, run, before].concat();
            let found = candidates(&[kept(&one, 21), kept(&other, 21)], 2);
            prop_assert_eq!((found.left, found.right), (vec![0], vec![1]));
        }

        #[test]
        fn what_is_kept_is_the_smallest_of_each_window(hashes in prop::collection::vec(0u64..50, 1..80), window in 1usize..30) {
            let width = window.min(hashes.len());
            let mut slow: Vec<u64> = hashes.windows(width).map(|part| *part.iter().min().expect("not empty")).collect();
            slow.sort_unstable();
            slow.dedup();
            prop_assert_eq!(kept(&hashes, window), slow);
        }
    }
}
