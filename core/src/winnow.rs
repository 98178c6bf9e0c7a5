//! Which bodies may share a passage? Winnowing (Schleimer, Wilkerson and Aiken, 2003).
//!
//! Of every window of consecutive shingles the smallest hash is kept. A run of `window` shingles that two bodies share
//! is a window in both, so both keep the same hash: every shared run of `window + width - 1` words is found, however
//! small a part of the bodies it is.

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
        assert!(kept(&[], 21).is_empty());
    }

    proptest! {
        #[test]
        fn every_shared_run_leaves_a_shared_hash(
            before in prop::collection::vec(0u64..1000, 0..40),
            run in prop::collection::vec(any::<u64>(), 21..60),
            after in prop::collection::vec(1000u64..2000, 0..40),
        ) {
            let one = [before.clone(), run.clone(), after.clone()].concat();
            let other = [after, run, before].concat();
            let other = kept(&other, 21);
            prop_assert!(kept(&one, 21).iter().any(|hash| other.contains(hash)));
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
